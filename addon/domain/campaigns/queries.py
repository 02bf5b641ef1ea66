"""Which campaigns there are, how far each is, who is on its list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from addon.domain.errors import NotFound
from addon.models import Activity, Campaign, CampaignState, Contact, MailboxState, Outgoing, OutgoingState, Recipient


def get(session: Session, campaign_id: int, *, lock: bool = False) -> Campaign:
    """Raises NotFound. `lock`: held until the transaction ends."""
    query = select(Campaign).where(Campaign.id == campaign_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    campaign = session.scalar(query)
    if campaign is None:
        raise NotFound(what="campaign", given=campaign_id)
    return campaign


def all_of_team(session: Session, *, limit: int = 200) -> Sequence[Campaign]:
    """Newest first, each with its mailbox."""
    return session.scalars(
        select(Campaign).order_by(Campaign.id.desc()).limit(limit).options(joinedload(Campaign.mailbox))
    ).all()


def sending_from(session: Session, mailbox_id: int) -> Sequence[int]:
    """Campaigns of a mailbox that may have to be settled."""
    return session.scalars(
        select(Campaign.id)
        .where(Campaign.mailbox_id == mailbox_id, Campaign.state == CampaignState.SENDING)
        .order_by(Campaign.id)
    ).all()


def is_complete(session: Session, campaign_id: int) -> bool:
    """Whether its list was taken in to the end."""
    filled = select(Activity.id).where(
        Activity.subject_kind == "campaign", Activity.subject_id == campaign_id, Activity.kind == "campaign.filled"
    )
    return session.scalar(filled) is not None


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How many mails stand where. `pending` are due, claimed and permitted, those that a launch has not entered into
    the ledger yet included.
    """

    state: CampaignState
    recipients: int
    """Who gets the mail: everybody on the list who is not skipped."""
    pending: int
    drafted: int
    sent: int
    failed: int
    uncertain: int
    held: int
    withdrawn: int
    stopped: int
    skipped: int


def progress(session: Session, campaign_id: int) -> Progress:
    """One grouped query. Raises NotFound."""
    campaign = get(session, campaign_id)
    skipped = Recipient.skipped.is_not(None)
    counts: dict[str | None, int] = {}
    left_out = 0
    for is_skipped, state, number in session.execute(
        select(skipped, Outgoing.state, func.count(Recipient.id))
        .select_from(Recipient)
        .outerjoin(Outgoing, Outgoing.recipient_id == Recipient.id)
        .where(Recipient.campaign_id == campaign.id)
        .group_by(skipped, Outgoing.state)
    ):
        if is_skipped:
            left_out += number
        else:
            counts[state] = counts.get(state, 0) + number
    under_way = campaign.state in (CampaignState.SENDING, CampaignState.PAUSED)
    return Progress(
        state=_state(campaign),
        recipients=sum(counts.values()),
        pending=sum(counts.get(state, 0) for state in ("due", "claimed", "permitted"))
        + (counts.get(None, 0) if under_way else 0),
        drafted=counts.get(OutgoingState.DRAFTED, 0),
        sent=counts.get(OutgoingState.SENT, 0),
        failed=counts.get(OutgoingState.FAILED, 0),
        uncertain=counts.get(OutgoingState.UNCERTAIN, 0),
        held=counts.get(OutgoingState.HELD, 0),
        withdrawn=counts.get(OutgoingState.WITHDRAWN, 0),
        stopped=counts.get(OutgoingState.STOPPED, 0),
        skipped=left_out,
    )


def _state(campaign: Campaign) -> CampaignState:
    """As the row says; a sending campaign whose mailbox lost its grant rests, and goes on with the reconnect."""
    if campaign.state == CampaignState.SENDING and campaign.mailbox.state == MailboxState.RECONNECT:
        return CampaignState.PAUSED
    return CampaignState(campaign.state)


@dataclass(frozen=True, kw_only=True)
class Line:
    """A person of the list and where their mail stands."""

    recipient_id: int
    row: int
    email: str
    name: str
    contact_id: int | None
    deal_id: int | None
    skipped: str | None
    skipped_detail: str
    outgoing_id: int | None
    state: OutgoingState | None
    """None before the launch, and for those who are skipped."""
    message_id: str | None
    """Gmail's."""
    sent_at: datetime | None
    error: str
    """A code."""


def recipients(
    session: Session,
    campaign_id: int,
    *,
    states: Sequence[OutgoingState] = (),
    after_row: int = 0,
    limit: int | None = None,
) -> list[Line]:
    """Those who get the mail, in order of their rows, from the row after `after_row` on; `states` narrows. NotFound."""
    return _lines(session, campaign_id, skipped=False, states=states, after_row=after_row, limit=limit)


def skipped(session: Session, campaign_id: int, *, after_row: int = 0, limit: int | None = None) -> list[Line]:
    """Those who get nothing and why, in order of their rows. Raises NotFound."""
    return _lines(session, campaign_id, skipped=True, states=(), after_row=after_row, limit=limit)


def _lines(
    session: Session,
    campaign_id: int,
    *,
    skipped: bool,
    states: Sequence[OutgoingState],
    after_row: int,
    limit: int | None,
) -> list[Line]:
    campaign = get(session, campaign_id)
    query = (
        select(Recipient, Contact.name, Outgoing)
        .outerjoin(Contact, Contact.id == Recipient.contact_id)
        .outerjoin(Outgoing, Outgoing.recipient_id == Recipient.id)
        .where(Recipient.campaign_id == campaign.id, Recipient.row > after_row)
        .where(Recipient.skipped.is_not(None) if skipped else Recipient.skipped.is_(None))
        .order_by(Recipient.row)
        .limit(limit)
    )
    if states:
        query = query.where(Outgoing.state.in_(states))
    return [_line(recipient, name, mail) for recipient, name, mail in session.execute(query)]


def _line(recipient: Recipient, name: str | None, mail: Outgoing | None) -> Line:
    return Line(
        recipient_id=recipient.id,
        row=recipient.row,
        email=recipient.email,
        name=name or "",
        contact_id=recipient.contact_id,
        deal_id=recipient.deal_id,
        skipped=recipient.skipped,
        skipped_detail=recipient.skipped_detail,
        outgoing_id=mail.id if mail else None,
        state=OutgoingState(mail.state) if mail else None,
        message_id=mail.gmail_message_id if mail else None,
        sent_at=mail.sent_at if mail else None,
        error=mail.error if mail else "",
    )
