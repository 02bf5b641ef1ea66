"""The demo's world: filled through the product's own rooms, and ready for the story that it was made for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from types import ModuleType
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from addon.domain import tables
from addon.domain.access import Database
from addon.domain.activity import queries as activity
from addon.domain.deals import queries as deals
from addon.domain.pipelines import queries as pipelines
from addon.domain.tasks import queries as tasks
from addon.domain.teams import queries as users
from addon.domain.views import asking, table
from addon.domain.views import queries as views
from addon.models import Deal, Mailbox, StageKind, Subject, ThreadLink
from addon.sandbox.people import CAST
from addon.sandbox.world import data
from tests import databases
from tests.sandbox.demo.filled_world import ANNA, AWAY, BOUNCE, DIMAS, GIULIA, YES, Filled, fill, moves


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def filled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Filled]:
    """A world as it is before anybody works in it; the tests that share it read it only."""
    if request.param == "sqlite":
        with databases.on_sqlite(tmp_path_factory.mktemp("world")) as database, fill(database) as made:
            yield made
        return
    shared: Database = request.getfixturevalue("postgres")
    databases.forget_rows(shared)
    with fill(shared) as made:
        yield made


def test_the_boards_are_full_of_deals_in_every_stage(filled: Filled) -> None:
    with filled.database.reading(filled.viewer()) as session:
        outbound = pipelines.live(session)[0]
        names = {stage.id: stage.name for stage in outbound.stages}
        stages = Counter(names[deal.stage_id] for deal in deals.on_board(session, outbound.id))
        currencies = {deal.currency for deal in deals.on_board(session, outbound.id)}

    assert set(stages) == {"Prospecting", "Lead qualification", "Meeting", "Proposal", "Negotiation", "Won", "Lost"}
    assert stages.total() >= 20
    assert currencies == {"EUR", "PLN"}


def test_every_deal_came_to_its_stage_step_by_step(filled: Filled) -> None:
    with filled.database.reading(filled.viewer()) as session:
        for deal in session.scalars(select(Deal)):
            moments = [move.at for move in moves(session, deal.id)]

            assert moments == sorted(moments), deal.title
            assert deal.entered_stage_at == moments[-1] < filled.world.now, deal.title
            assert (deal.closed_at is not None) is (deal.stage.kind != StageKind.OPEN), deal.title


def test_each_rep_has_a_connected_mailbox_with_mail_in_it(filled: Filled) -> None:
    with filled.database.reading(filled.viewer()) as session:
        owners = {mailbox.email: mailbox.owner.email for mailbox in session.scalars(select(Mailbox))}

    assert owners == {rep.email: rep.email for rep in filled.world.reps}
    assert Counter(kept.mailbox for kept in filled.post).keys() == owners.keys()


def test_no_mail_lies_in_the_future(filled: Filled) -> None:
    latest = int(filled.world.now.timestamp() * 1000)

    with filled.gmail.store.read() as db:
        assert db.execute("SELECT count(*) FROM messages WHERE date > ?", (latest,)).fetchone() == (0,)


def test_the_linked_threads_lie_in_the_mailboxes_that_they_are_linked_from(filled: Filled) -> None:
    with filled.database.reading(filled.viewer()) as session:
        linked = {link.thread.gmail_thread_id for link in session.scalars(select(ThreadLink))}

    assert linked == {kept.thread_id for kept in filled.post if kept.deal}


def test_those_who_answer_are_on_the_list_and_the_first_three_have_one_fresh_deal_each(filled: Filled) -> None:
    table = tables.read(data.PEOPLE_FILE.read_bytes(), "people.csv")
    listed = {row.values["email"] for row in table.rows}

    assert {person.email for person in CAST} <= listed
    for email in (YES, BOUNCE, AWAY):
        assert filled.stage_of(email)[0] == "Prospecting"


def test_won_deals_go_on_behind_the_first_board_and_know_who_sent_them(filled: Filled) -> None:
    with filled.database.reading(filled.viewer()) as session:
        twins = session.scalars(select(Deal).where(Deal.twin_of_id.is_not(None))).all()
        origins = {twin.title: session.get_one(Deal, twin.twin_of_id) for twin in twins}

        assert len(twins) == 5
        assert {twin.pipeline.name for twin in twins} == {"After-sales"}
        assert {origin.stage.kind for origin in origins.values()} == {StageKind.WON}
        assert [twin.title for twin in twins if twin.referred_by_id] == ["Nordlicht: Einführung Altenwerder"]


def test_a_board_for_its_members_is_not_there_for_dimas(filled: Filled) -> None:
    seen = {}
    for email in (ANNA, DIMAS, GIULIA):
        with filled.database.reading(filled.viewer(email)) as session:
            seen[email] = {pipeline.name for pipeline in pipelines.live(session)}

    assert seen[ANNA] == seen[GIULIA] == {"Outbound", "After-sales", "Marketing to sales"}
    assert seen[DIMAS] == {"Outbound", "After-sales"}


def test_whoever_looks_through_a_saved_view_sees_something(filled: Filled) -> None:
    for email, names in {
        ANNA: {"By plan", "My fair leads", "Open by manager", "Renewals to come", "In Poland"},
        DIMAS: {"My premium deals", "By plan", "Open by manager", "Renewals to come", "In Poland"},
    }.items():
        with filled.database.reading(filled.viewer(email)) as session:
            shown = {}
            for subject in (Subject.DEAL, Subject.CONTACT):
                for view in views.for_switcher(session, subject):
                    page = table.page(session, asking.of_view(session, view), at=filled.world.now)
                    shown[view.name] = (page.total, page.gone)

        assert shown.keys() == names
        assert all(total > 0 and not gone for total, gone in shown.values()), shown


def test_everybody_has_something_to_do_today_and_something_that_is_late(filled: Filled) -> None:
    today = filled.world.day_in(0)
    for email in (ANNA, DIMAS, GIULIA):
        with filled.database.reading(filled.viewer(email)) as session:
            days = {task.due_on for task in tasks.due(session, users.me(session).id, until=today)}

        assert today in days, email
        assert any(day and today and day < today for day in days), email


def test_the_diary_of_every_deal_tells_things_in_their_order(filled: Filled) -> None:
    with filled.database.reading(filled.viewer()) as session:
        for deal in session.scalars(select(Deal)):
            entries = sorted(activity.of_subject(session, "deal", deal.id), key=lambda entry: entry.number)
            moments = [entry.at for entry in entries]

            assert moments == sorted(moments), deal.title
            assert moments[-1] < filled.world.now, deal.title


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ("2h", datetime(2026, 11, 24, 11, 0, tzinfo=UTC)),
        ("40m", datetime(2026, 11, 24, 12, 20, tzinfo=UTC)),
        ("6d 09:10", datetime(2026, 11, 18, 9, 10, tzinfo=ZoneInfo("Europe/Warsaw"))),
    ],
)
def test_the_worlds_moments_are_told_from_now(when: str, expected: datetime, clock: ModuleType) -> None:
    assert data.load(datetime(2026, 11, 24, 13, 0, tzinfo=UTC)).moment(when) == expected


def test_a_moment_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="yesterday"):
        data.load(datetime.now(UTC)).moment("yesterday")
