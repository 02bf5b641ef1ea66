"""Connecting a mailbox, losing its grant, noting what Gmail told us about it."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from addon.domain.access import vault_of, viewer_of
from addon.domain.activity import operations as activity
from addon.domain.errors import DomainError, NotAllowed
from addon.domain.mailboxes import queries
from addon.models import Mailbox, MailboxLease, MailboxQuota, MailboxState, Role, Sharing

TOKEN_MARGIN = timedelta(minutes=5)
"""A token with less than this left is refreshed before a mail is begun, so that none ends between two commits."""


class MailboxTaken(DomainError):
    """The Gmail account is connected already, by somebody else."""

    code = "mailboxes.taken"


def connect(
    session: Session, *, owner_id: int, email: str, refresh_token: str, scopes: str = "", at: datetime
) -> Mailbox:
    """Keep a person's grant, sealed. Connecting again renews the grant and goes on where the mailbox stood.

    Raises MailboxTaken.
    """
    email = email.strip().lower()
    mailbox = session.scalar(select(Mailbox).where(Mailbox.email == email))
    if mailbox is not None and mailbox.owner_id != owner_id:
        raise MailboxTaken(email=email)
    if mailbox is None:
        mailbox = Mailbox(owner_id=owner_id, email=email)
        session.add(mailbox)
        try:
            session.flush()
        except IntegrityError:  # another team's
            raise MailboxTaken(email=email) from None
        session.add_all([MailboxLease(mailbox_id=mailbox.id), MailboxQuota(mailbox_id=mailbox.id)])
    mailbox.sealed_refresh_token = vault_of(session).seal(refresh_token)
    mailbox.sealed_access_token, mailbox.access_token_ends = None, None
    mailbox.scopes, mailbox.state = scopes[:2000], MailboxState.CONNECTED
    session.flush()
    want(session, mailbox.id)
    activity.record(session, "mailbox.connected", ("mailbox", mailbox.id), at=at, texts={"email": email})
    return mailbox


def keep_access_token(session: Session, mailbox_id: int, token: str, *, ends: datetime) -> None:
    """`ends` is wall time."""
    mailbox = queries.get(session, mailbox_id)
    mailbox.sealed_access_token, mailbox.access_token_ends = vault_of(session).seal(token), ends
    session.flush()


def drop_access_token(session: Session, mailbox_id: int) -> None:
    """Gmail refused it: the next call refreshes first."""
    mailbox = queries.get(session, mailbox_id)
    mailbox.sealed_access_token, mailbox.access_token_ends = None, None
    session.flush()


def lose_grant(session: Session, mailbox_id: int, code: str, *, at: datetime) -> None:
    """Gmail no longer lets us in: nothing goes until the owner reconnects. Nothing is lost meanwhile."""
    mailbox = queries.get(session, mailbox_id)
    if mailbox.state == MailboxState.CONNECTED:
        mailbox.state = MailboxState.RECONNECT
        mailbox.sealed_access_token, mailbox.access_token_ends = None, None
        session.flush()
        activity.record(session, "mailbox.grant_lost", ("mailbox", mailbox.id), at=at, after={"code": code})


def share(session: Session, mailbox_id: int, level: Sharing, *, at: datetime) -> None:
    """What colleagues see of this mailbox's linked mail. Only its owner may say. Raises NotFound, NotAllowed."""
    mailbox = queries.get(session, mailbox_id)
    if viewer_of(session).user_id != mailbox.owner_id:
        raise NotAllowed
    if mailbox.sharing != level:
        before, mailbox.sharing = mailbox.sharing, level
        session.flush()
        activity.record(
            session,
            "mailbox.shared",
            ("mailbox", mailbox.id),
            at=at,
            before={"sharing": before},
            after={"sharing": level},
        )


def disconnect(session: Session, mailbox_id: int, *, at: datetime) -> None:
    """Forget the grant. Its owner, or an admin, may. Raises NotFound, NotAllowed."""
    mailbox = queries.get(session, mailbox_id)
    viewer = viewer_of(session)
    if viewer.user_id != mailbox.owner_id and viewer.role is not Role.ADMIN:
        raise NotAllowed
    mailbox.sealed_refresh_token = mailbox.sealed_access_token = mailbox.access_token_ends = None
    mailbox.state = MailboxState.RECONNECT
    session.flush()
    session.execute(  # whoever attends it now commits nothing more
        update(MailboxLease)
        .where(MailboxLease.mailbox_id == mailbox.id)
        .values(fence=MailboxLease.fence + 1, ends=0.0, holder=None)
    )
    activity.record(session, "mailbox.disconnected", ("mailbox", mailbox.id), at=at)


def note_push(session: Session, mailbox_id: int, history_id: int) -> None:
    """Gmail says that something happened: attend this mailbox soon, unless that is covered already."""
    mailbox = queries.get(session, mailbox_id)
    if mailbox.cursor is None or history_id > mailbox.cursor:
        mailbox.pushed_to = max(history_id, mailbox.pushed_to or 0)
        session.flush()
        want(session, mailbox_id)


def note_watch(session: Session, mailbox_id: int, *, ends: datetime) -> None:
    """`ends` is wall time."""
    queries.get(session, mailbox_id).watch_ends = ends
    session.flush()


def want(session: Session, mailbox_id: int) -> None:
    """Have this mailbox attended at the next tick."""
    session.execute(update(MailboxLease).where(MailboxLease.mailbox_id == mailbox_id).values(wanted=True))
