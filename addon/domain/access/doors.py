"""The four doors that open before a team is known. Each gives a Viewer and nothing else, or raises."""

from __future__ import annotations

from sqlalchemy import select

from addon.domain.access.sessions import Database
from addon.domain.access.tokens import read_unsubscribe_token
from addon.domain.access.viewer import DOOR, Viewer
from addon.domain.errors import DomainError, NotFound
from addon.models import Campaign, Mailbox, Team, User


class UnknownUser(DomainError):
    """Nobody with this verified address works with us."""

    code = "access.unknown_user"


def user_by_address(database: Database, email: str) -> Viewer:
    """The person with this *verified* address. Raises UnknownUser, Deactivated."""
    with database.reading(DOOR) as session:
        user = session.scalar(select(User).where(User.email == email.strip().lower()))
        if user is None:
            raise UnknownUser(email=email)
        return Viewer.of(user)


def mailbox_by_address(database: Database, email: str) -> Viewer:
    """The machine of this Gmail address. Raises NotFound, Deactivated."""
    with database.reading(DOOR) as session:
        found = session.execute(
            select(Mailbox, User).join(User, User.id == Mailbox.owner_id).where(Mailbox.email == email.strip().lower())
        ).first()
        if found is None:
            raise NotFound(what="mailbox", given=email)
        return Viewer.machine(found[0], found[1])


def guest_by_token(database: Database, token: str) -> Viewer:
    """Whoever holds an unsubscribe token of ours. Raises NotFound."""
    read = read_unsubscribe_token(database.secret, token)
    if read is not None:
        team_id, address_key, run_ref = read
        with database.reading(DOOR) as session:
            if session.get(Team, team_id) is not None:
                return Viewer.guest(team_id, address_key, run_ref)
    raise NotFound(what="token")


def campaign_by_id(database: Database, campaign_id: int) -> Viewer:
    """The operator of this campaign's team, for the command line. Raises NotFound."""
    with database.reading(DOOR) as session:
        team_id = session.scalar(select(Campaign.team_id).where(Campaign.id == campaign_id))
        if team_id is None:
            raise NotFound(what="campaign", given=campaign_id)
        return Viewer.operator(team_id)
