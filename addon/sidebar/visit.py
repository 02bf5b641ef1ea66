"""One call of one person: who they are, what they asked, and the sessions, words and pen to answer with."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from addon import clock
from addon.domain.access import Viewer
from addon.domain.teams import queries as teams
from addon.i18n import Words
from addon.sidebar.pen import Pen
from addon.sidebar.request import SidebarRequest
from addon.sidebar.services import SidebarServices

ACTIONS = "/addon/actions/"


@dataclass(frozen=True, kw_only=True)
class Visit:
    services: SidebarServices
    viewer: Viewer
    user_id: int
    email: str
    """The verified address: also the mailbox that is open beside the sidebar."""
    asked: SidebarRequest
    pen: Pen

    @property
    def say(self) -> Words:
        return self.pen.say

    @property
    def now(self) -> datetime:
        """The world's time of this call."""
        return self.pen.now

    def reading(self) -> AbstractContextManager[Session]:
        return self.services.database.reading(self.viewer)

    def writing(self) -> AbstractContextManager[Session]:
        """Commits when the block ends."""
        return self.services.database.writing(self.viewer)


def begin(services: SidebarServices, viewer: Viewer, asked: SidebarRequest) -> Visit:
    with services.database.reading(viewer) as session:
        me, team = teams.me(session), teams.team(session)
        words = Words(asked.locale or me.locale, asked.zone or me.zone or team.zone)
        return Visit(
            services=services,
            viewer=viewer,
            user_id=me.id,
            email=me.email,
            asked=asked,
            pen=pen(services, words),
        )


def pen(services: SidebarServices, words: Words) -> Pen:
    """Also for those whom we do not know: cards that say so need words and links."""
    url = services.settings.url
    return Pen(say=words, now=clock.now(), link=url, action_url=lambda name: url(f"{ACTIONS}{name}"))
