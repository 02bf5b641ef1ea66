"""Mails judged otherwise than expected, and why: read from the verdict itself, never from a list."""

from __future__ import annotations

from typing import NamedTuple

from addon.domain.verdicts import EvidenceKind, Judged
from addon.domain.verdicts.bounces.refusals import refusal_in

_SHORT = 90


class Mistake(NamedTuple):
    file: str
    about: str
    """What is wrong: "not found", "recipients", "severity", "false alarm", "reply text" ..."""
    expected: str
    told: str
    why: str


def why(about: str, judged: Judged, expected: str, told: str) -> str:
    """One line: what the verdict stood on, or what was missing."""
    if about == "severity":
        return _severity(judged)
    if about.startswith("reply"):
        return _reply(expected.split(), told.split())
    return _evidence(judged)


def _severity(judged: Judged) -> str:
    words = " ".join(one.text for one in judged.facts.evidence if one.kind is not EvidenceKind.HEADER)
    if not judged.facts.recipients:
        return f"nobody is named; {_evidence(judged)}"
    refusal = refusal_in(words)
    statuses = ", ".join(sorted({one.status for one in judged.facts.recipients if one.status})) or "no status"
    return f"{refusal.name if refusal else 'no reason in its words'} ({statuses}): {_cut(words)}"


def _reply(wanted: list[str], told: list[str]) -> str:
    same = next((at for at, (one, other) in enumerate(zip(wanted, told, strict=False)) if one != other), None)
    if same is not None:
        return f"differs from word {same + 1}: {_cut(' '.join(wanted[same:]))!r} is {_cut(' '.join(told[same:]))!r}"
    if len(told) > len(wanted):
        return f"{len(told) - len(wanted)} words too many: {_cut(' '.join(told[len(wanted) :]))!r}"
    return f"{len(wanted) - len(told)} words missing: {_cut(' '.join(wanted[len(told) :]))!r}"


def _evidence(judged: Judged) -> str:
    facts = judged.facts
    if facts.evidence:
        return "; ".join(f"{one.name}: {_cut(one.text)}" for one in facts.evidence[:3])
    envelope = judged.envelope
    return f"nothing speaks for another kind; From: {envelope.from_address}; Subject: {_cut(envelope.subject)}"


def _cut(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _SHORT else f"{text[: _SHORT - 3]}..."
