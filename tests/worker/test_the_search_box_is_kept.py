"""Whatever process writes, the search box finds it; the worker sees to what was there before and to what must go."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta

import pytest
from click.testing import CliRunner
from sqlalchemy import delete, select

from addon.cli import cli
from addon.domain.access import Database, Viewer
from addon.domain.deals import operations as deals
from addon.domain.fields import operations as fields
from addon.domain.search import field_words
from addon.domain.search.finding import find
from addon.models import FieldKind, Role, SearchPlace, SearchSlip, SearchWord, Subject, User
from tests.databases import KEY
from tests.domain.team_at_work import ANNA, MONDAY, TeamAtWork, team_at_work
from tests.worker.at_work import until, without_mail, worker_at_work


@pytest.fixture
def team(database: Database) -> TeamAtWork:
    made = team_at_work(database)
    without_mail(made)
    return made


def titles(team: TeamAtWork, text: str) -> list[str]:
    with team.looking() as session:
        return [hit.title for hit in find(session, text)]


def words(team: TeamAtWork) -> set[str]:
    with team.database.reading(Viewer.operator(team.team_id)) as session:
        return set(session.scalars(select(SearchWord.word)))


def empty_the_index(team: TeamAtWork) -> None:
    """As it is in an installation that is older than the search box."""
    with team.database.writing(Viewer.operator(team.team_id)) as session:
        for table in (SearchPlace, SearchSlip, SearchWord):
            session.execute(delete(table))


@pytest.mark.parametrize("entrance", ["addon.app", "addon.sandbox.demo"])
def test_every_process_that_writes_keeps_the_index(entrance: str) -> None:
    asked = f"import {entrance}, sys; sys.exit('addon.domain.search.keeping' not in sys.modules)"
    subprocess.run([sys.executable, "-c", asked], check=True, timeout=60)


def test_a_worker_that_begins_makes_findable_what_was_there_before(team: TeamAtWork) -> None:
    for number in range(3):
        team.deal(f"Ramp {number}")
    empty_the_index(team)
    assert titles(team, "ramp") == []

    with worker_at_work(team.database):
        until(lambda: len(titles(team, "ramp")) == 3)


def test_reindex_puts_an_index_right_that_is_wrong(team: TeamAtWork, monkeypatch: pytest.MonkeyPatch) -> None:
    right, wrong = team.deal("Ramp"), team.deal("Bridge")
    with team.database.writing(Viewer.operator(team.team_id)) as session:
        for place in session.scalars(select(SearchPlace).where(SearchPlace.deal_id == right)):
            session.delete(place)
        session.add(SearchPlace(word_id=session.scalars(select(SearchWord.id)).first(), deal_id=wrong))
        session.add(SearchWord(word="orphan"))
    url = team.database.engine.url.render_as_string(hide_password=False)
    monkeypatch.setenv("DEALTHREAD_DATABASE_URL", url)
    monkeypatch.setenv("DEALTHREAD_SECRET_KEYS", KEY)

    told = CliRunner().invoke(cli, ["reindex"], prog_name="dealthread")

    assert told.exit_code == 0, told.output
    assert told.stdout.split() == ["The", "search", "box", "knows", "3", "deals,", "people", "and", "companies."]
    assert (titles(team, "ramp"), titles(team, "bridge")) == (["Ramp"], ["Bridge"])
    assert "orphan" not in words(team)


def test_words_that_nobody_holds_any_more_are_not_kept(team: TeamAtWork) -> None:
    deal_id, other = team.deal("Ramp confidential"), team.deal("Ramp")
    assert "confidential" in words(team)

    with team.acting() as session:
        deals.edit(session, deal_id, {"title": "Ramp"}, at=MONDAY)
    assert "confidential" not in words(team)
    with team.acting() as session:
        deals.delete(session, deal_id, at=MONDAY)
    assert "ramp" in words(team), "the other deal says it"
    with team.acting() as session:
        deals.delete(session, other, at=MONDAY)
    assert "ramp" not in words(team)


def test_a_deleted_field_takes_its_words_out_and_a_restored_one_brings_them_back(
    team: TeamAtWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(field_words, "SLICE", 2)
    with team.database.writing(Viewer.operator(team.team_id)) as session:
        session.get_one(User, team.users[ANNA]).role = Role.ADMIN
    with team.acting() as session:
        field = fields.create(session, Subject.DEAL, FieldKind.TEXT, "Code word", at=MONDAY)
        field_id = field.id
    ids = [team.deal(f"Ramp {number}") for number in range(5)]
    with team.acting() as session:
        for deal_id in ids:
            deals.edit(session, deal_id, {f"f{field_id}": f"sesame s{deal_id}"}, at=MONDAY)
    assert len(titles(team, "sesame")) == 5

    with team.acting() as session:
        fields.delete(session, field_id, at=MONDAY)
    assert len(titles(team, "sesame")) == 3, "the first ones at once, the others by the worker"
    with worker_at_work(team.database):
        until(lambda: "sesame" not in words(team))
        with team.acting() as session:
            fields.restore(session, field_id, at=MONDAY + timedelta(hours=1))
        until(lambda: len(titles(team, "sesame")) == 5)
