"""The choices of a select field. Values name a choice by its id, so a new name loses nothing.

One that is deleted can no longer be chosen, and stays readable where it was.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from addon.domain.activity import operations as activity
from addon.domain.errors import DomainError
from addon.domain.fields import queries
from addon.domain.fields.checking import check
from addon.domain.fields.folding import fold
from addon.domain.fields.keys import OPTIONS, FieldSpec, Kind
from addon.domain.fields.rights import check_may_shape
from addon.models import Activity, Field, FieldOption, Subject

MOST = 500
"""Live choices of a field."""

_NAME = FieldSpec(key="option_name", subject=Subject.DEAL, kind=Kind.TEXT, longest=200, required=True)


class NoChoices(DomainError):
    """A field of this kind has none. Params: field."""

    code = "fields.no_choices"


class SameOption(DomainError):
    """Another choice of the field is called so. Params: field, name."""

    code = "fields.same_option"


class TooManyOptions(DomainError):
    """Params: field, limit."""

    code = "fields.too_many_options"


class OddScore(DomainError):
    """A score is in percent. Params: field, given."""

    code = "fields.odd_score"


class OptionsChanged(DomainError):
    """An order that leaves a choice out, or names another: they changed meanwhile. Params: field."""

    code = "fields.options_changed"


def add(
    session: Session, field_id: int, name: str, *, at: datetime, score: int = 0, cause: Activity | None = None
) -> FieldOption:
    """Add a choice at the end. Raises NotFound, NoChoices, Refused, SameOption, TooManyOptions, OddScore."""
    field = _held(session, field_id)
    if Kind(field.kind) not in OPTIONS:
        raise NoChoices(field=field.name)
    live = queries.options_of(session, field_id)
    if len(live) >= MOST:
        raise TooManyOptions(field=field.name, limit=MOST)
    kept = _free_name(field, live, name)
    position = (live[-1].position if live else 0) + 1
    option = FieldOption(field_id=field.id, name=kept, position=position, score=_score(field, score))
    session.add(option)
    session.flush()
    _note(session, "field.option_added", option, at=at, cause=cause, after={"score": score})
    return option


def edit(
    session: Session,
    option_id: int,
    *,
    at: datetime,
    name: str | None = None,
    score: int | None = None,
    cause: Activity | None = None,
    undoes: Activity | None = None,
) -> Activity | None:
    """Rename a choice or score it; None where nothing differs. Raises NotFound, Refused, SameOption, OddScore."""
    option = queries.get_option(session, option_id)
    field = _held(session, option.field_id)
    wanted: dict[str, Any] = {}
    if name is not None:
        others = [other for other in queries.options_of(session, field.id) if other.id != option.id]
        wanted["name"] = _free_name(field, others, name)
    if score is not None:
        wanted["score"] = _score(field, score)
    changed = {key: value for key, value in wanted.items() if getattr(option, key) != value}
    if not changed:
        return None
    before = {key: getattr(option, key) for key in changed}
    for key, value in changed.items():
        setattr(option, key, value)
    session.flush()
    entry = noted(before, changed, words=("name",))
    entry["after"]["option_id"] = entry["before"]["option_id"] = option.id
    about = ("field", field.id)
    return activity.record(session, "field.option_edited", about, at=at, cause=cause, undoes=undoes, **entry)


def order(
    session: Session,
    field_id: int,
    option_ids: Sequence[int],
    *,
    at: datetime,
    cause: Activity | None = None,
    undoes: Activity | None = None,
) -> Activity | None:
    """Put all live choices into this order; None where they stand so. Raises NotFound, OptionsChanged."""
    field = _held(session, field_id)
    live = queries.options_of(session, field_id)
    now, wanted = [option.id for option in live], list(option_ids)
    if sorted(now) != sorted(wanted):
        raise OptionsChanged(field=field.name)
    if now == wanted:
        return None
    for option in live:
        option.position = wanted.index(option.id) + 1
    session.flush()
    return activity.record(
        session,
        "field.options_ordered",
        ("field", field.id),
        at=at,
        before={"order": now},
        after={"order": wanted},
        cause=cause,
        undoes=undoes,
    )


def delete(
    session: Session, option_id: int, *, at: datetime, cause: Activity | None = None, undoes: Activity | None = None
) -> Activity | None:
    """Nobody can choose it any more; where it was chosen it stays. None where it is gone. Raises NotFound."""
    option = queries.get_option(session, option_id)
    _held(session, option.field_id)
    if option.deleted_at is not None:
        return None
    option.deleted_at = at
    session.flush()
    return _note(session, "field.option_deleted", option, at=at, cause=cause, undoes=undoes)


def restore(
    session: Session, option_id: int, *, at: datetime, cause: Activity | None = None, undoes: Activity | None = None
) -> Activity | None:
    """It can be chosen again; None where it can. Raises NotFound, SameOption, TooManyOptions."""
    option = queries.get_option(session, option_id)
    field = _held(session, option.field_id)
    if option.deleted_at is None:
        return None
    live = queries.options_of(session, field.id)
    if len(live) >= MOST:
        raise TooManyOptions(field=field.name, limit=MOST)
    _free_name(field, live, option.name)
    option.deleted_at = None
    session.flush()
    return _note(session, "field.option_restored", option, at=at, cause=cause, undoes=undoes)


def noted(before: Mapping[str, Any], after: Mapping[str, Any], *, words: Collection[str]) -> dict[str, Any]:
    """Before, after and texts for `activity.record`: what can be erased stands in texts."""
    sides = {"before": before, "after": after}
    texts = {side: {key: held[key] for key in words if key in held} for side, held in sides.items()}
    entry: dict[str, Any] = {
        side: {key: value for key, value in held.items() if key not in words} for side, held in sides.items()
    }
    return {**entry, "texts": texts if texts["after"] else None}


def _note(
    session: Session,
    kind: str,
    option: FieldOption,
    *,
    at: datetime,
    after: Mapping[str, Any] | None = None,
    cause: Activity | None = None,
    undoes: Activity | None = None,
) -> Activity:
    return activity.record(
        session,
        kind,
        ("field", option.field_id),
        at=at,
        after={"option_id": option.id, **(after or {})},
        texts={"name": option.name},
        cause=cause,
        undoes=undoes,
    )


def _held(session: Session, field_id: int) -> Field:
    """One shaper of a field at a time."""
    check_may_shape(session)
    session.scalar(select(Field.id).where(Field.id == field_id).with_for_update())
    return queries.get(session, field_id)


def _free_name(field: Field, others: Sequence[FieldOption], name: str) -> str:
    kept = str(check(_NAME, name))
    for other in others:
        if fold(other.name) == fold(kept):
            raise SameOption(field=field.name, name=other.name)
    return kept


def _score(field: Field, score: int) -> int:
    if not 0 <= score <= 100:
        raise OddScore(field=field.name, given=score)
    return score
