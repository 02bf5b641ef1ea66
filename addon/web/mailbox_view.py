"""A mailbox as words: how it is doing, what its owner must do, what colleagues see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from addon.i18n import Words
from addon.models import Mailbox, MailboxState, Sharing


@dataclass(frozen=True)
class Trouble:
    title: str
    text: str


@dataclass(frozen=True)
class SharingChoice:
    value: str
    words: str
    hint: str
    chosen: bool


@dataclass(frozen=True, kw_only=True)
class MailboxView:
    id: int
    email: str
    state: str
    icon: str
    words: str
    read: str
    reconnect: Trouble | None
    sharing: Sequence[SharingChoice]


def mailbox_view(mailbox: Mailbox, say: Words, *, now: datetime) -> MailboxView:
    """`now` is wall time, as `synced_at` is."""
    fine = mailbox.state == MailboxState.CONNECTED
    read = say("web.mailboxes.read", when=say.ago(mailbox.synced_at, now=now)) if mailbox.synced_at else ""
    return MailboxView(
        id=mailbox.id,
        email=mailbox.email,
        state="won" if fine else "lost",
        icon="check" if fine else "warning",
        words=say(f"web.mailboxes.state.{mailbox.state}"),
        read=read or say("web.mailboxes.not_read_yet"),
        reconnect=None
        if fine
        else Trouble(say("web.mailboxes.gone", email=mailbox.email), say("web.mailboxes.gone_text")),
        sharing=[
            SharingChoice(
                level.value,
                say(f"web.mailboxes.level.{level}"),
                say(f"web.mailboxes.level.{level}_text"),
                level == mailbox.sharing,
            )
            for level in Sharing
            if level is not Sharing.ALL or mailbox.sharing == Sharing.ALL  # nothing shows whole mails yet
        ],
    )
