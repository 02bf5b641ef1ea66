"""Every refusal of Gmail in the port's words: whose trouble it is and what is known about the effect."""

from __future__ import annotations

import json
import ssl
from datetime import timedelta
from email.utils import format_datetime
from http.client import IncompleteRead, RemoteDisconnected

import pytest

from addon import clock
from addon.domain.ports.mailbox import (
    AnswerLost,
    GrantLost,
    Missing,
    RefusedForGood,
    RefusedForNow,
    TokenRefused,
)
from addon.integrations.gmail import errors


def body(reason: str = "", message: str = "", **more: object) -> bytes:
    listed = [{"domain": "global", "reason": reason, "message": message}] if reason else []
    return json.dumps({"error": {"code": 0, "message": message, "errors": listed, **more}}).encode()


@pytest.mark.parametrize(
    ("status", "content", "kind", "code"),
    [
        (401, body("authError"), TokenRefused, "token_refused"),
        (403, body("insufficientPermissions"), GrantLost, "insufficient_permissions"),
        (403, body("domainPolicy"), GrantLost, "domain_policy"),
        (403, body("rateLimitExceeded"), RefusedForNow, "rate_limit"),
        (403, body("userRateLimitExceeded"), RefusedForNow, "rate_limit"),
        (403, body("dailyLimitExceeded"), RefusedForNow, "daily_limit"),
        (403, body("quotaExceeded"), RefusedForNow, "daily_limit"),
        (403, body("accessNotConfigured"), RefusedForNow, "accessNotConfigured"),
        (403, b"<html>Forbidden</html>", RefusedForNow, "forbidden"),
        (429, body("rateLimitExceeded"), RefusedForNow, "rate_limit"),
        (429, b"", RefusedForNow, "rate_limit"),
        (409, body("aborted"), RefusedForNow, "conflict"),
        (400, body("invalidArgument"), RefusedForGood, "invalidArgument"),
        (400, body("failedPrecondition"), RefusedForGood, "failedPrecondition"),
        (413, b"too large", RefusedForGood, "http_413"),
        (404, body("notFound"), Missing, "missing"),
        (500, body("backendError"), AnswerLost, "http_500"),
        (502, b"<html>", AnswerLost, "http_502"),
        (503, b"", AnswerLost, "http_503"),
        (504, b"", AnswerLost, "http_504"),
        (408, b"", AnswerLost, "http_408"),
        (302, b"", AnswerLost, "http_302"),
    ],
)
def test_each_refusal_says_whose_trouble_it_is(status, content, kind, code):
    trouble = errors.refusal(status, {}, content)

    assert (type(trouble), trouble.code) == (kind, code)


def test_a_missing_scope_is_recognised_in_googles_newer_form():
    content = body(status="PERMISSION_DENIED", details=[{"reason": "ACCESS_TOKEN_SCOPE_INSUFFICIENT"}])

    assert isinstance(errors.refusal(403, {}, content), GrantLost)


def test_an_error_wrapped_in_a_list_is_read():
    assert isinstance(errors.refusal(403, {}, b"[" + body("domainPolicy") + b"]"), GrantLost)


@pytest.mark.parametrize(
    "content", [b"[]", b"7", b"null", b'{"error": "x"}', b'{"error": {"errors": 5}}', b"\xff\xfe\xfa"]
)
def test_an_error_without_sense_is_read_by_its_status(content):
    assert isinstance(errors.refusal(429, {}, content), RefusedForNow)
    assert isinstance(errors.refusal(500, {}, content), AnswerLost)


def test_only_the_limit_of_the_day_is_called_daily():
    assert errors.refusal(403, {}, body("dailyLimitExceeded")).daily
    assert not errors.refusal(403, {}, body("rateLimitExceeded")).daily
    assert errors.refusal(429, {}, body("rateLimitExceeded", "User-rate limit exceeded. (Mail sending)")).daily


def test_the_wait_is_googles_where_it_says_one():
    soon = clock.real_now() + timedelta(seconds=90)
    text = f"User-rate limit exceeded.  Retry after {soon:%Y-%m-%dT%H:%M:%S}.000Z"

    assert errors.refusal(429, {"retry-after": "17"}, body("rateLimitExceeded", text)).wait == 17
    assert errors.refusal(429, {"retry-after": format_datetime(soon, usegmt=True)}, b"").wait == pytest.approx(
        90, abs=3
    )
    assert errors.refusal(429, {}, body("rateLimitExceeded", text)).wait == pytest.approx(90, abs=3)


@pytest.mark.parametrize("header", ["", "soon", "-5", "Mon, 99 Nov 2026", "١٢"])
def test_a_wait_that_makes_no_sense_is_replaced_by_a_growing_one(header):
    waits = [errors.refusal(429, {"retry-after": header}, b"", refusals=n).wait for n in (1, 3, 50)]

    assert 2 <= waits[0] < 3
    assert 8 <= waits[1] < 9
    assert waits[2] == 64


def test_a_moment_that_is_none_is_not_waited_for():
    text = "Retry after 2026-99-99T00:00:00Z"

    assert 2 <= errors.refusal(429, {}, body("rateLimitExceeded", text)).wait < 3


def test_a_wait_is_between_a_second_and_a_day():
    assert errors.refusal(429, {"retry-after": "0"}, b"").wait == 1
    assert errors.refusal(429, {"retry-after": "9999999"}, b"").wait == 86400


@pytest.mark.parametrize(
    ("broken", "code"),
    [
        (TimeoutError(), "timeout"),
        (RemoteDisconnected("x"), "connection_lost"),
        (ConnectionResetError(), "connection_lost"),
        (BrokenPipeError(), "connection_lost"),
        (ConnectionRefusedError(), "unreachable"),
        (ssl.SSLError(), "tls"),
        (IncompleteRead(b""), "garbled_answer"),
    ],
)
def test_a_broken_connection_leaves_the_effect_open(broken, code):
    assert errors.lost(broken).code == code


def test_googles_own_sentence_goes_no_further():
    trouble = errors.refusal(400, {}, body("no word, but a sentence of jane@acme.test", "jane@acme.test"))

    assert "jane" not in repr(trouble) + trouble.code
