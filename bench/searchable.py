"""A database to search in: deals, people and companies with many words, and what people type to find them."""

from __future__ import annotations

import atexit
import functools
import random
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass

from sqlalchemy import Connection

from addon import clock
from addon.domain.access import Viewer
from addon.domain.search.catching_up import catch_up
from addon.domain.teams import operations as teams
from addon.models import Role, Sight, Subject, User
from bench.many_deals import ManyDeals, databases, filled
from bench.measuring import Size

_FIRST = [
    "Jane",
    "Piotr",
    "Ana",
    "Zofia",
    "Karl",
    "Marta",
    "Luca",
    "Noor",
    "Ivan",
    "Mina",
    "Agnieszka",
    "Łukasz",
    "José",
    "Zoë",
    "Søren",
    "Émile",
    "Bruno",
    "Tessa",
]
_WORKS = [
    "Ramp",
    "Dock",
    "Planner",
    "Fleet",
    "Depot",
    "Yard",
    "Stairs",
    "Bridge",
    "Crane",
    "Audit",
    "Retrofit",
    "Lease",
    "Pilot",
    "Rollout",
    "Licence",
]
_KINDS = ["Logistics", "Works", "Freight", "Marine", "Group", "Partners", "Systems", "Foods", "Energy", "Textiles"]
_SYLLABLES = [
    "ba",
    "ro",
    "ken",
    "dal",
    "mir",
    "stu",
    "vel",
    "por",
    "tan",
    "gri",
    "lov",
    "hes",
    "qui",
    "mar",
    "zen",
    "fol",
    "wick",
    "tur",
    "sa",
    "ni",
    "cho",
    "bel",
    "dra",
    "pe",
]
_SLICE = 500


@dataclass(frozen=True, eq=False)
class Searchable:
    made: ManyDeals
    own: Viewer
    """Sees the deals that they own, and the people and companies of those."""

    @property
    def name(self) -> str:
        return self.made.name


@functools.cache
def searchable(deals: int, on_postgresql: bool) -> Sequence[Searchable]:
    """On SQLite and, where there is one, on PostgreSQL; the index is written by the product."""
    stack = ExitStack()
    atexit.register(stack.close)
    found = []
    for name, [url] in databases(stack, ("search",), on_postgresql=on_postgresql):
        made = filled(stack, name, url, deals)
        with made.database.engine.begin() as connection:
            _say_words(connection, made)
        _index(made)
        with made.database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            if name == "PostgreSQL":
                connection.exec_driver_sql("VACUUM ANALYZE")  # what its own clockwork does within minutes
        found.append(Searchable(made, _who_sees_their_own(made)))
    return found


def queries(size: Size) -> Iterator[tuple[str, str]]:
    """What people type, by kind: words that are rare and common, beginnings, typos, two words, words of nothing."""
    chance = random.Random(7)
    kinds = ("a rare word", "a common word", "a beginning", "a typo", "two words", "nothing")
    for number in range(size.searches):
        kind = kinds[number % len(kinds)]
        name, firm = _name(chance.randrange(_people(size.searchable))), _firm(chance.randrange(_firms(size.searchable)))
        yield kind, _typed(kind, chance, name, firm)


def _typed(kind: str, chance: random.Random, name: str, firm: str) -> str:
    first, last = name.split()
    if kind == "a rare word":
        return chance.choice([last, firm.split()[0]])
    if kind == "a common word":
        return chance.choice([*_WORKS, *_KINDS, first])
    if kind == "a beginning":
        return chance.choice([last, firm, *_WORKS])[: chance.randint(1, 4)]
    if kind == "a typo":
        return _slip(chance, chance.choice([last, firm.split()[0], "Planner"]))
    if kind == "two words":
        return chance.choice([f"{first} {last[:3]}", f"{chance.choice(_WORKS)} {firm[:4]}", f"{_WORKS[0]} {_KINDS[0]}"])
    return "xq" + last[::-1]


def _slip(chance: random.Random, word: str) -> str:
    place = chance.randrange(1, len(word) - 1)
    return chance.choice(
        [
            word[:place] + word[place + 1 :],
            word[:place] + "e" + word[place:],
            word[:place] + "u" + word[place + 1 :],
            word[: place - 1] + word[place] + word[place - 1] + word[place + 1 :],
        ]
    )


def _people(deals: int) -> int:
    return deals // 5 + 1


def _firms(deals: int) -> int:
    return deals // 20 + 1


def _spelled(number: int, syllables: int) -> str:
    """A word of its own for each number, such as `Kendalmir`."""
    parts = []
    for _ in range(syllables):
        number, part = divmod(number, len(_SYLLABLES))
        parts.append(_SYLLABLES[part])
    return "".join(parts).capitalize()


def _name(number: int) -> str:
    return f"{_FIRST[number % len(_FIRST)]} {_spelled(number * 7919 % 13_824, 3)}"


def _firm(number: int) -> str:
    return f"{_spelled(number * 104_729 % 331_776, 4)} {_KINDS[number % len(_KINDS)]}"


def _say_words(connection: Connection, made: ManyDeals) -> None:
    """People and companies, and deals about them. A driver's own many at once: by hand it would take an hour."""
    at = clock.now()
    when = at.replace(tzinfo=None).isoformat(" ") if made.name == "SQLite" else at
    team, people, firms = made.team_id, _people(made.deals), _firms(made.deals)
    _many(
        connection,
        f"INSERT INTO company (team_id, name, created_at) VALUES ({team}, ?, ?)",
        [(_firm(number), when) for number in range(firms)],
    )
    _many(
        connection,
        "INSERT INTO contact (team_id, name, first_name, last_name, title, phone, locale, company_id, created_at)"
        f" VALUES ({team}, ?, ?, ?, '', '', '', ?, ?)",
        [(_name(n), *_name(n).split(), n % firms + 1, when) for n in range(people)],
    )
    _many(
        connection,
        "UPDATE deal SET title = ?, contact_id = ?, company_id = ? WHERE id = ?",
        [
            (f"{_WORKS[n % 15]} {_WORKS[n // 15 % 15]} {n}", n % people + 1, n % people % firms + 1, n)
            for n in range(1, made.deals + 1)
        ],
    )


def _many(connection: Connection, statement: str, rows: Sequence[tuple[object, ...]]) -> None:
    placed = statement if connection.dialect.name == "sqlite" else statement.replace("?", "%s")
    connection.exec_driver_sql(placed, list(rows))


def _index(made: ManyDeals) -> None:
    for subject in Subject:
        last: int | None = 0
        while last is not None:
            with made.database.writing(made.viewer) as session:
                last = catch_up(session, subject, after=last, limit=_SLICE)


def _who_sees_their_own(made: ManyDeals) -> Viewer:
    with made.database.writing(made.viewer) as session:
        teams.set_sight(session, Role.REP, Sight.OWN, at=clock.now())
    with made.database.reading(made.viewer) as session:
        return Viewer.of(session.get_one(User, made.users[3]))
