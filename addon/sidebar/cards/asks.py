"""The card that asks for what a stage needs before a deal goes there."""

from __future__ import annotations

from addon.sidebar import widgets as w
from addon.sidebar.cards.views import AskView, FieldAskView
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


def _input(field: FieldAskView) -> Json:
    if field.day:
        return w.day_input(field.name, field.label)
    if field.choices:
        return w.dropdown(field.name, field.label, field.choices)
    return w.text_input(field.name, field.label, value=field.typed, hint=field.hint, lines=field.lines)
