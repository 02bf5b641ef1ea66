"""The fields that every deal, person and company has. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from addon.domain.fields.keys import FieldSpec, Kind
from addon.models import Subject


def _fields(subject: Subject, *fields: tuple[str, Kind, dict[str, Any]]) -> Sequence[FieldSpec]:
    return tuple(
        FieldSpec(key=key, subject=subject, kind=kind, **{"columns": (key,), **more}) for key, kind, more in fields
    )


def _id(key: str, **more: Any) -> dict[str, Any]:
    return {"columns": (f"{key}_id",), **more}


_NOT_TYPED: dict[str, Any] = {"editable": False, "grouped": False}
"""What the product notes by itself."""

BUILTIN: Mapping[Subject, Sequence[FieldSpec]] = {
    Subject.DEAL: _fields(
        Subject.DEAL,
        ("title", Kind.TEXT, {"longest": 300, "required": True}),
        ("stage", Kind.STAGE, _id("stage", required=True)),
        ("pipeline", Kind.PIPELINE, _id("pipeline", required=True, editable=False)),
        ("owner", Kind.PERSON, _id("owner", required=True)),
        ("value", Kind.MONEY, {"columns": ("amount", "currency")}),
        ("product", Kind.TEXT, {"longest": 200}),
        ("channel", Kind.TEXT, {"longest": 200}),
        ("contact", Kind.CONTACT, _id("contact")),
        ("company", Kind.COMPANY, _id("company")),
        ("referred_by", Kind.CONTACT, _id("referred_by")),
        ("expected_close", Kind.DATE, {}),
        ("next_step", Kind.TEXT, {"longest": 300}),
        ("next_step_on", Kind.DATE, {}),
        ("created", Kind.MOMENT, {"columns": ("created_at",), **_NOT_TYPED}),
        ("closed", Kind.MOMENT, {"columns": ("closed_at",), **_NOT_TYPED}),
        ("entered_stage", Kind.MOMENT, {"columns": ("entered_stage_at",), **_NOT_TYPED}),
        ("lost_reason", Kind.TEXT, {"longest": 300}),
    ),
    Subject.CONTACT: _fields(
        Subject.CONTACT,
        ("name", Kind.TEXT, {"longest": 300, "required": True}),
        ("first_name", Kind.TEXT, {"longest": 150}),
        ("last_name", Kind.TEXT, {"longest": 150}),
        ("job", Kind.TEXT, {"columns": ("title",), "longest": 300}),
        ("phone", Kind.PHONE, {"longest": 64}),
        ("locale", Kind.TEXT, {"longest": 16}),
        ("company", Kind.COMPANY, _id("company")),
        ("owner", Kind.PERSON, _id("owner")),
        ("email", Kind.EMAIL, {"columns": (), "grouped": False, "editable": False}),
        ("created", Kind.MOMENT, {"columns": ("created_at",), **_NOT_TYPED}),
    ),
    Subject.COMPANY: _fields(
        Subject.COMPANY,
        ("name", Kind.TEXT, {"longest": 300, "required": True}),
        ("domain", Kind.TEXT, {"longest": 253}),
        ("owner", Kind.PERSON, _id("owner")),
        ("created", Kind.MOMENT, {"columns": ("created_at",), **_NOT_TYPED}),
    ),
}
"""By subject, in the order in which they are shown."""

_BY_KEY = {subject: {field.key: field for field in fields} for subject, fields in BUILTIN.items()}


VALUE = _BY_KEY[Subject.DEAL]["value"]


def builtin(subject: Subject, key: str) -> FieldSpec | None:
    return _BY_KEY[subject].get(key)
