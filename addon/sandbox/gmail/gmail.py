"""The whole simulated Gmail in one object: what it holds, what it does, and what can be made to go wrong."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from addon.sandbox.gmail.calls import Calls
from addon.sandbox.gmail.faults import Faults
from addon.sandbox.gmail.ids import number_of, shown
from addon.sandbox.gmail.mailbox.accounts import Accounts
from addon.sandbox.gmail.mailbox.arrivals import Door
from addon.sandbox.gmail.mailbox.confirming import Confirming
from addon.sandbox.gmail.mailbox.conversations import joined
from addon.sandbox.gmail.mailbox.delegates import Delegates
from addon.sandbox.gmail.mailbox.drafts import Drafts
from addon.sandbox.gmail.mailbox.filters import Filters
from addon.sandbox.gmail.mailbox.forwarding import Forwarding
from addon.sandbox.gmail.mailbox.history import History
from addon.sandbox.gmail.mailbox.labels import Labels
from addon.sandbox.gmail.mailbox.listing import Listing
from addon.sandbox.gmail.mailbox.loading import Loading
from addon.sandbox.gmail.mailbox.messages import Messages
from addon.sandbox.gmail.mailbox.mime import Mail
from addon.sandbox.gmail.mailbox.outside import Outside
from addon.sandbox.gmail.mailbox.preferences import Preferences
from addon.sandbox.gmail.mailbox.send_as import SendAs
from addon.sandbox.gmail.mailbox.sending import Delivered, Sending, Sent
from addon.sandbox.gmail.mailbox.threads import Threads
from addon.sandbox.gmail.mailbox.vacation import Vacation
from addon.sandbox.gmail.mailbox.watches import Watches
from addon.sandbox.gmail.pushes import Pushes
from addon.sandbox.gmail.quota import Quota
from addon.sandbox.gmail.sign_in.clients import Clients
from addon.sandbox.gmail.sign_in.grants import Grants
from addon.sandbox.gmail.sign_in.keys import Keys
from addon.sandbox.gmail.store import Store


class Gmail:
    """Open the mailboxes in a file (or `:memory:`). Any thread may use it; close it at the end.

    Raises StoreInUse where another process has the file.
    """

    def __init__(self, path: str | Path = ":memory:") -> None:
        self.store = Store(path)
        self.closing = threading.Event()
        self.faults = Faults()
        self.accounts = Accounts(self.store)
        self.history = History(self.store, self.faults)
        self.labels = Labels(self.store)
        self.messages = Messages(self.store, self.history, self.labels)
        self.threads = Threads(self.store, self.messages)
        self.listing = Listing(self.store, self.labels, self.faults)
        self.confirming = Confirming()
        self.send_as = SendAs(self.store, self.confirming)
        self.preferences = Preferences(self.store)
        self.forwarding = Forwarding(self.store, self.preferences, self.confirming)
        self.filters = Filters(self.store, self.labels, self.forwarding)
        self.vacation = Vacation(self.store, self.preferences, self.send_as, self.listing)
        self.delegates = Delegates(self.store, self.accounts)
        self.quota = Quota()
        self.outside = Outside(self.store)
        self.sending = Sending(
            self.store,
            self.accounts,
            self.messages,
            self.send_as,
            self.outside,
            self.faults,
            Door(self.filters, self.forwarding, self.vacation, self.send_as),
            self.quota.allowance,
        )
        self.confirming.post = self.sending.hand_over
        self.drafts = Drafts(self.store, self.messages, self.sending, self.faults)
        self.loading = Loading(self.store, self.accounts, self.history, self.labels)
        self.watches = Watches(self.store)
        self.keys = Keys(self.store)
        self.clients = Clients(self.store)
        self.grants = Grants(self.store, self.accounts)
        self.calls = Calls()
        self.pushes = Pushes(self.accounts, self.watches, self.faults, self.keys.sign)
        self.history.on_change(self.pushes.changed)

    def deliver(
        self, raw: bytes, to: Iterable[str], *, at: datetime | None = None, labels: Iterable[str] = ("INBOX", "UNREAD")
    ) -> list[Delivered]:
        """A mail arrives from outside for these local addresses (at the world's now, unless `at` says when).

        It joins the thread that its References or In-Reply-To and its subject fit. Raises UnknownMailbox.
        """
        return self.sending.deliver(raw, to, at=at, labels=labels)

    def insert(self, email: str, raw: bytes, labels: Iterable[str], *, at: datetime | None = None) -> Delivered:
        """Put a mail into a mailbox as it is (a sent one of last week, say), threaded like any other."""
        account, mail = self.accounts.get(email), Mail(raw)
        date = None if at is None else int(at.timestamp() * 1000)
        with self.store.write() as db:
            thread = joined(db, account.number, mail)
            message = self.messages.add(db, account.number, mail, labels, thread=thread, date=date)
        return Delivered(account.email, shown(message.id), shown(message.thread))

    def on_sent(self, listener: Callable[[Sent], None]) -> None:
        """Call this for every mail that leaves a local mailbox, after its commit and outside locks.

        It runs in the thread that answers the sender, before the answer: be quick. What it raises is logged.
        After a restart, `outside.after(number)` gives what was missed.
        """
        self.sending.on_sent(listener)

    def access_token(
        self, email: str, scopes: Iterable[str], seconds: float = 3600, *, message_id: str | None = None
    ) -> str:
        """An access token for this mailbox; with `message_id`, one for that mail only (`X-Goog-Gmail-Access-Token`)."""
        number = None if message_id is None else number_of(message_id)
        return self.grants.access_token(email, scopes, seconds=seconds, message=number)

    def sign_id_token(self, claims: Mapping[str, Any]) -> str:
        """A signed ID token; iss, iat, exp and email_verified are filled in unless given. Times are epoch seconds."""
        return self.keys.sign(claims)

    def id_token(self, email: str, audience: str, **claims: Any) -> str:
        """The ID token of the person whose mailbox this is, as Google signs it for a client."""
        account = self.accounts.get(email)
        who = {"sub": account.sub, "email": account.email, "name": account.name or account.email}
        return self.keys.sign({"aud": audience, "azp": audience, **who, **claims})

    def close(self) -> None:
        """Stop pushing and close the file. Close servers first."""
        self.closing.set()
        self.pushes.close()
        self.store.close()
