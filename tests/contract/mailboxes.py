"""Mailboxes to hold against the port: each stands for a way to reach a Gmail, with what a test needs around it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass

from addon.domain.ports.mailbox import GmailMailbox
from addon.integrations.google.consent import MAIL_SCOPES
from addon.integrations.google.endpoints import Endpoints
from addon.integrations.google.oauth import GoogleAccounts
from addon.sandbox.gmail import Gmail, serve

ANNA, BEN = "anna@halyard.example", "ben@halyard.example"
CLIENT, SECRET = "client-1", "secret-1"
CALL_SECONDS, IMPATIENT_SECONDS = 10.0, 0.5


@dataclass
class Place:
    """A Gmail with Anna's and Ben's mailboxes; `mailbox` is Anna's."""

    gmail: Gmail
    accounts: GoogleAccounts
    impatient: GoogleAccounts
    """The same, with calls that end before a test gets long."""
    mailbox: GmailMailbox
    url: str

    def opened(self, email: str = ANNA, *, seconds: float = 3600) -> GmailMailbox:
        return self.accounts.mailbox(self.gmail.access_token(email, MAIL_SCOPES, seconds))

    def opened_impatiently(self) -> GmailMailbox:
        return self.impatient.mailbox(self.gmail.access_token(ANNA, MAIL_SCOPES, 3600))

    def arrive(self, text: str, to: str = ANNA) -> tuple[str, str]:
        """A mail from outside; its id and its thread's."""
        delivered = self.gmail.deliver(text.replace("\n", "\r\n").encode(), [to])[0]
        return delivered.message_id, delivered.thread_id


@contextmanager
def over_http() -> Iterator[Place]:
    """The real client against the simulator, over HTTP."""
    gmail = Gmail()
    gmail.accounts.add(ANNA, name="Anna Kowalczyk")
    gmail.accounts.add(BEN, name="Ben Ode")
    gmail.clients.add(CLIENT, SECRET, ["http://localhost/connected"])
    with serve(gmail) as server:
        accounts, impatient = (
            GoogleAccounts(Endpoints.at(server.url), client_id=CLIENT, client_secret=SECRET, call_seconds=seconds)
            for seconds in (CALL_SECONDS, IMPATIENT_SECONDS)
        )
        mailbox = accounts.mailbox(gmail.access_token(ANNA, MAIL_SCOPES, 3600))
        yield Place(gmail, accounts, impatient, mailbox, server.url)
        mailbox.close()
        accounts.close()
        impatient.close()
    gmail.close()


PLACES: dict[str, Callable[[], AbstractContextManager[Place]]] = {"over HTTP": over_http}
