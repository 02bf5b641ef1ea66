"""The mail of a claimed row: rooms write it, the worker asks for it."""

from __future__ import annotations

from sqlalchemy.orm import Session

from addon import clock
from addon.domain.campaigns import composing as campaigns
from addon.domain.errors import DomainError
from addon.models import Outgoing
from addon.worker.sending import CannotCompose, Compose


def compose_with(public_url: str) -> Compose:
    """A composer whose links lead to this public address."""

    def compose(session: Session, row: Outgoing) -> bytes:
        try:
            return campaigns.compose(session, row, public_url=public_url, at=clock.now())
        except DomainError as refused:
            raise CannotCompose(refused.code) from refused

    return compose
