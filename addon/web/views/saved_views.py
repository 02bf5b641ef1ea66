"""Saving what a board or a table shows under a name; naming, sharing and deleting views; a table as a file."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Blueprint, Response, redirect, request, stream_with_context, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest

from addon import clock
from addon.domain.errors import DomainError
from addon.domain.views import asking, export, operations, queries
from addon.models import Subject
from addon.web import errors
from addon.web.fields.field_words import label
from addon.web.refusals import refusal
from addon.web.seat import reading, seat, writing
from addon.web.signin import own_path
from addon.web.views import asked

bp = Blueprint("views", __name__)

HOME = {Subject.DEAL: "/deals", Subject.CONTACT: "/people", Subject.COMPANY: "/companies"}


@bp.post("/views")
def save() -> ResponseReturnValue:
    """Form: at, name, shared. Leads to the new view's address."""
    back = own_path(request.form.get("at", ""))
    try:
        with writing() as session:
            at = asked.at(session, request.form.get("at", ""))
            shared = request.form.get("shared") == "yes"
            ref = operations.save(session, request.form.get("name", ""), at.ask, at=clock.now(), shared=shared).ref
    except DomainError as error:
        return _refused(error, back)
    return redirect(url_for("web.boards.saved", ref=ref))


@bp.post("/views/<ref>/change")
def change(ref: str) -> ResponseReturnValue:
    """Form: at, an address of this view as somebody changed it."""
    back = own_path(request.form.get("at", ""))
    try:
        with writing() as session:
            at = asked.at(session, request.form.get("at", ""))
            if at.path != f"/views/{ref}":
                raise BadRequest
            done = operations.change(session, ref, at.ask, at=clock.now())
            done_id = done.id if done else None
    except DomainError as error:
        return _refused(error, back)
    return redirect(url_for("web.boards.saved", ref=ref, done=done_id))


@bp.post("/views/<ref>/rename")
def rename(ref: str) -> ResponseReturnValue:
    try:
        with writing() as session:
            done = operations.rename(session, ref, request.form.get("name", ""), at=clock.now())
            done_id = done.id if done else None
    except DomainError as error:
        return _refused(error, url_for("web.boards.saved", ref=ref))
    return redirect(url_for("web.boards.saved", ref=ref, done=done_id))


@bp.post("/views/<ref>/share")
def share(ref: str) -> ResponseReturnValue:
    """Form: shared, yes or no."""
    with writing() as session:
        done = operations.share(session, ref, request.form.get("shared") == "yes", at=clock.now())
        done_id = done.id if done else None
    return redirect(url_for("web.boards.saved", ref=ref, done=done_id))


@bp.post("/views/<ref>/delete")
def delete(ref: str) -> ResponseReturnValue:
    with writing() as session:
        view = queries.get(session, ref)
        back = f"/board/{view.pipeline_id}" if view.pipeline_id else HOME[Subject(view.subject)]
        done = operations.delete(session, ref, at=clock.now()).id
    return redirect(f"{back}?done={done}")


@bp.get("/export")
def file() -> ResponseReturnValue:
    """Exactly the rows and columns that the table at an address shows, all its pages, as CSV."""
    say, now = seat().words, clock.now()
    with reading() as session:
        at = asked.at(session, request.args.get("at", ""))
        name = at.view.name if at.view else say(f"views.all.{at.ask.subject}")
        known = asking.specs(session, at.ask.subject, at.ask.pipeline_id)
        headings = {key: label(spec, say) for key, spec in known.items()}
    yes, currency, ask = say("fields.checked"), say("web.fields.currency"), at.ask

    def pieces() -> Iterator[bytes]:
        with reading() as rows:
            yield from export.rows(rows, ask, headings, at=now, yes=yes, currency=currency)

    answer = Response(stream_with_context(pieces()), mimetype="text/csv")
    answer.headers.set("Content-Disposition", "attachment", filename=f"{_plain(name)}.csv")
    return answer


def _plain(name: str) -> str:
    """A name that a file may have."""
    return "".join(letter for letter in name if letter.isalnum() or letter in " -_")[:60].strip() or "export"


def _refused(error: DomainError, back: str) -> ResponseReturnValue:
    say = seat().words
    action = errors.Action(say("web.undo.back"), back)
    status = 422 if error.code == "views.no_name" else 404 if error.code == "errors.not_found" else 409
    return errors.message(status, say("views.not_saved"), refusal(say, error), action=action)
