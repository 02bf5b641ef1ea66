"""Meeting mail: what its calendar part says. Invitations and cancellations are robots' mail as far as deals go."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TypeAlias
from zoneinfo import ZoneInfo

from addon.domain.verdicts.facts import QUOTE, CalendarFacts, Evidence, EvidenceKind, Kind
from addon.domain.verdicts.finding import Finding
from addon.domain.verdicts.mail import Mail

_ANSWERS = {
    "ACCEPTED": Kind.CALENDAR_ACCEPTED,
    "DECLINED": Kind.CALENDAR_DECLINED,
    "TENTATIVE": Kind.CALENDAR_TENTATIVE,
}
_LINE = re.compile(r"([A-Za-z-]{1,40})((?:;[^:\"]*(?:\"[^\"]*\"[^:\"]*)*)?):(.*)")
_MOST_LINES = 5_000

_Line: TypeAlias = tuple[str, dict[str, str], str]


def calendar(mail: Mail) -> Finding | None:
    """The finding of a mail that is about a meeting. A file of dates that a person attached does not make it one."""
    part = mail.part_of("text/calendar") or mail.part_of("application/ics")
    if part is None:
        return None
    facts = facts_of(part.text(), part.param("method").upper())
    if not facts.method or (part.is_attachment and facts.method == "PUBLISH"):
        return None
    kind = _ANSWERS.get(facts.partstat, Kind.CALENDAR_OTHER) if facts.method == "REPLY" else Kind.CALENDAR_OTHER
    said = f"METHOD:{facts.method} PARTSTAT={facts.partstat}" if facts.partstat else f"METHOD:{facts.method}"
    evidence = Evidence(kind=EvidenceKind.CALENDAR, name="text/calendar", text=f"{said} UID:{facts.uid}"[:QUOTE])
    return Finding(kind=kind, evidence=(evidence,), calendar=facts)


def facts_of(text: str, method: str = "") -> CalendarFacts:
    """The facts of the first event. Who answered what is told only of answers."""
    lines = list(_lines(text))
    method = method or next((value.upper() for name, _, value in lines if name == "METHOD"), "")
    uid, starts, partstat, attendee = "", None, "", ""
    for name, params, value in _first_event(lines):
        if name == "UID":
            uid = uid or value
        elif name == "DTSTART":
            starts = starts or _when(value, params.get("TZID", ""))
        elif name == "ATTENDEE" and method == "REPLY" and not attendee:
            partstat, attendee = params.get("PARTSTAT", "").upper(), _address(value)
    return CalendarFacts(
        uid=uid[:QUOTE], method=method[:20], partstat=partstat[:30], starts=starts, attendee=attendee[:QUOTE]
    )


def _first_event(lines: list[_Line]) -> list[_Line]:
    begins = (i for i, (name, _, value) in enumerate(lines) if name == "BEGIN" and value.upper() in ("VEVENT", "VTODO"))
    start = next(begins, len(lines)) + 1
    ends = (i for i, (name, _, _) in enumerate(lines[start:], start) if name in ("BEGIN", "END"))
    return lines[start : next(ends, len(lines))]


def _lines(text: str) -> Iterator[_Line]:
    unfolded = re.sub(r"\n[ \t]", "", text)
    for line in unfolded.split("\n")[:_MOST_LINES]:
        found = _LINE.match(line[:5_000].strip())
        if found:
            yield found[1].upper(), _params(found[2]), found[3].strip()


def _params(text: str) -> dict[str, str]:
    pairs = (piece.partition("=") for piece in text.split(";") if "=" in piece)
    return {name.strip().upper(): value.strip().strip('"') for name, _, value in pairs}


def _address(value: str) -> str:
    return value[len("mailto:") :].lower() if value.lower().startswith("mailto:") else value.lower()


def _when(value: str, zone: str) -> datetime | None:
    """UTC. None for a floating time or a zone nobody knows: a wrong hour is worse than none."""
    try:
        if re.fullmatch(r"\d{8}", value):
            return datetime.strptime(value, "%Y%m%d").replace(tzinfo=UTC)
        if value.endswith("Z"):
            return datetime.strptime(value, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        if not zone:
            return None
        return datetime.strptime(value, "%Y%m%dT%H%M%S").replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    except (ValueError, OSError, LookupError, OverflowError):
        return None
