"""Making, launching, pausing and ending a campaign.

A launch freezes the texts and says "sending"; its mails then enter the ledger a slice at a time (`put_due`), in order
of their rows. Interrupted in between, a second launch goes on where the first stopped, and so does `settle`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from addon.domain.access import viewer_of
from addon.domain.activity import operations as activity
from addon.domain.campaigns import queries
from addon.domain.campaigns.audience import Skip
from addon.domain.deals import only_open
from addon.domain.errors import DomainError, NotAllowed
from addon.domain.mailboxes import operations as mailboxes
from addon.domain.mailboxes import queries as mailbox_queries
from addon.domain.outgoing import operations as outgoing
from addon.domain.outgoing.operations import Due
from addon.domain.outgoing.queries import UNSETTLED
from addon.domain.suppressions import queries as suppressions
from addon.domain.tables import Table
from addon.models import (
    Activity,
    Address,
    Campaign,
    CampaignState,
    Outgoing,
    PauseReason,
    Recipient,
    Role,
    Run,
    RunKind,
)

SLICE = 200
"""Mails that enter the ledger in one transaction."""


class NoName(DomainError):
    code = "campaigns.no_name"


class Incomplete(DomainError):
    """Its list was not taken in to the end."""

    code = "campaigns.incomplete"


class NobodyToMail(DomainError):
    """All rows are skipped. Params: skipped (how many)."""

    code = "campaigns.nobody"


class Over(DomainError):
    """The campaign is done or cancelled, and stays so. Params: state."""

    code = "campaigns.over"


class NotSending(DomainError):
    """There is nothing to pause or resume. Params: state."""

    code = "campaigns.not_sending"


def create(
    session: Session, *, mailbox_id: int, name: str, subject: str, body: str, table: Table, at: datetime
) -> Campaign:
    """A campaign without people; `filling.take` adds them and `finish` says that all are there.

    The mailbox's owner may, and the command line. Raises NotFound, NotAllowed, NoName.
    """
    if not name.strip():
        raise NoName
    mailbox = mailbox_queries.to_send_from(session, mailbox_id)
    campaign = Campaign(
        name=name.strip()[:200],
        mailbox_id=mailbox.id,
        owner_id=mailbox.owner_id,
        run_id=outgoing.begin_run(session, RunKind.CAMPAIGN, at=at).id,
        subject=subject.strip(),
        body=body.replace("\r\n", "\n").strip("\n"),
        columns=[[column.key, column.label] for column in table.columns],
        created_at=at,
    )
    session.add(campaign)
    session.flush()
    _note(session, campaign, "campaign.created", at=at, after={"rows": len(table.rows)}, texts={"name": campaign.name})
    return campaign


def finish(session: Session, campaign_id: int, *, at: datetime) -> None:
    """All rows are there: the campaign may be launched."""
    campaign = _hold(session, campaign_id)
    if not queries.is_complete(session, campaign.id):
        _note(session, campaign, "campaign.filled", at=at)


def launch(session: Session, campaign_id: int, *, at: datetime) -> bool:
    """Begin to send; False where that was said before: nothing changes then. `put_due` follows.

    Raises NotFound, NotAllowed, Incomplete, NobodyToMail, Over (of a cancelled one).
    """
    campaign = _hold(session, campaign_id)
    mailbox_queries.to_send_from(session, campaign.mailbox_id)
    if campaign.state == CampaignState.CANCELLED:
        raise Over(state=campaign.state)
    if campaign.state != CampaignState.DRAFT:
        return False
    if not queries.is_complete(session, campaign.id):
        raise Incomplete(name=campaign.name)
    progress = queries.progress(session, campaign.id)
    if not progress.recipients:
        raise NobodyToMail(n=progress.skipped)
    campaign.state, campaign.launched_at = CampaignState.SENDING, at
    _note(session, campaign, "campaign.launched", at=at, after={"recipients": progress.recipients})
    mailboxes.want(session, campaign.mailbox_id)
    return True


def put_due(session: Session, campaign_id: int, *, after: int, at: datetime) -> int | None:
    """Enter the next slice of mails, rows beyond `after`, into the ledger; the last row, or None when all are in.

    Suppressions and bounces that came since the list was made are looked at again. Again changes nothing.
    """
    campaign = _hold(session, campaign_id)
    if campaign.state not in (CampaignState.SENDING, CampaignState.PAUSED):
        return None
    rows = session.scalars(
        select(Recipient)
        .where(Recipient.campaign_id == campaign.id, Recipient.skipped.is_(None), Recipient.row > after)
        .where(~select(Outgoing.id).where(Outgoing.recipient_id == Recipient.id).exists())
        .order_by(Recipient.row)
        .limit(SLICE)
    ).all()
    if not rows:
        return None
    _skip_stopped(session, rows)
    goes = [row for row in rows if row.skipped is None]
    deals = only_open.of_contacts(session, {row.contact_id for row in goes if row.contact_id is not None})
    for row in goes:
        row.deal_id = deals.get(row.contact_id or 0)
    run = session.get_one(Run, campaign.run_id)
    outgoing.put_due(session, run, [due for row in goes if (due := _due(row, campaign, at))])
    return rows[-1].row


def pause(
    session: Session, campaign_id: int, *, at: datetime, reason: PauseReason = PauseReason.BY_HAND
) -> Activity | None:
    """Nothing more goes out until it is resumed; None where it rests already.

    Raises NotFound, NotAllowed, NotSending.
    """
    campaign = _hold(session, campaign_id)
    _require_may_stop(session, campaign)
    if campaign.state == CampaignState.PAUSED:
        return None
    if campaign.state != CampaignState.SENDING:
        raise NotSending(state=campaign.state)
    campaign.state, campaign.paused_for = CampaignState.PAUSED, reason
    outgoing.pause_run(session, campaign.run_id, at=at)
    mailboxes.want(session, campaign.mailbox_id)
    return _note(session, campaign, "campaign.paused", at=at, after={"reason": reason})


def resume(session: Session, campaign_id: int, *, at: datetime) -> Activity | None:
    """Go on; None where it is sending. Raises NotFound, NotAllowed, NotSending."""
    campaign = _hold(session, campaign_id)
    mailbox_queries.to_send_from(session, campaign.mailbox_id)
    if campaign.state == CampaignState.SENDING:
        return None
    if campaign.state != CampaignState.PAUSED:
        raise NotSending(state=campaign.state)
    campaign.state, campaign.paused_for = CampaignState.SENDING, None
    outgoing.resume_run(session, campaign.run_id)
    mailboxes.want(session, campaign.mailbox_id)
    return _note(session, campaign, "campaign.resumed", at=at)


def cancel(session: Session, campaign_id: int, *, at: datetime) -> Activity | None:
    """Nothing more goes out, for good; None where it is cancelled already.

    Raises NotFound, NotAllowed, Over (of a done one).
    """
    campaign = _hold(session, campaign_id)
    _require_may_stop(session, campaign)
    if campaign.state == CampaignState.CANCELLED:
        return None
    if campaign.state == CampaignState.DONE:
        raise Over(state=campaign.state)
    campaign.state, campaign.paused_for = CampaignState.CANCELLED, None
    stopped = outgoing.stop_run(session, campaign.run_id, at=at)
    mailboxes.want(session, campaign.mailbox_id)
    return _note(session, campaign, "campaign.cancelled", at=at, after={"stopped": stopped})


def settle(session: Session, campaign_id: int, *, at: datetime) -> bool:
    """Done, once nothing is due, claimed, permitted or uncertain and every mail is in the ledger: True when it is now.

    A launch that was interrupted goes on here, a slice at a time.
    """
    campaign = _hold(session, campaign_id)
    if campaign.state != CampaignState.SENDING:
        return False
    if put_due(session, campaign.id, after=0, at=at) is not None:
        return False
    open_mails = session.scalar(
        select(func.count(Outgoing.id)).where(Outgoing.run_id == campaign.run_id, Outgoing.state.in_(UNSETTLED))
    )
    if open_mails:
        return False
    campaign.state = CampaignState.DONE
    _note(session, campaign, "campaign.done", at=at)
    return True


def _hold(session: Session, campaign_id: int) -> Campaign:
    """The campaign, ours until the transaction ends, so that of a launch and a cancel one comes after the other."""
    return queries.get(session, campaign_id, lock=True)


def _require_may_stop(session: Session, campaign: Campaign) -> None:
    """The owner, an admin, the command line. Raises NotAllowed."""
    viewer = viewer_of(session)
    if viewer.role is not Role.ADMIN and (viewer.user_id is None or viewer.user_id != campaign.owner_id):
        raise NotAllowed


def _skip_stopped(session: Session, rows: Sequence[Recipient]) -> None:
    keys = {row.address_key for row in rows if row.address_key}
    reasons = suppressions.reasons(session, keys)
    bounced = set(
        session.scalars(select(Address.key).where(Address.key.in_(sorted(keys)), Address.bounced_at.is_not(None)))
    )
    for row in rows:
        if row.address_key in reasons:
            row.skipped, row.skipped_detail = Skip.SUPPRESSED, reasons[row.address_key]
        elif row.address_key in bounced:
            row.skipped = Skip.BOUNCED
    session.flush()


def _due(row: Recipient, campaign: Campaign, at: datetime) -> Due | None:
    if row.address_id is None or row.address_key is None:
        return None
    return Due(
        address_id=row.address_id,
        address_key=row.address_key,
        mailbox_id=campaign.mailbox_id,
        due_at=at,
        recipient_id=row.id,
    )


def _note(
    session: Session,
    campaign: Campaign,
    kind: str,
    *,
    at: datetime,
    after: dict[str, object] | None = None,
    texts: dict[str, str] | None = None,
) -> Activity:
    session.flush()
    return activity.record(session, kind, ("campaign", campaign.id), at=at, after=after, texts=texts)
