"""The demo's world in a database of the tests, and a worker that works in it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from addon import settings
from addon.app import House, create_worker
from addon.domain.access import Database, Viewer, doors
from addon.domain.activity import queries as activity
from addon.domain.contacts import queries as contacts
from addon.domain.deals import queries as deals
from addon.integrations.google.consent import SCOPES
from addon.integrations.google.parts import Google
from addon.models import Activity
from addon.sandbox.gmail import Gmail, Server, serve
from addon.sandbox.world import data, filling
from addon.sandbox.world.post import Kept, fill_mailboxes
from tests.databases import KEY

YES, BOUNCE, AWAY = (
    "marta.jankowska@zielona-hala.example",
    "zamowienia@transbud-hurt.example",
    "siti.rahmawati@gudangbeku.example",
)
ANNA, DIMAS, GIULIA = "anna@halyard.example", "dimas@halyard.example", "giulia@halyard.example"


def moves(session: Session, deal_id: int) -> list[Activity]:
    """Of a deal, oldest first."""
    entries = activity.of_subject(session, "deal", deal_id)
    return sorted((entry for entry in entries if entry.kind == "deal.moved"), key=lambda entry: entry.number)


@dataclass
class Filled:
    world: data.World
    post: list[Kept]
    gmail: Gmail
    server: Server
    database: Database

    def viewer(self, email: str = ANNA) -> Viewer:
        return doors.user_by_address(self.database, email)

    def work(self) -> None:
        """A worker attends every mailbox until nothing is left to do."""
        known = settings.load(
            database_url="sqlite:///unused.db",
            secret_keys=KEY,
            google_url=self.server.url,
            google_client_id="demo",
            google_client_secret="secret",
            poll_seconds=0.001,
        )
        house = House(known, self.database, Google.of(known))
        worker, jobs = create_worker(house)
        jobs.start()
        try:
            worker.run_until_idle()
        finally:
            jobs.stop(5.0)
            house.google.close()

    def stage_of(self, email: str) -> tuple[str, str]:
        """(stage, who moved last) of the person's only open deal."""
        with self.database.reading(self.viewer()) as session:
            person = contacts.by_email(session, email)
            assert person is not None
            [deal] = deals.of_contact(session, person.id, only_open=True)
            return deal.stage.name, moves(session, deal.id)[-1].actor_kind

    def reason_of(self, email: str) -> str:
        """The sentence that the last move of the person's only open deal shows."""
        with self.database.reading(self.viewer()) as session:
            person = contacts.by_email(session, email)
            assert person is not None
            [deal] = deals.of_contact(session, person.id, only_open=True)
            shown = moves(session, deal.id)[-1].evidence
            return str(shown and shown.quote)


@contextmanager
def fill(database: Database) -> Iterator[Filled]:
    gmail = Gmail()
    gmail.clients.add("demo", "secret")
    world = data.load(datetime.now(UTC))
    post = fill_mailboxes(gmail, world)
    grants = {rep.email: gmail.grants.issue(rep.email, SCOPES, client="demo") for rep in world.reps}
    filling.fill(database, world, grants, " ".join(SCOPES), post)
    with serve(gmail) as server:
        yield Filled(world, post, gmail, server, database)
    gmail.close()
