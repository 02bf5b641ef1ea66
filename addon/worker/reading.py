"""Looking at one mail of a mailbox: its header first, the whole only where it concerns us; of private mail no more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

import structlog
from sqlalchemy.orm import Session

from addon.domain.inbox import answering, operations, queries, wanting
from addon.domain.inbox.arrival import Arrived, Received, arrived, chain, envelope_of_head
from addon.domain.inbox.wanting import Reading
from addon.domain.outgoing import proving
from addon.domain.ports.mailbox import AnswerLost, MailHead, Missing, RefusedForGood
from addon.domain.verdicts import Envelope
from addon.models import Mailbox
from addon.worker.turn import Turn

_log = structlog.get_logger()

_MOST_LOST = 3
"""Turns in which the answer about one mail was lost, though its header can be had."""
_MOST_LOST_WHOLLY = 12
"""The same where its header cannot be had either: more, for Gmail itself may be ill."""
_LOST: Counter[tuple[int, str]] = Counter()
"""How often the answer about a mail was lost, by mailbox and Gmail id. Forgotten with the process: then it begins anew.
"""


@dataclass(frozen=True, kw_only=True)
class Looked:
    """A mail that was looked at, ready to be stored. With neither `mail` nor `ref` it is nobody's business."""

    gmail_id: str
    thread_id: str
    ref: str = ""
    """Of a sent mail that says it is ours."""
    mail: Arrived | None = None
    sent_to: tuple[str, ...] = ()
    """Whom a sent mail without our mark went to."""
    old: bool = False
    """It was there before a person linked its thread."""
    message_ids: tuple[tuple[int, str], ...] = ()
    """(row of the ledger, Message-ID) of mails of ours that were read again to find what this one answers."""


class Reader:
    """Reads the mails of one turn. Network and reading transactions alternate; none is open while Gmail answers."""

    def __init__(self, turn: Turn, own: Collection[str]) -> None:
        self._turn = turn
        self._own = own
        self._threads: set[str] = set()
        self._ids: set[str] = set()

    def begin_slice(self) -> None:
        """What was read before is stored by now, and known from there."""
        self._threads.clear()
        self._ids.clear()

    def look(self, listed: MailHead) -> Looked | None:
        """None for a mail that is skipped (draft, spam, trash, chat) or gone by now: it is not remembered either."""
        if wanting.is_skipped(listed.labels):
            return None
        try:
            thread_known = self._is_known_thread(listed.thread_id)
            if thread_known and "SENT" not in listed.labels:
                return self._whole(listed.gmail_id)
            head = self._turn.before_call("head").head(listed.gmail_id)
            return None if wanting.is_skipped(head.labels) else self._by_head(head, thread_known=thread_known)
        except Missing:
            return None
        except (AnswerLost, RefusedForGood) as trouble:
            return self._passed_over(listed, trouble)

    def _passed_over(self, listed: MailHead, trouble: AnswerLost | RefusedForGood) -> Looked:
        """One mail that cannot be read does not keep its mailbox from everything else for ever. Raises the trouble
        as long as it may be Gmail's and not the mail's.
        """
        mail = (self._turn.mailbox_id, listed.gmail_id)
        if isinstance(trouble, AnswerLost):
            _LOST[mail] += 1
            if _LOST[mail] < _MOST_LOST:
                raise trouble
        head = self._head_of(listed.gmail_id)
        if head is None and isinstance(trouble, AnswerLost) and _LOST[mail] < _MOST_LOST_WHOLLY:
            raise trouble
        _LOST.pop(mail, None)
        _log.warning("mail_unreadable", mailbox=self._turn.mailbox_id, gmail_id=listed.gmail_id, code=trouble.code)
        told = envelope_of_head(head) if head is not None and "SENT" in head.labels else None
        looked = Looked(gmail_id=listed.gmail_id, thread_id=listed.thread_id, ref=told.ref if told else "")
        return looked if told is None else replace(looked, sent_to=_unmarked(told))

    def _head_of(self, gmail_id: str) -> MailHead | None:
        try:
            return self._turn.before_call("head").head(gmail_id)
        except (AnswerLost, Missing, RefusedForGood):
            return None

    def store(self, session: Session, mailbox: Mailbox, looked: Looked, *, at: datetime) -> Received:
        """Take in what was looked at, within the caller's transaction."""
        if looked.sent_to:
            proving.note_doubt(session, mailbox.id, looked.sent_to)
        for row_id, message_id in looked.message_ids:
            answering.note_message_id(session, row_id, message_id)
        if looked.mail is not None:
            return operations.receive(session, mailbox, looked.mail, at=at, old=looked.old)
        if looked.ref:
            return operations.note_proof(
                session, mailbox, gmail_id=looked.gmail_id, thread_id=looked.thread_id, ref=looked.ref, at=at
            )
        return operations.pass_over(session, mailbox, looked.gmail_id, at=at)

    def _by_head(self, head: MailHead, *, thread_known: bool) -> Looked | None:
        told = envelope_of_head(head)
        reading = wanting.wanted(head, self._known(head, told, thread_known=thread_known))
        sent_to = _unmarked(told) if "SENT" in head.labels else ()
        if reading is Reading.WHOLE:
            whole = self._whole(head.gmail_id)
            return replace(whole, sent_to=sent_to) if whole is not None else None
        ref = told.ref if reading is Reading.PROOF else ""
        return Looked(gmail_id=head.gmail_id, thread_id=head.thread_id, ref=ref, sent_to=sent_to)

    def _known(self, head: MailHead, told: Envelope, *, thread_known: bool) -> wanting.Known:
        with self._turn.reading() as session:
            known = queries.known_around(
                session,
                self._turn.mailbox_id,
                head.thread_id,
                told,
                thread_known=thread_known,
                sent="SENT" in head.labels or told.from_address in self._own,
                own=self._own,
            )
        # What this slice read a moment ago is not stored yet, and a later mail of it may belong to it.
        return replace(known, chain=known.chain or not self._ids.isdisjoint(chain(told)))

    def _is_known_thread(self, thread_id: str) -> bool:
        if thread_id in self._threads:
            return True
        with self._turn.reading() as session:
            return queries.known_thread(session, self._turn.mailbox_id, thread_id)

    def _whole(self, gmail_id: str) -> Looked | None:
        raw = self._turn.before_call("raw").raw(gmail_id)
        if wanting.is_skipped(raw.labels):
            return None
        mail = arrived(raw, own=self._own)
        self._threads.add(mail.thread_id)
        self._ids.update([mail.envelope.message_id] if mail.envelope.message_id else [])
        return Looked(gmail_id=mail.gmail_id, thread_id=mail.thread_id, mail=mail, message_ids=self._read_again(mail))

    def _read_again(self, mail: Arrived) -> tuple[tuple[int, str], ...]:
        """Gmail told nobody the Message-ID of what we sent; a reply outside its thread is found by nothing else."""
        with self._turn.reading() as session:
            rows = answering.to_read_again(session, self._turn.mailbox_id, mail)
        found: list[tuple[int, str]] = []
        for row_id, gmail_id in rows:
            try:
                head = self._turn.before_call("head").head(gmail_id)
            except Missing:
                continue
            if message_id := envelope_of_head(head).message_id:
                found.append((row_id, message_id))
        return tuple(found)


def _unmarked(sent: Envelope) -> tuple[str, ...]:
    """Whom a sent mail went to, if it does not say that it is ours."""
    return () if sent.ref else (*sent.to, *sent.cc)
