"""The worker brings imports on beside everything else, and back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from addon import clock
from addon.domain.access import Database, Viewer
from addon.domain.imports import clearing, mapping, operations, queries, undo
from addon.domain.imports.queries import Progress
from addon.models import Import, ImportFile, ImportState, Subject, User
from addon.settings import Settings
from addon.worker import importing
from addon.worker.importing import Importer
from addon.worker.periodic import Clockwork, everyone
from tests.domain.team_at_work import ANNA, MONDAY, TeamAtWork, team_at_work

LIST = "email,name\n" + "".join(f"p{n}@acme.example,Person {n}\n" for n in range(450))


@pytest.fixture
def team(database: Database, monkeypatch: pytest.MonkeyPatch) -> TeamAtWork:
    monkeypatch.setattr(importing.running, "AIM", 5.0)  # nobody else waits here
    monkeypatch.setattr(importing, "TURN", 60.0)
    return team_at_work(database)


def begin(team: TeamAtWork, csv: str = LIST) -> int:
    with team.acting() as session:
        made = operations.start(session, Subject.CONTACT, "list.csv", csv.encode(), at=MONDAY)
        mapping.choose(session, made.id, mapping.suggest(session, made.id), at=MONDAY)
        operations.begin(session, made.id, at=MONDAY)
        return made.id


def progress(team: TeamAtWork, import_id: int) -> Progress:
    with team.looking() as session:
        return queries.progress(session, import_id)


class Woken:
    """An engine that only remembers what it was woken for."""

    def __init__(self) -> None:
        self.jobs: list[tuple[str, str]] = []

    def on(self, name: str, function: Callable[[str], None]) -> None:
        raise AssertionError("the tick only wakes")

    def wake(self, name: str, key: str) -> None:
        self.jobs.append((name, key))


def test_the_tick_wakes_what_runs_and_a_turn_brings_it_to_its_end(team):
    import_id = begin(team)
    with team.database.reading(everyone()) as session:
        assert importing.wanting(session) == [(import_id, team.team_id)]

    assert not Importer(team.database).turn(import_id, team.team_id)

    done = progress(team, import_id)
    assert (done.state, done.created, done.at) == (ImportState.DONE, 450, 450)
    with team.database.reading(everyone()) as session:
        assert importing.wanting(session) == []


def test_a_tick_wakes_imports_of_a_team_without_mailboxes_to_see_to(team):
    import_id = begin(team)
    woken = Woken()

    Clockwork(team.database, Settings()).tick(woken)

    assert (importing.IMPORT, f"{import_id}:{team.team_id}") in woken.jobs


def test_a_worker_told_to_stop_leaves_the_rest_to_the_next_one(team):
    import_id = begin(team)
    first = Importer(team.database)
    looks = iter([False, False, True, True])
    first.stopping = lambda: next(looks, True)

    assert first.turn(import_id, team.team_id)
    between = progress(team, import_id)
    assert 0 < between.at < 450
    Importer(team.database).turn(import_id, team.team_id)

    assert (progress(team, import_id).created, progress(team, import_id).state) == (450, ImportState.DONE)


def test_an_undo_goes_on_in_the_worker_too(team):
    import_id = begin(team, "email,name\n" + "".join(f"p{n}@acme.example,Person {n}\n" for n in range(60)))
    Importer(team.database).turn(import_id, team.team_id)
    with team.acting() as session:
        undo.begin(session, import_id, at=MONDAY + timedelta(days=1))

    assert not Importer(team.database).turn(import_id, team.team_id)

    assert (progress(team, import_id).state, progress(team, import_id).undone) == (ImportState.UNDONE, 60)


def test_what_a_deactivated_person_began_is_stopped(team):
    import_id = begin(team)
    with team.database.writing(Viewer.operator(team.team_id)) as session:
        session.get_one(User, team.users[ANNA]).active = False

    assert not Importer(team.database).turn(import_id, team.team_id)

    with team.database.reading(Viewer.operator(team.team_id)) as session:
        assert queries.get(session, import_id).state == ImportState.STOPPED


def test_nothing_of_the_rows_is_logged(team, capsys, monkeypatch):
    import_id = begin(team, "email,name\nsecret@acme.example,Sentinel Sentence\n")
    monkeypatch.setattr(importing.running, "take", _fails)

    Importer(team.database).turn(import_id, team.team_id)

    said = "".join(capsys.readouterr())
    assert "entinel" not in said
    assert "secret@" not in said


def _fails(_session: object, _import_id: int, judged: list[object], **_named: object) -> bool:
    if not judged:
        return False
    raise operations.FileGone(file="Sentinel")


def forgotten(team: TeamAtWork, import_id: int, days: float) -> None:
    """Nobody looked after it for so long, by the wall's clock."""
    with team.acting() as session:
        session.get_one(Import, import_id).waits_since = clock.real_now().timestamp() - days * 24 * 3600


def test_a_draft_that_nobody_begins_goes_after_a_week_with_its_file(team):
    with team.acting() as session:
        old, new = (operations.start(session, Subject.CONTACT, "a.csv", LIST.encode(), at=MONDAY).id for _ in "ab")
    forgotten(team, old, clearing.DAYS + 0.1)
    forgotten(team, new, clearing.DAYS - 0.1)
    woken = Woken()

    Clockwork(team.database, Settings()).tick(woken)
    assert [job for job in woken.jobs if job[0] == importing.IMPORT] == [(importing.IMPORT, f"{old}:{team.team_id}")]
    assert not Importer(team.database).turn(old, team.team_id)
    assert not Importer(team.database).turn(new, team.team_id)

    with team.looking() as session:
        assert session.scalars(select(Import.id)).all() == [new]
        assert session.scalars(select(ImportFile.import_id)).all() == [new]
    with team.database.reading(everyone()) as session:
        assert importing.wanting(session) == []


def test_a_stopped_import_that_nobody_goes_on_with_keeps_what_is_in_and_loses_its_file(team):
    import_id = begin(team)
    with team.acting() as session:
        importing.running.run_slice(session, import_id, at=MONDAY, size=100)
        operations.stop(session, import_id, at=MONDAY)
    forgotten(team, import_id, clearing.DAYS + 0.1)

    assert not Importer(team.database).turn(import_id, team.team_id)

    done = progress(team, import_id)
    assert (done.state, done.created) == (ImportState.STOPPED, 100)
    with team.looking() as session:
        assert session.scalars(select(ImportFile.id)).all() == []
        assert undo.undoable(session, import_id).count == 100
    with team.database.reading(everyone()) as session:
        assert importing.wanting(session) == []


def test_whoever_looks_after_a_draft_keeps_it(team):
    with team.acting() as session:
        import_id = operations.start(session, Subject.CONTACT, "a.csv", LIST.encode(), at=MONDAY).id
    for look_after in (
        lambda session: operations.choose(session, import_id, {"header": True}),
        lambda session: mapping.choose(session, import_id, {"email": "email"}, at=MONDAY),
    ):
        forgotten(team, import_id, clearing.DAYS + 0.1)
        with team.acting() as session:
            look_after(session)

        Importer(team.database).turn(import_id, team.team_id)

        assert progress(team, import_id).state == ImportState.DRAFT
