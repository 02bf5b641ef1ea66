"""What stands in a field, in a reader's words: on tables, cards, pages and in the diary."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from babel import Locale, UnknownLocaleError
from babel.numbers import format_decimal

from addon.domain.fields.keys import FieldSpec
from addon.domain.money import Money
from addon.domain.views.table import Cell, Named
from addon.i18n import Words


def label(spec: FieldSpec, say: Words) -> str:
    """What a field is called: by the team, or in the reader's language."""
    return spec.name if spec.custom else say(f"fields.{spec.subject}.{spec.key}")


def language(code: str, say: Words) -> str:
    """Polish for pl, in the reader's language; a code that nobody knows stays as it is.

    >>> language("pl", Words()), language("pt-BR", Words()), language("xq", Words())
    ('Polish', 'Portuguese (Brazil)', 'xq')
    """
    try:
        name = Locale.parse(code, sep="-" if "-" in code else "_").get_display_name(say.locale)
    except (UnknownLocaleError, ValueError):
        return code
    return f"{name[0].upper()}{name[1:]}" if name else code


def words(cell: Cell, say: Words, *, now: datetime) -> str:
    """A cell as a person reads it; empty for an empty one."""
    if cell is None or cell is False:
        return ""
    if cell is True:
        return say("fields.checked")
    if isinstance(cell, tuple):
        return ", ".join(one.name for one in cell)
    return _one(cell, say, now)


def _one(cell: str | Decimal | Money | date | datetime | Named, say: Words, now: datetime) -> str:
    if isinstance(cell, Named):
        return cell.name
    if isinstance(cell, Money):
        return say.money(cell.amount, cell.currency)
    if isinstance(cell, Decimal):
        return str(format_decimal(cell.normalize(), format="#,##0.####", locale=say.locale))
    return say.day(cell, today=say.today(now)) if isinstance(cell, date) else cell
