"""Which of the phrases found in a sentence were meant: negation, where a phrase stands, what is only mentioned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from addon.domain.verdicts.facts import What
from addon.domain.verdicts.language.words import Words
from addon.domain.verdicts.said.dates import When
from addon.domain.verdicts.said.listening import Ear, Role
from addon.domain.verdicts.said.phrasing import Hit, Slot

_REACH = 7
"""Words at most between a negation and what it negates."""
_REACH_BEHIND = 3
_ALONE_WITHIN = 10
"""Words at most of a sentence that says one thing alone."""

# What is only supposed with an "if" before it; "if you could send us a quote" asks for one all the same.
_SUPPOSED = frozenset({What.INTERESTED, What.NOT_INTERESTED, What.CONTRACT, What.WRONG_PERSON})
# Their phrases carry their own negation.
_NEGATIVE = frozenset({What.NOT_INTERESTED, What.LATER, What.WRONG_PERSON})
_MEANT = (Role.ANYWHERE, Role.OPENING, Role.ALONE)


@dataclass(frozen=True)
class Meant:
    """What was meant: from which word to which (not included), and for when."""

    start: int
    end: int
    day: date | None = None

    def overlaps(self, other: Meant) -> bool:
        """Whether both were said in the same words, in part at least."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True)
class Understanding:
    """What a sentence says in one language, and the phrases that it holds and does not mean."""

    meant: dict[What, Meant] = field(default_factory=dict)
    denied: tuple[Hit, ...] = ()

    def denies(self, what: What, meant: Meant) -> bool:
        """Whether the same words were looked at here and not meant: "unsubscribe" is known in many languages."""
        return any(hit.tag.what is what and hit.start < meant.end and meant.start < hit.end for hit in self.denied)


def understand(words: Words, ear: Ear, written: date | None) -> Understanding:
    """What a sentence says in one language."""
    times = ear.calendar.times(words, written)
    found: dict[Role, list[Hit]] = {role: [] for role in Role}
    for hit in ear.book.find(words, _slots(times)):
        found[hit.tag.role].append(hit)
    if not any(found[role] for role in _MEANT):
        return Understanding()
    sentence = _Sentence(words, found, times)
    meant: dict[What, Meant] = {}
    denied: list[Hit] = []
    for role in _MEANT:
        for hit in found[role]:
            what = sentence.meaning(hit) if sentence.stands_right(hit) else None
            if what is not hit.tag.what and sentence.stands_right(hit):
                denied.append(hit)
            if what is not None:
                told = Meant(hit.start, hit.end, sentence.day_of(hit) if what is What.LATER else None)
                meant[what] = _better(meant.get(what), told)
    return Understanding(meant, tuple(hit for hit in denied if not _is_within(hit, meant.get(hit.tag.what))))


def _is_within(hit: Hit, meant: Meant | None) -> bool:
    """Whether a longer phrase around it was meant: "ne souhaite plus recevoir" holds what would be negated without."""
    return meant is not None and meant.start <= hit.start and hit.end <= meant.end


def _better(known: Meant | None, told: Meant) -> Meant:
    """The one that names a day; of two that do or do not, the longer phrase."""
    if known is None:
        return told
    return max(known, told, key=lambda meant: (meant.day is not None, meant.end - meant.start, -meant.start))


def _slots(times: Sequence[When]) -> dict[str, Slot]:
    """`<when>` is any time that is named, `<period>` one that is not near."""
    longest: dict[int, When] = {}
    periods: dict[int, When] = {}
    for when in times:
        longest.setdefault(when.start, when)
        if not when.is_near:
            periods.setdefault(when.start, when)

    def slot(known: dict[int, When]) -> Slot:
        return lambda place: (known[place].end, known[place].day) if place in known else None

    return {"when": slot(longest), "period": slot(periods)}


@dataclass
class _Sentence:
    words: Words
    found: dict[Role, list[Hit]]
    times: Sequence[When]
    negations: list[Hit] = field(init=False)
    behind: list[Hit] = field(init=False)
    begins: set[int] = field(init=False)
    """Words that begin a clause."""

    def __post_init__(self) -> None:
        affirmed = self.found[Role.AFFIRMATION]
        self.negations = [hit for hit in self.found[Role.NEGATION] if not _overlaps_any(hit, affirmed)]
        self.behind = [hit for hit in self.found[Role.NEGATION_BEHIND] if not _overlaps_any(hit, affirmed)]
        turns = (place for hit in self.found[Role.TURN] for place in (hit.start, hit.end))
        self.begins = {0, *turns, *(place for place, is_break in enumerate(self.words.breaks) if is_break)}

    def meaning(self, hit: Hit) -> What | None:
        """What a phrase says, or None where it was not meant."""
        what: What = hit.tag.what
        if hit.start in self.words.quoted:
            return None
        if any(other.tag.what is what and _overlaps(hit, other) for other in self.found[Role.UNLESS]):
            return None
        if what in _SUPPOSED and self._is_supposed(hit):
            return None
        if what in _NEGATIVE:
            return None if _holds_any(hit, self.found[Role.AFFIRMATION]) else what
        if not self._is_negated(hit):
            return what
        return What.NOT_INTERESTED if what is What.INTERESTED else None

    def _is_supposed(self, hit: Hit) -> bool:
        clause = self._clause_of(hit.start)
        return any(clause <= other.start and other.end <= hit.start for other in self.found[Role.SUPPOSITION])

    def day_of(self, hit: Hit) -> date | None:
        """The time that a phrase names, or else the first in its sentence, those behind it before others."""
        named = next((day for day in hit.read if day is not None), None)
        if named is not None or hit.read:
            return named
        days = sorted((when.end <= hit.start, when.start, -when.end, when.day) for when in self.times if when.day)
        return days[0][3] if days else None

    def stands_right(self, hit: Hit) -> bool:
        """Whether it stands where such phrases must."""
        if hit.tag.role is Role.ANYWHERE:
            return True
        # A question word within a sentence more often joins its parts: "the man who ...".
        begins = 0 if hit.tag.what is What.QUESTION else self._clause_of(hit.start)
        if not self._leads_only(begins, hit.start):
            return False
        if hit.tag.role is Role.OPENING:
            return True
        ends = next((place for place in range(hit.end, len(self.words)) if place in self.begins), len(self.words))
        if hit.tag.what is What.NOT_INTERESTED and hit.end - hit.start == 1:
            ends = len(self.words)  # "No, Wednesday works better" answers a question, and refuses nothing
        return len(self.words) <= _ALONE_WITHIN and self._leads_only(hit.end, ends)

    def _leads_only(self, start: int, end: int) -> bool:
        """Whether nothing stands there but words such as "please"."""
        covered = {place for hit in self.found[Role.LEAD_IN] for place in range(hit.start, hit.end)}
        return all(place in covered for place in range(start, end))

    def _clause_of(self, place: int) -> int:
        return max(begin for begin in self.begins if begin <= place)

    def _is_negated(self, hit: Hit) -> bool:
        clause = self._clause_of(hit.start)
        before = (n for n in self.negations if n.start >= max(clause, hit.start - _REACH) and n.end <= hit.start)
        if any(before):
            return True
        if hit.tag.what is not What.REMOVE_ME and any(hit.start < n.start and n.end <= hit.end for n in self.negations):
            return True
        return any(hit.end <= n.start <= hit.end + _REACH_BEHIND and self._same_clause(hit, n) for n in self.behind)

    def _same_clause(self, hit: Hit, other: Hit) -> bool:
        return not any(place in self.begins for place in range(hit.end, other.start + 1))


def _overlaps(hit: Hit, other: Hit) -> bool:
    return hit.start < other.end and other.start < hit.end


def _overlaps_any(hit: Hit, others: Sequence[Hit]) -> bool:
    return any(_overlaps(hit, other) for other in others)


def _holds_any(hit: Hit, affirmations: Sequence[Hit]) -> bool:
    """Whether the negation of a phrase belongs to an affirmation: "not that we are not interested"."""
    return any(_overlaps(hit, other) and other.start <= hit.start for other in affirmations)
