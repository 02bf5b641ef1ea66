"""Mail that a robot wrote or sent to many: absence notes, automatic replies, unsubscribe requests, bulk.

Headers tell most robots; for the others the subject and the sentences are weighed against what only a person writes.
A person taken for a robot is not heard, so without a header the text must do nothing but what notes do.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from addon.domain.verdicts.facts import Evidence, EvidenceKind, Kind, What
from addon.domain.verdicts.finding import Finding
from addon.domain.verdicts.language import guessing as languages_of
from addon.domain.verdicts.mail import Mail, header_evidence
from addon.domain.verdicts.replies.new_text import new_text
from addon.domain.verdicts.robots import header_marks as robot_headers
from addon.domain.verdicts.robots.noting import Read, read
from addon.domain.verdicts.robots.returning import return_date
from addon.domain.verdicts.robots.standing_in import stand_ins
from addon.domain.verdicts.robots.subjects import Subject, forwards, subject_of
from addon.domain.verdicts.robots.vocabulary import vocabulary
from addon.domain.verdicts.robots.weighing import Weighed
from addon.domain.verdicts.said import answers as said

_MOST_EVIDENCE = 6
_ROBOT_MARKS = (
    *("absence", "automatic.machine", "automatic.sentences", "away.robot"),
    *("away.urgent", "away.later", "automatic.hints"),
)


def automatic(mail: Mail) -> Finding | None:
    """Absence note or another automatic reply."""
    headers, vacation = robot_headers.robots(mail)
    subject = subject_of(mail.envelope.subject)
    text = new_text(mail.text)
    spoken = languages_of.guess(text)
    note = read(text, writer=mail.envelope.from_name, spoken=spoken)
    weighed = Weighed(subject, note, robot_headers.hinted(mail), vocabulary(note, spoken))
    evidence = (*headers, *_subject_evidence(mail, subject), *_sentences(note))
    if headers and robot_headers.tells_many(mail, headers) and not weighed.answers:
        return None
    if headers or (weighed.is_robots and not _is_answer(mail, text, spoken, weighed)):
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
        stand_ins=stand_ins(note, own, guessed or likely),
    )


_OF_ITS_LANGUAGE = frozenset({"away.heads", "away.states", "away.statements", "away.later", "away.back", "away.thanks"})


_OF_PEOPLE = frozenset({What.REMOVE_ME, What.NOT_INTERESTED, What.CONTRACT, What.OFFER, What.PRICE})
"""What robots never say; they do say "later", "ask Ana", "I will gladly help" and "if you have questions"."""


def _is_answer(mail: Mail, text: str, spoken: str, weighed: Weighed) -> bool:
    """Whether it answers the mail, or hands on another's, as no robot does."""
    if weighed.subject.is_sure:
        return False
    return forwards(mail.envelope.subject) or any(hit.what in _OF_PEOPLE for hit in said.said_in(text, spoken))


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
