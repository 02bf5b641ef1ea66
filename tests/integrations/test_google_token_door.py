"""What is made of a token door that answers with nonsense, or refuses for reasons that are not the person's."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

import pytest

from addon.domain.ports.mailbox import AnswerLost, GrantLost, RefusedForGood, RefusedForNow
from addon.integrations.google.certificates import Certificates
from addon.integrations.google.consent import Consent
from addon.integrations.google.endpoints import Endpoints
from addon.integrations.google.identity import GoogleIdentity
from addon.integrations.google.oauth import GoogleAccounts
from tests.integrations.raw_server import RawServer


@pytest.fixture
def door(raw_server: Callable[..., RawServer]) -> Iterator[Callable[..., GoogleAccounts]]:
    opened: list[GoogleAccounts] = []

    def answering(body: object, status: str = "200 OK") -> GoogleAccounts:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        server = raw_server(lambda exchange: exchange.answer(content, status=status))
        accounts = GoogleAccounts(Endpoints.at(server.url), client_id="c", client_secret="s", call_seconds=5)
        opened.append(accounts)
        return accounts

    yield answering
    for accounts in opened:
        accounts.close()


@pytest.mark.parametrize(
    "body",
    [
        b"<html>",
        [],
        {},
        {"access_token": "t"},
        {"access_token": "t", "expires_in": "soon"},
        {"access_token": "t", "expires_in": True},
        {"access_token": "", "expires_in": 3600},
        {"access_token": 7, "expires_in": 3600},
    ],
    ids=str,
)
def test_success_without_a_usable_token_is_a_lost_answer(door, body):
    with pytest.raises(AnswerLost):
        door(body).refresh("1//refresh")


@pytest.mark.parametrize("error", ["invalid_grant", "unauthorized_client", "admin_policy_enforced"])
def test_a_lost_grant_is_called_by_googles_word(door, error):
    with pytest.raises(GrantLost) as lost:
        door({"error": error, "error_description": "of jane@acme.test"}, "400 Bad Request").refresh("1//refresh")

    assert lost.value.code == error


@pytest.mark.parametrize("body", [b"<html>", {"error": {"message": "x"}}, {"error": "a sentence of jane@acme.test"}])
def test_a_refusal_without_a_word_keeps_the_grant(door, body):
    with pytest.raises(RefusedForNow) as refused:
        door(body, "400 Bad Request").refresh("1//refresh")

    assert (refused.value.code, refused.value.wait) == ("refused", 300)


def test_giving_a_grant_back_may_fail_too(door):
    with pytest.raises(RefusedForNow):
        door({"error": "access_denied"}, "403 Forbidden").revoke("1//refresh")
    with pytest.raises(AnswerLost):
        door({}, "500 Oops").revoke("1//refresh")


def test_a_grant_without_lasting_access_is_of_no_use(door):
    accounts = door({"access_token": "t", "expires_in": 3600, "scope": "openid"})
    identity = GoogleIdentity(Certificates("http://localhost:1/", timeout=1), client_id="c")
    endpoints = Endpoints.at(accounts._endpoints.gmail)
    consent = Consent(endpoints, accounts.connections, identity, client_id="c", client_secret="s")

    with pytest.raises(RefusedForGood) as refused:
        consent.exchange("code", verifier="v", redirect_uri="http://localhost/connected")

    assert refused.value.code == "no_refresh_token"
