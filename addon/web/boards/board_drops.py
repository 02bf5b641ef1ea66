"""A card dropped into a column, and a new one begun there: what the board is grouped by says what changes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from flask import Blueprint, jsonify, redirect, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from addon import clock
from addon.domain.activity import queries as activity
from addon.domain.contacts import companies
from addon.domain.contacts import operations as contacts
from addon.domain.contacts import queries as contact_queries
from addon.domain.deals import operations as deals
from addon.domain.deals import queries as deal_queries
from addon.domain.deals.draft import DealDraft
from addon.domain.errors import DomainError, NotFound
from addon.domain.fields import stored
from addon.domain.fields.keys import FieldSpec, Kind
from addon.domain.fields.refusals import Refused
from addon.domain.ladder import operations as ladder
from addon.domain.money import Money
from addon.domain.pipelines import queries as pipelines
from addon.domain.views import asking, dropping
from addon.domain.views import board as boards
from addon.domain.views.dropping import Change, Move
from addon.i18n import Words
from addon.models import Activity, Company, Contact, Deal, Shape, Subject
from addon.web import errors
from addon.web.boards import board_adds, board_answers
from addon.web.drawing import macro
from addon.web.fields.forms import number
from addon.web.moves.refused_cards import OvertakenEdit, refused_text, ways_out
from addon.web.seat import reading, seat, writing
from addon.web.views import asked
from addon.web.views.asked import Asked
from addon.web.views.column_words import column_name

bp = Blueprint("board_drops", __name__)

EDIT: Mapping[Subject, Callable[..., Activity | None]] = {
    Subject.DEAL: deals.edit,
    Subject.CONTACT: contacts.edit,
    Subject.COMPANY: companies.edit,
}
GET: Mapping[Subject, Callable[[Session, int], Any]] = {
    Subject.DEAL: deal_queries.hold,
    Subject.CONTACT: contact_queries.get,
    Subject.COMPANY: contact_queries.get_company,
}
MOST_REASONS = 8
_WORDS = ("title", "product", "channel", "next_step")
_PLAIN = (*_WORDS, "expected_close", "next_step_on")
_IDS = ("owner", "company", "contact", "referred_by")


@bp.post("/board/drop")
def drop() -> ResponseReturnValue:
    """Form: at (the page's address), card, column, left, seen, and lost_reason for a move to Lost."""
    card, column = number("card"), request.form.get("column", "")
    try:
        with writing() as session:
            at = asked.at(session, request.form.get("at", ""))
            done = _dropped(session, at, card, column)
            activity_id = done.id if done else None
    except NotFound:
        raise
    except DomainError as error:
        return _refused(card, column, error)
    with reading() as session:
        at = asked.at(session, request.form.get("at", ""))
        return jsonify(board_answers.after_act(session, at, activity_id, request.form))


@bp.post("/board/add")
def add() -> ResponseReturnValue:
    """Begin a deal in a column. Form: at, column, title, company."""
    column, now = request.form.get("column", ""), clock.now()
    with reading() as session:
        at = asked.at(session, request.form.get("at", ""))
        if at.ask.subject != Subject.DEAL:
            raise NotFound(what="deal")
        change = dropping.change_for(session, replace(at.ask, shape=Shape.BOARD), column, at=now)
        here = at.here
    try:
        with writing() as session:
            deal = _opened(session, at, change)
            made = next(e for e in activity.of_subject(session, "deal", deal.id) if e.kind == "deal.created").id
    except ladder.FieldsMissing as error:
        return board_adds.asks_for_more(at, change, error)
    if not errors.wants_json():
        return redirect(at.url(at.ask, done=str(made)))
    with reading() as session:
        return jsonify(board_answers.after_act(session, asked.at(session, here), made, request.form))


@bp.get("/board/reasons")
def reasons() -> ResponseReturnValue:
    """Why deals were lost before, the most frequent first."""
    with reading() as session:
        at = asked.at(session, request.args.get("at", ""))
        ask = asking.Ask(subject=Subject.DEAL, pipeline_id=at.ask.pipeline_id, group_by="lost_reason")
        found = boards.board(session, ask, at=clock.now(), limit=1)
    return jsonify([column.name for column in found.columns if column.key][:MOST_REASONS])


def _dropped(session: Session, at: Asked, card: int, column: str) -> Activity | None:
    ask, now = replace(at.ask, shape=Shape.BOARD), clock.now()
    left = request.form.get("left", "")
    row = GET[ask.subject](session, card)
    spec = asking.specs(session, ask.subject, ask.pipeline_id).get(ask.grouping)
    held = _held(session, ask.subject, row, spec)
    change = dropping.change_for(session, ask, column, at=now, left=left, held=held)
    if isinstance(change, Move):
        return _moved(session, row, change.stage_id)
    if not dropping.stands_in(left, held):
        raise OvertakenEdit(key=change.key)
    return EDIT[ask.subject](session, card, {change.key: change.value}, at=now)


def _moved(session: Session, deal: Deal, stage_id: int) -> Activity | None:
    now, seen = clock.now(), number("seen")
    reason = request.form.get("lost_reason")
    if pipelines.get_stage(session, stage_id).pipeline_id != deal.pipeline_id:
        return ladder.move_to_pipeline(session, deal.id, stage_id, seen=seen, at=now)
    return ladder.move(session, deal.id, stage_id, seen=seen, at=now, lost_reason=reason, asks_reason=True)


def _held(session: Session, subject: Subject, row: Deal | Contact | Company, spec: FieldSpec | None) -> Any:
    """What the card's field holds now."""
    if spec is None:
        return None
    if spec.custom:
        return stored.read_many(session, subject, [row.id], [spec]).get(row.id, {}).get(spec.key)
    found = [getattr(row, name) for name in spec.columns]
    return found[0] if spec.kind != Kind.MONEY else Money(*found) if found[0] is not None else None


def _opened(session: Session, at: Asked, change: Change) -> Deal:
    now, draft = clock.now(), _draft(session)
    if isinstance(change, Move):
        return ladder.open_deal(session, draft, at=now, stage_id=change.stage_id)
    if change.key == "value":
        draft = replace(draft, value=change.value)
    elif change.key in _IDS:
        ids: dict[str, Any] = {f"{change.key}_id": change.value}
        draft = replace(draft, **ids)
    elif change.key in _PLAIN:
        empty = "" if change.key in _WORDS else None
        plain: dict[str, Any] = {change.key: empty if change.value is None else change.value}
        draft = replace(draft, **plain)
    elif change.value is not None:
        draft = replace(draft, values={change.key: change.value})
    return ladder.open_deal(session, draft, at=now, pipeline_id=at.ask.pipeline_id)


def _draft(session: Session) -> DealDraft:
    title, company = request.form.get("title", "").strip(), request.form.get("company", "").strip()
    firm = _firm(session, company) if company else None
    return DealDraft(
        title=title or (firm.name if firm else ""), owner_id=seat().user_id, company_id=firm.id if firm else None
    )


def _firm(session: Session, name: str) -> Company:
    """Raises Refused, which names the field as the form does."""
    try:
        return contacts.company_named(session, name, at=clock.now())
    except Refused as error:
        error.params["field"] = seat().words("fields.deal.company")
        raise


def _refused(card: int, column: str, error: DomainError) -> ResponseReturnValue:
    """Where it stands now is drawn again, and the card says why it went nowhere."""
    say = seat().words
    with reading() as session:
        at = asked.at(session, request.form.get("at", ""))
        title = say("web.moved.not_moved", stage=_called(session, at, column, say))
        text = refused_text(session, at.ask, card, error, say)
        answer = board_answers.parts(session, at, request.form)
    if not errors.wants_json():
        return errors.message(409, title, text, action=errors.Action(say("web.undo.back"), at.here))
    way = ways_out(card, error, say)
    html = str(macro("_refused", "refused")(title, text, say("web.board.leave_it"), way))
    return jsonify(**answer, title=title, text=text, html=html, code=error.code), 409


def _called(session: Session, at: Asked, column: str, say: Words) -> str:
    """What a column is called, from the card's point of view."""
    spec = asking.specs(session, at.ask.subject, at.ask.pipeline_id).get(at.ask.grouping)
    if spec is None:
        return column[:50]
    if spec.kind == Kind.STAGE and column.isdecimal():
        try:
            return pipelines.get_stage(session, int(column)).name
        except NotFound:
            return ""
    found = boards.board(session, replace(at.ask, shape=Shape.BOARD, hidden=()), at=clock.now(), limit=1)
    name = next((each.name for each in found.columns if each.key == column), "")
    return column_name(spec, column, name, say)
