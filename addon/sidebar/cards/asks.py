"""The card that asks for what a stage needs before a deal goes there."""

from __future__ import annotations

from addon.sidebar import widgets as w
from addon.sidebar.cards.views import AskView, FieldAskView, NewDealAskView
from addon.sidebar.pen import Pen
from addon.sidebar.widgets import Json


def card(view: AskView, pen: Pen, *, note: str = "") -> Json:
    """`note` is why what was typed is not taken."""
    say = pen.say
    inputs = [_input(field) for field in view.fields]
    if view.reason:
        inputs.append(w.text_input(view.reason, say("sidebar.asks.why"), value=view.said, suggestions=view.reasons))
    press = pen.press("move", deal=view.deal_id, stage=view.stage_id, seen=view.seen, asked=1)
    move = w.buttons(w.primary(say("sidebar.asks.move", stage=view.stage), press))
    page = pen.page(f"/deals/{view.deal_id}/to/{view.stage_id}")
    more = w.row(say("sidebar.asks.more", stage=view.stage), button=w.quiet(say("sidebar.asks.page"), page))
    return w.card(
        f"asks-{view.deal_id}-{view.stage_id}",
        [
            w.section(w.row(w.bold(note))) if note else None,
            w.section(w.paragraph(view.text), *inputs, more if view.more else move),
        ],
    )


def new_deal(view: NewDealAskView, pen: Pen) -> Json:
    """The same for a deal that is to begin; what was typed stays in its inputs."""
    say = pen.say
    more = {"company": "yes"} if view.company else {}
    press = pen.press("create_deal", needs=["title"], pipeline=view.pipeline_id, asked=1, **more)
    return w.card(
        "asks-new",
        [
            w.section(
                w.paragraph(view.text),
                *[_input(field) for field in view.fields],
                w.text_input("title", say("sidebar.new.title"), value=view.title),
                w.text_input("amount", say("sidebar.new.amount"), value=view.amount),
                w.text_input("name", say("sidebar.person.name"), value=view.name) if view.name else None,
                w.buttons(w.primary(say("sidebar.new.create"), press)),
            )
        ],
    )


def _input(field: FieldAskView) -> Json:
    if field.day:
        return w.day_input(field.name, field.label)
    if field.choices:
        return w.dropdown(field.name, field.label, field.choices)
    return w.text_input(field.name, field.label, value=field.typed, hint=field.hint, lines=field.lines)
