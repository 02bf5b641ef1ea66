"""Faults within what Gmail does: headers that get lost, a thread that is not kept, a mail that never leaves."""

from __future__ import annotations

from addon.sandbox.gmail.fault_kinds import Kind
from addon.sandbox.gmail.faults import Faults
from addon.sandbox.gmail.mailbox.accounts import Account
from addon.sandbox.gmail.mailbox.mime import Mail


class Twists:
    """Asked by whoever drafts or sends, under the name of the REST method; mostly there is no such fault."""

    def __init__(self, faults: Faults) -> None:
        self._faults = faults

    def mail(self, method: str, account: Account, mail: Mail) -> Mail:
        """The mail as it is taken in: without the headers that a fault drops."""
        fault = self._faults.twist(Kind.HEADER_DROPPED, method, account.email)
        if fault is None:
            return mail
        lost = fault.header.lower()
        return mail.without(*(name for name, _ in mail.headers() if name.lower().startswith(lost)))

    def thread(self, method: str, account: Account, thread: int | None) -> int | None:
        """The thread that it gets: a new one (None) where a fault says so."""
        return None if self._faults.twist(Kind.THREAD_CHANGES, method, account.email) else thread

    def is_over_limit(self, method: str, account: Account) -> bool:
        """Whether the mail goes nowhere and a report comes back instead."""
        return self._faults.twist(Kind.LIMIT_BOUNCE, method, account.email) is not None
