"""Every endpoint of the add-on, as every role and as a stranger: no card says a word of what is kept from somebody."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask

from addon import clock as clocks
from addon import sidebar
from addon.domain.ports.identity import Identity
from addon.domain.ports.mailbox import MailHead
from addon.models import Role, Sight
from tests.databases import on_sqlite
from tests.domain.team_at_work import ANNA
from tests.laws.kept_office import ADA, EVE, LATER, MIA, KeptOffice, kept_office
from tests.laws.sight_world import KeptThings, kept_things, mine_alone

SIGHTS = [
    *((ANNA, Role.REP, sight) for sight in Sight),
    *((MIA, Role.MANAGER, sight) for sight in Sight),
    (ADA, Role.ADMIN, Sight.OWN),
    (EVE, Role.REP, Sight.ALL),
]


class Vouched:
    """Whoever a token names is who they are: how Google vouches is held by other tests."""

    def addon_call(self, token: str, *, url: str) -> None: ...

    def push(self, token: str, *, url: str) -> None: ...

    def addon_user(self, token: str) -> Identity:
        return Identity(sub=token, email=token)


@dataclass
class Opened:
    """The mail that is open beside the sidebar."""

    sender: str = ""

    def mailbox(self, token: str, *, message_token: str = "") -> Opened:
        return self

    def head(self, message_id: str) -> MailHead:
        return MailHead(message_id, "f1", frozenset(), headers={"from": (self.sender,)})

    def close(self) -> None: ...


@dataclass
class Desk:
    office: KeptOffice
    kept: KeptThings
    app: Flask
    opened: Opened

    def post(self, path: str, email: str, parameters: Mapping[str, str], inputs: Mapping[str, str]) -> str:
        """Everything that is answered, in lower case."""
        to = [parameters["email"]]
        body = {
            "commonEventObject": {
                "parameters": dict(parameters),
                "formInputs": {name: {"stringInputs": {"value": [value]}} for name, value in inputs.items()},
            },
            "authorizationEventObject": {"userOAuthToken": "t", "userIdToken": email, "systemIdToken": "s"},
            "gmail": {
                "messageId": "1",
                "accessToken": "t",
                "toRecipients": to,
                "ccRecipients": [],
                "bccRecipients": [],
            },
        }
        self.opened.sender = parameters["email"]
        with self.app.test_client() as client:
            found = client.post(path, json=body, headers={"Authorization": "Bearer s"})
        assert found.status_code == 200, path
        said = json.dumps(found.get_json(), ensure_ascii=False).lower()
        assert "something went wrong" not in said, path
        return said.replace(parameters["email"].lower(), "")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    clocks.set_world(LATER)
    with on_sqlite(tmp_path_factory.mktemp("beside")) as database, kept_office(database) as office:
        mine_alone(office)
        app, opened = Flask("sidebar under test", static_folder=None), Opened()
        services: Any = sidebar.SidebarServices(
            settings=office.settings,
            database=database,
            identity=Vouched(),
            google=opened,  # type: ignore[arg-type]
        )
        sidebar.register(app, services)
        yield Desk(office, kept_things(office), app, opened)
    clocks.follow(None)


@pytest.mark.parametrize(("email", "role", "sight"), SIGHTS, ids=lambda each: str(each).partition("@")[0])
def test_no_card_says_a_word_of_what_is_kept(desk: Desk, email: str, role: Role, sight: Sight) -> None:
    clocks.set_world(LATER)
    desk.office.allow(email, role, sight)
    wrong, mine = [], desk.office.mine[email]
    for there in desk.kept.bags(email, sight):
        parameters = {
            "deal": there["deal_id"], "stage": there["stage_id"], "activity": there["activity_id"], "seen": 0,
            "question": 1, "contact": there["contact_id"], "campaign": mine["campaign_id"],
            "thread": there["gmail_thread_id"], "email": there["email"], "name": "", "subject": "",
        }  # fmt: skip
        inputs = {
            "deal": there["deal_id"],
            "pipeline": there["pipeline_id"],
            "stage_0": there["stage_id"],
            "title": "x",
        }
        for endpoint in sidebar.ENDPOINTS:
            said = desk.post(
                endpoint.path, email, *({k: str(v) for k, v in each.items()} for each in (parameters, inputs))
            )
            wrong += [f"{endpoint.path} says {word}" for word in desk.kept.from_(email, sight) if word in said]
    assert wrong == []
