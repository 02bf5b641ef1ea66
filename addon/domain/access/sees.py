"""How much of the team's records somebody sees: by their role, and by the pipelines that are open to them."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import object_session

from addon.models import Pipeline, PipelineMember, Role, RoleSight, Sight, User


@dataclass(frozen=True)
class Sees:
    """Of somebody who does not see everything. Hashable, so that the conditions made of it are made once."""

    sight: Sight
    user_id: int
    member_of: frozenset[int] = frozenset()
    """Pipelines that they are members of; known only where their sight asks for it."""
    closed: frozenset[int] = frozenset()
    """Pipelines open to members alone, of whom they are not one."""
    imports: bool = False
    """Whether they see what others imported."""

    def all_of(self, pipeline_id: int) -> bool:
        """Whether they see every deal of a pipeline."""
        if pipeline_id in self.closed or self.sight is Sight.OWN:
            return False
        return self.sight is Sight.ALL or pipeline_id in self.member_of


def sees_of(user: User) -> Sees | None:
    """None for who sees everything: admins, and others where nothing is kept from them.

    It is asked of the session that holds the user. A user that no session holds was made by hand, and sees all.
    """
    session = object_session(user)
    if session is None or user.role == Role.ADMIN:
        return None
    of_role = select(RoleSight.sight).where(RoleSight.team_id == user.team_id, RoleSight.role == user.role)
    sight = Sight(session.scalar(of_role) or Sight.ALL)
    member = select(PipelineMember.pipeline_id).where(
        PipelineMember.team_id == user.team_id, PipelineMember.user_id == user.id
    )
    kept = (
        Pipeline.members_only if sight is not Sight.PIPELINES else or_(Pipeline.members_only, Pipeline.id.in_(member))
    )
    rows = session.execute(
        select(Pipeline.id, Pipeline.members_only, Pipeline.id.in_(member)).where(
            Pipeline.team_id == user.team_id, kept
        )
    ).all()
    closed = frozenset(pipeline for pipeline, members_only, is_member in rows if members_only and not is_member)
    if sight is Sight.ALL and not closed:
        return None
    members = frozenset(pipeline for pipeline, _, is_member in rows if is_member)
    return Sees(sight, user.id, members if sight is Sight.PIPELINES else frozenset(), closed, user.role == Role.MANAGER)
