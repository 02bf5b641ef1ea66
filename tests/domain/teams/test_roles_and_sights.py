"""Admins say who plays which role, who may act and what each role sees."""

from __future__ import annotations

import pytest

from addon.domain.access import Deactivated, Viewer
from addon.domain.errors import NotAllowed
from addon.domain.teams import operations, queries
from addon.domain.teams.operations import LastAdmin
from addon.models import Role, Sight
from tests.domain.team_at_work import ANNA, BEN, MONDAY, TeamAtWork


def test_admins_change_roles_but_one_of_them_stays(team: TeamAtWork) -> None:
    operator = Viewer.operator(team.team_id)
    with team.database.writing(operator) as session:
        entry = operations.change_role(session, team.users[ANNA], Role.ADMIN, at=MONDAY)
        assert entry is not None
        assert (entry.before, entry.after) == ({"role": "rep"}, {"role": "admin"})
        assert operations.change_role(session, team.users[ANNA], Role.ADMIN, at=MONDAY) is None
    with team.acting(ANNA) as session:
        for act in (
            lambda: operations.change_role(session, team.users[ANNA], Role.REP, at=MONDAY),
            lambda: operations.deactivate(session, team.users[ANNA], at=MONDAY),
        ):
            with pytest.raises(LastAdmin):
                act()
        operations.deactivate(session, team.users[BEN], at=MONDAY)
    with pytest.raises(Deactivated):
        team.viewer(BEN)
    with team.acting(ANNA) as session:
        operations.reactivate(session, team.users[BEN], at=MONDAY)
    assert team.viewer(BEN).role is Role.REP


def test_what_a_role_sees_is_said_by_admins_and_admins_see_all(team: TeamAtWork) -> None:
    with team.acting(ANNA) as session:
        for act in (
            lambda: operations.set_sight(session, Role.REP, Sight.ALL, at=MONDAY),
            lambda: operations.deactivate(session, team.users[BEN], at=MONDAY),
            lambda: operations.change_role(session, team.users[ANNA], Role.ADMIN, at=MONDAY),
        ):
            with pytest.raises(NotAllowed):
                act()
    with team.database.writing(Viewer.operator(team.team_id)) as session:
        assert operations.set_sight(session, Role.REP, Sight.OWN, at=MONDAY)
        assert operations.set_sight(session, Role.REP, Sight.OWN, at=MONDAY) is None
        assert operations.set_sight(session, Role.ADMIN, Sight.OWN, at=MONDAY) is None
        assert queries.sights(session) == {Role.ADMIN: Sight.ALL, Role.MANAGER: Sight.ALL, Role.REP: Sight.OWN}
    assert team.viewer(ANNA).sees is not None
