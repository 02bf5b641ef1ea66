"""A won deal goes on in After-sales: the offer, and the way between the two."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from addon import clock
from addon.domain.contacts import queries as contacts
from addon.domain.deals import queries as deals
from addon.domain.deals import twins
from addon.domain.errors import NotFound
from addon.domain.fields import queries as fields
from addon.domain.fields.keys import FieldSpec
from addon.domain.ladder.refusals import FieldsMissing
from addon.domain.ladder.twins import open_twin
from addon.domain.pipelines import queries as pipelines
from addon.i18n import Words
from addon.models import Deal, Pipeline, StageKind, Subject
from addon.web.fields import field_inputs
from addon.web.fields.forms import with_errors
from addon.web.moves import deal_needs
from addon.web.seat import reading, seat, writing

bp = Blueprint("twins", __name__)


class Unread(Exception):
    """Something was typed that cannot be read; nothing was opened. `wrong`: what to say, by field."""

    def __init__(self, wrong: Mapping[str, str]) -> None:
        super().__init__()
        self.wrong = wrong


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
    """Form: what the stage asks for and the won deal does not say, by key, each with `asked_<key>` where it was shown.

    A second press opens the one that is there.
    """
    try:
        with writing() as session:
            twin_id = open_twin(session, deal_id, at=clock.now(), given=_given(session, deal_id)).id
    except twins.HasTwin as error:
        twin_id = error.params["deal_id"]
    except Unread as unread:
        return _ask(deal_id, (), unread.wrong), 422
    except FieldsMissing as error:
        empty = [field["key"] for field in error.params["fields"]]
        words = seat().words("deal.still_empty", stage=error.params["stage"])
        return _ask(deal_id, empty, {key: words for key in empty if f"asked_{key}" in request.form}), 422
    return redirect(url_for("web.deals.page", deal_id=twin_id))


def _given(session: Session, deal_id: int) -> dict[str, Any]:
    """What was typed, by key. Raises Unread, NotFound."""
    after = _after_sales(session, deals.get(session, deal_id))
    if after is None:
        return {}
    read = field_inputs.read(
        session, _shown(session, after, ()), request.form, seat().words, currency=after.currency, pipeline_id=after.id
    )
    if read.errors:
        raise Unread(read.errors)
    return {key: value for key, value in read.values.items() if value is not None}


def _shown(session: Session, after: Pipeline, empty: Collection[str]) -> list[FieldSpec]:
    """Of the fields that the first stage asks for: those that are empty, or were when the form was drawn."""
    asked = pipelines.entry_stage(session, after.id).now.required_to_enter
    keys = [key for key in asked if key in empty or f"asked_{key}" in request.form]
    found = fields.by_key(session, Subject.DEAL, keys)
    return [found[key] for key in keys if key in found]


def _ask(deal_id: int, empty: Collection[str], wrong: Mapping[str, str]) -> str:
    """The form for what is missing, with what was typed."""
    say = seat().words
    with reading() as session:
        deal = deals.get(session, deal_id)
        after = pipelines.get(session, deal.pipeline.after_sales_id or 0)
        specs = _shown(session, after, empty)
        typed = {spec.key: field_inputs.typed(request.form, spec) for spec in specs}
        form = with_errors(field_inputs.controls(session, specs, typed, say, needed=typed), wrong)
        stage = pipelines.entry_stage(session, after.id).name
        return render_template(
            "web/deal_twin.html",
            deal_id=deal.id,
            title=deal.title,
            pipeline=after.name,
            form=form,
            why=say("deal.twin.asks_for", stage=stage, fields=deal_needs.named(specs, say)),
        )


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
