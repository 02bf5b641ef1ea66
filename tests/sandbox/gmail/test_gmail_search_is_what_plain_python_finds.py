"""Whatever is asked, the indices find what reading every mail would, on pages that make up the whole."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from addon.sandbox.gmail import Gmail
from addon.sandbox.gmail.mailbox.listing import Wanted
from tests.sandbox.gmail.conftest import ANNA, BEN, mail

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
WORDS = ["ramp", "offer", "łódź", "価格", "friday", "zebra"]
SENDERS = ["ana@acme.test", "bob@acme.test", "zoe@globex.test"]
LABELS = ["INBOX", "UNREAD", "STARRED", "SENT", "TRASH", "SPAM", "Label_1"]
COUNTED = ("messagesTotal", "messagesUnread", "threadsTotal", "threadsUnread")


@pytest.fixture(scope="module")
def box():
    """Sixty mails in some twenty threads, many of the same millisecond, some removed again, among another's mails."""
    chance, gmail = random.Random(7), Gmail()
    anna = gmail.accounts.add(ANNA)
    gmail.accounts.add(BEN)
    gmail.labels.create(anna, {"name": "Deals"})
    mails = {}
    for number in range(70):
        words, sender = chance.sample(WORDS, 2), chance.choice(SENDERS)
        labels = {label for label in LABELS if chance.random() < (0.6 if label == "INBOX" else 0.2)}
        old, at = chance.choice([*mails.values(), None]) if mails else None, START + timedelta(days=chance.randrange(8))
        answered = {"References": f"<{old.rfc}@x>"} if old and chance.random() < 0.7 else {}
        subject = old.subject if answered else words[0]
        raw = mail(ANNA, subject, words[1] * chance.choice([1, 1, 400]), sender, Message_ID=f"<{number}@x>", **answered)
        into = gmail.insert(ANNA, raw.replace(words[1].encode() * 2, f"{words[1]} ".encode() * 2), labels, at=at)
        gmail.insert(BEN, raw, labels, at=at)
        mails[number] = SimpleNamespace(
            id=int(into.message_id, 16), thread=int(into.thread_id, 16), rfc=number, subject=subject, sender=sender,
            labels=labels, at=at, text={subject, words[1]}, size=0,
        )  # fmt: skip
        if number == 30:
            gmail.listing.messages(anna, Wanted(query="ramp"))  # half of them are indexed before the others come
    for number in (3, 20, 33, 44, 69):
        gmail.messages.delete(anna, [mails.pop(number).id])
    for number in (5, 25, 35, 60):
        gmail.messages.modify(anna, [mails[number].id], ["STARRED"], ["UNREAD", "INBOX"])
        mails[number].labels = (mails[number].labels | {"STARRED"}) - {"UNREAD", "INBOX"}
    with gmail.store.read() as db:
        kept = {number: (place, size) for number, place, size in db.execute("SELECT id, place, size FROM messages")}
    for one in mails.values():
        one.place, one.size = kept[one.id]
    yield SimpleNamespace(gmail=gmail, anna=anna, mails=sorted(mails.values(), key=lambda one: -one.place))
    gmail.close()


def _atom(query, fits, reveals=False):
    return st.just((query, fits, reveals))


def _day(days):
    at = START + timedelta(days=days)
    return _atom(f"after:{int(at.timestamp())}", lambda one: one.at >= at)


ATOMS = st.one_of(
    *[_atom(word, lambda one, word=word: word in one.text) for word in WORDS],
    *[_atom(f"subject:{word}", lambda one, word=word: word == one.subject) for word in WORDS],
    *[_atom(f"from:{name}", lambda one, name=name: name in one.sender) for name in ("ana", "acme.test", "zoe")],
    *[_atom(f"label:{name}", lambda one, name=name: name.upper() in one.labels) for name in ("inbox", "sent")],
    _atom("is:unread", lambda one: "UNREAD" in one.labels),
    _atom("is:read", lambda one: "UNREAD" not in one.labels),
    _atom("label:deals", lambda one: "Label_1" in one.labels),
    _atom("has:nouserlabels", lambda one: "Label_1" not in one.labels),
    _atom("in:trash", lambda one: "TRASH" in one.labels, True),
    _atom("in:anywhere", lambda one: True, True),
    _atom("larger:1k", lambda one: one.size > 1024),
    _atom("smaller:1k", lambda one: one.size < 1024),
    _atom("rfc822msgid:11@x", lambda one: one.rfc == 11),
    *[_day(days) for days in (1, 4, 6)],
)


def _joined(parts):
    return st.one_of(
        parts.map(lambda p: (f"-({p[0]})", lambda one: not p[1](one), p[2])),
        st.lists(parts, min_size=2, max_size=3).map(
            lambda ps: (
                f"({' '.join(p[0] for p in ps)})",
                lambda one: all(p[1](one) for p in ps),
                any(p[2] for p in ps),
            )
        ),
        st.lists(parts, min_size=2, max_size=3).map(
            lambda ps: (
                f"{{{' '.join(p[0] for p in ps)}}}",
                lambda one: any(p[1](one) for p in ps),
                any(p[2] for p in ps),
            )
        ),
        st.tuples(parts, parts).map(
            lambda ps: (f"({ps[0][0]} OR {ps[1][0]})", lambda one: ps[0][1](one) or ps[1][1](one), ps[0][2] or ps[1][2])
        ),
    )


def _paged(read, limit):
    rows, token = [], ""
    while True:
        page = read(limit, token)
        assert len(page.rows) <= limit
        rows += page.rows
        if not (token := page.next_token):
            return rows


@settings(max_examples=80)
@given(
    asked=st.recursive(ATOMS, _joined, max_leaves=8),
    labels=st.sampled_from([(), ("INBOX",), ("INBOX", "STARRED"), ("SPAM",)]),
    limit=st.sampled_from([1, 2, 7, 100]),
)
def test_a_search_finds_what_reading_every_mail_would(box, asked, labels, limit):
    query, fits, reveals = asked
    hides = not reveals and "SPAM" not in labels
    wanted = [
        one
        for one in box.mails
        if fits(one) and one.labels.issuperset(labels) and not (hides and one.labels & {"TRASH", "SPAM"})
    ]
    newest = {}
    for one in wanted:
        newest.setdefault(one.thread, one.id)

    def read(kind):
        return lambda size, token: kind(box.anna, Wanted(labels=labels, query=query, limit=size, token=token))

    assert [row[0] for row in _paged(read(box.gmail.listing.messages), limit)] == [one.id for one in wanted]
    assert [row[:2] for row in _paged(read(box.gmail.listing.threads), limit)] == [
        (number, thread) for thread, number in newest.items()
    ]


def test_counts_are_what_counting_would_give(box):
    for label in LABELS:
        found = [one for one in box.mails if label in one.labels]
        unread = [one for one in found if "UNREAD" in one.labels]
        told = box.gmail.labels.get(box.anna, label)
        assert tuple(told[name] for name in COUNTED) == (
            *(len(found), len(unread), len({one.thread for one in found}), len({one.thread for one in unread})),
        ), label
    assert box.gmail.messages.totals(box.anna)[:2] == (len(box.mails), len({one.thread for one in box.mails}))
