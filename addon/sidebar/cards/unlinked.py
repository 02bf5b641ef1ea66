"""Cards of a conversation that belongs to no deal yet: who it is, and what can be done with one press."""

from __future__ import annotations

from collections.abc import Sequence

from addon.sidebar import widgets as w
from addon.sidebar.cards import parts
from addon.sidebar.cards.views import NOTHING, DealLine, NewDealView, PersonView, Top
from addon.sidebar.pen import Pen
from addon.sidebar.widgets import Json


def stranger(person: PersonView, form: NewDealView, pen: Pen, *, top: Top = NOTHING) -> Json:
    """Nobody of ours: add them, with a deal or without."""
    say = pen.say
    company = None
    if form.company:
        company = w.row(say("sidebar.person.works_for", company=form.company), switch=w.switch("company"))
    return w.card(
        "stranger",
        [
            *parts.top(top, pen),
            w.section(
                parts.person(person),
                w.paragraph(say("sidebar.person.unknown")),
                w.text_input("name", say("sidebar.person.name"), value=person.name),
                company,
                *_fields(form, pen),
                w.buttons(w.primary(say("sidebar.person.add_with_deal"), _create(pen, "name"))),
            ),
            w.section(
                w.buttons(w.second(say("sidebar.person.add_only"), pen.press("add_person", needs=["name"]))),
                header=say("sidebar.person.only_header"),
                folded=True,
            ),
        ],
        actions=_menu(pen),
    )


def without_deal(
    person: PersonView | None,
    form: NewDealView,
    pen: Pen,
    *,
    earlier: Sequence[DealLine] = (),
    top: Top = NOTHING,
) -> Json:
    """Somebody of ours, and no open deal: make one."""
    say = pen.say
    return w.card(
        "without-deal",
        [
            *parts.top(top, pen),
            w.section(
                parts.person(person),
                w.paragraph(say("sidebar.new.none")),
                *_fields(form, pen),
                w.buttons(w.primary(say("sidebar.new.create"), _create(pen))),
            ),
            w.section(*parts.deal_rows(earlier, pen), header=say("sidebar.new.earlier"), folded=True),
        ],
        actions=_menu(pen),
    )


def which(
    deals: Sequence[DealLine],
    person: PersonView | None,
    pen: Pen,
    *,
    dismissed: bool = False,
    top: Top = NOTHING,
) -> Json:
    """Several deals fit: ask, and remember the answer. `dismissed`: somebody said before that none does."""
    say = pen.say
    # Who just said where it does not belong is not told where it does.
    undecided = dismissed or top.happened is not None
    choices = [
        w.Choice(f"{deal.title} · {deal.detail}", str(deal.id), number == 0 and not undecided)
        for number, deal in enumerate(deals)
    ]
    link = w.primary(say("sidebar.ask.link"), pen.press("answer_question", needs=["deal"]))
    none = None if dismissed else w.quiet(say("sidebar.ask.none"), pen.press("dismiss_question"))
    text = say("sidebar.ask.dismissed") if dismissed else say("sidebar.ask.text", n=len(deals))
    return w.card(
        "which",
        [
            *parts.top(top, pen),
            w.section(
                parts.person(person),
                w.paragraph(text),
                w.radio("deal", say("sidebar.ask.label"), choices),
                w.buttons(link, none),
            ),
        ],
        actions=[w.menu_item(say("sidebar.new_deal"), pen.press("new_deal")), *_menu(pen)],
    )


def not_connected(email: str, person: PersonView | None, deals: Sequence[DealLine], pen: Pen) -> Json:
    """The mailbox beside the sidebar is not connected: nothing can be linked to it."""
    say = pen.say
    connect = w.primary(say("sidebar.mailbox.connect"), pen.page("/mailboxes", reload=True))
    return w.card(
        "not-connected",
        [
            w.section(
                parts.person(person),
                *parts.deal_rows(deals, pen),
                w.paragraph(say("sidebar.mailbox.not_connected", email=email)),
                w.buttons(connect),
            )
        ],
        actions=_menu(pen),
    )


def from_machine(pen: Pen, *, top: Top) -> Json:
    """A machine wrote this mail, and nobody of ours is at its other end; `top` says what it is."""
    board = w.buttons(w.second(pen.say("sidebar.open_board"), pen.page("/")))
    return w.card("machine", [*parts.top(top, pen), w.section(board)], actions=_menu(pen))


def only_ours(pen: Pen, *, top: Top = NOTHING) -> Json:
    """Nobody outside has a part in this mail."""
    return w.card(
        "only-ours",
        [
            *parts.top(top, pen),
            w.section(
                w.paragraph(pen.say("sidebar.only_ours")),
                w.buttons(w.second(pen.say("sidebar.open_board"), pen.page("/"))),
            ),
        ],
        actions=_menu(pen),
    )


def _fields(form: NewDealView, pen: Pen) -> list[Json | None]:
    say, pipelines = pen.say, form.pipelines
    choices = [w.Choice(f"{p.name} · {p.currency}", str(p.id), number == 0) for number, p in enumerate(pipelines)]
    label = say("sidebar.new.amount")
    if len(pipelines) == 1:
        label = say("sidebar.new.amount_in", currency=pipelines[0].currency)
    return [
        w.text_input("title", say("sidebar.new.title"), value=form.title),
        w.dropdown("pipeline", say("sidebar.new.pipeline"), choices) if len(pipelines) > 1 else None,
        w.text_input("amount", label, hint=say("sidebar.new.amount_hint")),
    ]


def _create(pen: Pen, *more: str) -> Json:
    return pen.press("create_deal", needs=[*more, "title"])


def _menu(pen: Pen) -> list[Json]:
    return [*parts.menu(pen), w.menu_item(pen.say("sidebar.refresh"), pen.press("refresh"))]
