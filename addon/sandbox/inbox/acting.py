"""What the page posts about threads: one act on one or many, taking it back, deleting for good, emptying the bin."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from addon.sandbox.inbox import changing, shell
from addon.sandbox.inbox.gmail import FOLDERS, Mailbox, NameTaken, NoSuchMail
from addon.sandbox.inbox.places import Inbox, here, seated
from addon.sandbox.inbox.reading import Person

pages = Blueprint("acting", __name__)

_MOST = 100
_AT_ONCE = 500
_DONE = {
    "archive": "sandbox.done.archive",
    "inbox": "sandbox.done.inbox",
    "bin": "sandbox.done.bin",
    "spam": "sandbox.done.spam",
    "read": "sandbox.done.read",
    "unread": "sandbox.done.unread",
    "star": "sandbox.done.star",
    "unstar": "sandbox.done.unstar",
    "important": "sandbox.done.important",
    "unimportant": "sandbox.done.unimportant",
    "label": "sandbox.done.label",
    "unlabel": "sandbox.done.unlabel",
    "move": "sandbox.done.move",
}


@pages.post("/act")
def act() -> AnyResponse:
    """`act` is a word, or a word with a label's id: `label:Label_3`; `one:star:ID` touches that thread alone."""
    inbox, me = here(), seated()
    asked, threads = request.form.get("act", ""), request.form.getlist("ids")[:_MOST]
    if asked.startswith("one:"):
        _, asked, thread = [*asked.split(":", 2), "", ""][:3]
        threads = [thread]
    word, _, label = asked.partition(":")
    if not threads:
        shell.say(inbox.words("sandbox.done.nothing_chosen"))
        return _back(leaving=False)
    if word == "new_label":
        return _with_new_label(inbox, me, threads)
    if word in ("forever", "discard"):
        return _for_good(inbox, me, threads, word)
    if word not in changing.ACTS:
        abort(400)
    return _done(inbox, me, threads, word, label)


@pages.post("/undo")
def undo() -> AnyResponse:
    inbox, me = here(), seated()
    done = inbox.undos.take(me.email, request.form.get("undo", ""))
    try:
        if done is None:
            raise NoSuchMail
        changing.take_back(inbox.mailbox(me), done)
        inbox.folders.forget(done.threads)
        shell.say(inbox.words("sandbox.done.undone"))
    except NoSuchMail:
        shell.say(inbox.words("sandbox.done.cannot_undo"))
    return _back(leaving=False)


@pages.post("/hush")
def hush() -> AnyResponse:
    """The person has read what was done."""
    shell.hush()
    return _back(leaving=False)


@pages.post("/empty")
def empty() -> AnyResponse:
    """Everything in the bin, or among spam, is deleted for good; a large folder in several presses."""
    inbox, me = here(), seated()
    folder = request.args.get("folder", "")
    if folder not in ("bin", "spam"):
        abort(400)
    mailbox = inbox.mailbox(me)
    doomed = mailbox.messages(FOLDERS[folder], _AT_ONCE)
    mailbox.delete(doomed)
    shell.say(inbox.words("sandbox.done.emptied", n=len(doomed)))
    return redirect(url_for("mailing.listing", folder=folder))


def _done(inbox: Inbox, me: Person, threads: list[str], word: str, label: str) -> AnyResponse:
    mailbox, folder = inbox.mailbox(me), request.args.get("folder", "inbox")
    try:
        done = changing.perform(mailbox, threads, word, label=label, folder=folder)
    except NoSuchMail:  # a label that is gone, or one that nobody may set
        shell.say(inbox.words("sandbox.done.refused"))
        return _back(leaving=False)
    inbox.folders.forget(done.threads)
    if word not in ("star", "unstar"):  # the star itself says it
        words = inbox.words(_DONE[word], n=len(done.threads), label=_name_of(mailbox, label))
        shell.say(words, inbox.undos.keep(me.email, done))
    return _back(leaving=word in changing.LEAVING or (word == "unlabel" and label == folder))


def _with_new_label(inbox: Inbox, me: Person, threads: list[str]) -> AnyResponse:
    name = " ".join(request.form.get("name", "").split())
    try:
        label = inbox.mailbox(me).create_label(name) if name else None
    except NameTaken:
        label = next((each for each in inbox.mailbox(me).labels() if each["name"].lower() == name.lower()), None)
    except NoSuchMail:
        label = None
    if label is None:
        shell.say(inbox.words("sandbox.labels.no_name"))
        return _back(leaving=False)
    return _done(inbox, me, threads, "label", str(label["id"]))


def _for_good(inbox: Inbox, me: Person, threads: list[str], word: str) -> AnyResponse:
    mailbox, folder = inbox.mailbox(me), request.args.get("folder", "")
    try:
        if word == "discard":
            said = inbox.words("sandbox.done.discarded", n=changing.discard_drafts(mailbox, threads))
        else:
            label = FOLDERS["spam" if folder == "spam" else "bin"]
            said = inbox.words("sandbox.done.forever", n=changing.delete_forever(mailbox, threads, label))
    except NoSuchMail:
        said = inbox.words("sandbox.done.refused")
    inbox.folders.forget(threads)
    shell.say(said)
    return _back(leaving=True)


def _name_of(mailbox: Mailbox, label: str) -> str:
    if not label:
        return ""
    for folder, id in FOLDERS.items():
        if id == label:
            return here().words(f"sandbox.folder.{folder}")
    return str(mailbox.label(label)["name"])


def _back(*, leaving: bool) -> AnyResponse:
    """To the thread that is open, unless the act took it out of sight; else to the list, where it was."""
    opened = request.args.get("open", "")
    if opened and not leaving:
        return redirect(url_for("mailing.thread", thread_id=opened, **shell.place()))
    return redirect(url_for("mailing.listing", **shell.place()))
