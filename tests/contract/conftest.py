"""The implementations of each port, one after the other."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.contract.mailboxes import PLACES, Place


@pytest.fixture(params=PLACES.values(), ids=PLACES.keys())
def place(request: pytest.FixtureRequest) -> Iterator[Place]:
    with request.param() as made:
        yield made
