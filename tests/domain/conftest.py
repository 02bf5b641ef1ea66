"""What the domain's tests share."""

from __future__ import annotations

import pytest

from addon.domain.access import Database
from tests.domain.team_at_work import TeamAtWork, team_at_work


@pytest.fixture
def team(database: Database) -> TeamAtWork:
    """Anna and Ben at work, on either database."""
    return team_at_work(database)
