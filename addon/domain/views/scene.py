"""What was asked, made ready for the database: the fields that there are, who asks, which day it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from addon.domain.access import viewer_of
from addon.domain.access.small_letters import lowered
from addon.domain.fields.keys import FieldSpec
from addon.domain.teams import queries as teams
from addon.domain.views import asking, query
from addon.domain.views.asking import Ask
from addon.domain.views.query import Asker
from addon.models import Company, Contact, Deal, Pipeline

Row = Deal | Contact | Company


@dataclass(frozen=True, eq=False)
class Scene:
    ask: Ask
    specs: Mapping[str, FieldSpec]
    asker: Asker
    gone: Sequence[str]
    """Keys of fields that are asked for and are no more."""
    where: Sequence[ColumnElement[bool]]
    """Which rows are meant."""

    @property
    def model(self) -> Any:
        return query.MODEL[self.ask.subject]

    @property
    def unfiltered(self) -> bool:
        return not self.ask.filter.parts


def set_up(session: Session, ask: Ask, at: datetime) -> Scene:
    """Days begin where the team is, so that a view shows the same to everybody. Raises nothing for what is gone."""
    known = asking.specs(session, ask.subject, ask.pipeline_id)
    team = teams.team(session)
    zone = ZoneInfo(team.zone)
    asker = Asker(viewer_of(session).user_id, _day(at, zone), zone, _currency(session, ask) or team.currency)
    by = known.get(ask.grouping)
    if by is not None and query.is_word(by.kind):  # its columns are named in small letters
        ask = replace(ask, hidden=tuple(lowered(key) for key in ask.hidden))
    return Scene(ask, known, asker, asking.gone(ask, known), query.where(ask, known, asker))


def _currency(session: Session, ask: Ask) -> str:
    """Of the pipeline that is asked for, where amounts are compared."""
    pipeline = session.get(Pipeline, ask.pipeline_id) if ask.pipeline_id is not None and ask.filter.parts else None
    return pipeline.currency if pipeline else ""


def _day(at: datetime, zone: ZoneInfo) -> date:
    return at.astimezone(zone).date()
