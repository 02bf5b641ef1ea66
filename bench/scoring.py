"""How well the verdicts do on real mails: each judged, and compared with what its collectors expect of it.

The mails are no part of the product. They stand in the folder that DEALTHREAD_CORPUS names, or beside the project, with
an `expected.jsonl`: a line for each mail.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from addon.domain.verdicts import Judged, Kind, judge
from bench.mistakes import Mistake, why

FAILING = frozenset({Kind.BOUNCE, Kind.DELAY})
ANSWERING_BY_ITSELF = frozenset({Kind.OUT_OF_OFFICE, Kind.AUTO_REPLY})
ROBOTS = frozenset({*ANSWERING_BY_ITSELF, Kind.BULK})
_BESIDE = Path(__file__).resolve().parents[2] / "shared" / "corpora"
_PEOPLE = ("reply", "not_auto")

Row = dict[str, Any]
"""What is expected of one mail; see the README beside the mails."""


@dataclass
class Score:
    """What came out over many mails. Counters by right or wrong count only mails of which that is expected."""

    kinds: Counter[tuple[str, Kind]] = field(default_factory=Counter)
    found: Counter[bool] = field(default_factory=Counter)
    """Bounces and delays, as either."""
    recipients: Counter[bool] = field(default_factory=Counter)
    """Of those that name one: all of them and nobody else."""
    severities: Counter[bool] = field(default_factory=Counter)
    """Hard or not, on the mails labelled so; refused for what was sent counts as soft there."""
    others: int = 0
    """Mails that are no bounce, and must not be taken for one."""
    replies: Counter[bool] = field(default_factory=Counter)
    overlaps: list[float] = field(default_factory=list)
    """Token F1 of each reply text."""
    by_source: dict[str, list[tuple[bool, float]]] = field(default_factory=dict)
    """The same by the collection that a mail comes from: exact or not, and token F1."""
    mistakes: list[Mistake] = field(default_factory=list)
    judged: int = 0

    def count(self, about: str) -> int:
        """How many mistakes there are about something."""
        return sum(mistake.about == about for mistake in self.mistakes)

    @property
    def overlap(self) -> float:
        return sum(self.overlaps) / max(len(self.overlaps), 1)


def share(counted: Counter[bool]) -> float:
    return counted[True] / max(counted.total(), 1)


def folder() -> Path | None:
    """Where the mails are, or None."""
    named = os.environ.get("DEALTHREAD_CORPUS")
    place = Path(named) if named else _BESIDE
    return place if (place / "expected.jsonl").is_file() else None


def labelled(place: Path) -> Iterator[tuple[Row, bytes]]:
    """Every mail with what is expected of it."""
    for line in (place / "expected.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        yield row, (place / row["file"]).read_bytes()


def score(mails: Iterable[tuple[Row, bytes]]) -> Score:
    """Judge all of them."""
    result = Score()
    for row, raw in mails:
        result.judged += 1
        try:
            judged = judge(raw)
        except Exception as error:
            result.mistakes.append(Mistake(row["file"], "exception", "a verdict", "none", repr(error)))
            continue
        result.kinds[str(row["class"]), judged.facts.kind] += 1
        _Comparison(result, row, judged).make()
    return result


@dataclass
class _Comparison:
    """One mail's verdict beside what is expected of it."""

    result: Score
    row: Row
    judged: Judged

    def make(self) -> None:
        expected = self.row["class"]
        if expected in ("bounce", "delay"):
            self._failing()
        elif expected is not None:
            self.result.others += 1
            self._other(expected)
        if self.row.get("reply_text"):
            self._reply(self.row["reply_text"])

    def _failing(self) -> None:
        kind = self.judged.facts.kind
        self._note(self.result.found, kind in FAILING, "not found", self.row["class"], kind)
        wanted = self.row.get("recipient")
        if wanted:
            expected = {name.lower() for name in ([wanted] if isinstance(wanted, str) else wanted)}
            named = {one.address for one in self.judged.facts.recipients}
            self._note(self.result.recipients, named == expected, "recipients", expected, named)
        # Other collectors than this one call soft what was refused for good; its labels tell apart who is dead.
        severity = self.row.get("severity")
        if severity in ("hard", "soft") and "sisimai" in self.row.get("label_source", ""):
            told = {None: "none", "hard": "hard"}.get(self.judged.facts.severity, "soft")
            self._note(self.result.severities, told == severity, "severity", severity, told)

    def _other(self, expected: str) -> None:
        facts = self.judged.facts
        alarm = facts.kind in FAILING and (expected != "no_recipient" or bool(facts.recipients))
        if alarm:
            self._mistake("false alarm", expected, facts.kind)
        elif expected == "auto_reply" and facts.kind not in ANSWERING_BY_ITSELF:
            self._mistake("auto-reply missed", expected, facts.kind)
        elif expected in _PEOPLE and facts.kind in ROBOTS:
            self._mistake("human taken for a robot", expected, facts.kind)
        elif not _fits(expected, facts.kind):
            self._mistake("kind", expected, facts.kind)

    def _reply(self, expected: str) -> None:
        wanted, told = expected.split(), self.judged.reply_text.split()
        self.result.overlaps.append(_overlap(wanted, told))
        source = self.row["file"].partition("/")[0]
        self.result.by_source.setdefault(source, []).append((told == wanted, self.result.overlaps[-1]))
        about = "reply text" if told or not wanted else "reply emptied"
        self._note(self.result.replies, told == wanted, about, " ".join(wanted), " ".join(told))

    def _note(self, counter: Counter[bool], right: bool, about: str, expected: object, told: object) -> None:
        counter[right] += 1
        if not right:
            self._mistake(about, expected, told)

    def _mistake(self, about: str, expected: object, told: object) -> None:
        reason = why(about, self.judged, _text(expected), _text(told))
        self.result.mistakes.append(Mistake(self.row["file"], about, _text(expected), _text(told), reason))


def _text(told: object) -> str:
    return ", ".join(sorted(told)) or "nobody" if isinstance(told, set) else str(told)


def _fits(expected: str, kind: Kind) -> bool:
    if expected in ("auto_generated", "not_human"):
        return kind in ROBOTS
    wanted = {"complaint": Kind.COMPLAINT, "dsn_delivered": Kind.DELIVERED, "unsubscribe": Kind.UNSUBSCRIBE}
    return expected not in wanted or kind is wanted[expected]


def _overlap(wanted: list[str], told: list[str]) -> float:
    """F1 of two bags of words."""
    shared = (Counter(wanted) & Counter(told)).total()
    return 2 * shared / (len(wanted) + len(told)) if wanted or told else 1.0
