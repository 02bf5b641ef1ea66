"""The worker brings imports on beside everything else, and back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from addon.domain.access import Database, Viewer
from addon.domain.imports import mapping, operations, queries, undo
from addon.domain.imports.queries import Progress
from addon.models import ImportState, Subject, User
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
