"""The board in a real browser: by mouse, by finger, by keyboard, and while others move deals too."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from types import ModuleType

import pytest
from playwright.sync_api import Browser, Page, expect

from tests import serving
from tests.databases import on_sqlite
from tests.web.views_world import requires
from tests.web.web_world import MONDAY, World, world

pytestmark = pytest.mark.browser


@pytest.fixture
def served(tmp_path: Path, clock: ModuleType) -> Iterator[tuple[World, str]]:
    clock.set_world(MONDAY)
    with on_sqlite(tmp_path) as database, world(database) as made, serving.served(made.app) as url:
        yield made, url


@contextmanager
def board(chrome: Browser, served: tuple[World, str], *, touch: bool = False) -> Iterator[Page]:
    """The board, with Anna signed in. Anything a script complains of fails the test."""
    made, url = served
    context = chrome.new_context(
        viewport={"width": 360 if touch else 1280, "height": 800}, reduced_motion="reduce", has_touch=touch
    )
    context.add_cookies([{"name": "dealthread", "value": made.cookie(), "url": url}])
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if "Content Security Policy" in said.text else None)
    page.goto(f"{url}/board/{made.pipeline.id}")
    yield page
    context.close()
    assert not complaints


def column(page: Page, made: World, stage: str) -> str:
    return f"#stage-{made.stage(stage)}"


def test_a_card_is_dragged_to_another_stage_and_taken_back(chrome, served):
    made, _ = served
    made.deal("Pilot", "Prospecting", company="Kartonex", amount="3600")
    with board(chrome, served) as page:
        page.drag_and_drop("text=Kartonex", column(page, made, "Meeting"))

        expect(page.locator(column(page, made, "Meeting"))).to_contain_text("Kartonex")
        expect(page.locator("#moved")).to_contain_text("Moved Kartonex to Meeting")
        expect(page.locator(column(page, made, "Meeting") + " .sum")).to_contain_text("40 % → €1,440")
        expect(page.locator("#board-says")).to_contain_text("Moved Kartonex to Meeting")

        page.locator("#moved").get_by_role("button", name="Undo").click()

        expect(page.locator(column(page, made, "Prospecting"))).to_contain_text("Kartonex")
        expect(page.locator("#moved")).to_contain_text("Moved Kartonex back to Prospecting")
        assert page.url.endswith(f"/board/{made.pipeline.id}"), "dragging opens no deal"


def test_what_just_happened_stays_in_sight_far_down_a_long_board(chrome, served):
    made, _ = served
    for number in range(14):
        made.deal("Pilot", "Prospecting", company=f"Kartonex {number}")
    with board(chrome, served) as page:
        last = page.get_by_role("link", name="Kartonex 13")
        last.scroll_into_view_if_needed()
        last.focus()
        page.keyboard.press("m")
        page.get_by_role("menuitem", name="Meeting").click()

        expect(page.locator("#moved")).to_contain_text("Moved Kartonex 13 to Meeting")
        page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
        expect(page.locator("#moved").get_by_role("button", name="Undo")).to_be_in_viewport()


def test_an_undo_that_is_refused_says_why_in_the_first_line(chrome, served):
    made, _ = served
    deal = made.deal("Pilot", "Prospecting", company="Kartonex")
    with board(chrome, served) as page:
        page.drag_and_drop("text=Kartonex", column(page, made, "Meeting"))
        expect(page.locator("#moved")).to_contain_text("Moved Kartonex to Meeting")
        made.move(deal, "Proposal", user=made.dimas, at=MONDAY + timedelta(seconds=1))

        page.locator("#moved").get_by_role("button", name="Undo").click()

        expect(page.locator("#moved")).to_contain_text("Not taken back")
        expect(page.locator("#moved")).to_contain_text("it is in Proposal")


def test_a_card_dropped_on_the_narrow_rail_is_won(chrome, served):
    made, _ = served
    made.deal("Pilot", "Negotiation", company="Kartonex")
    with board(chrome, served) as page:
        page.drag_and_drop("text=Kartonex", column(page, made, "Won"))

        expect(page.locator(column(page, made, "Won"))).to_contain_text("1")
        expect(page.get_by_role("link", name="Kartonex")).to_have_count(0)


def test_escape_puts_a_dragged_card_back(chrome, served):
    made, _ = served
    deal = made.deal("Pilot", "Prospecting", company="Kartonex")
    before = made.seen(deal)
    with board(chrome, served) as page:
        page.hover("text=Kartonex")
        page.mouse.down()
        page.hover(column(page, made, "Meeting"))
        page.keyboard.press("Escape")
        page.mouse.up()

        expect(page.locator(column(page, made, "Prospecting"))).to_contain_text("Kartonex")
        expect(page.locator("#board-says")).to_contain_text("put back")
    assert made.seen(deal) == before, "nothing was asked of the server"


def test_the_loser_of_a_race_sees_where_the_deal_is_and_who_moved_it(chrome, served):
    made, _ = served
    deal = made.deal("Pilot", "Prospecting", company="Kartonex")
    with board(chrome, served) as page:
        made.move(deal, "Proposal", user=made.dimas, at=MONDAY + timedelta(seconds=1))
        page.drag_and_drop("text=Kartonex", column(page, made, "Meeting"))

        proposal = page.locator(column(page, made, "Proposal"))
        expect(proposal.get_by_role("alert")).to_contain_text("Not moved to Meeting.")
        expect(proposal.get_by_role("alert")).to_contain_text("Dimas Prasetyo moved this deal first")

        page.get_by_role("button", name="Leave it here").click()

        expect(page.get_by_role("alert")).to_have_count(0)


def test_a_refused_card_keeps_its_note_while_the_board_goes_on(chrome, served):
    made, _ = served
    deal = made.deal("Pilot", "Prospecting", company="Kartonex")
    other = made.deal("Pilot", "Prospecting", company="Bursztyn")
    requires(made, "Meeting", "value")
    with board(chrome, served) as page:
        page.drag_and_drop("text=Kartonex", column(page, made, "Meeting"))
        card = page.locator(f'[data-deal="{deal}"]')
        expect(card.get_by_role("alert")).to_contain_text("It needs “Value”")
        page.get_by_role("button", name="Leave it here").focus()

        made.move(other, "Proposal", user=made.dimas, at=MONDAY + timedelta(seconds=1))

        expect(page.locator(column(page, made, "Proposal"))).to_contain_text("Bursztyn", timeout=9000)
        expect(card).to_contain_text("It needs “Value”")
        expect(page.get_by_role("button", name="Leave it here")).to_be_focused()
        page.get_by_role("button", name="Leave it here").click()
        expect(page.get_by_text("It needs “Value”")).to_have_count(0)


def test_the_board_by_keyboard_alone(chrome, served):
    made, _ = served
    made.deal("One", "Prospecting", company="Alfa")
    made.deal("Two", "Prospecting", company="Beta")
    made.deal("Three", "Meeting", company="Gamma")
    with board(chrome, served) as page:
        page.get_by_role("link", name="Alfa").focus()
        page.keyboard.press("ArrowDown")
        expect(page.get_by_role("link", name="Beta")).to_be_focused()
        page.keyboard.press("ArrowRight")
        expect(page.get_by_role("link", name="Gamma")).to_be_focused()

        page.keyboard.press(" ")
        page.keyboard.press("ArrowRight")
        expect(page.locator("#board-says")).to_contain_text("Over Proposal")
        page.keyboard.press("Escape")
        expect(page.locator("#board-says")).to_contain_text("Gamma put back")

        page.keyboard.press(" ")
        page.keyboard.press("ArrowRight")
        page.keyboard.press(" ")
        expect(page.locator(column(page, made, "Proposal"))).to_contain_text("Gamma")
        expect(page.get_by_role("link", name="Gamma")).to_be_focused()

        page.keyboard.press("z")
        expect(page.locator(column(page, made, "Meeting"))).to_contain_text("Gamma")

        page.keyboard.press("m")
        page.get_by_role("menuitem", name="Negotiation").press("Enter")
        expect(page.locator(column(page, made, "Negotiation"))).to_contain_text("Gamma")


def test_a_finger_that_rests_lifts_a_card_and_one_that_moves_scrolls(chrome, served):
    made, _ = served
    made.deal("Pilot", "Prospecting", company="Kartonex")
    with board(chrome, served, touch=True) as page:
        card = page.locator("[data-deal]").bounding_box()
        assert card is not None
        x, y = card["x"] + card["width"] / 2, card["y"] + card["height"] / 2
        send = page.context.new_cdp_session(page).send

        def touch(kind: str, *points: tuple[float, float]) -> None:
            send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": px, "y": py} for px, py in points]})

        touch("touchStart", (x, y))
        expect(page.locator("[data-deal].dragged")).to_have_count(1)
        target = page.locator(column(page, made, "Lead qualification")).bounding_box()
        assert target is not None
        touch("touchMove", (target["x"] + 30, target["y"] + 60))
        touch("touchMove", (target["x"] + 32, target["y"] + 62))
        touch("touchEnd")

        expect(page.locator(column(page, made, "Lead qualification"))).to_contain_text("Kartonex")


def test_a_move_made_elsewhere_appears_by_itself(chrome, served):
    made, _ = served
    deal = made.deal("Bursztyn: 40 seats", "Meeting", company="Bursztyn", amount="86400", currency="PLN")
    with board(chrome, served) as page:
        made.answer_moves(deal, "Proposal", "Could you send us a proposal?", at=MONDAY + timedelta(seconds=1))

        card = page.locator(column(page, made, "Proposal")).locator("[data-deal]")
        expect(card).to_contain_text("Moved by mail", timeout=10_000)
        expect(page.locator("#totals")).to_contain_text("weighted PLN 51,840")
