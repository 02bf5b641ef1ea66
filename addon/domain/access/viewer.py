"""Who looks and acts. Every query takes the rights of a viewer."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from addon.domain.access.sees import Sees, sees_of
from addon.domain.errors import DomainError
from addon.models import Mailbox, Role, User


class Deactivated(DomainError):
    """The user, or the owner of the mailbox, may not act any more."""

    code = "access.deactivated"


class ViewerKind(StrEnum):
    USER = "user"
    MACHINE = "machine"
    OPERATOR = "operator"
    GUEST = "guest"


@dataclass(frozen=True, kw_only=True)
class Viewer:
    kind: ViewerKind
    team_id: int
    user_id: int | None = None
    role: Role | None = None
    mailbox_id: int | None = None
    address_key: str | None = None
    """Of a guest: the address that the token was made for."""
    run_ref: str | None = None
    """Of a guest: the run whose mail carried the token."""
    sees: Sees | None = None
    """None: everything of the team."""

    @staticmethod
    def of(user: User) -> Viewer:
        """A person; what they may see is asked of the session that holds the user. Raises Deactivated."""
        if not user.active:
            raise Deactivated(email=user.email)
        return Viewer(
            kind=ViewerKind.USER,
            team_id=user.team_id,
            user_id=user.id,
            role=Role(user.role),
            sees=sees_of(user),
        )

    @staticmethod
    def machine(mailbox: Mailbox, owner: User) -> Viewer:
        """A mailbox at work, with its owner's rights, marked as machine. Raises Deactivated.

        It shows nothing to anybody, and it knows all deals of the team: a person who has one open deal that the owner
        sees and another that the owner does not has two, so the mail's thread is not linked by guessing (law 8).
        """
        if not owner.active:
            raise Deactivated(email=owner.email)
        return Viewer(
            kind=ViewerKind.MACHINE,
            team_id=mailbox.team_id,
            user_id=owner.id,
            role=Role(owner.role),
            mailbox_id=mailbox.id,
        )

    @staticmethod
    def operator(team_id: int) -> Viewer:
        """The command line, at work for one team."""
        return Viewer(kind=ViewerKind.OPERATOR, team_id=team_id, role=Role.ADMIN)

    @staticmethod
    def guest(team_id: int, address_key: str, run_ref: str | None) -> Viewer:
        """Somebody outside who holds a token that we made."""
        return Viewer(kind=ViewerKind.GUEST, team_id=team_id, address_key=address_key, run_ref=run_ref)


class Everyone:
    """Sees all teams; only the worker's clockwork may construct it, to find what is due."""

    def __repr__(self) -> str:
        return "Everyone()"


class Door:
    """The four doors look with this, before a team is known."""


DOOR: Final = Door()
Looker = Viewer | Everyone | Door
