"""A Gmail for one test, and the people outside it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from types import ModuleType

import pytest

from addon.sandbox import world_clock
from addon.sandbox.gmail import Gmail
from addon.sandbox.people import Answering
from tests.sandbox.people.outside_world import ANNA, NOW


@pytest.fixture
def gmail() -> Iterator[Gmail]:
    gmail = Gmail()
    gmail.accounts.add(ANNA, name="Anna Kowalczyk")
    yield gmail
    gmail.close()


@pytest.fixture
def people(gmail: Gmail) -> Answering:
    return Answering(gmail)


@pytest.fixture
def days_pass(people: Answering, clock: ModuleType) -> Callable[[float], int]:
    """The world's clock stands at NOW, a Tuesday; this lets so many days pass, and says how much came of it."""
    clock.set_world(NOW, speed=0)

    def pass_by(days: float) -> int:
        world_clock.forward(timedelta(days=days))
        return people.deliver_due()

    return pass_by
