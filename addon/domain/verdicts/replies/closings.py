"""What stands below a text and is not part of it: signature, legal notice, advertisement, `Sent from my phone`.

A farewell goes where the name below it is the one that the mail was sent under, with whatever stands below; another
name may say something and stays, but for the addresses and telephone numbers below it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from addon.domain.verdicts.language.lexicon import folded, languages
from addon.domain.verdicts.replies.mail_programs import programs
from addon.domain.verdicts.replies.quotations import plain

_SIGNATURE = re.compile(r"\s*(?:-- ?-?|__|-|ᐧ)\s*$")
_RULE = re.compile(r"\s*([-_=*#~+])(?:\s?\1){2,}\s*$")
_ADVERTISEMENT = re.compile(r"<?https?://\S*(?:sig-email|sigpromo|utm_source=signature)")
_TYPO_LINE = 120
_CLAIM = re.compile(r"[,.;!?]\s+\S")
_CONTACT = re.compile(
    r"(?:\+|\b00)\d[\d ()./-]{6,}\d|"
    r"\b(?:tel|phone|mobile?|mob|fax|telp?|hp|wa|kom|cell|tél|móvil|cel|direct|office|t|m|p|f|e|w)\b\s?[.:]|"
    r"https?://|\bwww\.|\S+@\S+\.\w|\(\d{2,4}\)\s?\d{3}|\d{3}[-. ]\d{3}[-. ]\d{3,4}"
)
_FAREWELL_REACH = 14
_LONGEST_CARD_LINE = 90
_SIGNED_REACH = 10
_MOST_NAMES = 4
_BELOW_A_RULE = 10
_PARAGRAPH = 700


def without_closing(lines: Sequence[str], writer: str = "") -> list[str]:
    """The lines above whatever closes a mail. What stands first is never taken for a closing.

    `writer`: the name that the mail was sent under.
    """
    told = [plain(line) for line in lines]
    begin = next((place for place, line in enumerate(told) if line.strip()), len(told))
    end = next((place for place in range(begin + 1, len(told)) if _closes(told, place)), len(told))
    return list(lines[: _signed(told, _card(told, end), _names(writer))])


def is_sent_from(line: str) -> bool:
    """Whether a plain line is a telephone's own: `Sent from my iPhone`, but not `Sent from my desk, which is ...`."""
    told = re.sub(r"\s?<https?:[^<>\s]*>", "", line).strip(" \t*_<>[]()")
    found = programs().sent_from.match(told) if len(told) < _TYPO_LINE else None
    if not found:
        return False
    rest = told[found.end() :]
    return not _CLAIM.search(re.sub(r"https?://\S+|<.*", "", rest)) and len(rest.split()) <= 9


def _closes(lines: list[str], place: int) -> bool:
    line = lines[place].strip()
    if not line:
        return False
    if _SIGNATURE.match(line) or is_sent_from(line) or _ADVERTISEMENT.match(line):
        return True
    if _RULE.match(line):
        return _is_end(lines, place, line)
    if programs().footers.match(line):
        return True
    return bool(programs().disclaimers.match(_paragraph(lines, place)))


def _is_end(lines: list[str], place: int, line: str) -> bool:
    """A line drawn across the page ends a text; one right below words is their underline, one above much divides."""
    if line[0] == "_" or lines[place - 1].strip():
        return line[0] == "_"
    return sum(1 for each in lines[place + 1 : place + 1 + 3 * _BELOW_A_RULE] if each.strip()) <= _BELOW_A_RULE


def _paragraph(lines: list[str], place: int) -> str:
    """From here to the next blank line, on one line, without what decorates it."""
    words: list[str] = []
    for line in lines[place : place + 12]:
        if not line.strip():
            break
        words.append(line.strip())
    return " ".join(words)[:_PARAGRAPH].lstrip(" *_-•\"'“[(")


def _card(told: list[str], end: int) -> int:
    """Where a visiting card begins: below a farewell and a name, with a telephone number or the like in it."""
    written = [place for place in range(end) if told[place].strip()]
    for number in range(max(1, len(written) - _FAREWELL_REACH), len(written)):
        below = written[number + 1 :]
        if len(below) < 2 or not _is_farewell(told[written[number]]):
            continue
        short = all(len(told[place]) < _LONGEST_CARD_LINE and "?" not in told[place] for place in below)
        if short and any(_CONTACT.search(told[place]) for place in below[1:]):
            return below[1]
    return end


def _signed(told: list[str], end: int, names: frozenset[str]) -> int:
    """Where the farewell begins above the writer's own name."""
    written = [place for place in range(end) if told[place].strip()]
    for number in range(max(1, len(written) - _SIGNED_REACH), len(written)):
        line, below = told[written[number]], [told[place] for place in written[number + 1 :]]
        if not all(len(each) < _LONGEST_CARD_LINE and "?" not in each for each in below):
            continue
        beside = _behind_farewell(line)
        if beside is not None and (names.issuperset(beside.split()) if beside else _is_signed(below, names)):
            return written[number]
        if written[number] - written[number - 1] > 1 and _is_full_name(line, names):
            return written[number]
    return end


def _is_signed(below: list[str], names: frozenset[str]) -> bool:
    return any(_is_name(each, names) for each in below[:2])


def _is_full_name(line: str, names: frozenset[str]) -> bool:
    words = line.strip(" *_.,-–—").split()
    return len(words) > 1 and names.issuperset(words)


def _behind_farewell(line: str) -> str | None:
    """What stands behind a farewell on its line, such as a name; None where the line is none."""
    words = line.strip(" *_-–—").rpartition(" / ")[2]
    found = programs().farewells.match(words)
    rest = words[found.end() :].strip(" ,.!:*_-–—") if found else ""
    return rest if found and len(rest.split()) <= _MOST_NAMES else None


def _is_name(line: str, names: frozenset[str]) -> bool:
    """Whether a line is the writer's name, whole or in part, and nothing else: `Ana`, `Ana Rossi, Acme`."""
    words = [word.strip(".,*_") for word in line.split(",")[0].split("|")[0].split()]
    return len(words) <= _MOST_NAMES and not names.isdisjoint(words)


def _names(writer: str) -> frozenset[str]:
    return frozenset(word for word in re.split(r"[\s,.\"'()]+", plain(writer)) if len(word) > 1)


def _is_farewell(line: str) -> bool:
    words = folded(line).strip(" ,.!-:*")
    return len(words.split()) <= 6 and any(
        (found := language.farewells.match(words)) and found.end() == len(words) for language in languages().values()
    )
