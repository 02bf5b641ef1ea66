"""Cards beside a mail being written: who gets it, where the deal stands, and what can be put into the mail."""

from __future__ import annotations

from addon.sidebar import widgets as w
from addon.sidebar.cards import deal as deal_cards
from addon.sidebar.cards import parts
from addon.sidebar.cards.views import SharedDeal, TextLine, WritingView
from addon.sidebar.pen import Pen
from addon.sidebar.widgets import Json


def writing_to(view: WritingView, pen: Pen) -> Json:
    """The mail goes to somebody of ours."""
    pen = pen.carrying({"contact": str(view.contact_id)})
    greeting = w.primary(pen.say("sidebar.compose.greet"), pen.press("insert_greeting"))
    return w.card(
        "writing",
        [w.section(*_standing(view, pen), w.buttons(greeting, _copies(view, pen))), _texts(view, pen)],
        actions=[*parts.menu(pen, deal_id=view.deal.id if view.deal else None), _again(pen)],
    )


def nobody_known(text: str, pen: Pen) -> Json:
    """Nobody of ours is on the mail yet; `text` says what to do."""
    again = w.second(pen.say("sidebar.compose.look_again"), pen.press("look_again"))
    return w.card(
        "writing-to-nobody",
        [w.section(w.paragraph(text), w.paragraph(pen.say("sidebar.compose.purpose")), w.buttons(again))],
        actions=parts.menu(pen),
    )


def _standing(view: WritingView, pen: Pen) -> list[Json | None]:
    if view.deal is not None:
        return deal_cards.facts(view.deal, view.person, pen)
    if not view.deals:
        return [parts.person(view.person), w.paragraph(pen.say("sidebar.compose.no_deal"))]
    more = w.paragraph(pen.say("sidebar.compose.more", n=view.more_deals)) if view.more_deals else None
    return [parts.person(view.person), *(_one_of_several(deal, pen) for deal in view.deals), more]


def _one_of_several(deal: SharedDeal, pen: Pen) -> Json:
    say, line = pen.say, deal.line
    copy = None
    if deal.others:
        alt = say("sidebar.compose.copy_alt", title=line.title)
        copy = w.quiet(say("sidebar.compose.copy_short"), pen.press("copy_in", deal=line.id), alt=alt)
    return w.row(line.title, below=line.detail, icon="DOLLAR", press=pen.page(f"/deals/{line.id}"), button=copy)


def _copies(view: WritingView, pen: Pen) -> Json | None:
    """Where there is one deal; several have a button each."""
    if len(view.deals) != 1 or not view.deals[0].others:
        return None
    return w.second(pen.say("sidebar.compose.copy"), pen.press("copy_in", deal=view.deals[0].line.id))


def _texts(view: WritingView, pen: Pen) -> Json | None:
    if not view.texts:
        return None
    rows = [_text(text, pen) for text in view.texts]
    return w.section(w.paragraph(pen.say("sidebar.compose.replaces")), *rows, header=pen.say("sidebar.compose.texts"))


def _text(text: TextLine, pen: Pen) -> Json:
    alt = pen.say("sidebar.compose.insert_alt", name=text.name)
    button = w.quiet(pen.say("sidebar.compose.insert"), pen.press("use_text", campaign=text.id), alt=alt)
    return w.row(text.name, below=text.detail, button=button)


def _again(pen: Pen) -> Json:
    return w.menu_item(pen.say("sidebar.refresh"), pen.press("look_again"))
