"""An import before it begins: how its file was understood, its first rows, and what each column becomes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from addon.domain.imports import clearing, mapping, queries
from addon.domain.imports.refusals import MappingRefused
from addon.domain.pipelines import queries as pipelines
from addon.domain.tables import Preview, Table
from addon.i18n import Words
from addon.models import Import, ImportMapping, Subject
from addon.web.imports.import_words import problem, target_words

SAMPLES = 3
LONGEST_CELL = 120
DELIMITERS = {"\t": "tab"}
"""What a form calls a delimiter that it cannot show."""


@dataclass(frozen=True, kw_only=True)
class ColumnView:
    key: str
    label: str
    samples: str
    target: str
    how: str
    """`remembered`, `heading`, or empty where nobody knows."""


@dataclass(frozen=True, kw_only=True)
class EncodingView:
    name: str
    words: str
    sample: str
    chosen: bool


@dataclass(frozen=True, kw_only=True)
class DraftView:
    id: int
    subject: str
    file: str
    rows: int
    pipeline: str
    lead: str
    days: int
    """So long its file waits for somebody to go on."""
    guessed: bool
    encodings: Sequence[EncodingView]
    delimiters: Sequence[tuple[str, str]]
    delimiter: str
    header: bool
    sheets: Sequence[tuple[str, str]]
    sheet: str
    decimal: str
    dates: str
    columns: Sequence[ColumnView]
    targets: Sequence[tuple[str, str]]
    first: Sequence[tuple[int, Sequence[str]]]


def draft_view(session: Session, draft: Import, say: Words, *, wanted: Mapping[str, str] | None = None) -> DraftView:
    """`wanted`: what somebody chose for the columns just now. Raises FileGone, TableRefused."""
    preview, subject = queries.preview(session, draft.id), Subject(draft.subject)
    table = preview.table
    targets = [(each.key, target_words(each, subject, say)) for each in mapping.targets(session, draft)]
    month_first = draft.choices.get("month_first")
    return DraftView(
        id=draft.id,
        subject=subject,
        file=draft.file_name,
        rows=preview.count,
        pipeline=pipelines.get(session, draft.pipeline_id, archived=True).name if draft.pipeline_id else "",
        lead=_lead(table, say),
        days=clearing.DAYS,
        guessed=table.guessed and "encoding" not in draft.choices,
        encodings=_encodings(preview, say),
        delimiters=[(DELIMITERS.get(one, one), _delimiter(one, say)) for one in preview.delimiters],
        delimiter=DELIMITERS.get(table.delimiter, table.delimiter),
        header=table.header,
        sheets=[(name, name) for name in table.sheets],
        sheet=table.sheet,
        decimal=str(draft.choices.get("decimal", "")),
        dates="" if month_first is None else "month" if month_first else "day",
        columns=_columns(session, draft, table, wanted),
        targets=[("", say("importing.not_taken")), *targets],
        first=[(row.sheet_row, [_cut(row.values[column.key]) for column in table.columns]) for row in preview.rows],
    )


def mapping_problems(session: Session, import_id: int, table: Table, refused: MappingRefused, say: Words) -> str:
    """All that is wrong with what was chosen, fields and columns by their names."""
    draft = queries.get(session, import_id)
    called = {each.key: target_words(each, Subject(draft.subject), say) for each in mapping.targets(session, draft)}
    labels = {column.key: column.label for column in table.columns}
    said = []
    for code, params in refused.problems:
        spoken = {"field": called.get(params.get("field", ""), ""), "column": labels.get(params.get("column", ""), "")}
        said.append(problem(code, {name: spoken[name] for name in params}, say))
    return " ".join([*said, say("importing.nothing_imported")])


def _columns(session: Session, draft: Import, table: Table, wanted: Mapping[str, str] | None) -> list[ColumnView]:
    suggested = mapping.suggest(session, draft.id, table)
    remembered = _remembered(session, draft.subject, suggested)
    return [
        ColumnView(
            key=column.key,
            label=column.label,
            samples=" · ".join(_samples(table, column.key)),
            target=(suggested if wanted is None else wanted).get(column.key, ""),
            how=("remembered" if remembered else "heading") if suggested.get(column.key) and wanted is None else "",
        )
        for column in table.columns
    ]


def _remembered(session: Session, subject: str, suggested: Mapping[str, str]) -> bool:
    """Whether somebody chose just this before."""
    taken = {column: key for column, key in suggested.items() if key}
    chosen = session.scalars(select(ImportMapping.mapping).where(ImportMapping.subject == subject))
    return bool(taken) and any(each == taken for each in chosen)


def _samples(table: Table, key: str) -> list[str]:
    found: list[str] = []
    for row in table.rows[:200]:
        if (cell := row.values[key]) and _cut(cell, 40) not in found:
            found.append(_cut(cell, 40))
        if len(found) == SAMPLES:
            break
    return found


def _cut(cell: str, longest: int = LONGEST_CELL) -> str:
    return cell if len(cell) <= longest else cell[: longest - 1] + "…"


def _lead(table: Table, say: Words) -> str:
    if table.sheets:
        return say("importing.read_sheet", sheet=table.sheet)
    return say(
        "importing.read_text", encoding=_encoding(table.encoding, say), delimiter=_delimiter(table.delimiter, say)
    )


def _encodings(preview: Preview, say: Words) -> list[EncodingView]:
    return [
        EncodingView(name=each.encoding, words=_encoding(each.encoding, say), sample=each.sample, chosen=each.chosen)
        for each in preview.encodings
    ]


def _encoding(name: str, say: Words) -> str:
    key = f"importing.encoding.{name}"
    return say(key) if say.has(key) else name


def _delimiter(mark: str, say: Words) -> str:
    names = {"\t": "tab", ",": "comma", ";": "semicolon", "|": "bar", ":": "colon", " ": "space"}
    return say(f"importing.delimiter.{names[mark]}") if mark in names else f"“{mark}”"
