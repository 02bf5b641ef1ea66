"""The clock and the faults of the world, from the page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import requests
from flask import Flask

from addon import clock
from addon.sandbox import world_clock
from addon.sandbox.gmail import Gmail
from addon.sandbox.inbox import world_panel
from addon.sandbox.inbox.fault_stories import STORIES
from addon.sandbox.inbox.world_panel import next_monday
from tests.sandbox.inbox.conftest import ANNA, TUESDAY, Browser

ROME = ZoneInfo("Europe/Rome")


@pytest.fixture
def anna(browser: Browser) -> Iterator[Browser]:
    browser.sit(ANNA)
    clock.set_world(TUESDAY)
    browser.get("/world")
    yield browser
    clock.follow(None)


def test_the_clock_is_shown_and_runs_as_told(anna: Browser) -> None:
    assert "Tue 24 Nov, 14:02" in anna.page

    anna.post("/world/clock", speed="600")
    assert world_clock.reading().speed == 600
    assert "Time runs 600 times as fast." in anna.page

    anna.post("/world/clock", speed="0")
    stood = clock.now()
    assert "Time stands still." in anna.page
    assert clock.now() == stood


@pytest.mark.parametrize(("jump", "by"), [("hour", timedelta(hours=1)), ("days", timedelta(days=3))])
def test_time_leaps(anna: Browser, jump: str, by: timedelta) -> None:
    before = clock.now()

    anna.post("/world/clock", jump=jump)

    assert timedelta(0) <= clock.now() - before - by < timedelta(minutes=1)


def test_the_next_monday_begins_at_nine(anna: Browser) -> None:
    anna.post("/world/clock", jump="monday")

    assert "It is Mon 30 Nov, 09:00 now." in anna.page


def test_time_leaps_to_the_next_answer_where_one_is_awaited(anna: Browser, inbox_app: Flask) -> None:
    assert "To the next answer" not in anna.page
    world_panel.expect(inbox_app, lambda: TUESDAY + timedelta(hours=5))
    anna.get("/world")
    assert "Somebody outside answers next: Tue 24 Nov, 19:02." in anna.page

    anna.post("/world/clock", jump="answer")

    assert "It is Tue 24 Nov, 19:02 now." in anna.page


@pytest.mark.parametrize(
    ("now", "monday"),
    [
        (datetime(2026, 11, 30, 7, 59, tzinfo=UTC), datetime(2026, 11, 30, 9, tzinfo=ROME)),
        (datetime(2026, 11, 30, 8, 0, tzinfo=UTC), datetime(2026, 12, 7, 9, tzinfo=ROME)),
        (datetime(2026, 10, 23, 12, 0, tzinfo=UTC), datetime(2026, 10, 26, 9, tzinfo=ROME)),
    ],
)
def test_monday_at_nine_by_the_clocks_on_the_wall(now: datetime, monday: datetime) -> None:
    assert next_monday(now, ROME) == monday


@pytest.mark.parametrize("wish", [{"speed": "-1"}, {"speed": "1e9"}, {"speed": "nan"}])
def test_an_odd_wish_leaves_the_clock_alone(anna: Browser, wish: dict[str, str]) -> None:
    anna.post("/world/clock", **wish)

    assert "The clock was not changed" in anna.page
    assert world_clock.reading().speed == 1


@pytest.mark.parametrize("key", [story.key for story in STORIES])
def test_each_story_can_be_begun_and_ended(anna: Browser, gmail: Gmail, key: str) -> None:
    anna.post("/world/story", key=key, on="yes")
    assert gmail.faults.all()
    assert 'aria-checked="true"' in anna.page
    assert "Faults: 1" in anna.get("/").text

    anna.get("/world")
    anna.post("/world/story", key=key, on="")
    assert not gmail.faults.all()
    assert 'aria-checked="true"' not in anna.page


def test_a_story_strikes_and_the_page_counts_it(anna: Browser, gmail: Gmail, inbox_app: Flask) -> None:
    anna.post("/world/story", key="third_send", on="yes")
    base = inbox_app.extensions["inbox"].google_url
    token = gmail.access_token(ANNA.email, ["https://mail.google.com/"])
    raw = "VG86IGFAYi5leGFtcGxlDQoNCkhpDQo="

    answers = [
        requests.post(
            f"{base}/gmail/v1/users/me/messages/send",
            json={"raw": raw},
            headers={"Authorization": f"Bearer {token}"},
            timeout=5,
        ).status_code
        for _ in range(4)
    ]

    assert answers == [200, 200, 500, 200]
    assert "Struck once" in anna.get("/world").text


def test_a_fault_of_ones_own_is_listed_and_taken_away(anna: Browser, gmail: Gmail) -> None:
    anna.post(
        "/world/fault",
        kind="error",
        method="drafts.send",
        mailbox=ANNA.email,
        often="nth",
        n="2",
        status="503",
        seconds="",
        lasts="",
    )

    [fault] = gmail.faults.all()
    assert (fault.status, fault.method, fault.mailbox, fault.nth) == (503, "drafts.send", ANNA.email, 2)
    assert "drafts.send" in anna.page
    anna.post(f"/world/fault/{fault.number}/remove")
    assert not gmail.faults.all()


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        ({"kind": "error", "status": "many"}, "“Status” wants a number."),
        ({"kind": "error", "often": "percent", "n": "150"}, "No fault was added"),
        ({"kind": "nonsense"}, "No fault was added"),
        ({"kind": "slow_after", "seconds": "-3"}, "No fault was added"),
    ],
)
def test_a_fault_that_makes_no_sense_is_refused_and_the_form_stays(
    anna: Browser, gmail: Gmail, wish: dict[str, str], said: str
) -> None:
    anna.post("/world/fault", scripts=True, **wish)

    assert said in anna.page
    assert not gmail.faults.all()


def test_everything_ends_at_once(anna: Browser, gmail: Gmail) -> None:
    for key in ("slow", "lost_pushes"):
        anna.post("/world/story", key=key, on="yes")

    anna.post("/world/clear")

    assert not gmail.faults.all()
    assert "Nothing. Gmail answers as it should." in anna.page


def test_a_grant_is_revoked_for_one_person(anna: Browser, gmail: Gmail) -> None:
    token = gmail.access_token(ANNA.email, ["a"])
    other = gmail.access_token("dimas@halyard.example", ["a"])

    anna.post("/world/revoke", email=ANNA.email)

    assert gmail.grants.access(token) is None
    assert gmail.grants.access(other) is not None
    assert anna.post("/world/revoke", email="eve@evil.example").status_code == 404


def test_the_drawer_is_the_page_without_its_frame(anna: Browser) -> None:
    drawer = anna.get("/world", **{"X-Requested-With": "fetch"}).text

    assert "<html" not in drawer
    assert 'data-now="Tue 24 Nov, 14:02"' in drawer


def test_strangers_turn_nothing(browser: Browser, gmail: Gmail) -> None:
    browser.get("/who")

    browser.post("/world/story", key="slow", on="yes")

    assert not gmail.faults.all()
