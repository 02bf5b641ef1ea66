"""Boards and tables under a finger, and what a board's script does by itself: selecting, waiting, refusing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

import pytest
from playwright.sync_api import Browser, Page, expect

from addon.domain.bulk import operations as bulk
from addon.models import FieldKind
from addon.worker.bulk import Bulks
from tests import serving
from tests.databases import on_sqlite
from tests.journeys import page_checks
from tests.web.views_world import board, field, requires
from tests.web.web_world import MONDAY, World, world

pytestmark = pytest.mark.browser

FINGER = 44
"""Pixels that a finger needs."""
HOLD = """async ([selector, far]) => {
  const row = document.querySelector(selector);
  const box = row.getBoundingClientRect();
  const at = { clientX: box.left + 40, clientY: box.top + 12, pointerId: 7, pointerType: 'touch', button: 0,
    bubbles: true, cancelable: true };
  const target = document.elementFromPoint(at.clientX, at.clientY);
  target.dispatchEvent(new PointerEvent('pointerdown', at));
  await new Promise((done) => setTimeout(done, 600));
  if (far) target.dispatchEvent(new PointerEvent('pointermove', { ...at, clientX: at.clientX + far }));
  target.dispatchEvent(new PointerEvent('pointerup', { ...at, clientX: at.clientX + far }));
  if (!far) target.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true }));
}"""
"""A finger that rests longer than any of the scripts asks for."""


@pytest.fixture
def served(tmp_path: Path, clock: ModuleType) -> Iterator[tuple[World, str]]:
    clock.set_world(MONDAY)
    with on_sqlite(tmp_path) as database, world(database) as made, serving.served(made.app) as url:
        yield made, url


@contextmanager
def opened(chrome: Browser, served: tuple[World, str], path: str, *, phone: bool = True) -> Iterator[Page]:
    made, url = served
    width, height = page_checks.PHONE if phone else page_checks.DESK
    context = chrome.new_context(
        viewport={"width": width, "height": height}, has_touch=phone, reduced_motion="reduce", bypass_csp=True
    )
    context.add_cookies([{"name": "dealthread", "value": made.cookie(), "url": url}])
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(url + path)
    yield page
    context.close()
    assert not complaints


def test_on_a_phone_the_board_begins_in_the_first_half_and_a_finger_finds_everything_above_it(chrome, served):
    made, _ = served
    made.deal("Pilot", company="Kartonex", amount="3600")
    made.deal("Ramp", "Meeting", company="Bursztyn")
    with opened(chrome, served, board(made)) as page:
        top = page.locator("#board").bounding_box()
        controls = page.locator(".dt-top > a, .dt-top summary, .dt-viewhead :is(summary, a.btn), .dt-chips > * summary")
        small = [
            f"{one.inner_text() or one.get_attribute('aria-label')}: {box}"
            for one in controls.all()
            if (box := one.bounding_box()) and min(round(box["width"]), round(box["height"])) < FINGER
        ]
        empty = page.locator('[data-name="Lead qualification"] header').bounding_box()

        assert top is not None
        assert top["y"] < 290
        assert small == []
        assert empty is not None
        assert empty["height"] < 40, "no strip where amounts would stand"

        expect(page.get_by_text("Sorted by")).to_be_hidden()
        page.locator(".vb-fold summary").focus()
        page.keyboard.press("Enter")
        expect(page.get_by_text("Sorted by")).to_be_visible()
        assert page_checks.faults(page) == []


@pytest.mark.parametrize("phone", [True, False])
def test_a_refused_cards_ways_out_stand_apart(chrome, served, phone):
    made, _ = served
    made.deal("Pilot", company="Kartonex")
    requires(made, "Lead qualification", field(made, FieldKind.TEXT, "Decision maker"))
    with opened(chrome, served, board(made), phone=phone) as page:
        page.get_by_role("link", name="Kartonex").focus()
        for key in ("Space", "ArrowRight", "Space"):
            page.keyboard.press(key)
        expect(page.get_by_role("alert")).to_contain_text("Decision maker")

        fill = page.get_by_role("link", name="Fill it in").bounding_box()
        leave = page.get_by_role("button", name="Leave it here").bounding_box()

        assert fill is not None
        assert leave is not None
        assert fill["x"] + fill["width"] <= leave["x"] or fill["y"] + fill["height"] <= leave["y"]
        assert page_checks.faults(page) == []


def test_a_card_that_is_held_and_let_go_is_selected_and_a_tap_selects_the_next(chrome, served):
    made, _ = served
    one, two = made.deal("Pilot", company="Kartonex"), made.deal("Ramp", company="Bursztyn")
    with opened(chrome, served, board(made)) as page:
        page.evaluate(HOLD, [f'[data-deal="{one}"]', 0])
        expect(page.locator("#many")).to_contain_text("1 selected")
        page.locator(f'[data-deal="{two}"] .co').tap()
        expect(page.locator("#many")).to_contain_text("2 selected")
        assert page.url.endswith(board(made))

        page.get_by_label("Move to…").select_option(label="Meeting")
        expect(page.locator("#moved")).to_contain_text("Moved 2 deals to Meeting.")


def test_a_row_that_is_held_is_selected(chrome, served):
    made, _ = served
    one = made.deal("Pilot", company="Kartonex")
    with opened(chrome, served, "/deals") as page:
        page.evaluate(HOLD, [f'tr[data-deal="{one}"]', 0])
        expect(page.locator("#many")).to_contain_text("1 selected")
        expect(page.locator("[data-pick]")).to_be_visible()
        assert page.url.endswith("/deals")
        assert page_checks.faults(page) == []


def test_from_the_table_of_all_deals_many_are_moved_by_keyboard(chrome, served):
    made, _ = served
    made.deal("Pilot", company="Kartonex")
    with opened(chrome, served, "/deals", phone=False) as page:
        boxes = page.locator("[data-pick-all], [data-pick]")
        assert len({(box["width"], box["height"]) for one in boxes.all() if (box := one.bounding_box())}) == 1
        page.locator("[data-pick]").focus()
        page.keyboard.press("Space")
        expect(page.locator("#many-move option", has_text="Meeting")).to_be_attached()
        page.locator("#many-move").focus()
        for key in ("ArrowDown", "ArrowDown", "ArrowDown"):
            page.keyboard.press(key)
        expect(page.locator("#many-move")).to_have_value(str(made.stage("Meeting")))
        expect(page.locator("#moved")).to_be_hidden()
        page.keyboard.press("Enter")
        expect(page.locator("#moved")).to_contain_text("Moved 1 deal to Meeting.")
        expect(page.locator('td[data-key="stage"]')).to_contain_text("Meeting")


def test_the_stage_is_chosen_in_its_cell_by_keyboard_and_lost_asks_why(chrome, served):
    made, _ = served
    made.deal("Pilot", company="Kartonex")
    with opened(chrome, served, "/deals", phone=False) as page:
        page.locator('td[data-key="stage"]').focus()
        page.keyboard.press("e")
        page.locator("select#stage").select_option(label="Lost")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        reason = page.locator("form input#lost_reason")
        expect(reason).to_be_visible()
        reason.fill("Too dear")
        page.keyboard.press("Enter")
        expect(page.locator('td[data-key="stage"] .dt-cell')).to_have_text("Lost")
        expect(page.locator("#moved")).to_contain_text("Lost")


@pytest.mark.parametrize("path", ["/board/{pipeline}", "/deals"])
def test_a_page_shows_when_an_act_that_went_on_is_done(chrome, served, path, monkeypatch):
    made, _ = served
    monkeypatch.setattr(bulk, "AT_ONCE", 0)
    made.deal("Pilot", company="Kartonex")
    with opened(chrome, served, path.format(pipeline=made.pipeline.id), phone=False) as page:
        page.locator("[data-pick]").first.check(force=True)
        page.get_by_label("Assign to…").select_option(label="Dimas Prasetyo")
        expect(page.locator("#moved")).to_contain_text("Under way: 0 of 1 deal.")
        bulks = Bulks(made.database)
        while waiting := bulks.waiting():
            bulks.turn(*waiting[0])
        expect(page.locator("#moved")).to_contain_text("Changed 1 deal.", timeout=20_000)
        owner = page.locator('td[data-key="owner"]') if path == "/deals" else page.locator(".dt-deal .dt-ava")
        expect(owner).to_contain_text("Dimas Prasetyo" if path == "/deals" else "DP")
