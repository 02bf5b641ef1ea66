"""A mailbox as words: how it is doing, what its owner must do, what colleagues see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from addon.domain.activity import queries as activity
from addon.domain.outgoing import sweeping
from addon.i18n import Words
from addon.models import Mailbox, MailboxState, Sharing

MOST_STRAYS = 50
"""Stray drafts shown one by one."""


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
class Strays:
    """Drafts of ours that stayed behind: what they are, and to whom each is."""

    title: str
    text: str
    lines: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class MailboxView:
    id: int
    email: str
    state: str
    icon: str
    words: str
    read: str
    reconnect: Trouble | None
    strays: Strays | None
    sharing: Sequence[SharingChoice]


def shut_out(session: Session, mailbox: Mailbox, say: Words) -> str:
    """Why nothing goes through a mailbox that is not connected, in one sentence."""
    return say("web.mailboxes.by_hand" if _by_hand(session, mailbox) else "web.mailboxes.gone", email=mailbox.email)


def mailbox_view(session: Session, mailbox: Mailbox, say: Words, *, now: datetime) -> MailboxView:
    """`now` is wall time, as `synced_at` is."""
    fine = mailbox.state == MailboxState.CONNECTED
    by_hand = not fine and _by_hand(session, mailbox)
    read = say("web.mailboxes.read", when=say.ago(mailbox.synced_at, now=now)) if mailbox.synced_at else ""
    state, icon = ("won", "check") if fine else ("quiet", "no") if by_hand else ("lost", "warning")
    text = say("web.mailboxes.by_hand_text" if by_hand else "web.mailboxes.gone_text")
    return MailboxView(
        id=mailbox.id,
        email=mailbox.email,
        state=state,
        icon=icon,
        words=say("web.mailboxes.state.disconnected" if by_hand else f"web.mailboxes.state.{mailbox.state}"),
        read="" if by_hand else read or say("web.mailboxes.not_read_yet"),
        reconnect=None if fine else Trouble(shut_out(session, mailbox, say), text),
        strays=_strays(session, mailbox, say, now=now),
        sharing=[
            SharingChoice(
                level.value,
                say(f"web.mailboxes.level.{level}"),
                say(f"web.mailboxes.level.{level}_text"),
                level == mailbox.sharing,
            )
            for level in Sharing
        ],
    )


def _strays(session: Session, mailbox: Mailbox, say: Words, *, now: datetime) -> Strays | None:
    found = sweeping.left_behind(session, mailbox.id)
    if not found:
        return None
    sure = all(draft.marked for draft in found)
    which = "ours" if sure else "unmarked"
    return Strays(
        title=say(f"web.mailboxes.strays.{which}", n=len(found)),
        text=say(f"web.mailboxes.strays.{which}_text"),
        lines=[
            say("web.mailboxes.strays.line", email=draft.email, when=say.ago(_moment(draft.since), now=now))
            for draft in found[:MOST_STRAYS]
        ],
    )


def _moment(epoch: float) -> datetime:
    return datetime.fromtimestamp(epoch, UTC)


def _by_hand(session: Session, mailbox: Mailbox) -> bool:
    """Whether a person disconnected it; else Google ended the permission."""
    ends = ("mailbox.disconnected", "mailbox.grant_lost")
    found = (entry.kind for entry in activity.of_subject(session, "mailbox", mailbox.id) if entry.kind in ends)
    return next(found, "") == "mailbox.disconnected"
