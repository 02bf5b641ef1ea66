"""The story that the demo's world was made for: a worker looks at the mail, a campaign goes out, people answer."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from addon.domain import tables
from addon.domain.access import Database
from addon.domain.campaigns import importing, queries
from addon.domain.deals import queries as deals
from addon.domain.threads import queries as threads
from addon.models import ActorKind, Deal, LinkQuestion, Mailbox
from addon.sandbox.people import Answering
from addon.sandbox.world import data
from tests.sandbox.demo.filled_world import ANNA, AWAY, BOUNCE, YES, Filled, fill, moves


@pytest.fixture
def filled(database: Database) -> Iterator[Filled]:
    with fill(database) as made:
        yield made


def test_the_first_look_moves_one_deal_and_asks_about_one_thread_and_then_a_campaign_is_answered(
    filled: Filled,
) -> None:
    people = Answering(filled.gmail)
    filled.work()
    the_first_look_moved_one_deal(filled)

    _send_campaign(filled)
    filled.work()
    assert people.deliver_due(datetime.now(UTC) + timedelta(minutes=1)) == 3
    filled.work()
    only_the_humans_answer_moved_a_deal(filled)


def the_first_look_moved_one_deal(filled: Filled) -> None:
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


def only_the_humans_answer_moved_a_deal(filled: Filled) -> None:
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
