"""One simulated Gmail for all tests of the sidebar; a fresh database for each."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType

import pytest

from addon.domain.access import Database
from addon.sandbox.gmail import Gmail, Server
from tests.sidebar.beside_gmail import BesideGmail, beside_gmail, simulated_gmail


@pytest.fixture(scope="session")
def google() -> Iterator[tuple[Gmail, Server]]:
    with simulated_gmail() as made:
        yield made


@pytest.fixture
def desk(database: Database, google: tuple[Gmail, Server], clock: ModuleType) -> Iterator[BesideGmail]:
    """Anna at her mail, on either database."""
    with beside_gmail(database, *google, clock) as made:
        yield made
