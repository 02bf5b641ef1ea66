"""One act on many deals, people or companies: each once, the refused ones listed, and all of it undone as one."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from addon.domain.bulk import operations, queries
from addon.domain.bulk.acts import NoReason
from addon.domain.bulk.operations import NothingChosen, OnlyDealsMove
from addon.domain.deals import operations as deals
from addon.domain.deals.draft import DealDraft
from addon.domain.errors import NotFound
from addon.domain.fields import operations as fields
from addon.domain.fields import stored
from addon.domain.fields.queries import by_key
from addon.domain.ladder import hooks
from addon.domain.ladder import operations as ladder
from addon.domain.undoing import operations as undoing
from addon.models import Activity, Bulk, BulkKind, BulkState, Deal, FieldKind, FieldOption, Role, Subject, User
from addon.worker.bulk import Bulks
from tests.domain.team_at_work import ANNA, BEN, MONDAY, TeamAtWork

LATER = MONDAY + timedelta(hours=2)


def many(team: TeamAtWork, count: int) -> list[int]:
    with team.acting() as session:
        return [
            ladder.open_deal(session, draft, at=MONDAY, pipeline_id=team.pipeline_id).id
            for draft in _drafts(team, count)
        ]


def _drafts(team: TeamAtWork, count: int) -> list[Any]:
    return [DealDraft(title=f"Ramp {number}", owner_id=team.users[ANNA]) for number in range(count)]


def start(team: TeamAtWork, kind: BulkKind, ids: list[Any], asked: dict[str, Any]) -> int:
    with team.acting() as session:
        return operations.start(session, kind, Subject.DEAL, ids, asked, at=MONDAY).id


def move(team: TeamAtWork, ids: list[int], stage: str) -> int:
    with team.looking() as session:
        seen = [[key, session.get_one(Deal, key).last_move] for key in ids]
    return start(team, BulkKind.MOVE, seen, {"stage_id": team.stages[stage]})


def finish(team: TeamAtWork, bulk_id: int, *, size: int = 50) -> queries.Progress:
    more = True
    while more:
        with team.acting() as session:
            more = operations.run_slice(session, bulk_id, at=MONDAY, size=size)
    with team.looking() as session:
        return queries.progress(session, bulk_id)


def stages(team: TeamAtWork, ids: list[int]) -> list[str]:
    return [team.stage(key) for key in ids]


def undo(team: TeamAtWork, activity_id: int) -> int:
    with team.acting() as session:
        return undoing.undo(session, activity_id, at=LATER).id


def test_all_move_as_if_the_person_moved_each(team: TeamAtWork, monkeypatch: pytest.MonkeyPatch) -> None:
    entered: list[int] = []
    ids = many(team, 5)
    monkeypatch.setattr(hooks, "ENTRY", [lambda session, step: entered.append(step.deal.id)])

    told = finish(team, move(team, ids, "Offer"), size=2)

    assert (told.total, told.at, told.done, told.refused, told.finished) == (5, 5, 5, [], True)
    assert stages(team, ids) == ["Offer"] * 5
    assert entered == ids, "hooks run, for the person asked"
    with team.looking() as session:
        causes = session.scalars(
            select(Activity.cause_id).where(Activity.kind == "deal.moved").order_by(Activity.id.desc()).limit(5)
        )
        assert set(causes) == {told.act_id}


def test_who_lost_the_race_is_listed_and_the_others_go_on(team: TeamAtWork) -> None:
    ids = many(team, 4)
    bulk_id = move(team, ids, "Offer")
    team.move(ids[1], "Talking", by=BEN)
    with team.acting(BEN) as session:
        deals.delete(session, ids[2], at=MONDAY)

    told = finish(team, bulk_id)

    assert [(key, code) for key, code, _ in told.refused] == [
        (ids[1], "ladder.lost_race"),
        (ids[2], "errors.not_found"),
    ]
    assert (told.at, told.done) == (4, 2)
    assert stages(team, ids)[:2] == ["Offer", "Talking"]


def test_fields_tags_and_owners_of_all_are_edited(team: TeamAtWork) -> None:
    ids = many(team, 3)
    with team.database.writing(team.viewer()) as session:
        session.get_one(User, team.users[ANNA]).role = Role.ADMIN
    with team.acting() as session:
        tags = fields.create(session, Subject.DEAL, FieldKind.MULTI_SELECT, "Tags", at=MONDAY, options=["hot", "new"])
        key = f"f{tags.id}"
        hot, new = session.scalars(select(FieldOption.id).order_by(FieldOption.id))
        deals.edit(session, ids[0], {key: frozenset({new})}, at=MONDAY)

    finish(team, start(team, BulkKind.EDIT, list(ids), {f"+{key}": f"#{hot}", "owner": f"#{team.users[BEN]}"}))

    with team.looking() as session:
        held = stored.read_many(session, Subject.DEAL, ids, list(by_key(session, Subject.DEAL, [key]).values()))
        assert [held[one][key] for one in ids] == [frozenset({hot, new}), frozenset({hot}), frozenset({hot})]
        assert {session.get_one(Deal, one).owner_id for one in ids} == {team.users[BEN]}


def test_what_would_be_refused_of_everybody_is_refused_before_it_begins(team: TeamAtWork) -> None:
    ids = many(team, 1)

    with pytest.raises(NothingChosen):
        start(team, BulkKind.DELETE, [], {})
    with pytest.raises(NotFound):
        start(team, BulkKind.MOVE, [[ids[0], 1]], {"stage_id": 4711})
    with pytest.raises(OnlyDealsMove), team.acting() as session:
        operations.start(session, BulkKind.MOVE, Subject.CONTACT, [[1, 1]], {"stage_id": 1}, at=MONDAY)


def test_many_deals_are_lost_only_for_a_reason(team: TeamAtWork) -> None:
    ids = many(team, 2)
    lost = {"stage_id": team.stages["Lost"]}
    for silent in (lost, {**lost, "lost_reason": "  "}):
        with pytest.raises(NoReason):
            start(team, BulkKind.MOVE, [[key, 2] for key in ids], silent)

    told = finish(team, start(team, BulkKind.MOVE, [[key, 2] for key in ids], {**lost, "lost_reason": "Too dear"}))

    assert (told.done, stages(team, ids)) == (2, ["Lost", "Lost"])
    with team.looking() as session:
        assert {session.get_one(Deal, key).lost_reason for key in ids} == {"Too dear"}


def test_it_is_undone_and_done_again_as_one_act(team: TeamAtWork) -> None:
    ids = many(team, 4)
    told = finish(team, move(team, ids, "Offer"))

    undone = undo(team, told.act_id)
    assert stages(team, ids) == ["New"] * 4

    redone = undo(team, undone)
    assert stages(team, ids) == ["Offer"] * 4
    undo(team, redone)
    assert stages(team, ids) == ["New"] * 4


def test_what_somebody_changed_since_stays_and_is_told_beforehand(team: TeamAtWork) -> None:
    ids = many(team, 3)
    told = finish(team, move(team, ids, "Offer"))
    team.move(ids[1], "Talking", by=BEN)

    with team.looking() as session:
        planned = undoing.preview(session, told.act_id)
        assert planned.possible
        assert [code for code, _ in planned.stays] == ["undoing.moved_since"]
        assert len(planned.takes_back) == 2
    undo(team, told.act_id)

    assert stages(team, ids) == ["New", "Talking", "New"]


def test_it_is_not_undone_while_it_is_under_way(team: TeamAtWork) -> None:
    bulk_id = move(team, many(team, 3), "Offer")
    with team.acting() as session:
        operations.run_slice(session, bulk_id, at=MONDAY, size=1)
        act_id = session.get_one(Bulk, bulk_id).act_id

    with team.looking() as session:
        assert [code for code, _ in undoing.preview(session, act_id).refused] == ["undoing.bulk_under_way"]


def test_a_large_one_is_undone_by_the_worker_in_slices(team: TeamAtWork, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(operations, "AT_ONCE", 3)
    ids = many(team, 7)
    told = finish(team, move(team, ids, "Offer"))
    team.move(ids[6], "Talking", by=BEN)
    undone = undo(team, told.act_id)
    assert stages(team, ids)[:6] == ["Offer"] * 6, "nobody waits for it"

    worker = Bulks(team.database)
    [waiting] = worker.waiting()
    assert worker.turn(*waiting)

    assert stages(team, ids) == ["New"] * 6 + ["Talking"]
    with team.looking() as session:
        [left] = queries.progress(session, waiting[0]).refused
        assert left[:2] == (ids[6], "undoing.moved_since")
    undo(team, undone)
    assert worker.turn(*worker.waiting()[0])
    assert stages(team, ids) == ["Offer"] * 6 + ["Talking"]


class Killed(Exception):
    pass


@pytest.mark.parametrize("seed", range(3))
def test_whenever_it_is_killed_each_is_moved_exactly_once(team: TeamAtWork, seed: int) -> None:
    chance = random.Random(seed)
    ids = many(team, 12)
    bulk_id = move(team, ids, "Offer")

    def some() -> bool:
        with team.acting() as session:
            more = operations.run_slice(session, bulk_id, at=MONDAY, size=chance.randint(1, 4))
            if chance.random() < 0.5:
                raise Killed
            return more

    more = True
    while more:
        try:
            more = some()
        except Killed:
            continue

    assert stages(team, ids) == ["Offer"] * 12
    for key in ids:
        assert [entry.kind for entry in team.diary(key)].count("deal.moved") == 2, "its first stage, and this move"
    with team.looking() as session:
        assert (session.get_one(Bulk, bulk_id).done, session.get_one(Bulk, bulk_id).state) == (12, BulkState.DONE)


def test_the_tick_goes_on_with_what_a_killed_process_left(team: TeamAtWork) -> None:
    ids = many(team, 5)
    bulk_id = move(team, ids, "Offer")
    with team.acting() as session:
        operations.run_slice(session, bulk_id, at=MONDAY, size=2)

    worker = Bulks(team.database)
    assert worker.waiting() == [(bulk_id, team.team_id)]
    assert worker.turn(bulk_id, team.team_id)
    assert worker.waiting() == []

    assert stages(team, ids) == ["Offer"] * 5


def test_it_ends_where_whoever_asked_may_not_act_any_more(team: TeamAtWork) -> None:
    ids = many(team, 2)
    bulk_id = move(team, ids, "Offer")
    with team.acting() as session:
        session.get_one(User, team.users[ANNA]).active = False

    Bulks(team.database).turn(bulk_id, team.team_id)

    with team.looking(BEN) as session:
        row = session.get_one(Bulk, bulk_id)
        assert (row.state, row.error, row.done) == (BulkState.DONE, "access.deactivated", 0)
