"""What a person does to threads: archive, bin, star, label. Decided mail by mail, so that it can be taken back exactly.

Labels belong to mails, not to threads: an undo gives each mail back what it had and no other.
"""

from __future__ import annotations

import threading
import uuid
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

from addon.sandbox.inbox.gmail import FOLDERS, Json, Mailbox, NoSuchMail

_BOTH: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "archive": ((), ("INBOX",)),
    "inbox": (("INBOX",), ("SPAM", "TRASH")),
    "bin": (("TRASH",), ("INBOX", "SPAM")),
    "spam": (("SPAM",), ("INBOX", "TRASH")),
    "read": ((), ("UNREAD",)),
    "unread": (("UNREAD",), ()),
    "star": (("STARRED",), ()),
    "unstar": ((), ("STARRED",)),
    "important": (("IMPORTANT",), ()),
    "unimportant": ((), ("IMPORTANT",)),
}
"""Labels that an act adds and takes away."""
_NEWEST_ONLY = ("star", "unread")
ACTS = frozenset(_BOTH) | {"label", "unlabel", "move"}
LEAVING = frozenset({"archive", "inbox", "bin", "spam", "unread", "move"})
"""Acts after which one is back in the list."""
_KEPT = 500


@dataclass(frozen=True)
class Change:
    """Labels of some messages."""

    messages: tuple[str, ...]
    add: tuple[str, ...]
    remove: tuple[str, ...]


@dataclass(frozen=True)
class Done:
    """What an act did, and how to take it back."""

    threads: tuple[str, ...]
    back: tuple[Change, ...]


def labels_of(act: str, label: str, folder: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What an act adds and takes away; `label` is what it names, `folder` where it is done."""
    if act == "label":
        return (label,), ()
    if act == "unlabel":
        return (), (label,)
    if act == "move":
        here = FOLDERS.get(folder, folder)
        left = {"INBOX", "SPAM", "TRASH", here} - {label, "", "SENT", "DRAFT", "STARRED", "IMPORTANT"}
        return (label,), tuple(sorted(left))
    return _BOTH[act]


def perform(mailbox: Mailbox, threads: Sequence[str], act: str, *, label: str = "", folder: str = "") -> Done:
    """Change the threads' mails. Those that are gone meanwhile are passed over; drafts keep their one label."""
    add, remove = labels_of(act, label, folder)
    there: dict[tuple[tuple[str, ...], tuple[str, ...]], list[str]] = {}
    back: dict[tuple[tuple[str, ...], tuple[str, ...]], list[str]] = {}
    reached = []
    for thread in threads:
        try:
            mails = _mails(mailbox, thread)
        except NoSuchMail:
            continue
        reached.append(thread)
        for id, had in mails[-1:] if act in _NEWEST_ONLY else mails:
            new, old = tuple(each for each in add if each not in had), tuple(each for each in remove if each in had)
            if new or old:
                there.setdefault((new, old), []).append(id)
                back.setdefault((old, new), []).append(id)
    for (new, old), ids in there.items():
        mailbox.modify(ids, new, old)
    return Done(tuple(reached), tuple(Change(tuple(ids), *both) for both, ids in back.items()))


def _mails(mailbox: Mailbox, thread: str) -> list[tuple[str, list[str]]]:
    """The thread's mails but its drafts, oldest first, with their labels."""
    found: list[Json] = mailbox.thread(thread, "minimal")["messages"]
    labelled = [(str(message["id"]), list(message.get("labelIds", []))) for message in found]
    return [(id, labels) for id, labels in labelled if "DRAFT" not in labels]


def discard_drafts(mailbox: Mailbox, threads: Sequence[str]) -> int:
    """Throw away the drafts of these threads; how many there were."""
    known, gone = mailbox.drafts(), 0
    for thread in threads:
        for message in mailbox.thread(thread, "minimal")["messages"]:
            if message["id"] in known:
                mailbox.delete_draft(known[message["id"]])
                gone += 1
    return gone


def delete_forever(mailbox: Mailbox, threads: Sequence[str], label: str) -> int:
    """Delete what of these threads lies in the bin (or among spam); how many threads had any."""
    gone = 0
    for thread in threads:
        try:
            doomed = [id for id, labels in _mails(mailbox, thread) if label in labels]
        except NoSuchMail:
            continue
        mailbox.delete(doomed)
        gone += bool(doomed)
    return gone


class Undos:
    """What can be taken back, by a number that only its person knows. The oldest are forgotten first."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, str], Done] = OrderedDict()
        self._lock = threading.Lock()

    def keep(self, email: str, done: Done) -> str:
        """A number for taking it back; empty where nothing was changed."""
        if not done.back:
            return ""
        number = uuid.uuid4().hex
        with self._lock:
            self._kept[email, number] = done
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return number

    def take(self, email: str, number: str) -> Done | None:
        """Once only; None where it is unknown or forgotten."""
        with self._lock:
            return self._kept.pop((email, number), None)


def take_back(mailbox: Mailbox, done: Done) -> None:
    """Raises NoSuchMail where a mail is gone for good."""
    for change in done.back:
        mailbox.modify(change.messages, change.add, change.remove)
