"""A team with a mailbox, people to write to, and a Gmail on this machine in which every mail can be counted."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import requests
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from addon import clock
from addon.domain.access import Database, Viewer
from addon.domain.contacts import addresses
from addon.domain.contacts import operations as contacts
from addon.domain.mailboxes import leases
from addon.domain.mailboxes import operations as mailboxes
from addon.domain.outgoing import claiming, permitting, queries
from addon.domain.outgoing import operations as outgoing
from addon.domain.suppressions import operations as suppressions
from addon.domain.teams import operations as teams
from addon.integrations.gmail import client as gmail_client
from addon.integrations.google.consent import SCOPES
from addon.integrations.google.parts import Google
from addon.models import (
    DeadAttempt,
    Mailbox,
    MailboxLease,
    MailboxQuota,
    Outgoing,
    OutgoingState,
    Role,
    Run,
    RunKind,
    Sighting,
    SuppressionReason,
    SuppressionScope,
    User,
)
from addon.sandbox.gmail import Gmail, Server, serve
from addon.settings import Settings
from addon.worker.attending import Attendant, Attended
from tests.databases import KEY

ANNA = "anna@halyard.example"


def compose(session: Session, row: Outgoing) -> bytes:
    """A plain mail with the reference that law 5 asks for."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = ANNA, row.address.email, "Ramp planner"
    mail["X-Dealthread-Ref"] = f"{row.ref}.{row.attempt}"
    mail.set_content("Shall we look at the ramps?\n")
    return mail.as_bytes()


class Meddling:
    """Google, with a test's hand on every mailbox that the worker opens."""

    def __init__(self, google: Any, meddle: Callable[[Any], Any]) -> None:
        self._google, self._meddle = google, meddle

    def __getattr__(self, name: str) -> Any:
        return getattr(self._google, name)

    def mailbox(self, token: str, *, message_token: str = "") -> Any:
        return self._meddle(self._google.mailbox(token, message_token=message_token))


@dataclass
class World:
    gmail: Gmail
    server: Server
    database: Database
    settings: Settings
    google: Google
    team_id: int = 0
    mailbox_id: int = 0
    run_id: int = 0
    people: list[str] = field(default_factory=list)
    workers_database: Database = field(init=False)
    """The same rows as `database`, by a hand of the worker's own, so that a test can cut it off."""
    meddle: Callable[[Any], Any] = field(default=lambda mailbox: mailbox)
    """What a test does to a mailbox that the worker opens."""

    def __post_init__(self) -> None:
        self.workers_database = Database(self.database.engine, self.database.vault)

    @property
    def viewer(self) -> Viewer:
        return Viewer.operator(self.team_id)

    def attendant(self) -> Attendant:
        google = Meddling(self.google.accounts, self.meddle)
        return Attendant(self.workers_database, self.settings, google, compose=compose)

    def attend(self, **options: Any) -> Attended:
        """One turn of a fresh worker, as if every earlier one were gone."""
        self.free_the_lease()
        return self.attendant().attend(self.mailbox_id, self.team_id, **options)

    def attend_until(self, done: Callable[[], bool], *, turns: int = 60) -> None:
        """Turn after turn until it is so."""
        for _ in range(turns):
            if done():
                return
            self.hurry()
            self.attend(sweep_early=True)
        assert done(), f"not so after {turns} turns: {self.states()}"

    def free_the_lease(self) -> None:
        with self.database.writing(self.viewer) as session:
            session.execute(update(MailboxLease).values(ends=0.0))

    def hurry(self) -> None:
        """Let every wait of the ledger be over."""
        with self.database.writing(self.viewer) as session:
            session.execute(update(Outgoing).values(look_at=0.0))
            session.execute(update(MailboxQuota).values(wait_until=0.0, daily_wait=False))
            session.execute(update(Outgoing).where(Outgoing.gone_since.is_not(None)).values(gone_since=1.0))
            session.execute(update(DeadAttempt).where(DeadAttempt.next_sweep.is_not(None)).values(next_sweep=0.0))

    def states(self) -> dict[OutgoingState, int]:
        with self.database.reading(self.viewer) as session:
            return queries.counts(session, self.run_id)

    def states_of_all(self) -> dict[OutgoingState, int]:
        """Of every run, campaigns included."""
        with self.database.reading(self.viewer) as session:
            found = session.execute(select(Outgoing.state, func.count()).group_by(Outgoing.state))
            return {OutgoingState(state): number for state, number in found}

    def rows(self) -> list[Outgoing]:
        with self.database.reading(self.viewer) as session:
            return list(session.scalars(select(Outgoing).order_by(Outgoing.id)))

    def settled(self) -> bool:
        return not set(self.states()) & set(queries.UNSETTLED)

    def got(self, email: str) -> int:
        """How many mails this person received."""
        return len(self.gmail.outside.mails(email))

    def one_more_person(self) -> str:
        """Somebody else to write to, in the same run."""
        email = f"person{len(self.people)}@acme.example"
        self.people.append(email)
        with self.database.writing(self.viewer) as session:
            at = clock.now()
            address = contacts.ensure_address(session, email, at=at)
            due = outgoing.Due(address_id=address.id, address_key=address.key, mailbox_id=self.mailbox_id, due_at=at)
            outgoing.put_due(session, session.get_one(Run, self.run_id), [due])
        return email

    def suppress(self, email: str) -> None:
        with self.database.writing(self.viewer) as session:
            suppressions.suppress(
                session,
                addresses.key_of(session, email),
                scope=SuppressionScope.CAMPAIGNS,
                reason=SuppressionReason.UNSUBSCRIBED,
                at=clock.now(),
            )

    def pause(self) -> None:
        with self.database.writing(self.viewer) as session:
            outgoing.pause_run(session, self.run_id, at=clock.now())

    def when_created(self, act: Callable[[], None]) -> None:
        """Do this while Gmail's answer to the next `drafts.create` is on its way."""

        def meddle(mailbox: Any) -> Any:
            create = mailbox.create_draft

            def create_draft(raw: bytes, *, thread_id: str | None = None) -> Any:
                draft = create(raw, thread_id=thread_id)
                act()
                return draft

            mailbox.create_draft = create_draft
            return mailbox

        self.meddle = meddle

    def leave_permitted(self) -> str:
        """A worker died between C1 and the send: the draft's id."""
        with self.database.writing(self.viewer) as session:
            lease = leases.take(session, self.mailbox_id, "one who dies", seconds=5)
            assert lease is not None
            [row] = claiming.claim(session, lease, at_most=1, at=clock.now())
            raw = compose(session, row)
        with self.opened() as mailbox:
            draft = mailbox.create_draft(raw)
        with self.database.writing(self.viewer) as session:
            granted = permitting.permit(session, row.id, row.attempt, lease, draft, at=clock.now(), sweeps=(0.0,))
        assert granted is permitting.Permit.GRANTED
        return draft.draft_id

    def edit_draft(self, draft_id: str) -> None:
        """The rep changes the words of a draft."""
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = ANNA, self.people[0], "Ramp planner, in my words"
        mail.set_content("Dear Jane, I changed this myself.\n")
        raw = base64.urlsafe_b64encode(mail.as_bytes()).decode()
        answer = requests.put(
            f"{self.server.url}/gmail/v1/users/me/drafts/{draft_id}",
            json={"message": {"raw": raw}},
            headers={"Authorization": f"Bearer {self.gmail.access_token(ANNA, SCOPES)}"},
            timeout=5,
        )
        answer.raise_for_status()

    def backup(self) -> list[dict[str, Any]]:
        """The ledger and the cursor, as a backup of the database would have them."""
        with self.database.reading(self.viewer) as session:
            rows = session.execute(select(Outgoing.id, Outgoing.state, Outgoing.attempt)).all()
            cursor = session.scalar(select(Mailbox.cursor))
        return [{"cursor": cursor}, *(row._asdict() for row in rows)]

    def restore(self, backup: list[dict[str, Any]]) -> None:
        cursor, *rows = backup
        with self.database.writing(self.viewer) as session:
            session.execute(update(Mailbox).values(cursor=cursor["cursor"]))
            session.execute(delete(Sighting))
            for row in rows:
                session.execute(
                    update(Outgoing)
                    .where(Outgoing.id == row["id"])
                    .values(
                        state=row["state"],
                        attempt=row["attempt"],
                        draft_id=None,
                        draft_message_id=None,
                        draft_thread_id=None,
                        gmail_message_id=None,
                        gmail_thread_id=None,
                        sent_at=None,
                    )
                )

    def revoke(self) -> None:
        self.gmail.grants.revoke(ANNA)
        with self.database.writing(self.viewer) as session:
            mailboxes.drop_access_token(session, self.mailbox_id)

    def reconnect(self) -> None:
        token = self.gmail.grants.issue(ANNA, SCOPES)
        with self.database.writing(self.viewer) as session:
            owner = session.scalars(select(User)).one()
            mailboxes.connect(session, owner_id=owner.id, email=ANNA, refresh_token=token, at=clock.now())

    def deactivate_owner(self) -> None:
        with self.database.writing(self.viewer) as session:
            session.scalars(select(User)).one().active = False

    def drafts(self) -> int:
        """How many drafts lie in the rep's mailbox."""
        with self.gmail.store.read() as db:
            (number,) = db.execute("SELECT count(*) FROM drafts").fetchone()
        return int(number)

    @contextmanager
    def opened(self) -> Iterator[gmail_client.GmailOverHttp]:
        patient = Google.of(self.settings.model_copy(update={"call_seconds": 20.0, "lease_seconds": 60.0}))
        mailbox = patient.accounts.mailbox(self.gmail.access_token(ANNA, SCOPES))
        try:
            yield mailbox
        finally:
            mailbox.close()
            patient.close()


@contextmanager
def world(folder: Path, database: Database, *, people: int = 1, **changed: Any) -> Iterator[World]:
    """A world with so many mails due. `changed` are settings."""
    gmail = Gmail(folder / "gmail.sqlite")
    with serve(gmail) as server:
        given = {
            "secret_keys": KEY,
            "google_url": server.url,
            "google_client_id": "client",
            "google_client_secret": "secret",
            "call_seconds": 1.0,
            "lease_seconds": 5.0,
            "quiet_seconds": 0.0,
            "sweep_seconds": "0,0,0",
            "units_per_minute": 1_000_000,
            "lookback_days": 14,
            **changed,
        }
        settings = Settings(**given)
        google = Google.of(settings)
        made = World(gmail, server, database, settings, google)
        _fill(made, people)
        try:
            yield made
        finally:
            google.close()
    gmail.close()


def _fill(made: World, people: int) -> None:
    made.gmail.accounts.add(ANNA, name="Anna Kowalczyk")
    made.gmail.clients.add("client", "secret", [])
    token = made.gmail.grants.issue(ANNA, SCOPES)
    at = clock.now()
    with made.database.writing(Viewer.operator(0)) as session:
        made.team_id = teams.create_team(session, "Halyard", at=at).id
    with made.database.writing(made.viewer) as session:
        anna = teams.add_user(session, ANNA, role=Role.REP, at=at, name="Anna Kowalczyk")
        mailbox = mailboxes.connect(session, owner_id=anna.id, email=ANNA, refresh_token=token, at=at)
        run = outgoing.begin_run(session, RunKind.CAMPAIGN, at=at)
        made.mailbox_id, made.run_id = mailbox.id, run.id
    for _ in range(people):
        made.one_more_person()
