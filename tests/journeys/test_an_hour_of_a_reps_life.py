"""An hour and three days of a life, in simulated time: mail, a campaign while Gmail fails, and what came of it."""

from __future__ import annotations

import re
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, expect

from addon.sandbox.folder import Folder
from addon.sandbox.gmail import Gmail
from addon.sandbox.world.data import PEOPLE_FILE
from tests.journeys import page_checks
from tests.journeys.board_truth import true_board
from tests.journeys.campaign_steps import MAILS, SENTENCE, all_go_out, the_plan_is_read, write_to_people
from tests.journeys.living_demo import LivingDemo, living_demo
from tests.journeys.mail_steps import (
    a_mail_is_begun_and_left,
    a_new_label,
    a_search,
    an_answer_is_written,
    beside_an_answer,
    folder,
    row,
    said,
    the_draft_is_found_and_sent,
    the_file,
    threads,
)
from tests.journeys.sidebar_steps import become, button, stage
from tests.journeys.walking import Walker, walking
from tests.journeys.world_steps import shown, switch, the_world, time_leaps, time_runs, trouble

pytestmark = pytest.mark.browser

ELEANOR = "eleanor.marsh@marshandtide.example"
SUBJECT = "A plan for your yard"
BODY = "Dear Eleanor,\n\nenclosed is the plan of ramps that we spoke about.\n\nAnna"
ANSWER = "Thursday at two it is, Eleanor."
INVOICE = "Faktura 11/0418"
LOST = "Answers get lost after sending"
CAMPAIGN = "Ramp planner, autumn"
ROOMY = {"DEALTHREAD_UNITS_PER_MINUTE": "60000"}
"""Google counts units by the wall's minute, which is too long for a journey in simulated time."""


def test_an_hour_of_a_reps_life(chrome: Browser, shots: Path, tmp_path: Path):
    plan = tmp_path / "Plan of ramps.txt"
    plan.write_text("Gate 1, gate 2, gate 3", encoding="utf-8")
    with living_demo(tmp_path / "demo", **ROOMY) as demo:
        with walking(chrome, shots) as walker:
            page = walker.page
            she_sits_down(walker, demo)
            began = shown(page)

            a_mail_is_begun_and_left(walker, ELEANOR, "giulia@", SUBJECT, BODY, plan)
            time_runs(page, 60)
            the_draft_is_found_and_sent(walker, SUBJECT, BODY, plan)
            an_invoice_is_found_and_put_away(walker)
            an_unread_mail_is_answered(walker)
            a_deal_is_moved_and_moved_back(walker)
            time_leaps(page, "+1 hour")

            a_campaign_goes_out_while_answers_get_lost(walker, demo)
            assert shown(page) - began >= timedelta(hours=1)
            late_answers_come(walker, demo)
            what_the_answers_did(walker, demo)
            only_the_yes_moved_a_deal(walker, demo)
            whoever_asked_is_left_alone(walker, demo)

            her_colleague_has_mail_of_her_own(walker, demo, plan)
            the_same_on_a_phone(walker, demo)
        assert demo.troubles() == []
    everybody_got_one_mail(demo)


def she_sits_down(walker: Walker, demo: LivingDemo):
    page = walker.page
    page.goto(f"{demo.home}/mail/")
    page.get_by_role("button", name="Anna Kowalczyk").click()
    expect(row(page, "Wycena dla 40 stanowisk")).to_be_visible()


def an_invoice_is_found_and_put_away(walker: Walker):
    page = walker.page
    a_search(walker, "subject:faktura has:attachment older_than:2h -from:me")
    expect(threads(page).locator(".mx-item")).to_have_count(1)
    walker.look("found")
    walker.open_mail(INVOICE)
    assert the_file(page, "faktura-11-0418.pdf").startswith(b"%PDF-")
    page.get_by_role("button", name="Star", exact=True).click()
    expect(page.get_by_role("button", name="Star", exact=True)).to_have_attribute("aria-pressed", "true")
    a_new_label(page, "Trade fair")
    walker.look("labelled mail with a file")

    folder(page, "Inbox")
    row(page, INVOICE).get_by_role("checkbox").check()
    button(threads(page), "Archive").click()
    expect(said(page, "Archived.")).to_be_visible()
    expect(row(page, INVOICE)).to_have_count(0)
    button(page.get_by_role("main"), "Undo").click()
    expect(said(page, "Taken back.")).to_be_visible()
    expect(row(page, INVOICE)).to_contain_text("Trade fair")
    folder(page, "Starred")
    expect(row(page, INVOICE)).to_be_visible()


def an_unread_mail_is_answered(walker: Walker):
    """By itself, the list tells of Eleanor's first answer; her second one comes into the same thread."""
    page = walker.page
    folder(page, "Inbox")
    new = row(page, SUBJECT)
    expect(new).to_contain_text("Eleanor Marsh")
    expect(new).to_contain_text("Unread")
    walker.open_mail(SUBJECT)
    an_answer_is_written(walker, ANSWER)
    walker.look("answered")
    folder(page, "Inbox")
    expect(new).to_contain_text("Please send me an invite")
    expect(new).to_have_count(1)


def a_deal_is_moved_and_moved_back(walker: Walker):
    walker.open_mail("Wycena dla 40 stanowisk")
    sidebar = walker.sidebar
    button(sidebar, "Move to Negotiation").click()
    expect(stage(sidebar, "Negotiation")).to_be_visible()
    sidebar.get_by_text("Undo", exact=True).click()
    expect(stage(sidebar, "Proposal")).to_be_visible()
    beside_an_answer(walker, "Bursztyn: 40 seats, yearly", "Dear Katarzyna,")

    walker.open_mail("Spotkanie w Gdyni")
    sidebar.get_by_text("Wrong deal?").click()
    button(sidebar, "Unlink").click()
    expect(sidebar).to_contain_text("No longer linked to Port Gdynia: terminal demo.")
    button(sidebar, "Link this thread").click()
    expect(sidebar).to_contain_text("Thread linked")


# ---- the campaign ------------------------------------------------------------------------------------------------


def a_campaign_goes_out_while_answers_get_lost(walker: Walker, demo: LivingDemo):
    page = walker.page
    with the_world(page) as drawer:
        switch(drawer, LOST, on=True)
    page.get_by_role("link", name="Open the workspace").first.click()
    page.get_by_role("link", name="Sign in with Google").click()
    page.get_by_role("radio", name="Anna Kowalczyk").check()
    page.get_by_role("button", name="Allow").click()
    with walker.hurrying():
        write_to_people(walker, demo)
        the_plan_is_read(walker)
    page.get_by_role("button", name=f"Launch {MAILS} mails").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("mails are out")

    page.goto(f"{demo.home}/mail/world")
    world = page.get_by_role("main")
    walker.reload_until(trouble(world, LOST).filter(has_text=re.compile(r"Struck (once|\d+ times)")))
    walker.look("world")
    switch(world, LOST, on=False)
    the_campaign(walker, demo)
    all_go_out(walker)
    page.goto(f"{demo.home}/mail/")


def the_campaign(walker: Walker, demo: LivingDemo):
    walker.page.goto(f"{demo.home}/campaigns")
    walker.page.get_by_role("link", name=CAMPAIGN).click()
    expect(walker.page.get_by_role("region", name="Progress")).to_be_visible()


def late_answers_come(walker: Walker, demo: LivingDemo):
    page = walker.page
    time_leaps(page, "+3 days")
    expect(threads(page)).to_contain_text("Hélène Lambert")
    walker.look("inbox after three days")


def what_the_answers_did(walker: Walker, demo: LivingDemo):
    page = walker.page
    the_campaign(walker, demo)
    main = page.get_by_role("main")
    for name in ("Hélène Lambert", "Silvia Marchetti"):  # they took three days
        expect(main).to_contain_text(name)
    counts = {name: count_of(main, name) for name in ("Answered", "Out of office", "Bounced", "Asked to stop")}
    assert counts.pop("Answered") >= 25, "most people answer"
    assert counts == {"Out of office": 4, "Bounced": 2, "Asked to stop": 2}
    expect(main).not_to_contain_text("ncertain")
    expect(main.get_by_role("mark").filter(has_text=SENTENCE)).to_be_visible()
    walker.look("campaign after three days")


def only_the_yes_moved_a_deal(walker: Walker, demo: LivingDemo):
    page = walker.page
    page.goto(f"{demo.home}/")
    card = page.get_by_role("region", name="Lead qualification").get_by_role("article").filter(has_text="Zielona Hala")
    expect(card).to_contain_text("Moved by mail")
    shown = true_board(page)
    assert shown.stage_of("Transbud Hurt") == "Prospecting", "its mail bounced"
    assert shown.stage_of("PT Gudang Beku") == "Prospecting", "its reader is on holiday"


def whoever_asked_is_left_alone(walker: Walker, demo: LivingDemo):
    """The same list again: who asked for it, and whose address is dead, gets no second campaign."""
    page = walker.page
    page.goto(f"{demo.home}/campaigns")
    page.get_by_role("link", name="New campaign").click()
    page.wait_for_load_state()  # with its scripts: they read a chosen list at once
    page.get_by_label("A list of people").set_input_files(PEOPLE_FILE)
    expect(page.get_by_role("cell", name="marta.jankowska@zielona-hala.example")).to_be_visible()
    page.get_by_label("Name of the campaign").fill("Ramp planner, winter")
    page.get_by_label("Subject").fill("Once more: {{ company }}")
    page.get_by_label("Text").fill("Dear {{ first_name }}, is winter better?")
    page.get_by_role("button", name="Look at every mail").click()
    main = page.get_by_role("main")
    expect(page.get_by_role("heading", level=1)).to_contain_text("people get one mail each.")
    for reason in page.get_by_text("Show", exact=True).all():
        reason.click()
    for email in ("julien.mercier@mercierprimeurs.example", "z.sobczak@stalsobczak.example"):
        expect(main).to_contain_text(email)


def count_of(where: Locator, name: str) -> int:
    """Of the table of results."""
    return int(where.get_by_role("row").filter(has_text=name).get_by_role("cell").first.inner_text())


# ---- others --------------------------------------------------------------------------------------------------------


def her_colleague_has_mail_of_her_own(walker: Walker, demo: LivingDemo, plan: Path):
    page = walker.page
    page.goto(f"{demo.home}/mail/")
    become(page, "Giulia Ferri")
    expect(row(page, "Una domanda sulle ribalte")).to_be_visible()
    expect(row(page, INVOICE)).to_have_count(0)
    walker.open_mail(SUBJECT)
    assert the_file(page, plan.name) == plan.read_bytes()
    become(page, "Anna Kowalczyk")


def the_same_on_a_phone(walker: Walker, demo: LivingDemo):
    page = walker.page
    width, height = page_checks.PHONE
    page.set_viewport_size({"width": width, "height": height})
    page.goto(f"{demo.home}/mail/")
    walker.open_mail("Wycena dla 40 stanowisk")
    page.locator(".mx-addon-bar a").click()
    expect(stage(walker.sidebar, "Proposal")).to_be_in_viewport()
    page.go_back()
    page.get_by_role("link", name="Back to Inbox").click()
    expect(threads(page).locator(".mx-item").first).to_be_in_viewport()


def everybody_got_one_mail(demo: LivingDemo):
    """Counted where mail arrives, after all of it has stopped."""
    gmail = Gmail(Folder(demo.data).mailboxes)
    try:
        campaign = [mail for mail in gmail.outside.mails() if mail.subject.startswith("A plan for the ramps of ")]
        to_eleanor = [mail for mail in gmail.outside.mails(ELEANOR) if mail not in campaign]
    finally:
        gmail.close()
    assert len(campaign) == MAILS
    assert set(Counter(mail.recipient for mail in campaign).values()) == {1}
    assert [mail.subject for mail in to_eleanor] == [SUBJECT, f"Re: {SUBJECT}"]
