"""A push wakes the mailbox that it names, and nothing else; whoever is not Pub/Sub is turned away unread."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from addon import intake
from addon.domain.access import Viewer
from addon.domain.ports.identity import KeysUnavailable
from addon.models import Mailbox, MailboxLease, User
from tests.domain.team_at_work import ANNA, TeamAtWork
from tests.worker.covered import Covered, covered

PUBSUB = "pusher@project.iam.gserviceaccount.example"
URL = "https://crm.halyard.example/google/push"


@pytest.fixture
def inbox(tmp_path: Path, sqlite: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Covered]:
    told = {"public_url": "https://crm.halyard.example", "pubsub_service_account": PUBSUB}
    with covered(tmp_path, sqlite, monkeypatch, **told) as made:
        with made.team.acting() as session:
            session.execute(update(MailboxLease).values(wanted=False))
            session.execute(update(Mailbox).values(cursor=100))
        yield made


@pytest.fixture
def woken() -> list[bool]:
    return []


@pytest.fixture
def client(inbox: Covered, woken: list[bool]) -> FlaskClient:
    return client_of(inbox, inbox.google.identity, woken)


def client_of(inbox: Covered, identity: Any, woken: list[bool]) -> FlaskClient:
    app = Flask("addon")
    services = intake.IntakeServices(
        settings=inbox.settings, database=inbox.team.database, identity=identity, wake=lambda: woken.append(True)
    )
    intake.register(app, services)
    return app.test_client()


def token(inbox: Covered, **claims: Any) -> dict[str, str]:
    signed = inbox.gmail.sign_id_token({"aud": URL, "email": PUBSUB, "email_verified": True, "sub": "1", **claims})
    return {"Authorization": f"Bearer {signed}"}


def body(email: str = ANNA, history_id: Any = 150, *, encode: Any = base64.b64encode) -> dict[str, Any]:
    data = encode(json.dumps({"emailAddress": email, "historyId": history_id}).encode()).decode()
    return {"message": {"data": data, "messageId": "1"}, "subscription": "projects/p/subscriptions/s"}


def wanted(team: TeamAtWork) -> list[tuple[str, int | None]]:
    """Mailboxes that are to be attended, and the history id that a push named."""
    with team.looking() as session:
        rows = session.execute(
            select(Mailbox.email, Mailbox.pushed_to)
            .join(MailboxLease, MailboxLease.mailbox_id == Mailbox.id)
            .where(MailboxLease.wanted)
        )
        return [(email, pushed_to) for email, pushed_to in rows]


@pytest.mark.parametrize(
    "push",
    [
        body(),
        body(history_id="150"),
        body("Anna@Halyard.example"),
        body(encode=base64.urlsafe_b64encode),
        body(encode=lambda data: base64.b64encode(data).rstrip(b"=")),
        {"message": {**body()["message"], "message_id": "1", "publish_time": "2026-01-01T00:00:00Z"}},
    ],
)
def test_a_push_wakes_the_mailbox_that_it_names(
    inbox: Covered, client: FlaskClient, woken: list[bool], push: dict[str, Any]
) -> None:
    answer = client.post("/google/push", json=push, headers=token(inbox))

    assert (answer.status_code, answer.data) == (204, b"")
    assert wanted(inbox.team) == [(ANNA, 150)]
    assert woken == [True]


def test_doubled_late_and_unordered_pushes_change_nothing_more(inbox: Covered, client: FlaskClient) -> None:
    for history_id in (150, 150, 120, 99):
        assert client.post("/google/push", json=body(history_id=history_id), headers=token(inbox)).status_code == 204

    assert wanted(inbox.team) == [(ANNA, 150)]


def test_a_push_about_what_is_covered_wakes_nobody(inbox: Covered, client: FlaskClient) -> None:
    client.post("/google/push", json=body(history_id=100), headers=token(inbox))

    assert wanted(inbox.team) == []


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "https://crm.halyard.example/addon/home"},
        {"email": "somebody@project.iam.gserviceaccount.example"},
        {"email_verified": False},
        {"iss": "https://evil.example"},
        {"iat": int(time.time()) - 7200, "exp": int(time.time()) - 3600},
    ],
)
def test_a_token_that_is_not_pubsubs_is_refused(inbox: Covered, client: FlaskClient, claims: dict[str, Any]) -> None:
    answer = client.post("/google/push", json=body(), headers=token(inbox, **claims))

    assert answer.status_code == 401
    assert wanted(inbox.team) == []


@pytest.mark.parametrize(
    "headers", [{}, {"Authorization": "Bearer"}, {"Authorization": "Bearer x.y.z"}, {"Authorization": "Basic eDp5"}]
)
def test_without_a_token_the_body_is_not_even_read(client: FlaskClient, headers: dict[str, str]) -> None:
    answer = client.post("/google/push", data=b"\xff" * 1000, headers=headers)

    assert answer.status_code == 401


def test_where_googles_keys_cannot_be_had_the_push_is_asked_for_again(inbox: Covered, woken: list[bool]) -> None:
    class NoKeys:
        def push(self, token: str, *, url: str) -> None:
            raise KeysUnavailable

    answer = client_of(inbox, NoKeys(), woken).post("/google/push", json=body(), headers=token(inbox))

    assert answer.status_code == 503
    assert wanted(inbox.team) == []


@pytest.mark.parametrize(
    "push",
    [
        b"",
        b"not json",
        b"[]",
        b"{}",
        b'{"message": null}',
        b'{"message": {"data": 7}}',
        b'{"message": {"data": "%%%"}}',
        b'{"message": {"data": "e30="}}',
        b"[" * 100_000,
        json.dumps(body(history_id="many")).encode(),
        json.dumps(body(history_id=-1)).encode(),
        json.dumps(body(history_id=10**30)).encode(),
        json.dumps(body(history_id=None)).encode(),
        json.dumps(body("nobody")).encode(),
        json.dumps(body("stranger@elsewhere.example")).encode(),
        json.dumps({**body(), "filler": "x" * 100_000}).encode(),
    ],
    ids=range(16),
)
def test_what_a_retry_cannot_better_is_acknowledged_and_wakes_nobody(
    inbox: Covered, client: FlaskClient, woken: list[bool], push: bytes
) -> None:
    answer = client.post("/google/push", data=push, headers=token(inbox), content_type="application/json")

    assert answer.status_code == 204
    assert (wanted(inbox.team), woken) == ([], [])


def test_a_mailbox_whose_owner_may_not_act_is_acknowledged(inbox: Covered, client: FlaskClient) -> None:
    with inbox.team.database.writing(Viewer.operator(inbox.team.team_id)) as session:
        session.get_one(User, inbox.team.users[ANNA]).active = False

    answer = client.post("/google/push", json=body(), headers=token(inbox))

    assert answer.status_code == 204


def test_a_get_is_not_a_push(client: FlaskClient) -> None:
    assert client.get("/google/push").status_code == 405
