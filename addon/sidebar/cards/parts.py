"""Rows that several cards begin with: a note, what just happened, the person."""

from __future__ import annotations

from collections.abc import Sequence

from addon.sidebar import widgets as w
from addon.sidebar.cards.views import DealLine, HappenedView, NoteView, PersonView, Top
from addon.sidebar.pen import Pen
from addon.sidebar.widgets import Json


def note(view: NoteView | None, pen: Pen) -> Json | None:
    """A section of its own, above everything."""
    if view is None:
        return None
    button = w.quiet(view.button, pen.page(view.page, reload=True)) if view.button else None
    return w.section(w.row(view.text, icon="DESCRIPTION", button=button))


def happened(view: HappenedView | None, pen: Pen) -> Json | None:
    """What just happened, with Undo: the first line until the next act."""
    if view is None:
        return None
    undo = None
    if view.undo is not None:
        undo = w.quiet(pen.say("sidebar.undo"), pen.press("undo", activity=view.undo), alt=view.undo_says)
    return w.section(w.row(w.bold(view.text), below=view.detail, button=undo))


def top(first: Top, pen: Pen) -> list[Json | None]:
    """What a card says before all else."""
    return [note(first.note, pen), happened(first.happened, pen)]


def person(view: PersonView | None) -> Json | None:
    if view is None:
        return None
    return w.row(w.bold(view.name or view.email), below=w.lines(view.lines), icon="PERSON")


def deal_rows(deals: Sequence[DealLine], pen: Pen) -> list[Json]:
    """Each leads to its page."""
    return [w.row(d.title, below=d.detail, icon="DOLLAR", press=pen.page(f"/deals/{d.id}")) for d in deals]


def menu(pen: Pen, *, deal_id: int | None = None) -> list[Json]:
    """The card's menu: ways into the workspace, and drawing anew."""
    deal = [w.menu_item(pen.say("sidebar.open_deal"), pen.page(f"/deals/{deal_id}"))] if deal_id else []
    board = w.menu_item(pen.say("sidebar.open_board"), pen.page("/"))
    return [*deal, board]
