"""What a page of Gmail's history says: which mails appeared, which are gone, and where history stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from addon.domain.ports.mailbox import HistoryPage, MailHead
from addon.integrations.gmail import mime

# Of labels only those that go are asked for: what a person takes out of spam or trash arrives at that moment.
TYPES = ["messageAdded", "messageDeleted", "labelRemoved"]
_HEAD = "message(id,threadId,labelIds)"
_MESSAGES = f"messagesAdded({_HEAD}),messagesDeleted(message(id,threadId)),labelsRemoved({_HEAD},labelIds)"
FIELDS = f"history({_MESSAGES}),nextPageToken,historyId"
_HIDDEN = frozenset({"SPAM", "TRASH"})


def page(answer: Mapping[str, Any], *, since: int) -> HistoryPage:
    """A page of the port out of Gmail's answer. Drafts are among the added ones: their labels tell.

    A mail that was taken out of spam or trash is given as added, with the labels that it has left.
    `history` is absent where nothing happened. An answer without a place in history leaves us where we were, so that
    nothing is skipped; the same mail may occur in several records and is given once.
    """
    records = mime.parts(answer, "history")
    return HistoryPage(
        added=list({**_once(records, "messagesAdded"), **_rescued(records)}.values()),
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


def _rescued(records: Iterable[Mapping[str, Any]]) -> dict[str, MailHead]:
    found: dict[str, MailHead] = {}
    for record in records:
        for each in mime.parts(record, "labelsRemoved"):
            taken = mime.labels(each) & _HIDDEN
            head = mime.head(mime.part(each, "message"))
            if taken and head.gmail_id:
                found[head.gmail_id] = replace(head, labels=head.labels - taken)
    return found
