"""Every table and every query of the domain, as every role, on both databases: no word of what is kept comes out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pytest
from sqlalchemy import inspect, select

from addon import clock as clocks
from addon.domain.access import Database
from addon.models import Model, OfTeam, Role, Sight
from tests import databases
from tests.domain.team_at_work import ANNA
from tests.laws import sight_queries
from tests.laws.kept_office import ADA, EVE, LATER, MIA, KeptOffice, kept_office
from tests.laws.sight_world import KeptThings, kept_things, mine_alone

NOT_KEPT_BY_THE_SESSION = {
    "address": "who writes to an address finds whom it is of by the person",
    "activity_detail": "read by its act",
    "import": "asked of a room that knows whose it is",
    "import_file": "read by its import",
    "import_row": "read by its import",
    "import_mapping": "the room shows one's own",
    "sighting": "read by its message",
    "message": "read by a deal's threads, as far as its mailbox is shared",
    "message_facts": "read by its message",
    "search_word": "words that are typed are looked up in it; what has them is kept",
    "evidence": "read by the move that it proves",
}
"""Tables that hold words of kept things where a question of any shape finds them: the rooms keep them, see below."""

SIGHTS = [
    *((ANNA, Role.REP, sight) for sight in (Sight.OWN, Sight.PIPELINES, Sight.ALL)),
    *((MIA, Role.MANAGER, sight) for sight in (Sight.OWN, Sight.PIPELINES, Sight.ALL)),
    (ADA, Role.ADMIN, Sight.OWN),
    (EVE, Role.REP, Sight.ALL),
]
COMPARED = ((ANNA, Sight.OWN), (MIA, Sight.PIPELINES))
"""Whose answers about their own are compared with those from before the rest was there."""


@dataclass
class Walk:
    office: KeptOffice
    kept: KeptThings
    before: dict[tuple[str, Sight], dict[str, str]]
    """Answers by call, when nothing was kept from anybody."""


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.long)])
def walk(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walk]:
    clocks.set_world(LATER)
    if request.param == "sqlite":
        with databases.on_sqlite(tmp_path_factory.mktemp("sight")) as made:
            yield from _walk(made)
    else:
        shared: Database = request.getfixturevalue("postgres")
        databases.forget_rows(shared)
        yield from _walk(shared)
    clocks.follow(None)


def _walk(database: Database) -> Iterator[Walk]:
    with kept_office(database) as office:
        mine_alone(office)
        before = {
            (email, sight): _answers(office, email, role, sight)
            for email, role, sight in SIGHTS
            if (email, sight) in COMPARED
        }
        yield Walk(office, kept_things(office), before)


@pytest.fixture(autouse=True)
def _later(clock: object) -> None:
    clocks.set_world(LATER)


def test_the_walk_knows_how_each_query_is_asked() -> None:
    """A new one wants its parameters in `sight_queries`."""
    found = sight_queries.all_of_them()

    assert len(found) > 120
    assert {name: lacks for name, query in sight_queries.shown().items()
            if (lacks := sight_queries.unknown(query))} == {}  # fmt: skip
    rooms = {name.rpartition(".")[0] for name in found}
    assert {name for name in sight_queries.OF_THE_MACHINE if name not in found and name not in rooms} == set()


@pytest.mark.parametrize(("email", "role", "sight"), SIGHTS, ids=lambda each: str(each).partition("@")[0])
def test_no_table_holds_a_word_of_what_is_kept(walk: Walk, email: str, role: Role, sight: Sight) -> None:
    walk.office.allow(email, role, sight)
    words, found = walk.kept.from_(email, sight), set()
    with walk.office.database.reading(walk.office.viewer(email)) as session:
        for mapper in Model.registry.mappers:
            if not issubclass(mapper.class_, OfTeam):
                continue
            name = inspect(mapper.class_).local_table.name
            told = "\n".join(each for row in session.scalars(select(mapper.class_))
                             for each in sight_queries.texts(row, further=1))  # fmt: skip
            found |= {f"{name} says {word}" for word in words if word in told.lower()}

    own_team = email != EVE and email != ADA
    allowed = NOT_KEPT_BY_THE_SESSION if own_team else {}
    assert {each for each in found if each.partition(" ")[0] not in allowed} == set()


@pytest.mark.parametrize(("email", "role", "sight"), SIGHTS, ids=lambda each: str(each).partition("@")[0])
def test_no_query_says_a_word_of_what_is_kept(walk: Walk, email: str, role: Role, sight: Sight) -> None:
    """Asked about one's own, its answer is the same as if the rest never was: no count, total or list differs."""
    before, after = walk.before.get((email, sight), {}), _asked(walk, email, role, sight)
    words = walk.kept.from_(email, sight)
    theirs = ("teams.queries.sights", *(("imports.queries.mine",) if role is Role.MANAGER else ()))

    said = [call for call, told in after.items() for word in words if word in told and word not in call.lower()]
    differ = [call for call, told in before.items() if after[call] != told and not call.startswith(theirs)]
    assert "\n".join(said) == ""
    assert "\n".join(differ) == ""


def _asked(walk: Walk, email: str, role: Role, sight: Sight) -> dict[str, str]:
    return _answers(walk.office, email, role, sight, list(walk.kept.bags(email, sight)))


def _answers(
    office: KeptOffice, email: str, role: Role, sight: Sight, others: Sequence[sight_queries.Bag] = ()
) -> dict[str, str]:
    """All that is said, by call, about this person's own things and about the others."""
    office.allow(email, role, sight)
    mine, done, found = office.mine[email], set[str](), dict[str, str]()
    with office.database.reading(office.viewer(email)) as session:
        for query in sight_queries.shown().values():
            for other in (mine, *others):
                answers = sight_queries.asked(session, query, mine, other, done)
                found |= {call: "\n".join(told).lower() for call, told in answers}
    return found
