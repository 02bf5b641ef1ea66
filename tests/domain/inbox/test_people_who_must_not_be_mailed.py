"""Law 6, from the inbox: bounces, complaints and people who want to be left alone; forged ones reach nobody."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from addon.domain.contacts import addresses
from addon.domain.contacts import operations as contacts
from addon.domain.outgoing import operations as outgoing
from addon.models import (
    Activity,
    Address,
    Outgoing,
    OutgoingState,
    RunKind,
    Suppression,
    SuppressionReason,
    SuppressionScope,
)
from tests.domain.team_at_work import ANNA, BEN, JANE, MONDAY, TeamAtWork, bounce, mail

JOE = "joe@acme.example"


def suppressed(team: TeamAtWork, email: str) -> list[tuple[str, str]]:
    with team.looking() as session:
        rows = session.scalars(select(Suppression).where(Suppression.address_key == addresses.key_of(session, email)))
        return [(row.scope, row.reason) for row in rows]


def bounced(team: TeamAtWork, email: str) -> bool:
    with team.looking() as session:
        return session.scalars(select(Address.bounced_at).where(Address.email == email)).one() is not None


BOUNCED = [(SuppressionScope.EVERYTHING, SuppressionReason.BOUNCED)]
LEFT_ALONE = [(SuppressionScope.CAMPAIGNS, SuppressionReason.UNSUBSCRIBED)]


def test_a_hard_bounce_in_the_thread_of_our_mail_suppresses_its_address(team: TeamAtWork) -> None:
    team.sent(thread="t7")

    team.receive(bounce(JANE), thread="t7")

    assert suppressed(team, JANE) == BOUNCED
    assert bounced(team, JANE)


def test_a_bounce_is_found_by_the_reference_in_the_headers_it_returns(team: TeamAtWork) -> None:
    row = team.sent(thread="t7")

    received = team.receive(bounce(JANE, ref=f"{row.ref}.1"), thread="t99")

    assert suppressed(team, JANE) == BOUNCED
    assert received.message_id is not None


def test_a_full_mailbox_or_a_blocked_mail_suppresses_nobody(team: TeamAtWork) -> None:
    team.sent(thread="t7")

    team.receive(bounce(JANE, status="4.2.2"), thread="t7")
    team.receive(bounce(JANE, status="5.7.1", message_id="<dsn-2@mx.example>"), thread="t7")

    assert suppressed(team, JANE) == []
    assert not bounced(team, JANE)


def test_a_forged_bounce_suppresses_no_stranger(team: TeamAtWork) -> None:
    row = team.sent(thread="t7")
    with team.acting() as session:
        contacts.create(session, JOE, at=MONDAY)

    team.receive(bounce(JOE), thread="t99")
    team.receive(bounce(JOE, ref=f"{row.ref}.1", message_id="<dsn-2@mx.example>"), thread="t99")
    team.receive(bounce(JOE, message_id="<dsn-3@mx.example>"), thread="t7")

    assert suppressed(team, JOE) == []
    assert not bounced(team, JOE)
    assert suppressed(team, JANE) == [], "the report is not about her"


def test_a_bounce_of_nobodys_mail_leaves_only_its_id(team: TeamAtWork) -> None:
    assert team.receive(bounce(JANE)).message_id is None


def test_a_person_who_says_so_gets_no_more_campaigns(team: TeamAtWork) -> None:
    team.sent(thread="t7")

    team.receive(mail("Please remove me from your list."), thread="t7")

    assert suppressed(team, JANE) == LEFT_ALONE


def test_so_does_one_who_answers_from_another_address(team: TeamAtWork) -> None:
    team.sent(thread="t7")

    team.receive(mail("Please remove me from your list.", sender="jane@home.example"), thread="t7")

    assert suppressed(team, JANE) == LEFT_ALONE
    assert suppressed(team, "jane@home.example") == LEFT_ALONE


def test_so_does_one_whose_answer_is_threaded_nowhere(team: TeamAtWork) -> None:
    team.sent(thread="t7")

    team.receive(mail("Please remove me from your list.", subject="Stop"), thread="t8")

    assert suppressed(team, JANE) == LEFT_ALONE


def test_a_stranger_who_says_so_changes_nothing(team: TeamAtWork) -> None:
    team.receive(mail("Please remove me from your list.", sender=JOE))

    assert suppressed(team, JOE) == []


def test_an_absence_note_suppresses_nobody(team: TeamAtWork) -> None:
    team.sent(thread="t7")

    team.receive(
        mail("Please remove me from your thoughts until Monday.", headers={"Auto-Submitted": "auto-replied"}),
        thread="t7",
    )

    assert suppressed(team, JANE) == []


@pytest.mark.parametrize("text", ["Yes, please send the offer.", "Please remove the second item from the offer."])
def test_a_person_who_does_not_ask_for_it_is_not_suppressed(team: TeamAtWork, text: str) -> None:
    team.sent(thread="t7")

    team.receive(mail(text), thread="t7")

    assert suppressed(team, JANE) == []


def test_a_bounce_that_reaches_a_colleagues_mailbox_counts_for_the_address_it_names(team: TeamAtWork) -> None:
    row = team.sent(thread="t7")

    kept = team.receive(bounce(JOE, ref=f"{row.ref}.1"), mailbox=BEN, thread="t99")
    assert kept.message_id is None, "somebody else's address, in a mailbox that never wrote to anybody"
    assert suppressed(team, JANE) == []

    team.receive(bounce(JANE, ref=f"{row.ref}.1", message_id="<dsn-2@mx.example>"), mailbox=BEN, thread="t99")
    assert suppressed(team, JANE) == BOUNCED


def test_an_automatic_reply_that_shows_a_colleagues_reference_answers_nothing(team: TeamAtWork) -> None:
    row = team.sent(thread="t7")
    note = mail(f"I am away.\n\nX-Dealthread-Ref: {row.ref}.1\n", headers={"Auto-Submitted": "auto-replied"})

    assert team.receive(note, mailbox=BEN, thread="t99").message_id is None
    assert team.receive(note, mailbox=ANNA, thread="t99").message_id is not None


def complaint(ref: str, about: str = "") -> bytes:
    named = f"Original-Rcpt-To: {about}\n" if about else ""
    return (
        f"From: feedback@mx.example\nTo: {ANNA}\nSubject: complaint\nMessage-ID: <arf@mx.example>\n"
        'MIME-Version: 1.0\nContent-Type: multipart/report; report-type=feedback-report; boundary="b"\n\n'
        "--b\nContent-Type: text/plain\n\nThis is spam.\n"
        f"--b\nContent-Type: message/feedback-report\n\nFeedback-Type: abuse\nUser-Agent: x/1\nVersion: 1\n{named}\n"
        f"--b\nContent-Type: message/rfc822\n\nFrom: {ANNA}\nTo: {JANE}\nX-Dealthread-Ref: {ref}.1\n"
        "Subject: Ramp planner\n\nHello\n\n--b--\n"
    ).encode()


@pytest.mark.parametrize("about", ["", JANE, "redacted@mx.example", "jane@home.example"])
@pytest.mark.parametrize("mailbox", [ANNA, BEN])
def test_a_complaint_suppresses_everything_whomever_it_names_and_wherever_it_comes(
    team: TeamAtWork, mailbox: str, about: str
) -> None:
    row = team.sent(thread="t7")

    team.receive(complaint(row.ref, about), mailbox=mailbox, thread="t99")

    assert suppressed(team, JANE) == [(SuppressionScope.EVERYTHING, SuppressionReason.COMPLAINED)]


def test_what_is_queued_for_the_address_stops_with_it(team: TeamAtWork) -> None:
    team.sent(thread="t7")
    with team.acting() as session:
        address = session.scalars(select(Address).where(Address.email == JANE)).one()
        run = outgoing.begin_run(session, RunKind.CAMPAIGN, at=MONDAY)
        due = outgoing.Due(
            address_id=address.id, address_key=address.key, mailbox_id=team.mailboxes[ANNA], due_at=MONDAY
        )
        outgoing.put_due(session, run, [due])

    team.receive(bounce(JANE), thread="t7")

    with team.looking() as session:
        states = set(session.scalars(select(Outgoing.state)))
    assert states == {OutgoingState.SENT, OutgoingState.STOPPED}


def test_the_same_report_twice_suppresses_once_and_the_diary_names_the_mail_behind_it(team: TeamAtWork) -> None:
    team.sent(thread="t7")

    team.receive(bounce(JANE), thread="t7", gmail_id="a1")
    team.receive(bounce(JANE), thread="t7", gmail_id="a2")

    assert suppressed(team, JANE) == BOUNCED
    with team.looking() as session:
        added = session.scalars(select(Activity).where(Activity.kind == "suppression.added")).one()
        cause = session.get_one(Activity, added.cause_id)
    assert cause.kind == "mail.received"
