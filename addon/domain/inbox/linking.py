"""Gathering what the ladder of certainty needs to know about an arrived mail (law 8)."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from addon.domain.inbox import queries, storing
from addon.domain.inbox.arrival import Arrived
from addon.domain.threads import matching
from addon.domain.threads import queries as threads
from addon.domain.threads.matching import Ask, Decision, LinkFacts, Nothing
from addon.models import Deal, LinkedHow, Outgoing, Recipient, Thread


def decide(
    session: Session, thread: Thread | None, mail: Arrived, answers: Outgoing | None, *, own: Collection[str]
) -> Decision | Ask | Nothing:
    """To which deal the mail's thread belongs."""
    live = threads.live_link(session, thread.id) if thread is not None else None
    if live is not None and live.deal.deleted_at is None:
        return Decision(LinkedHow(live.how), live.deal_id)
    return matching.decide(
        LinkFacts(
            by_reference=_by_reference(session, mail),
            by_campaign=_by_campaign(session, answers),
            open_deals=queries.open_deals_of(session, mail.people, own=own) if mail.is_conversation else (),
            refused=[link.deal_id for link in threads.links_ever(session, thread.id)] if thread is not None else (),
            dismissed=queries.is_settled(session, thread),
            conversation=mail.is_conversation,
        )
    )


def _by_reference(session: Session, mail: Arrived) -> list[int]:
    known = list(queries.messages_with_ids(session, mail.answered_ids))
    same = storing.stored(session, mail)
    return queries.deals_of_messages(session, {message.id for message in (*known, *([same] if same else []))})


def _by_campaign(session: Session, answers: Outgoing | None) -> int | None:
    if answers is None or answers.recipient_id is None:
        return None
    return session.scalar(
        select(Deal.id)
        .join(Recipient, Recipient.deal_id == Deal.id)
        .where(Recipient.id == answers.recipient_id, Deal.deleted_at.is_(None))
    )
