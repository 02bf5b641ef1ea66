"""The stage of a deal, chosen in its row of a table: a move like any other, with the same refusals."""

from __future__ import annotations

from flask import jsonify, redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from addon import clock
from addon.domain.deals import queries as deals
from addon.domain.errors import DomainError, NotFound
from addon.domain.ladder import operations as ladder
from addon.domain.pipelines import queries as pipelines
from addon.models import Deal, Subject
from addon.web import errors
from addon.web.boards import board_answers
from addon.web.fields.forms import FieldView, number
from addon.web.moves.deal_moves import reason_field
from addon.web.moves.refused_cards import said, ways_out
from addon.web.seat import reading, seat, writing
from addon.web.views import asked
from addon.web.views.asked import Asked

KEYS = "stage"
"""What a request for this form names; it is alone in its form."""


def edit(session: Session, at: Asked, card: int) -> str:
    deal = _deal(session, at, card)
    return _form(session, at, deal, deal.stage_id)


def save(card: int) -> ResponseReturnValue:
    """Form: at, stage, seen, and lost_reason for a move to Lost."""
    here, wanted = request.form.get("at", ""), number("stage")
    try:
        with writing() as session:
            at = asked.at(session, here)
            _deal(session, at, card)
            reason = request.form.get("lost_reason")
            done = ladder.move(
                session, card, wanted, seen=number("seen"), at=clock.now(), lost_reason=reason, asks_reason=True
            )
            done_id = done.id if done else None
    except NotFound:
        raise
    except DomainError as error:
        with reading() as session:
            at = asked.at(session, here)
            return _form(session, at, _deal(session, at, card), wanted, error), 422
    if not errors.wants_json():
        return redirect(at.url(at.ask, **({"done": str(done_id)} if done_id else {})))
    with reading() as session:
        return jsonify(board_answers.after_act(session, asked.at(session, here), done_id, request.form))


def _deal(session: Session, at: Asked, card: int) -> Deal:
    if at.ask.subject != Subject.DEAL:
        raise NotFound(what="field", given=KEYS)
    return deals.get(session, card)


def _form(session: Session, at: Asked, deal: Deal, chosen: int, error: DomainError | None = None) -> str:
    """The stages of the deal's own pipeline. After a lost race the one that it stands in now is chosen."""
    say = seat().words
    text = said(error, say) if error is not None else ""
    why = isinstance(error, ladder.ReasonNeeded)
    stage = FieldView(
        name=KEYS,
        label=say("fields.deal.stage"),
        kind="select",
        value=str(deal.stage_id if isinstance(error, ladder.LostRace) else chosen),
        choices=[(str(one.id), one.name) for one in pipelines.stages(session, deal.pipeline_id)],
        error="" if why else text,
        required=True,
    )
    return render_template(
        "web/_cell_form.html" if "part" in request.values else "web/cell.html",
        form=[stage, reason_field(error=text if "lost_reason" in request.form else "")] if why else [stage],
        card=deal.id,
        at=at.here,
        keys=KEYS,
        was={},
        seen=deal.last_move,
        way=ways_out(deal.id, error, say) if error is not None else None,
    )
