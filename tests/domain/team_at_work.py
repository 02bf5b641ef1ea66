"""A small team with a pipeline, people and mailboxes, and the mails they get: the cast of the domain's tests."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from addon.domain.access import Database, Viewer
from addon.domain.contacts import operations as contacts
from addon.domain.deals.draft import DealDraft
from addon.domain.inbox import operations as inbox
from addon.domain.inbox import queries as inbox_queries
from addon.domain.inbox.arrival import Received, arrived
from addon.domain.ladder import operations as ladder
from addon.domain.mailboxes import operations as mailboxes
from addon.domain.outgoing import operations as outgoing
from addon.domain.pipelines import operations as pipelines
from addon.domain.pipelines.operations import StageDraft
from addon.domain.ports.mailbox import RawMail
from addon.domain.rules import operations as rules
from addon.domain.teams import operations as teams
from addon.models import (
    Activity,
    Campaign,
    Deal,
    Mailbox,
    Outgoing,
    OutgoingState,
    Recipient,
    Role,
    RunKind,
    Stage,
    StageKind,
    User,
)

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ANNA, BEN, JANE = "anna@halyard.example", "ben@halyard.example", "jane@acme.example"


def mail(
    text: str = "Yes, please send us the offer.",
    *,
    sender: str = JANE,
    to: str = ANNA,
    subject: str = "Re: Ramp planner",
    message_id: str = "<answer-1@acme.example>",
    answers: str = "",
    at: datetime = MONDAY,
    headers: dict[str, str] | None = None,
) -> bytes:
    """A mail as it travels. `answers` is the Message-ID that it replies to."""
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = sender, to, subject
    made["Date"] = format_datetime(at)
    if message_id:
        made["Message-ID"] = message_id
    if answers:
        made["In-Reply-To"], made["References"] = answers, answers
    for name, value in (headers or {}).items():
        made[name] = value
    made.set_content(text + "\n")
    return made.as_bytes()


_REASONS = {"5.1.1": "No such user", "4.2.2": "Mailbox full", "5.7.1": "Message rejected by policy"}


def bounce(of: str, *, status: str = "5.1.1", ref: str = "", message_id: str = "<dsn-1@mx.example>") -> bytes:
    """A delivery report that says that mail to this address failed."""
    returned = f"X-Dealthread-Ref: {ref}\n" if ref else ""
    return (
        "From: Mail Delivery Subsystem <mailer-daemon@googlemail.com>\n"
        f"To: {ANNA}\nSubject: Delivery Status Notification (Failure)\nMessage-ID: {message_id}\n"
        "Date: Mon, 02 Mar 2026 09:00:00 +0000\nMIME-Version: 1.0\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n'
        "--b\nContent-Type: text/plain\n\nThe address was not found.\n"
        "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; googlemail.com\n\n"
        f"Final-Recipient: rfc822; {of}\nAction: failed\nStatus: {status}\n"
        f"Diagnostic-Code: smtp; {status[0]}50 {status} {_REASONS[status]}\n\n"
        f"--b\nContent-Type: text/rfc822-headers\n\nFrom: {ANNA}\nTo: {of}\nSubject: Ramp planner\n{returned}\n--b--\n"
    ).encode()


@dataclass
class TeamAtWork:
    database: Database
    team_id: int = 0
    users: dict[str, int] = field(default_factory=dict)
    mailboxes: dict[str, int] = field(default_factory=dict)
    pipeline_id: int = 0
    stages: dict[str, int] = field(default_factory=dict)
    arrived: int = 0

    # ---- who looks ------------------------------------------------------------------------------------------------

    def viewer(self, email: str = ANNA) -> Viewer:
        with self.database.reading(Viewer.operator(self.team_id)) as session:
            return Viewer.of(session.get_one(User, self.users[email]))

    def machine(self, email: str = ANNA) -> Viewer:
        with self.database.reading(Viewer.operator(self.team_id)) as session:
            mailbox = session.get_one(Mailbox, self.mailboxes[email])
            return Viewer.machine(mailbox, session.get_one(User, mailbox.owner_id))

    @contextmanager
    def acting(self, email: str = ANNA) -> Iterator[Session]:
        with self.database.writing(self.viewer(email)) as session:
            yield session

    @contextmanager
    def looking(self, email: str = ANNA) -> Iterator[Session]:
        with self.database.reading(self.viewer(email)) as session:
            yield session

    # ---- what there is --------------------------------------------------------------------------------------------

    def deal(self, title: str = "Ramp for Acme", *, person: str = JANE, at: datetime = MONDAY) -> int:
        with self.acting() as session:
            contact = contacts.create(session, person, at=at)
            draft = DealDraft(title=title, owner_id=self.users[ANNA], contact_id=contact.id)
            return ladder.open_deal(session, draft, at=at, pipeline_id=self.pipeline_id).id

    def sent(
        self, person: str = JANE, *, thread: str = "t1", gmail_id: str = "5e17", deal_id: int | None = None
    ) -> Outgoing:
        """A mail of a campaign that went to this person; answers belong to the deal, where one is named."""
        with self.acting() as session:
            address = contacts.ensure_address(session, person, at=MONDAY)
            run = outgoing.begin_run(session, RunKind.CAMPAIGN, at=MONDAY)
            due = outgoing.Due(
                address_id=address.id, address_key=address.key, mailbox_id=self.mailboxes[ANNA], due_at=MONDAY
            )
            outgoing.put_due(session, run, [due])
            row = session.scalars(select(Outgoing).where(Outgoing.run_id == run.id)).one()
            row.state, row.attempt, row.sent_at = OutgoingState.SENT, 1, MONDAY
            row.gmail_message_id, row.gmail_thread_id = gmail_id, thread
            if deal_id is not None:
                row.recipient_id = self._recipient(session, row, deal_id)
        return row

    def _recipient(self, session: Session, row: Outgoing, deal_id: int) -> int:
        campaign = Campaign(
            name="Spring",
            mailbox_id=row.mailbox_id,
            owner_id=self.users[ANNA],
            run_id=row.run_id,
            subject="Ramp planner",
            body="Shall we?",
            created_at=MONDAY,
        )
        session.add(campaign)
        session.flush()
        recipient = Recipient(campaign_id=campaign.id, row=1, address_key=row.address_key, deal_id=deal_id)
        session.add(recipient)
        session.flush()
        return recipient.id

    def standard_rule(self) -> int:
        with self.acting() as session:
            rule = rules.create_standard_rule(session, self.pipeline_id, "A person answered", at=MONDAY)
            assert rule is not None
            return rule.id

    # ---- what happens ---------------------------------------------------------------------------------------------

    def receive(
        self,
        raw: bytes,
        *,
        mailbox: str = ANNA,
        thread: str = "t1",
        gmail_id: str = "",
        labels: tuple[str, ...] = ("INBOX",),
        at: datetime = MONDAY + timedelta(hours=1),
    ) -> Received:
        self.arrived += 1
        with self.looking() as session:
            own = inbox_queries.own_addresses(session)
        whole = RawMail(gmail_id or f"{self.arrived:x}", thread, frozenset(labels), raw, int(at.timestamp() * 1000))
        judged = arrived(whole, own=own)
        with self.database.writing(self.machine(mailbox)) as session:
            return inbox.receive(session, session.get_one(Mailbox, self.mailboxes[mailbox]), judged, at=at)

    def move(self, deal_id: int, stage: str, *, by: str = ANNA, at: datetime = MONDAY) -> int:
        """The number of the diary's entry."""
        with self.acting(by) as session:
            entry = ladder.move(session, deal_id, self.stages[stage], seen=None, at=at)
            assert entry is not None
            return entry.id

    # ---- how it stands --------------------------------------------------------------------------------------------

    def stage(self, deal_id: int) -> str:
        with self.looking() as session:
            stage_id = session.get_one(Deal, deal_id).stage_id
        return next(name for name, number in self.stages.items() if number == stage_id)

    def diary(self, deal_id: int) -> list[Activity]:
        with self.looking() as session:
            return list(
                session.scalars(
                    select(Activity)
                    .where(Activity.subject_kind == "deal", Activity.subject_id == deal_id)
                    .order_by(Activity.number)
                )
            )

    def kinds(self, deal_id: int) -> list[str]:
        return [entry.kind for entry in self.diary(deal_id)]


def team_at_work(database: Database) -> TeamAtWork:
    """Anna and Ben, each with a mailbox; a pipeline New, Talking, Offer, Won, Lost."""
    made = TeamAtWork(database)
    with database.writing(Viewer.operator(0)) as session:
        made.team_id = teams.create_team(session, "Halyard", at=MONDAY).id
    with database.writing(Viewer.operator(made.team_id)) as session:
        for email in (ANNA, BEN):
            user = teams.add_user(session, email, role=Role.REP, at=MONDAY, name=email.split("@")[0].title())
            mailbox = mailboxes.connect(session, owner_id=user.id, email=email, refresh_token="r", at=MONDAY)
            made.users[email], made.mailboxes[email] = user.id, mailbox.id
        stages = [
            StageDraft("New", 10),
            StageDraft("Talking", 40),
            StageDraft("Offer", 70),
            StageDraft("Won", 100, kind=StageKind.WON),
            StageDraft("Lost", 0, kind=StageKind.LOST),
        ]
        made.pipeline_id = pipelines.create(session, "Sales", stages, at=MONDAY).id
        for stage in session.scalars(select(Stage).where(Stage.pipeline_id == made.pipeline_id)):
            made.stages[stage.name] = stage.id
    return made
