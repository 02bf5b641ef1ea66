"""Views in a real browser: grouped by owner, saved and sent; dragged by keyboard and undone; many at once; in place."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

import pytest
from playwright.sync_api import Browser, Page, expect

from addon.domain.deals import operations as deals
from addon.models import FieldKind, User
from tests import serving
from tests.databases import on_sqlite
from tests.journeys import page_checks
from tests.web.views_world import board, field, requires
from tests.web.web_world import MONDAY, World, world

pytestmark = pytest.mark.browser


@pytest.fixture
def served(tmp_path: Path, clock: ModuleType) -> Iterator[tuple[World, str]]:
    clock.set_world(MONDAY)
    with on_sqlite(tmp_path) as database, world(database) as made, serving.served(made.app) as url:
        yield made, url


@contextmanager
def opened(
    chrome: Browser, served: tuple[World, str], path: str = "", *, user: User | None = None, width: int = 1280
) -> Iterator[Page]:
    """A page with somebody signed in. Anything a script complains of fails the test."""
    made, url = served
    context = chrome.new_context(viewport={"width": width, "height": 800}, reduced_motion="reduce", bypass_csp=True)
    context.add_cookies([{"name": "dealthread", "value": made.cookie(user), "url": url}])
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(url + (path or board(made)))
    yield page
    context.close()
    assert not complaints


def column(page: Page, name: str):
    return page.locator(f'[data-column][data-name="{name}"]')


def test_grouped_by_owner_saved_sent_and_worked_on_by_keyboard(chrome, served):
    made, url = served
    made.deal("Pilot", company="Kartonex", amount="3600")
    made.deal("Ramp", company="Bursztyn", owner=made.dimas)
    with opened(chrome, served) as page:
        page.get_by_text("Columns by").click()
        page.get_by_role("link", name="Owner", exact=True).click()
        expect(column(page, "Anna Kowalczyk")).to_contain_text("Kartonex")
        expect(page.get_by_text("Changed, not saved")).to_be_visible()

        page.locator("#save-view summary").click()
        page.get_by_label("Name", exact=True).fill("Deals by manager")
        page.get_by_label("Share it with the team").check()
        page.get_by_role("button", name="Save view").click()
        expect(page.get_by_text("Shared view")).to_be_visible()
        address = page.url

        page.get_by_role("link", name="Kartonex").focus()
        page.keyboard.press(" ")
        page.keyboard.press("ArrowRight")
        expect(page.locator("#board-says")).to_contain_text("Over Dimas Prasetyo")
        page.keyboard.press(" ")
        expect(column(page, "Dimas Prasetyo")).to_contain_text("Kartonex")
        expect(page.get_by_role("link", name="Kartonex")).to_be_focused()
        page.keyboard.press("z")
        expect(column(page, "Anna Kowalczyk")).to_contain_text("Kartonex")

        page.get_by_role("button", name="Save view").or_(page.get_by_label("Name, share or delete")).first.click()
        page.get_by_role("button", name="Keep to myself").click()
        expect(page.get_by_text("Only you")).to_be_visible()
    with opened(chrome, served, address.removeprefix(url), user=made.dimas) as page:
        expect(page.get_by_role("heading", level=1)).to_have_text("There is no such page")


def test_a_filter_is_made_and_taken_out_without_leaving_the_board(chrome, served):
    made, _ = served
    made.deal("Pilot", company="Kartonex", amount="3600")
    made.deal("Ramp", company="Bursztyn", amount="10")
    with opened(chrome, served) as page:
        page.get_by_text("Filter", exact=True).click()
        page.get_by_role("link", name="Value", exact=True).click()
        page.locator("#filter-op").select_option("between")
        page.locator("#filter-value").fill("1000")
        page.locator("#filter-to").fill("5 000")
        page.get_by_role("button", name="Apply filter").click()

        expect(page.get_by_role("link", name="Bursztyn")).to_have_count(0)
        expect(page.get_by_role("link", name="Value €1,000 to €5,000", exact=True)).to_be_visible()
        page.locator(".dt-chip .x").click()
        expect(page.get_by_role("link", name="Bursztyn")).to_be_visible()


def test_several_cards_are_moved_by_keyboard_and_all_taken_back(chrome, served):
    made, _ = served
    needed = field(made, FieldKind.TEXT, "Decision maker")
    requires(made, "Negotiation", needed)
    for company in ("Alfa", "Beta", "Gamma"):
        made.deal(company, company=company)
    ready = made.deal("Delta", company="Delta")
    with made.database.writing(made.viewer) as session:
        deals.edit(session, ready, {needed: "Ewa"}, at=MONDAY)
    with opened(chrome, served) as page:
        page.get_by_role("link", name="Alfa").focus()
        for _ in range(3):
            page.keyboard.press("x")
            page.keyboard.press("ArrowDown")
        expect(page.locator("#many")).to_contain_text("3 selected")
        expect(page.locator("#board-says")).to_contain_text("Gamma selected, 3 in all.")
        page.get_by_label("Move to…").select_option(label="Meeting")
        expect(column(page, "Meeting")).to_contain_text("Gamma")
        expect(page.locator(".dt-toast")).to_contain_text("Moved 3 deals to Meeting.")
        expect(page.locator("#many")).to_be_hidden()
        page.keyboard.press("z")
        expect(column(page, "Meeting").locator("[data-deal]")).to_have_count(0)
        expect(page.locator(".dt-toast")).to_contain_text("Taken back")

        page.get_by_label("Select Alfa").check(force=True)
        page.get_by_label("Select Delta").check(force=True)
        page.get_by_label("Move to…").select_option(label="Negotiation")
        expect(column(page, "Negotiation")).to_contain_text("Delta")
        expect(page.locator(".dt-toast")).to_contain_text("Alfa It needs “Decision maker”")


def test_a_refused_move_snaps_back_with_the_reason_and_a_way_out(chrome, served):
    made, _ = served
    requires(made, "Meeting", "expected_close")
    deal = made.deal("Pilot", company="Kartonex")
    with opened(chrome, served) as page:
        page.drag_and_drop("text=Kartonex", f"#stage-{made.stage('Meeting')}")

        home = column(page, "Prospecting")
        expect(home.get_by_role("alert")).to_contain_text("Not moved to Meeting. It needs “Expected close”.")
        expect(column(page, "Meeting").locator("[data-deal]")).to_have_count(0)
        way = home.get_by_role("link", name="Fill it in").get_attribute("href")
        assert way == f"/deals/{deal}/edit?need=expected_close#expected_close"


def test_losing_asks_why_and_escape_puts_the_card_back(chrome, served):
    made, _ = served
    deal = made.deal("Pilot", company="Kartonex")
    before = made.seen(deal)
    with opened(chrome, served) as page:
        page.drag_and_drop("text=Kartonex", f"#stage-{made.stage('Lost')}")
        expect(page.get_by_role("dialog")).to_contain_text("Why is Kartonex lost?")
        page.keyboard.press("Escape")
        expect(column(page, "Prospecting").get_by_role("link", name="Kartonex")).to_be_visible()
        assert made.seen(deal) == before, "nothing was asked of the server"

        page.drag_and_drop("text=Kartonex", f"#stage-{made.stage('Lost')}")
        page.get_by_role("dialog").get_by_label("Reason").fill("Too dear")
        page.keyboard.press("Enter")
        expect(column(page, "Lost")).to_contain_text("1")
        expect(page.locator("#moved")).to_contain_text("Moved Kartonex to Lost")


def test_cards_are_added_one_after_the_other_and_changed_in_place(chrome, served):
    made, _ = served
    made.deal("Pilot", company="Kartonex", amount="100")
    with opened(chrome, served) as page:
        page.get_by_role("link", name="Kartonex").focus()
        page.keyboard.press("n")
        for title in ("First", "Second"):
            expect(page.get_by_label("What is it about")).to_be_focused()
            expect(page.get_by_label("What is it about")).to_have_value("")
            page.keyboard.type(title)
            page.keyboard.press("Enter")
            expect(column(page, "Prospecting")).to_contain_text(title)
        page.keyboard.press("Escape")
        expect(page.get_by_label("What is it about")).to_have_count(0)

        page.get_by_role("link", name="Kartonex").focus()
        page.keyboard.press("e")
        page.get_by_label("Value").fill("250,50")
        page.keyboard.press("Enter")
        expect(column(page, "Prospecting")).to_contain_text("€250.50")
        page.keyboard.press("e")
        expect(page.get_by_label("Value")).to_be_focused()
        page.get_by_label("Value").fill("much")
        page.keyboard.press("Enter")
        expect(page.locator(".dt-cellform .dt-err")).to_be_visible()
        expect(page.get_by_label("Value")).to_have_value("much")
        page.keyboard.press("Escape")
        expect(page.get_by_label("Value")).to_have_count(0)


def test_the_rest_of_a_long_column_comes_while_walking_down_it(chrome, served):
    made, _ = served
    for number in range(60):
        made.deal(f"Deal {number:02}")
    with opened(chrome, served) as page:
        expect(page.locator("[data-deal]")).to_have_count(50)
        page.get_by_role("link", name="Deal 49").focus()
        page.keyboard.press("ArrowDown")
        expect(page.get_by_role("link", name="Deal 50")).to_be_focused()
        expect(page.locator("[data-deal]")).to_have_count(60)


@pytest.mark.parametrize("width", [1280, 360])
def test_boards_tables_and_their_menus_fit_and_can_be_read(chrome, served, width):
    made, _ = served
    field(made, FieldKind.SELECT, "Liczba stanowisk w okresie próbnym dla nowych pracowników", "Podstawowy")
    for number in range(3):
        made.deal(
            "Wdrożenie " * 8, company="Przedsiębiorstwo Przeładunkowo-Spedycyjne " * 2 + str(number), amount="12345"
        )
    at = "filter=all(value.ge(5),title.contains(wdro),any(owner.any_of(me),company.empty))"
    wrong = []
    for path in (board(made), f"{board(made)}?group=owner&{at}", f"{board(made)}?shape=table&{at}", "/deals"):
        with opened(chrome, served, path, width=width) as page:
            wrong += [f"{path}: {each}" for each in page_checks.faults(page)]
            for menu in page.locator("main details[data-menu]:visible > summary").all():
                menu.click()
                wrong += [f"{path} with a menu: {each}" for each in page_checks.faults(page)]
                page.keyboard.press("Escape")
    assert not wrong, "\n".join(wrong)
