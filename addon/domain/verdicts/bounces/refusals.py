"""Why a mail was refused, read from what the server said: the words of refusals.toml."""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from addon.domain.verdicts.facts import Severity
from addon.domain.verdicts.language.lexicon import folded

_GAP = "..."
_WIDEST_GAP = 8
# Many a host is called `spamfilter` and many a person `postmaster`: names tell nothing of the reason.
_NAMES = re.compile(
    r"[a-z]{2,8}://[^\s<>]{1,500}|[^\s<>@]{1,200}@[^\s<>,;:()@]{1,250}|(?<![\w.-])(?:[\w-]{1,63}\.){1,8}[a-z]{2,18}(?![\w-])"
)
_BLOCKLISTS = re.compile(
    r"spamhaus|spamcop|sorbs|dnsbl|rbl\b|barracudacentral|uceprotect|block-?list|black-?list|delist|unblock|[./]bl[./?]"
)
_CODES = re.compile(r"(?<![\w.])[245]\d\d[ -]#?(?:[245]\.\d{1,3}\.\d{1,3})?|[245]\.\d{1,3}\.\d{1,3}")
# A label that gateways put before whatever the server said.
_LABELS = re.compile(r"unknown\s+address\s+error|recipient\s+address\s+rejected:|\A\s*[a-z][\w-]{0,30};", re.IGNORECASE)
_WORDS = re.compile(r"[^\W_]+(?:'[^\W_]+)*|[.!?;](?=\s|$)|\n\s*\n")
_NO_ALPHABET = re.compile(r"[\u2e80-\ud7ff]")


@dataclass(frozen=True)
class Refusal:
    """One reason. Where it is `weak`, a status code that tells something is to be believed before it."""

    name: str
    severity: Severity
    weak: bool = False


_Phrase = tuple[int, tuple[str, ...]]
"""The rank of its reason, and the words after the first."""


class _Book:
    """The phrases of all reasons by their first word. A rank is a reason's place in the file: the surest first."""

    def __init__(self, told: Sequence[Mapping[str, Any]]) -> None:
        self.reasons = [Refusal(r["name"], Severity(r["severity"]), r.get("weak", False)) for r in told]
        self._whole: dict[str, list[_Phrase]] = defaultdict(list)
        self._begun: list[tuple[str, _Phrase]] = []
        self._unparted: list[tuple[str, int]] = []
        for rank, reason in enumerate(told):
            for phrase in reason["words"]:
                self._add(folded(phrase), rank)
        self._beginnings = tuple(beginning for beginning, _ in self._begun)

    def _add(self, phrase: str, rank: int) -> None:
        first, *rest = phrase.split()
        if _NO_ALPHABET.search(phrase):
            self._unparted.append((phrase, rank))
        elif first.endswith("*"):
            self._begun.append((first[:-1], (rank, tuple(rest))))
        else:
            self._whole[first].append((rank, tuple(rest)))

    def surest(self, text: str) -> int:
        """The least rank among the phrases in a folded text; the number of reasons where there is none."""
        best = min((rank for phrase, rank in self._unparted if phrase in text), default=len(self.reasons))
        told = _WORDS.findall(text)
        for place, word in enumerate(told):
            for rank, rest in self._beginning_with(word):
                if rank < best and _follows(told, place + 1, rest):
                    best = rank
        return best

    def _beginning_with(self, word: str) -> list[_Phrase]:
        phrases = self._whole.get(word, [])
        if word.startswith(self._beginnings):
            return [*phrases, *(phrase for beginning, phrase in self._begun if word.startswith(beginning))]
        return phrases


def refusal_in(words: str) -> Refusal | None:
    """The surest reason that these words tell, or None. Reads the first 2,000 characters."""
    book = _book()
    rank = book.surest(folded(_LABELS.sub(" ", _CODES.sub(" ", _NAMES.sub(_without_name, words[:2_000])))))
    return book.reasons[rank] if rank < len(book.reasons) else None


def _without_name(found: re.Match[str]) -> str:
    """A page or host of a list of senders tells that the sender is on it; other names tell nothing."""
    return " blocklist " if "@" not in found[0] and _BLOCKLISTS.search(found[0]) else " "


@cache
def _book() -> _Book:
    file = files(__package__) / "refusals.toml"
    return _Book(tomllib.loads(file.read_text("utf-8"))["reason"])


def _follows(told: Sequence[str], place: int, rest: Sequence[str]) -> bool:
    """Whether the rest of a phrase stands at this place, its gap filled by words of the same sentence."""
    for number, word in enumerate(rest):
        if word == _GAP:
            ends = _sentence_end(told, place, place + _WIDEST_GAP)
            return any(_follows(told, begin, rest[number + 1 :]) for begin in range(place, ends + 1))
        if place >= len(told) or not _is(told[place], word):
            return False
        place += 1
    return True


def _is(told: str, word: str) -> bool:
    return told.startswith(word[:-1]) if word.endswith("*") else told == word


def _sentence_end(told: Sequence[str], place: int, latest: int) -> int:
    latest = min(latest, len(told))
    return next((at for at in range(place, latest) if not told[at][0].isalnum()), latest)
