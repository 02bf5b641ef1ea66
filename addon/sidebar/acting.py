"""After an act: the fresh card, what was done in words, and that cards below are outdated."""

from __future__ import annotations

from sqlalchemy.orm import Session

from addon.domain.errors import DomainError, NotFound
from addon.models import Mailbox
from addon.sidebar import conversation, replies
from addon.sidebar.talk import Talk
from addon.sidebar.visit import Visit
from addon.sidebar.widgets import Json


class NotConnected(DomainError):
    """The mailbox beside the sidebar is not connected: no conversation of it can be linked."""

    code = "sidebar.not_connected"


class NotChosen(DomainError):
    """The press needs a choice that was not made."""

    code = "sidebar.not_chosen"


def redrawn(visit: Visit, talk: Talk, notice: str = "", *, note: str = "") -> Json:
    """The conversation as it is now, after the act is committed."""
    with visit.reading() as session:
        return replies.replace(conversation.card(session, visit, talk, note=note), notice=notice, stale=True)


def mailbox(session: Session, visit: Visit) -> Mailbox:
    """The mailbox beside the sidebar. Raises NotConnected."""
    found = conversation.own_mailbox(session, visit)
    if found is None:
        raise NotConnected(email=visit.email)
    return found


def named(visit: Visit, name: str) -> int:
    """The id that the press carries; it is looked up with the viewer's rights. Raises NotFound."""
    found = visit.asked.number(name)
    if found is None:
        raise NotFound(what=name)
    return found


def chosen(visit: Visit, name: str) -> int:
    """The id that was chosen. Raises NotChosen."""
    found = visit.asked.chosen(name)
    if found is None:
        raise NotChosen
    return found
