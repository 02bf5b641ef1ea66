"""A team with a mailbox, on both databases, and campaigns made of a few lines of CSV."""

from __future__ import annotations

import functools
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from sqlalchemy.orm import Session

from addon.domain import tables
from addon.domain.access import Database, Viewer
from addon.domain.campaigns import importing, queries
from addon.domain.mailboxes import operations as mailboxes
from addon.domain.pipelines import operations as pipelines
from addon.domain.pipelines.operations import StageDraft
from addon.domain.teams import operations as teams
from addon.models import Role, StageKind, Team

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@dataclass
class Office:
    """A team with two reps; Ana's mailbox sends."""

    database: Database
    operator: Viewer
    ana: Viewer
    ben: Viewer
    mailbox_id: int

    @property
    def writing(self) -> Callable[[], AbstractContextManager[Session]]:
        return functools.partial(self.database.writing, self.ana)

    @property
    def reading(self) -> Callable[[], AbstractContextManager[Session]]:
        return functools.partial(self.database.reading, self.ana)

    def campaign(self, csv: str, *, subject: str = "Hi {{ first_name }}", body: str = "Dear {{ first_name }}") -> int:
        draft = importing.Draft(
            mailbox_id=self.mailbox_id, name="Spring", subject=subject, body=body, table=tables.read(csv.encode())
        )
        return importing.create_campaign(self.writing, draft, at=MONDAY)

    def skips(self, campaign_id: int) -> list[tuple[int, str, str | None, str]]:
        with self.reading() as session:
            return [
                (line.row, line.email, line.skipped, line.skipped_detail)
                for line in queries.skipped(session, campaign_id)
            ]

    def progress(self, campaign_id: int) -> queries.Progress:
        with self.reading() as session:
            return queries.progress(session, campaign_id)


@pytest.fixture
def office(database: Database) -> Office:
    assert database.secret  # read once, before a transaction is open
    with Session(database.engine) as session, session.begin():
        team = Team(name="Acme", created_at=MONDAY)
        session.add(team)
        session.flush()
        operator = Viewer.operator(team.id)
    with database.writing(operator) as session:
        ana = teams.add_user(session, "ana@acme.test", role=Role.REP, name="Ana Nowak", at=MONDAY)
        ben = teams.add_user(session, "ben@acme.test", role=Role.REP, at=MONDAY)
        mailbox = mailboxes.connect(
            session, owner_id=ana.id, email="ana@acme.test", refresh_token="a-refresh-token", at=MONDAY
        )
        stages = [StageDraft("New"), StageDraft("Won", kind=StageKind.WON), StageDraft("Lost", kind=StageKind.LOST)]
        pipelines.create(session, "Sales", stages, at=MONDAY)
        return Office(database, operator, Viewer.of(ana), Viewer.of(ben), mailbox.id)
