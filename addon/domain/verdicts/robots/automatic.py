"""Mail that a robot wrote or sent to many: absence notes, automatic replies, unsubscribe requests, bulk.

Headers tell most robots; for the others the subject and the sentences are weighed against what only a person writes.
A person taken for a robot is not heard, so without a header the text must do nothing but what notes do.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from addon.domain.verdicts.facts import Evidence, EvidenceKind, Kind
from addon.domain.verdicts.finding import Finding
from addon.domain.verdicts.language import guessing as languages_of
from addon.domain.verdicts.mail import Mail, header_evidence
from addon.domain.verdicts.replies.new_text import new_text
from addon.domain.verdicts.robots import header_marks as robot_headers
from addon.domain.verdicts.robots.noting import Read, read
from addon.domain.verdicts.robots.returning import return_date
from addon.domain.verdicts.robots.standing_in import stand_ins
from addon.domain.verdicts.robots.subjects import Subject, subject_of
from addon.domain.verdicts.robots.vocabulary import Vocabulary, vocabulary

_ENOUGH = 2.0
_CLEARLY = 1.5
_MOST_EVIDENCE = 6
_SEVERAL = 2
_OF_MACHINES = ("automatic.machine", "automatic.sentences")
_ROBOT_MARKS = (
    *(
        "absence",
        "automatic.machine",
        "automatic.sentences",
        "away.robot",
        "away.urgent",
        "away.later",
        "automatic.hints",
    ),
)


def automatic(mail: Mail) -> Finding | None:
    """Absence note or another automatic reply."""
    headers, vacation = robot_headers.robots(mail)
    subject = subject_of(mail.envelope.subject)
    text = new_text(mail.text)
    spoken = languages_of.guess(text)
    note = read(text, writer=mail.envelope.from_name, spoken=spoken)
    weighed = _Weighed(subject, note, robot_headers.hinted(mail), vocabulary(note, spoken))
    evidence = (*headers, *_subject_evidence(mail, subject), *_sentences(note))
    if headers or weighed.is_robots:
        if weighed.is_absence or (vacation and not weighed.is_receipt):
            return _absent(mail, note, evidence or weighed.hints, weighed.words.language)
        return Finding(kind=Kind.AUTO_REPLY, evidence=(evidence or weighed.hints)[:_MOST_EVIDENCE])
    if (nobody := robot_headers.machine(mail) or weighed.returns_nowhere) and not robot_headers.bulk(mail):
        return Finding(kind=Kind.AUTO_REPLY, evidence=(*nobody, *evidence)[:_MOST_EVIDENCE])
    return None


def unsubscribe(mail: Mail) -> Finding | None:
    """A mail to the list address, which mail programs send when somebody presses "unsubscribe"."""
    for address in mail.envelope.to:
        if re.search(r"(?:^|[-_.+])(?:unsubscribe|unsub|opt-?out|list-?leave)(?:$|[-_.+])", address.partition("@")[0]):
            return Finding(kind=Kind.UNSUBSCRIBE, evidence=(header_evidence("To", address),))
    if mail.envelope.normalised_subject.strip(" .!") == "unsubscribe" and len(mail.text.split()) < 8:
        return Finding(kind=Kind.UNSUBSCRIBE, evidence=(header_evidence("Subject", mail.envelope.subject),))
    return None


def bulk(mail: Mail) -> Finding | None:
    """Newsletters and lists; also a mail without any sender, which no person's mail program writes."""
    found = robot_headers.bulk(mail)
    if not mail.envelope.from_address and not mail.headers.get("from"):
        found = (*found, header_evidence("From", ""))
    return Finding(kind=Kind.BULK, evidence=found[:5]) if found else None


def _absent(mail: Mail, note: Sequence[Read], evidence: tuple[Evidence, ...], likely: str) -> Finding:
    written = mail.envelope.date.date() if mail.envelope.date else None
    spoken = frozenset(hit.language for one in note for hit in one.heard if hit.name in _OF_ITS_LANGUAGE)
    guessed = languages_of.guess("\n".join(one.sentence.text for one in note))
    about_subject = read(mail.envelope.subject, writer=mail.envelope.from_name)
    absent_in = frozenset(language for one in note for language in one.languages)
    languages = frozenset({guessed}) if guessed else (absent_in or spoken) | {likely}
    own = {mail.envelope.from_address, *mail.envelope.to}
    return Finding(
        kind=Kind.OUT_OF_OFFICE,
        evidence=evidence[:_MOST_EVIDENCE],
        returns=return_date([*about_subject, *note], languages, written),
        stand_ins=stand_ins(note, own),
    )


_OF_ITS_LANGUAGE = frozenset({"away.heads", "away.states", "away.statements", "away.later", "away.back", "away.thanks"})


@dataclass(frozen=True)
class _Weighed:
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
    def is_robots(self) -> bool:
        return self._is_about_it and self._for_robot >= _ENOUGH and self._for_robot - self._for_person >= _CLEARLY

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
        return asks or self._has("person.over", "person.mentions", "person.conversation", "contrast")

    def _has(self, *marks: str) -> bool:
        return any(one.has(*marks) for one in self.note)

    def _count(self, mark: str) -> int:
        return sum(one.has(mark) for one in self.note)


def _subject_evidence(mail: Mail, subject: Subject) -> tuple[Evidence, ...]:
    return (header_evidence("Subject", mail.envelope.subject),) if subject.weight else ()


def _sentences(note: Sequence[Read]) -> tuple[Evidence, ...]:
    """The sentences that betray a robot, the surest first."""
    found = sorted((rank, place) for place, one in enumerate(note) if (rank := _rank(one)) is not None)
    return tuple(
        Evidence(
            kind=EvidenceKind.SENTENCE,
            name=_ROBOT_MARKS[rank].partition(".")[2] or _ROBOT_MARKS[rank],
            text=note[place].sentence.quote,
            position=note[place].sentence.position,
        )
        for rank, place in found[:4]
    )


def _rank(one: Read) -> int | None:
    return next((rank for rank, mark in enumerate(_ROBOT_MARKS) if one.has(mark)), None)
