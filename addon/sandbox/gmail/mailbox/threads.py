"""Threads: several messages of one mailbox, changed together."""

from __future__ import annotations

from collections.abc import Sequence

from addon.sandbox.gmail.errors import not_found
from addon.sandbox.gmail.mailbox.accounts import Account
from addon.sandbox.gmail.mailbox.messages import Message, Messages
from addon.sandbox.gmail.store import Store


class Threads:
    """Reads and changes whole threads; labels belong to the messages, so this goes through them."""

    def __init__(self, store: Store, messages: Messages) -> None:
        self._store, self._messages = store, messages

    def get(self, account: Account, number: int | None) -> list[Message]:
        """The messages of a thread, oldest first; 404 where it has none."""
        with self._store.read() as db:
            found = self._messages.in_thread(db, account.number, -1 if number is None else number)
        if not found:
            raise not_found()
        return found

    def modify(self, account: Account, number: int | None, add: Sequence[str], remove: Sequence[str]) -> list[Message]:
        """Label every message of the thread but its drafts, which carry DRAFT only."""
        with self._store.write():
            found = self.get(account, number)
            mails = [message.id for message in found if "DRAFT" not in message.labels]
            self._messages.modify(account, mails, add, remove)
            return self.get(account, number)

    def delete(self, account: Account, number: int | None) -> None:
        """Purge the whole thread."""
        with self._store.write() as db:
            for message in self.get(account, number):
                self._messages.remove(db, message)
