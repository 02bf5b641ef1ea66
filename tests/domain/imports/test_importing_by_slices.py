"""Whatever ends a slice early, no row is lost, none is taken twice, and one that is refused holds up no other."""

from __future__ import annotations

import pytest

from addon.domain.errors import NotFound
from addon.domain.imports import operations, people, queries, running
from addon.models import ImportState
from tests.domain.imports.test_importing_people import LIST, eight_hundred
from tests.domain.team_at_work import MONDAY


def test_a_process_killed_in_the_middle_of_a_slice_leaves_no_half_row_and_the_next_goes_on(importing, monkeypatch):
    import_id = importing.draft(eight_hundred())
    importing.begin(import_id)
    with importing.team.acting() as session:
        assert running.run_slice(session, import_id, at=MONDAY, size=150)
    monkeypatch.setattr(people.editing, "fill", _dies)

    with pytest.raises(KeyboardInterrupt), importing.team.acting() as session:
        running.run_slice(session, import_id, at=MONDAY, size=150)
    monkeypatch.undo()

    assert importing.progress(import_id).at == 150
    assert len(importing.rows(import_id)) == 150
    progress = importing.go_on(import_id)
    assert (progress.state, progress.created, progress.bad) == (ImportState.DONE, 760, 40)
    assert len(importing.people()) == 760


def _dies(*_args: object) -> None:
    raise KeyboardInterrupt


def test_rows_that_somebody_else_took_meanwhile_are_not_taken_again(importing):
    import_id = importing.draft(eight_hundred())
    importing.begin(import_id)
    with importing.team.looking() as session:
        asked = queries.get(session, import_id)
        table = queries.source(session, import_id).table()
        judged = running.judge(session, asked, table, running.Manners(), size=100)
    with importing.team.acting() as session:
        running.run_slice(session, import_id, table, at=MONDAY, size=50)

    with importing.team.acting() as session:
        assert running.take(session, import_id, judged, begins=0, at=MONDAY)

    assert importing.progress(import_id).at == 50
    assert importing.go_on(import_id).created == 760


def test_an_import_can_be_stopped_and_goes_on_where_it_was(importing):
    import_id = importing.draft(eight_hundred())
    importing.begin(import_id)
    with importing.team.acting() as session:
        running.run_slice(session, import_id, at=MONDAY, size=100)
        operations.stop(session, import_id, at=MONDAY)

    assert importing.go_on(import_id).at == 100
    importing.begin(import_id)
    assert importing.go_on(import_id).created == 760


def test_one_row_that_the_database_refuses_holds_up_no_other(importing, monkeypatch):
    import_id = importing.draft(LIST)
    importing.begin(import_id)
    ensure = people.many.ensure

    def picky(session, persons, **more):
        if any(person.email.startswith("ana") for person in persons):
            raise NotFound(what="contact", given=0)
        return ensure(session, persons, **more)

    monkeypatch.setattr(people.many, "ensure", picky)
    progress = importing.go_on(import_id)

    assert (progress.created, progress.bad, progress.state) == (1, 1, ImportState.DONE)
