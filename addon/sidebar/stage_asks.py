"""What a stage asks for before a deal goes there: empty fields, and why a deal is lost."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy.orm import Session

from addon.domain.deals import losing, operations
from addon.domain.deals import queries as deals
from addon.domain.fields import finding, values
from addon.domain.fields.checking import Typed
from addon.domain.fields.keys import FieldSpec, Kind
from addon.domain.fields.refusals import Refused
from addon.domain.ladder import asking
from addon.domain.pipelines import queries as pipelines
from addon.domain.teams import queries as teams
from addon.models import StageKind
from addon.sidebar import replies
from addon.sidebar.cards import asks
from addon.sidebar.cards.views import AskView, FieldAskView
from addon.sidebar.refusals import refusal
from addon.sidebar.talk import Talk
from addon.sidebar.visit import Visit
from addon.sidebar.widgets import Choice, Json

REASON = "lost_reason"

MOST = 8
"""Fields on one card."""


def name_of(spec: FieldSpec) -> str:
    """Of its input."""
    return f"need_{spec.key}"


def typed_names(visit: Visit) -> set[str]:
    """Names of the inputs in which something stands."""
    return {name for name in visit.asked.inputs if visit.asked.typed(name) or visit.asked.day(name)}


def fill(session: Session, visit: Visit, deal_id: int, stage_id: int) -> None:
    """Write what was typed into the fields that the stage asks for. Raises NotFound, Refused."""
    deal, stage = deals.hold(session, deal_id), pipelines.get_stage(session, stage_id)
    found = typed(session, visit, asking.still_empty(session, deal, stage), deal.pipeline.currency)
    if found:
        operations.edit(session, deal_id, found, at=visit.now)


def typed(session: Session, visit: Visit, specs: Sequence[FieldSpec], currency: str) -> dict[str, Typed]:
    """What was typed into the inputs of these fields, by key. Raises Refused."""
    reading = finding.reading(session, currency=currency)
    found: dict[str, Typed] = {}
    for spec in specs:
        given: Typed | None = _day(visit, spec) or values.read(spec, visit.asked.typed(name_of(spec)), reading)
        if given is not None:
            found[spec.key] = given
    return found


def ask(visit: Visit, here: Talk, deal_id: int, stage_id: int, refused: Refused | None = None) -> Json:
    """The card that asks; drawn anew with what was typed where something of it is `refused`."""
    pen = visit.pen.carrying(here.parameters())
    with visit.reading() as session:
        deal, stage = deals.get(session, deal_id), pipelines.get_stage(session, stage_id)
        empty = asking.still_empty(session, deal, stage)
        lost = stage.kind == StageKind.LOST
        view = AskView(
            deal_id=deal.id,
            stage_id=stage.id,
            stage=stage.name,
            seen=deal.last_move,
            text=visit.say(
                "sidebar.asks.reason" if lost else "sidebar.asks.fields", title=deal.title, stage=stage.name
            ),
            fields=[field(session, visit, spec) for spec in empty[:MOST]],
            more=len(empty) > MOST,
            reason=REASON if lost else "",
            said=visit.asked.typed(REASON) or deal.lost_reason,
            reasons=losing.earlier_reasons(session, deal.pipeline_id) if lost else (),
        )
    if refused is not None:
        spec = next((each for each in empty if each.key == refused.params.get("key")), None)
        if spec is not None:
            refused.params["field"] = _label(visit, spec)
        words = refusal(visit.pen, refused)
        return replies.replace(asks.card(view, pen, note=words), notice=words)
    again = any(visit.asked.typed(field.name) for field in view.fields) or "asked" in visit.asked.parameters
    card = asks.card(view, pen)
    return replies.replace(card, notice=view.text) if again else replies.push(card)


def field(session: Session, visit: Visit, spec: FieldSpec) -> FieldAskView:
    """Its input, with what was typed."""
    return FieldAskView(
        name=name_of(spec),
        label=_label(visit, spec),
        typed=visit.asked.typed(name_of(spec)),
        day=spec.kind == Kind.DATE,
        lines=spec.kind == Kind.LONG_TEXT,
        choices=_choices(session, visit, spec),
        hint=spec.help[:100],
    )


def _choices(session: Session, visit: Visit, spec: FieldSpec) -> Sequence[Choice]:
    chosen = visit.asked.typed(name_of(spec))
    found: list[tuple[str, str]] = []
    if spec.kind in (Kind.SELECT, Kind.MULTI_SELECT):
        found = [(one.name, f"#{one.id}") for one in spec.choices]
    elif spec.kind == Kind.PERSON:
        found = [(user.name or user.email, f"#{user.id}") for user in teams.people(session)]
    elif spec.kind == Kind.CHECKBOX:
        found = [(visit.say("sidebar.asks.yes"), "yes")]
    if not found:
        return ()
    nothing = Choice(visit.say("sidebar.asks.choose"), "", not chosen)
    return [nothing, *(Choice(name, value, value == chosen) for name, value in found)]


def _day(visit: Visit, spec: FieldSpec) -> date | None:
    return visit.asked.day(name_of(spec)) if spec.kind == Kind.DATE else None


def _label(visit: Visit, spec: FieldSpec) -> str:
    return spec.name if spec.custom else visit.say(f"fields.deal.{spec.key}")
