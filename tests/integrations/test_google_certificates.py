"""Google's certificates are fetched once, kept as long as Google says, and their absence is no verdict."""

from __future__ import annotations

import threading

import pytest

from addon.domain.ports.identity import KeysUnavailable, NotVerified
from addon.integrations.google.certificates import Certificates
from addon.integrations.google.identity import GoogleIdentity
from tests.integrations.id_tokens import Signer, published
from tests.integrations.publisher import CLIENT, URL, call_token, user_token


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
