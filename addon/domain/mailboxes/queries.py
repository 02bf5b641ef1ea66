"""Which mailboxes there are and how they are doing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from addon.domain.access import vault_of, viewer_of
from addon.domain.errors import NotAllowed, NotFound
from addon.models import Mailbox, Role


def get(session: Session, mailbox_id: int) -> Mailbox:
    """Raises NotFound."""
    mailbox = session.scalar(select(Mailbox).where(Mailbox.id == mailbox_id))
    if mailbox is None:
        raise NotFound(what="mailbox", given=mailbox_id)
    return mailbox


def by_email(session: Session, email: str) -> Mailbox | None:
    """Within the viewer's team."""
    return session.scalar(select(Mailbox).where(Mailbox.email == email.strip().lower()))


def of_owner(session: Session, user_id: int) -> Sequence[Mailbox]:
    return session.scalars(select(Mailbox).where(Mailbox.owner_id == user_id).order_by(Mailbox.id)).all()


def everyones(session: Session) -> Sequence[Mailbox]:
    """All of the team, by address."""
    return session.scalars(select(Mailbox).order_by(Mailbox.email)).all()


def to_send_from(session: Session, mailbox_id: int) -> Mailbox:
    """The mailbox, if the viewer may send in its name: its owner, or the command line. Raises NotFound, NotAllowed."""
    mailbox = get(session, mailbox_id)
    viewer = viewer_of(session)
    if viewer.user_id is not None and viewer.user_id != mailbox.owner_id:
        raise NotAllowed
    if viewer.user_id is None and viewer.role is not Role.ADMIN:
        raise NotAllowed
    return mailbox


def refresh_token(session: Session, mailbox: Mailbox) -> str | None:
    """Opened; None where the grant is gone. Raises WrongKeys, NoKeys."""
    return vault_of(session).open(mailbox.sealed_refresh_token) if mailbox.sealed_refresh_token else None


def access_token(session: Session, mailbox: Mailbox, *, good_until: datetime) -> str | None:
    """Opened, if it is good until that wall time."""
    if mailbox.sealed_access_token is None or mailbox.access_token_ends is None:
        return None
    return vault_of(session).open(mailbox.sealed_access_token) if mailbox.access_token_ends > good_until else None
