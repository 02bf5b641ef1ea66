"""Bytes of a mail -> facts with evidence: what it is, whom it concerns, what the person said. Pure."""

from __future__ import annotations

from addon.domain.verdicts.facts import (
    CLASSIFIER,
    Attachment,
    CalendarFacts,
    Evidence,
    EvidenceKind,
    FailedRecipient,
    HeaderSeen,
    Judged,
    Kind,
    MessageFacts,
    Named,
    Said,
    Severity,
    What,
)
from addon.domain.verdicts.judging import judge, telling_sentence
from addon.domain.verdicts.mails.envelope import REF_HEADER, Envelope, envelope, identity
from addon.domain.verdicts.said.listening import hear_also
from addon.domain.verdicts.said.reading import PhraseRefused
from addon.domain.verdicts.storing import from_json, to_json

__all__ = [
    "CLASSIFIER",
    "REF_HEADER",
    "Attachment",
    "CalendarFacts",
    "Envelope",
    "Evidence",
    "EvidenceKind",
    "FailedRecipient",
    "HeaderSeen",
    "Judged",
    "Kind",
    "MessageFacts",
    "Named",
    "PhraseRefused",
    "Said",
    "Severity",
    "What",
    "envelope",
    "from_json",
    "hear_also",
    "identity",
    "judge",
    "telling_sentence",
    "to_json",
]
