"""Law 10, for files that people bring: what is kept of them is listed here, and goes with what it belongs to."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from addon import clock
from addon.domain.bulk import clearing as bulk_clearing
from addon.domain.bulk import operations as bulk
from addon.domain.contacts import operations as contacts
from addon.domain.imports import clearing, mapping, operations, running, undo
from addon.models import Bulk, BulkKind, BulkState, Import, Subject
from tests.domain.team_at_work import ANNA, MONDAY, TeamAtWork
from tests.laws import whole_database

LIST = "email,name,remark\nzed@quux.example,Zedekiah Quuxley,quagga diagnosis\nnobody,Bad Rowlandson,quagga too\n"


def mentioning(team: TeamAtWork, word: str) -> set[str]:
    """Tables in which it can be read."""
    return {
        name
        for name, rows in whole_database.tables(team.database).items()
        if any(word in whole_database._word(value).lower() for row in rows for value in row)
    }


def brought(team: TeamAtWork) -> int:
    with team.acting() as session:
        made = operations.start(session, Subject.CONTACT, "a.csv", LIST.encode(), at=MONDAY)
        mapping.choose(session, made.id, {"email": "email", "name": "name"}, at=MONDAY)
        return made.id


def taken_in(team: TeamAtWork) -> int:
    import_id = brought(team)
    with team.acting() as session:
        operations.begin(session, import_id, at=MONDAY)
    with team.acting() as session:
        assert not running.run_slice(session, import_id, at=MONDAY)
    return import_id


def test_a_file_lies_in_one_table_until_it_is_in(team: TeamAtWork) -> None:
    brought(team)

    assert mentioning(team, "quuxley") == {"import_file"}
    assert mentioning(team, "quagga") == {"import_file"}


def test_of_rows_that_are_in_nothing_is_kept_that_was_not_taken(team: TeamAtWork) -> None:
    taken_in(team)

    assert mentioning(team, "quagga diagnosis") == set()
    assert mentioning(team, "quagga too") == {"import_row"}, "a bad row can be downloaded and mended"
    assert mentioning(team, "rowlandson") == {"import_row"}
    assert mentioning(team, "quuxley") == {"contact", "activity_detail", "search_word"}


def test_what_was_said_of_rows_is_erased_when_its_days_are_over(team: TeamAtWork) -> None:
    for undone in (False, True):
        import_id = taken_in(team)
        with team.acting() as session:
            if undone:
                undo.begin(session, import_id, at=MONDAY)
                assert not undo.undo_slice(session, import_id, at=MONDAY)
            assert not clearing.clear_away(session, import_id, at=MONDAY)
        assert mentioning(team, "rowlandson") == {"import_row"}
        with team.acting() as session:
            session.get_one(Import, import_id).waits_since -= (clearing.DAYS + 1) * 24 * 3600
            session.flush()
            assert session.scalar(select(Import.id).where(clearing.overdue(session))) == import_id
            assert clearing.clear_away(session, import_id, at=MONDAY)
            assert session.scalar(select(Import.id).where(clearing.overdue(session))) is None

        assert mentioning(team, "rowlandson") | mentioning(team, "quagga") == set()


def test_the_words_of_an_act_on_many_are_erased_when_its_days_are_over(team: TeamAtWork) -> None:
    deal_id = team.deal("Ramp")
    with team.acting() as session:
        row = Bulk(
            **{"kind": BulkKind.EDIT, "subject": Subject.DEAL, "owner_id": team.users[ANNA], "created_at": MONDAY},
            **{"asked": {"next_step": "quagga"}, "ids": [deal_id], "refused": [[deal_id, "x", {"given": "quagga"}]]},
        )
        bulk_id = bulk.begin(session, row, at=MONDAY).id
        row.state, row.finished_at = BulkState.DONE, MONDAY
    assert mentioning(team, "quagga") == {"bulk"}

    later = MONDAY + timedelta(days=bulk_clearing.DAYS, seconds=1)
    with team.acting() as session:
        assert not bulk_clearing.clear_away(session, bulk_id, at=MONDAY)
        assert session.scalar(select(Bulk.id).where(bulk_clearing.overdue(later))) == bulk_id
        assert bulk_clearing.clear_away(session, bulk_id, at=later)
        assert session.scalar(select(Bulk.id).where(bulk_clearing.overdue(later))) is None

    assert mentioning(team, "quagga") == set()


def test_a_draft_leaves_nothing_given_up_or_forgotten(team: TeamAtWork) -> None:
    for forgotten in (False, True):
        import_id = brought(team)
        with team.acting() as session:
            if forgotten:
                long_ago = clock.real_now().timestamp() - (clearing.DAYS + 1) * 24 * 3600
                session.get_one(Import, import_id).waits_since = long_ago
                session.flush()
                assert clearing.clear_away(session, import_id, at=MONDAY)
            else:
                operations.give_up(session, import_id, at=MONDAY)

        assert mentioning(team, "quuxley") | mentioning(team, "quagga") == set()
        assert mentioning(team, "a.csv") == set()


def test_whoever_is_deleted_is_in_no_word_of_the_search(team: TeamAtWork) -> None:
    with team.acting() as session:
        person = contacts.create(session, "zed@quux.example", name="Zedekiah Quuxley", at=MONDAY).id
    assert "search_word" in mentioning(team, "quuxley")

    with team.acting() as session:
        contacts.delete(session, person, at=MONDAY)

    assert mentioning(team, "quuxley") == {"contact", "activity_detail"}, "an undo brings them back"
    assert not {name for name in mentioning(team, "quuxle") if name.startswith("search_")}, "nor is a slip of it"


def test_an_undone_import_leaves_no_word_in_the_search(team: TeamAtWork) -> None:
    from_rows = taken_in(team)
    with team.acting() as session:
        undo.begin(session, from_rows, at=MONDAY)
    with team.acting() as session:
        assert not undo.undo_slice(session, from_rows, at=MONDAY)

    assert not {name for name in mentioning(team, "quux") if name.startswith("search_")}
