"""Receiving a mail: verdict -> link -> store -> settle -> rules, in one transaction, and again changes nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from addon.domain.activity import operations as activity
from addon.domain.contacts import queries as contacts
from addon.domain.inbox import linking, queries, settling, storing
from addon.domain.inbox.answering import answered
from addon.domain.inbox.arrival import Arrived, Received
from addon.domain.outgoing import operations as outgoing
from addon.domain.rules import operations as rules
from addon.domain.threads import operations as thread_operations
from addon.domain.threads import queries as threads
from addon.domain.threads.matching import Ask, Decision, Nothing
from addon.domain.verdicts import Evidence, EvidenceKind, Kind, MessageFacts
from addon.models import Activity, Deal, Mailbox, Message, Outgoing, Thread


def note_proof(
    session: Session, mailbox: Mailbox, *, gmail_id: str, thread_id: str, ref: str, at: datetime
) -> Received:
    """A SENT mail carries our reference: it is proof that one of ours went. No more than its id is kept."""
    ours = outgoing.note_sent_seen(
        session, mailbox_id=mailbox.id, gmail_id=gmail_id, thread_id=thread_id, ref=ref, at=at
    )
    storing.note_sighting(session, mailbox.id, gmail_id, at=at)
    return Received(proof=ours)


def pass_over(session: Session, mailbox: Mailbox, gmail_id: str, *, at: datetime) -> Received:
    """A mail that is nobody's business: its id is kept, so that it is not looked at again."""
    storing.note_sighting(session, mailbox.id, gmail_id, at=at)
    return Received()


def receive(session: Session, mailbox: Mailbox, mail: Arrived, *, at: datetime, old: bool = False) -> Received:
    """Take in a mail that was read whole and judged. An `old` one, read because its thread was linked later, moves no
    deal.
    """
    before = storing.sighting(session, mailbox.id, mail.gmail_id)
    if before is not None and before.message_id is not None:
        return Received(message_id=before.message_id, again=True)
    if "SENT" in mail.labels and mail.envelope.ref:
        return note_proof(
            session, mailbox, gmail_id=mail.gmail_id, thread_id=mail.thread_id, ref=mail.envelope.ref, at=at
        )
    answers = answered(session, mailbox.id, mail)
    thread = threads.by_gmail(session, mailbox.id, mail.thread_id)
    decision = linking.decide(session, thread, mail, answers, own=queries.own_addresses(session))
    if isinstance(decision, Nothing) and answers is None:
        return pass_over(session, mailbox, mail.gmail_id, at=at)
    thread = thread or thread_operations.ensure_thread(session, mailbox.id, mail.thread_id, at=at)
    return _keep(session, mailbox, thread, mail, answers, decision, at=at, old=old)


def _keep(
    session: Session,
    mailbox: Mailbox,
    thread: Thread,
    mail: Arrived,
    answers: Outgoing | None,
    decision: Decision | Ask | Nothing,
    *,
    at: datetime,
    old: bool,
) -> Received:
    asked_only = isinstance(decision, Ask) and answers is None
    message, is_new = storing.store(session, mail, answers=answers, asked_only=asked_only, at=at)
    storing.note_sighting(session, mailbox.id, mail.gmail_id, at=at, message=message, thread=thread)
    linked = asked = moved = None
    deal_id = decision.deal_id if isinstance(decision, Decision) else None
    if isinstance(decision, Decision):
        linked = thread_operations.link(session, thread, decision.deal_id, how=decision.how, at=at)
    elif isinstance(decision, Ask):
        asked = thread_operations.ask(session, thread, message.id, decision.candidates, at=at)
    noted = _note(session, message, mail, deal_id, at=at, cause=linked) if is_new else None
    cause = linked or noted
    settling.settle(session, mail, answers, at=at, cause=cause)
    if deal_id is not None and not old:
        moved = rules.react(session, message, _shown(mail), session.get_one(Deal, deal_id), at=at, cause=cause)
    return Received(
        message_id=message.id,
        deal_id=deal_id,
        linked=linked is not None,
        asked=asked is not None,
        moved=moved is not None,
    )


def _note(
    session: Session, message: Message, mail: Arrived, deal_id: int | None, *, at: datetime, cause: Activity | None
) -> Activity:
    """A mail stands once in the diary: of its deal, of the person who wrote it, or its own. Ids and codes only."""
    own = mail.kind is Kind.OWN
    sender = None if own or deal_id is not None else contacts.by_email(session, message.from_email)
    subject = ("message", message.id)
    if deal_id is not None:
        subject = ("deal", deal_id)
    elif sender is not None:
        subject = ("contact", sender.id)
    return activity.record(
        session,
        "mail.sent" if own else "mail.received",
        subject,
        at=at,
        after={"message_id": message.id, "kind": mail.kind, "answers_id": message.answers_id},
        cause=cause,
    )


def _shown(mail: Arrived) -> MessageFacts:
    """The facts with the sentence that a rule may show; it is kept only where a rule goes by it."""
    facts = mail.judged.facts
    if mail.telling is None:
        return facts
    sentence, position = mail.telling
    told = Evidence(kind=EvidenceKind.SENTENCE, name="answer", text=sentence, position=position)
    return replace(facts, evidence=(told, *facts.evidence))
