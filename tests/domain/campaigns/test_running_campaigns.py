"""Launching, pausing, resuming, cancelling, and when a campaign is done."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from addon.domain.access import Viewer
from addon.domain.activity import queries as activity
from addon.domain.campaigns import importing, operations, queries
from addon.domain.contacts import addresses
from addon.domain.contacts import operations as contacts
from addon.domain.errors import NotAllowed, NotFound
from addon.domain.suppressions import operations as suppressions
from addon.models import (
    Address,
    CampaignState,
    Outgoing,
    OutgoingState,
    PauseReason,
    Run,
    SuppressionReason,
    SuppressionScope,
)
from tests.domain.campaigns.conftest import MONDAY

THREE = "email,first_name\na@x.test,A\nb@x.test,B\nc@x.test,C\n"


def ledger(office, campaign_id):
    with office.reading() as session:
        run_id = queries.get(session, campaign_id).run_id
        return list(session.scalars(select(Outgoing).where(Outgoing.run_id == run_id).order_by(Outgoing.id)))


def become(office, state, *emails):
    """Let mails of these recipients stand somewhere, as the worker would have it."""
    with office.writing() as session:
        keys = [addresses.key_of(session, email) for email in emails]
        session.execute(
            update(Outgoing)
            .where(Outgoing.address_key.in_(keys))
            .values(state=state, gmail_message_id="1f", draft_id=None)
        )


def test_a_launch_makes_each_persons_mail_due_once_and_again_changes_nothing(office):
    campaign = office.campaign(THREE)

    assert importing.launch_campaign(office.writing, campaign, at=MONDAY)
    first = ledger(office, campaign)
    assert not importing.launch_campaign(office.writing, campaign, at=MONDAY)

    again = ledger(office, campaign)
    assert [row.id for row in again] == [row.id for row in first]
    assert {row.state for row in again} == {"due"}
    assert len({row.ref for row in again}) == 3
    assert office.progress(campaign).pending == 3


def test_the_command_line_may_launch_and_a_colleague_may_not(office):
    campaign = office.campaign(THREE)

    with office.database.writing(office.ben) as session, pytest.raises(NotAllowed):
        operations.launch(session, campaign, at=MONDAY)
    with office.database.writing(office.operator) as session:
        assert operations.launch(session, campaign, at=MONDAY)


def test_who_unsubscribed_or_bounced_since_the_list_was_made_is_skipped_at_the_launch(office):
    campaign = office.campaign(THREE)
    with office.writing() as session:
        key = addresses.key_of(session, "b@x.test")
        suppressions.suppress(
            session, key, scope=SuppressionScope.EVERYTHING, reason=SuppressionReason.BY_HAND, at=MONDAY
        )
        contacts.mark_bounced(session, session.scalar(select(Address).where(Address.email == "c@x.test")), at=MONDAY)

    importing.launch_campaign(office.writing, campaign, at=MONDAY)

    assert office.skips(campaign) == [(2, "b@x.test", "suppressed", "by_hand"), (3, "c@x.test", "bounced", "")]
    assert len(ledger(office, campaign)) == 1


def test_an_interrupted_launch_goes_on_when_it_is_said_again_or_when_the_campaign_is_settled(office):
    rows = "".join(f"p{number}@x.test,P\n" for number in range(450))
    campaign = office.campaign("email,first_name\n" + rows)
    with office.writing() as session:
        operations.launch(session, campaign, at=MONDAY)
    with office.writing() as session:
        operations.put_due(session, campaign, after=0, at=MONDAY)
    assert len(ledger(office, campaign)) == 200
    assert office.progress(campaign).pending == 450

    with office.writing() as session:
        session.execute(update(Outgoing).values(state=OutgoingState.SENT, gmail_message_id="1f"))
        assert not operations.settle(session, campaign, at=MONDAY)
    assert len(ledger(office, campaign)) == 400
    importing.launch_campaign(office.writing, campaign, at=MONDAY)

    assert len(ledger(office, campaign)) == 450


def test_a_campaign_is_done_when_nothing_is_under_way_or_uncertain(office):
    campaign = office.campaign(THREE)
    importing.launch_campaign(office.writing, campaign, at=MONDAY)
    become(office, OutgoingState.SENT, "a@x.test")
    become(office, OutgoingState.UNCERTAIN, "b@x.test")
    become(office, OutgoingState.HELD, "c@x.test")

    with office.writing() as session:
        assert not operations.settle(session, campaign, at=MONDAY)
    become(office, OutgoingState.WITHDRAWN, "b@x.test")
    with office.writing() as session:
        assert operations.settle(session, campaign, at=MONDAY)
        assert not operations.settle(session, campaign, at=MONDAY)

    progress = office.progress(campaign)
    assert (progress.state, progress.sent, progress.held, progress.withdrawn, progress.pending) == ("done", 1, 1, 1, 0)


def test_a_pause_rests_the_run_and_resuming_lets_it_go_on(office):
    campaign = office.campaign(THREE)
    importing.launch_campaign(office.writing, campaign, at=MONDAY)

    with office.writing() as session:
        assert operations.pause(session, campaign, at=MONDAY, reason=PauseReason.DAILY_LIMIT)
        assert operations.pause(session, campaign, at=MONDAY) is None
        run = session.get(Run, queries.get(session, campaign).run_id)
        session.refresh(run)
        assert run.paused_at == MONDAY
        assert queries.get(session, campaign).paused_for == "daily_limit"
    assert office.progress(campaign).state == "paused"
    assert not importing.launch_campaign(office.writing, campaign, at=MONDAY)
    assert office.progress(campaign).state == "paused"
    with office.writing() as session:
        assert operations.resume(session, campaign, at=MONDAY)
        assert operations.resume(session, campaign, at=MONDAY) is None
        session.refresh(run := session.get(Run, queries.get(session, campaign).run_id))
        assert run.paused_at is None


def test_a_cancelled_campaign_stops_what_is_due_and_never_goes_on(office):
    campaign = office.campaign(THREE)
    importing.launch_campaign(office.writing, campaign, at=MONDAY)
    become(office, OutgoingState.SENT, "a@x.test")

    with office.writing() as session:
        assert operations.cancel(session, campaign, at=MONDAY)
        assert operations.cancel(session, campaign, at=MONDAY) is None

    progress = office.progress(campaign)
    assert (progress.state, progress.sent, progress.stopped, progress.pending) == ("cancelled", 1, 2, 0)
    for act in (operations.launch, operations.resume, operations.pause):
        with office.writing() as session, pytest.raises((operations.Over, operations.NotSending)):
            act(session, campaign, at=MONDAY)
    with office.reading() as session:
        kinds = [entry.kind for entry in activity.of_subject(session, "campaign", campaign)]
    assert kinds == ["campaign.cancelled", "campaign.launched", "campaign.filled", "campaign.created"]


def test_a_list_on_which_nobody_can_be_mailed_is_not_sent(office):
    campaign = office.campaign("email,first_name\nnope,A\n")

    with office.writing() as session, pytest.raises(operations.NobodyToMail):
        operations.launch(session, campaign, at=MONDAY)

    assert office.progress(campaign).state == CampaignState.DRAFT


def test_another_teams_campaign_does_not_exist(office):
    campaign = office.campaign(THREE)

    with office.database.reading(Viewer.operator(office.operator.team_id + 1)) as session, pytest.raises(NotFound):
        queries.progress(session, campaign)


def test_the_lines_of_a_campaign_can_be_read_page_by_page_and_by_state(office):
    campaign = office.campaign(THREE)
    importing.launch_campaign(office.writing, campaign, at=MONDAY)
    become(office, OutgoingState.SENT, "b@x.test")

    with office.reading() as session:
        [sent] = queries.recipients(session, campaign, states=[OutgoingState.SENT])
        rest = queries.recipients(session, campaign, after_row=1, limit=1)
        assert queries.sending_from(session, office.mailbox_id) == [campaign]

    assert (sent.email, sent.state, sent.message_id, sent.name) == ("b@x.test", "sent", "1f", "B")
    assert [line.row for line in rest] == [2]
