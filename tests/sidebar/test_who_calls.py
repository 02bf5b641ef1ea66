"""Only Google may call, at the exact address, for a person that it vouches for; everybody else learns nothing."""

from __future__ import annotations

import base64
import json
import logging
import time
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest

from addon.domain.access import Database, Viewer
from addon.domain.ports.identity import KeysUnavailable
from addon.models import User
from addon.sandbox.gmail import Gmail, Server
from addon.sidebar.auth import LARGEST
from addon.sidebar.services import SidebarServices
from tests.domain.team_at_work import ANNA, BEN
from tests.sidebar.beside_gmail import ACCOUNT, CLIENT, PUBLIC_URL, BesideGmail, beside_gmail

HOME, MESSAGE, MOVE = "/addon/home", "/addon/message", "/addon/actions/move"


@pytest.fixture
def desk(sqlite: Database, google: tuple[Gmail, Server], clock: ModuleType) -> Iterator[BesideGmail]:
    """On SQLite alone: who calls is known before a database is asked."""
    with beside_gmail(sqlite, *google, clock) as made:
        yield made


def forged(token: str) -> str:
    """The same claims for somebody else, under the old signature."""
    head, payload, signature = token.split(".")
    claims = json.loads(base64.urlsafe_b64decode(payload + "=="))
    changed = base64.urlsafe_b64encode(json.dumps({**claims, "sub": "2"}).encode()).decode().rstrip("=")
    return f"{head}.{changed}.{signature}"


WRONG_BEARERS = {
    "expired": {"exp": int(time.time()) - 3600, "iat": int(time.time()) - 7200},
    "from the future": {"iat": int(time.time()) + 3600, "exp": int(time.time()) + 7200},
    "for another endpoint": {"aud": PUBLIC_URL + MOVE},
    "for another host": {"aud": "https://elsewhere.example/addon/home"},
    "with a query": {"aud": f"{PUBLIC_URL}{HOME}?trigger=home"},
    "of another account": {"email": "evil@project.iam.gserviceaccount.com"},
    "of an unverified account": {"email_verified": False},
    "of another issuer": {"iss": "https://evil.example"},
}


@pytest.mark.parametrize("claims", WRONG_BEARERS.values(), ids=WRONG_BEARERS.keys())
def test_a_token_that_is_not_right_in_everything_is_refused(desk: BesideGmail, claims: dict[str, Any]):
    made = desk.event(HOME)
    bearer = desk.bearer(HOME, **claims)
    made["authorizationEventObject"]["systemIdToken"] = bearer

    answer = desk.post(HOME, made, bearer=bearer)

    assert (answer.status, answer.json) == (401, {})


@pytest.mark.parametrize("bearer", ["", "x", "a.b.c", "Bearer", "é", "x" * 20_000])
def test_without_a_token_nobody_gets_in(desk: BesideGmail, bearer: str):
    made = desk.event(HOME)

    assert desk.post(HOME, made, bearer=bearer.encode("ascii", "ignore").decode()).status == 401


def test_a_forged_token_is_refused(desk: BesideGmail):
    made = desk.event(HOME)
    token = forged(desk.bearer(HOME))
    made["authorizationEventObject"]["systemIdToken"] = token

    assert desk.post(HOME, made, bearer=token).status == 401


def test_the_host_header_is_not_believed(desk: BesideGmail):
    bearer = desk.bearer("", aud="https://evil.example/addon/home")

    answer = desk.client.post(
        HOME, json=desk.event(HOME), headers={"Authorization": f"Bearer {bearer}", "Host": "evil.example"}
    )

    assert answer.status_code == 401


def test_header_and_body_must_agree(desk: BesideGmail):
    made = desk.event(HOME)

    assert desk.post(HOME, made, bearer=desk.bearer(HOME, jti="another")).status == 401
    del made["authorizationEventObject"]["systemIdToken"]
    assert desk.post(HOME, made, bearer=desk.bearer(HOME)).status == 200


def test_the_body_is_not_read_before_the_caller_is_known(desk: BesideGmail):
    answer = desk.client.post(HOME, data=b"not json", headers={"Authorization": "Bearer nobody"})

    assert answer.status_code == 401


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"not json", 400),
        (b"[1]", 400),
        (b"\xff\xfe", 400),
        (b"[" * 200_000, 400),
        (b'{"a": "' + b"x" * LARGEST + b'"}', 413),
    ],
    ids=["empty", "no json", "no object", "no text", "deep", "large"],
)
def test_a_body_that_is_no_event_is_refused(desk: BesideGmail, body: bytes, status: int):
    headers = {"Authorization": f"Bearer {desk.bearer(HOME)}"}

    assert desk.client.post(HOME, data=body, headers=headers).status_code == status


@pytest.mark.parametrize("path", [HOME, MESSAGE, MOVE])
def test_only_posts_are_answered(desk: BesideGmail, path: str):
    assert desk.client.get(path).status_code == 405


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "another-client"},
        {"exp": int(time.time()) - 3600, "iat": int(time.time()) - 7200},
        {"email_verified": False},
        {"iss": "https://evil.example"},
    ],
)
def test_a_person_google_does_not_vouch_for_is_refused(desk: BesideGmail, claims: dict[str, Any]):
    made = desk.event(HOME)
    made["authorizationEventObject"]["userIdToken"] = desk.gmail.id_token(ANNA, CLIENT, **claims)

    assert desk.post(HOME, made).status == 401


def test_the_addons_own_token_is_no_person(desk: BesideGmail):
    made = desk.event(HOME)
    made["authorizationEventObject"]["userIdToken"] = desk.gmail.sign_id_token(
        {"aud": PUBLIC_URL + HOME, "email": ACCOUNT}
    )

    assert desk.post(HOME, made).status == 401


def test_an_unknown_person_is_told_what_to_do(desk: BesideGmail):
    cara = desk.gmail.accounts.get("cara@halyard.example").email

    opened, pressed = desk.home(by=cara), desk.post(MOVE, desk.event(MOVE, by=cara, parameters={}))

    assert "cara@halyard.example isn’t in Dealthread yet." in opened.words
    assert "Ask the person who looks after Dealthread" in opened.words
    assert "isn’t in Dealthread yet" in pressed.notice


def test_a_person_who_left_gets_no_card_of_ours(desk: BesideGmail):
    deal_id = desk.team.deal()
    with desk.database.writing(Viewer.operator(desk.team.team_id)) as session:
        session.get_one(User, desk.team.users[BEN]).active = False

    card = desk.home(by=BEN)

    assert "may not use Dealthread any more" in card.words
    assert deal_id


def test_an_unknown_person_costs_gmail_nothing(desk: BesideGmail):
    delivered = desk.deliver(box="cara@halyard.example")
    before = desk.gmail.calls["messages.get"]

    desk.open(delivered, by="cara@halyard.example")

    assert desk.gmail.calls["messages.get"] == before


def test_without_googles_certificates_the_answer_is_come_back_later(desk: BesideGmail, monkeypatch: pytest.MonkeyPatch):
    def unavailable(*_: object, **__: object) -> None:
        raise KeysUnavailable

    made = desk.event(HOME)
    monkeypatch.setattr(desk.identity, "addon_call", unavailable)

    assert desk.post(HOME, made).status == 503


def test_a_fault_of_ours_is_a_calm_card_with_a_number_and_no_data_in_the_log(
    desk: BesideGmail, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("Jane wrote: secret words")

    delivered = desk.deliver()
    monkeypatch.setattr(SidebarServices, "google", property(broken), raising=False)

    with caplog.at_level(logging.DEBUG):
        card = desk.open(delivered)

    assert card.status == 200
    assert "it is our fault" in card.words
    [line] = [record.getMessage() for record in caplog.records if record.name.startswith("addon.sidebar")]
    number = line.partition("number ")[2].partition(":")[0]
    assert number in card.words
    assert "RuntimeError" in line
    assert "secret" not in caplog.text


def test_tokens_and_mail_never_reach_the_log(desk: BesideGmail, caplog: pytest.LogCaptureFixture):
    made = desk.event(MESSAGE, desk.deliver("Sentinel <sentinel@x.test>", subject="Sentinel"))
    tokens = made["authorizationEventObject"]

    with caplog.at_level(logging.DEBUG, logger="addon"):
        desk.post(MESSAGE, made), desk.post(MESSAGE, made, bearer="wrong")

    told = "\n".join(record.getMessage() for record in caplog.records if record.name.startswith("addon"))
    assert "entinel" not in told
    for name in ("userOAuthToken", "userIdToken", "systemIdToken"):
        assert tokens[name] not in told


def test_the_logo_is_there_for_the_marketplace(desk: BesideGmail):
    with desk.client.get("/addon/logo.png") as answer:
        assert answer.status_code == 200
        assert answer.mimetype == "image/png"
        assert answer.data.startswith(b"\x89PNG")
