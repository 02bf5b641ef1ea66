"""What is asked for: a subject, a filter, a grouping, an order, columns; saved as a view or written in an address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from addon.domain.errors import NotFound
from addon.domain.fields import queries as fields
from addon.domain.fields.keys import FieldSpec, Kind
from addon.domain.pipelines import queries as pipelines
from addon.domain.views import compact, filters
from addon.domain.views.filters import EVERYTHING, Group
from addon.domain.views.refusals import BadFilter, UnknownField
from addon.models import Shape, Subject, View

Sort = tuple[tuple[str, str], ...]

MOST_COLUMNS = 60
MOST_SORTS = 5
MOST_HIDDEN = 500

COLUMNS: Mapping[Subject, tuple[str, ...]] = {
    Subject.DEAL: ("title", "company", "contact", "stage", "owner", "value", "next_step", "next_step_on"),
    Subject.CONTACT: ("name", "email", "company", "job", "phone", "owner"),
    Subject.COMPANY: ("name", "domain", "owner", "created"),
}
"""What a table shows unless somebody chose."""

ALWAYS: Mapping[Subject, tuple[str, ...]] = {
    Subject.DEAL: ("next_step", "next_step_on"),
    Subject.CONTACT: (),
    Subject.COMPANY: (),
}
"""What every table shows, whatever was chosen."""

GROUPED: Mapping[Subject, str] = {Subject.DEAL: "stage", Subject.CONTACT: "owner", Subject.COMPANY: "owner"}
"""What a board is grouped by unless somebody chose."""


@dataclass(frozen=True, kw_only=True)
class Ask:
    subject: Subject
    pipeline_id: int | None = None
    """Of deals: those of one pipeline; None: of all."""
    shape: Shape = Shape.BOARD
    filter: Group = EVERYTHING
    group_by: str = ""
    """The key of a field; empty: what `GROUPED` says."""
    hidden: tuple[str, ...] = ()
    """Keys of columns of the board that are not shown."""
    sort: Sort = ()
    """(key, "asc" or "desc"), the first counts most."""
    columns: tuple[str, ...] = ()
    """Keys; empty: what `COLUMNS` says."""

    @property
    def grouping(self) -> str:
        return self.group_by or GROUPED[self.subject]

    @property
    def shown(self) -> tuple[str, ...]:
        """Keys of a table's columns, with those that every table has."""
        chosen = self.columns or COLUMNS[self.subject]
        return (*chosen, *(key for key in ALWAYS[self.subject] if key not in chosen))

    def named(self) -> list[str]:
        """Every key of a field that it names, once."""
        keys = [c.field for c in filters.conditions(self.filter)]
        return list(dict.fromkeys([*keys, self.grouping, *(key for key, _ in self.sort), *self.shown]))


def standard(subject: Subject, *, pipeline_id: int | None = None, shape: Shape = Shape.BOARD) -> Ask:
    """Everything: a pipeline's deals by stage, people and companies by owner."""
    return Ask(subject=subject, pipeline_id=pipeline_id, shape=shape)


def specs(session: Session, subject: Subject, pipeline_id: int | None) -> dict[str, FieldSpec]:
    """The fields that can be asked for, by key: of all pipelines where none is named."""
    found = fields.specs(session, subject, pipeline_id, everywhere=subject == Subject.DEAL and pipeline_id is None)
    return {spec.key: spec for spec in found}


def kinds(known: Mapping[str, FieldSpec]) -> dict[str, Kind]:
    return {key: spec.kind for key, spec in known.items()}


def of_view(session: Session, view: View) -> Ask:
    """What a view asks for; fields that were deleted since stay in it."""
    subject = Subject(view.subject)
    known = specs(session, subject, view.pipeline_id)
    return Ask(
        subject=subject,
        pipeline_id=view.pipeline_id,
        shape=Shape(view.shape),
        filter=filters.parse(view.filter, kinds(known), lenient=True),
        group_by=view.group_by,
        hidden=tuple(str(key) for key in view.hidden),
        sort=tuple((str(key), str(way)) for key, way in view.sort),
        columns=tuple(str(key) for key in view.columns),
    )


def gone(ask: Ask, known: Mapping[str, FieldSpec]) -> list[str]:
    """Keys that it names and that are no more."""
    broken = filters.gone(ask.filter, kinds(known))
    return list(dict.fromkeys([*broken, *(key for key in ask.named() if key not in known)]))


def check(session: Session, ask: Ask) -> Ask:
    """What somebody asks for now, in its normal form: all it names must be there.

    Raises NotFound for a pipeline, BadFilter, UnknownField, BadOperator, BadValue, TooManyConditions.
    """
    if ask.pipeline_id is not None:
        if ask.subject != Subject.DEAL:
            raise BadFilter
        pipelines.get(session, ask.pipeline_id)
    known = specs(session, ask.subject, ask.pipeline_id)
    filters.parse(filters.to_json(ask.filter), kinds(known))
    for key in ask.named():
        if key not in known:
            raise UnknownField(field=key)
    if len(ask.columns) > MOST_COLUMNS or len(ask.sort) > MOST_SORTS or len(ask.hidden) > MOST_HIDDEN:
        raise BadFilter
    return ask


# ---- addresses -----------------------------------------------------------------------------------------------------


def to_address(ask: Ask) -> dict[str, str]:
    """Names and values of a query string; what is usual is left out."""
    told = {
        "subject": ask.subject.value if ask.subject != Subject.DEAL else "",
        "pipeline": str(ask.pipeline_id or ""),
        "shape": ask.shape.value if ask.shape != Shape.BOARD else "",
        "filter": compact.to_text(ask.filter),
        "group": ask.group_by,
        "hide": _joined(ask.hidden),
        "sort": ",".join(f"{'-' if way == 'desc' else ''}{key}" for key, way in ask.sort),
        "columns": ",".join(ask.columns),
    }
    return {name: text for name, text in told.items() if text}


def from_address(session: Session, given: Mapping[str, str]) -> Ask:
    """What an address asks for. Fields that are gone stay in it, for the page to say so.

    Raises BadFilter for what nobody can read, NotFound for a pipeline.
    """
    subject = _word(Subject, given.get("subject"), Subject.DEAL)
    pipeline_id = _pipeline(session, subject, given.get("pipeline", ""))
    known = kinds(specs(session, subject, pipeline_id))
    return Ask(
        subject=subject,
        pipeline_id=pipeline_id,
        shape=_word(Shape, given.get("shape"), Shape.BOARD),
        filter=compact.from_text(given.get("filter", ""), known, lenient=True),
        group_by=_key(given.get("group", "")),
        hidden=_split(given.get("hide", "")),
        sort=tuple(
            (_key(key.removeprefix("-")), "desc" if key.startswith("-") else "asc")
            for key in _list(given, "sort", MOST_SORTS)
        ),
        columns=tuple(_key(key) for key in _list(given, "columns", MOST_COLUMNS)),
    )


def _word(words: Any, given: str | None, usual: Any) -> Any:
    try:
        return words(given) if given else usual
    except ValueError:
        raise BadFilter from None


def _pipeline(session: Session, subject: Subject, given: str) -> int | None:
    if not given:
        return None
    if subject != Subject.DEAL or not (given.isascii() and given.isdigit() and len(given) < 11):
        raise NotFound(what="pipeline", given=given[:20])
    return pipelines.get(session, int(given)).id


def _list(given: Mapping[str, str], name: str, most: int) -> Sequence[str]:
    return [each for each in given.get(name, "").split(",") if each][:most]


def _key(given: str) -> str:
    if len(given) > 64:
        raise BadFilter
    return given


def _joined(keys: Sequence[str]) -> str:
    """A column of what is empty has the key ''; here it is written as `~`."""
    return ",".join(compact.quoted(key) if key else "~" for key in keys)


def _split(given: str) -> tuple[str, ...]:
    parts = given.split(",") if given else []
    return tuple("" if part == "~" else compact.unquoted(part) for part in parts[:MOST_HIDDEN])
