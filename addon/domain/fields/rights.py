"""Who may shape the team's fields: what everybody fills in is decided by admins and managers."""

from __future__ import annotations

from sqlalchemy.orm import Session

from addon.domain.access import viewer_of
from addon.domain.errors import NotAllowed
from addon.models import Role


def check_may_shape(session: Session) -> None:
    """Raises NotAllowed."""
    if viewer_of(session).role not in (Role.ADMIN, Role.MANAGER):
        raise NotAllowed
