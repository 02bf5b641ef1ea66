"""A meeting is accepted by calendar (RFC 5546): the reply to the invitation in a mail, or a slot booked by oneself.

Where the mail holds an invitation, the answer is an iTIP REPLY for its UID, SEQUENCE and ORGANIZER, in the form in
which Google Calendar sends it. Where it holds none, the person is taken to have opened the sender's booking page and
picked a slot: the event then stands in the *sender's* calendar, and what reaches the sender is the same REPLY, for an
event that calendar made.
"""

from __future__ import annotations

import email
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from email.encoders import encode_base64
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.policy import SMTP, default
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from addon.sandbox.people.cast import Kind, Persona

_KEPT = ("UID", "ORGANIZER", "SEQUENCE", "RECURRENCE-ID", "DTSTART", "DTEND", "DURATION", "SUMMARY", "LOCATION")
_ANSWERS = {Kind.NO: "DECLINED", Kind.REMOVE_ME: "DECLINED", Kind.LATER: "TENTATIVE", Kind.WRONG_PERSON: "DECLINED"}
_SLOT = timedelta(minutes=30)


@dataclass(frozen=True)
class Meeting:
    """What a reply repeats: lines as the invitation has them, unfolded; `zones` are whole VTIMEZONE blocks."""

    lines: tuple[str, ...]
    zones: tuple[str, ...] = ()

    def value(self, name: str) -> str:
        """Of the first line of this name, unescaped; empty if absent."""
        line = next((line for line in self.lines if _name(line) == name), "")
        return re.sub(r"\\([,;\\])", r"\1", line.partition(":")[2].strip())

    @property
    def starts(self) -> datetime | None:
        """None for a time that names no known zone."""
        line = next((line for line in self.lines if _name(line) == "DTSTART"), "")
        zone = re.search(r";TZID=\"?([^:;\"]+)", line)
        return _moment(line.rpartition(":")[2].strip(), zone[1] if zone else "")


def asks_for_a_meeting(raw: bytes) -> bool:
    """Whether a mail holds an invitation."""
    return invitation(raw) is not None


def invitation(raw: bytes) -> Meeting | None:
    """The meeting that a mail invites to."""
    if b"text/calendar" not in raw.lower():
        return None
    for part in email.message_from_bytes(raw, policy=default).walk():
        if part.get_content_type() == "text/calendar":
            content = part.get_payload(decode=True)
            text = content.decode("utf-8", "replace") if isinstance(content, bytes) else ""
            lines = re.sub(r"\r?\n[ \t]", "", text).splitlines()
            if "METHOD:REQUEST" in (line.strip().upper() for line in lines):
                return _meeting(lines)
    return None


def _meeting(lines: Sequence[str]) -> Meeting | None:
    upper = [line.strip().upper() for line in lines]
    if "BEGIN:VEVENT" not in upper:
        return None
    start = upper.index("BEGIN:VEVENT") + 1
    end = next((i for i in range(start, len(lines)) if upper[i].startswith(("BEGIN:", "END:"))), len(lines))
    kept = tuple(line for line in lines[start:end] if _name(line) in _KEPT)
    zones = (
        tuple(lines[upper.index("BEGIN:VTIMEZONE") : upper.index("END:VTIMEZONE") + 1])
        if "BEGIN:VTIMEZONE" in upper and "END:VTIMEZONE" in upper
        else ()
    )
    return Meeting(kept, zones)


def booked(persona: Persona, *, host: str, host_name: str, title: str, key: str, at: datetime) -> Meeting:
    """The slot that the person picked: ten in the morning, their time, on the third working day from now."""
    day = at.astimezone(persona.zone).date()
    for _ in range(3):
        day = _next_workday(day)
    starts = datetime.combine(day, time(10), persona.zone).astimezone(UTC)
    uid = hashlib.sha256(key.encode()).hexdigest()[:26]
    return Meeting(
        (
            f"DTSTART:{_stamp(starts)}",
            f"DTEND:{_stamp(starts + _SLOT)}",
            f'ORGANIZER;CN="{_quoted(host_name or host)}":mailto:{host}',
            f"UID:{uid}@google.com",
            "SEQUENCE:0",
            "SUMMARY:" + re.sub(r"([,;\\])", r"\\\1", title),
        )
    )


def partstat(persona: Persona) -> str:
    """How this person answers an invitation."""
    return _ANSWERS.get(persona.kind, "ACCEPTED")


def reply_file(meeting: Meeting, persona: Persona, *, at: datetime) -> str:
    """The iTIP REPLY, lines folded at 75 bytes and ended by CRLF."""
    attendee = (
        f"ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT={partstat(persona)};"
        f'CN="{_quoted(persona.name)}";X-NUM-GUESTS=0:mailto:{persona.email}'
    )
    lines = [
        *("BEGIN:VCALENDAR", "PRODID:-//Google Inc//Google Calendar 70.9054//EN", "VERSION:2.0"),
        *("CALSCALE:GREGORIAN", "METHOD:REPLY", *meeting.zones, "BEGIN:VEVENT"),
        *(*meeting.lines, f"DTSTAMP:{_stamp(at)}", attendee, f"LAST-MODIFIED:{_stamp(at)}", "STATUS:CONFIRMED"),
        *("TRANSP:OPAQUE", "END:VEVENT", "END:VCALENDAR"),
    ]
    return "".join(f"{_folded(line.rstrip())}\r\n" for line in lines)


def body(plain: str, page: str, file: str) -> MIMEMultipart:
    """What Google Calendar's mails consist of: both texts, the answer for machines, and the answer as a file."""
    calendar = MIMEText(file, "calendar", "utf-8")
    calendar.set_param("method", "REPLY")
    texts = MIMEMultipart("alternative", None, [MIMEText(plain, "plain", "utf-8"), MIMEText(page, "html", "utf-8")])
    texts.attach(calendar)
    attached = MIMEBase("application", "ics", name="invite.ics")
    attached.set_payload(file.encode())
    encode_base64(attached)
    attached.add_header("Content-Disposition", "attachment", filename="invite.ics")
    return MIMEMultipart("mixed", None, [texts, attached], policy=SMTP)


def _name(line: str) -> str:
    return re.split(r"[;:]", line, maxsplit=1)[0].strip().upper()


def _quoted(name: str) -> str:
    return name.replace('"', "'")


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _moment(value: str, zone: str) -> datetime | None:
    try:
        if value.endswith("Z"):
            return datetime.strptime(value, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        form = "%Y%m%dT%H%M%S" if "T" in value else "%Y%m%d"
        return datetime.strptime(value, form).replace(tzinfo=ZoneInfo(zone)) if zone else None
    except (ValueError, ZoneInfoNotFoundError):
        return None


def _next_workday(day: date) -> date:
    day += timedelta(days=1)
    return day + timedelta(days={5: 2, 6: 1}.get(day.weekday(), 0))


def _folded(line: str) -> str:
    pieces, piece = [], ""
    for letter in line:
        if len((piece + letter).encode()) > 74:
            pieces.append(piece)
            piece = ""
        piece += letter
    return "\r\n ".join([*pieces, piece])
