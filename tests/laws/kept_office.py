"""An office in which things are kept from people: whose they are, what they are called, and by which ids they go.

Everything that is kept carries a word that stands nowhere else, so that whatever leaks can be told by it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from flask.testing import FlaskClient
from pydantic import SecretStr
from sqlalchemy import select
from sqlalchemy.orm import Session

from addon.app import House, create_app
from addon.domain import tables
from addon.domain.access import Database, Viewer
from addon.domain.activity import queries as diary
from addon.domain.campaigns import importing as campaigns
from addon.domain.contacts import companies
from addon.domain.contacts import operations as contacts
from addon.domain.deals import operations as deals
from addon.domain.deals.draft import DealDraft
from addon.domain.fields import operations as fields
from addon.domain.imports import mapping
from addon.domain.imports import operations as imports
from addon.domain.imports import running as importing
from addon.domain.ladder import operations as ladder
from addon.domain.mailboxes import operations as mailboxes
from addon.domain.money import Money
from addon.domain.pipelines import members
from addon.domain.pipelines import operations as pipelines
from addon.domain.pipelines.operations import StageDraft
from addon.domain.tasks import operations as tasks
from addon.domain.teams import operations as teams
from addon.domain.threads import operations as threads
from addon.domain.views import asking
from addon.domain.views import operations as views
from addon.integrations.google.parts import Google
from addon.models import (
    FieldKind,
    FieldOption,
    LinkedHow,
    Message,
    Outgoing,
    Role,
    Shape,
    Sharing,
    Sight,
    Sighting,
    Stage,
    StageKind,
    Subject,
    Thread,
    User,
)
from addon.settings import Settings
from addon.web.seat import SIGNED_IN
from tests.databases import KEY
from tests.domain.team_at_work import ANNA, BEN, MONDAY, TeamAtWork, team_at_work

MIA, ADA, EVE = "mia@halyard.example", "ada@halyard.example", "eve@sextant.example"
LATER = MONDAY + timedelta(days=1)
Ids = dict[str, int | str]
"""By the names of an address's parts."""


@dataclass(frozen=True)
class Words:
    """What stands in one set of kept things, and nowhere else."""

    deals: str
    people: str
    file: str
    view: str
    pipeline: str
    amount: int

    def __iter__(self) -> Iterator[str]:
        return iter((self.deals, self.people, self.file, self.view, self.pipeline, str(self.amount)))


QUOKKA = Words("Quokka", "Kodkod", "Dingo", "Potoroo", "Wyvern", 73_912_845)
NUMBAT = Words("Numbat", "Bilby", "Bettong", "Bandicoot", "Echidna", 61_537_924)
WOMBAT = Words("Wombat", "Possum", "Koel", "Galah", "Kestrel", 58_246_139)


@dataclass
class KeptOffice:
    database: Database
    app: Flask
    settings: Settings
    team: TeamAtWork
    teams: dict[str, int] = field(default_factory=dict)
    """Of each person."""
    users: dict[str, int] = field(default_factory=dict)
    mine: dict[str, Ids] = field(default_factory=dict)
    """What each may see, one of everything."""

    def viewer(self, email: str) -> Viewer:
        with self.database.reading(Viewer.operator(self.teams[email])) as session:
            return Viewer.of(session.get_one(User, self.users[email]))

    @contextmanager
    def acting(self, email: str) -> Iterator[Session]:
        with self.database.writing(self.viewer(email)) as session:
            yield session

    @contextmanager
    def shaping(self, email: str) -> Iterator[Session]:
        """As whoever may do anything in this person's team."""
        with self.database.writing(Viewer.operator(self.teams[email])) as session:
            yield session

    def allow(self, email: str, role: Role, sight: Sight) -> None:
        with self.shaping(email) as session:
            teams.set_sight(session, role, sight, at=MONDAY)

    def signed_in(self, email: str) -> FlaskClient:
        client = self.app.test_client()
        serializer = SecureCookieSessionInterface().get_signing_serializer(self.app)
        assert serializer is not None
        client.set_cookie(self.app.config["SESSION_COOKIE_NAME"], serializer.dumps({SIGNED_IN: email}))
        return client

    def campaign(self, email: str, word: str) -> Ids:
        """One that is on its way, to one person."""
        table = tables.read(f"email\n{word.lower()}@letters.example\n".encode())
        box = self.team.mailboxes[email]
        draft = campaigns.Draft(mailbox_id=box, name=f"{word} letter", subject=f"{word}!", body=word, table=table)
        made = campaigns.create_campaign(lambda: self.acting(email), draft, at=MONDAY)
        campaigns.launch_campaign(lambda: self.acting(email), made, at=MONDAY)
        with self.acting(email) as session:
            return {"campaign_id": made, "outgoing_id": session.scalars(select(Outgoing.id)).first() or 0}

    # ---- things ---------------------------------------------------------------------------------------------------

    def line(self, email: str, word: str, *, closed: bool = False) -> Ids:
        """A pipeline with a field of its own."""
        with self.shaping(email) as session:
            stages = [
                StageDraft(f"{word} in", 20),
                StageDraft(f"{word} on", 50),
                StageDraft("Won", kind=StageKind.WON),
                StageDraft("Lost", kind=StageKind.LOST),
            ]
            made = pipelines.create(session, f"{word} line", stages, at=MONDAY)
            own = fields.create(
                session, Subject.DEAL, FieldKind.SELECT, f"{word} plan", at=MONDAY, pipeline_id=made.id,
                options=[f"{word} basic", f"{word} plus"],
            )  # fmt: skip
            if closed:
                members.add(session, made.id, self.users[email], at=MONDAY)
                members.close_to_members(session, made.id, at=MONDAY)
            found = select(Stage.id).where(Stage.pipeline_id == made.id).order_by(Stage.position)
            option = session.scalars(select(FieldOption.id).where(FieldOption.field_id == own.id)).first()
            assert option is not None
            ids = {"pipeline_id": made.id, "stage_id": session.scalars(found).first() or 0}
            return {**ids, "field_id": own.id, "option_id": option, "key": f"f{own.id}"}

    def belongings(self, email: str, words: Words, line: Ids, *, box: int | None = None) -> Ids:
        """One of everything that a person may own, with these words in it."""
        user, pipeline_id = self.users[email], int(line["pipeline_id"])
        with self.shaping(email) as session:
            firm = companies.create(session, f"{words.people} GmbH", at=MONDAY)
            firm.owner_id = user
            who = contacts.create(
                session, f"{words.people.lower()}@acme.example", at=MONDAY, name=f"{words.people} Lind", company=firm,
                owner_id=user,
            )  # fmt: skip
            draft = DealDraft(
                title=f"{words.deals} rollout",
                owner_id=user,
                contact_id=who.id,
                company_id=firm.id,
                value=Money(Decimal(words.amount), "EUR"),
                next_step=f"{words.deals} call",
                next_step_on=MONDAY.date(),
                product=f"{words.deals} seats",
                channel=f"{words.deals} fair",
            )
            deal = ladder.open_deal(session, draft, at=MONDAY, pipeline_id=pipeline_id)
            beside = contacts.create(session, f"x.{words.people.lower()}@acme.example", at=MONDAY, owner_id=user)
            deals.add_person(session, deal.id, beside, role=f"{words.deals} buyer", at=MONDAY)
            values = {str(line["key"]): line["option_id"], "lost_reason": f"{words.deals} price"}
            deals.edit(session, deal.id, values, at=MONDAY)
            task = tasks.create(
                session, f"{words.deals} task", at=MONDAY, assignee_id=user, deal_id=deal.id, due_on=MONDAY.date()
            )
            entry = diary.of_subject(session, "deal", deal.id)[-1]
            ids: Ids = {
                **line, "deal_id": deal.id, "card": deal.id, "contact_id": who.id, "company_id": firm.id,
                "task_id": task.id, "activity_id": entry.id, "address_id": who.addresses[0].id, "user_id": user,
            }  # fmt: skip
            if box is not None:
                thread = threads.ensure_thread(session, box, f"7{deal.id:x}", at=MONDAY)
                threads.link(session, thread, deal.id, how=LinkedHow.EXPLICIT, at=MONDAY, sharing=Sharing.ALL)
                ids |= {"mailbox_id": box, "thread_id": thread.id}
                ids["message_id"] = _mail(session, thread, words.people)
        ids["import_id"], ids["ref"] = self._import(email, words.file), self._view(email, words.view, pipeline_id)
        return ids

    def _import(self, email: str, word: str) -> int:
        """One that ran, with a row that could not be taken."""
        data = f"name,email\n{word} Person,{word.lower()}@\n".encode()
        with self.acting(email) as session:
            made = imports.start(session, Subject.CONTACT, f"{word} list.csv", data, at=MONDAY).id
            mapping.choose(session, made, mapping.suggest(session, made), at=MONDAY)
            imports.begin(session, made, at=MONDAY)
        with self.acting(email) as session:
            importing.run_slice(session, made, at=MONDAY)
        return made

    def _view(self, email: str, word: str, pipeline_id: int) -> str:
        with self.acting(email) as session:
            ask = asking.Ask(subject=Subject.DEAL, pipeline_id=pipeline_id, shape=Shape.TABLE)
            return views.save(session, f"{word} view", ask, at=MONDAY).ref


def _mail(session: Session, thread: Thread, word: str) -> int:
    """One that came in the thread, which colleagues who see the deal may read whole."""
    email, subject = f"{word.lower()}@acme.example", f"{word} asks"
    found = Message(identity=f"{thread.id:064d}", from_email=email, from_name=word, subject=subject, received_at=MONDAY)
    session.add(found)
    session.flush()
    place = {"mailbox_id": thread.mailbox_id, "thread_id": thread.id, "gmail_id": f"{thread.id:x}", "seen_at": MONDAY}
    session.add(Sighting(message_id=found.id, **place))
    return found.id


@contextmanager
def kept_office(database: Database, **more: str) -> Iterator[KeptOffice]:
    """Anna and Ben, who are reps, Mia, their manager, Ada, their admin; and Eve, a rep of another team.

    Nothing is kept from anybody yet.
    """
    _ = database.secret
    team = team_at_work(database)
    settings = Settings(
        secret_keys=SecretStr(KEY),
        google_client_id="client-1.apps.googleusercontent.com",
        google_client_secret=SecretStr("secret"),
        **{"google_url": "http://127.0.0.1:9", **more},  # type: ignore[arg-type]
    )
    google = Google.of(settings)
    try:
        made = KeptOffice(database, create_app(House(settings, database, google)), settings, team)
        _hire(made)
        yield made
    finally:
        google.close()


def _hire(made: KeptOffice) -> None:
    team = made.team
    made.teams = dict.fromkeys((ANNA, BEN, MIA, ADA), team.team_id)
    with made.database.writing(Viewer.operator(0)) as session:
        made.teams[EVE] = teams.create_team(session, "Sextant", at=MONDAY).id
    roles = {MIA: Role.MANAGER, ADA: Role.ADMIN, EVE: Role.REP}
    for email, role in roles.items():
        with made.shaping(email) as session:
            team.users[email] = teams.add_user(session, email, role=role, at=MONDAY, name=email[:3].title()).id
            if email == EVE:
                box = mailboxes.connect(session, owner_id=team.users[EVE], email=EVE, refresh_token="r", at=MONDAY)
                team.mailboxes[EVE] = box.id
    made.users = team.users
    open_line = made.line(ANNA, "Plain")
    for email in (ANNA, MIA, ADA):
        name = email[:3].title()
        words = Words(f"{name} deal", f"{name}mark", f"{name} file", f"{name} saved", "Plain", 12)
        made.mine[email] = made.belongings(email, words, open_line, box=team.mailboxes[ANNA])
    made.mine[EVE] = made.belongings(EVE, WOMBAT, made.line(EVE, WOMBAT.pipeline), box=team.mailboxes[EVE])
    letters = {ANNA: made.campaign(ANNA, "Plain"), EVE: made.campaign(EVE, WOMBAT.file)}
    for email, ids in made.mine.items():
        ids.update(letters.get(email, letters[ANNA]))
