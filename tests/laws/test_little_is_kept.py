"""Law 10: after a whole story no table, no file and no log holds private mail, the text of any mail, or a token."""

from __future__ import annotations

import functools
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import make_url, select

from addon import clock
from addon.app import House, create_worker
from addon.domain import tables
from addon.domain.access import Database
from addon.domain.campaigns import importing
from addon.domain.mailboxes import operations as mailboxes
from addon.domain.mailboxes import queries as mailbox_queries
from addon.domain.threads import operations as threads
from addon.domain.threads import queries as thread_queries
from addon.integrations.google.consent import SCOPES
from addon.integrations.google.parts import Google
from addon.models import Mailbox, Outgoing, OutgoingState, Sighting
from addon.sandbox.gmail import Delivered, Gmail, serve
from addon.settings import Settings
from tests.databases import KEY
from tests.domain.team_at_work import ANNA, BEN, JANE, TeamAtWork, bounce, mail
from tests.laws import whole_database
from tests.sidebar.beside_gmail import BesideGmail, beside_gmail, simulated_gmail

DIAGNOSIS = "The quaggadiagnosis was a relief to everybody here."
TEXT = "Our new hall has quaggalong floors and the keys lie under the blue pot."
DOCTOR = "doctor@quaggaclinic.example"
PRIVATE_SUBJECT = "Your quaggaresults"
SAID = "Yes, please send us the offer."
PASSWORD = "quagga-client-secret"
SOMEBODY, NOBODY = "bo@beta.example", "gone@beta.example"
TWO_DEALS = "cy@gamma.example"


@dataclass
class Story:
    """A mailbox on the simulated Gmail, with a worker of the house that syncs it and sends from it."""

    team: TeamAtWork
    gmail: Gmail
    house: House
    refresh_token: str
    access_tokens: set[str] = field(default_factory=set)

    def work(self) -> None:
        """The worker does all there is to do, and is gone."""
        worker, jobs = create_worker(self.house)
        jobs.start()
        try:
            worker.run_until_idle()
        finally:
            worker.stop()
            assert jobs.stop(20)
        self.note_access_token()

    def note_access_token(self) -> None:
        with self.team.looking() as session:
            box = session.get_one(Mailbox, self.team.mailboxes[ANNA])
            token = mailbox_queries.access_token(session, box, good_until=clock.real_now())
        if token is not None:
            self.access_tokens.add(token)

    def arrive(self, raw: bytes) -> Delivered:
        [delivered] = self.gmail.deliver(raw, [ANNA], labels=("INBOX", "UNREAD"))
        return delivered

    def campaign(self) -> None:
        table = tables.read(f"email,first name\n{SOMEBODY},Bo\n{NOBODY},Ann\n".encode())
        box, body = self.team.mailboxes[ANNA], "Dear {{ first_name }}"
        draft = importing.Draft(mailbox_id=box, name="Spring", subject="Ramps", body=body, table=table)
        writing = functools.partial(self.team.database.writing, self.team.viewer())
        importing.launch_campaign(writing, importing.create_campaign(writing, draft, at=clock.now()), at=clock.now())

    def sent_to(self, email: str) -> Outgoing:
        with self.team.looking() as session:
            rows = session.scalars(select(Outgoing).where(Outgoing.state == OutgoingState.SENT)).all()
            return next(row for row in rows if row.address.email == email)


@pytest.fixture
def story(tmp_path: Path, team: TeamAtWork) -> Iterator[Story]:
    gmail = Gmail(tmp_path / "gmail.sqlite")
    gmail.accounts.add(ANNA, name="Anna Kowalczyk")
    gmail.accounts.add(BEN, name="Ben Okafor")
    gmail.clients.add("client", PASSWORD, [])
    with serve(gmail) as server:
        settings = Settings(
            secret_keys=SecretStr(KEY),
            google_url=server.url,
            google_client_id="client",
            google_client_secret=SecretStr(PASSWORD),
            call_seconds=10,
            units_per_minute=1_000_000,
        )
        google = Google.of(settings)
        token = gmail.grants.issue(ANNA, SCOPES)
        with team.acting() as session:
            mailboxes.connect(session, owner_id=team.users[ANNA], email=ANNA, refresh_token=token, at=clock.now())
        try:
            yield Story(team, gmail, House(settings, team.database, google), token)
        finally:
            google.close()
    gmail.close()


@pytest.fixture
def all_logs(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """Everything that anybody logs, but SQLAlchemy's echo of its statements."""
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.WARNING, "sqlalchemy")
    return caplog


def live_through(story: Story) -> None:
    """Private mail, mail of a deal, mail that is asked about, a campaign and its answers, trouble with Gmail."""
    team = story.team
    now = clock.now()
    earlier, later = now - timedelta(days=2), now + timedelta(minutes=1)
    team.standard_rule()
    team.deal(at=earlier)
    for title in ("First", "Second"):
        team.deal(title, person=TWO_DEALS, at=earlier)

    def private(number: int) -> bytes:
        told = {"sender": DOCTOR, "subject": PRIVATE_SUBJECT, "message_id": f"<{number}@quaggaclinic.example>"}
        return mail(DIAGNOSIS, at=now, **told)

    story.arrive(private(1))
    story.arrive(mail(f"{SAID}\n\n{TEXT}\n\n> {DIAGNOSIS}", answers="<asked@halyard.example>", at=later))
    story.arrive(mail(TEXT, sender=TWO_DEALS, subject="Which one?", message_id="<which@gamma.example>", at=now))
    story.campaign()
    story.work()

    sent = story.sent_to(SOMEBODY)
    answer = mail(f"{SAID}\n\n{TEXT}", sender=SOMEBODY, subject="Re: Ramps", message_id="<bo@beta.example>", at=later)
    story.gmail.deliver(answer, [ANNA], labels=("INBOX",))
    story.arrive(bounce(NOBODY, ref=f"{story.sent_to(NOBODY).ref}.1"))
    story.arrive(private(2))
    story.gmail.faults.add(method="history.list", kind="500")
    assert sent.gmail_thread_id
    with team.acting() as session:
        [question] = thread_queries.open_questions(session)
        threads.dismiss_question(session, thread_queries.get(session, question.thread_id), at=later)
    story.work()

    story.gmail.grants.revoke(ANNA)
    with team.acting() as session:
        mailboxes.drop_access_token(session, team.mailboxes[ANNA])
    story.work()


def secrets_of(story: Story) -> list[str]:
    return [story.refresh_token, PASSWORD, KEY, *sorted(story.access_tokens)]


def found(words: str, sought: list[str]) -> list[str]:
    """Which of these stand in the words, in whatever case or line."""
    flat = re.sub(r"\s+", " ", words).lower()
    return [each for each in sought if re.sub(r"\s+", " ", each).lower() in flat]


def test_after_a_whole_story_nothing_private_is_left_anywhere(
    story: Story, all_logs: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    live_through(story)

    assert len(story.access_tokens) > 0
    private = [DIAGNOSIS, TEXT, DOCTOR, PRIVATE_SUBJECT, "quagga"]
    kept = whole_database.words(story.team.database)
    assert found(kept, [*private, *secrets_of(story)]) == []
    assert found(kept, [SAID, JANE, "Re: Ramp planner", SOMEBODY]) == [SAID, JANE, "Re: Ramp planner", SOMEBODY], (
        "whoever looks like this would have found it"
    )
    assert found(_file(story.team.database), [*private, *secrets_of(story)]) == []
    printed = capfd.readouterr()
    logged = "\n".join([printed.out, printed.err, *(_line(record) for record in all_logs.records)])
    assert found(logged, [*private, *secrets_of(story), SAID, "Re: Ramp planner", JANE, SOMEBODY]) == []
    assert "grant_lost" in logged, "there was something to log"


def test_private_mail_leaves_its_id_and_no_more(story: Story) -> None:
    delivered = story.arrive(mail(DIAGNOSIS, sender=DOCTOR, subject=PRIVATE_SUBJECT, at=clock.now()))
    story.work()

    with story.team.looking() as session:
        assert session.scalars(select(Sighting.gmail_id)).all() == [delivered.message_id]
    mentioning = [
        name
        for name, rows in whole_database.tables(story.team.database).items()
        if delivered.message_id in repr(rows) or delivered.thread_id in repr(rows)
    ]
    assert mentioning == ["sighting"]


class Heard:
    """What a sidebar was told by Google and must not keep."""

    def __init__(self) -> None:
        self.tokens: set[str] = set()

    def listen(self, desk: BesideGmail, monkeypatch: pytest.MonkeyPatch) -> None:
        tell = desk.post

        def post(path: str, made: dict[str, Any], **more: Any) -> Any:
            told = made.get("authorizationEventObject", {})
            self.tokens |= {value for name, value in told.items() if name.endswith("Token") and value}
            self.tokens |= {value for name, value in made.get("gmail", {}).items() if name == "accessToken" and value}
            return tell(path, made, **more)

        monkeypatch.setattr(desk, "post", post)


def test_opening_mail_in_the_sidebar_keeps_and_logs_nothing_of_it(
    database: Database,
    clock: Any,
    all_logs: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    heard = Heard()
    with simulated_gmail() as (gmail, server), beside_gmail(database, gmail, server, clock) as desk:
        heard.listen(desk, monkeypatch)
        desk.team.deal()
        private = desk.deliver(f"Dr Quagga <{DOCTOR}>", subject=PRIVATE_SUBJECT)
        before = whole_database.state(database)

        assert desk.open(private).status == 200
        assert desk.home().status == 200
        desk.post("/addon/message", desk.event("/addon/message", private), bearer="forged.quagga.token")
        gmail.faults.add(method="messages.get", kind="500")
        desk.open(private)

        assert whole_database.state(database) == before
    printed = capfd.readouterr()
    logged = "\n".join([printed.out, printed.err, *(_line(record) for record in all_logs.records)])
    assert len(heard.tokens) >= 3
    assert found(logged, [*heard.tokens, "quagga", DOCTOR]) == []


def _file(database: Database) -> str:
    """The bytes on the disk, free pages and the write-ahead log included; nothing where a server keeps them."""
    url = make_url(str(database.engine.url))
    if url.database is None or not url.drivername.startswith("sqlite"):
        return ""
    place = Path(url.database)
    return "\n".join(part.read_bytes().decode("latin-1") for part in place.parent.glob(place.name + "*"))


def _line(record: logging.LogRecord) -> str:
    return f"{record.getMessage()} {record.exc_text or ''} {record.exc_info[1] if record.exc_info else ''}"
