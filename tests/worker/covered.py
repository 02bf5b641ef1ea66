"""A mailbox on the simulated Gmail, a team that it belongs to, and syncs that can be watched, troubled and killed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from addon import clock
from addon.domain.access import Database
from addon.integrations.google.consent import SCOPES
from addon.integrations.google.parts import Google
from addon.models import Mailbox, MailboxLease, MailboxQuota, Message, Model, Sighting
from addon.sandbox.gmail import Gmail, serve
from addon.settings import Settings
from addon.worker import syncing
from addon.worker.syncing import Synced
from addon.worker.turn import Turn, begin
from tests.databases import KEY
from tests.domain.team_at_work import ANNA, TeamAtWork, mail, team_at_work


class Killed(BaseException):
    """The worker is gone."""


@dataclass
class Covered:
    gmail: Gmail
    team: TeamAtWork
    settings: Settings
    google: Google
    before_call: Callable[[str], None] = lambda name: None
    """Happens before each call to Gmail."""
    after_commit: Callable[[], None] = lambda: None
    deal_id: int = 0
    mails: int = 0

    # ---- what happens in the mailbox -------------------------------------------------------------------------------

    def arrive(self, raw: bytes | None = None, *, to: str = ANNA, at: datetime | None = None, **told: Any) -> str:
        """A mail arrives, of Jane unless told otherwise; its Gmail id."""
        if raw is None:
            self.mails += 1
            raw = mail(**{"message_id": f"<{self.mails}@acme.example>", "subject": f"Mail {self.mails}", **told})
        labels = ("INBOX", "UNREAD")
        return self.gmail.deliver(raw, [to], at=at, labels=labels)[0].message_id

    def lie(self, *labels: str, **told: Any) -> str:
        """A mail lies there under these labels."""
        self.mails += 1
        raw = mail(**{"message_id": f"<{self.mails}@acme.example>", "subject": f"Mail {self.mails}", **told})
        return self.gmail.insert(ANNA, raw, labels).message_id

    # ---- what the worker does --------------------------------------------------------------------------------------

    def sync(self, mailbox: str = ANNA, *, stopping: Callable[[], bool] = lambda: False) -> Synced:
        """One turn's sync. Raises what it raises."""
        turn = self.turn(mailbox, stopping)
        try:
            return syncing.sync(turn)
        finally:
            turn.gmail.close()

    def turn(self, mailbox: str = ANNA, stopping: Callable[[], bool] = lambda: False) -> Turn:
        mailbox_id = self.team.mailboxes[mailbox]
        with self.team.acting() as session:
            session.execute(update(MailboxLease).values(ends=0.0))
        turn = begin(
            self.team.database,
            self.settings,
            self.google.accounts,
            self.team.machine(mailbox),
            mailbox_id,
            holder="worker",
            dead=None,
            stopping=stopping,
            may_send=True,
        )
        assert turn is not None
        turn.gmail = Watched(self.google.accounts.mailbox(self.gmail.access_token(mailbox, SCOPES)), self)  # type: ignore[assignment]
        return turn

    def sync_to_the_end(self, *, turns: int = 200) -> int:
        """Turn after turn, each as if the one before had died: how many it took."""
        for number in range(turns):
            try:
                self.sync()
            except syncing.Wait:
                with self.team.acting() as session:
                    session.execute(update(MailboxQuota).values(spent=[]))
            except (syncing.Over, syncing.MailboxTrouble, Killed):
                continue
            else:
                return number + 1
        raise AssertionError("never came to an end")

    # ---- how it stands ---------------------------------------------------------------------------------------------

    def mailbox(self) -> Mailbox:
        with self.team.looking() as session:
            return session.get_one(Mailbox, self.team.mailboxes[ANNA])

    def count(self, what: type[Model]) -> int:
        with self.team.looking() as session:
            return session.scalar(select(func.count()).select_from(what)) or 0

    def kept(self) -> set[str]:
        """Subjects of the mails of which more than the id is kept."""
        with self.team.looking() as session:
            return set(session.scalars(select(Message.subject)))

    def looked_at(self) -> set[str]:
        """Gmail ids of the mails that were looked at."""
        with self.team.looking() as session:
            return set(session.scalars(select(Sighting.gmail_id)))

    def forget_everything(self) -> None:
        """As in a mailbox that is connected for the first time."""
        with self.team.acting() as session:
            session.execute(delete(Sighting))
            session.execute(update(Mailbox).values(cursor=None, lookback_to=None, lookback_page=None, synced_at=None))


class Watched:
    """A mailbox whose calls can be interrupted."""

    def __init__(self, mailbox: Any, covered: Covered) -> None:
        self._mailbox, self._covered = mailbox, covered

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._mailbox, name)

        def called(*given: Any, **named: Any) -> Any:
            if name != "close":
                self._covered.before_call(name)
            return method(*given, **named)

        return called


@contextmanager
def covered(folder: Path, database: Database, monkeypatch: pytest.MonkeyPatch, **changed: Any) -> Iterator[Covered]:
    gmail = Gmail(folder / "gmail.sqlite")
    with serve(gmail) as server:
        given = {
            "secret_keys": KEY,
            "google_url": server.url,
            "google_client_id": "client",
            "google_client_secret": "secret",
            "call_seconds": 10.0,
            "lease_seconds": 60.0,
            "units_per_minute": 1_000_000,
            "lookback_days": 14,
            **changed,
        }
        settings = Settings(**given)
        google = Google.of(settings)
        team = team_at_work(database)
        for email in team.mailboxes:
            gmail.accounts.add(email)
        made = Covered(gmail, team, settings, google)
        _watch_commits(made, monkeypatch)
        try:
            yield made
        finally:
            google.close()
    gmail.close()


def _watch_commits(made: Covered, monkeypatch: pytest.MonkeyPatch) -> None:
    writing = Database.writing

    @contextmanager
    def watched(self: Database, viewer: Any) -> Iterator[Session]:
        with writing(self, viewer) as session:
            yield session
        made.after_commit()

    monkeypatch.setattr(Database, "writing", watched)


def an_hour_ago() -> datetime:
    return clock.now() - timedelta(hours=1)
