"""A world for each test, on SQLite."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from tests.databases import on_sqlite
from tests.web.web_world import MONDAY, World, world


@pytest.fixture
def small_world(tmp_path: Path, clock: ModuleType) -> Iterator[World]:
    """Anna and Dimas, a pipeline of five stages, Anna's mailbox; it is Monday 23 November 2026."""
    clock.set_world(MONDAY)
    with on_sqlite(tmp_path) as database, world(database) as made:
        yield made
