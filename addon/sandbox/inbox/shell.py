"""The frame around whatever is open: folders, labels, the list of threads, what was done last, and the clock."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import abort, render_template, request, session

from addon import clock
from addon.sandbox.inbox import dates
from addon.sandbox.inbox.attachments import size_words
from addon.sandbox.inbox.gmail import FOLDERS
from addon.sandbox.inbox.labels import HUES
from addon.sandbox.inbox.places import Inbox
from addon.sandbox.inbox.reading import Person
from addon.sandbox.inbox.searching import SPANS

_SAID = "said"


def drawn(inbox: Inbox, me: Person, **more: Any) -> str:
    """The page. What stands in it is given by name: `opened`, `writing` or `sorting`, else the list alone."""
    folder, query = request.args.get("folder", "inbox"), request.args.get("q", "").strip()
    mailbox = inbox.mailbox(me)
    stamp = mailbox.history_id()
    labels, counts = inbox.counts.of(mailbox, me.email, stamp, folder if folder in FOLDERS else "")
    if folder not in FOLDERS and folder not in {label.id for label in labels}:
        abort(404)
    listed = inbox.folders.page(mailbox, me, folder, query, request.args.get("page", ""))
    named = {label.id: label for label in labels}
    total = counts.get(FOLDERS.get(folder, folder), {}).get("threadsTotal")
    return render_template(
        "sandbox/inbox.html",
        me=me,
        people=inbox.cast.people,
        folder=folder,
        folder_name=named[folder].name if folder in named else inbox.words(f"sandbox.folder.{folder}"),
        folders=list(FOLDERS),
        labels=labels,
        named=named,
        counts=counts,
        query=query,
        listed=listed,
        total=None if query else total,
        drafts=mailbox.drafts() if folder == "drafts" and not query else {},
        place=place(),
        paged=request.args.get("page", ""),
        unread=counts.get("INBOX", {}).get("threadsUnread", 0),
        stamp=stamp,
        hues=list(HUES),
        spans=list(SPANS),
        said=_told(),
        size_words=size_words,
        whole_date=partial(dates.whole, zone=inbox.zone, words=inbox.words),
        now=dates.on_the_clock(clock.now(), zone=inbox.zone, words=inbox.words),
        **more,
    )


def place() -> dict[str, Any]:
    """Where in the list one is: folder, search and page, for every address that should lead back there."""
    return {name: value for name in ("folder", "q", "page") if (value := request.args.get(name, "").strip())}


def say(words: str, undo: str = "") -> None:
    """What was done last, at the top of the list until the next act; `undo` is the number for taking it back."""
    session[_SAID] = {"words": words, "undo": undo}


def _told() -> dict[str, str] | None:
    """What can be taken back stays in sight; what only was done is said once. A script that asks for news hears nothing
    new, and takes nothing from whoever reads.
    """
    said: dict[str, str] | None = session.get(_SAID)
    if said and not said["undo"] and "X-Opened" not in request.headers:
        hush()
    return said


def hush() -> None:
    """Nothing to say any more."""
    session.pop(_SAID, None)
