"""What becomes of a mail at the door of a mailbox: filters and forwarding have their say before it is stored, then it
may be answered by the vacation responder."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from addon.sandbox.gmail.mailbox.accounts import Account
from addon.sandbox.gmail.mailbox.filters import Filters
from addon.sandbox.gmail.mailbox.forwarding import Forwarding
from addon.sandbox.gmail.mailbox.matching import Arriving
from addon.sandbox.gmail.mailbox.mime import Mail
from addon.sandbox.gmail.mailbox.send_as import SendAs
from addon.sandbox.gmail.mailbox.vacation import Vacation


@dataclass(frozen=True)
class Verdict:
    """The labels that a mail is stored with, and the addresses that it goes on to."""

    labels: tuple[str, ...]
    forwards: tuple[str, ...] = ()


class Door:
    """Asks filters first, then forwarding. Mail that lands in spam or trash goes nowhere and is not answered."""

    def __init__(self, filters: Filters, forwarding: Forwarding, vacation: Vacation, send_as: SendAs) -> None:
        self._filters, self._forwarding, self._vacation, self._send_as = filters, forwarding, vacation, send_as

    def verdict(self, account: Account, mail: Mail, labels: tuple[str, ...], date: int) -> Verdict:
        """What this mailbox does with a mail that comes at `date` (milliseconds) and would carry these labels."""
        own = self._send_as.addresses(account)
        applied = self._filters.fitting(account, Arriving(mail, labels, date=date, own=own))
        for one in applied:
            labels = _changed(labels, one.add, one.remove)
        forwards = [one.forward for one in applied if one.forward and self._forwarding.may_go_to(account, one.forward)]
        if {"SPAM", "TRASH"} & set(labels):
            return Verdict(labels)
        if everything := self._forwarding.everything(account):
            address, add, remove = everything
            forwards.append(address)
            labels = _changed(labels, add, remove)
        return Verdict(labels, tuple(dict.fromkeys(forwards)))

    def answer(
        self, db: sqlite3.Connection, account: Account, mail: Mail, labels: Sequence[str], *, sender: str, date: int
    ) -> Mail | None:
        """What the vacation responder says to a mail that has come in; None where it is silent."""
        return self._vacation.answer(db, account, mail, labels, sender=sender, date=date)


def _changed(labels: tuple[str, ...], add: tuple[str, ...], remove: tuple[str, ...]) -> tuple[str, ...]:
    gone = {*remove, *(("INBOX",) if "TRASH" in add else ())}
    if "SPAM" in labels and "SPAM" in remove:
        add = ("INBOX", *add)
    return tuple(dict.fromkeys([*(label for label in labels if label not in gone), *add]))
