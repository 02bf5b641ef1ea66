"""What the first stage asks of a deal that begins with a mail: filled in on a card, with what was typed before it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from addon.domain.fields import queries as fields
from addon.domain.fields.checking import Typed
from addon.domain.fields.keys import FieldSpec
from addon.domain.ladder.refusals import FieldsMissing
from addon.domain.pipelines import queries as pipelines
from addon.models import Pipeline, Subject
from addon.sidebar import replies, stage_asks
from addon.sidebar.cards import asks
from addon.sidebar.cards.views import NewDealAskView
from addon.sidebar.talk import Talk
from addon.sidebar.visit import Visit
from addon.sidebar.widgets import Json


def chosen(session: Session, visit: Visit) -> Pipeline:
    """Where the deal is to begin: what was chosen, or the team's first pipeline. Raises NotFound, NoPipeline."""
    pipeline_id = visit.asked.chosen("pipeline") or visit.asked.number("pipeline")
    return pipelines.get(session, pipeline_id) if pipeline_id is not None else pipelines.first(session)


def given(session: Session, visit: Visit, pipeline: Pipeline) -> dict[str, Typed]:
    """What was typed into the fields that were asked for, by key. Raises Refused."""
    return stage_asks.typed(session, visit, _asked(session, pipeline), pipeline.currency)


def ask(visit: Visit, here: Talk, error: FieldsMissing) -> Json:
    """The card that asks for them."""
    pen = visit.pen.carrying(here.parameters())
    keys = {field["key"] for field in error.params["fields"]}
    stage = error.params["stage"]
    with visit.reading() as session:
        pipeline = chosen(session, visit)
        known = stage_asks.typed_names(visit)
        specs = [spec for spec in _asked(session, pipeline) if spec.key in keys or stage_asks.name_of(spec) in known]
        view = NewDealAskView(
            pipeline_id=pipeline.id,
            title=visit.asked.typed("title"),
            amount=visit.asked.typed("amount"),
            name=visit.asked.typed("name"),
            company=bool(visit.asked.typed("company") or visit.asked.parameter("company")),
            text=visit.say("sidebar.asks.new", stage=stage, title=visit.asked.typed("title")),
            fields=[stage_asks.field(session, visit, spec) for spec in specs],
        )
    card = asks.new_deal(view, pen)
    return replies.replace(card, notice=view.text) if "asked" in visit.asked.parameters else replies.push(card)


def _asked(session: Session, pipeline: Pipeline) -> Sequence[FieldSpec]:
    keys = pipelines.entry_stage(session, pipeline.id).now.required_to_enter
    found = fields.by_key(session, Subject.DEAL, keys)
    return [found[key] for key in keys if key in found and key not in ("value", "contact")]
