"""A mail that holds an invitation is answered by calendar: the iTIP reply to its organiser, for its event."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from addon.domain import verdicts
from addon.domain.verdicts import Kind as Verdict
from addon.sandbox.gmail import Gmail
from addon.sandbox.people import Answering, Kind
from tests.sandbox.people.outside_world import ANNA, arrived, persona, send_raw

ZONED = """\
BEGIN:VTIMEZONE
TZID:Europe/Warsaw
BEGIN:STANDARD
DTSTART:19961027T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
END:VTIMEZONE
"""
INVITATION = f"""\
BEGIN:VCALENDAR
PRODID:-//Google Inc//Google Calendar 70.9054//EN
VERSION:2.0
METHOD:REQUEST
{ZONED}BEGIN:VEVENT
DTSTART;TZID=Europe/Warsaw:20261201T100000
DTEND;TZID=Europe/Warsaw:20261201T103000
DTSTAMP:20261124T130200Z
ORGANIZER;CN=Anna Kowalczyk:mailto:{ANNA}
UID:7kukuqrfedlm2f9t4vrs5m6n8c@google.com
ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=
 TRUE;CN=guest:mailto:guest@example.test
SEQUENCE:3
SUMMARY:A plan\\, and coffee
BEGIN:VALARM
ACTION:DISPLAY
END:VALARM
END:VEVENT
END:VCALENDAR
"""


def invite(gmail: Gmail, to: str) -> None:
    head = f"From: Anna Kowalczyk <{ANNA}>\nTo: {to}\nSubject: Invitation: A plan\nMIME-Version: 1.0\n"
    part = "Content-Type: text/calendar; charset=UTF-8; method=REQUEST\n\n"
    text = "Content-Type: text/plain\n\nYou are invited.\n"
    whole = f'{head}Content-Type: multipart/alternative; boundary="b"\n\n--b\n{text}--b\n{part}{INVITATION}--b--\n'
    send_raw(gmail, whole.replace("\n", "\r\n").encode())


@pytest.mark.parametrize(
    ("kind", "verdict"),
    [
        (Kind.MEETING, Verdict.CALENDAR_ACCEPTED),
        (Kind.YES, Verdict.CALENDAR_ACCEPTED),
        (Kind.NO, Verdict.CALENDAR_DECLINED),
        (Kind.LATER, Verdict.CALENDAR_TENTATIVE),
    ],
)
def test_an_invitation_is_answered_by_calendar(gmail: Gmail, people: Answering, kind: Kind, verdict: Verdict) -> None:
    who = persona(kind)
    invite(gmail, who.email)
    people.deliver_due(datetime.now(UTC) + timedelta(days=1))

    [mail] = arrived(gmail)
    facts = verdicts.judge(mail.as_bytes(), own={ANNA}).facts
    assert facts.kind is verdict
    assert facts.calendar is not None
    assert (facts.calendar.uid, facts.calendar.attendee) == ("7kukuqrfedlm2f9t4vrs5m6n8c@google.com", who.email)
    assert facts.calendar.starts == datetime(2026, 12, 1, 9, tzinfo=UTC)
    [calendar] = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
    assert calendar.get_param("method") == "REPLY"
    lines = calendar.get_content().splitlines()
    assert {"METHOD:REPLY", "SEQUENCE:3", f"ORGANIZER;CN=Anna Kowalczyk:mailto:{ANNA}"} <= set(lines)
    assert all(len(line.encode()) <= 75 for line in lines)
    assert ZONED.splitlines() == lines[5 : 5 + len(ZONED.splitlines())]
    assert "A plan, and coffee @ " in str(mail["Subject"])
