"""Two teams that have the same things, so that whatever leaks can be told by its name."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from addon.domain.access import Database, Viewer
from addon.domain.contacts import operations as contacts
from addon.domain.deals.moving import DealDraft
from addon.domain.ladder import operations as ladder
from addon.domain.mailboxes import operations as mailboxes
from addon.domain.pipelines import operations as pipelines
from addon.domain.pipelines.operations import StageDraft
from addon.domain.teams import operations as teams
from addon.models import Role, StageKind

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
OURS, THEIRS = "Halyard", "Sextant"


@dataclass
class Ids:
    team: int
    user: int = 0
    mailbox: int = 0
    company: int = 0
    contact: int = 0
    pipeline: int = 0
    stage: int = 0
    deal: int = 0


@dataclass
class TwoTeams:
    database: Database
    ours: Ids
    theirs: Ids = field(init=False)

    @contextmanager
    def looking(self) -> Iterator[Session]:
        """As one of us."""
        with self.database.reading(Viewer.operator(self.ours.team)) as session:
            yield session

    @contextmanager
    def acting(self) -> Iterator[Session]:
        with self.database.writing(Viewer.operator(self.ours.team)) as session:
            yield session

    @contextmanager
    def acting_there(self) -> Iterator[Session]:
        with self.database.writing(Viewer.operator(self.theirs.team)) as session:
            yield session


def two_teams(database: Database) -> TwoTeams:
    _ = database.secret
    made = TwoTeams(database, _fill(database, OURS))
    made.theirs = _fill(database, THEIRS)
    return made


def _fill(database: Database, name: str) -> Ids:
    """One of everything, named for the team."""
    with database.writing(Viewer.operator(0)) as session:
        ids = Ids(teams.create_team(session, name, at=MONDAY).id)
    with database.writing(Viewer.operator(ids.team)) as session:
        email = f"anna@{name.lower()}.example"
        ids.user = teams.add_user(session, email, role=Role.REP, name=f"Anna of {name}", at=MONDAY).id
        ids.mailbox = mailboxes.connect(session, owner_id=ids.user, email=email, refresh_token="r", at=MONDAY).id
        company = contacts.create_company(session, f"{name} customer", at=MONDAY)
        person = contacts.create(session, "jane@acme.example", name=f"Jane of {name}", company=company, at=MONDAY)
        stages = [
            StageDraft(f"{name} new"),
            StageDraft("Won", kind=StageKind.WON),
            StageDraft("Lost", kind=StageKind.LOST),
        ]
        pipeline = pipelines.create(session, f"{name} sales", stages, at=MONDAY)
        draft = DealDraft(title=f"{name} deal", owner_id=ids.user, contact_id=person.id, company_id=company.id)
        deal = ladder.open_deal(session, draft, at=MONDAY, pipeline_id=pipeline.id)
        ids.company, ids.contact, ids.pipeline, ids.stage, ids.deal = (
            company.id, person.id, pipeline.id, deal.stage_id, deal.id,
        )  # fmt: skip
    return ids
