"""A mail leaves a mailbox and reaches others: what Gmail rewrites on the way, who gets a copy, who is told.

The sender keeps a copy with Bcc; recipients get one without. From is rewritten to the account unless it is one of its
send-as addresses, and the Message-ID becomes Gmail's own.
"""

from __future__ import annotations

import logging
import re
import secrets
import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime, formataddr

from addon import clock
from addon.sandbox.gmail.errors import invalid
from addon.sandbox.gmail.faults import Faults
from addon.sandbox.gmail.ids import mint, shown
from addon.sandbox.gmail.mailbox import conversations
from addon.sandbox.gmail.mailbox.accounts import Account, Accounts, fold
from addon.sandbox.gmail.mailbox.allowance import Allowance
from addon.sandbox.gmail.mailbox.arrivals import Door
from addon.sandbox.gmail.mailbox.forwarding import redirected
from addon.sandbox.gmail.mailbox.limit_report import limit_report
from addon.sandbox.gmail.mailbox.messages import Message, Messages
from addon.sandbox.gmail.mailbox.mime import Mail
from addon.sandbox.gmail.mailbox.outside import Outside
from addon.sandbox.gmail.mailbox.send_as import SendAs
from addon.sandbox.gmail.mailbox.twists import Twists
from addon.sandbox.gmail.store import Store

LARGEST = 36_700_160
"""Bytes of a mail that may be sent."""

_MOST_RECIPIENTS = 2000
_ADDRESS = re.compile(r"[^@\s<>,;\"]+@[^@\s<>,;\".]+(?:\.[^@\s<>,;\".]+)*")
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Sent:
    """A mail that has left. `raw` is what recipients got; ids are the sender's, as the REST interface shows them."""

    sender: str
    recipients: tuple[str, ...]
    outside: tuple[str, ...]
    raw: bytes
    message_id: str
    thread_id: str
    rfc_id: str
    at: datetime


@dataclass(frozen=True)
class Delivered:
    """Where a mail arrived; ids as the REST interface shows them."""

    email: str
    message_id: str
    thread_id: str


class Sending:
    """The way out of a mailbox, and the way in."""

    def __init__(
        self,
        store: Store,
        accounts: Accounts,
        messages: Messages,
        send_as: SendAs,
        outside: Outside,
        faults: Faults,
        door: Door,
        allowance: Allowance,
    ) -> None:
        self._store, self._accounts, self._messages = store, accounts, messages
        self._send_as, self._outside, self._twists = send_as, outside, Twists(faults)
        self._listeners: list[Callable[[Sent], None]] = []
        self._door, self._allowance = door, allowance

    def on_sent(self, listener: Callable[[Sent], None]) -> None:
        """Call this for every mail that leaves, after its commit and outside locks, before Gmail answers: be quick."""
        self._listeners.append(listener)

    def send(self, account: Account, mail: Mail, thread: int | None) -> Message:
        """Send a mail, in the wanted thread where its headers and subject fit it. 400 without a recipient."""
        with self._store.write() as db:
            return self.post(db, account, mail, conversations.asked_for(db, account.number, mail, thread))

    def post(
        self,
        db: sqlite3.Connection,
        account: Account,
        mail: Mail,
        thread: int | None,
        *,
        method: str = "messages.send",
    ) -> Message:
        """Store the sender's copy in this thread and hand the mail to everyone it is addressed to.

        `method` is the REST method by which it leaves: faults may be for one of them only.
        """
        recipients = recipients_of(mail)
        now = clock.now()
        self._allowance.check(db, account, now)
        mail = self._as_sent(account, self._twists.mail(method, account, mail), now)
        thread = self._twists.thread(method, account, thread)
        local, outside = self._split(recipients)
        labels: tuple[str, ...] = ("SENT",)
        if account in local.values():
            labels = self._door.verdict(account, mail, ("UNREAD", "SENT", "INBOX"), _milliseconds(now)).labels
        stored = self._messages.add(db, account.number, mail, labels, thread=thread)
        self._allowance.note(db, account, stored)
        if self._twists.is_over_limit(method, account):
            report = Mail(limit_report(mail, account.email, recipients, now))
            self._arrive(db, account, account.email, report, sender="", date=stored.date)
            return stored
        arriving = mail.without("Bcc")
        for address, reached in local.items():
            if reached != account:
                self._arrive(db, reached, address, arriving, sender=account.email, date=stored.date)
        self._outside.take(db, outside, sender=account.email, mail=arriving, message=stored.id, date=stored.date)
        sent = Sent(
            sender=account.email,
            recipients=tuple(recipients),
            outside=tuple(outside),
            raw=arriving.raw(),
            message_id=shown(stored.id),
            thread_id=shown(stored.thread),
            rfc_id=mail.message_id,
            at=now,
        )
        self._store.after_commit(lambda: self._tell(sent))
        return stored

    def deliver(
        self, raw: bytes, to: Iterable[str], *, at: datetime | None = None, labels: Iterable[str] = ("INBOX", "UNREAD")
    ) -> list[Delivered]:
        """A mail arrives from outside for these mailboxes, one copy each. Raises UnknownMailbox for others."""
        mail = Mail(raw)
        date = _milliseconds(at or clock.now())
        sender = next((address for _, address in mail.addresses("Return-Path", "From")), "")
        reached = {account.number: (address, account) for address in to for account in [self._mailbox(address)]}
        with self._store.write() as db:
            arrived = [
                self._arrive(db, account, address, mail, sender=sender, date=date, labels=tuple(labels))
                for address, account in reached.values()
            ]
        emails = [account.email for _, account in reached.values()]
        return [
            Delivered(email, shown(message.id), shown(message.thread))
            for email, message in zip(emails, arrived, strict=True)
        ]

    def _mailbox(self, address: str) -> Account:
        return self._accounts.receiving(address) or self._accounts.get(address)

    def _split(self, recipients: list[str]) -> tuple[dict[str, Account], list[str]]:
        """Local mailboxes by the address that reached each first, and the addresses outside."""
        local: dict[str, Account] = {}
        outside: list[str] = []
        for address in recipients:
            account = self._accounts.receiving(address)
            if account is None:
                outside.append(address)
            elif account not in local.values():
                local[address] = account
        return local, outside

    def _as_sent(self, account: Account, mail: Mail, now: datetime) -> Mail:
        stamp = format_datetime(now)
        mail = self.with_sender(account, mail).with_header(
            "Message-ID", f"<CA{secrets.token_urlsafe(36)}@mail.gmail.com>"
        )
        if not mail.first("Date"):
            mail = mail.with_header("Date", stamp)
        if not mail.first("MIME-Version"):
            mail = mail.with_header("MIME-Version", "1.0")
        return mail.with_first([("Received", f"from unknown by gmailapi.google.com with HTTPREST; {stamp}")])

    def with_sender(self, account: Account, mail: Mail) -> Mail:
        """The mail with a From that this account may use; without any, it is the default address."""
        named = mail.addresses("From")
        if not named:
            usual = self._send_as.default(account)
            return mail.with_header("From", formataddr((usual["displayName"] or account.name, usual["sendAsEmail"])))
        if len(named) == 1 and fold(named[0][1]) in self._send_as.addresses(account):
            return mail
        name = account.name or named[0][0]
        return mail.with_header("From", formataddr((name, account.email)))

    def _arrive(
        self,
        db: sqlite3.Connection,
        account: Account,
        address: str,
        mail: Mail,
        *,
        sender: str,
        date: int,
        labels: tuple[str, ...] = ("INBOX", "UNREAD"),
    ) -> Message:
        thread = conversations.joined(db, account.number, mail)
        verdict = self._door.verdict(account, mail, labels, date)
        envelope = [("Delivered-To", address)]
        if not mail.first("Return-Path"):
            envelope.append(("Return-Path", f"<{sender}>"))
        if not mail.message_id:
            envelope.append(("Message-ID", f"<{secrets.token_hex(12)}@mx.google.com>"))
        whole = mail.with_first(envelope)
        stored = self._messages.add(db, account.number, whole, verdict.labels, thread=thread, date=date)
        for target in verdict.forwards:
            self._forward(db, account, mail, target)
        answer = self._door.answer(db, account, whole, verdict.labels, sender=sender, date=date)
        if answer is not None and not self._allowance.is_spent(db, account, clock.now()):
            self.post(db, account, answer, stored.thread, method="vacation")
        return stored

    def _forward(self, db: sqlite3.Connection, account: Account, mail: Mail, target: str) -> None:
        going_on = redirected(account, mail, target)
        if going_on is not None:
            self.hand_over(db, account, target, going_on, account.email)

    def hand_over(self, db: sqlite3.Connection, account: Account, address: str, mail: Mail, sender: str) -> None:
        """Bring a mail to one address, here or outside, without a copy for the account on whose behalf it goes."""
        reached, date = self._accounts.receiving(address), _milliseconds(clock.now())
        if reached is not None:
            self._arrive(db, reached, address, mail, sender=sender, date=date)
        else:
            self._outside.take(db, [address], sender=account.email, mail=mail, message=mint(), date=date)

    def _tell(self, sent: Sent) -> None:
        for listener in self._listeners:
            try:
                listener(sent)
            except Exception:  # the mail has left; whoever listens cannot take that back
                _log.exception("A listener failed after a mail had left.")


def recipients_of(mail: Mail) -> list[str]:
    """Everybody in To, Cc and Bcc, folded, each once. 400 where nobody, somebody impossible, or too many."""
    found: dict[str, None] = {}
    for header in ("To", "Cc", "Bcc"):
        for _, address in mail.addresses(header):
            if not _ADDRESS.fullmatch(address):
                raise invalid(f"Invalid {header} header")
            found[fold(address)] = None
    if not found:
        raise invalid("Recipient address required")
    if len(found) > _MOST_RECIPIENTS:
        raise invalid("Too many recipients")
    return list(found)


def _milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
