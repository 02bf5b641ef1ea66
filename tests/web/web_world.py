"""A small team at work, and pages that open on it without Google: who is signed in is said by the cookie."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from flask.testing import FlaskClient
from pydantic import SecretStr
from werkzeug.test import TestResponse

from addon import web
from addon.domain.access import Database, Viewer
from addon.domain.activity.operations import ByRule
from addon.domain.contacts import operations as contacts
from addon.domain.deals.draft import DealDraft
from addon.domain.ladder import operations as ladder
from addon.domain.mailboxes import operations as mailboxes
from addon.domain.money import Money
from addon.domain.pipelines import operations as pipelines
from addon.domain.rules import operations as rules
from addon.domain.rules.matching import Conditions
from addon.domain.teams import operations as teams
from addon.domain.threads import operations as threads
from addon.integrations.google.parts import Google
from addon.models import (
    Deal,
    Evidence,
    EvidenceKind,
    LinkedHow,
    Mailbox,
    Message,
    Pipeline,
    Role,
    Sighting,
    StageKind,
    User,
)
from addon.settings import Settings
from addon.web.seat import SIGNED_IN
from tests.databases import KEY

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
STAGES = (
    ("Prospecting", 10, 14),
    ("Lead qualification", 20, 14),
    ("Meeting", 40, 21),
    ("Proposal", 60, 10),
    ("Negotiation", 80, 14),
)


@dataclass
class World:
    app: Flask
    database: Database
    anna: User
    dimas: User
    pipeline: Pipeline
    mailbox: Mailbox

    @property
    def viewer(self) -> Viewer:
        return Viewer.of(self.anna)

    def stage(self, name: str) -> int:
        return next(stage.id for stage in self.pipeline.stages if stage.name == name)

    def client(self, user: User | None = None) -> FlaskClient:
        """A browser in which somebody is signed in."""
        client = self.app.test_client()
        with client.session_transaction() as cookie:
            cookie[SIGNED_IN] = (user or self.anna).email
        return client

    def cookie(self, user: User | None = None) -> str:
        """The cookie of a browser in which somebody is signed in."""
        serializer = SecureCookieSessionInterface().get_signing_serializer(self.app)
        assert serializer is not None
        return str(serializer.dumps({SIGNED_IN: (user or self.anna).email}))

    def post(self, path: str, form: Mapping[str, Any] | None = None, **more: Any) -> TestResponse:
        """Post as a page of ours would; `user` and `json` (True: as a script would) by keyword."""
        client = more.pop("client", None) or self.client(more.pop("user", None))
        page = client.get("/preferences").get_data(as_text=True)
        found = re.search(r'name="csrf-token" content="([^"]+)"', page)
        assert found is not None
        headers = {"X-CSRFToken": found[1], "Accept": "application/json" if more.pop("json", False) else "text/html"}
        return client.post(path, data=form or {}, headers=headers, **more)

    def stranger(self) -> FlaskClient:
        return self.app.test_client()

    def deal(
        self,
        title: str,
        stage: str = "Prospecting",
        *,
        company: str = "",
        amount: str = "",
        currency: str = "EUR",
        owner: User | None = None,
        step: str = "",
        on: date | None = None,
        at: datetime = MONDAY,
        person: tuple[str, str] | None = None,
    ) -> int:
        with self.database.writing(self.viewer) as session:
            firm = contacts.company_named(session, company, at=at) if company else None
            who = contacts.create(session, person[1], name=person[0], company=firm, at=at) if person else None
            draft = DealDraft(
                title=title,
                owner_id=(owner or self.anna).id,
                company_id=firm.id if firm else None,
                contact_id=who.id if who else None,
                value=Money(Decimal(amount), currency) if amount else None,
                next_step=step,
                next_step_on=on,
            )
            return ladder.open_deal(session, draft, at=at, stage_id=self.stage(stage)).id

    def move(self, deal_id: int, stage: str, *, user: User | None = None, at: datetime = MONDAY) -> int:
        """The id of the move's entry."""
        with self.database.writing(Viewer.of(user or self.anna)) as session:
            entry = ladder.move(session, deal_id, self.stage(stage), seen=None, at=at)
            assert entry is not None
            return entry.id

    def seen(self, deal_id: int) -> int:
        with self.database.reading(self.viewer) as session:
            return session.get_one(Deal, deal_id).last_move

    def answer_moves(self, deal_id: int, stage: str, sentence: str, *, at: datetime = MONDAY) -> int:
        """A mail's sentence moves a deal by rule, in a thread linked to it."""
        with self.database.writing(self.viewer) as session:
            thread = threads.ensure_thread(session, self.mailbox.id, f"{deal_id:x}a", at=at)
            threads.link(session, thread, deal_id, how=LinkedHow.EXPLICIT, at=at - timedelta(days=1))
            message = Message(
                identity=f"{deal_id:064d}",
                from_email="katarzyna@bursztyn.test",
                from_name="Katarzyna Wiśniewska",
                subject="Wycena dla 40 stanowisk",
                received_at=at,
            )
            session.add(message)
            session.flush()
            session.add(
                Sighting(
                    mailbox_id=self.mailbox.id,
                    gmail_id=f"{deal_id:x}b",
                    message_id=message.id,
                    thread_id=thread.id,
                    seen_at=at,
                )
            )
            evidence = Evidence(kind=EvidenceKind.SENTENCE, message_id=message.id, position=0, quote=sentence)
            session.add(evidence)
            rule = rules.create_rule(
                session,
                self.pipeline.id,
                "Asks for a proposal",
                from_stage_id=None,
                to_stage_id=self.stage(stage),
                conditions=Conditions(),
                evidence_kinds={EvidenceKind.SENTENCE},
                at=at,
            )
            session.flush()
            moved = ladder.move(
                session, deal_id, self.stage(stage), seen=None, at=at, rule=ByRule(rule.id, 1, evidence)
            )
            assert moved is not None
            return moved.id


@contextmanager
def world(
    database: Database, *, public_url: str = "http://localhost:8000", google_url: str = "http://127.0.0.1:9"
) -> Iterator[World]:
    settings = Settings(
        public_url=public_url,
        secret_keys=SecretStr(KEY),
        google_url=google_url,
        google_client_id="client",
        google_client_secret=SecretStr("secret"),
    )
    _ = database.secret  # read before the first transaction, as the app does
    operator = Viewer.operator(_team(database))
    with database.writing(operator) as session:
        anna = teams.add_user(session, "anna@halyard.test", role=Role.REP, name="Anna Kowalczyk", at=MONDAY)
        dimas = teams.add_user(session, "dimas@halyard.test", role=Role.REP, name="Dimas Prasetyo", at=MONDAY)
        drafts = [pipelines.StageDraft(name, chance, limit) for name, chance, limit in STAGES]
        ends = [pipelines.StageDraft("Won", 100, kind=StageKind.WON), pipelines.StageDraft("Lost", kind=StageKind.LOST)]
        pipeline = pipelines.create(session, "Outbound", [*drafts, *ends], at=MONDAY)
        mailbox = mailboxes.connect(
            session, owner_id=anna.id, email="anna@halyard.test", refresh_token="sealed", at=MONDAY
        )
        _ = [stage.name for stage in pipeline.stages]
    google = Google.of(settings)
    app = Flask("addon", static_folder=None)
    app.config["TESTING"] = True
    app.config["PROPAGATE_EXCEPTIONS"] = False
    web.register(app, web.WebServices(settings=settings, database=database, google=google))
    try:
        yield World(app, database, anna, dimas, pipeline, mailbox)
    finally:
        google.close()


def _team(database: Database) -> int:
    with database.writing(Viewer.operator(0)) as session:
        return teams.create_team(session, "Halyard", at=MONDAY, zone="Europe/Warsaw").id
