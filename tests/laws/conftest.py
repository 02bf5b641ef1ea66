"""What the tests of the laws share."""

from __future__ import annotations

import pytest

from addon.domain.access import Database
from tests.domain.team_at_work import TeamAtWork, team_at_work
from tests.laws.two_teams import TwoTeams, two_teams


@pytest.fixture
def team(database: Database) -> TeamAtWork:
    """Anna and Ben at work, on either database."""
    _ = database.secret
    return team_at_work(database)


@pytest.fixture
def teams_apart(database: Database) -> TwoTeams:
    """Two teams, alike in everything, on either database."""
    return two_teams(database)
