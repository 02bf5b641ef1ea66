"""What speaks for a robot and what for a person, where no header decides: the subject, the sentences, the words.

A person taken for a robot is not heard; a note taken for a person is read by one. So whatever only people do, however
little of it, leaves a mail to a person, unless the subject is the one that mail programs give to such replies.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from addon.domain.verdicts.facts import Evidence
from addon.domain.verdicts.language.words import ADDRESS
from addon.domain.verdicts.robots.noting import Read
from addon.domain.verdicts.robots.subjects import Subject
from addon.domain.verdicts.robots.vocabulary import Vocabulary

_ENOUGH = 2.0
_CLEARLY = 1.5
_SEVERAL = 2
_FEWEST = 6
_FEWEST_ALONE = 10
_OF_MACHINES = ("automatic.machine", "automatic.sentences")
_BESIDES = (
    *("away.later", "away.urgent", "away.thanks", "away.anybody", "away.robot"),
    *("automatic.hints", "automatic.machine", "automatic.sentences"),
)


@dataclass(frozen=True)
class Weighed:
    """What speaks for a robot and what for a person, where no header decides."""

    subject: Subject
    note: Sequence[Read]
    hints: tuple[Evidence, ...]
    words: Vocabulary

    @property
    def returns_nowhere(self) -> tuple[Evidence, ...]:
        """An empty return path, which nobody's mail program writes."""
        return tuple(hint for hint in self.hints if hint.name == "Return-Path")

    @property
    def is_absence(self) -> bool:
        """Of a robot's mail: whether it is an absence note rather than another reply."""
        if self._has("absence") or (
            (self._is_worded_so or self.subject.tells_absence) and not self._has(*_OF_MACHINES)
        ):
            return True
        return self._has("away.later", "away.robot") and not self._has(
            "automatic.machine", "automatic.sentences", "automatic.hints"
        )

    @property
    def is_receipt(self) -> bool:
        """Whether it says what only other automatic replies say; some of them are sent by programs for vacations."""
        said = self._has(*_OF_MACHINES) or self._count("automatic.hints") >= _SEVERAL
        return said or self._is_nobodys

    @property
    def answers(self) -> bool:
        """Of a robot's mail: whether it speaks of an absence, or of a mail that came in."""
        received = self.words.is_receipts or self._has("automatic.hints", "away.thanks")
        return bool(self.subject.weight) or self.is_absence or received

    @property
    def is_robots(self) -> bool:
        if self._may_be_persons and not self.subject.is_sure:
            return False
        return self._is_about_it and self._for_robot >= _ENOUGH and self._for_robot - self._for_person >= _CLEARLY

    @property
    def _may_be_persons(self) -> bool:
        return self._is_talking or self._is_terse or self._only_says_so or self._tells_own_change

    @property
    def _is_about_it(self) -> bool:
        """Whether it says at all that nobody is there, or that nobody wrote it."""
        hinted = self._count("automatic.hints") >= _SEVERAL and (self._has("away.thanks") or self.subject.weight > 0)
        return (
            self.subject.is_sure
            or hinted
            or self._is_worded_so
            or self._is_nobodys
            or self._has("absence", "automatic.machine", "automatic.sentences", "away.robot")
            or (
                self._has("away.later") and self._has("away.urgent") and not self._has("other") and not self._is_talking
            )
            or (bool(self.hints) and (self.subject.weight > 0 or self._has("away.later", "away.urgent")))
        )

    @property
    def _for_robot(self) -> float:
        return (
            self.subject.weight
            + 3.0 * bool(self.hints)
            + 2.0 * self._has("absence")
            + 3.0 * self._is_worded_so
            + 3.0 * self._is_nobodys
            + 5.0 * self._has("automatic.machine")
            + 3.0 * self._has("automatic.sentences", "automatic.machine")
            + 3.0 * self._has("away.robot")
            + 1.0 * min(2, self._count("away.later"))
            + 1.5 * self._has("away.urgent")
            + 1.0 * self._has("away.thanks", "away.anybody")
            + 1.0 * min(2, self._count("automatic.hints"))
        )

    @property
    def _for_person(self) -> float:
        talking = [one for one in self.note if one.has("person.conversation")]
        answers = sum(not one.has("away.urgent", "automatic.sentences") for one in talking)
        others = sum(one.has("other") for one in self.note)
        return (
            3.0 * self._has("person.over")
            + 3.0 * self._has("person.mentions")
            + 2.0 * min(3, answers)
            + 2.0 * self._has("contrast")
            + 2.0 * any(one.is_question and len(one.words) > 3 and not one.has("away.urgent") for one in self.note)
            + 1.0 * min(3, others) * (not (self._is_worded_so or self._is_nobodys))
        )

    @property
    def _is_worded_so(self) -> bool:
        """Whether its words are an absence note's, even where its phrases are not."""
        return self.words.is_notes and not self._is_talking

    @property
    def _is_nobodys(self) -> bool:
        """Whether its words are those of another robot's reply."""
        if self._is_worded_so or self._is_talking or self._has("away.contrasts"):
            return False
        return self.words.is_receipts or self.words.is_notices

    @property
    def _is_talking(self) -> bool:
        """Whether it asks, answers, or speaks of what is over, as only people do."""
        asks = any(one.is_question and not one.has("away.urgent") for one in self.note)
        speaks = any(
            one.has("person.conversation") and (one.has("absence") or not one.has("away.urgent")) for one in self.note
        )
        return asks or speaks or self._has("person.over", "person.mentions", "contrast")

    @property
    def _is_terse(self) -> bool:
        """`On holiday. Ask Liam.`: who sets up a note for everybody takes more words."""
        said = sum(len(one.words) for one in self.note if not one.has("courtesy"))
        return said < _FEWEST and not (self.hints or self.subject.weight or self._has(*_OF_MACHINES))

    @property
    def _only_says_so(self) -> bool:
        """`I'm on leave from May, so it is now or in autumn`: notes also speak of mail, or say whom to ask."""
        speaks = "post" in self.words.about or self.words.addressed or self._has(*_BESIDES)
        reopens = any(one.has("away.back") and not one.has("absence") for one in self.note) and not self.words.strange
        speaks = speaks and not self._is_passing
        absent = self._has("absence") or self._is_worded_so
        return absent and not (speaks or reopens or self.hints or self.subject.weight)

    @property
    def _is_passing(self) -> bool:
        """`In a meeting, I'll write later`: a single short sentence without a day or an address."""
        if len(self.note) != 1 or len(self.note[0].words) >= _FEWEST_ALONE:
            return False
        return not any(word[0].isdigit() or word == ADDRESS for word in self.note[0].words.plain)

    @property
    def _tells_own_change(self) -> bool:
        """`I no longer work in sales`, `the new address is ...`, without more that robots say: answers say so too."""
        return (
            ("me" in self.words.about or self._is_one_remark)
            and self._has("automatic.sentences")
            and not self._has("automatic.machine", "absence", "away.robot", "away.thanks", "automatic.hints")
            and not (self.hints or self.subject.weight)
        )

    @property
    def _is_one_remark(self) -> bool:
        """A single sentence, of which robots say no more than one thing."""
        heard = [hit.start for one in self.note for hit in one.heard if hit.name == "automatic.sentences"]
        return len(self.note) == 1 and len(set(heard)) == 1

    def _has(self, *marks: str) -> bool:
        return any(one.has(*marks) for one in self.note)

    def _count(self, mark: str) -> int:
        return sum(one.has(mark) for one in self.note)
