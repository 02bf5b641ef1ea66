"""Files that become people, companies and deals, taken in as the worker does it."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from addon.domain.imports import mapping, operations, queries, running, undo
from addon.domain.imports.queries import Progress
from addon.models import Company, Contact, Deal, Import, ImportRow, Subject
from tests.domain.team_at_work import ANNA, MONDAY, TeamAtWork

LATER = MONDAY + timedelta(days=1)


@dataclass
class Importing:
    team: TeamAtWork

    def draft(
        self, csv: str | bytes, subject: Subject = Subject.CONTACT, chosen: Mapping[str, str] | None = None
    ) -> int:
        data = csv.encode() if isinstance(csv, str) else csv
        with self.team.acting() as session:
            made = operations.start(session, subject, "list.csv", data, at=MONDAY)
            mapping.choose(session, made.id, chosen or mapping.suggest(session, made.id), at=MONDAY)
            return made.id

    def begin(self, import_id: int) -> None:
        with self.team.acting() as session:
            operations.begin(session, import_id, at=MONDAY)

    def go_on(self, import_id: int, *, by: str = ANNA) -> Progress:
        viewer, database = self.team.viewer(by), self.team.database
        reading = functools.partial(database.reading, viewer)
        if (prepared := running.prepare(reading, import_id)) is not None:
            running.run(functools.partial(database.writing, viewer), reading, prepared, now=lambda: MONDAY)
        return self.progress(import_id)

    def take(
        self, csv: str | bytes, subject: Subject = Subject.CONTACT, chosen: Mapping[str, str] | None = None
    ) -> tuple[int, Progress]:
        import_id = self.draft(csv, subject, chosen)
        self.begin(import_id)
        return import_id, self.go_on(import_id)

    def take_back(self, import_id: int, *, size: int = 50) -> Progress:
        with self.team.acting() as session:
            undo.begin(session, import_id, at=LATER)
        more = True
        while more:
            with self.team.acting() as session:
                more = undo.undo_slice(session, import_id, at=LATER, size=size)
        return self.progress(import_id)

    def progress(self, import_id: int) -> Progress:
        with self.team.looking() as session:
            return queries.progress(session, import_id)

    def rows(self, import_id: int) -> list[ImportRow]:
        with self.team.looking() as session:
            found = session.scalars(
                select(ImportRow).where(ImportRow.import_id == import_id).order_by(ImportRow.number)
            )
            return list(found)

    def state(self, import_id: int) -> str:
        with self.team.looking() as session:
            return session.get_one(Import, import_id).state

    def all(self, model: type[Any]) -> list[Any]:
        with self.team.looking() as session:
            return list(session.scalars(select(model).where(model.deleted_at.is_(None)).order_by(model.id)))

    def people(self) -> list[Contact]:
        return self.all(Contact)

    def companies(self) -> list[Company]:
        return self.all(Company)

    def deals(self) -> list[Deal]:
        return self.all(Deal)


@pytest.fixture
def importing(team: TeamAtWork, monkeypatch: pytest.MonkeyPatch) -> Importing:
    monkeypatch.setattr(running, "AIM", 5.0)  # nobody else waits here
    return Importing(team)
