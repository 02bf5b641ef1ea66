"""What a campaign's answers led to: which moved a deal, and who asked to be left out, by mail or by the link."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select, union
from sqlalchemy.orm import Session

from addon.domain.verdicts import Kind
from addon.models import (
    Activity,
    EvidenceKind,
    Message,
    MessageFacts,
    Outgoing,
    Reaction,
    Suppression,
    SuppressionReason,
)


@dataclass(frozen=True)
class Outcome:
    """A deal that a mail moved, as long as nobody took the move back."""

    deal_id: int
    stage: str
    by_sentence: bool
    """Whether it was a sentence of the mail that moved it."""


def outcomes(session: Session, message_ids: Collection[int]) -> dict[int, Outcome]:
    """By message. Each mail moves at most one deal by itself; of several the last is told."""
    rows = session.execute(
        select(Reaction.message_id, Reaction.deal_id, Activity)
        .join(Activity, Activity.id == Reaction.activity_id)
        .where(Reaction.message_id.in_(message_ids), Reaction.barred_at.is_(None))
        .order_by(Reaction.id)
    )
    return {message_id: _outcome(deal_id, move) for message_id, deal_id, move in rows}


def asked_to_stop(session: Session, run_id: int) -> int:
    """People who asked in a mail or pressed the link in one, each counted once."""
    by_mail = (
        select(Outgoing.address_key)
        .join(Message, Message.answers_id == Outgoing.id)
        .join(MessageFacts, MessageFacts.message_id == Message.id)
        .where(Outgoing.run_id == run_id, MessageFacts.kind == Kind.UNSUBSCRIBE)
    )
    by_link = select(Suppression.address_key).where(
        Suppression.run_id == run_id, Suppression.reason == SuppressionReason.UNSUBSCRIBED
    )
    return len(session.scalars(union(by_mail, by_link)).all())


def _outcome(deal_id: int, move: Activity) -> Outcome:
    texts = move.detail.texts if move.detail else {}
    return Outcome(deal_id, texts.get("entered", ""), move.evidence_kind == EvidenceKind.SENTENCE)
