"""Calendar files (RFC 5545) as mail carries them: folded, half broken, with zones of their own. Never raises."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

from icalendar import Timezone
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

_LINE = re.compile(r"([A-Za-z][A-Za-z0-9-]{0,40})((?:;[^:\"]*(?:\"[^\"]*\"[^:\"]*)*)?):(.*)")
_PARAM = re.compile(r";\s*([A-Za-z0-9-]+)\s*=\s*(\"[^\"]*\"|[^;]*)")
_FOLD = re.compile(r"\n[ \t]")
_STAMP = re.compile(r"(\d{8})(?:T(\d{4}(?:\d\d)?))?(Z?)$")
_MOST_LINES = 5_000
_MOST_EVENTS = 50
_LONGEST_ZONE = 4_000
_LONGEST_DEFINITION = 200
_EVENTS = frozenset({"VEVENT", "VTODO"})


@dataclass(frozen=True)
class Property:
    """A line; names and parameters' names in upper case."""

    name: str
    params: Mapping[str, str]
    value: str


@dataclass
class CalendarFile:
    """The lines of each event, those outside of events, and the definitions of zones, by TZID."""

    method: str = ""
    events: list[list[Property]] = field(default_factory=list)
    zones: dict[str, str] = field(default_factory=dict)

    def starts(self, event: Sequence[Property]) -> datetime | None:
        """When an event begins, in UTC; which one of a series, where only that is told. None for a floating time, or in
        a zone nobody knows: a wrong hour is worse than none.
        """
        for name in ("DTSTART", "RECURRENCE-ID"):
            line = next((line for line in event if line.name == name), None)
            if line is not None:
                return self._moment(line.value, line.params.get("TZID", ""))
        return None

    def _moment(self, value: str, zone: str) -> datetime | None:
        stamp = _STAMP.match(value.strip().upper())
        if not stamp:
            return None
        try:
            moment = datetime.strptime(stamp[1] + (stamp[2] or "0000")[:4], "%Y%m%d%H%M")  # noqa: DTZ007
            if stamp[3] or not stamp[2]:
                return moment.replace(tzinfo=UTC)
            known = zone_named(zone, self.zones.get(zone, ""))
            return moment.replace(tzinfo=known).astimezone(UTC) if known else None
        except Exception:  # years before any zone, and rules of zones that end nowhere
            return None


def read_calendar(text: str) -> CalendarFile:
    """What a file says, as far as it can be read."""
    reader = _Reader()
    for raw, line in _lines(text):
        reader.take(raw, line)
    return reader.file


class _Reader:
    """Takes the lines of a file one by one."""

    def __init__(self) -> None:
        self.file = CalendarFile()
        self._event: list[Property] | None = None
        self._within = 0
        self._zone: list[str] | None = None

    def take(self, raw: str, line: Property) -> None:
        if self._zone is not None or (line.name == "BEGIN" and line.value.upper() == "VTIMEZONE"):
            self._take_zone(raw, line)
        elif line.name in ("BEGIN", "END"):
            self._turn(line)
        elif self._event is not None and not self._within:
            self._event.append(line)
        elif line.name == "METHOD":
            self.file.method = self.file.method or line.value.upper()

    def _take_zone(self, raw: str, line: Property) -> None:
        self._zone = [*(self._zone or ()), raw][:_LONGEST_DEFINITION]
        if line.name == "END" and line.value.upper() == "VTIMEZONE":
            _add_zone(self.file, self._zone)
            self._zone = None

    def _turn(self, line: Property) -> None:
        """Into an event, out of it, or into what stands within one, such as a reminder."""
        if self._event is not None:
            self._within += 1 if line.name == "BEGIN" else -1
            self._event = None if self._within < 0 else self._event
        elif line.name == "BEGIN" and line.value.upper() in _EVENTS and len(self.file.events) < _MOST_EVENTS:
            self._event, self._within = [], 0
            self.file.events.append(self._event)


def _lines(text: str) -> Iterator[tuple[str, Property]]:
    for raw in _FOLD.sub("", text.replace("\r\n", "\n")).split("\n", _MOST_LINES)[:_MOST_LINES]:
        found = _LINE.match(raw[:5_000].strip())
        if found:
            params = {name.upper(): value.strip().strip('"') for name, value in _PARAM.findall(found[2])}
            yield raw[:500], Property(found[1].upper(), params, found[3].strip())


def _add_zone(found: CalendarFile, lines: Sequence[str]) -> None:
    name = next((line.partition(":")[2].strip() for line in lines if line.upper().startswith("TZID")), "")
    block = "\r\n".join(lines) + "\r\n"
    if name and len(block) <= _LONGEST_ZONE and len(found.zones) < 10:
        found.zones[name] = block


@lru_cache(maxsize=200)
def zone_named(name: str, block: str = "") -> tzinfo | None:
    """The zone that a file means: by its name (`Europe/Rome`, `W. Europe Standard Time`), else by its definition."""
    bare = name.strip().strip('"')
    parts = bare.split("/")
    for known in (bare, WINDOWS_TO_OLSON.get(bare, ""), "/".join(parts[-2:]), "/".join(parts[-3:])):
        if known and not known.startswith("/"):
            try:
                return ZoneInfo(known)
            except (ValueError, OSError, LookupError):
                continue
    return _defined(block) if block else None


def _defined(block: str) -> tzinfo | None:
    if any(line.upper().startswith("RRULE") and "FREQ=YEARLY" not in line.upper() for line in block.split("\r\n")):
        return None
    try:
        zone = Timezone.from_ical(block)
        return zone.to_tz(lookup_tzid=False) if isinstance(zone, Timezone) else None
    except Exception:  # it raises all sorts of things on definitions that are wrong
        return None
