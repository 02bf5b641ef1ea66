"""Every person's mail is, to the product, what the person is: its parser meets six languages and six mail programs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage

import pytest

from addon import clock
from addon.domain import verdicts
from addon.domain.verdicts import Judged, Severity, What
from addon.domain.verdicts import Kind as Verdict
from addon.sandbox.gmail import Gmail
from addon.sandbox.people import CAST, Answering, Kind, Persona
from tests.sandbox.people.outside_world import (
    ANNA,
    NOW,
    answer,
    arrived,
    persona,
    send,
    send_raw,
    texts_of,
)

SAYS = {
    Kind.NO: {What.NOT_INTERESTED},
    Kind.LATER: {What.LATER},
    Kind.PRICE: {What.PRICE},
    Kind.WRONG_PERSON: {What.WRONG_PERSON},
    Kind.REMOVE_ME: {What.REMOVE_ME},
    Kind.OTHER_ADDRESS: {What.INTERESTED},
    Kind.SCANNER: {What.QUESTION},
    Kind.SLOW: {What.INTERESTED, What.OFFER},
    Kind.YES: {What.INTERESTED, What.QUESTION},
    Kind.AWAY: {What.INTERESTED, What.OFFER},
    Kind.SOFT_BOUNCE: {What.LATER, What.NOT_INTERESTED},
}
"""One of these at least, in the first text that a person writes."""

FIRST = {
    Kind.AWAY: Verdict.OUT_OF_OFFICE,
    Kind.BOUNCE: Verdict.BOUNCE,
    Kind.SOFT_BOUNCE: Verdict.DELAY,
    Kind.MEETING: Verdict.CALENDAR_ACCEPTED,
}
PEOPLE = [one for one in CAST if one.kind not in (Kind.BOUNCE, Kind.MEETING)]


@pytest.fixture(scope="module")
def month() -> Iterator[list[tuple[str, EmailMessage]]]:
    """Who wrote and what: all that came back within a month after one mail to each."""
    gmail = Gmail()
    gmail.accounts.add(ANNA, name="Anna Kowalczyk")
    clock.set_world(NOW, speed=0)
    asked = {send(gmail, one.email): one.email for one in CAST}
    Answering(gmail).deliver_due(NOW + timedelta(days=31))
    clock.follow(None)
    yield [(asked.get(str(mail["In-Reply-To"]), mail["From"].addresses[0].addr_spec), mail) for mail in arrived(gmail)]
    gmail.close()


@pytest.fixture(scope="module")
def judged(month: list[tuple[str, EmailMessage]]) -> dict[str, list[Judged]]:
    """The product's judgement of it, by the person's address."""
    found: dict[str, list[Judged]] = {one.email: [] for one in CAST}
    for whose, mail in month:
        found[whose].append(verdicts.judge(mail.as_bytes(), own={ANNA}))
    return found


def each(people: list[Persona]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("who", people, ids=lambda who: who.name)


def test_everybody_is_what_they_are(judged: dict[str, list[Judged]]) -> None:
    kinds = {one.email: [mail.facts.kind for mail in judged[one.email]] for one in CAST}

    for one in CAST:
        expected = [FIRST.get(one.kind, Verdict.HUMAN)]
        if one.kind in (Kind.AWAY, Kind.SOFT_BOUNCE):
            expected.append(Verdict.HUMAN)
        assert kinds[one.email] == expected, one.name


@each(PEOPLE)
def test_what_a_person_says_is_understood_in_its_language(judged: dict[str, list[Judged]], who: Persona) -> None:
    mail = judged[who.email][-1]

    assert mail.facts.language == who.language
    assert mail.facts.understood
    assert SAYS[who.kind] & {hit.what for hit in mail.facts.said}


@each(PEOPLE)
def test_only_the_new_text_is_read_whatever_the_program_quotes_with(
    judged: dict[str, list[Judged]], who: Persona
) -> None:
    text = judged[who.email][-1].reply_text

    longest = max((who.on_return or who.first).splitlines(), key=len)
    assert longest.partition("{")[0] in text
    for quoted in (
        "your lorries",
        "halyard.example",
        "Anna Kowalczyk <",
        ">",
        "iPhone",
        "Galaxy",
        "Oggetto:",
        "Temat:",
    ):
        assert quoted not in text


@each([one for one in CAST if one.kind is Kind.AWAY])
def test_the_day_of_return_is_found_and_the_stand_in_named(judged: dict[str, list[Judged]], who: Persona) -> None:
    note, answered = judged[who.email]
    back = note.facts.returns

    assert back is not None
    assert back == answered.envelope.date.date() if answered.envelope.date else None
    assert back - date(2026, 11, 24) in [timedelta(days=who.days + more) for more in range(3)]
    assert who.stand_in[1] in note.reply_text
    assert note.facts.original_ids


@each([one for one in CAST if one.kind in (Kind.BOUNCE, Kind.SOFT_BOUNCE)])
def test_a_report_names_the_address_and_how_bad_it_is(judged: dict[str, list[Judged]], who: Persona) -> None:
    [failed] = judged[who.email][0].facts.recipients

    assert failed.address == who.email
    assert failed.severity is (Severity.HARD if who.kind is Kind.BOUNCE else Severity.SOFT)
    assert judged[who.email][0].facts.original_ids


@each([one for one in CAST if one.kind is Kind.MEETING])
def test_without_an_invitation_a_slot_is_booked_on_the_senders_page(
    judged: dict[str, list[Judged]], who: Persona
) -> None:
    [booking] = judged[who.email]
    calendar = booking.facts.calendar

    assert calendar is not None
    assert (calendar.method, calendar.partstat, calendar.attendee) == ("REPLY", "ACCEPTED", who.email)
    assert calendar.uid.endswith("@google.com")
    assert calendar.starts is not None
    assert calendar.starts.astimezone(who.zone) == datetime(2026, 11, 27, 10, tzinfo=who.zone)


def test_the_answer_after_the_price_was_told_is_a_yes() -> None:
    gmail = Gmail()
    gmail.accounts.add(ANNA, name="Anna Kowalczyk")
    people, curious = Answering(gmail), [one for one in CAST if one.kind is Kind.PRICE]
    try:
        clock.set_world(NOW, speed=0)
        for one in curious:
            send(gmail, one.email)
        people.deliver_due(NOW + timedelta(hours=1))
        clock.set_world(NOW + timedelta(hours=2), speed=0)
        for mail in arrived(gmail):
            answer(gmail, mail, "It is 90 euros a month.")
        people.deliver_due(NOW + timedelta(hours=3))
    finally:
        clock.follow(None)
    answers = [verdicts.judge(mail.as_bytes(), own={ANNA}) for mail in arrived(gmail)[len(curious) :]]
    gmail.close()

    assert len(answers) == len(curious)
    for mail in answers:
        assert {What.INTERESTED, What.MEETING} & {hit.what for hit in mail.facts.said}, mail.reply_text


# ---- forms ---------------------------------------------------------------------------------------------------------


def test_a_bounce_is_a_report_after_rfc_3464(gmail: Gmail, people: Answering) -> None:
    who = persona(Kind.BOUNCE)
    ours = send(gmail, who.email)
    people.deliver_due(datetime.now(UTC) + timedelta(days=1))

    [report] = arrived(gmail)
    assert "mailer-daemon@googlemail.com" in str(report["From"])
    assert report["X-Failed-Recipients"] == who.email
    assert report.get_content_type() == "multipart/report"
    words, status, original = report.iter_parts()
    assert "Address not found" in words.get_content()
    per_message, per_recipient = status.get_payload()
    assert per_message["Reporting-MTA"] == "dns; googlemail.com"
    assert (per_recipient["Action"], per_recipient["Status"]) == ("failed", "5.1.1")
    assert per_recipient["Final-Recipient"] == f"rfc822; {who.email}"
    assert original.get_content()["Message-ID"].strip() == ours


def test_gmails_vacation_note_says_that_it_is_automatic(gmail: Gmail, people: Answering) -> None:
    send(gmail, "siti.rahmawati@gudangbeku.example")
    people.deliver_due(datetime.now(UTC) + timedelta(days=1))

    [note] = arrived(gmail)
    assert (note["Auto-Submitted"], note["X-Autoreply"], note["Precedence"]) == ("auto-replied", "yes", "bulk")
    assert "sedang cuti sampai" in texts_of(note)


@pytest.mark.parametrize(
    ("email_of", "subject", "quoted"),
    [
        ("eleanor.marsh@marshandtide.example", "Re: ", "> your lorries wait less."),
        (
            "g.pryce@severntimber.example",
            "RE: ",
            "From: Anna Kowalczyk <anna@halyard.example>\nSent: Tuesday, November",
        ),
        ("j.hoffmann@hoffmann-baustoffe.example", "AW: ", "Gesendet: Dienstag, 24. November 2026 14:02\nAn: "),
        ("d.colombo@colombofrigo.example", "R: ", "Inviato: martedì 24 novembre 2026 14:02\nA: "),
        ("z.sobczak@stalsobczak.example", "Odp: ", "Wysłane: wtorek, 24 listopada 2026 14:02\nDo: "),
        ("ratna.kusuma@tirtasegar.example", "Bls: ", "Pada Selasa, 24 November 2026 pukul 20.02.00 WIB, Anna"),
        ("wahyu.prasetyo@anugerahkargo.example", "Re: ", "-------- Pesan asli --------\nDari: Anna Kowalczyk <"),
        ("s.fournier@vinsfournier.example", "TR: ", "Le mar. 24 nov. 2026 à 14:02, Anna Kowalczyk"),
        ("julien.mercier@mercierprimeurs.example", "Re: ", "Envoyé de mon iPhone\n\n> Le 24 nov. 2026 à 14:02, Anna"),
        ("k.vogel@elbekontor.example", "Re: ", "Am 24.11.26 um 14:02 schrieb Anna Kowalczyk:\n> Hello,\n>\n> your"),
    ],
)
def test_programs_quote_each_in_its_own_way(
    month: list[tuple[str, EmailMessage]], email_of: str, subject: str, quoted: str
) -> None:
    [mail] = [mail for whose, mail in month if whose == email_of]

    assert mail["Subject"] == f"{subject}Plan for your ramps"
    assert quoted in texts_of(mail)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("text/plain; charset=utf-8", "Grüße an Łukasz – schönen Tag"),
        ("text/html; charset=utf-8", "<style>p{}</style><p>Grüße an <b>Łukasz</b></p><p>Darf ich?</p>"),
        ("text/plain; charset=nobody-knows", "Hello"),
        ("image/png", "no text at all"),
    ],
)
def test_whatever_is_sent_everybody_answers(gmail: Gmail, people: Answering, kind: str, text: str) -> None:
    head = f"From: Żółć <{ANNA}>\r\nSubject: Ein Plan für Łukasz – ja\r\nMIME-Version: 1.0\r\nContent-Type: {kind}\r\n"
    for one in CAST:
        send_raw(gmail, f"{head}Content-Transfer-Encoding: 8bit\r\nTo: {one.email}\r\n\r\n{text}\r\n".encode())
    people.deliver_due(datetime.now(UTC) + timedelta(days=31))

    assert people.next_at is None
    expected = sum(2 if one.kind in (Kind.AWAY, Kind.SOFT_BOUNCE) else 1 for one in CAST)
    assert len(arrived(gmail)) == expected
    if "html" in kind:
        assert any("> Grüße an Łukasz\n> Darf ich?" in texts_of(mail) for mail in arrived(gmail) if mail.get_body())
