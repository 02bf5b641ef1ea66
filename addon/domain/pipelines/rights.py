"""Who may shape pipelines."""

from __future__ import annotations

from sqlalchemy.orm import Session

from addon.domain.access import viewer_of
from addon.domain.errors import NotAllowed
from addon.models import Role

SHAPERS = (Role.ADMIN, Role.MANAGER)


def may_shape(session: Session, pipeline_id: int | None = None) -> bool:
    """Admins, and managers who see every deal of the pipeline: shaping moves deals and says how many there are."""
    viewer = viewer_of(session)
    if viewer.role not in SHAPERS:
        return False
    return pipeline_id is None or viewer.sees is None or viewer.sees.all_of(pipeline_id)


def check_may_shape(session: Session, pipeline_id: int | None = None) -> None:
    """Raises NotAllowed."""
    if not may_shape(session, pipeline_id):
        raise NotAllowed
