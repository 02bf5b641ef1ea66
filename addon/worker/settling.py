"""Bringing campaigns on after a turn: an interrupted launch goes on, a finished campaign is done."""

from __future__ import annotations

from sqlalchemy import select

from addon import clock
from addon.domain.access import Database, Viewer
from addon.domain.campaigns import operations as campaigns
from addon.models import Campaign, CampaignState


def settle(database: Database, team_id: int, mailbox_id: int) -> None:
    """Each sending campaign of the mailbox in a commit of its own, so that none lasts long."""
    viewer = Viewer.operator(team_id)
    with database.reading(viewer) as session:
        sending = session.scalars(
            select(Campaign.id).where(Campaign.mailbox_id == mailbox_id, Campaign.state == CampaignState.SENDING)
        ).all()
    for campaign_id in sending:
        with database.writing(viewer) as session:
            campaigns.settle(session, campaign_id, at=clock.now())
