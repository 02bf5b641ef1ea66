"""The card of a conversation and its deal: who, which deal, where it stands, what next, and one button."""

from __future__ import annotations

from addon.sidebar import widgets as w
from addon.sidebar.cards import parts
from addon.sidebar.cards.views import NOTHING, DealView, NoteView, PersonView, Top, WhyView
from addon.sidebar.pen import Pen
from addon.sidebar.widgets import Json


def linked(deal: DealView, person: PersonView | None, pen: Pen, *, note: NoteView | None = None) -> Json:
    """The conversation belongs to this deal."""
    return w.card(
        f"deal-{deal.id}",
        [
            parts.note(note, pen),
            parts.happened(deal.happened, pen),
            w.section(*facts(deal, person, pen), _move_on(deal, pen)),
            _why(deal.why, pen),
            _another_stage(deal, pen),
            _touches(deal, pen),
            _next_step(deal, pen),
            _newcomer(deal, person, pen),
            _away(deal, pen),
        ],
        actions=[
            *parts.menu(pen, deal_id=deal.id),
            w.menu_item(pen.say("sidebar.refresh"), pen.press("refresh")),
        ],
    )


def fitting(deal: DealView, person: PersonView | None, pen: Pen, *, top: Top = NOTHING) -> Json:
    """One deal of this person is open, and the conversation is not linked to it yet."""
    link = w.primary(pen.say("sidebar.link"), pen.press("link_thread", deal=deal.id))
    return w.card(
        f"fits-{deal.id}",
        [
            *parts.top(top, pen),
            w.section(*facts(deal, person, pen), w.buttons(link)),
            _touches(deal, pen),
        ],
        actions=[
            *parts.menu(pen, deal_id=deal.id),
            w.menu_item(pen.say("sidebar.new_deal"), pen.press("new_deal")),
            w.menu_item(pen.say("sidebar.refresh"), pen.press("refresh")),
        ],
    )


def facts(deal: DealView, person: PersonView | None, pen: Pen) -> list[Json | None]:
    """Who, which deal, where it stands, what next: four rows at most."""
    say = pen.say
    step = deal.next_step or say("sidebar.deal.no_step")
    return [
        parts.person(person),
        w.row(
            deal.title,
            label=say("sidebar.deal.deal"),
            below=deal.detail,
            icon="DOLLAR",
            press=pen.page(f"/deals/{deal.id}"),
        ),
        w.row(deal.stage, label=say("sidebar.deal.stage"), below=deal.stage_detail, icon="BOOKMARK"),
        w.row(step, label=say("sidebar.deal.step"), below=deal.next_step_detail, icon="CLOCK") if deal.open else None,
    ]


def _move_on(deal: DealView, pen: Pen) -> Json | None:
    target = deal.next_stage
    if target is None:
        return w.buttons(w.primary(pen.say("sidebar.open_deal"), pen.page(f"/deals/{deal.id}")))
    press = pen.press("move", deal=deal.id, stage=target.id, seen=deal.seen)
    return w.buttons(w.primary(pen.say("sidebar.move_to", stage=target.name), press))


def _why(why: WhyView | None, pen: Pen) -> Json | None:
    if why is None:
        return None
    quote = w.paragraph(w.italic(f"“{why.quote}”")) if why.quote else None
    return w.section(quote, w.row(why.words), header=pen.say("sidebar.why.header"))


def _another_stage(deal: DealView, pen: Pen) -> Json | None:
    if not deal.other_stages:
        return None
    # A name of its own for each state of the deal: else Gmail keeps the old choice in the redrawn card.
    name = f"stage_{deal.seen}"
    choices = [w.Choice(stage.name, str(stage.id), number == 0) for number, stage in enumerate(deal.other_stages)]
    press = pen.press("move_to", deal=deal.id, seen=deal.seen, needs=[name])
    return w.section(
        w.dropdown(name, pen.say("sidebar.stage.label"), choices),
        w.buttons(w.second(pen.say("sidebar.stage.move"), press)),
        header=pen.say("sidebar.stage.header"),
        folded=True,
    )


def _touches(deal: DealView, pen: Pen) -> Json | None:
    rows = [w.row(touch.text, below=touch.detail, icon="EMAIL") for touch in deal.touches]
    shown, of = len(rows), deal.touch_count
    if shown < of:
        more = w.buttons(w.quiet(pen.say("sidebar.touches.rest"), pen.page(f"/deals/{deal.id}")))
        return w.section(*rows, more, header=pen.say("sidebar.touches.some", n=shown, of=of), folded=True)
    return w.section(*rows, header=pen.say("sidebar.touches.header", n=of), folded=True)


def _next_step(deal: DealView, pen: Pen) -> Json | None:
    if not deal.open:
        return None
    return w.section(
        w.text_input("step", pen.say("sidebar.step.what"), value=deal.next_step),
        w.day_input("step_on", pen.say("sidebar.step.when"), ms=deal.next_step_ms),
        w.buttons(w.second(pen.say("sidebar.step.save"), pen.press("next_step", deal=deal.id))),
        header=pen.say("sidebar.step.header"),
        folded=True,
    )


def _newcomer(deal: DealView, person: PersonView | None, pen: Pen) -> Json | None:
    """Somebody whom we do not know writes in a conversation of this deal."""
    if person is None or person.known:
        return None
    return w.section(
        w.text_input("name", pen.say("sidebar.person.name"), value=person.name),
        w.buttons(w.second(pen.say("sidebar.person.add"), pen.press("add_person", deal=deal.id, needs=["name"]))),
        header=pen.say("sidebar.person.newcomer"),
        folded=True,
    )


def _away(deal: DealView, pen: Pen) -> Json | None:
    return w.section(
        w.paragraph(pen.say("sidebar.unlink.text", title=deal.title)),
        w.buttons(w.second(pen.say("sidebar.unlink.button"), pen.press("unlink", deal=deal.id))),
        header=pen.say("sidebar.unlink.header"),
        folded=True,
    )
