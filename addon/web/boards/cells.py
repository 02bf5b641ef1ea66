"""Changing a few fields where they are shown: on a card of a board, in a row of a table."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from flask import Blueprint, jsonify, redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from addon import clock
from addon.domain.contacts import queries as contacts
from addon.domain.deals import queries as deals
from addon.domain.errors import DomainError, NotFound
from addon.domain.fields import stored
from addon.domain.fields.checking import Typed
from addon.domain.fields.keys import FieldSpec, Kind
from addon.domain.money import Money
from addon.domain.views import asking
from addon.domain.views.scene import Row
from addon.models import Deal, Subject
from addon.web import errors, frame
from addon.web.boards import board_answers, cells_stage
from addon.web.boards.board_drops import EDIT, GET
from addon.web.diary.acts import Teller
from addon.web.diary.deal_race import WAS, race, who_was_first
from addon.web.fields import field_inputs
from addon.web.fields.forms import FieldView, with_errors
from addon.web.moves.refused_cards import said
from addon.web.seat import reading, seat, writing
from addon.web.views import asked
from addon.web.views.asked import Asked

bp = Blueprint("cells", __name__)

LOOK: Mapping[Subject, Callable[[Session, int], Row]] = {
    Subject.DEAL: deals.get,
    Subject.CONTACT: contacts.get,
    Subject.COMPANY: contacts.get_company,
}
"""Without holding the row: a page that is looked at may not."""
ON_CARD = ("value", "next_step", "next_step_on", "owner")
"""What the form on a deal's card holds."""
MOST = 8


@bp.get("/cells/<int:card>")
def edit(card: int) -> ResponseReturnValue:
    """Arguments: at (the page's address) and keys. The form alone for a script, else a page of its own."""
    with reading() as session:
        at = asked.at(session, request.args.get("at", ""))
        if request.args.get("keys") == cells_stage.KEYS:
            return cells_stage.edit(session, at, card)
        row, specs = LOOK[at.ask.subject](session, card), _specs(session, at, request.args.get("keys", ""))
        now = _now(session, at.ask.subject, row, specs)
        return _form(session, at, card, specs, now, now)


@bp.post("/cells/<int:card>")
def save(card: int) -> ResponseReturnValue:
    """Only what was touched is written; what somebody else wrote into it meanwhile stays."""
    if request.form.get("keys") == cells_stage.KEYS:
        return cells_stage.save(card)
    say = seat().words
    with writing() as session:
        at = asked.at(session, request.form.get("at", ""))
        row, specs = _row(session, at, card), _specs(session, at, request.form.get("keys", ""))
        now = _now(session, at.ask.subject, row, specs)
        typed = {spec.key: field_inputs.typed(request.form, spec) for spec in specs}
        was = {WAS + key: request.form.get(WAS + key, value) for key, value in now.items()}
        ran = race({**typed, **was}, now)
        touched = [spec for spec in specs if spec.key in ran.touched]
        currency = row.pipeline.currency if isinstance(row, Deal) else ""
        posted = field_inputs.read(session, touched, request.form, say, currency=currency)
        wrong = dict(posted.errors)
        if ran.lost and not wrong:
            wrong = _lost(session, at.ask.subject, card, ran.lost)
        if not wrong:
            try:
                with session.begin_nested():
                    done = EDIT[at.ask.subject](session, card, dict(posted.values), at=clock.now())
                    done_id = done.id if done else None
            except NotFound:
                raise
            except DomainError as error:
                wrong = {specs[0].key: said(error, say)}
        if wrong:
            return _form(session, at, card, specs, typed, now, wrong), 422
    if not errors.wants_json():
        return redirect(at.url(at.ask, **({"done": str(done_id)} if done_id else {})))
    with reading() as session:
        at = asked.at(session, request.form.get("at", ""))
        return jsonify(board_answers.after_act(session, at, done_id, request.form))


def _row(session: Session, at: Asked, card: int) -> Row:
    found: Row = GET[at.ask.subject](session, card)
    return found


def _specs(session: Session, at: Asked, keys: str) -> list[FieldSpec]:
    """Those of these fields that can be typed into. Raises NotFound where none can."""
    wanted = keys.split(",")[:MOST] if keys else ON_CARD
    known = asking.specs(session, at.ask.subject, at.ask.pipeline_id)
    found = [known[key] for key in wanted if key in known]
    found = [spec for spec in found if spec.editable and spec.kind not in (Kind.STAGE, Kind.PIPELINE)]
    if not found:
        raise NotFound(what="field", given=keys[:64])
    return found


def _now(session: Session, subject: Subject, row: Row, specs: list[FieldSpec]) -> dict[str, str]:
    """What stands there, as the form shows it."""
    standing: dict[str, Typed] = {}
    custom = [spec for spec in specs if spec.custom]
    number = row.id
    standing.update(stored.read_many(session, subject, [number], custom).get(number, {}) if custom else {})
    for spec in specs:
        value = None if spec.custom else _builtin(row, spec)
        if value is not None:
            standing[spec.key] = value
    given = field_inputs.given(session, specs, standing)
    return {spec.key: given.get(spec.key, "") for spec in specs}


def _builtin(row: Row, spec: FieldSpec) -> Typed | None:
    if spec.kind == Kind.MONEY:
        amount, currency = (getattr(row, name) for name in spec.columns)
        return Money(amount, currency) if amount is not None else None
    found: Typed | None = getattr(row, spec.columns[0])
    return None if found == "" else found


def _lost(session: Session, subject: Subject, card: int, lost: Sequence[str]) -> dict[str, str]:
    say = seat().words
    if subject != Subject.DEAL:
        return {lost[0]: say("board.refused.overtaken_nobody")}
    who, when = who_was_first(session, card, lost, Teller(session, say, seat().user_id, clock.now()))
    return {lost[0]: say("board.refused.overtaken", who=who, when=when)}


def _form(
    session: Session,
    at: Asked,
    card: int,
    specs: list[FieldSpec],
    given: dict[str, str],
    was: dict[str, str],
    wrong: dict[str, str] | None = None,
) -> str:
    form: list[FieldView] = list(field_inputs.controls(session, specs, given, seat().words))
    part = "part" in request.values
    frame.shows(at.ask.subject)
    return render_template(
        "web/_cell_form.html" if part else "web/cell.html",
        form=with_errors(form, wrong or {}),
        card=card,
        at=at.here,
        keys=",".join(spec.key for spec in specs),
        was=was,
    )
