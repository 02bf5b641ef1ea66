"""Whom a name in a field means: people of the team by name or address, persons by address or name, companies by name or
domain, stages and pipelines by name. Only those whom the viewer may see."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from babel import UnknownLocaleError
from babel.numbers import get_decimal_symbol
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from addon.domain.access import viewer_of
from addon.domain.fields.folding import fold
from addon.domain.fields.keys import Kind
from addon.domain.fields.values import Reading
from addon.domain.teams import queries as teams
from addon.models import Address, Company, Contact, Pipeline, Stage, StageDefinition, User


class Finding:
    """Remembers what it found: make one for a form, or for a slice of rows."""

    def __init__(self, session: Session, *, pipeline_id: int | None = None) -> None:
        self._session = session
        self._pipeline_id = pipeline_id
        self._found: dict[tuple[Kind, str], Sequence[int]] = {}
        self._named: dict[Kind, dict[str, set[int]]] = {}
        self._ways: Mapping[Kind, Callable[[str], Sequence[int]]] = {
            Kind.CONTACT: self._contacts,
            Kind.COMPANY: self._companies,
        }

    def find(self, kind: Kind, text: str) -> Sequence[int]:
        """Ids of those who are called so, in the order of their making."""
        asked = (kind, text)
        if asked not in self._found:
            way = self._ways.get(kind)
            self._found[asked] = way(text) if way else sorted(self._few(kind).get(fold(text), ()))
        return self._found[asked]

    def _few(self, kind: Kind) -> dict[str, set[int]]:
        """All of a kind of which a team has few, by what they are called."""
        if kind not in self._named:
            named: dict[str, set[int]] = {}
            for each, name in self._names(kind):
                named.setdefault(fold(name), set()).add(each)
            self._named[kind] = named
        return self._named[kind]

    def _names(self, kind: Kind) -> Sequence[tuple[int, str]]:
        if kind is Kind.PERSON:
            users = self._session.execute(select(User.id, User.name, User.email).where(User.active)).all()
            return [(each, called) for each, name, email in users for called in (name, email) if called]
        if kind is Kind.PIPELINE:
            lines = self._session.execute(select(Pipeline.id, Pipeline.name).where(Pipeline.archived_at.is_(None)))
            return [(each, name) for each, name in lines]
        if kind is Kind.STAGE:
            return self._stages()
        return ()

    def _stages(self) -> Sequence[tuple[int, str]]:
        query = (
            select(Stage.id, StageDefinition.name)
            .join(StageDefinition, StageDefinition.stage_id == Stage.id)
            .join(Pipeline, Pipeline.id == Stage.pipeline_id)
            .where(StageDefinition.until.is_(None), Stage.archived_at.is_(None), Pipeline.archived_at.is_(None))
        )
        if self._pipeline_id is not None:
            query = query.where(Stage.pipeline_id == self._pipeline_id)
        return [(each, name) for each, name in self._session.execute(query)]

    def _contacts(self, text: str) -> Sequence[int]:
        live = select(Contact.id).where(Contact.deleted_at.is_(None)).order_by(Contact.id).limit(3)
        if "@" in text:
            return self._session.scalars(
                live.join(Address, Address.contact_id == Contact.id)
                .where(func.lower(Address.email) == text.lower())
                .distinct()
            ).all()
        return self._alike(live.where(Contact.name == text), live.where(func.lower(Contact.name) == text.lower()))

    def _companies(self, text: str) -> Sequence[int]:
        live = select(Company.id).where(Company.deleted_at.is_(None)).order_by(Company.id).limit(3)
        by_name = self._alike(live.where(Company.name == text), live.where(func.lower(Company.name) == text.lower()))
        return by_name or self._session.scalars(live.where(Company.domain == text.lower())).all()

    def _alike(self, *ways: object) -> Sequence[int]:
        """What the first way finds that finds anything: who is spelled exactly so comes before who is spelled alike."""
        for way in ways:
            found: Sequence[int] = self._session.scalars(way).all()  # type: ignore[call-overload]
            if found:
                return found
        return ()


def _habit(session: Session) -> str:
    """The mark before fractions in the viewer's language; empty where nobody looks."""
    me = viewer_of(session).user_id
    named = session.get(User, me) if me else None
    try:
        return str(get_decimal_symbol(named.locale.replace("-", "_"))) if named and named.locale else ""
    except (ValueError, UnknownLocaleError):
        return ""


def reading(
    session: Session,
    *,
    currency: str = "",
    decimal: str = "",
    month_first: bool = False,
    pipeline_id: int | None = None,
) -> Reading:
    """How texts are read for this viewer; amounts are in the team's currency unless told otherwise."""
    return Reading(
        currency=currency or teams.team(session).currency,
        decimal=decimal,
        habit=_habit(session),
        month_first=month_first,
        find=Finding(session, pipeline_id=pipeline_id),
    )
