"""Whatever the bytes, there is a verdict, soon."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from addon.domain.verdicts import Kind, envelope, from_json, identity, judge, telling_sentence, to_json
from tests.domain.verdicts.mails import bounce, mail, multipart


def nested(depth):
    body = "Content-Type: text/plain\r\n\r\nhi\r\n"
    for level in range(depth):
        body = f"Content-Type: multipart/mixed; boundary=b{level}\r\n\r\n--b{level}\r\n{body}--b{level}--\r\n"
    return b"From: a@x.test\r\n" + body.encode()


SAMPLES = [
    mail("Yes, let's talk.\n\nOn Monday Bob wrote:\n> Shall we?\n"),
    mail("<p>Yes</p><blockquote>no</blockquote>", content_type="text/html; charset=latin-1"),
    multipart(
        ("text/plain; charset=utf-16", "x"), ("text/calendar; method=REPLY", "BEGIN:VEVENT\r\nUID:1\r\nEND:VEVENT")
    ),
    bounce(),
    nested(4),
]


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\n\n\n",
        b"\xff\xfe\x00\x00",
        b"no header at all",
        b": : :\n: :\n\n\n",
        mail("x", content_type="text/plain; charset=klingon"),
        mail("x", content_type="text/plain; charset=punycode"),
        mail("x", content_type="text/plain; charset=rot13"),
        mail("x", content_type="multipart/mixed"),
        mail("x", content_type='multipart/mixed; boundary=""'),
        mail("--B\r\n", content_type="multipart/mixed; boundary=B"),
        mail("x", content_type="text/plain; charset*0*=utf-8''%ff; charset*1=a"),
        mail("====", content_transfer_encoding="base64"),
        mail("=ZZ=", content_transfer_encoding="quoted-printable"),
        mail("x", **{"from": None, "to": None, "date": None, "message_id": None, "subject": None}),
        mail("x\0y"),
        mail("\u202eevil\u202c שלום"),
    ],
)
def test_broken_mail_is_judged(raw):
    judged = judge(raw)

    assert from_json(json.loads(json.dumps(to_json(judged.facts)))) == judged.facts


def test_a_mail_without_sender_is_not_taken_for_a_persons():
    assert judge(mail("Yes", **{"from": None})).facts.kind is Kind.BULK


@pytest.mark.parametrize(
    "raw",
    [
        nested(1_000),
        mail("--B\r\nContent-Type: text/plain\r\n\r\nhi\r\n" * 10_000, content_type="multipart/mixed; boundary=B"),
        mail("From: x\n" * 20_000),
        mail("<a " * 60_000, content_type="text/html"),
        mail("<!--" * 60_000, content_type="text/html"),
        mail("yes " * 2_000_000),
        mail("x", subject="(" * 100_000, to='"' * 50_000, headers=[("X-Long", "a" * 1_000_000)]),
        mail("delivery user could not mailbox " * 9_000, **{"from": "mailer-daemon@x.test"}),
    ],
    ids=["deep", "many parts", "fields", "tags", "comments", "long", "header", "daemon"],
)
def test_hostile_mail_is_judged_within_two_seconds(raw):
    begun = time.perf_counter()

    judge(raw)

    assert time.perf_counter() - begun < 2


def test_a_large_attachment_is_measured_and_not_read():
    raw = multipart(
        ("text/plain", "Yes, let's talk."),
        ("application/pdf; name=offer.pdf\r\nContent-Transfer-Encoding: base64", "QUJD" * 5_000_000),
    )
    judged = judge(raw)
    [attachment] = judged.facts.attachments

    assert judged.reply_text == "Yes, let's talk."
    assert attachment.filename == "offer.pdf"
    assert abs(attachment.size - 15_000_000) < 10


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_mutated_mail_never_raises(data):
    raw = bytearray(data.draw(st.sampled_from(SAMPLES)))
    for _ in range(data.draw(st.integers(1, 8))):
        place = data.draw(st.integers(0, len(raw)))
        raw[place : place + data.draw(st.integers(0, 30))] = data.draw(st.binary(max_size=12))

    judged = judge(bytes(raw))

    assert isinstance(judged.facts.kind, Kind)
    assert from_json(to_json(judged.facts)) == judged.facts
    assert len(telling_sentence(judged)[0]) <= 300
    assert identity(envelope(bytes(raw))) == identity(judged.envelope)
