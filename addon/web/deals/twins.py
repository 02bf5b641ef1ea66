"""A won deal goes on in After-sales: the offer, and the way between the two."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from addon import clock
from addon.domain.contacts import queries as contacts
from addon.domain.deals import twins
from addon.domain.errors import NotFound
from addon.domain.ladder.twins import open_twin
from addon.domain.pipelines import queries as pipelines
from addon.i18n import Words
from addon.models import Deal, Pipeline, StageKind
from addon.web.seat import writing

bp = Blueprint("twins", __name__)


@dataclass(frozen=True)
class OtherView:
    url: str
    title: str
    standing: str
    """Pipeline and stage."""


@dataclass(frozen=True, kw_only=True)
class TwinsView:
    origin: OtherView | None
    """The won deal that this one goes on from."""
    referred: str
    """Who referred it."""
    going_on: Sequence[OtherView]
    offer: str
    """Name of the pipeline in which a twin can be opened."""
    later: str
    """Name of the pipeline in which it will go on once won."""


def twins_view(session: Session, deal: Deal, say: Words) -> TwinsView | None:
    origin, going_on = twins.origin(session, deal), twins.of(session, deal)
    after = _after_sales(session, deal) if not going_on else None
    won = deal.stage.kind == StageKind.WON
    later = after.name if after is not None and deal.stage.kind == StageKind.OPEN else ""
    if origin is None and not going_on and after is None:
        return None
    return TwinsView(
        origin=_other(origin) if origin is not None else None,
        referred=_referred(session, deal, say) if origin is not None else "",
        going_on=[_other(each) for each in going_on],
        offer=after.name if after is not None and won else "",
        later=later,
    )


@bp.post("/deals/<int:deal_id>/twin")
def open_it(deal_id: int) -> ResponseReturnValue:
    """A second press opens the one that is there."""
    try:
        with writing() as session:
            twin_id = open_twin(session, deal_id, at=clock.now()).id
    except twins.HasTwin as error:
        twin_id = error.params["deal_id"]
    return redirect(url_for("web.deals.page", deal_id=twin_id))


def _after_sales(session: Session, deal: Deal) -> Pipeline | None:
    try:
        return pipelines.get(session, deal.pipeline.after_sales_id) if deal.pipeline.after_sales_id else None
    except NotFound:
        return None


def _referred(session: Session, deal: Deal, say: Words) -> str:
    try:
        who = contacts.get(session, deal.referred_by_id).name if deal.referred_by_id else ""
    except NotFound:
        who = ""
    return say("deal.twin.referred", who=who) if who else ""


def _other(deal: Deal) -> OtherView:
    url = url_for("web.deals.page", deal_id=deal.id)
    return OtherView(url, deal.title, f"{deal.pipeline.name} · {deal.stage.name}")
