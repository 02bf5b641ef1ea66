"""Who may call: only what Google signed, for us, now, with a verified address."""

from __future__ import annotations

import base64
import json
import time
from typing import Any

import pytest

from addon.domain.ports.identity import Identity, NotVerified
from addon.integrations.google.identity import GoogleIdentity
from tests.integrations.id_tokens import Signer
from tests.integrations.publisher import ADDON, CLIENT, PUBSUB, URL, call_token, user_token


@pytest.fixture(scope="module")
def stranger() -> Signer:
    return Signer("key-1")  # claims Google's key id, holds another key


def test_a_call_of_googles_is_let_in(publisher, google):
    publisher.check.addon_call(call_token(google), url=URL)
    publisher.check.addon_call(call_token(google, iss="accounts.google.com"), url=URL)
    publisher.check.push(call_token(google, email=PUBSUB), url=URL)


def test_the_person_is_known_by_subject_and_verified_address(publisher, google):
    assert publisher.check.addon_user(user_token(google)) == Identity("42", "ana@acme.test", "Ana")
    assert publisher.check.addon_user(user_token(google, name=None)).name == ""


REFUSED: dict[str, dict[str, Any]] = {
    "expired": {"iat": time.time() - 7200, "exp": time.time() - 60},
    "issued in the future": {"iat": time.time() + 3600, "exp": time.time() + 7200},
    "without an end": {"exp": None},
    "without a beginning": {"iat": None},
    "with an end that is no number": {"exp": "tomorrow"},
    "for somebody else": {"aud": "https://elsewhere.test/addon/message"},
    "for this address with a slash": {"aud": URL + "/"},
    "for several": {"aud": [URL, CLIENT]},
    "for nobody": {"aud": None},
    "of another issuer": {"iss": "https://accounts.google.com.evil.test"},
    "of no issuer": {"iss": None},
    "of an unverified address": {"email_verified": False},
    "of an address called verified in text": {"email_verified": "true"},
    "of an address nobody verified": {"email_verified": None},
    "without an address": {"email": None},
}


@pytest.mark.parametrize("claims", REFUSED.values(), ids=REFUSED.keys())
def test_a_token_is_refused_when_it_is(publisher, google, claims):
    for_user = {name: CLIENT if value == URL else value for name, value in claims.items()}

    with pytest.raises(NotVerified):
        publisher.check.addon_call(call_token(google, **claims), url=URL)
    with pytest.raises(NotVerified):
        publisher.check.push(call_token(google, **{"email": PUBSUB, **claims}), url=URL)
    with pytest.raises(NotVerified):
        publisher.check.addon_user(user_token(google, **for_user))


def test_another_service_account_is_refused(publisher, google):
    for check, email in [(publisher.check.addon_call, PUBSUB), (publisher.check.push, ADDON)]:
        with pytest.raises(NotVerified):
            check(call_token(google, email=email), url=URL)


def test_a_person_is_not_the_add_on_and_the_add_on_is_no_person(publisher, google):
    with pytest.raises(NotVerified):
        publisher.check.addon_call(user_token(google), url=URL)
    with pytest.raises(NotVerified):
        publisher.check.addon_user(call_token(google))


def test_a_person_without_a_subject_is_refused(publisher, google):
    with pytest.raises(NotVerified):
        publisher.check.addon_user(user_token(google, sub=None))


def test_a_forged_signature_is_refused(publisher, google, stranger):
    whole = call_token(google)
    head, payload, signature = whole.split(".")
    claims = json.loads(base64.urlsafe_b64decode(payload + "=="))
    changed = base64.urlsafe_b64encode(json.dumps({**claims, "sub": "2"}).encode()).rstrip(b"=").decode()

    for forged in (call_token(stranger), f"{head}.{changed}.{signature}", whole[:-8] + "AAAAAAAA"):
        with pytest.raises(NotVerified):
            publisher.check.addon_call(forged, url=URL)


def test_a_token_that_names_another_way_of_signing_is_refused(publisher, google):
    head, payload, _ = call_token(google).split(".")
    for algorithm in ("none", "HS256", "ES256", ["RS256"], None):
        odd = base64.urlsafe_b64encode(json.dumps({"alg": algorithm, "kid": "key-1"}).encode()).rstrip(b"=").decode()
        for signature in ("", "AAAA"):
            with pytest.raises(NotVerified):
                publisher.check.addon_call(f"{odd}.{payload}.{signature}", url=URL)
    assert head


@pytest.mark.parametrize(
    "token", ["", "x", "a.b", "a.b.c", "....", "ä.ö.ü", "\ud800", "Bearer x", "e30.e30.e30", "W10.W10.W10", "x" * 9000]
)
def test_what_is_no_token_is_refused_without_asking_google(publisher, token):
    with pytest.raises(NotVerified):
        publisher.check.addon_call(token, url=URL)

    assert publisher.fetches == 0


def test_a_moment_of_difference_between_the_clocks_is_forgiven(publisher, google):
    now = time.time()

    publisher.check.addon_call(call_token(google, iat=now + 20, exp=now + 3600), url=URL)
    publisher.check.addon_call(call_token(google, iat=now - 3600, exp=now - 20), url=URL)


def test_what_is_not_configured_lets_nobody_in(publisher, google):
    check = GoogleIdentity(publisher.certificates, client_id="")

    for claims in ({"email": ""}, {"email": None}, {}):
        with pytest.raises(NotVerified):
            check.addon_call(call_token(google, **claims), url=URL)
        with pytest.raises(NotVerified):
            check.push(call_token(google, **claims), url=URL)
    for audience in ("", None, CLIENT):
        with pytest.raises(NotVerified):
            check.addon_user(user_token(google, aud=audience))
