"""Drafts: the id of a draft stays, the message inside is a new one at every update, and sending uses the draft up."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from addon.sandbox.gmail.errors import not_found
from addon.sandbox.gmail.faults import Faults
from addon.sandbox.gmail.ids import mint
from addon.sandbox.gmail.mailbox import conversations
from addon.sandbox.gmail.mailbox.accounts import Account
from addon.sandbox.gmail.mailbox.messages import Message, Messages
from addon.sandbox.gmail.mailbox.mime import Mail
from addon.sandbox.gmail.mailbox.sending import Sending
from addon.sandbox.gmail.mailbox.twists import Twists
from addon.sandbox.gmail.store import Store


@dataclass(frozen=True)
class Draft:
    """A draft and the message that is in it now."""

    id: int
    message: Message


class Drafts:
    """Writes, changes, sends and drops drafts. The store has one writer, so one draft can be sent once only."""

    def __init__(self, store: Store, messages: Messages, sending: Sending, faults: Faults) -> None:
        self._store, self._messages, self._sending = store, messages, sending
        self._twists = Twists(faults)

    def create(self, account: Account, mail: Mail, thread: int | None) -> Draft:
        """Store a draft, in the wanted thread where its headers and subject fit it."""
        with self._store.write() as db:
            joined = conversations.asked_for(db, account.number, mail, thread)
            mail = self._twists.mail("drafts.create", account, mail)
            joined = self._twists.thread("drafts.create", account, joined)
            message = self._store_message(db, account, mail, joined)
            number = mint()
            db.execute(
                "INSERT INTO drafts (id, account, message) VALUES (?, ?, ?)", (number, account.number, message.id)
            )
        return Draft(number, message)

    def get(self, account: Account, number: int | None) -> Draft:
        """One draft; 404 when it was sent or dropped."""
        with self._store.read() as db:
            return self._find(db, account, number)

    def holding(self, account: Account, messages: list[Message]) -> list[Draft]:
        """The drafts around these messages, in their order."""
        with self._store.read() as db:
            marks = ", ".join("?" * len(messages))
            rows = db.execute(f"SELECT message, id FROM drafts WHERE message IN ({marks})", [m.id for m in messages])
            found = dict(rows.fetchall())
        return [Draft(found[message.id], message) for message in messages if message.id in found]

    def update(self, account: Account, number: int | None, mail: Mail, thread: int | None) -> Draft:
        """Replace what is in a draft. Without a thread named, it stays where it is."""
        with self._store.write() as db:
            draft = self._find(db, account, number)
            return self._replace(db, account, draft, self._twists.mail("drafts.update", account, mail), thread)

    def send(
        self, account: Account, number: int | None, mail: Mail | None = None, thread: int | None = None
    ) -> Message:
        """Send a draft (with other content, if given) and use it up: a second time is 404."""
        with self._store.write() as db:
            draft = self._find(db, account, number)
            if mail is not None:
                draft = self._replace(db, account, draft, mail, thread)
            leaving = Mail(self._messages.raw(draft.message))
            self._messages.remove(db, draft.message)
            return self._sending.post(db, account, leaving, draft.message.thread, method="drafts.send")

    def delete(self, account: Account, number: int | None) -> None:
        """Drop a draft for good; 404 when it is no longer there."""
        with self._store.write() as db:
            self._messages.remove(db, self._find(db, account, number).message)

    def _find(self, db: sqlite3.Connection, account: Account, number: int | None) -> Draft:
        row = db.execute("SELECT message FROM drafts WHERE id = ? AND account = ?", (number, account.number)).fetchone()
        if row is None or number is None:
            raise not_found()
        return Draft(number, self._messages.find(account, row[0]))

    def _replace(self, db: sqlite3.Connection, account: Account, draft: Draft, mail: Mail, thread: int | None) -> Draft:
        joined = draft.message.thread
        if thread is not None and thread != joined:
            wanted = conversations.asked_for(db, account.number, mail, thread)
            joined = joined if wanted is None else wanted
        self._messages.remove(db, draft.message)
        message = self._store_message(db, account, mail, joined)
        db.execute("INSERT INTO drafts (id, account, message) VALUES (?, ?, ?)", (draft.id, account.number, message.id))
        return Draft(draft.id, message)

    def _store_message(self, db: sqlite3.Connection, account: Account, mail: Mail, thread: int | None) -> Message:
        mail = self._sending.with_sender(account, mail)
        return self._messages.add(db, account.number, mail, ("DRAFT",), thread=thread)
