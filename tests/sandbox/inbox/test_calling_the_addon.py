"""Google's part of a call: the tokens, the event, and what happens when the add-on does not answer as it must."""

from __future__ import annotations

import json
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from google.oauth2 import id_token

from addon.sandbox.gmail import Gmail
from addon.sandbox.inbox.caller import ADDON_SCOPES, Caller, Deployment
from addon.sandbox.inbox.events import OpenMail, Reader
from addon.sandbox.inbox.panel import Asked
from addon.sandbox.inbox.shelf import Shelf
from addon.sandbox.inbox.troubles import NoAnswer

READER = Reader("anna@halyard.example", "en", ZoneInfo("Asia/Jakarta"))
MAIL = OpenMail("18c2f0d4f53e0af3", "18c2f0d4f53e0af1")


class Certificates:
    """google-auth's transport, answering with the simulator's certificates."""

    def __init__(self, gmail: Gmail) -> None:
        self.status, self.data = 200, json.dumps(gmail.keys.certificates()).encode()

    def __call__(self, *_: Any, **__: Any) -> Certificates:
        return self


@pytest.fixture
def event(caller: Caller, addon: Any) -> dict[str, Any]:
    caller.call(READER, MAIL, Asked(f"{addon.url}/addon/message"))
    return dict(addon.calls[0].event)


def test_the_call_is_signed_for_exactly_this_address(gmail: Gmail, addon: Any, event: dict[str, Any]) -> None:
    bearer = addon.calls[0].bearer
    claims = id_token.verify_oauth2_token(bearer, Certificates(gmail), f"{addon.url}/addon/message")

    assert claims["email"] == "addon@sandbox.iam.gserviceaccount.com"
    assert claims["email_verified"] is True
    assert event["authorizationEventObject"]["systemIdToken"] == bearer


def test_the_person_is_known_by_an_id_token_for_the_client(gmail: Gmail, event: dict[str, Any]) -> None:
    token = event["authorizationEventObject"]["userIdToken"]
    claims = id_token.verify_oauth2_token(token, Certificates(gmail), "client-1")

    assert (claims["email"], claims["sub"]) == (READER.email, gmail.accounts.get(READER.email).sub)


def test_a_messages_event_carries_its_ids_in_gmails_other_form(gmail: Gmail, event: dict[str, Any]) -> None:
    assert event["gmail"]["messageId"] == f"msg-f:{int(MAIL.message_id, 16)}"
    assert event["gmail"]["threadId"] == f"thread-f:{int(MAIL.thread_id, 16)}"
    scoped = gmail.grants.access(event["gmail"]["accessToken"])
    assert scoped is not None
    assert scoped.message == int(MAIL.message_id, 16)


def test_a_triggers_event_says_where_and_whose_clock_but_no_form(event: dict[str, Any]) -> None:
    common = event["commonEventObject"]

    assert common == {
        "userLocale": "en",
        "hostApp": "GMAIL",
        "platform": "WEB",
        "timeZone": {"id": "Asia/Jakarta", "offset": 7 * 3600 * 1000},
    }
    assert event["authorizationEventObject"]["authorizedScopes"] == list(ADDON_SCOPES)


def test_an_actions_event_carries_form_and_parameters_even_when_empty(caller: Caller, addon: Any) -> None:
    addon.put("/addon/actions/move", {"renderActions": {"action": {}}})

    caller.call(READER, None, Asked(f"{addon.url}/addon/actions/move", {}, {}))

    event = addon.calls[0].event
    assert (event["commonEventObject"]["formInputs"], event["commonEventObject"]["parameters"]) == ({}, {})
    assert "gmail" not in event


def test_without_the_address_scope_there_is_no_user_id_token(caller: Caller, addon: Any) -> None:
    caller.withdraw(READER.email, ["https://www.googleapis.com/auth/userinfo.email"])

    caller.call(READER, None, Asked(f"{addon.url}/addon/home"))

    assert "userIdToken" not in addon.calls[0].event["authorizationEventObject"]


@pytest.mark.parametrize(
    ("answer", "code"), [(500, "status"), (403, "status"), (302, "status"), (b"<html>", "no_json")]
)
def test_anything_but_2xx_and_json_is_no_answer(caller: Caller, addon: Any, answer: Any, code: str) -> None:
    addon.put("/addon/home", answer)

    with pytest.raises(NoAnswer) as trouble:
        caller.call(READER, None, Asked(f"{addon.url}/addon/home"))

    assert trouble.value.code == code


@pytest.mark.parametrize("url", ["https://elsewhere.example/addon/home", "file:///etc/passwd", ""])
def test_only_the_addons_own_addresses_are_called(caller: Caller, addon: Any, url: str) -> None:
    with pytest.raises(NoAnswer) as trouble:
        caller.call(READER, None, Asked(url))

    assert (trouble.value.code, addon.calls) == ("elsewhere", [])


def test_an_address_that_only_begins_like_ours_is_not_called(gmail: Gmail, addon: Any) -> None:
    caller = Caller(Shelf(gmail), Deployment("http://127.0.0.1", "a@b.example", "client-1"))

    with pytest.raises(NoAnswer) as trouble:
        caller.call(READER, None, Asked(addon.url))

    assert trouble.value.code == "elsewhere"


def test_nobody_there_is_said_in_words(gmail: Gmail) -> None:
    caller = Caller(Shelf(gmail), Deployment("http://127.0.0.1:1", "a@b.example", "client-1"))

    with pytest.raises(NoAnswer) as trouble:
        caller.call(READER, None, Asked("http://127.0.0.1:1/addon/home"))

    assert trouble.value.code == "unreachable"


def test_a_revoked_token_is_made_anew(gmail: Gmail) -> None:
    shelf = Shelf(gmail)
    first = shelf.access_token(READER.email, ["a"])
    assert shelf.access_token(READER.email, ["a"]) == first

    gmail.grants.revoke(READER.email)

    assert shelf.access_token(READER.email, ["a"]) != first
