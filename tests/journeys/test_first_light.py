"""The whole loop in one walk: from signing in to a board that an answer moved by itself, and that move taken back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from addon.domain.access import Database
from tests import databases
from tests.journeys.board_truth import Board, true_board
from tests.journeys.campaign_steps import ANSWER, SENTENCE, launch, the_plan_is_read, what_came_back, write_to_people
from tests.journeys.living_demo import LivingDemo, living_demo, second_worker
from tests.journeys.sidebar_steps import become, button, stage, touches_of
from tests.journeys.walking import Walker, walking

pytestmark = pytest.mark.browser


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[LivingDemo]:
    with living_demo(tmp_path / "demo") as alive:
        yield alive


@pytest.fixture
def demo_on_postgres(postgres: Database, tmp_path: Path) -> Iterator[LivingDemo]:
    """By settings alone, and a second worker joins in."""
    databases.forget_rows(postgres)
    url = postgres.engine.url.render_as_string(hide_password=False)
    named = {"DEALTHREAD_DATABASE_URL": url, "DEALTHREAD_SECRET_KEYS": databases.KEY}
    with living_demo(tmp_path / "demo", **named) as alive, second_worker(alive):
        yield alive
    databases.forget_rows(postgres)


def test_from_signing_in_to_a_board_that_an_answer_moved(chrome: Browser, demo: LivingDemo, shots: Path):
    the_story(chrome, demo, shots)


@pytest.mark.long
def test_the_same_on_postgresql_with_two_workers(chrome: Browser, demo_on_postgres: LivingDemo):
    the_story(chrome, demo_on_postgres, None)


def the_story(chrome: Browser, demo: LivingDemo, shots: Path | None):
    with walking(chrome, shots) as walker:
        board = sign_in(walker, demo)
        cards_are_moved_by_hand(walker.page)
        walker.look("board")

        open_the_inbox(walker, demo)
        who_wrote_and_which_deal(walker)
        one_click_moves_and_one_takes_back(walker, board)
        a_thread_is_linked_again(walker)
        the_question_is_answered(walker)

        write_to_people(walker, demo)
        the_plan_is_read(walker)
        launch(walker)
        demo.let_pass(10)
        what_came_back(walker)
        only_the_answer_moved_a_deal(walker, board)

        the_sentence_is_shown(walker, demo)
        the_move_is_taken_back_and_stays_so(walker, demo, board)
    assert demo.troubles() == []


# ---- the board ---------------------------------------------------------------------------------------------------


def sign_in(walker: Walker, demo: LivingDemo) -> Page:
    """Ends on the board; another window with the same board is returned, for looking at it during the walk."""
    page = walker.page
    page.goto(f"{demo.home}/")
    walker.look("sign in")
    page.get_by_role("link", name="Sign in with Google").click()
    expect(page.get_by_role("heading", name=re.compile("Sign in to"))).to_be_visible()
    walker.look("consent")
    page.get_by_role("radio", name="Anna Kowalczyk").check()
    page.get_by_role("button", name="Allow").click()

    card = page.get_by_role("region", name="Proposal").get_by_role("article").filter(has_text="Bursztyn")
    expect(card).to_contain_text("Moved by mail")  # the first look at the mail found a wish for a proposal
    shown = true_board(page)
    assert set(shown.columns) == {"Prospecting", "Lead qualification", "Meeting", "Proposal", "Negotiation"}
    assert shown.deals == 22

    other = page.context.new_page()
    other.goto(page.url)
    page.bring_to_front()  # a browser draws the window in front without delay
    return other


def cards_are_moved_by_hand(page: Page):
    """By mouse, by keys, and the last of it taken back."""
    column = page.get_by_role("region", name="Lead qualification")
    page.get_by_role("article").filter(has_text="Officine Rinaldi").drag_to(column)
    expect(page.get_by_role("status")).to_contain_text("Moved Officine Rinaldi to Lead qualification")
    assert true_board(page).stage_of("Officine Rinaldi") == "Lead qualification"

    page.get_by_role("link", name="Vini del Garda").focus()
    for key in ("Space", "ArrowRight", "Space"):
        page.keyboard.press(key)
    expect(page.get_by_role("status")).to_contain_text("Moved Vini del Garda to Meeting")
    assert true_board(page).stage_of("Vini del Garda") == "Meeting"

    page.keyboard.press("z")
    expect(page.get_by_role("status")).to_contain_text("Moved Vini del Garda back to Lead qualification")
    shown = true_board(page)
    assert shown.stage_of("Vini del Garda") == "Lead qualification"
    assert shown.deals == 22


def board_now(board: Page) -> Board:
    """Asked anew."""
    board.reload()
    return true_board(board)


# ---- the inbox ---------------------------------------------------------------------------------------------------


def open_the_inbox(walker: Walker, demo: LivingDemo):
    page = walker.page
    page.goto(f"{demo.home}/mail/")
    walker.look("who are you")
    page.get_by_role("button", name="Anna Kowalczyk").click()
    expect(walker.sidebar).to_contain_text("Needs you")
    walker.look("inbox")


def who_wrote_and_which_deal(walker: Walker):
    walker.open_mail("Wycena dla 40 stanowisk")
    sidebar = walker.sidebar
    person = sidebar.get_by_text("Katarzyna Wiśniewska", exact=True)
    deal = sidebar.get_by_role("link", name="Bursztyn: 40 seats, yearly")
    expect(person).to_be_visible()
    expect(sidebar).to_contain_text("Could you send us a proposal for 40 seats by Thursday?")
    walker.look("open mail")
    walker.first_screen("open mail", person, deal, stage(sidebar, "Proposal"), button(sidebar, "Move to Negotiation"))


def one_click_moves_and_one_takes_back(walker: Walker, board: Page):
    sidebar = walker.sidebar
    button(sidebar, "Move to Negotiation").click()
    expect(stage(sidebar, "Negotiation")).to_be_visible()
    assert board_now(board).stage_of("Bursztyn") == "Negotiation"
    walker.look("moved")

    sidebar.get_by_text("Undo", exact=True).click()
    expect(stage(sidebar, "Proposal")).to_be_visible()
    assert board_now(board).stage_of("Bursztyn") == "Proposal"


def a_thread_is_linked_again(walker: Walker):
    walker.open_mail("Spotkanie w Gdyni")
    sidebar = walker.sidebar
    expect(sidebar).to_contain_text("Port Gdynia: terminal demo")
    sidebar.get_by_text("Wrong deal?").click()
    button(sidebar, "Unlink").click()
    expect(sidebar).to_contain_text("No longer linked to Port Gdynia: terminal demo.")
    walker.look("unlinked thread")

    button(sidebar, "Link this thread").click()
    expect(sidebar).to_contain_text("Thread linked")
    expect(button(sidebar, "Move to Proposal")).to_be_visible()


def the_question_is_answered(walker: Walker):
    """The colleague Giulia has two deals with one person; whoever knows says which."""
    page, sidebar = walker.page, walker.sidebar
    become(page, "Giulia Ferri")
    walker.open_mail("Una domanda sulle ribalte")
    expect(sidebar).to_contain_text("2 deals fit. Which one is this thread about?")
    walker.look("question")

    sidebar.get_by_role("radio", name="Bellini: rinnovo Brescia").check()
    button(sidebar, "Link to this deal").click()
    expect(sidebar.get_by_role("link", name="Bellini: rinnovo Brescia")).to_be_visible()
    become(page, "Anna Kowalczyk")


# ---- the answer ----------------------------------------------------------------------------------------------------


def only_the_answer_moved_a_deal(walker: Walker, board: Page):
    card = board.get_by_role("region", name="Lead qualification").get_by_role("article").filter(has_text="Zielona Hala")
    expect(card).to_contain_text("Moved by mail")  # by itself, nobody asked the page to load
    shown = true_board(board)
    assert shown.stage_of("Transbud Hurt") == "Prospecting", "its mail bounced"
    assert shown.stage_of("PT Gudang Beku") == "Prospecting", "its reader is on holiday"
    assert shown.deals == 22


def the_sentence_is_shown(walker: Walker, demo: LivingDemo):
    page, sidebar = walker.page, walker.sidebar
    page.goto(f"{demo.home}/mail/")
    expect(page.get_by_role("region", name="Threads")).to_contain_text(ANSWER)
    walker.open_mail("A plan for the ramps of Zielona Hala")
    expect(sidebar).to_contain_text("Moved to Lead qualification")
    expect(sidebar).to_contain_text(SENTENCE)
    expect(page.get_by_role("mark")).to_contain_text(SENTENCE)
    walker.look("answer")


def the_move_is_taken_back_and_stays_so(walker: Walker, demo: LivingDemo, board: Page):
    page, sidebar = walker.page, walker.sidebar
    page.goto(sidebar.get_by_role("link", name="Zielona Hala: two halls").get_attribute("href") or "")
    cause = page.get_by_role("main")
    expect(cause).to_contain_text("What moved it")
    expect(cause.get_by_role("blockquote").first).to_contain_text(SENTENCE)
    walker.look("deal")

    page.get_by_role("status").get_by_role("button", name="Undo").click()
    expect(page.get_by_role("status")).to_contain_text("back to Prospecting")
    walker.look("taken back")
    assert board_now(board).stage_of("Zielona Hala") == "Prospecting"

    page.goto(f"{demo.home}/mail/")
    walker.open_mail("A plan for the ramps of Zielona Hala")
    touches = touches_of(sidebar)
    demo.stand_still()  # her next answer would be a new reason
    page.get_by_role("link", name="Reply", exact=True).click()
    page.get_by_label("Your mail").fill("Dear Marta,\n\nTuesday at ten it is.\n\nAnna")
    page.get_by_role("button", name="Send").click()
    walker.reload_until(sidebar.get_by_text(f"Last touches ({touches + 1})"))
    expect(stage(sidebar, "Prospecting")).to_be_visible()
    assert board_now(board).stage_of("Zielona Hala") == "Prospecting", "what a person took back stays so"
