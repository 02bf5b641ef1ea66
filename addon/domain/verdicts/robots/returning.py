"""From which day on somebody is back, where an absence note says it plainly.

`returns` is the first day somebody is back. Who is "back on 15 March" is back on the 15th; who is away "until 14
March", inclusive or not, or "from 3 to 14 March", is taken to be away on the 14th and back on the 15th: a day late
annoys nobody. Weekends count as days. Where a note says both, "back on" is believed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from addon.domain.verdicts.robots.days import Day, DayReader, month_comes_first, names_in
from addon.domain.verdicts.robots.noting import Read
from addon.domain.verdicts.robots.vocabulary import speaks_of_mail
from addon.domain.verdicts.robots.wording import Heard, small_words, told

_NEAR = 3
"""Words at most between "until" and the day: `until and including Friday, the`."""
_BACK_REACH = 9
_FARTHEST = 400


def return_date(note: Sequence[Read], languages: frozenset[str], written: date | None) -> date | None:
    """The first day back that a note names; None where it names none, or it cannot be told which (3/4 in English).

    `written` is the day of the mail; a missing year is this one, or the next where that day is long over.
    """
    spoken = languages or frozenset(told())
    order = month_comes_first(one.words for one in note)
    if order is None and spoken != {"en"}:
        order = False
    reader = DayReader(names_in(spoken), written, order)
    back: list[date] = []
    away: list[date] = []
    for one in note:
        found = _Told(one, reader, spoken)
        back += found.back()
        away += found.away()
    for days in ([day for day in back if _plausible(day, written)], [day + timedelta(days=1) for day in away]):
        if plausible := [day for day in days if _plausible(day, written)]:
            return max(plausible)
    return None


def _plausible(day: date, written: date | None) -> bool:
    return written is None or 0 < (day - written).days <= _FARTHEST


class _Told:
    """What one sentence tells of days."""

    def __init__(self, one: Read, reader: DayReader, spoken: frozenset[str]) -> None:
        self._one = one
        self._reader = reader
        self._spoken = spoken
        self._hits = [hit for hit in one.heard if hit.language in spoken]
        self._days = [day for day in reader.days(one.words) if not self._is_doubtful(day)]
        self._last_days = [self._is_last(place, day) for place, day in enumerate(self._days)]

    def back(self) -> Iterator[date]:
        """Days on which somebody is back."""
        words = [hit for hit in self._hits if hit.name == "away.back"]
        for place, day in enumerate(self._days):
            if self._last_days[place] or self._opens_span(place):
                continue
            if any(_near(hit, day) for hit in words) or self._is_read_from(day) or self._is_for_answers:
                yield day.day
        if words and self._named("away.tomorrow") and self._reader.written:
            yield self._reader.written + timedelta(days=1)

    def away(self) -> Iterator[date]:
        """Last days on which somebody is away."""
        for place, day in enumerate(self._days):
            if self._last_days[place]:
                yield day.day
        if not any(self._last_days) and self._one.has("absence"):
            yield from self._single()

    def _single(self) -> Iterator[date]:
        """The one day for which somebody is away: `I am out of the office on 14 March`, `today and tomorrow`."""
        written = self._reader.written
        if len(self._days) == 1 and not self._introduced(self._days[0], "away.starts"):
            yield self._days[0].day
        elif not self._days and written:
            # Who answers tomorrow is away today.
            tomorrow = 0 if self._one.has("away.later") else 1
            for name, days in (("away.tomorrow", tomorrow), ("away.today", 0)):
                if self._named(name) and not any(self._follows(hit, "away.starts") for hit in self._named(name)):
                    yield written + timedelta(days=days)
                    return

    def _follows(self, hit: Heard, name: str) -> bool:
        """`As of today`: that is where an absence begins."""
        return any(before.end == hit.start for before in self._named(name))

    def _is_last(self, place: int, day: Day) -> bool:
        if day.ends_span or self._introduced(day, "away.until"):
            return not self._not_before(day)
        before = self._days[place - 1] if place else None
        return before is not None and before.end == day.start and not before.ends_span and self._is_dashed(day)

    def _not_before(self, day: Day) -> bool:
        """`I will not return until 10 March`: that is the day of return."""
        before = self._one.words.plain[max(0, day.start - 6) : day.start]
        returns = any(hit.start < day.start and day.start - hit.end <= _NEAR for hit in self._named("away.back"))
        return returns and ("not" in before or "t" in before)

    def _is_dashed(self, day: Day) -> bool:
        """`3.3. - 14.3.`: nothing but a dash between two days."""
        start, end = self._one.words.spans[day.start - 1][1], self._one.words.spans[day.start][0]
        return any(dash in self._one.sentence.text[start:end] for dash in "-–—")

    def _is_read_from(self, day: Day) -> bool:
        """`I will read your mail from 18 March on`."""
        promised = any(0 <= day.start - hit.end <= _NEAR + 3 for hit in self._named("away.later"))
        return promised and self._introduced(day, "away.starts")

    @property
    def _is_for_answers(self) -> bool:
        """`On Thursday I shall answer your mail`, in a sentence that tells no absence."""
        return not self._one.has("absence") and speaks_of_mail(self._one, self._spoken)

    def _opens_span(self, place: int) -> bool:
        return (
            place + 1 < len(self._days)
            and self._last_days[place + 1]
            and (self._days[place + 1].start - self._days[place].end <= _NEAR)
        )

    def _introduced(self, day: Day, name: str) -> bool:
        """Whether such a word stands right before a day, but for articles and the like."""
        fillers = small_words("fillers")
        for hit in self._hits:
            if hit.name == name and 0 <= day.start - hit.end <= _NEAR:
                between = self._one.words.plain[hit.end : day.start]
                if all(word in fillers or self._reader.names.weekday(word) for word in between):
                    return True
        return False

    def _is_doubtful(self, day: Day) -> bool:
        """`Next Friday`, said on a Tuesday, may be this week's or that of the next."""
        written = self._reader.written
        if (
            written is None
            or day.end - day.start > 1
            or self._reader.names.weekday(self._one.words.plain[day.start]) is None
        ):
            return False
        this_week = written.isocalendar()[:2] == day.day.isocalendar()[:2]
        return this_week and any(hit.name == "away.next" and hit.end == day.start for hit in self._hits)

    def _named(self, name: str) -> list[Heard]:
        return [hit for hit in self._hits if hit.name == name]


def _near(hit: Heard, day: Day) -> bool:
    return -_BACK_REACH <= hit.start - day.end <= _BACK_REACH and not day.start <= hit.start < day.end
