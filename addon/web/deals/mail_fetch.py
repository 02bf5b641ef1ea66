"""Fetching one whole mail out of a mailbox, with its owner's grant, for the page that asked. Nothing of it is kept.

No transaction is open while Google answers. What is learned about the grant or about Gmail's pace is written down for
the worker, in the mailbox's name: sync, sending and this share the mailbox's units.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime

from addon import clock
from addon.domain.access import Viewer
from addon.domain.mailboxes import operations, queries, quota
from addon.domain.ports.mailbox import (
    UNITS,
    Google,
    GrantLost,
    MailboxTrouble,
    Missing,
    RawMail,
    RefusedForNow,
    TokenRefused,
)
from addon.domain.threads.whole_mails import Copy
from addon.models import Mailbox, User
from addon.web import services
from addon.web.seat import reading


class Unfetched(Exception):
    """No copy could be had: what went wrong with which."""

    def __init__(self, copy: Copy, trouble: MailboxTrouble) -> None:
        super().__init__(trouble.code)
        self.copy, self.trouble = copy, trouble


def fetch(copies: Sequence[Copy]) -> tuple[Copy, RawMail]:
    """The first of these copies that can be had. Raises Unfetched, for the first one's trouble."""
    first: Unfetched | None = None
    for copy in copies:
        try:
            return copy, _Fetching(copy).mail()
        except (Missing, GrantLost) as trouble:
            first = first or Unfetched(copy, trouble)
        except MailboxTrouble as trouble:
            raise first or Unfetched(copy, trouble) from None
    if first is None:
        raise LookupError("a mail that nobody has")
    raise first


class _Fetching:
    def __init__(self, copy: Copy) -> None:
        self._copy = copy
        self._google: Google = services.google().accounts
        with reading() as session:
            mailbox = session.get_one(Mailbox, copy.mailbox_id)
            self._machine = Viewer.machine(mailbox, session.get_one(User, mailbox.owner_id))

    def mail(self) -> RawMail:
        """Raises MailboxTrouble, after writing down what the worker should know of it."""
        try:
            token = self._token()
            self._pay()
            try:
                return self._raw(token)
            except TokenRefused:
                return self._raw(self._fresh_token())
        except MailboxTrouble as trouble:
            self._write_down(trouble)
            raise

    def _raw(self, token: str) -> RawMail:
        with closing(self._google.mailbox(token)) as gmail:
            return gmail.raw(self._copy.gmail_id)

    def _token(self) -> str:
        soon = clock.real_now() + operations.TOKEN_MARGIN
        with services.database().reading(self._machine) as session:
            token = queries.access_token(session, queries.get(session, self._copy.mailbox_id), good_until=soon)
        return token or self._fresh_token()

    def _fresh_token(self) -> str:
        with services.database().reading(self._machine) as session:
            refresh_token = queries.refresh_token(session, queries.get(session, self._copy.mailbox_id))
        if refresh_token is None or not self._copy.connected:
            raise GrantLost("no_grant")
        fresh = self._google.refresh(refresh_token)
        ends = datetime.fromtimestamp(fresh.ends, UTC)
        with services.database().writing(self._machine) as session:
            operations.keep_access_token(session, self._copy.mailbox_id, fresh.token, ends=ends)
        return fresh.token

    def _pay(self) -> None:
        cost = UNITS["raw"]
        with services.database().writing(self._machine) as session:
            got, wait = quota.reserve(
                session,
                self._copy.mailbox_id,
                at_least=cost,
                at_most=cost,
                limit=services.settings().units_per_minute,
            )
            _, daily = quota.waiting(session, self._copy.mailbox_id)
        if not got:
            raise _Rest("pace", wait=wait, daily=daily)

    def _write_down(self, trouble: MailboxTrouble) -> None:
        mailbox_id = self._copy.mailbox_id
        if isinstance(trouble, _Rest) or not isinstance(trouble, GrantLost | TokenRefused | RefusedForNow):
            return
        with services.database().writing(self._machine) as session:
            if isinstance(trouble, GrantLost):
                operations.lose_grant(session, mailbox_id, trouble.code, at=clock.now())
            elif isinstance(trouble, TokenRefused):
                operations.drop_access_token(session, mailbox_id)
            else:
                quota.back_off(session, mailbox_id, seconds=trouble.wait, daily=trouble.daily)


class _Rest(RefusedForNow):
    """Known before asking: the mailbox's minute is spent, or Gmail wants us to wait still."""
