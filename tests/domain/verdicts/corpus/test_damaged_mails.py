"""Real mails, damaged in every way that relays, disks and hostile people damage mails, are still judged, soon."""

from __future__ import annotations

import json
import time
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from addon.domain.verdicts import Kind, from_json, judge, telling_sentence, to_json
from bench import scoring

CHARSETS = [
    b"utf-8",
    b"utf-16",
    b"utf-7",
    b"iso-2022-jp",
    b"big5",
    b"cp037",
    b"koi8-r",
    b"hz",
    b"x-unknown",
    b"idna",
    b"zip",
]
CODINGS = [b"base64", b"quoted-printable", b"8bit", b"x-uuencode", b"", b"BASE64 "]


@cache
def mails():
    return [path.read_bytes() for path in sorted(scoring.folder().rglob("*.eml"))]


def flip(raw, at, size, other):
    return raw[:at] + bytes(byte ^ 0x55 for byte in raw[at : at + size]) + raw[at + size :]


def cut_off(raw, at, size, other):
    return raw[:at]


def cut_out(raw, at, size, other):
    return raw[:at] + raw[at + size * 20 :]


def splice(raw, at, size, other):
    return raw[:at] + other[at % (len(other) + 1) :]


def insert_nul(raw, at, size, other):
    return raw[:at] + b"\0\x80\xff\xed\xa0\x80\r"[: size + 1] + raw[at:]


def double_a_header(raw, at, size, other):
    head = raw.partition(b"\n\n")[0].splitlines(keepends=True) or [b""]
    return head[at % len(head)] * (size % 5 + 1) + raw


def take_a_header_of_another(raw, at, size, other):
    head = other.partition(b"\n\n")[0].splitlines(keepends=True) or [b""]
    return head[at % len(head)] + raw


def lose_a_boundary(raw, at, size, other):
    place = raw.find(b"\n--", at)
    return raw if place < 0 else raw[: place + 1] + raw[place + 1 + size :]


def repeat_a_part(raw, at, size, other):
    place = raw.find(b"\n--", at)
    behind = raw.find(b"\n--", place + 3)
    return raw if min(place, behind) < 0 else raw[:behind] + raw[place:behind] * (size % 6) + raw[behind:]


def lie_about_the_charset(raw, at, size, other):
    return _replaced(raw, b"charset=", CHARSETS[size % len(CHARSETS)] + b"; x=", at)


def lie_about_the_coding(raw, at, size, other):
    return _replaced(raw, b"ransfer-Encoding: ", CODINGS[size % len(CODINGS)] + b"\r\nX-Was: ", at)


def put_into_itself(raw, at, size, other):
    return b"Content-Type: message/rfc822\r\n\r\n" * (size % 4) + raw


def mix_line_ends(raw, at, size, other):
    return raw[:at] + raw[at:].replace(b"\n", (b"\r", b"\r\r\n", b"\n\n", b" \n")[size % 4])


def _replaced(raw, behind, words, at):
    place = raw.find(behind, at)
    place = place if place >= 0 else raw.find(behind)
    return raw if place < 0 else raw[: place + len(behind)] + words + raw[place + len(behind) :]


DAMAGES = [
    *(flip, cut_off, cut_out, splice, insert_nul, double_a_header, take_a_header_of_another, lose_a_boundary),
    *(repeat_a_part, lie_about_the_charset, lie_about_the_coding, put_into_itself, mix_line_ends),
]
DAMAGED = st.tuples(
    st.integers(0, 10_000),
    st.integers(0, 10_000),
    st.lists(st.tuples(st.sampled_from(DAMAGES), st.floats(0, 1), st.integers(0, 60)), min_size=1, max_size=5),
)


def check(damaged):
    number, another, damages = damaged
    raw, other = mails()[number % len(mails())], mails()[another % len(mails())]
    for damage, where, size in damages:
        raw = damage(raw, int(where * len(raw)), size, other)
    begun = time.process_time()

    judged = judge(raw[:2_000_000])

    assert time.process_time() - begun < 2
    assert isinstance(judged.facts.kind, Kind)
    stored = json.dumps(to_json(judged.facts), ensure_ascii=False)
    assert from_json(json.loads(stored)) == judged.facts
    told = judged.envelope
    names = (told.subject, told.from_name, told.from_address, told.message_id, told.ref)
    shown = "".join([stored, judged.reply_text, *names, *told.to, *told.cc, *told.references])
    assert "\0" not in shown
    assert "\\u0000" not in stored
    shown.encode()  # as no database could, where surrogates are left
    assert len(telling_sentence(judged)[0]) <= 300


@given(DAMAGED)
@settings(max_examples=250, derandomize=True, deadline=None, database=None)
def test_damaged_mails_are_judged(damaged):
    check(damaged)


@pytest.mark.long
@given(DAMAGED)
@settings(max_examples=10_000, derandomize=True, deadline=None, database=None)
def test_ten_thousand_damaged_mails_are_judged(damaged):
    check(damaged)
