"""The port to a Gmail mailbox. Implementations never repeat a request by themselves.

Every call is one request on the wire (history, list and draft listings: one a page). What went wrong says whose trouble
it is and what is known about the effect; nothing above the port looks at a status code.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol


class MailboxTrouble(Exception):
    """Gmail did not do what was asked. `code` is a short word for the diary and the logs, never Gmail's text."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class AnswerLost(MailboxTrouble):
    """Time-out, reset or 5xx: the request may have had its effect, may have none, or may have it later."""


class RefusedForNow(MailboxTrouble):
    """Surely not done, and worth asking again: after `wait` seconds. `daily` is Gmail's limit for the day."""

    def __init__(self, code: str, *, wait: float, daily: bool = False) -> None:
        super().__init__(code)
        self.wait = wait
        self.daily = daily


class TokenRefused(MailboxTrouble):
    """401: surely not done; a fresh access token may help."""


class GrantLost(MailboxTrouble):
    """The person took our permission back, or it expired: nothing goes until they reconnect."""


class RefusedForGood(MailboxTrouble):
    """400, 413 and their like: surely not done, and asking again will not help."""


class Missing(MailboxTrouble):
    """404: there is no such thing now. Never a proof of what happened to it."""


class HistoryExpired(MailboxTrouble):
    """The cursor is older than what Gmail remembers."""


@dataclass(frozen=True)
class Profile:
    email: str
    history_id: int


@dataclass(frozen=True)
class MailHead:
    """Ids, labels and headers of a mail. Header names are lower case, values in order of appearance."""

    gmail_id: str
    thread_id: str
    labels: frozenset[str]
    headers: Mapping[str, Sequence[str]] = field(default_factory=dict)
    received_ms: int = 0

    def header(self, name: str) -> str:
        """The first value, or an empty string."""
        values = self.headers.get(name.lower(), ())
        return values[0] if values else ""


@dataclass(frozen=True)
class RawMail:
    """A mail whole: RFC 5322 bytes."""

    gmail_id: str
    thread_id: str
    labels: frozenset[str]
    raw: bytes
    received_ms: int = 0


@dataclass(frozen=True)
class Draft:
    draft_id: str
    message_id: str
    """Changes whenever the draft is edited."""
    thread_id: str


@dataclass(frozen=True)
class DraftSeen:
    """A draft as it stands: its head carries labels and the X-Dealthread-Ref header."""

    draft_id: str
    head: MailHead


@dataclass(frozen=True)
class DraftPage:
    drafts: Sequence[Draft]
    next_page: str | None


@dataclass(frozen=True)
class Sent:
    gmail_id: str
    thread_id: str


@dataclass(frozen=True)
class HistoryPage:
    """One page of history: mails that appeared (ids, thread, labels at that moment), and where history stands."""

    added: Sequence[MailHead]
    gone: Sequence[str]
    """Gmail ids of mails that were purged, drafts that were sent or changed among them."""
    history_id: int
    next_page: str | None


@dataclass(frozen=True)
class MailPage:
    """One page of a listing, newest first: (gmail id, thread id)."""

    mails: Sequence[tuple[str, str]]
    next_page: str | None


@dataclass(frozen=True)
class Watch:
    history_id: int
    ends_ms: int


class GmailMailbox(Protocol):
    """One mailbox, with its owner's grant. Every method may raise any MailboxTrouble."""

    def profile(self) -> Profile: ...

    def create_draft(self, raw: bytes, *, thread_id: str | None = None) -> Draft: ...

    def send_draft(self, draft_id: str) -> Sent: ...

    def delete_draft(self, draft_id: str) -> None:
        """Returns where Gmail answered 204: the proof that this draft was not sent. Raises Missing otherwise."""

    def draft(self, draft_id: str) -> DraftSeen:
        """Raises Missing."""

    def drafts(self, *, page: str | None = None) -> DraftPage: ...

    def thread(self, thread_id: str) -> Sequence[MailHead]:
        """The mails of a thread with the headers that proof needs. Raises Missing."""

    def history(self, since: int, *, page: str | None = None) -> HistoryPage:
        """Raises HistoryExpired."""

    def head(self, gmail_id: str) -> MailHead:
        """Raises Missing."""

    def raw(self, gmail_id: str) -> RawMail:
        """Raises Missing."""

    def mails(self, query: str, *, page: str | None = None) -> MailPage: ...

    def watch(self, topic: str) -> Watch: ...

    def stop_watch(self) -> None: ...

    def close(self) -> None:
        """Let go of the connection."""


@dataclass(frozen=True)
class AccessToken:
    """A short-lived token and when it ends, epoch seconds of the wall's clock."""

    token: str = field(repr=False)
    ends: float


class Google(Protocol):
    """What connects mailboxes: opens one with a token, and refreshes tokens."""

    def refresh(self, refresh_token: str) -> AccessToken:
        """One request. Raises GrantLost, AnswerLost, RefusedForNow."""

    def mailbox(self, access_token: str, *, message_token: str = "") -> GmailMailbox:
        """Open a mailbox; `message_token` is the add-on event's token for the open message."""


UNITS: Mapping[str, int] = {
    "profile": 1,
    "create_draft": 10,
    "send_draft": 100,
    "delete_draft": 10,
    "draft": 20,
    "drafts": 5,
    "thread": 40,
    "history": 2,
    "head": 20,
    "raw": 20,
    "mails": 5,
    "watch": 100,
    "stop_watch": 50,
}
"""Gmail's quota units a call, by method of the port (projects created on or after 2026-05-01)."""

HEADERS: Iterable[str] = (
    "From",
    "To",
    "Cc",
    "Subject",
    "Date",
    "Message-ID",
    "In-Reply-To",
    "References",
    "Auto-Submitted",
    "Content-Type",
    "X-Failed-Recipients",
    "X-Dealthread-Ref",
)
"""What is asked for of a mail that may turn out to be private: no more than linking needs."""
