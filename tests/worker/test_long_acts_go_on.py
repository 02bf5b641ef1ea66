"""Acts on many things and imports go on in the worker, whatever happens to it: each thing once."""

from __future__ import annotations

import functools
import multiprocessing
from collections import Counter

import pytest
from sqlalchemy import select

from addon.domain.access import Database
from addon.domain.bulk import operations as bulk
from addon.domain.bulk import queries
from addon.domain.deals.draft import DealDraft
from addon.domain.imports import mapping
from addon.domain.imports import operations as imports
from addon.domain.imports import queries as import_queries
from addon.domain.ladder import operations as ladder
from addon.domain.search.finding import find
from addon.domain.undoing import operations as undoing
from addon.models import Activity, BulkKind, Deal, ImportState, Subject
from tests.domain.team_at_work import ANNA, MONDAY, TeamAtWork, team_at_work
from tests.worker.at_work import settings_for, until, without_mail, work, worker_at_work

DEALS = 180


@pytest.fixture
def team(database: Database) -> TeamAtWork:
    made = team_at_work(database)
    without_mail(made)
    return made


def many(team: TeamAtWork, count: int) -> list[int]:
    with team.acting() as session:
        drafts = [DealDraft(title=f"Ramp {number}", owner_id=team.users[ANNA]) for number in range(count)]
        return [ladder.open_deal(session, draft, at=MONDAY, pipeline_id=team.pipeline_id).id for draft in drafts]


def move(team: TeamAtWork, ids: list[int], stage: str) -> int:
    with team.acting() as session:
        seen = [[key, session.get_one(Deal, key).last_move] for key in ids]
        asked = {"stage_id": team.stages[stage]}
        return bulk.start(session, BulkKind.MOVE, Subject.DEAL, seen, asked, at=MONDAY).id


def progress(team: TeamAtWork, bulk_id: int) -> queries.Progress:
    with team.looking() as session:
        return queries.progress(session, bulk_id)


def stages(team: TeamAtWork) -> Counter[int]:
    with team.looking() as session:
        return Counter(session.scalars(select(Deal.stage_id)))


def test_what_a_request_began_is_done_by_the_worker_and_taken_back_by_it(team: TeamAtWork) -> None:
    bulk_id = move(team, many(team, 102), "Offer")

    with worker_at_work(team.database):
        until(lambda: progress(team, bulk_id).finished)
        assert stages(team) == {team.stages["Offer"]: 102}
        with team.acting() as session:
            undoing.undo(session, progress(team, bulk_id).act_id, at=MONDAY)
        until(lambda: stages(team) == {team.stages["New"]: 102})


def test_an_import_that_a_request_began_is_found_by_the_search_box(team: TeamAtWork) -> None:
    rows = "email,name\n" + "".join(f"p{n}@acme.example,Person {n}\n" for n in range(30))
    with team.acting() as session:
        made = imports.start(session, Subject.CONTACT, "list.csv", rows.encode(), at=MONDAY)
        mapping.choose(session, made.id, mapping.suggest(session, made.id), at=MONDAY)
        imports.begin(session, made.id, at=MONDAY)
        import_id = made.id

    def state() -> str:
        with team.looking() as session:
            return import_queries.progress(session, import_id).state

    with worker_at_work(team.database):
        until(lambda: state() == ImportState.DONE)
    with team.looking() as session:
        assert [hit.title for hit in find(session, "p17@acme.example")] == ["Person 17"]


def test_a_worker_that_is_killed_again_and_again_does_each_thing_once(team: TeamAtWork) -> None:
    bulk_id = move(team, many(team, DEALS), "Offer")
    forks = multiprocessing.get_context("forkserver")
    forks.set_forkserver_preload(["tests.worker.at_work"])
    started = functools.partial(forks.Process, target=work, args=(settings_for(team.database),), daemon=True)
    kills = 0

    while not progress(team, bulk_id).finished:
        before = progress(team, bulk_id).at
        process = started()
        process.start()
        try:
            until(lambda before=before: progress(team, bulk_id).at > before)  # type: ignore[misc]
        finally:
            process.kill()
            process.join()
            process.close()
        kills += 1

    assert kills > 1, "the first one did it all"
    told = progress(team, bulk_id)
    assert (told.done, told.refused) == (DEALS, [])
    assert stages(team) == {team.stages["Offer"]: DEALS}
    with team.looking() as session:
        moved = Counter(session.scalars(select(Activity.subject_id).where(Activity.cause_id == told.act_id)))
    assert set(moved.values()) == {1}
    assert len(moved) == DEALS
