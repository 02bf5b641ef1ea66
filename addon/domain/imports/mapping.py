"""Which column is which field: what there is to choose from, what is likely, what a person said."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from addon.domain.access import database_now
from addon.domain.fields import queries as fields
from addon.domain.imports import headings, operations, queries
from addon.domain.imports.refusals import MappingRefused
from addon.domain.tables import Table
from addon.models import Import, ImportMapping, Subject

MANY = frozenset({"email"})
"""Several columns may be this: the first address of a row is the main one."""

_MORE: Mapping[Subject, Sequence[str]] = {
    Subject.CONTACT: ("id", "company.domain"),
    Subject.COMPANY: ("id",),
    Subject.DEAL: (
        *("id", "currency", "company.domain", "contact.email", "contact.name", "contact.first_name"),
        *("contact.last_name", "contact.phone", "contact.job"),
    ),
}
"""What a column may mean besides a field of the subject: who it is, or something of its person and its company."""

_NEVER: Mapping[Subject, frozenset[str]] = {
    Subject.CONTACT: frozenset({"created"}),
    Subject.COMPANY: frozenset({"created"}),
    Subject.DEAL: frozenset({"created", "closed", "entered_stage", "pipeline", "contact"}),
}
_ONE_OF: Mapping[Subject, tuple[str, frozenset[str]]] = {
    Subject.CONTACT: ("imports.no_name_column", frozenset({"id", "email", "name", "first_name", "last_name"})),
    Subject.COMPANY: ("imports.no_name_column", frozenset({"id", "name", "domain"})),
    Subject.DEAL: ("imports.no_title_column", frozenset({"id", "title"})),
}
"""At least one of these must be mapped."""


@dataclass(frozen=True)
class Target:
    """What a column may become. `name` is the team's own word for a custom field, else empty."""

    key: str
    name: str = ""


def targets(session: Session, of: Import) -> list[Target]:
    """All that a column of this import may become, in the order in which they are shown."""
    subject = Subject(of.subject)
    known = [
        Target(spec.key, spec.name if spec.custom else "")
        for spec in fields.specs(session, subject, of.pipeline_id)
        if spec.key not in _NEVER[subject]
    ]
    return [*known, *(Target(key) for key in _MORE[subject])]


def suggest(session: Session, import_id: int, table: Table | None = None) -> dict[str, str]:
    """Column key -> target: as chosen, else as remembered, else as headings and contents say; "" is not taken.

    `table` is the file as it was read, where it is at hand. Raises NotFound, FileGone, TableRefused.
    """
    asked = queries.get(session, import_id)
    table = table or queries.source(session, import_id).table()
    possible = {target.key: target.name for target in targets(session, asked)}
    found = {column.key: "" for column in table.columns}
    chosen = asked.mapping or _remembered(session, asked.subject, table) or _likely(asked, table, possible)
    found.update({column: key for column, key in chosen.items() if column in found and key in possible})
    return found


def choose(
    session: Session, import_id: int, chosen: Mapping[str, str], *, at: datetime, table: Table | None = None
) -> Import:
    """Say which column is which field, and remember it for these headings.

    Raises NotFound, Begun, FileGone, TableRefused, MappingRefused.
    """
    asked = operations.draft(session, import_id)
    table = table or queries.source(session, import_id).table()
    kept = {column: key for column, key in chosen.items() if key}
    problems = _problems(session, asked, table, kept)
    if problems:
        raise MappingRefused(problems)
    asked.mapping, asked.waits_since = kept, database_now(session)
    _remember(session, asked.subject, table, kept, at=at)
    session.flush()
    return asked


def _problems(session: Session, of: Import, table: Table, kept: Mapping[str, str]) -> list[tuple[str, dict[str, Any]]]:
    possible = {target.key for target in targets(session, of)}
    columns = {column.key for column in table.columns}
    said = list(kept.values())
    found: list[tuple[str, dict[str, Any]]] = []
    found += [("imports.unknown_column", {"column": column}) for column in kept if column not in columns]
    found += [("imports.unknown_field", {"field": key}) for key in dict.fromkeys(said) if key not in possible]
    doubled = [key for key in dict.fromkeys(said) if said.count(key) > 1 and key not in MANY]
    found += [("imports.doubled_field", {"field": key}) for key in doubled]
    code, wanted = _ONE_OF[Subject(of.subject)]
    if not wanted & set(said):
        found.append((code, {}))
    return found


def _likely(of: Import, table: Table, possible: Mapping[str, str]) -> dict[str, str]:
    own = {headings.fold(name): key for key, name in possible.items() if name}
    found = headings.meant(Subject(of.subject), {column.key: column.label for column in table.columns}, own)
    address = "contact.email" if of.subject == Subject.DEAL else "email"
    if address in possible and address not in found.values() and table.email_column not in (None, *found):
        found[str(table.email_column)] = address
    return found


def _remembered(session: Session, subject: str, table: Table) -> dict[str, str]:
    row = _row(session, subject, table)
    return dict(row.mapping) if row is not None else {}


def _remember(session: Session, subject: str, table: Table, kept: Mapping[str, str], *, at: datetime) -> None:
    row = _row(session, subject, table)
    if row is None:
        row = ImportMapping(subject=subject, headings=_hash(table), mapping=dict(kept), chosen_at=at)
        session.add(row)
    row.mapping, row.chosen_at = dict(kept), at


def _row(session: Session, subject: str, table: Table) -> ImportMapping | None:
    return session.scalar(
        select(ImportMapping).where(ImportMapping.subject == subject, ImportMapping.headings == _hash(table))
    )


def _hash(table: Table) -> str:
    return hashlib.sha256("\x1f".join(column.label for column in table.columns).encode()).hexdigest()
