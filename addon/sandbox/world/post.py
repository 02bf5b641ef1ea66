"""Puts some weeks of mail into the team's mailboxes, threaded by real headers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Any

from addon.sandbox.gmail import Gmail
from addon.sandbox.world.data import HERE, World


@dataclass(frozen=True)
class Kept:
    """A thread as it lies in its mailbox now. `deal` is the key of the deal that its owner linked it to, or empty."""

    mailbox: str
    thread_id: str
    deal: str


def fill_mailboxes(gmail: Gmail, world: World) -> list[Kept]:
    """Open the team's mailboxes and put the world's threads into them, oldest mail first."""
    for rep in world.reps:
        gmail.accounts.add(rep.email, name=rep.name)
    mails = [
        (world.moment(when), number, place, sender, text)
        for number, thread in enumerate(world.threads)
        for place, (sender, when, text) in enumerate(thread["mails"])
    ]
    kept: dict[int, Kept] = {}
    for at, number, place, sender, text in sorted(mails):
        thread = world.threads[number]
        raw = _mail(world, thread, number, place, sender, text, at)
        where = _put(gmail, world, thread, sender, raw, at)
        kept[number] = Kept(where.email, where.thread_id, thread.get("deal", ""))
    return [kept[number] for number in sorted(kept)]


def _put(gmail: Gmail, world: World, thread: Mapping[str, Any], sender: str, raw: bytes, at: datetime) -> Any:
    owner, other = world.rep(thread["mailbox"]).email, thread["with"]
    colleague = any(rep.email == other for rep in world.reps)
    if sender == "me":
        if colleague:
            gmail.deliver(raw, [other], at=at, labels=["INBOX"])
        return gmail.insert(owner, raw, ["SENT"], at=at)
    if colleague:
        gmail.insert(other, raw, ["SENT"], at=at)
    newest = thread["mails"][-1][0] == sender and thread.get("unread")
    return gmail.deliver(raw, [owner], at=at, labels=["INBOX", "UNREAD"] if newest else ["INBOX"])[0]


def _mail(
    world: World, thread: Mapping[str, Any], number: int, place: int, sender: str, text: str, at: datetime
) -> bytes:
    rep, other = world.rep(thread["mailbox"]), str(thread["with"])
    people = [
        Address(rep.name, addr_spec=rep.email),
        Address(thread.get("name") or world.name_of(other), addr_spec=other),
    ]
    writer, reader = people if sender == "me" else reversed(people)
    earlier = [_message_id(thread, number, before) for before in range(place)]
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"] = writer, reader
    subject = thread["subject"] if place == 0 else f"Re: {thread['subject']}"
    mail["Subject"] = subject
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = _message_id(thread, number, place)
    if earlier:
        mail["In-Reply-To"], mail["References"] = earlier[-1], " ".join(earlier)
    if sender == "auto":
        mail["Auto-Submitted"], mail["X-Autoreply"], mail["Precedence"] = "auto-replied", "yes", "bulk"
    if thread.get("bulk"):
        mail["List-Id"], mail["Precedence"] = f"<news.{other.rpartition('@')[2]}>", "bulk"
    mail.set_content(text + "\n")
    for name in thread.get("files", ()) if place == 0 else ():
        mail.add_attachment((HERE / "files" / name).read_bytes(), maintype="application", subtype="pdf", filename=name)
    return mail.as_bytes()


def _message_id(thread: Mapping[str, Any], number: int, place: int) -> str:
    sender = thread["mails"][place][0]
    domain = "halyard.example" if sender == "me" else str(thread["with"]).rpartition("@")[2]
    return f"<world.{number}.{place}@{domain}>"
