"""The sidebar without a mail: what needs this person, and where to go on."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from addon.domain import tables
from addon.domain.campaigns import importing
from addon.domain.campaigns import operations as campaigns
from addon.domain.deals import operations as deals
from addon.domain.deals.draft import DealDraft
from addon.domain.ladder import operations as ladder
from addon.domain.mailboxes import operations as mailboxes
from tests.domain.team_at_work import ANNA, BEN
from tests.sidebar.beside_gmail import NOON, PUBLIC_URL, BesideGmail, unfolded


def test_an_empty_homepage_says_what_to_do_first(desk: BesideGmail):
    card = desk.home()

    assert "Open a customer’s mail and press Create deal" in card.words
    assert card.primary == ["Open the board"]
    assert card.press("Open the board")["openLink"]["url"] == f"{PUBLIC_URL}/"


def test_with_nothing_due_it_says_so(desk: BesideGmail):
    desk.team.deal()

    assert "Nothing is due." in desk.home().words


def test_what_is_due_or_late_is_mine_and_the_latest_comes_first(desk: BesideGmail):
    today = NOON.date()
    due = {"Due today": today, "Overdue": today - timedelta(days=3), "Later": today + timedelta(days=1)}
    with desk.team.acting() as session:
        for title, day in due.items():
            deal_id = opened(desk, session, title)
            deals.edit(session, deal_id, {"next_step": f"Call {title}", "next_step_on": day}, at=NOON)
        deals.edit(
            session, opened(desk, session, "Bens"), {"owner_id": desk.team.users[BEN], "next_step_on": today}, at=NOON
        )

    words = desk.home().words

    assert words.index("Overdue") < words.index("Due today")
    assert "Call Due today · today" in words
    assert "Later" not in words
    assert "Bens" not in words
    assert "Bens" in desk.home(by=BEN).words


def test_many_that_are_due_stay_within_twelve_widgets(desk: BesideGmail):
    with desk.team.acting() as session:
        for number in range(9):
            deals.edit(session, opened(desk, session, f"Deal {number}"), {"next_step_on": NOON.date()}, at=NOON)
        mailboxes.lose_grant(session, desk.team.mailboxes[ANNA], "invalid_grant", at=NOON)
    for _ in range(3):
        desk.receive(desk.deliver(), message_id=f"<{len(desk.message_ids)}@acme.example>")

    card = desk.home()

    assert "And 5 more on the board." in card.words
    assert "Reconnect Gmail" in card.words
    assert unfolded(card.card) <= 12


def test_an_open_question_is_answered_from_here(desk: BesideGmail):
    desk.team.deal("First"), desk.team.deal("Second")
    delivered = desk.deliver()
    desk.receive(delivered, message_id="<q@acme.example>")

    card = desk.home()
    asked = desk.press(card, "Answer")
    answered = desk.press(asked, "Link to this deal", deal=1)

    assert "Re: Ramp planner" in card.words
    assert "2 deals fit" in card.words
    assert "jane@acme.example" in asked.words
    assert answered.notice == "Linked to First."
    assert answered.json["stateChanged"] is True, "the homepage below it is outdated"
    assert "Re: Ramp planner" not in desk.home().words
    assert desk.open(delivered).primary == ["Move to Talking"]


def test_a_colleagues_question_is_not_mine_to_answer(desk: BesideGmail):
    desk.team.deal("First"), desk.team.deal("Second")
    desk.receive(desk.deliver(), message_id="<q@acme.example>")
    path = "/addon/actions/open_question"

    taken = desk.post(path, desk.event(path, by=BEN, parameters={"question": "1"}, inputs={}))

    assert "Re: Ramp planner" not in desk.home(by=BEN).words
    assert "no longer there" in taken.notice


def test_a_running_campaign_shows_how_far_it_is(desk: BesideGmail):
    table = tables.read(b"email,first_name\nlea@x.example,Lea\nkim@x.example,Kim\n")
    draft = importing.Draft(
        mailbox_id=desk.team.mailboxes[ANNA], name="Spring", subject="Hi", body="Dear {{ first_name }}", table=table
    )
    campaign_id = importing.create_campaign(desk.team.acting, draft, at=NOON)
    before = desk.home().words
    with desk.team.acting() as session:
        campaigns.launch(session, campaign_id, at=NOON)

    card = desk.home()

    assert "Spring" not in before
    assert "Spring\n0 of 2 sent" in card.words
    assert f"{PUBLIC_URL}/campaigns/{campaign_id}" in str(card.card)


@pytest.mark.parametrize("locale", ["en", "pl-PL", "xx", ""])
def test_every_reader_gets_words_and_their_own_way_of_writing_days(desk: BesideGmail, locale: str):
    made = desk.event("/addon/home")
    made["commonEventObject"]["userLocale"] = locale

    assert "Open the board" in desk.post("/addon/home", made).words


def opened(desk: BesideGmail, session: Session, title: str) -> int:
    """A deal of Anna's, in a session that is open already."""
    return ladder.open_deal(session, DealDraft(title=title, owner_id=desk.team.users[ANNA]), at=NOON).id
