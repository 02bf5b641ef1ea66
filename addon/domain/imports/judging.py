"""A row of cells -> what it says about a deal, a person or a company, or what is wrong with it. Writes nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy.orm import Session

from addon.domain.contacts.free_mail import is_free_mail
from addon.domain.contacts.naming import with_names
from addon.domain.errors import DomainError
from addon.domain.fields import finding, values
from addon.domain.fields import queries as fields
from addon.domain.fields.builtin import builtin
from addon.domain.fields.checking import Typed
from addon.domain.fields.figures import CURRENCIES
from addon.domain.fields.keys import FieldSpec, Kind
from addon.domain.imports.manners import decimal_of, month_first
from addon.domain.pipelines import queries as pipelines
from addon.domain.tables import Row, Table, address_of
from addon.models import Import, Subject

Problem = tuple[str, str, dict[str, Any]]
"""Column key (or "" for the whole row), code, params."""

_OF_OTHERS = {"company": (Subject.COMPANY, "name")} | {
    f"contact.{key}": (Subject.CONTACT, key) for key in ("name", "first_name", "last_name", "job", "phone")
}
"""Targets that are words of the company or the person that a row names: the field that each is, judged as one."""
_FORMULA = re.compile(r'="([^"]*)"')
_DOMAIN = re.compile(r"(?=.{4,253}$)[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63})*\.(?:[a-z]{2,63}|xn--[a-z0-9-]{2,59})")
_ID = re.compile(r"#?([1-9]\d{0,8})", re.ASCII)


@dataclass(kw_only=True)
class Judged:
    """`values` by field key, `words` by the other targets, empty cells in neither: an empty cell changes nothing."""

    number: int
    id: int | None = None
    emails: list[str] = field(default_factory=list)
    values: dict[str, Typed] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)
    """What of a good row was not taken, and why."""
    columns: Mapping[str, str] = field(default_factory=dict)
    """Target -> column key."""
    labels: Sequence[str] = ()
    cells: Sequence[str] = ()


@dataclass(frozen=True)
class Manners:
    """How the file writes fractions and dates."""

    decimal: str = ""
    month_first: bool = False

    @classmethod
    def of(cls, session: Session, asked: Import, table: Table) -> Manners:
        """As a person chose, else as all rows together say. Looks at each row, so it is asked for once."""
        specs = fields.by_key(session, Subject(asked.subject), list(asked.mapping.values()))
        numbers = _columns(asked, specs, (Kind.MONEY, Kind.NUMBER))
        days = _columns(asked, specs, (Kind.DATE,))
        said = asked.choices
        return cls(
            said.get("decimal") or decimal_of(row.values.get(key, "") for row in table.rows for key in numbers),
            bool(said.get("month_first", month_first(row.values.get(key, "") for row in table.rows for key in days))),
        )


class Judge:
    """Knows the fields and the people of now: make one a slice."""

    def __init__(self, session: Session, asked: Import, table: Table, manners: Manners) -> None:
        self._subject = Subject(asked.subject)
        self._table = table
        self._mapping = [(column, key) for column, key in asked.mapping.items()]
        self._specs = fields.by_key(session, self._subject, [key for _, key in self._mapping])
        currency = pipelines.get(session, asked.pipeline_id).currency if asked.pipeline_id else ""
        self._reading = finding.reading(
            session,
            currency=currency,
            decimal=manners.decimal,
            month_first=manners.month_first,
            pipeline_id=asked.pipeline_id,
        )
        self._columns = {key: column for column, key in self._mapping}
        self._labels = [column.label for column in table.columns]

    def judge(self, row: Row) -> Judged:
        judged = Judged(number=row.sheet_row, labels=self._labels, cells=[*row.values.values(), *row.surplus])
        judged.columns = self._columns
        if row.problem:
            judged.problems.append(("", row.problem, {}))
        cells = {key: plain(row.values.get(column, "")) for column, key in self._mapping}
        reading = self._reading
        if cells.get("currency"):
            reading = replace(reading, currency=cells["currency"].upper()[:3])
        for column, key in self._mapping:
            cell = plain(row.values.get(column, ""))
            if cell:
                self._take(judged, column, key, cell, reading)
        if not judged.problems:
            self._check_whole(judged)
        return judged

    def _take(self, judged: Judged, column: str, key: str, cell: str, reading: values.Reading) -> None:
        try:
            if key in ("email", "contact.email"):
                _take_address(judged, column, cell)
            elif key in _TAKERS:
                _TAKERS[key](judged, column, cell)
            elif key in _OF_OTHERS:
                _take_words(judged, key, cell, reading)
            elif key in self._specs:
                typed = values.read(self._specs[key], cell, reading)
                if typed is not None:
                    judged.values[key] = typed
                if key == "locale":
                    with_names(None, {key: typed})
            # A field that was deleted since the columns were mapped takes nothing in.
        except DomainError as refused:
            judged.problems.append((column, refused.code, plain_params(refused.params)))

    def _check_whole(self, judged: Judged) -> None:
        if self._subject is Subject.DEAL:
            if judged.id is None and "title" not in judged.values:
                judged.problems.append(("", "deals.no_title", {}))
        elif judged.id is None and not (judged.emails or _NAMING[self._subject] & judged.values.keys()):
            judged.problems.append(("", "imports.nobody", {}))


_NAMING = {Subject.CONTACT: {"name", "first_name", "last_name"}, Subject.COMPANY: {"name", "domain"}}


def plain(cell: str) -> str:
    """A cell without what guards it from being a formula: `'=1` and `="007"` are =1 and 007."""
    if cell[:1] == "'" and cell[1:2] in ("=", "+", "-", "@"):
        return cell[1:]
    guarded = _FORMULA.fullmatch(cell)
    return guarded[1] if guarded else cell


def domain_in(text: str) -> str | None:
    """The bare domain of `https://www.acme.test/en`, `@acme.test` or `acme.test`; None where it is none."""
    bare = text.strip().casefold().partition("://")[2] or text.strip().casefold()
    bare = bare.partition("/")[0].rpartition("@")[2].partition(":")[0].removeprefix("www.").rstrip(".")
    try:
        bare = bare if bare.isascii() else bare.encode("idna").decode()
    except UnicodeError:
        return None
    return bare if _DOMAIN.fullmatch(bare) else None


def _take_address(judged: Judged, column: str, cell: str) -> None:
    address = address_of(cell)
    if address is None:
        judged.problems.append((column, "imports.not_an_address", {"given": cell[:100]}))
    elif address not in judged.emails:
        judged.emails.append(address)


def _take_words(judged: Judged, key: str, cell: str, reading: values.Reading) -> None:
    spec = builtin(*_OF_OTHERS[key])
    assert spec is not None
    if words := values.read(spec, " ".join(cell.split()), reading):
        judged.words[key] = str(words)


def _take_id(judged: Judged, column: str, cell: str) -> None:
    found = _ID.fullmatch(cell)
    if found is None:
        judged.problems.append((column, "imports.not_an_id", {"given": cell[:100]}))
    else:
        judged.id = int(found[1])


def _take_domain(judged: Judged, column: str, cell: str) -> None:
    domain = domain_in(cell)
    if domain is None:
        judged.problems.append((column, "imports.not_a_domain", {"given": cell[:100]}))
    elif is_free_mail(domain):
        judged.notes.append((column, "imports.free_mail", {"given": domain}))
    else:
        judged.words["company.domain"] = domain
        judged.values["domain"] = domain


def _take_currency(judged: Judged, column: str, cell: str) -> None:
    if cell.upper() not in CURRENCIES:
        judged.problems.append((column, "money.not_a_currency", {"given": cell[:100]}))


_TAKERS = {"id": _take_id, "domain": _take_domain, "company.domain": _take_domain, "currency": _take_currency}


def _columns(asked: Import, specs: Mapping[str, FieldSpec], kinds: Sequence[Kind]) -> list[str]:
    return [column for column, key in asked.mapping.items() if key in specs and specs[key].kind in kinds]


def plain_params(params: Mapping[str, Any]) -> dict[str, Any]:
    """As a row of the database can hold them."""
    return {name: value if isinstance(value, int | str) else str(value) for name, value in params.items()}
