"""Mail to some addresses comes back: a person's yes, a vacation note, a bounce. Everybody else stays silent."""

from __future__ import annotations

import email
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from types import ModuleType

import pytest

from addon.domain import verdicts
from addon.sandbox.gmail import Gmail
from addon.sandbox.gmail.mailbox.mime import Mail
from addon.sandbox.people import CAST, Answerer, Answering, Kind

ANNA = "anna@halyard.example"
LATER = timedelta(days=1)
YES, BOUNCE, AWAY = (next(person for person in CAST if person.kind is kind) for kind in Kind)


@pytest.fixture
def gmail() -> Iterator[Gmail]:
    gmail = Gmail()
    gmail.accounts.add(ANNA, name="Anna Kowalczyk")
    yield gmail
    gmail.close()


@pytest.fixture
def people(gmail: Gmail) -> Answering:
    return Answering(gmail)


def send(gmail: Gmail, to: str, *headers: str, subject: str = "Plan for your ramps") -> str:
    """Send a mail as Anna; the thread it stands in."""
    head = "\r\n".join([f"From: Anna Kowalczyk <{ANNA}>", f"To: {to}", f"Subject: {subject}", *headers])
    raw = f"{head}\r\nMIME-Version: 1.0\r\nContent-Type: text/plain\r\n\r\nHello,\r\n\r\nmay I show you a plan?\r\n"
    account = gmail.accounts.get(ANNA)
    sent = gmail.sending.send(account, Mail(raw.encode()), None)
    return f"{sent.thread:016x}"


def answers(gmail: Gmail) -> list[tuple[str, EmailMessage]]:
    """(thread, mail) of everything that arrived at Anna's, oldest first."""
    account = gmail.accounts.get(ANNA)
    found = []
    with gmail.store.read() as db:
        rows = db.execute(
            "SELECT thread, raw FROM messages JOIN contents ON contents.message = messages.id"
            " WHERE account = ? AND labels LIKE '%INBOX%' ORDER BY messages.id",
            (account.number,),
        ).fetchall()
    for thread, raw in rows:
        mail = email.message_from_bytes(raw, policy=default)
        assert isinstance(mail, EmailMessage)
        found.append((f"{thread:016x}", mail))
    return found


def test_the_product_tells_the_three_apart(gmail: Gmail, people: Answering) -> None:
    for person in CAST:
        send(gmail, person.email)
    people.deliver_due(datetime.now(UTC) + LATER)

    judged = {str(mail["Message-ID"]): verdicts.judge(mail.as_bytes(), own={ANNA}) for _, mail in answers(gmail)}

    assert {(id.partition("@")[2], one.facts.kind) for id, one in judged.items()} == {
        ("mx.google.com>", verdicts.Kind.BOUNCE),
        ("gudangbeku.example>", verdicts.Kind.OUT_OF_OFFICE),
        ("zielona-hala.example>", verdicts.Kind.HUMAN),
    }
    [yes] = [one for one in judged.values() if one.facts.kind is verdicts.Kind.HUMAN]
    assert verdicts.telling_sentence(yes)[0].startswith("Yes, I'd like to see how this would work")
    [bounce] = [one for one in judged.values() if one.facts.kind is verdicts.Kind.BOUNCE]
    assert [failed.address for failed in bounce.facts.recipients] == [BOUNCE.email]


def test_everybody_else_stays_silent(gmail: Gmail, people: Answering) -> None:
    send(gmail, "rina@contoh.example")

    assert people.deliver_due(datetime.now(UTC) + LATER) == 0
    assert answers(gmail) == []


@pytest.mark.parametrize("person", CAST, ids=lambda person: person.kind)
def test_the_answer_names_the_real_message_id_and_stands_in_our_thread_unless_its_subject_is_another(
    gmail: Gmail, people: Answering, person: Answerer
) -> None:
    thread = send(gmail, person.email)
    [left] = gmail.outside.mails(person.email)

    assert people.deliver_due(datetime.now(UTC) + LATER) == 1

    [(answered_in, answer)] = answers(gmail)
    assert (answered_in == thread) is (person.kind is not Kind.AWAY)
    assert str(answer["In-Reply-To"]) == str(answer["References"]) == left.header("Message-ID")


def test_the_person_says_yes_and_quotes_us(gmail: Gmail, people: Answering) -> None:
    send(gmail, YES.email)
    people.deliver_due(datetime.now(UTC) + LATER)

    [(_, answer)] = answers(gmail)

    assert answer["Subject"] == "Re: Plan for your ramps"
    assert answer["Auto-Submitted"] is None
    text = answer.get_content()
    assert text.startswith("Hello Anna,")
    assert "Yes, I'd like to see how this would work" in text
    assert "> may I show you a plan?" in text


def test_the_bounce_is_a_report_after_rfc_3464(gmail: Gmail, people: Answering) -> None:
    send(gmail, BOUNCE.email)
    people.deliver_due(datetime.now(UTC) + LATER)

    [(_, report)] = answers(gmail)

    assert "mailer-daemon@googlemail.com" in str(report["From"])
    assert report["X-Failed-Recipients"] == BOUNCE.email
    assert report.get_content_type() == "multipart/report"
    words, status, original = report.iter_parts()
    assert "Address not found" in words.get_content()
    per_message, per_recipient = status.get_payload()
    assert per_message["Reporting-MTA"] == "dns; googlemail.com"
    assert (per_recipient["Action"], per_recipient["Status"]) == ("failed", "5.1.1")
    assert per_recipient["Final-Recipient"] == f"rfc822; {BOUNCE.email}"
    assert original.get_content()["Message-ID"].strip() == gmail.outside.mails(BOUNCE.email)[0].header("Message-ID")


def test_the_vacation_note_says_that_it_is_automatic(gmail: Gmail, people: Answering) -> None:
    send(gmail, AWAY.email)
    people.deliver_due(datetime.now(UTC) + LATER)

    [(_, note)] = answers(gmail)

    assert (note["Auto-Submitted"], note["X-Autoreply"], note["Precedence"]) == ("auto-replied", "yes", "bulk")
    assert "sedang cuti sampai" in note.get_content()


def test_an_answer_takes_its_seconds_of_the_worlds_time(gmail: Gmail, people: Answering) -> None:
    send(gmail, BOUNCE.email)
    left = datetime.fromtimestamp(gmail.outside.mails(BOUNCE.email)[0].date / 1000, UTC)

    assert people.deliver_due(left + timedelta(seconds=BOUNCE.seconds - 1)) == 0
    assert people.deliver_due(left + timedelta(seconds=BOUNCE.seconds)) == 1


def test_nobody_answers_twice_but_every_mail_to_nowhere_bounces(gmail: Gmail, people: Answering) -> None:
    for person in CAST:
        send(gmail, person.email)
        send(gmail, person.email, "In-Reply-To: <earlier@mail.example>", subject="Re: Plan for your ramps")

    assert people.deliver_due(datetime.now(UTC) + LATER) == 4
    assert people.deliver_due(datetime.now(UTC) + LATER) == 0


def test_what_left_while_the_sandbox_was_down_is_answered_after_its_start(gmail: Gmail, tmp_path: Path) -> None:
    memory = tmp_path / "answered"
    send(gmail, YES.email)
    assert Answering(gmail, memory).deliver_due() == 0

    assert Answering(gmail, memory).deliver_due(datetime.now(UTC) + LATER) == 1
    assert Answering(gmail, memory).deliver_due(datetime.now(UTC) + LATER) == 0


def test_an_answer_delivered_just_before_a_crash_does_not_come_again(gmail: Gmail, tmp_path: Path) -> None:
    memory = tmp_path / "answered"
    send(gmail, YES.email)
    Answering(gmail, memory).deliver_due(datetime.now(UTC) + LATER)
    memory.unlink()

    Answering(gmail, memory).deliver_due(datetime.now(UTC) + LATER)

    assert len(answers(gmail)) == 1


def test_with_a_thread_answers_come_by_themselves_by_the_worlds_clock(
    gmail: Gmail, people: Answering, clock: ModuleType
) -> None:
    clock.set_world(datetime(2026, 11, 24, 13, 2, tzinfo=UTC), speed=600)
    people.start()
    try:
        send(gmail, AWAY.email)
        until = time.monotonic() + 5
        while not answers(gmail) and time.monotonic() < until:
            time.sleep(0.01)
    finally:
        people.stop()

    assert len(answers(gmail)) == 1
