"""The demo's world: filled through the product's own rooms, and ready for the story that it was made for."""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import ModuleType
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from addon import settings
from addon.app import House, create_worker
from addon.domain import tables
from addon.domain.access import Database, Viewer, doors
from addon.domain.activity import queries as activity
from addon.domain.campaigns import importing, queries
from addon.domain.contacts import queries as contacts
from addon.domain.deals import queries as deals
from addon.domain.pipelines import queries as pipelines
from addon.domain.threads import queries as threads
from addon.integrations.google.consent import SCOPES
from addon.integrations.google.parts import Google
from addon.models import Activity, ActorKind, Deal, LinkQuestion, Mailbox, StageKind, ThreadLink
from addon.sandbox.gmail import Gmail, Server, serve
from addon.sandbox.people import CAST, Answering
from addon.sandbox.world import data, filling
from addon.sandbox.world.post import Kept, fill_mailboxes
from tests.databases import KEY

YES, BOUNCE, AWAY = (
    "marta.jankowska@zielona-hala.example",
    "zamowienia@transbud-hurt.example",
    "siti.rahmawati@gudangbeku.example",
)
ANNA = "anna@halyard.example"


def moves(session: Session, deal_id: int) -> list[Activity]:
    """Of a deal, oldest first."""
    entries = activity.of_subject(session, "deal", deal_id)
    return sorted((entry for entry in entries if entry.kind == "deal.moved"), key=lambda entry: entry.number)


@dataclass
class Filled:
    world: data.World
    post: list[Kept]
    gmail: Gmail
    server: Server
    database: Database

    def viewer(self, email: str = ANNA) -> Viewer:
        return doors.user_by_address(self.database, email)

    def work(self) -> None:
        """A worker attends every mailbox until nothing is left to do."""
        known = settings.load(
            database_url="sqlite:///unused.db",
            secret_keys=KEY,
            google_url=self.server.url,
            google_client_id="demo",
            google_client_secret="secret",
            poll_seconds=0.001,
        )
        house = House(known, self.database, Google.of(known))
        worker, jobs = create_worker(house)
        jobs.start()
        try:
            worker.run_until_idle()
        finally:
            jobs.stop(5.0)
            house.google.close()

    def stage_of(self, email: str) -> tuple[str, str]:
        """(stage, who moved last) of the person's only open deal."""
        with self.database.reading(self.viewer()) as session:
            person = contacts.by_email(session, email)
            assert person is not None
            [deal] = deals.of_contact(session, person.id, only_open=True)
            return deal.stage.name, moves(session, deal.id)[-1].actor_kind

    def reason_of(self, email: str) -> str:
        """The sentence that the last move of the person's only open deal shows."""
        with self.database.reading(self.viewer()) as session:
            person = contacts.by_email(session, email)
            assert person is not None
            [deal] = deals.of_contact(session, person.id, only_open=True)
            shown = moves(session, deal.id)[-1].evidence
            return str(shown and shown.quote)


@pytest.fixture
def filled(database: Database) -> Iterator[Filled]:
    gmail = Gmail()
    gmail.clients.add("demo", "secret")
    world = data.load(datetime.now(UTC))
    post = fill_mailboxes(gmail, world)
    grants = {rep.email: gmail.grants.issue(rep.email, SCOPES, client="demo") for rep in world.reps}
    filling.fill(database, world, grants, " ".join(SCOPES), post)
    with serve(gmail) as server:
        yield Filled(world, post, gmail, server, database)
    gmail.close()


def test_the_boards_are_full_of_deals_in_every_stage(filled: Filled) -> None:
    with filled.database.reading(filled.viewer()) as session:
        outbound, after_sales = pipelines.live(session)
        names = {stage.id: stage.name for pipeline in (outbound, after_sales) for stage in pipeline.stages}
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


def test_the_first_look_at_the_mail_moves_one_deal_and_asks_about_one_thread(filled: Filled) -> None:
    filled.work()

    with filled.database.reading(filled.viewer()) as session:
        moved = [
            entry.subject_id
            for deal in session.scalars(select(Deal))
            for entry in moves(session, deal.id)
            if entry.actor_kind == ActorKind.RULE
        ]
        assert [deals.get(session, deal_id).title for deal_id in moved] == ["Bursztyn: 40 seats, yearly"]
        [question] = session.scalars(select(LinkQuestion)).all()
        assert len(question.candidates) == 2
        assert threads.open_question(session, question.thread_id) is not None
    assert filled.reason_of("k.wisniewska@bursztyn-logistyka.example") == (
        "Could you send us a proposal for 40 seats by Thursday?"
    )


def test_a_campaign_is_answered_and_only_the_humans_answer_moves_a_deal(filled: Filled) -> None:
    people = Answering(filled.gmail)
    filled.work()
    _send_campaign(filled)

    filled.work()
    assert people.deliver_due(datetime.now(UTC) + timedelta(minutes=1)) == 3
    filled.work()

    assert filled.stage_of(YES) == ("Lead qualification", ActorKind.RULE)
    assert filled.reason_of(YES).startswith("Could you show it to us")
    assert filled.stage_of(BOUNCE) == ("Prospecting", ActorKind.USER)
    assert filled.stage_of(AWAY) == ("Prospecting", ActorKind.USER)
    assert set(filled.gmail.outside.counts().values()) == {1}


def _send_campaign(filled: Filled) -> None:
    with filled.database.reading(filled.viewer()) as session:
        mailbox_id = session.scalars(select(Mailbox.id).where(Mailbox.email == ANNA)).one()
    writing = functools.partial(filled.database.writing, filled.viewer())
    draft = importing.Draft(
        mailbox_id=mailbox_id,
        name="Ramp planner, autumn",
        subject="A plan for your ramps",
        body='Hello {{ first_name | default("there") }},\n\nmay I show you a plan for your ramps?\n\nAnna',
        table=tables.read(b"".join(data.PEOPLE_FILE.read_bytes().splitlines(keepends=True)[:13]), "people.csv"),
    )
    campaign_id = importing.create_campaign(writing, draft, at=datetime.now(UTC))
    importing.launch_campaign(writing, campaign_id, at=datetime.now(UTC))
    with filled.database.reading(filled.viewer()) as session:
        assert len(queries.skipped(session, campaign_id)) == 3


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
