"""What a subject says of its mail: `Automatic reply: Your offer` is a robot's, `Re: Automatic reply: ...` is not."""

from __future__ import annotations

import re
from dataclasses import dataclass

from addon.domain.verdicts.language.words import words_of
from addon.domain.verdicts.robots.wording import robot_words

_REPLIED = re.compile(
    r"\s*(?:re|fwd?|fw|aw|wg|antw|odp|pd|r|i|rif|rv|res|enc|tr|ref|sv|vs|vl|bls|trs)(?:\[\d+\]|\(\d+\))?\s*[:：]", re.I
)
_FORWARDED = re.compile(r"\s*(?:fwd?|fw|wg|tr|pd|i|rv|enc|doorst|vl|vb)(?:\[\d+\]|\(\d+\))?\s*[:：]", re.I)
_ENDS = re.compile(r"\s*(?:$|[:：\])|–—(,.!-]|re:|aw:|r:|odp:|fwd?:)", re.I)
_PREFIXED = re.compile(r"\s*(?:[:：\]]|re:|aw:|r:|odp:)", re.I)
_LATEST = 5
"""Words before it: `AUTO: Dana Cole is out of the office`."""


@dataclass(frozen=True)
class Subject:
    """`weight`: 0 for nothing, 4 for the prefix that a mail program puts before the subject it answers."""

    weight: float = 0.0
    tells_absence: bool = False

    @property
    def is_sure(self) -> bool:
        return self.weight >= 4.0


def subject_of(subject: str) -> Subject:
    """What the start of a subject tells; words further back may be those of the mail it answers."""
    if not subject.strip() or _REPLIED.match(subject):
        return Subject()
    words = words_of(subject)
    found = [
        hit
        for hit in robot_words().in_subject(words)
        if hit.start <= _LATEST and (hit.start == 0 or hit.end - hit.start > 1)
    ]
    if not found:
        return Subject()
    best = max(found, key=lambda hit: (hit.start == 0, hit.end - hit.start))
    behind = subject[words.spans[best.end - 1][1] :]
    absence = any(hit.name == "away.subjects" for hit in found)
    if best.start:
        return Subject(1.0, absence)
    if _PREFIXED.match(behind):
        return Subject(4.0, absence)
    return Subject(2.0 if _ENDS.match(behind) else 1.0, absence)


def forwards(subject: str) -> bool:
    """Whether somebody hands a mail on: what it says is another's."""
    return bool(_FORWARDED.match(subject))
