"""Who may call: only what Google signed, for us, now, with a verified address. Certificates are fetched once."""

from __future__ import annotations

import base64
import json
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from addon.domain.ports.identity import Identity, KeysUnavailable, NotVerified
from addon.integrations.google.certificates import Certificates
from addon.integrations.google.identity import GoogleIdentity
from tests.integrations.id_tokens import Signer, published
from tests.integrations.raw_server import Exchange, RawServer

URL = "https://addon.acme.test/addon/message"
CLIENT = "123-abc.apps.googleusercontent.com"
ADDON = "gsuiteaddons@project.iam.gserviceaccount.com"
PUBSUB = "pushes@project.iam.gserviceaccount.com"


@pytest.fixture(scope="module")
def google() -> Signer:
    return Signer("key-1")


@pytest.fixture(scope="module")
def stranger() -> Signer:
    return Signer("key-1")  # claims Google's key id, holds another key


class Publisher:
    """Google's certificate page, the clock of our cache, and a check that asks both."""

    def __init__(self, start: Callable[..., RawServer], *signers: Signer) -> None:
        self.signers = list(signers)
        self.status, self.max_age, self.now = "200 OK", 1000, 5000.0
        self.server = start(self._publish)
        self.certificates = Certificates(self.server.url, timeout=2, monotonic=lambda: self.now)
        self.check = GoogleIdentity(
            self.certificates, client_id=CLIENT, addon_service_account=ADDON, pubsub_service_account=PUBSUB
        )

    @property
    def fetches(self) -> int:
        return len(self.server.asked)

    def _publish(self, exchange: Exchange) -> None:
        control = f"Cache-Control: public, max-age={self.max_age}, must-revalidate\r\n"
        exchange.answer(published(*self.signers), status=self.status, headers=control)


@pytest.fixture
def publisher(raw_server: Callable[..., RawServer], google: Signer) -> Iterator[Publisher]:
    return Publisher(raw_server, google)


def call_token(signer: Signer, **claims: Any) -> str:
    return signer.token(**{"aud": URL, "sub": "1", "email": ADDON, **claims})


def user_token(signer: Signer, **claims: Any) -> str:
    return signer.token(**{"aud": CLIENT, "sub": "42", "email": "Ana@Acme.test", "name": "Ana", **claims})


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


def test_certificates_are_fetched_once(publisher, google):
    for _ in range(5):
        publisher.check.addon_call(call_token(google), url=URL)
        publisher.check.addon_user(user_token(google))

    assert publisher.fetches == 1


def test_many_callers_at_once_cause_one_fetch(publisher, google):
    token = call_token(google)
    threads = [
        threading.Thread(target=publisher.check.addon_call, args=(token,), kwargs={"url": URL}) for _ in "12345678"
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(5)

    assert publisher.fetches == 1


def test_certificates_are_fetched_anew_before_they_end(publisher, google):
    publisher.check.addon_call(call_token(google), url=URL)
    publisher.now += 799
    publisher.check.addon_call(call_token(google), url=URL)
    assert publisher.fetches == 1

    publisher.now += 2
    publisher.check.addon_call(call_token(google), url=URL)
    assert publisher.fetches == 2


def test_a_new_key_of_googles_is_fetched_when_it_is_first_seen(publisher, google):
    publisher.check.addon_call(call_token(google), url=URL)
    new = Signer("key-2")
    publisher.signers.append(new)
    publisher.now += 31

    publisher.check.addon_call(call_token(new), url=URL)

    assert publisher.fetches == 2


def test_forged_keys_do_not_make_us_ask_google_each_time(publisher, google):
    publisher.check.addon_call(call_token(google), url=URL)
    unknown = call_token(Signer("key-9"))
    publisher.now += 31

    for _ in range(5):
        with pytest.raises(NotVerified):
            publisher.check.addon_call(unknown, url=URL)

    assert publisher.fetches == 2


def test_a_google_that_does_not_answer_is_no_verdict_about_the_token(publisher, google):
    publisher.status = "500 Oops"

    with pytest.raises(KeysUnavailable):
        publisher.check.addon_call(call_token(google), url=URL)

    publisher.status = "200 OK"
    publisher.now += 3
    publisher.check.addon_call(call_token(google), url=URL)


def test_while_google_does_not_answer_it_is_not_asked_again_at_once(publisher, google):
    publisher.status = "500 Oops"

    for _ in range(3):
        with pytest.raises(KeysUnavailable):
            publisher.check.addon_call(call_token(google), url=URL)

    assert publisher.fetches == 1


def test_certificates_at_hand_are_used_until_they_end_while_google_does_not_answer(publisher, google):
    publisher.check.addon_call(call_token(google), url=URL)
    publisher.status = "500 Oops"

    publisher.now += 990
    publisher.check.addon_call(call_token(google), url=URL)
    publisher.now += 20
    with pytest.raises(KeysUnavailable):
        publisher.check.addon_call(call_token(google), url=URL)


@pytest.mark.parametrize("garbage", [b"", b"[]", b"{}", b'{"keys": []}', b'{"key-1": "no certificate"}', b"<html>"])
def test_a_page_that_holds_no_certificates_is_no_verdict(raw_server, google, garbage):
    server = raw_server(lambda exchange: exchange.answer(garbage))
    check = GoogleIdentity(Certificates(server.url, timeout=2), client_id=CLIENT)

    with pytest.raises(KeysUnavailable):
        check.addon_user(user_token(google))


def test_a_certificate_page_that_hangs_is_left_at_its_deadline(raw_server, google):
    server = raw_server(lambda exchange: exchange.server.over.wait(5))
    check = GoogleIdentity(Certificates(server.url, timeout=0.2), client_id=CLIENT)

    with pytest.raises(KeysUnavailable):
        check.addon_user(user_token(google))


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ("Cache-Control: max-age=500\r\n", 500),
        ("Cache-Control: max-age=500\r\nAge: 100\r\n", 400),
        ("Cache-Control: no-store, s-maxage=5\r\n", 600),
        ("Cache-Control: max-age=1\r\n", 60),
        ("Cache-Control: max-age=99999999\r\n", 86400),
        ("", 600),
    ],
)
def test_certificates_live_as_long_as_google_says_within_reason(raw_server, google, headers, seconds):
    server = raw_server(lambda exchange: exchange.answer(published(google), headers=headers))
    now = [0.0]
    certificates = Certificates(server.url, timeout=2, monotonic=lambda: now[0])
    certificates.for_key("key-1")
    server.behave = lambda exchange: exchange.answer(status="500 Oops")

    now[0] = seconds - 1.0
    certificates.for_key("key-1")
    now[0] = seconds + 1.0
    with pytest.raises(KeysUnavailable):
        certificates.for_key("key-1")
