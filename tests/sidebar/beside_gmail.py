"""The sidebar beside a simulated Gmail: mails arrive, people open them, read the card and press what is on it."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from types import ModuleType
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from addon import settings, sidebar
from addon.domain import tables
from addon.domain.access import Database, Viewer
from addon.domain.campaigns import importing
from addon.domain.contacts import operations as contacts
from addon.domain.deals import operations as deals
from addon.domain.teams import operations as teams
from addon.integrations.google.identity import GoogleIdentity
from addon.integrations.google.parts import Google
from addon.models import Role
from addon.sandbox.gmail import Delivered, Gmail, Server, serve
from addon.sandbox.inbox.events import Compose, OpenMail, Reader, Tokens, event
from addon.settings import Settings
from tests.domain.team_at_work import ANNA, BEN, JANE, MONDAY, TeamAtWork, mail, team_at_work

CARA = "cara@halyard.example"
PUBLIC_URL = "https://sales.example.com"
ACCOUNT = "addon@project.iam.gserviceaccount.com"
CLIENT = "client-1.apps.googleusercontent.com"
NOON = MONDAY + timedelta(hours=3)

EXECUTE = "https://www.googleapis.com/auth/gmail.addons.execute"
HEADERS = "https://www.googleapis.com/auth/gmail.addons.current.message.metadata"
EMAIL = "https://www.googleapis.com/auth/userinfo.email"
DRAFTS = "https://www.googleapis.com/auth/gmail.addons.current.action.compose"
GRANTED = (EXECUTE, HEADERS, DRAFTS, EMAIL)

Json = dict[str, Any]


def walked(value: Any) -> Iterator[Json]:
    """Every object in a piece of JSON, itself first."""
    if isinstance(value, dict):
        yield value
        for part in value.values():
            yield from walked(part)
    elif isinstance(value, list):
        for part in value:
            yield from walked(part)


class Answer:
    """What an endpoint answered."""

    def __init__(self, response: TestResponse) -> None:
        self.status = response.status_code
        self.json: Json = response.get_json() if response.is_json else {}

    @property
    def card(self) -> Json:
        """The card on top afterwards."""
        action = self.json.get("action") or self.json["renderActions"]["action"]
        [step] = action["navigations"]
        [(_, card)] = step.items()
        return dict(card)

    @property
    def has_card(self) -> bool:
        """Whether a card is drawn, and not only something said or written into a draft."""
        return "sections" in json.dumps(self.json)

    @property
    def notice(self) -> str:
        return str(self.json["renderActions"]["action"].get("notification", {}).get("text", ""))

    @property
    def draft_update(self) -> Json:
        """What becomes of the mail being written; empty where it stays as it is."""
        return dict(
            self.json["renderActions"]
            .get("hostAppAction", {})
            .get("gmailAction", {})
            .get("updateDraftActionMarkup", {})
        )

    @property
    def asked_scopes(self) -> list[str]:
        return list(self.json.get("requesting_google_scopes", {}).get("scopes", []))

    @property
    def words(self) -> str:
        """All that a person can read on the card, a line each."""
        keys = ("header", "topLabel", "text", "bottomLabel", "title", "actionLabel", "label", "value")
        found = [str(each[k]) for each in walked(self.card) for k in keys if isinstance(each.get(k), str)]
        return "\n".join(found)

    @property
    def buttons(self) -> list[Json]:
        named = [each for each in walked(self.card) if "onClick" in each and ("text" in each or "actionLabel" in each)]
        return [each for each in named if "wrapText" not in each]

    @property
    def primary(self) -> list[str]:
        return [each["text"] for each in self.buttons if "color" in each]

    def press(self, text: str) -> Json:
        """What a press on this button asks for."""
        for each in self.buttons:
            if text in (each.get("text"), each.get("actionLabel")):
                return dict(each["onClick"])
        raise AssertionError(
            f"no button {text!r} among {[b.get('text') or b.get('actionLabel') for b in self.buttons]}"
        )

    def input(self, prefix: str) -> Json:
        """The input whose name begins so."""
        return next(each for each in walked(self.card) if str(each.get("name", "")).startswith(prefix))


@dataclass
class BesideGmail:
    database: Database
    gmail: Gmail
    settings: Settings
    team: TeamAtWork
    app: Flask
    identity: GoogleIdentity
    granted: tuple[str, ...] | None = GRANTED
    message_ids: list[str] = field(default_factory=list)
    called: list[str] = field(default_factory=list)
    """Paths, in order."""
    draft: Compose | None = None
    """The mail being written."""

    @property
    def client(self) -> FlaskClient:
        return self.app.test_client()

    # ---- mails ----------------------------------------------------------------------------------------------------

    def deliver(
        self,
        sender: str = f"Jane Doe <{JANE}>",
        *,
        to: str = ANNA,
        subject: str = "Re: Ramp planner",
        more: str = "",
        box: str = ANNA,
    ) -> Delivered:
        """A mail arrives in a mailbox; `sender` and `to` are headers, written as they are."""
        self.message_ids.append(f"<{uuid.uuid4()}@mail.test>")
        head = f"From: {sender}\r\nTo: {to}\r\nSubject: {subject}\r\nMessage-ID: {self.message_ids[-1]}\r\n{more}"
        [delivered] = self.gmail.deliver(f"{head}\r\nYes, please send us the offer.\r\n".encode(), [box], at=NOON)
        return delivered

    def receive(self, delivered: Delivered, text: str = "Yes, please send us the offer.", **headers: str) -> None:
        """Sync that mail: it is read, judged, linked, and may move its deal."""
        self.team.receive(
            mail(text, **{"message_id": f"<{delivered.message_id}@acme.example>", **headers}),
            thread=delivered.thread_id,
            gmail_id=delivered.message_id,
            at=NOON - timedelta(minutes=4),
        )

    def hire_cara(self) -> str:
        """A third rep, whose mailbox is not connected. Returns her address."""
        with self.database.writing(Viewer.operator(self.team.team_id)) as session:
            self.team.users[CARA] = teams.add_user(session, CARA, role=Role.REP, at=NOON, name="Cara").id
        return CARA

    # ---- people ---------------------------------------------------------------------------------------------------

    def event(
        self,
        path: str,
        delivered: Delivered | None = None,
        *,
        by: str = ANNA,
        inputs: Json | None = None,
        parameters: dict[str, str] | None = None,
        compose: Compose | None = None,
    ) -> Json:
        open_mail = OpenMail(delivered.message_id, delivered.thread_id) if delivered else None
        scopes = list(self.granted or ())
        tokens = Tokens(
            user_access=self.gmail.access_token(by, scopes),
            user_id=self.gmail.id_token(by, CLIENT) if self.granted is None or EMAIL in self.granted else "",
            system_id=self.bearer(path),
            message_access=self.gmail.access_token(by, scopes, message_id=delivered.message_id) if delivered else "",
        )
        reader = Reader(by, "en-GB", ZoneInfo("Europe/Warsaw"))
        made = event(
            reader, tokens, scopes, mail=open_mail, compose=compose, at=NOON, inputs=inputs, parameters=parameters
        )
        if self.granted is None:
            del made["authorizationEventObject"]["authorizedScopes"]
        return made

    def bearer(self, path: str, **claims: Any) -> str:
        return self.gmail.sign_id_token({"aud": PUBLIC_URL + path, "email": ACCOUNT, "sub": "1", **claims})

    def post(self, path: str, made: Json, *, bearer: str | None = None) -> Answer:
        self.called.append(path)
        token = made.get("authorizationEventObject", {}).get("systemIdToken", "") if bearer is None else bearer
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        with self.app.test_client() as client:
            return Answer(client.post(path, data=json.dumps(made), headers=headers, content_type="application/json"))

    def open(self, delivered: Delivered, *, by: str = ANNA) -> Answer:
        return self.post("/addon/message", self.event("/addon/message", delivered, by=by))

    def home(self, *, by: str = ANNA) -> Answer:
        return self.post("/addon/home", self.event("/addon/home", by=by))

    def write(self, *to: str, cc: tuple[str, ...] = (), by: str = ANNA) -> Answer:
        """The add-on's button in the compose window."""
        self.draft = Compose(to, cc)
        return self.post("/addon/compose", self.event("/addon/compose", by=by, compose=self.draft))

    def press(
        self, before: Answer, text: str, delivered: Delivered | None = None, *, by: str = ANNA, **typed: Any
    ) -> Answer:
        """Press a button of the card; `typed` are inputs by name. The recipients of a mail being written go along."""
        action = before.press(text)["action"]
        path = action["function"].removeprefix(PUBLIC_URL)
        parameters = {each["key"]: each["value"] for each in action.get("parameters", [])}
        inputs = {name: value if isinstance(value, dict) else said(value) for name, value in typed.items()}
        return self.post(
            path, self.event(path, delivered, by=by, inputs=inputs, parameters=parameters, compose=self.draft)
        )


def said(*values: Any) -> Json:
    """A text input, or a choice, as the event carries it."""
    return {"stringInputs": {"value": [str(value) for value in values]}}


def copied_deal(desk: BesideGmail, title: str = "Ramp for Acme") -> int:
    """A deal of Jane's with Marek and Lea on it, too."""
    deal_id = desk.team.deal(title)
    with desk.team.acting() as session:
        for name in ("Marek Zając", "Lea Lind"):
            person = contacts.create(session, f"{name.split()[0].lower()}@acme.example", name=name, at=NOON)
            deals.add_person(session, deal_id, person, at=NOON)
    return deal_id


def campaign(
    desk: BesideGmail, name: str, body: str = "Dear {{ first_name }}", *, subject: str = "Hi", by: str = ANNA
) -> int:
    """A campaign that is being made, with one person on its list."""
    table = tables.read(b"email,first_name,company,city,City of office\nlea@x.example,Lea,Lind,Turin,Turin\n")
    draft = importing.Draft(mailbox_id=desk.team.mailboxes[by], name=name, subject=subject, body=body, table=table)
    return importing.create_campaign(lambda: desk.team.acting(by), draft, at=NOON)


@contextmanager
def beside_gmail(database: Database, gmail: Gmail, server: Server, clock: ModuleType) -> Iterator[BesideGmail]:
    """Anna and Ben at work; it is Monday noon."""
    clock.set_world(NOON)
    made = settings.load(
        public_url=PUBLIC_URL,
        google_url=server.url,
        google_client_id=CLIENT,
        addon_service_account=ACCOUNT,
    )
    google = Google.of(made)
    app = Flask("sidebar under test", static_folder=None)
    services = sidebar.SidebarServices(
        settings=made, database=database, identity=google.identity, google=google.accounts
    )
    sidebar.register(app, services)
    try:
        yield BesideGmail(database, gmail, made, team_at_work(database), app, google.identity)
    finally:
        google.close()


@contextmanager
def simulated_gmail() -> Iterator[tuple[Gmail, Server]]:
    gmail = Gmail()
    gmail.accounts.add(ANNA, name="Anna Kowalczyk")
    gmail.accounts.add(BEN, name="Ben Okafor")
    gmail.accounts.add(CARA, name="Cara Lind")
    try:
        with serve(gmail) as server:
            yield gmail, server
    finally:
        gmail.close()


def unfolded(card: Json) -> int:
    """Widgets that are seen without unfolding anything."""
    return sum(
        int(section.get("uncollapsibleWidgetsCount", 0)) if section.get("collapsible") else len(section["widgets"])
        for section in card["sections"]
    )
