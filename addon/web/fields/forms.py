"""Fields of forms: what was typed stays, and an error says what to write instead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from flask import request
from werkzeug.exceptions import BadRequest


@dataclass(frozen=True, kw_only=True)
class FieldView:
    name: str
    label: str
    value: str = ""
    kind: str = "text"
    error: str = ""
    hint: str = ""
    optional: str = ""
    """The words that say so; empty where it must be filled."""
    choices: Sequence[tuple[str, str]] = ()
    placeholder: str = ""
    mode: str = ""
    """What keyboard a phone shows."""
    limit: int | None = None
    rows: int | None = None
    required: bool = False
    accept: str = ""
    listing: str = ""
    """Id of a list of suggestions."""


Form = Sequence[FieldView]


def with_errors(form: Form, errors: Mapping[str, str]) -> Form:
    return [replace(field, error=errors.get(field.name, "")) for field in form]


def named(form: Form) -> dict[str, FieldView]:
    return {field.name: field for field in form}


def typed(given: Mapping[str, str], name: str, limit: int | None = None) -> str:
    """What was typed, without the blanks around it."""
    return given.get(name, "").strip()[:limit]


class NotADay(Exception):
    """What was typed is no date."""


def read_day(text: str) -> date | None:
    """A date as browsers send it, None where nothing was typed. Raises NotADay."""
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise NotADay(text) from None


def shown(value: Any) -> str:
    """A value as a form holds it."""
    return "" if value is None else str(value)


def number(name: str) -> int:
    """A number of the form, as our own pages send it."""
    found = request.form.get(name, type=int)
    if found is None:
        raise BadRequest
    return found
