"""A table as a CSV file: exactly the rows and columns that are shown, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from addon.domain.fields.keys import FieldSpec, Kind
from addon.domain.money import Money
from addon.domain.views import table
from addon.domain.views.asking import Ask
from addon.domain.views.scene import set_up
from addon.domain.views.table import Cell, Named

_BOM = "\ufeff"
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def rows(
    session: Session, ask: Ask, headings: Mapping[str, str], *, at: datetime, yes: str = "yes", currency: str = ""
) -> Iterator[bytes]:
    """The file, in pieces: UTF-8 with a mark at its start, so that spreadsheets know.

    `headings` says what the fields are called, by key; `yes` is a tick. An amount is a bare number beside its currency
    in a column of its own, called `currency` with the amount's heading.
    """
    scene = set_up(session, ask, at)
    shown = table.columns(scene)
    yield (_BOM + _lines([_heads(shown, headings, currency)])).encode()
    for some in table.slices(session, scene, shown):
        told = [
            [text for spec in shown for text in _texts(spec, row.cells[spec.key], scene.asker.zone, yes)]
            for row in some
        ]
        yield _lines(told).encode()


def safe(text: str) -> str:
    """A text that no spreadsheet takes for a formula.

    >>> safe("=1+1"), safe("1+1")
    ("'=1+1", '1+1')
    """
    return f"'{text}" if text.startswith(_FORMULA) else text


def _heads(shown: Sequence[FieldSpec], headings: Mapping[str, str], currency: str) -> list[str]:
    heads: list[str] = []
    for spec in shown:
        name = headings.get(spec.key) or spec.label
        heads.append(safe(name))
        if spec.kind == Kind.MONEY:
            heads.append(safe(f"{name} ({currency})" if currency else f"{name} (currency)"))
    return heads


def _texts(spec: FieldSpec, cell: Cell, zone: ZoneInfo, yes: str) -> list[str]:
    if spec.kind == Kind.MONEY:
        return [str(cell.amount), cell.currency] if isinstance(cell, Money) else ["", ""]
    return [_text(cell, zone, yes)]


def _text(cell: Cell, zone: ZoneInfo, yes: str) -> str:
    if cell is None:
        return ""
    if isinstance(cell, Decimal):
        return format(cell.normalize(), "f")
    if isinstance(cell, Named):
        return safe(cell.name)
    if isinstance(cell, tuple):
        return safe("; ".join(each.name for each in cell))
    if isinstance(cell, bool):
        return yes if cell else ""
    if isinstance(cell, datetime):
        return cell.astimezone(zone).strftime("%Y-%m-%d %H:%M")
    return safe(str(cell))


def _lines(told: Sequence[Sequence[str]]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows(told)
    return out.getvalue()
