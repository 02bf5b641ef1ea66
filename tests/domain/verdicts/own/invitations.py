"""Answers to invitations as mails: the shapes in which calendars wrap them, filled from `answers`."""

from __future__ import annotations

import re
from base64 import b64encode
from email.header import Header
from quopri import encodestring

PROGRAMS = {
    "google": "-//Google Inc//Google Calendar 70.9054//EN",
    "outlook": "Microsoft Exchange Server 2010",
    "apple": "-//Apple Inc.//Mac OS X 10.15.7//EN",
    "zimbra": "Zimbra-Calendar-Provider",
}
METHODS = {"request": "REQUEST", "cancel": "CANCEL", "counter": "COUNTER"}
ZONE = (
    "BEGIN:VTIMEZONE\nTZID:{zone}\nBEGIN:STANDARD\nDTSTART:16010101T030000\nTZOFFSETFROM:+0200\nTZOFFSETTO:+0100\n"
    "RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10\nEND:STANDARD\nBEGIN:DAYLIGHT\nDTSTART:16010101T020000\n"
    "TZOFFSETFROM:+0100\nTZOFFSETTO:+0200\nRRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3\nEND:DAYLIGHT\n"
    "END:VTIMEZONE\n"
)
ORGANIZER = "ORGANIZER;CN=Bob Kowalski:mailto:bob@dealer.test"
UID = "040000008200E00074C5B7101A82E00800000000-own@dealer.test"


def answer(told: dict) -> bytes:
    """The mail that this calendar sends."""
    shape = told["shape"]
    page = f"<p>{told.get('said', '')}</p>"
    plain = ("text/plain; charset=utf-8", "quoted-printable", told.get("said", ""))
    if shape == "winmail":
        tnef = ('application/ms-tnef; name="winmail.dat"', "base64", "\x78\x9f\x3e\x22")
        return _mail(told, "multipart/mixed", [plain, tnef], ["Content-Class: urn:content-classes:calendarmessage"])
    calendar = folded(_file(told))
    kind = f"text/calendar; charset=UTF-8; method={METHODS.get(shape, 'REPLY')}"
    if shape == "inline":
        return _mail(told, "", [("text/plain; charset=utf-8", "8bit", calendar)])
    if shape == "file":
        return _mail(
            told, "multipart/mixed", [plain, ('application/octet-stream; name="invite.ics"', "base64", calendar)]
        )
    if shape == "zimbra":
        return _mail(told, "multipart/alternative", [plain, (kind, "8bit", calendar)])
    coding = {"outlook": "base64", "apple": "quoted-printable"}.get(shape, "base64")
    parts = [plain, ("text/html; charset=utf-8", "quoted-printable", page), (kind, coding, calendar)]
    if shape == "google":
        parts.append(('application/ics; name="invite.ics"', "base64", calendar))
    return _mail(told, "multipart/alternative" if shape != "google" else "multipart/mixed", parts)


def folded(text: str) -> str:
    """Lines of 60 letters at most."""
    return "".join(re.sub(r"(.{60})(?=.)", r"\1\r\n ", line) + "\r\n" for line in text.splitlines())


def _file(told: dict) -> str:
    shape = told["shape"]
    if shape == "broken":
        return "BEGIN:VCALENDAR\nPRODID:-//x\nVERSION:2.0\nBEGIN:VEV"
    attendee = f'ATTENDEE;CUTYPE=INDIVIDUAL;PARTSTAT={told.get("answer", "NEEDS-ACTION")};CN="Rossi, Ana: sales"'
    zone = f";TZID={_quoted(told['zone'])}" if "zone" in told else ""
    event = [
        *("BEGIN:VEVENT", f"UID:{UID}", "SEQUENCE:0", ORGANIZER),
        *(f"DTSTART{zone}:{told['local']}", "DTSTAMP:20250303T090000Z", "SUMMARY:Our meeting\\, with all of you"),
        *(f"{attendee}:mailto:Ana.Rossi@acme.test", "BEGIN:VALARM", "TRIGGER:-PT15M", "END:VALARM", "END:VEVENT"),
    ]
    if shape == "google":
        event.insert(4, "ATTENDEE;PARTSTAT=NEEDS-ACTION;CN=Room 4:mailto:room4@acme.test")
    if "comment" in told:
        event.insert(4, f"COMMENT:{told['comment']}")
    if shape == "series":
        event.insert(4, f"RECURRENCE-ID{zone}:{told['local']}")
        event += ["BEGIN:VEVENT", f"UID:{UID}", f"DTSTART{zone}:20250324T100000", ORGANIZER, "END:VEVENT"]
    known = [ZONE.format(zone=told["zone"]).strip()] if told.get("zone", "").startswith("(UTC+01:00)") else []
    head = ["BEGIN:VCALENDAR", f"PRODID:{PROGRAMS.get(shape, '-//x//EN')}", "VERSION:2.0"]
    return "\n".join([*head, f"METHOD:{METHODS.get(shape, 'REPLY')}", *known, *event, "END:VCALENDAR"])


def _quoted(zone: str) -> str:
    return f'"{zone}"' if re.search(r"[,:;]", zone) else zone


def _mail(told: dict, kind: str, parts: list, headers: list = ()) -> bytes:
    fields = [
        "From: Ana Rossi <ana.rossi@acme.test>",
        "To: Bob Kowalski <bob@dealer.test>",
        f"Subject: {Header(told['subject'], 'utf-8', maxlinelen=500).encode()}",
        "Date: Mon, 03 Mar 2025 10:00:00 +0100",
        "Message-ID: <answer@acme.test>",
        "MIME-Version: 1.0",
        *headers,
    ]
    if not kind:
        return b"\r\n".join([*(field.encode() for field in fields), _part(*parts[0])])
    pieces = b"".join(b"--B\r\n" + _part(*part) + b"\r\n" for part in parts)
    fields.append(f'Content-Type: {kind}; boundary="B"')
    return "\r\n".join([*fields, "", ""]).encode() + pieces + b"--B--\r\n"


def _part(kind: str, coding: str, text: str) -> bytes:
    data = text.encode()
    coded = {"base64": b64encode, "quoted-printable": encodestring}.get(coding, bytes)(data)
    named = "\r\nContent-Disposition: attachment; filename=invite.ics" if "invite.ics" in kind else ""
    return f"Content-Type: {kind}\r\nContent-Transfer-Encoding: {coding}{named}\r\n\r\n".encode() + coded
