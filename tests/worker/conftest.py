"""What the worker's tests share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from addon.domain.access import Database
from tests.worker.covered import Covered, covered


@pytest.fixture
def inbox(tmp_path: Path, database: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[Covered]:
    """Anna's mailbox on the simulated Gmail."""
    with covered(tmp_path, database, monkeypatch) as made:
        yield made
