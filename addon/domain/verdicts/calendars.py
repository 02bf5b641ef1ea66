"""Meeting mail: what its calendar part says. Invitations and cancellations are robots' mail as far as deals go."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
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
    """The facts of the first event. The attendee is told only where the answer names one."""
    uid = partstat = attendee = ""
    starts: datetime | None = None
    attendees = 0
    inside = ""
    for name, params, value in _lines(text):
        if name == "BEGIN":
            inside = value.upper()
        elif name == "METHOD" and not method:
            method = value.upper()
        elif inside in ("VEVENT", "VTODO"):
            if name == "UID" and not uid:
                uid = value[:QUOTE]
            elif name == "DTSTART" and starts is None:
                starts = _when(value, params.get("TZID", ""))
            elif name == "ATTENDEE":
                attendees += 1
                if attendees == 1:
                    partstat, attendee = params.get("PARTSTAT", "").upper(), _address(value)
    if method != "REPLY":
        partstat = attendee = ""
    return CalendarFacts(uid=uid, method=method[:20], partstat=partstat[:30], starts=starts, attendee=attendee[:QUOTE])


def _lines(text: str) -> Iterator[tuple[str, dict[str, str], str]]:
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
