"""Who may read a whole mail of a linked thread, out of which mailbox, and what the diary says of it (law 10)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from addon.domain.access import Viewer
from addon.domain.errors import NotFound
from addon.domain.mailboxes import operations as mailboxes
from addon.domain.teams import operations as teams
from addon.domain.threads import operations as threads
from addon.domain.threads import queries, whole_mails
from addon.domain.threads.whole_mails import NotShared
from addon.domain.undoing import operations as undoing
from addon.models import Activity, LinkedHow, Message, Role, Sharing, Sight, User
from tests.domain.team_at_work import ANNA, BEN, MONDAY, TeamAtWork, mail

LATER = MONDAY + timedelta(hours=2)


@pytest.fixture
def deal_id(team: TeamAtWork) -> int:
    """Anna's, with a thread of hers linked, in which one mail came."""
    made = team.deal()
    with team.acting() as session:
        thread = threads.ensure_thread(session, team.mailboxes[ANNA], "t1", at=MONDAY)
        threads.link(session, thread, made, how=LinkedHow.EXPLICIT, at=MONDAY)
    team.receive(mail())
    return made


def message_id(team: TeamAtWork) -> int:
    with team.database.reading(Viewer.operator(team.team_id)) as session:
        return session.scalars(select(Message.id)).one()


def share(team: TeamAtWork, level: Sharing, email: str = ANNA) -> None:
    with team.acting(email) as session:
        mailboxes.share(session, team.mailboxes[email], level, at=MONDAY)


def places(team: TeamAtWork, deal_id: int, email: str) -> list[tuple[int, bool]]:
    """Mailbox, and whether it is the viewer's own."""
    with team.looking(email) as session:
        found = whole_mails.copies(session, deal_id, message_id(team))
        return [(copy.mailbox_id, copy.own) for copy in found]


def test_the_owner_reads_every_mail_of_their_own_whatever_they_share(team, deal_id):
    share(team, Sharing.HAPPENED)

    assert places(team, deal_id, ANNA) == [(team.mailboxes[ANNA], True)]


@pytest.mark.parametrize("level", [Sharing.HAPPENED, Sharing.SUBJECT, Sharing.QUOTE])
def test_a_colleague_reads_no_whole_mail_below_the_level_all(team, deal_id, level):
    share(team, level)

    with pytest.raises(NotShared) as refused:
        places(team, deal_id, BEN)

    assert refused.value.params == {"owner": "Anna"}
    with team.looking(BEN) as session:
        assert whole_mails.readable(session, deal_id) == frozenset()


def test_a_colleague_reads_what_the_mailbox_shares_and_the_links_own_level_counts_first(team, deal_id):
    share(team, Sharing.ALL)
    assert places(team, deal_id, BEN) == [(team.mailboxes[ANNA], False)]

    with team.acting() as session:
        threads.share(session, queries.of_deal(session, deal_id)[0], Sharing.SUBJECT, at=MONDAY)

    with pytest.raises(NotShared):
        places(team, deal_id, BEN)


def test_a_mail_seen_in_two_mailboxes_is_read_in_ones_own(team, deal_id):
    share(team, Sharing.ALL)
    team.receive(mail(), mailbox=BEN, thread="b1")

    assert places(team, deal_id, BEN) == [(team.mailboxes[BEN], True), (team.mailboxes[ANNA], False)]


def test_a_mailbox_that_gmail_keeps_closed_comes_after_one_that_is_open(team, deal_id):
    share(team, Sharing.ALL)
    team.receive(mail(), mailbox=BEN, thread="b1")
    with team.acting(BEN) as session:
        mailboxes.disconnect(session, team.mailboxes[BEN], at=MONDAY)

    assert [mailbox for mailbox, _ in places(team, deal_id, BEN)] == [team.mailboxes[ANNA], team.mailboxes[BEN]]


def test_nothing_is_read_with_the_grant_of_somebody_who_left(team, deal_id):
    share(team, Sharing.ALL)
    with team.database.writing(Viewer.operator(team.team_id)) as session:
        session.get_one(User, team.users[ANNA]).active = False

    with pytest.raises(NotShared):
        places(team, deal_id, BEN)


def test_a_mail_of_another_deal_or_of_an_unlinked_thread_is_not_there(team, deal_id):
    share(team, Sharing.ALL)
    other = team.deal("Another")
    for email in (ANNA, BEN):
        with pytest.raises(NotFound):
            places(team, other, email)
    with team.acting() as session:
        threads.unlink(session, queries.of_deal(session, deal_id)[0].thread, at=LATER)

    for email in (ANNA, BEN):
        with pytest.raises(NotFound):
            places(team, deal_id, email)


def test_a_mail_of_a_deal_that_one_may_not_see_is_not_there(team, deal_id):
    share(team, Sharing.ALL)
    with team.database.writing(Viewer.operator(team.team_id)) as session:
        teams.set_sight(session, Role.REP, Sight.OWN, at=MONDAY)

    with pytest.raises(NotFound):
        places(team, deal_id, BEN)


def test_no_machine_and_no_command_line_reads_whole_mails(team, deal_id):
    share(team, Sharing.ALL)

    for viewer in (team.machine(), Viewer.operator(team.team_id)):
        with team.database.reading(viewer) as session:
            assert whole_mails.readable(session, deal_id) == frozenset()


class TestTheNote:
    def test_says_who_read_out_of_whose_mailbox_and_no_word_of_the_mail(self, team, deal_id):
        share(team, Sharing.ALL)
        mail_id = message_id(team)
        with team.acting(BEN) as session:
            [copy] = whole_mails.copies(session, deal_id, mail_id)
            whole_mails.note_shown(session, deal_id, copy, at=LATER)

        entry = team.diary(deal_id)[-1]
        assert (entry.kind, entry.actor_id) == ("mail.shown", team.users[BEN])
        assert entry.after == {"message_id": mail_id, "user_id": team.users[ANNA]}
        assert entry.detail is None

    def test_is_not_written_where_people_read_their_own(self, team, deal_id):
        before = team.kinds(deal_id)
        with team.acting() as session:
            [copy] = whole_mails.copies(session, deal_id, message_id(team))
            assert whole_mails.note_shown(session, deal_id, copy, at=LATER) is None

        assert team.kinds(deal_id) == before

    def test_is_refused_where_the_owner_shares_less_by_now(self, team, deal_id):
        share(team, Sharing.ALL)
        with team.looking(BEN) as session:
            [copy] = whole_mails.copies(session, deal_id, message_id(team))
        share(team, Sharing.QUOTE)

        with pytest.raises(NotShared), team.acting(BEN) as session:
            whole_mails.note_shown(session, deal_id, copy, at=LATER)

    def test_stands_in_the_way_of_no_undo(self, team, deal_id):
        share(team, Sharing.ALL)
        moved = team.move(deal_id, "Offer")
        with team.acting(BEN) as session:
            [copy] = whole_mails.copies(session, deal_id, message_id(team))
            whole_mails.note_shown(session, deal_id, copy, at=LATER)

        with team.acting() as session:
            undoing.undo(session, moved, at=LATER)
            assert session.scalars(select(Activity).where(Activity.undoes_id == moved)).one()
        assert team.stage(deal_id) == "New"
