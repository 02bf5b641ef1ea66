"""A campaign whose mailbox lost its grant rests, and says so."""

from __future__ import annotations

import functools

from addon import clock
from addon.domain import tables
from addon.domain.access import Database, Viewer
from addon.domain.campaigns import importing, queries
from addon.domain.campaigns.importing import Draft
from addon.domain.mailboxes import operations as mailboxes
from addon.domain.teams import operations as teams
from addon.models import CampaignState, Role


def test_a_lost_grant_pauses_the_campaign_until_the_owner_reconnects(database: Database) -> None:
    at = clock.now()
    with database.writing(Viewer.operator(0)) as session:
        viewer = Viewer.operator(teams.create_team(session, "Halyard", at=at).id)
    with database.writing(viewer) as session:
        anna = teams.add_user(session, "anna@halyard.example", role=Role.REP, at=at)
        mailbox = mailboxes.connect(session, owner_id=anna.id, email=anna.email, refresh_token="1//a", at=at)
    writing = functools.partial(database.writing, viewer)
    table = tables.read(b"email\nada@acme.example\n")
    campaign = importing.create_campaign(
        writing, Draft(mailbox_id=mailbox.id, name="Autumn", subject="Hi", body="Hello", table=table), at=at
    )
    importing.launch_campaign(writing, campaign, at=at)

    with writing() as session:
        mailboxes.lose_grant(session, mailbox.id, "invalid_grant", at=at)
    with database.reading(viewer) as session:
        assert queries.progress(session, campaign).state is CampaignState.PAUSED

    with writing() as session:
        mailboxes.connect(session, owner_id=anna.id, email=anna.email, refresh_token="1//b", at=at)
    with database.reading(viewer) as session:
        assert queries.progress(session, campaign).state is CampaignState.SENDING
