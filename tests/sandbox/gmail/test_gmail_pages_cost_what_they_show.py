"""A page of a mailbox ten times as large costs the same. The work is counted in SQLite's own steps, not in time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from addon.sandbox.gmail import Gmail
from addon.sandbox.gmail.mailbox.history import Kind
from addon.sandbox.gmail.mailbox.listing import Wanted
from addon.sandbox.gmail.mailbox.mime import Mail
from tests.sandbox.gmail.conftest import ANNA, mail

SMALL, LARGE = 300, 3000
START = datetime(2026, 1, 1, tzinfo=UTC)
RARE = 150
"""One mail in so many is starred, comes from Zoe, and was read."""


def filled(many):
    gmail = Gmail()
    anna = gmail.accounts.add(ANNA)
    with gmail.store.write() as db:
        for number in range(many):
            rare = number % RARE == RARE // 2
            raw = mail(ANNA, f"Mail {number % 7}", sender="zoe@globex.test" if rare else "ana@acme.test")
            labels = ["INBOX" if number % 2 else "SENT", *(["STARRED"] if rare else []), "UNREAD"]
            date = int((START + timedelta(minutes=number)).timestamp() * 1000)
            message = gmail.messages.add(db, anna.number, Mail(raw), labels, date=date)
            if rare:
                gmail.messages.relabel(db, message, [], ["UNREAD"])
    gmail.listing.messages(anna, Wanted(query="mail"))
    return SimpleNamespace(gmail=gmail, anna=anna)


@pytest.fixture(scope="module")
def boxes():
    made = filled(SMALL), filled(LARGE)
    yield made
    for box in made:
        box.gmail.close()


def steps(box, act):
    """How many steps SQLite takes, in tens."""
    taken = [0]

    def step():
        taken[0] += 1
        return 0

    with box.gmail.store.read() as db:
        db.set_progress_handler(step, 10)
        try:
            act(box)
        finally:
            db.set_progress_handler(None, 0)
    return taken[0]


def assert_costs_the_same(boxes, act):
    small, large = (steps(box, act) for box in boxes)
    assert large <= 1.3 * small + 10, (small, large)


@pytest.mark.parametrize("kind", ["messages", "threads"])
@pytest.mark.parametrize(
    "wanted",
    [
        Wanted(),
        Wanted(labels=("INBOX",)),
        Wanted(labels=("STARRED", "INBOX")),
        Wanted(labels=("INBOX", "SENT")),
        Wanted(query="is:starred"),
        Wanted(query="-is:unread"),
        Wanted(query="-in:inbox"),
        Wanted(query="from:zoe"),
        Wanted(query="from:zoe in:inbox"),
        Wanted(query="-from:zoe"),
        Wanted(query="from:nobody"),
        Wanted(query="from:ana OR is:starred"),
        Wanted(query="mail -is:read"),
        Wanted(query="before:2026/01/01"),
        Wanted(query="after:2030/01/01 mail"),
        Wanted(query="larger:1M"),
        Wanted(query="has:attachment"),
        Wanted(query="rfc822msgid:nosuch@x"),
        Wanted(query="in:trash"),
    ],
    ids=lambda wanted: wanted.query or "+".join(wanted.labels) or "all",
)
def test_a_listing_costs_its_page(boxes, kind, wanted):
    wanted = Wanted(wanted.labels, wanted.query, limit=2)

    assert_costs_the_same(boxes, lambda box: getattr(box.gmail.listing, kind)(box.anna, wanted))


@pytest.mark.parametrize("kind", ["messages", "threads"])
def test_a_later_page_costs_no_more_than_the_first(boxes, kind):
    box = boxes[1]

    def page(token):
        return getattr(box.gmail.listing, kind)(box.anna, Wanted(limit=50, token=token))

    token = ""
    for _ in range(20):
        token = page(token).next_token

    assert steps(box, lambda _: page(token)) <= 4 * steps(box, lambda _: page("")) + 50


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"kinds": [Kind.LABELS_REMOVED]},
        {"kinds": [Kind.LABELS_REMOVED, Kind.DELETED]},
        {"kinds": [Kind.DELETED]},
        {"label": "STARRED"},
        {"label": "STARRED", "kinds": [Kind.ADDED, Kind.LABELS_ADDED]},
        {"label": "TRASH"},
    ],
    ids=str,
)
def test_history_costs_what_it_returns_from_any_place(boxes, asked):
    for place in (0.0, 0.7):

        def page(box, place=place):
            with box.gmail.store.read() as db:
                first, last = db.execute("SELECT history_floor, history FROM accounts").fetchone()
            start = first + int((last - first) * place)
            return box.gmail.history.list(box.anna, start, limit=1, **asked)

        assert_costs_the_same(boxes, page)


def test_counts_are_kept_not_counted(boxes):
    assert_costs_the_same(boxes, lambda box: box.gmail.labels.get(box.anna, "INBOX"))
    assert_costs_the_same(boxes, lambda box: box.gmail.messages.totals(box.anna))
    assert_costs_the_same(boxes, lambda box: box.gmail.labels.list(box.anna))


def test_a_change_costs_what_it_touches(boxes):
    def star(box):
        [row] = box.gmail.listing.messages(box.anna, Wanted(limit=1)).rows
        box.gmail.messages.modify(box.anna, [row[0]], ["IMPORTANT"], [])
        box.gmail.messages.delete(box.anna, [row[0]])

    assert_costs_the_same(boxes, star)
