"""Meeting mail: what its calendar file says. Invitations and cancellations are robots' mail as far as deals go."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from addon.domain.verdicts.calendars.files import CalendarFile, Property, read_calendar
from addon.domain.verdicts.facts import QUOTE, CalendarFacts, Evidence, EvidenceKind, Kind
from addon.domain.verdicts.finding import Finding
from addon.domain.verdicts.language.words import plain
from addon.domain.verdicts.mail import Mail, header_evidence
from addon.domain.verdicts.mails.mime import Part
from addon.domain.verdicts.replies.new_text import new_text
from addon.domain.verdicts.robots.wording import told

_ANSWERS = {
    "ACCEPTED": Kind.CALENDAR_ACCEPTED,
    "DECLINED": Kind.CALENDAR_DECLINED,
    "TENTATIVE": Kind.CALENDAR_TENTATIVE,
}
_IN_SUBJECTS = {
    "accepted": Kind.CALENDAR_ACCEPTED,
    "declined": Kind.CALENDAR_DECLINED,
    "tentative": Kind.CALENDAR_TENTATIVE,
}
_METHODS = frozenset({"REPLY", "REQUEST", "CANCEL", "PUBLISH", "ADD", "REFRESH", "COUNTER", "DECLINECOUNTER"})
_TYPES = ("text/calendar", "application/ics", "text/x-vcalendar", "application/calendar")
_CALENDAR_CLASS = re.compile(r"calendarmessage|schedule\.meeting", re.IGNORECASE)
_LONGEST_COMMENT = 10_000
_OUTLOOK = re.compile(r"^PRODID:.*(?:Microsoft|Outlook)", re.IGNORECASE | re.MULTILINE)
_PREFIX = re.compile(r"^\s*(?:re|fwd?|fw|aw|wg|r|i|odp|pd|tr|rv|bls)\s*:\s*", re.IGNORECASE)


def calendar(mail: Mail) -> Finding | None:
    """The finding of a mail that is about a meeting. A file of dates that a person attached does not make it one."""
    for part, file, method in _files(mail):
        if method not in _METHODS or (part.is_attachment and _is_enclosed(mail, method)):
            continue
        if not file.events and method == "REPLY":
            continue
        facts = facts_of(file, method, mail.envelope.from_address)
        kind = _ANSWERS.get(facts.partstat, Kind.CALENDAR_OTHER) if facts.method == "REPLY" else Kind.CALENDAR_OTHER
        said = f"METHOD:{facts.method} PARTSTAT={facts.partstat}" if facts.partstat else f"METHOD:{facts.method}"
        evidence = Evidence(kind=EvidenceKind.CALENDAR, name="text/calendar", text=f"{said} UID:{facts.uid}"[:QUOTE])
        words = _words(mail, part, file) if facts.method in ("REPLY", "COUNTER") else ""
        return Finding(kind=kind, evidence=(evidence,), calendar=facts, words=words)
    return _by_subject(mail)


def facts_of(file: CalendarFile, method: str, sender: str = "") -> CalendarFacts:
    """The facts of the event that was answered, else of the first. Who answered what is told only of answers.

    `sender`: the mail's, whose answer it is where the file names several people.
    """
    events = file.events or [[]]
    answers = method in ("REPLY", "COUNTER")
    event, attendee = events[0], None
    if answers:
        answered = [(event, person) for event in events if (person := _answering(event, sender)) is not None]
        event, attendee = next(iter(answered), (event, None))
    partstat = attendee.params.get("PARTSTAT", "").upper() if attendee else ""
    return CalendarFacts(
        uid=_value(event, "UID")[:QUOTE],
        method=method[:20],
        partstat=partstat[:30],
        starts=file.starts(event),
        attendee=_address(attendee.value)[:QUOTE] if attendee else "",
    )


def _words(mail: Mail, part: Part, file: CalendarFile) -> str:
    """What a person wrote into an answer. Outlook writes nothing else into the mail; others write their own text."""
    comment = comment_of(file)
    alone = not comment and _OUTLOOK.search(part.text()[:2_000])
    return new_text(mail.text, mail.envelope.from_name) if alone else comment


def comment_of(file: CalendarFile) -> str:
    """What a person wrote into an answer: "Can we do Tuesday instead?"; "" where nothing was."""
    told = (_value(event, "COMMENT") for event in file.events)
    return next((text for comment in told if (text := _unescaped(comment).strip())), "")[:_LONGEST_COMMENT]


def _unescaped(value: str) -> str:
    r"""`Tuesday\, please\nAna` as it was written."""
    return re.sub(r"\\(.)", lambda found: "\n" if found[1] in "nN" else found[1], value)


def _files(mail: Mail) -> Iterator[tuple[Part, CalendarFile, str]]:
    """The calendar files of a mail that can be read, those that mail programs read first."""
    parts = [part for part in mail.parts if _is_calendar(part)]
    for part in sorted(parts, key=lambda part: part.is_attachment):
        text = part.text()
        if "BEGIN:VCALENDAR" in text[:5_000].upper() or part.content_type == "text/calendar":
            file = read_calendar(text)
            method = file.method or part.param("method").upper()
            if file.events or method:
                yield part, file, method


def _is_enclosed(mail: Mail, method: str) -> bool:
    """Whether an attached file only goes along with what a person writes: dates, or an invitation sent in an answer."""
    return method == "PUBLISH" or (method == "REQUEST" and bool(mail.envelope.in_reply_to) and bool(mail.text.strip()))


def _is_calendar(part: Part) -> bool:
    if part.content_type in _TYPES or part.filename.lower().endswith((".ics", ".vcs", ".ical")):
        return True
    return part.content_type == "text/plain" and part.raw[:200].lstrip().upper().startswith(b"BEGIN:VCALENDAR")


def _answering(event: Sequence[Property], sender: str) -> Property | None:
    """The person who answered: the only one, or the sender, or the first who has."""
    people = [line for line in event if line.name == "ATTENDEE"]
    given = [one for one in people if one.params.get("PARTSTAT", "").upper() not in ("", "NEEDS-ACTION")]
    theirs = [one for one in given if sender and sender in (_address(one.value), one.params.get("EMAIL", "").lower())]
    return next(iter(theirs or given or people), None)


def _value(event: Sequence[Property], name: str) -> str:
    return next((line.value for line in event if line.name == name), "")


def _address(value: str) -> str:
    return re.sub(r"^mailto:\s*", "", value.strip(), flags=re.IGNORECASE).lower()


def _by_subject(mail: Mail) -> Finding | None:
    """`Accepted: Demo`, where the file is broken or in a form that only one mail program reads."""
    seen = _calendar_evidence(mail)
    if seen is None:
        return None
    begun, colon, _ = _PREFIX.sub("", mail.envelope.subject, count=1).partition(":")
    prefix = " ".join(plain(word) for word in begun.split())
    for sections in told().values():
        for name, kind in _IN_SUBJECTS.items():
            if colon and any(prefix == plain_phrase(phrase) for phrase in sections.get("calendar", {}).get(name, ())):
                return Finding(kind=kind, evidence=(seen, header_evidence("Subject", mail.envelope.subject)))
    return None


def plain_phrase(phrase: str) -> str:
    return " ".join(plain(word) for word in phrase.split())


def _calendar_evidence(mail: Mail) -> Evidence | None:
    """What shows that a mail program's calendar wrote it."""
    for name, value in mail.headers:
        lowered = name.lower()
        if lowered in ("content-class", "x-message-class") and _CALENDAR_CLASS.search(value):
            return header_evidence(name, value)
        if lowered.startswith("x-ms-exchange-calendar") or lowered == "x-microsoft-cdo-busystatus":
            return header_evidence(name, value)
    part = next((part for part in mail.parts if _is_calendar(part)), None)
    return header_evidence("Content-Type", part.headers.get("content-type")) if part is not None else None
