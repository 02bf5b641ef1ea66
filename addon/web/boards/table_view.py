"""A table as words: headings that sort, rows whose cells open into their pages, and where its other pages are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from babel.numbers import format_decimal
from sqlalchemy.orm import Session

from addon.domain.fields.keys import FieldSpec, Kind
from addon.domain.views import asking, board, table
from addon.domain.views.table import Cell, Named, TableRow
from addon.i18n import Words
from addon.models import Deal, Shape, Subject
from addon.web.boards.board_view import TotalsView, totals_view
from addon.web.boards.card_view import who
from addon.web.fields import field_words
from addon.web.fields.field_words import label
from addon.web.views.asked import OFFSET, Asked

PAGES = {Kind.COMPANY: "/companies/", Kind.CONTACT: "/people/"}
_ENDS = frozenset({Kind.MONEY, Kind.NUMBER})
_SHORT = _ENDS | {Kind.DATE, Kind.MOMENT, Kind.PHONE}
_PLAIN = frozenset(
    {"title", "name", "company", "contact", "stage", "pipeline", "owner", "value", "next_step", "next_step_on"}
    | {"email", "job", "phone", "domain"}
)
_LINKS = ("https://", "http://")


@dataclass(frozen=True, kw_only=True)
class Heading:
    key: str
    words: str
    sort_url: str
    more_url: str
    """The same with this column as a further one to sort by; pressed once more it turns, then it is left out."""
    way: str
    """ascending, descending or none, as readers of screens say it."""
    place: int
    """Which of several columns to sort by it is, from 1; 0 where there are not several."""
    end: bool


@dataclass(frozen=True, kw_only=True)
class CellView:
    key: str
    label: str
    words: str
    url: str = ""
    end: bool = False
    edits: bool = False
    late: bool = False
    always: bool = False
    """Shown on a phone even where it is empty."""
    plain: bool = False
    """Its words say what they are: a phone shows them without the field's name."""
    short: bool = False
    """A day or a figure: it stays on one line."""


@dataclass(frozen=True, kw_only=True)
class RowView:
    id: int
    seen: int
    name: str
    url: str
    cells: Sequence[CellView]


@dataclass(frozen=True, kw_only=True)
class TableView:
    subject: str
    headings: Sequence[Heading]
    rows: Sequence[RowView]
    total: int
    totals: TotalsView
    shown: str
    """Which rows of how many."""
    before_url: str
    after_url: str


def table_view(session: Session, at: Asked, say: Words, *, now: datetime, offset: int = 0) -> TableView:
    ask = at.ask
    page = table.page(session, ask, at=now, offset=offset)
    if page.total and not page.rows:  # the list became shorter, or somebody typed the address
        page = table.page(session, ask, at=now, offset=(page.total - 1) // table.LIMIT * table.LIMIT)
    last = page.offset + len(page.rows)
    whole = board.board(session, replace(ask, shape=Shape.BOARD, group_by="owner", hidden=()), at=now, limit=1).total
    return TableView(
        subject=ask.subject.value,
        headings=[_heading(at, spec, say) for spec in page.specs],
        rows=[_row(row, page.specs, say, now) for row in page.rows],
        total=page.total,
        totals=totals_view(ask.subject, whole, say),
        shown=say("views.rows", **_figures(say, first=page.offset + 1, last=last, total=page.total)) if last else "",
        before_url=at.url(ask, **{OFFSET: str(max(page.offset - table.LIMIT, 0))}) if page.offset else "",
        after_url=at.url(ask, **{OFFSET: str(last)}) if last < page.total else "",
    )


def _figures(say: Words, **numbers: int) -> dict[str, str]:
    """12,345 as the reader writes it."""
    return {name: str(format_decimal(number, locale=say.locale)) for name, number in numbers.items()}


def _heading(at: Asked, spec: FieldSpec, say: Words) -> Heading:
    sorts = at.ask.sort
    keys = [key for key, _ in sorts]
    way = dict(sorts).get(spec.key)
    alone: asking.Sort = ((spec.key, "desc" if way == "asc" and keys[0] == spec.key else "asc"),)
    return Heading(
        key=spec.key,
        words=label(spec, say),
        sort_url=at.url(replace(at.ask, sort=alone)),
        more_url=at.url(replace(at.ask, sort=_with(sorts, spec.key))),
        way={"asc": "ascending", "desc": "descending"}.get(way or "", "none"),
        place=keys.index(spec.key) + 1 if way and len(keys) > 1 else 0,
        end=spec.kind in _ENDS,
    )


def _with(sorts: asking.Sort, key: str) -> asking.Sort:
    """Rising, then falling, then not at all; the others stay as they are."""
    way = dict(sorts).get(key)
    if way is None:
        return (*sorts[: asking.MOST_SORTS - 1], (key, "asc"))
    if way == "asc":
        return tuple((each, "desc" if each == key else other) for each, other in sorts)
    return tuple((each, other) for each, other in sorts if each != key)


def _row(found: TableRow, specs: Sequence[FieldSpec], say: Words, now: datetime) -> RowView:
    row = found.row
    subject = Subject(specs[0].subject) if specs else Subject.DEAL
    url = {Subject.DEAL: "/deals/", Subject.CONTACT: "/people/", Subject.COMPANY: "/companies/"}[subject] + str(row.id)
    name = who(row) if isinstance(row, Deal) else row.name
    first = specs[0].key if specs else ""
    closed = isinstance(row, Deal) and row.closed_at is not None
    cells = [_cell(found.cells[spec.key], spec, say, now, url if spec.key == first else "", closed) for spec in specs]
    seen = row.last_move if isinstance(row, Deal) else 0
    return RowView(id=row.id, seen=seen, name=name or f"#{row.id}", url=url, cells=cells)


def _cell(cell: Cell, spec: FieldSpec, say: Words, now: datetime, url: str, closed: bool) -> CellView:
    words = field_words.words(cell, say, now=now)
    if spec.key == "locale" and words:
        words = field_words.language(words, say)
    if not url and isinstance(cell, Named) and spec.kind in PAGES:
        url = f"{PAGES[spec.kind]}{cell.id}"
    if not url and spec.kind == Kind.LINK and words.startswith(_LINKS):
        url = words
    return CellView(
        key=spec.key,
        label=label(spec, say),
        words=words,
        url=url,
        end=spec.kind in _ENDS,
        edits=spec.editable and spec.kind != Kind.PIPELINE,
        late=spec.key == "next_step_on" and not closed and _is_past(cell, say, now),
        always=spec.key in asking.ALWAYS[spec.subject],
        plain=spec.key in _PLAIN,
        short=spec.kind in _SHORT,
    )


def _is_past(cell: Cell, say: Words, now: datetime) -> bool:
    return isinstance(cell, date) and not isinstance(cell, datetime) and cell < say.today(now)
