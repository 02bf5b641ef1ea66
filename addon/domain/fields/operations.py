"""Making and changing fields. What a deleted field held stays, and is there again when the field is restored."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from addon.domain.access import viewer_of
from addon.domain.activity import operations as activity
from addon.domain.errors import DomainError, NotFound
from addon.domain.fields import options as choices
from addon.domain.fields import queries
from addon.domain.fields.checking import check
from addon.domain.fields.folding import fold
from addon.domain.fields.keys import OPTIONS, FieldSpec, Kind
from addon.domain.fields.ready import READY
from addon.domain.fields.rights import check_may_shape
from addon.models import Activity, Field, FieldKind, Pipeline, Subject

MOST = 200
"""Live fields of a team's deals, people or companies."""

_NAME = FieldSpec(key="field_name", subject=Subject.DEAL, kind=Kind.TEXT, longest=200, required=True)
_HELP = FieldSpec(key="help", subject=Subject.DEAL, kind=Kind.LONG_TEXT, longest=500)


class SameName(DomainError):
    """Another field is called so. Params: name."""

    code = "fields.same_name"


class TooManyFields(DomainError):
    """Params: limit."""

    code = "fields.too_many"


class OnlyDeals(DomainError):
    """Only deals stand in a pipeline."""

    code = "fields.only_deals"


class OddWeight(DomainError):
    """A weight is a whole number from 0 to 1000. Params: field, given."""

    code = "fields.odd_weight"


class NotAllOfThem(DomainError):
    """An order that leaves something out, or names something else: it changed meanwhile."""

    code = "fields.order_changed"


def create(
    session: Session,
    subject: Subject,
    kind: FieldKind,
    name: str,
    *,
    at: datetime,
    pipeline_id: int | None = None,
    help: str = "",
    options: Sequence[str | tuple[str, int]] = (),
    weight: int = 0,
    ready_set: str = "",
    cause: Activity | None = None,
) -> Field:
    """Add a field at the end. `options` are names, or names with scores in percent.

    Raises Refused (a name that is empty or too long), SameName, TooManyFields, OnlyDeals, OddWeight, NotFound,
    NotAllowed.
    """
    check_may_shape(session)
    if pipeline_id is not None:
        _check_pipeline(session, subject, pipeline_id)
    count, last = session.execute(
        select(func.count(), func.max(Field.position)).where(Field.subject == subject, Field.deleted_at.is_(None))
    ).one()
    if count >= MOST:
        raise TooManyFields(limit=MOST)
    field = Field(
        subject=subject,
        pipeline_id=pipeline_id,
        kind=kind,
        name=_free_name(session, name, subject, pipeline_id),
        help=str(check(_HELP, help) or ""),
        position=(last or 0) + 1,
        ready_set=ready_set,
        weight=_weight(name, weight),
        created_at=at,
    )
    session.add(field)
    session.flush()
    made = activity.record(
        session, "field.created", ("field", field.id), at=at, texts={"name": field.name}, cause=cause
    )
    for option in options if Kind(kind) in OPTIONS else ():
        called, score = (option, 0) if isinstance(option, str) else option
        choices.add(session, field.id, called, score=score, at=at, cause=cause or made)
    return field


def add_ready_set(
    session: Session, name: str, say: Callable[[str], str], *, at: datetime, pipeline_id: int | None = None
) -> list[Field]:
    """Add the fields of a ready set that are not there yet, as one act; `say` gives the texts of `READY`'s keys.

    Raises NotFound for an unknown set, SameName.
    """
    if name not in READY:
        raise NotFound(what="ready set", given=name)
    live = queries.specs(session, Subject.DEAL, pipeline_id)
    there = {spec.name for spec in live if spec.ready_set == name}
    made: list[Field] = []
    first: Activity | None = None
    for template in READY[name]:
        called = say(f"fields.ready.{name}.{template.key}")
        if called in there:
            continue
        field = create(
            session,
            Subject.DEAL,
            template.kind,
            called,
            at=at,
            pipeline_id=pipeline_id,
            options=[(say(f"fields.ready.options.{key}"), score) for key, score in template.options],
            weight=template.weight,
            ready_set=name,
            cause=first,
        )
        made.append(field)
        first = first or session.scalar(
            select(Activity).where(Activity.subject_kind == "field", Activity.subject_id == field.id).limit(1)
        )
    return made


def edit(
    session: Session,
    field_id: int,
    *,
    at: datetime,
    name: str | None = None,
    help: str | None = None,
    weight: int | None = None,
    cause: Activity | None = None,
    undoes: Activity | None = None,
) -> Activity | None:
    """Rename a field, explain it, weight it; None where nothing differs.

    Raises NotFound, Refused, SameName, OddWeight.
    """
    field = _held(session, field_id)
    wanted: dict[str, Any] = {}
    if name is not None:
        wanted["name"] = _free_name(session, name, Subject(field.subject), field.pipeline_id, but=field.id)
    if help is not None:
        wanted["help"] = str(check(_HELP, help) or "")
    if weight is not None:
        wanted["weight"] = _weight(field.name, weight)
    changed = {key: value for key, value in wanted.items() if getattr(field, key) != value}
    if not changed:
        return None
    before = {key: getattr(field, key) for key in changed}
    for key, value in changed.items():
        setattr(field, key, value)
    session.flush()
    noted = choices.noted(before, changed, words=("name", "help"))
    return activity.record(session, "field.edited", ("field", field.id), at=at, cause=cause, undoes=undoes, **noted)


def order(
    session: Session,
    subject: Subject,
    field_ids: Sequence[int],
    *,
    at: datetime,
    cause: Activity | None = None,
    undoes: Activity | None = None,
) -> Activity | None:
    """Put all live fields of deals, people or companies into this order; None where they stand so.

    Raises NotAllOfThem.
    """
    check_may_shape(session)
    query = select(Field).where(Field.subject == subject, Field.deleted_at.is_(None)).with_for_update()
    live = session.scalars(query.order_by(Field.position, Field.id)).all()
    now, wanted = [field.id for field in live], list(field_ids)
    if sorted(now) != sorted(wanted):
        raise NotAllOfThem
    if now == wanted:
        return None
    for field in live:
        field.position = wanted.index(field.id) + 1
    session.flush()
    return activity.record(
        session,
        "fields.ordered",
        ("team", viewer_of(session).team_id),
        at=at,
        before={"subject": str(subject), "order": now},
        after={"subject": str(subject), "order": wanted},
        cause=cause,
        undoes=undoes,
    )


def delete(
    session: Session, field_id: int, *, at: datetime, cause: Activity | None = None, undoes: Activity | None = None
) -> Activity:
    """Take a field out of every form and list; what it holds stays. Raises NotFound."""
    field = _held(session, field_id)
    field.deleted_at = at
    session.flush()
    texts = {"name": field.name}
    return activity.record(
        session, "field.deleted", ("field", field.id), at=at, texts=texts, cause=cause, undoes=undoes
    )


def restore(
    session: Session, field_id: int, *, at: datetime, cause: Activity | None = None, undoes: Activity | None = None
) -> Activity | None:
    """Bring a deleted field back with all that it held; None where it is there. Raises NotFound, SameName."""
    field = _held(session, field_id, deleted=True)
    if field.deleted_at is None:
        return None
    _free_name(session, field.name, Subject(field.subject), field.pipeline_id, but=field.id)
    field.deleted_at = None
    session.flush()
    texts = {"name": field.name}
    return activity.record(
        session, "field.restored", ("field", field.id), at=at, texts=texts, cause=cause, undoes=undoes
    )


def _held(session: Session, field_id: int, *, deleted: bool = False) -> Field:
    check_may_shape(session)
    session.scalar(select(Field.id).where(Field.id == field_id).with_for_update())
    field = queries.get(session, field_id, deleted=deleted)
    session.refresh(field)
    return field


def _free_name(
    session: Session, name: str, subject: Subject, pipeline_id: int | None, *, but: int | None = None
) -> str:
    """The name as it is kept. Two fields that stand beside each other are not called the same."""
    kept = str(check(_NAME, name))
    live = session.scalars(select(Field).where(Field.subject == subject, Field.deleted_at.is_(None)))
    for field in live:
        beside = None in (pipeline_id, field.pipeline_id) or pipeline_id == field.pipeline_id
        if field.id != but and beside and fold(field.name) == fold(kept):
            raise SameName(name=field.name)
    return kept


def _weight(name: str, weight: int) -> int:
    if not 0 <= weight <= 1000:
        raise OddWeight(field=name, given=weight)
    return weight


def _check_pipeline(session: Session, subject: Subject, pipeline_id: int) -> None:
    if subject is not Subject.DEAL:
        raise OnlyDeals
    line = session.scalar(select(Pipeline.id).where(Pipeline.id == pipeline_id, Pipeline.archived_at.is_(None)))
    if line is None:
        raise NotFound(what="pipeline", given=pipeline_id)
