"""Imports: bringing a file, saying how it is read and which column is which field, and following it to its end."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.exceptions import RequestEntityTooLarge

from addon import clock
from addon.domain import tables
from addon.domain.errors import DomainError, NotFound
from addon.domain.imports import mapping, operations, queries, undo
from addon.domain.imports.refusals import MappingRefused
from addon.domain.pipelines import queries as pipelines
from addon.domain.tables import TableRefused
from addon.models import ImportState, Subject
from addon.web import errors, services
from addon.web.drawing import macro
from addon.web.imports import import_choices, import_draft, import_view
from addon.web.imports.import_words import problem, why_refused
from addon.web.refusals import refusal
from addon.web.seat import reading, seat, writing

bp = Blueprint("imports", __name__)

UNREAD = frozenset({ImportState.DRAFT})


@bp.get("/imports")
def listing() -> ResponseReturnValue:
    with reading() as session:
        rows = import_view.rows(session, seat(), now=clock.now())
    return render_template("web/imports.html", rows=rows)


@bp.get("/imports/new")
def new() -> ResponseReturnValue:
    return _new("")


@bp.post("/imports")
def start() -> ResponseReturnValue:
    """Form: subject, pipeline for deals, and a file or pasted rows."""
    subject, name, data = import_choices.brought()
    if not data:
        return _new(seat().words("importing.none_chosen")), 422
    try:
        table = tables.read(data, name, {})  # takes seconds: nobody waits for it
        with writing() as session:
            pipeline_id = request.form.get("pipeline", type=int)
            made = operations.start(session, subject, name, data, at=clock.now(), pipeline_id=pipeline_id, table=table)
            import_id = made.id
    except TableRefused as refused:
        return _new(why_refused(refused, seat().words)), 422
    except NotFound:
        raise
    except DomainError as error:
        return _new(refusal(seat().words, error)), 422
    return redirect(url_for("web.imports.page", import_id=import_id))


@bp.get("/imports/<int:import_id>")
def page(import_id: int) -> ResponseReturnValue:
    return _page(import_id)


@bp.get("/imports/<int:import_id>/state")
def state(import_id: int) -> ResponseReturnValue:
    """For a script: nothing where it stands as the script knows it."""
    with reading() as session:
        view = import_view.import_view(session, import_id, seat().words, now=clock.now())
    if request.args.get("known") == view.print:
        return "", 204
    parts = {name: str(macro("import_parts", name)(view)) for name in ("head", "bar")}
    return jsonify(print=view.print, stage=view.state, parts=parts)


@bp.post("/imports/<int:import_id>/read")
def read(import_id: int) -> ResponseReturnValue:
    """Form: encoding, delimiter, header, sheet, decimal, month_first; what is empty is as detected."""
    chosen = import_choices.chosen()
    with reading() as session:
        source = queries.source(session, import_id)
    try:
        table = tables.read(source.content, source.name, chosen)  # takes seconds: nobody waits for it
        with writing() as session:
            operations.choose(session, import_id, chosen, table=table)
    except TableRefused as refused:
        return _page(import_id, why_refused(refused, seat().words)), 422
    return redirect(url_for("web.imports.page", import_id=import_id))


@bp.post("/imports/<int:import_id>/begin")
def begin(import_id: int) -> ResponseReturnValue:
    """Form: for each column what it becomes."""
    with reading() as session:
        source = queries.source(session, import_id)
    table = source.table()
    wanted = {column.key: request.form.get(f"to-{column.key}", "") for column in table.columns}
    try:
        with writing() as session:
            mapping.choose(session, import_id, wanted, at=clock.now(), table=table)
            operations.begin(session, import_id, at=clock.now())
    except MappingRefused as refused:
        with reading() as session:
            words = import_draft.mapping_problems(session, import_id, table, refused, seat().words)
        return _page(import_id, words, wanted), 422
    return _after(import_id)


@bp.post("/imports/<int:import_id>/go-on")
def go_on(import_id: int) -> ResponseReturnValue:
    return _do(import_id, lambda session: operations.begin(session, import_id, at=clock.now()))


@bp.post("/imports/<int:import_id>/stop")
def stop(import_id: int) -> ResponseReturnValue:
    return _do(import_id, lambda session: operations.stop(session, import_id, at=clock.now()))


@bp.post("/imports/<int:import_id>/give-up")
def give_up(import_id: int) -> ResponseReturnValue:
    """What was not taken in never will be: the file is erased."""
    with writing() as session:
        was_draft = queries.get(session, import_id).state == ImportState.DRAFT
        operations.give_up(session, import_id, at=clock.now())
    return redirect(url_for("web.imports.listing")) if was_draft else _after(import_id)


@bp.post("/imports/<int:import_id>/undo")
def take_back(import_id: int) -> ResponseReturnValue:
    return _do(import_id, lambda session: undo.begin(session, import_id, at=clock.now()))


@bp.get("/imports/<int:import_id>/bad.csv")
def bad_rows(import_id: int) -> ResponseReturnValue:
    """To be mended and imported again."""
    say = seat().words
    with reading() as session:
        name = queries.get(session, import_id).file_name
        text = queries.bad_rows_csv(
            session, import_id, lambda code, params: problem(code, params, say), say("importing.why")
        )
    answer = Response("\ufeff" + text, mimetype="text/csv")  # the mark is what makes Excel read UTF-8
    answer.headers.set("Content-Disposition", "attachment", filename=import_choices.bad_name(name))
    return answer


@bp.errorhandler(413)
def too_large(error: RequestEntityTooLarge) -> ResponseReturnValue:
    """Refused by its size alone, before a byte of it is read."""
    say = seat().words
    again = errors.Action(say("importing.choose_again"), url_for("web.imports.new"))
    return errors.message(413, say("importing.too_large"), say("importing.too_large_text"), action=again)


def _do(import_id: int, do: Callable[[Session], object]) -> ResponseReturnValue:
    try:
        with writing() as session:
            do(session)
    except NotFound:
        raise
    except DomainError as error:
        return _page(import_id, refusal(seat().words, error)), 409
    return _after(import_id)


def _after(import_id: int) -> ResponseReturnValue:
    services.wake(0)  # no mailbox: the tick looks for imports too
    return redirect(url_for("web.imports.page", import_id=import_id))


def _new(error: str) -> str:
    given = request.form if request.method == "POST" else request.args
    subject = given.get("subject", Subject.CONTACT)
    with reading() as session:
        lines = [(line.id, line.name) for line in pipelines.live(session)]
    return render_template(
        "web/import_new.html",
        subject=subject if subject in set(Subject) else Subject.CONTACT,
        subjects=list(Subject),
        pipelines=lines,
        pipeline=given.get("pipeline", type=int),
        pasted=request.form.get("rows", ""),
        largest=import_choices.LARGEST,
        error=error,
    )


def _page(import_id: int, problem: str = "", wanted: dict[str, str] | None = None) -> str:
    say, now = seat().words, clock.now()
    with reading() as session:
        found = queries.get(session, import_id)
        if found.state in UNREAD:
            return render_template(
                "web/import_draft.html",
                draft=import_draft.draft_view(session, found, say, wanted=wanted),
                problem=problem,
            )
        return render_template(
            "web/import.html",
            view=import_view.import_view(session, import_id, say, now=now),
            rows=import_view.rows_view(session, found, say, after=request.args.get("after", 0, type=int)),
            problem=problem,
        )
