"""What came back: replies, bounces and automatic answers to a campaign's mails, as far as the viewer may see them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from addon.domain.campaigns import queries
from addon.domain.threads import queries as threads
from addon.domain.threads import sharing
from addon.domain.verdicts import storing
from addon.domain.verdicts.facts import EvidenceKind, Kind, What
from addon.models import Evidence, Message, MessageFacts, Outgoing, Recipient, Sharing


@dataclass(frozen=True, kw_only=True)
class Answer:
    message_id: int
    recipient_id: int | None
    contact_id: int | None
    deal_id: int | None
    email: str
    """Of the recipient, as uploaded."""
    from_name: str
    kind: Kind
    wants_out: bool
    """Whether a person asked in words to be left out."""
    subject: str
    """Empty where its mailbox's owner shares less."""
    quote: str
    """The sentence that tells; empty where the owner shares less, or where none was found."""
    received_at: datetime


def of_campaign(session: Session, campaign_id: int, *, limit: int = 200) -> Sequence[Answer]:
    """Newest first. Raises NotFound."""
    campaign = queries.get(session, campaign_id)
    rows = session.execute(
        select(Message, MessageFacts, Recipient)
        .join(Outgoing, Outgoing.id == Message.answers_id)
        .join(MessageFacts, MessageFacts.message_id == Message.id)
        .outerjoin(Recipient, Recipient.id == Outgoing.recipient_id)
        .where(Outgoing.run_id == campaign.run_id)
        .order_by(Message.received_at.desc(), Message.id.desc())
        .limit(limit)
    )
    return [_answer(session, message, facts, recipient) for message, facts, recipient in rows]


def counts(session: Session, campaign_id: int) -> dict[Kind, int]:
    """How many answers of each kind. Raises NotFound."""
    campaign = queries.get(session, campaign_id)
    rows = session.execute(
        select(MessageFacts.kind, func.count(Message.id))
        .join(Message, Message.id == MessageFacts.message_id)
        .join(Outgoing, Outgoing.id == Message.answers_id)
        .where(Outgoing.run_id == campaign.run_id)
        .group_by(MessageFacts.kind)
    )
    return {Kind(kind): number for kind, number in rows}


def _answer(session: Session, message: Message, facts: MessageFacts, recipient: Recipient | None) -> Answer:
    level = threads.level_of_message(session, message.id)
    return Answer(
        message_id=message.id,
        recipient_id=recipient.id if recipient else None,
        contact_id=recipient.contact_id if recipient else None,
        deal_id=recipient.deal_id if recipient else None,
        email=recipient.email if recipient else message.from_email,
        from_name=message.from_name,
        kind=Kind(facts.kind),
        wants_out=_wants_out(facts),
        subject=message.subject if sharing.allows(level, Sharing.SUBJECT) else "",
        quote=_quote(session, facts) if sharing.allows(level, Sharing.QUOTE) else "",
        received_at=message.received_at,
    )


def _wants_out(stored: MessageFacts) -> bool:
    said = stored.facts.get("said", ())
    return stored.kind == Kind.HUMAN and any(hit["what"] == What.REMOVE_ME for hit in said)


def _quote(session: Session, stored: MessageFacts) -> str:
    """The very sentence that moved a deal, where one did."""
    shown = Evidence.message_id == stored.message_id, Evidence.kind == EvidenceKind.SENTENCE
    acted = session.scalars(select(Evidence).where(*shown).order_by(Evidence.id.desc()).limit(1)).first()
    if acted is not None:
        return acted.quote or ""
    facts = storing.from_json(stored.facts)
    sentences = [evidence.text for evidence in facts.evidence if evidence.kind is EvidenceKind.SENTENCE]
    return next(iter([*sentences, *(said.sentence for said in facts.said)]), "")
