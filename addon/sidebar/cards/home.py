"""The homepage of the sidebar: what needs this person now."""

from __future__ import annotations

from addon.sidebar import widgets as w
from addon.sidebar.cards import parts
from addon.sidebar.cards.views import HomeView
from addon.sidebar.pen import Pen
from addon.sidebar.widgets import Json


def home(view: HomeView, pen: Pen) -> Json:
    say = pen.say
    return w.card(
        "home",
        [
            parts.note(view.note, pen),
            _needs_you(view, pen),
            w.section(
                *(
                    w.row(
                        question.subject,
                        below=question.detail,
                        icon="EMAIL",
                        button=w.quiet(say("sidebar.home.answer"), pen.press("open_question", question=question.id)),
                    )
                    for question in view.questions
                ),
                header=say("sidebar.home.questions"),
            ),
            w.section(
                *(
                    w.row(line.name, below=line.detail, icon="INVITE", press=pen.page(f"/campaigns/{line.id}"))
                    for line in view.campaigns
                ),
                header=say("sidebar.home.campaigns"),
            ),
            w.section(w.buttons(w.primary(say("sidebar.open_board"), pen.page("/")))),
        ],
        actions=[w.menu_item(say("sidebar.refresh"), pen.press("refresh_home"))],
    )


def _needs_you(view: HomeView, pen: Pen) -> Json | None:
    say = pen.say
    if not view.due:
        return w.section(w.paragraph(say("sidebar.home.quiet" if view.has_deals else "sidebar.home.empty")))
    more = w.paragraph(say("sidebar.home.more", n=view.more_due)) if view.more_due else None
    return w.section(*parts.deal_rows(view.due, pen), more, header=say("sidebar.home.due"))
