"""Which fields there are."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from addon.domain.errors import NotFound
from addon.domain.fields.builtin import BUILTIN, builtin
from addon.domain.fields.keys import LONGEST, FieldSpec, Kind, OptionSpec, UnknownField, field_id_of, key_of
from addon.models import CompanyValue, ContactValue, Deal, DealValue, Field, FieldOption, Subject

VALUE_OF: Mapping[Subject, type[DealValue] | type[ContactValue] | type[CompanyValue]] = {
    Subject.DEAL: DealValue,
    Subject.CONTACT: ContactValue,
    Subject.COMPANY: CompanyValue,
}
"""The table in which the values of a subject's custom fields stand."""

HOLDER: Mapping[Subject, str] = {subject: f"{subject}_id" for subject in Subject}
"""Its column that says whose value it is."""

COLUMN: Mapping[Kind, str] = {
    Kind.TEXT: "text",
    Kind.LONG_TEXT: "text",
    Kind.LINK: "text",
    Kind.PHONE: "text",
    Kind.NUMBER: "number",
    Kind.MONEY: "amount",
    Kind.DATE: "day",
    Kind.SELECT: "option_id",
    Kind.MULTI_SELECT: "option_id",
    Kind.PERSON: "user_id",
    Kind.COMPANY: "of_company_id",
    Kind.CONTACT: "of_contact_id",
    Kind.CHECKBOX: "checked",
}
"""Its column that holds the value. Words are found and sorted by `folded`."""


def specs(
    session: Session, subject: Subject, pipeline_id: int | None = None, *, everywhere: bool = False
) -> list[FieldSpec]:
    """The built-in fields, then the team's own in their order.

    Those of one pipeline are there where that pipeline is asked for, or with `everywhere`.
    """
    query = select(Field).where(Field.subject == subject, Field.deleted_at.is_(None))
    if not everywhere:
        query = query.where(or_(Field.pipeline_id.is_(None), Field.pipeline_id == pipeline_id))
    return [*BUILTIN[subject], *_specs(session, session.scalars(query.order_by(Field.position, Field.id)).all())]


def by_key(session: Session, subject: Subject, keys: Collection[str], *, deleted: bool = False) -> dict[str, FieldSpec]:
    """What these keys name. One that names nothing is not there; nor is a deleted field, unless asked for."""
    found = {key: spec for key in keys if (spec := builtin(subject, key)) is not None}
    ids = {field_id for key in keys if (field_id := field_id_of(key)) is not None}
    if ids:
        query = select(Field).where(Field.id.in_(sorted(ids)), Field.subject == subject)
        if not deleted:
            query = query.where(Field.deleted_at.is_(None))
        found.update({spec.key: spec for spec in _specs(session, session.scalars(query.order_by(Field.id)).all())})
    return found


def spec(session: Session, subject: Subject, key: str, *, deleted: bool = False) -> FieldSpec:
    """Raises UnknownField."""
    found = by_key(session, subject, [key], deleted=True).get(key)
    if found is None or (found.deleted and not deleted):
        raise UnknownField(key=key, field=found.label if found else key)
    return found


def deleted(session: Session, subject: Subject) -> list[FieldSpec]:
    """Fields that can be restored, the last deleted first."""
    query = select(Field).where(Field.subject == subject, Field.deleted_at.is_not(None))
    return _specs(session, session.scalars(query.order_by(Field.deleted_at.desc(), Field.id.desc())).all())


def get(session: Session, field_id: int, *, deleted: bool = False) -> Field:
    """The row. Raises NotFound."""
    field = session.scalar(select(Field).where(Field.id == field_id))
    if field is None or (field.deleted_at is not None and not deleted):
        raise NotFound(what="field", given=field_id)
    return field


def get_option(session: Session, option_id: int) -> FieldOption:
    """Raises NotFound."""
    option = session.scalar(select(FieldOption).where(FieldOption.id == option_id))
    if option is None:
        raise NotFound(what="option", given=option_id)
    return option


def options_of(session: Session, field_id: int) -> Sequence[FieldOption]:
    """Those that can be chosen, in order."""
    return session.scalars(
        select(FieldOption)
        .where(FieldOption.field_id == field_id, FieldOption.deleted_at.is_(None))
        .order_by(FieldOption.position, FieldOption.id)
    ).all()


def score(session: Session, deal: Deal) -> int | None:
    """How well a deal is qualified, in percent; None where the team weights no field."""
    return scores(session, [deal]).get(deal.id)


def scores(session: Session, deals: Collection[Deal]) -> dict[int, int]:
    """By deal id, in percent: what its chosen options earn of the weights of the fields that count for its pipeline."""
    weighted = session.execute(
        select(Field.id, Field.pipeline_id, Field.weight).where(
            Field.subject == Subject.DEAL, Field.weight > 0, Field.deleted_at.is_(None)
        )
    ).all()
    if not weighted:
        return {}
    weights = {field_id: weight for field_id, _, weight in weighted}
    earned: dict[tuple[int, int], int] = {}
    ids = sorted(deal.id for deal in deals)
    for start in range(0, len(ids), 500):
        chosen = session.execute(
            select(DealValue.deal_id, DealValue.field_id, FieldOption.score)
            .join(FieldOption, FieldOption.id == DealValue.option_id)
            .where(DealValue.deal_id.in_(ids[start : start + 500]), DealValue.field_id.in_(sorted(weights)))
        )
        for deal_id, field_id, points in chosen:
            place = (deal_id, field_id)
            earned[place] = max(points, earned.get(place, 0))
    found: dict[int, int] = {}
    for deal in deals:
        count = [field_id for field_id, line, _ in weighted if line in (None, deal.pipeline_id)]
        whole = sum(weights[field_id] for field_id in count)
        if whole:
            points = sum(weights[field_id] * earned.get((deal.id, field_id), 0) for field_id in count)
            found[deal.id] = round(points / whole)
    return found


def _specs(session: Session, fields: Sequence[Field]) -> list[FieldSpec]:
    ids = [field.id for field in fields if field.kind in (Kind.SELECT, Kind.MULTI_SELECT)]
    options: dict[int, list[OptionSpec]] = {}
    if ids:
        rows = session.scalars(
            select(FieldOption).where(FieldOption.field_id.in_(ids)).order_by(FieldOption.position, FieldOption.id)
        ).all()
        for row in sorted(rows, key=lambda row: row.deleted_at is not None):
            made = OptionSpec(row.id, row.name, row.score, row.deleted_at is not None)
            options.setdefault(row.field_id, []).append(made)
    return [_spec(field, options.get(field.id, ())) for field in fields]


def _spec(field: Field, options: Sequence[OptionSpec]) -> FieldSpec:
    kind = Kind(field.kind)
    return FieldSpec(
        key=key_of(field.id),
        subject=Subject(field.subject),
        kind=kind,
        name=field.name,
        help=field.help,
        field_id=field.id,
        pipeline_id=field.pipeline_id,
        grouped=kind not in (Kind.LONG_TEXT, Kind.MONEY, Kind.LINK, Kind.PHONE, Kind.MULTI_SELECT),
        longest=LONGEST.get(kind, 0),
        options=tuple(options),
        ready_set=field.ready_set,
        weight=field.weight,
        deleted=field.deleted_at is not None,
    )
