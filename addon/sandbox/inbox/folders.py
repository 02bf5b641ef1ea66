"""The list of threads at the left, read over Gmail's interface; what did not change is not asked for again."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime

from addon.i18n import Words
from addon.sandbox.inbox.gmail import FOLDERS, Json, Mailbox, NoSuchMail
from addon.sandbox.inbox.reading import Mail, Person, mail_of

_KEPT = 2000


@dataclass(frozen=True)
class Row:
    """A thread in the list."""

    id: str
    who: str
    subject: str
    snippet: str
    at: datetime
    unread: bool


@dataclass(frozen=True)
class Page:
    rows: list[Row]
    more: str
    """Where the next page begins; empty at the end."""


class Folders:
    """Lists threads. A thread's row is kept for as long as its history id stays the same."""

    def __init__(self, words: Words) -> None:
        self._words = words
        self._kept: OrderedDict[tuple[str, str, str], Row] = OrderedDict()
        self._lock = threading.Lock()

    def page(self, mailbox: Mailbox, me: Person, folder: str, query: str, page: str = "") -> Page:
        """Newest first."""
        found = mailbox.threads(folder, query, page)
        rows = [row for thread in found.get("threads", []) if (row := self._row(mailbox, me, folder, thread))]
        rows.sort(key=lambda row: row.at, reverse=True)
        return Page(rows, str(found.get("nextPageToken", "")))

    def _row(self, mailbox: Mailbox, me: Person, folder: str, thread: Json) -> Row | None:
        key = (f"{me.email} {folder}", str(thread["id"]), str(thread.get("historyId", "")))
        with self._lock:
            if key in self._kept:
                return self._kept[key]
        try:
            row = self._read(mailbox.thread(thread["id"], full=False), me, folder)
        except NoSuchMail:  # gone since it was listed
            return None
        with self._lock:
            self._kept[key] = row
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return row

    def _read(self, thread: Json, me: Person, folder: str) -> Row:
        mails = [mail_of(message) for message in thread["messages"]]
        last = _last_of(mails, folder)
        return Row(
            id=str(thread["id"]),
            who=self._who(mails, last, me, folder),
            subject=mails[0].subject or self._words("sandbox.mail.no_subject"),
            snippet=last.snippet,
            at=last.at,
            unread=folder != "sent" and any(mail.unread for mail in mails),
        )

    def _who(self, mails: list[Mail], last: Mail, me: Person, folder: str) -> str:
        if folder in ("sent", "drafts"):
            to = last.to
            return self._words("sandbox.mail.to", name=to[0].shown if to else self._words("sandbox.mail.nobody"))
        others = [mail.sender for mail in mails if mail.sender.email.lower() != me.email and not mail.is_draft]
        return others[-1].shown if others else me.shown


def _last_of(mails: list[Mail], folder: str) -> Mail:
    """The newest mail of a thread that is in this folder; what was answered to it is elsewhere."""
    return next((mail for mail in reversed(mails) if FOLDERS[folder] in mail.labels), mails[-1])
