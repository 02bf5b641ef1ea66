"""The list of threads at the left, read over Gmail's interface; what did not change is not asked for again."""

from __future__ import annotations

import html
import threading
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import requests

from addon import clock
from addon.i18n import Words
from addon.sandbox.inbox.contacts import Contacts
from addon.sandbox.inbox.gmail import FOLDERS, PAGE, Json, Mailbox, NoSuchMail
from addon.sandbox.inbox.reading import Mail, Person, mail_of

_KEPT = 2000
_TRAIL = 20
"""Pages back that an address remembers; from further on, the way leads to the newest."""


@dataclass(frozen=True)
class Row:
    """A thread in the list."""

    id: str
    who: str
    subject: str
    snippet: str
    at: datetime
    unread: bool
    starred: bool = False
    mails: int = 1
    holds_files: bool = False
    labels: frozenset[str] = frozenset()
    """All labels of its mails, Gmail's own too."""
    draft: str = ""
    """The id of the message that is a draft, where the folder is that of drafts."""


@dataclass(frozen=True)
class Trail:
    """The way to a page: how many threads lie before it, and the tokens that led there, the newest last."""

    before: int = 0
    tokens: tuple[str, ...] = ()

    @classmethod
    def read(cls, text: str) -> Trail:
        """From an address; what makes no sense is the first page."""
        before, *tokens = text.split(".")
        return cls(int(before), tuple(tokens)) if before.isdecimal() and all(tokens) and tokens else cls()

    @property
    def token(self) -> str:
        return self.tokens[-1] if self.tokens else ""

    def __str__(self) -> str:
        return ".".join([str(self.before), *self.tokens]) if self.tokens else ""

    def older(self, token: str) -> str:
        return str(Trail(self.before + PAGE, (*self.tokens, token)[-_TRAIL:]))

    def newer(self) -> str:
        """Empty for the first page, and where the way back is forgotten."""
        return str(Trail(self.before - PAGE, self.tokens[:-1]))


@dataclass(frozen=True)
class Page:
    rows: list[Row]
    trail: Trail
    older: str
    """The next page's trail; empty at the end."""

    @property
    def first(self) -> int:
        return self.trail.before + 1

    @property
    def last(self) -> int:
        return self.trail.before + len(self.rows)


class Folders:
    """Lists threads. A thread's row is kept for as long as its history id stays the same."""

    def __init__(self, words: Words) -> None:
        self._words = words
        self.contacts = Contacts()
        self._kept: OrderedDict[tuple[str, str, str], Row] = OrderedDict()
        self._lock = threading.Lock()

    def page(self, mailbox: Mailbox, me: Person, folder: str, query: str, page: str = "") -> Page:
        """Newest first. `folder` is one of ours or a label's id."""
        trail = Trail.read(page)
        found = mailbox.threads(FOLDERS.get(folder, folder), query, trail.token)
        shown = "all" if query else folder
        rows: list[Row] = []
        for thread in found.get("threads", []):
            try:
                rows.append(self._row(mailbox, me, shown, thread))
            except NoSuchMail:  # gone since it was listed
                continue
            except requests.HTTPError:  # refused for now; the others need not go without
                rows.append(self._unread_row(thread, rows[-1].at if rows else clock.now()))
        rows.sort(key=lambda row: row.at, reverse=True)
        token = str(found.get("nextPageToken", ""))
        return Page(rows, trail, trail.older(token) if token else "")

    def forget(self, threads: Iterable[str]) -> None:
        """What is known of these threads: Gmail's id of a thread's history may stay when an older mail changes."""
        gone = set(threads)
        with self._lock:
            for key in [key for key in self._kept if key[1] in gone]:
                del self._kept[key]

    def _row(self, mailbox: Mailbox, me: Person, folder: str, thread: Json) -> Row:
        key = (f"{me.email} {folder}", str(thread["id"]), str(thread.get("historyId", "")))
        with self._lock:
            if key in self._kept:
                return self._kept[key]
        row = self._read(mailbox.thread(thread["id"], "metadata"), me, folder)
        with self._lock:
            self._kept[key] = row
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return row

    def _unread_row(self, thread: Json, at: datetime) -> Row:
        """What the listing alone tells, in the place where it stands."""
        words = html.unescape(str(thread.get("snippet", ""))) or self._words("sandbox.mail.no_subject")
        return Row(str(thread["id"]), self._words("sandbox.mail.not_read_yet"), words, "", at, unread=False)

    def _read(self, thread: Json, me: Person, folder: str) -> Row:
        mails = [mail_of(message) for message in thread["messages"]]
        self.contacts.note(me, mails)
        last = _last_of(mails, folder)
        return Row(
            id=str(thread["id"]),
            who=self._who(mails, last, me, folder),
            subject=mails[0].subject or self._words("sandbox.mail.no_subject"),
            snippet=last.snippet,
            at=last.at,
            unread=folder != "sent" and any(mail.unread for mail in mails),
            starred=any(mail.starred for mail in mails),
            mails=len(mails),
            holds_files=any(mail.holds_files for mail in mails),
            labels=frozenset(label for mail in mails for label in mail.labels),
            draft=last.id if folder == "drafts" else "",
        )

    def _who(self, mails: list[Mail], last: Mail, me: Person, folder: str) -> str:
        mine = all(mail.sender.email.lower() == me.email or mail.is_draft for mail in mails)
        if folder in ("sent", "drafts") or mine:
            to = last.to
            return self._words("sandbox.mail.to", name=to[0].shown if to else self._words("sandbox.mail.nobody"))
        others = [mail.sender for mail in mails if mail.sender.email.lower() != me.email and not mail.is_draft]
        return others[-1].shown


def _last_of(mails: list[Mail], folder: str) -> Mail:
    """The newest mail of a thread that is in this folder; what was answered to it is elsewhere."""
    label = FOLDERS.get(folder, folder)
    return next((mail for mail in reversed(mails) if label in mail.labels), mails[-1])
