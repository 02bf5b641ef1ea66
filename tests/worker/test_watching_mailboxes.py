"""Gmail is asked anew to push before its watch ends, in a world that leaps, too."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from types import ModuleType

import pytest

from addon.domain.access import Database
from addon.worker import watching
from tests.domain.team_at_work import ANNA
from tests.worker.covered import Covered, covered

TOPIC = "projects/p/topics/gmail"


@pytest.fixture
def inbox(tmp_path: Path, sqlite: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[Covered]:
    with covered(tmp_path, sqlite, monkeypatch, pubsub_topic=TOPIC) as made:
        yield made


def renew(inbox: Covered) -> int:
    """A turn's renewal: how many calls of `watch` there have been."""
    turn = inbox.turn()
    try:
        watching.renew(turn)
    finally:
        turn.gmail.close()
    return inbox.gmail.calls["watch"]


def pushed_to(inbox: Covered) -> str:
    """The topic that hears of this mailbox now."""
    return inbox.gmail.watches.topic(inbox.gmail.accounts.get(ANNA))


def test_a_watch_is_begun_once_and_renewed_a_day_later(inbox: Covered, clock: ModuleType) -> None:
    assert renew(inbox) == 1
    assert renew(inbox) == 1, "it is fresh"

    clock.set_world(clock.now() + timedelta(days=1, minutes=1))

    assert renew(inbox) == 2
    assert pushed_to(inbox) == TOPIC


def test_a_leap_beyond_the_end_of_a_watch_begins_another(inbox: Covered, clock: ModuleType) -> None:
    renew(inbox)

    clock.set_world(clock.now() + timedelta(days=8))
    assert pushed_to(inbox) == ""

    renew(inbox)
    assert pushed_to(inbox) == TOPIC
