"""The mail of one recipient: for the worker as bytes, for people as they will read it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, joinedload

from addon.domain.access.tokens import unsubscribe_token
from addon.domain.campaigns import letters, queries
from addon.domain.errors import NotFound
from addon.domain.templates import rendering
from addon.i18n import Words
from addon.models import Campaign, Mailbox, Outgoing, Recipient, Run, User


@dataclass(frozen=True, kw_only=True)
class Mail:
    """What one person gets, without the line to unsubscribe that ends every mail."""

    recipient_id: int
    row: int
    to_name: str
    to: str
    subject: str
    body: str


def compose(session: Session, outgoing: Outgoing, *, public_url: str, at: datetime) -> bytes:
    """The mail of a row of the ledger in its present attempt, RFC 5322.

    Its unsubscribe address begins with `public_url`. Raises NotFound, MissingField, TextRefused, MailTooLong.
    """
    recipient = _recipient(session, Recipient.id == outgoing.recipient_id)
    campaign = session.get_one(Campaign, recipient.campaign_id)
    mailbox = session.get_one(Mailbox, outgoing.mailbox_id)
    owner = session.get_one(User, mailbox.owner_id)
    mail = _rendered(campaign, recipient)
    token = unsubscribe_token(
        session.info["database"].secret,
        team_id=outgoing.team_id,
        address_key=outgoing.address_key,
        run_ref=session.get_one(Run, outgoing.run_id).ref,
    )
    words = Words(recipient.contact.locale if recipient.contact else "")
    return letters.written(
        letters.Letter(
            sender=(owner.name, mailbox.email),
            to=(mail.to_name, mail.to),
            subject=mail.subject,
            body=mail.body,
            ref=f"{outgoing.ref}.{outgoing.attempt}",
            message_id=f"{uuid.uuid4()}@{mailbox.email.rpartition('@')[2]}",
            at=at,
            unsubscribe_url=f"{public_url}/u/{token}",
            unsubscribe_line=words("mail.unsubscribe"),
        )
    )


def preview(session: Session, campaign_id: int, *, row: int | None = None, index: int = 0) -> Mail:
    """A person's real mail: that of a row of the list, or the one at `index` (from 0) of those who get one.

    Raises NotFound, for a row that is skipped too.
    """
    campaign = queries.get(session, campaign_id)
    if row is not None:
        which = Recipient.row == row
    else:
        found = session.scalar(
            select(Recipient.row)
            .where(Recipient.campaign_id == campaign.id, Recipient.skipped.is_(None))
            .order_by(Recipient.row)
            .offset(index)
            .limit(1)
        )
        which = Recipient.row == found
    return _rendered(campaign, _recipient(session, which & (Recipient.campaign_id == campaign.id)))


def _recipient(session: Session, which: ColumnElement[bool]) -> Recipient:
    recipient = session.scalar(
        select(Recipient)
        .where(which, Recipient.skipped.is_(None))
        .options(joinedload(Recipient.contact), joinedload(Recipient.address))
    )
    if recipient is None:
        raise NotFound(what="recipient")
    return recipient


def _rendered(campaign: Campaign, recipient: Recipient) -> Mail:
    email = recipient.address.email if recipient.address else recipient.email
    name = recipient.contact.name if recipient.contact else ""
    return Mail(
        recipient_id=recipient.id,
        row=recipient.row,
        to_name="" if name == email.partition("@")[0] else name,  # a made-up name is no name to be called by
        to=email,
        subject=rendering.render_line(campaign.subject, recipient.values),
        body=rendering.render(campaign.body, recipient.values),
    )
