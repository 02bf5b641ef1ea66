"""What a walk needs: patience, and a folder for its pictures (SHOTS=folder keeps them)."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.journeys.walking import PATIENCE
from tests.serving import PAGE_PATIENCE


@pytest.fixture(scope="module", autouse=True)
def _patience() -> Iterator[None]:
    """A walk waits longer than a test of one page: other processes have to do their part."""
    expect.set_options(timeout=PATIENCE)
    yield
    expect.set_options(timeout=PAGE_PATIENCE)


@pytest.fixture
def shots(tmp_path: Path) -> Path:
    folder = Path(os.environ.get("SHOTS", tmp_path / "shots"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder
