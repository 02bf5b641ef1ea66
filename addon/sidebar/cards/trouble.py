"""Cards that say one thing: what is the matter, that nothing was lost, what to do."""

from __future__ import annotations

from addon.sidebar import widgets as w
from addon.sidebar.pen import Pen
from addon.sidebar.widgets import Json


def trouble(pen: Pen, text: str, *more: str, again: bool = False, home: bool = True) -> Json:
    """`again` offers to try once more; `home` the workspace."""
    button = None
    if again:
        button = w.primary(pen.say("sidebar.try_again"), pen.press("refresh"))
    elif home:
        button = w.second(pen.say("sidebar.open_board"), pen.page("/"))
    return w.card(
        "trouble", [w.section(w.paragraph(w.bold(text)), *(w.paragraph(line) for line in more), w.buttons(button))]
    )
