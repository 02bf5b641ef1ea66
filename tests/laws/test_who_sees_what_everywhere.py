"""Every way into the product, for everybody: what is kept from somebody is answered as if it never was.

What a person may not see is asked for by its id and by its words through every page, form and card; the answer is the
one that an id gets which nobody ever had. And every page that they do see is the same before such things are there
and afterwards: no count, no total, no list tells of them.
"""

from __future__ import annotations

import re
import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import pytest
from flask.testing import FlaskClient

from addon import clock as clocks
from addon.models import Role, Sight
from tests.databases import on_sqlite
from tests.domain.team_at_work import ANNA, BEN
from tests.laws import ways_in, whole_database
from tests.laws.kept_office import ADA, EVE, LATER, MIA, NUMBAT, QUOKKA, WOMBAT, Ids, KeptOffice, Words, kept_office
from tests.laws.ways_in import Way

OF_DEALS = ("deal_id", "card", "task_id", "activity_id", "message_id")
OF_PEOPLE = ("contact_id", "company_id", "address_id")
OF_LINES = ("pipeline_id", "stage_id", "field_id", "option_id", "key")
WHOLE_TEAM = ("user_id", "mailbox_id", "campaign_id", "outgoing_id", "thread_id")
FIXED = {"subject": "deal", "name": "bant", "act": "done", "role": "rep"}
NOWHERE = {"people": "Zzyzx", "deals": "Yyzzy", "pipeline": "Xyzzy"}
"""Words that stand nowhere."""
NEVER_WAS = 900_000_000
"""Far above the ids that there are."""


@dataclass(frozen=True)
class Kept:
    """What somebody may not see."""

    email: str
    role: Role
    sight: Sight
    of: str
    """Whose: a key of `Secrets`."""
    ids: tuple[str, ...]
    words: tuple[str, ...]
    """Names of `Words`."""

    def __str__(self) -> str:
        return f"{self.email.partition('@')[0]}-{self.sight}-{self.of}"


REP, MANAGER = (ANNA, Role.REP), (MIA, Role.MANAGER)
BENS = ((*OF_DEALS, *OF_PEOPLE, "ref"), ("deals", "people", "view", "amount"))
BENS_OF_REPS = ((*BENS[0], "import_id"), (*BENS[1], "file"))
CLOSED = ((*OF_DEALS, *OF_LINES, "ref"), ("deals", "pipeline", "view", "amount"))
EVERYTHING = ((*OF_DEALS, *OF_PEOPLE, *OF_LINES, *WHOLE_TEAM, "ref", "import_id"),
              ("deals", "people", "pipeline", "view", "amount", "file"))  # fmt: skip
CASES = (
    Kept(*REP, Sight.OWN, "ben", *BENS_OF_REPS),
    Kept(*REP, Sight.PIPELINES, "closed", (*CLOSED[0], *OF_PEOPLE, "import_id"), (*CLOSED[1], "people", "file")),
    Kept(*REP, Sight.ALL, "closed", *CLOSED),
    Kept(*MANAGER, Sight.OWN, "closed", (*CLOSED[0], *OF_PEOPLE), (*CLOSED[1], "people")),
    Kept(*MANAGER, Sight.PIPELINES, "ben", *BENS),
    Kept(*MANAGER, Sight.ALL, "closed", *CLOSED),
    Kept(ADA, Role.ADMIN, Sight.OWN, "eve", *EVERYTHING),
    Kept(EVE, Role.REP, Sight.ALL, "ben", *EVERYTHING),
)
LOOKERS = ((*REP, Sight.OWN), (*MANAGER, Sight.PIPELINES))
"""Whose every page is compared; what strangers see is held by `test_a_session_sees_one_team`."""


@dataclass
class Visit:
    office: KeptOffice
    email: str
    client: FlaskClient
    token: str

    def ask(self, way: Way, ids: Mapping[str, int | str]) -> tuple[int, str]:
        """Status; everything that came back, without what differs each time."""
        path = way.path.format_map(ids)
        headers = {"X-CSRFToken": self.token, "Accept": "application/json" if "/board/" in path else "text/html"}
        if way.form is None:
            found = self.client.get(path)
        else:
            form = {name.format_map(ids): value.format_map(ids) for name, value in way.form.items()}
            found = self.client.post(path, data=form, headers=headers)
        told = "\n".join(
            f"{name}: {value}" for name, value in found.headers if name not in ("Content-Length", "Set-Cookie")
        )
        body = found.get_data(as_text=True)
        assert found.status_code < 500, f"{self.email} {path}: {found.status}"
        return found.status_code, f"{told}\n{bare(body)}"


def bare(text: str) -> str:
    """Without the token against forgery, new each time."""
    return re.sub(r'(name="csrf[-_]token" (?:content|value)=)"[^"]*"', r"\1", text)


def figures(text: str) -> str:
    """Numbers written together, however their thousands are parted."""
    return re.sub(r"(?<=\d)[ ,.'\u00a0\u202f](?=\d{3})", "", text)


def visit(office: KeptOffice, email: str) -> Visit:
    client = office.signed_in(email)
    found = re.search(r'name="csrf-token" content="([^"]+)"', client.get("/preferences").get_data(as_text=True))
    assert found is not None
    return Visit(office, email, client, found[1])


@dataclass
class Walk:
    office: KeptOffice
    secrets: dict[str, tuple[Ids, Words]]
    before: dict[tuple[str, Sight], dict[str, tuple[int, str]]]
    """Every page of each looker, as it was when nothing was kept from them."""


@pytest.fixture(scope="module")
def walk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walk]:
    clocks.set_world(LATER)
    with on_sqlite(tmp_path_factory.mktemp("kept")) as database, kept_office(database) as office:
        before = {(email, sight): pages(office, email, role, sight) for email, role, sight in LOOKERS}
        closed = office.line(BEN, NUMBAT.pipeline, closed=True)
        secrets = {
            "ben": (office.belongings(BEN, QUOKKA, office.mine[ANNA], box=office.team.mailboxes[BEN]), QUOKKA),
            "closed": (
                office.belongings(BEN, NUMBAT, closed, box=office.team.mailboxes[BEN]),
                NUMBAT,
            ),
            "eve": (office.mine[EVE], WOMBAT),
        }
        for ids, _ in secrets.values():
            ids.update({name: office.mine[ANNA][name] for name in ("campaign_id", "outgoing_id") if name not in ids})
        yield Walk(office, secrets, before)
    clocks.follow(None)


@pytest.fixture(autouse=True)
def _later(clock: ModuleType, walk: Walk) -> Iterator[None]:
    """Each test finds the office as it was."""
    clock.set_world(LATER)
    engine = walk.office.database.engine
    file = Path(str(engine.url.database))
    kept = file.with_suffix(".kept")
    if not kept.exists():
        with closing(sqlite3.connect(file)) as connection:
            connection.execute("VACUUM INTO ?", (str(kept),))
    yield
    engine.dispose()
    for beside in ("-wal", "-shm"):
        file.with_name(file.name + beside).unlink(missing_ok=True)
    shutil.copy(kept, file)


def ways(office: KeptOffice, *, more: bool = True) -> list[Way]:
    """A page or a form for every route, and what somebody may think of besides."""
    made = list(ways_in.MORE) if more else []
    for rule in office.app.url_map.iter_rules():
        path = re.sub(r"<(?:[^<>]*:)?(\w+)>", r"{\1}", rule.rule)
        for query in ways_in.PAGES.get(rule.endpoint, ()):
            made.append(Way(path + query))
        for writes, forms in ((False, ways_in.FORMS), (True, ways_in.NAMING_NOBODY)):
            if rule.endpoint in forms:
                made.append(Way(path, forms[rule.endpoint], writes=writes))
    return made


def pages(office: KeptOffice, email: str, role: Role, sight: Sight) -> dict[str, tuple[int, str]]:
    """Everything that somebody can look at, by address."""
    office.allow(email, role, sight)
    caller, mine = visit(office, email), {**FIXED, **office.mine[email]}
    ids = {**mine, **{f"own_{name}": value for name, value in mine.items()}, "people": "Nothing", "deals": "Nothing"}
    return {way.path.format_map(ids): caller.ask(way, ids) for way in ways(office, more=False) if way.form is None}


def test_every_route_has_a_way_in(walk: Walk) -> None:
    """A new one wants a line in `ways_in`: how is it called by somebody who may not see what it is about?"""
    routes = {rule.endpoint for rule in walk.office.app.url_map.iter_rules()}
    known = {*ways_in.NO_RECORDS, *ways_in.PAGES, *ways_in.FORMS, *ways_in.NAMING_NOBODY}

    assert {route for route in routes if not route.startswith("sidebar.")} - known == set()
    assert known - routes == set(), "no longer there"


@pytest.mark.parametrize(("email", "role", "sight"), LOOKERS, ids=lambda each: str(each).partition("@")[0])
def test_pages_are_the_same_as_if_it_never_was(walk: Walk, email: str, role: Role, sight: Sight) -> None:
    before, after = walk.before[email, sight], pages(walk.office, email, role, sight)
    theirs = re.compile("/imports|/settings$" if role is Role.MANAGER else "(?!)")  # managers see all imports

    assert [path for path in before if after[path] != before[path] and not theirs.search(path)] == []


@pytest.mark.parametrize("case", CASES, ids=str)
def test_what_is_kept_from_somebody_is_answered_as_if_it_never_was(walk: Walk, case: Kept) -> None:
    office = walk.office
    office.allow(case.email, case.role, case.sight)
    there, words = walk.secrets[case.of]
    hidden = {name: there[name] for name in case.ids if name in there}
    mine = {**FIXED, **office.mine[case.email]}
    base = {**mine, **there, **{f"own_{name}": value for name, value in mine.items()}, **FIXED}
    real = {**base, **hidden, **{name: getattr(words, name) for name in ("people", "deals", "pipeline")}}
    gone = {**base, **{name: never(value) for name, value in hidden.items()}, **NOWHERE}
    telling = [str(getattr(words, name)) for name in case.words]
    caller, wrong = visit(office, case.email), []
    nothing = {caller.ask(Way(path), gone) for path in ("/deals/{deal_id}", "/board/{pipeline_id}/state")}
    stood = whole_database.state(office.database)
    tried = ways(office, more=case.sight is Sight.OWN)
    for way in sorted(tried, key=lambda way: way.writes):
        by_word = way.names & {"people", "deals", "pipeline"} & set(case.words)
        if not (way.names & hidden.keys() or by_word):
            continue
        if way.writes and stood:
            assert whole_database.state(office.database) == stood, "something changed"
            stood = {}
        status, told = caller.ask(way, real)
        if (status, told) not in nothing:
            wrong += differences(way, (status, told), caller.ask(way, gone), real, gone)
        if not by_word:
            wrong += [f"{name_of(way)} says {word}" for word in telling if word.lower() in figures(told).lower()]
    assert wrong == []


def differences(way: Way, told: tuple[int, str], none: tuple[int, str], real: Ids, gone: Ids) -> Iterator[str]:
    """Between what was answered and what is answered where no such thing is."""
    expected, given = none[1], told[1]
    for name, value in gone.items():
        if value != real[name]:
            expected = expected.replace(str(value), str(real[name])).replace(
                str(value).lower(), str(real[name]).lower()
            )
    if way.writes:  # numbers of what they made
        given, expected = (re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|\d+", "N", text) for text in (given, expected))
    given, expected = (re.sub(r'data-print="\w+"', "", text) for text in (given, expected))  # it is made of the address
    if (told[0], given) != (none[0], expected):
        yield f"{name_of(way)}: {told[0]} not {none[0]}: {apart(given, expected)}"


def never(value: int | str) -> int | str:
    """An id of its kind that nobody ever had."""
    if isinstance(value, int):
        return NEVER_WAS + value
    return f"f{NEVER_WAS + int(value[1:])}" if value[0] == "f" and value[1:].isdecimal() else "0" * 8 + value[8:]


def name_of(way: Way) -> str:
    return f"{'GET' if way.form is None else 'POST'} {way.path} {dict(way.form or {})}"


def apart(one: str, other: str) -> str:
    """Where two answers begin to differ."""
    at = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return f"{one[max(0, at - 60) : at + 80]!r} / {other[max(0, at - 60) : at + 80]!r}"
