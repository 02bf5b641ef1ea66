"""What a page of Gmail's history says: which mails appeared, which are gone, and where history stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from addon.domain.ports.mailbox import HistoryPage, MailHead
from addon.integrations.gmail import mime

# Labels coming and going say nothing about whether a mail was sent or arrived: they are not asked for.
TYPES = ["messageAdded", "messageDeleted"]
_MESSAGES = "messagesAdded(message(id,threadId,labelIds)),messagesDeleted(message(id,threadId))"
FIELDS = f"history({_MESSAGES}),nextPageToken,historyId"


def page(answer: Mapping[str, Any], *, since: int) -> HistoryPage:
    """A page of the port out of Gmail's answer. Drafts are among the added ones: their labels tell.

    `history` is absent where nothing happened. An answer without a place in history leaves us where we were, so that
    nothing is skipped; the same mail may occur in several records and is given once.
    """
    records = mime.parts(answer, "history")
    return HistoryPage(
        added=list(_once(records, "messagesAdded").values()),
        gone=list(_once(records, "messagesDeleted")),
        history_id=mime.number(answer, "historyId", since),
        next_page=mime.text(answer, "nextPageToken") or None,
    )


def _once(records: Iterable[Mapping[str, Any]], kind: str) -> dict[str, MailHead]:
    heads = (mime.head(mime.part(each, "message")) for record in records for each in mime.parts(record, kind))
    found: dict[str, MailHead] = {}
    for head in heads:
        if head.gmail_id:
            found.setdefault(head.gmail_id, head)
    return found
