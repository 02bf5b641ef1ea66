"""One pipeline: what it is called, who works in it, and its stages in their order."""

from __future__ import annotations

from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from addon import clock
from addon.domain.fields import queries as fields
from addon.domain.pipelines import members, operations, queries, rights, shaping
from addon.domain.pipelines.definitions import BadAgeLimit, BadProbability
from addon.domain.pipelines.operations import StageDraft
from addon.domain.teams import queries as teams
from addon.models import Activity, StageKind, Subject
from addon.web.seat import reading, seat
from addon.web.settings import pipeline_views as views
from addon.web.settings.pipeline_list import bp
from addon.web.settings.settings_acts import NOTHING, Refused, act, happened, moved, newest, wanted_order

__all__ = ["bp"]


@bp.get("/settings/pipelines/<int:pipeline_id>")
def page(pipeline_id: int) -> ResponseReturnValue:
    return _draw(pipeline_id, NOTHING)


@bp.post("/settings/pipelines/<int:pipeline_id>")
def edit(pipeline_id: int) -> ResponseReturnValue:
    """Form: name, currency, after_sales (the id of a pipeline, or nothing)."""
    form = request.form
    changes: dict[str, Any] = {
        "name": form.get("name", ""),
        "currency": form.get("currency", "").strip().upper(),
        "after_sales_id": form.get("after_sales", type=int),
    }
    return _act(pipeline_id, "facts", lambda session: operations.edit(session, pipeline_id, changes, at=clock.now()))


@bp.post("/settings/pipelines/<int:pipeline_id>/open")
def open_to_team(pipeline_id: int) -> ResponseReturnValue:
    """Form: to, `team` or `members`."""
    do = members.close_to_members if request.form.get("to") == "members" else members.open_to_team
    return _act(pipeline_id, "open", lambda session: do(session, pipeline_id, at=clock.now()))


@bp.post("/settings/pipelines/<int:pipeline_id>/members")
def add_member(pipeline_id: int) -> ResponseReturnValue:
    user_id = request.form.get("user", 0, type=int)
    return _act(pipeline_id, "members", lambda session: members.add(session, pipeline_id, user_id, at=clock.now()))


@bp.post("/settings/pipelines/<int:pipeline_id>/members/<int:user_id>/remove")
def remove_member(pipeline_id: int, user_id: int) -> ResponseReturnValue:
    return _act(pipeline_id, "members", lambda session: members.remove(session, pipeline_id, user_id, at=clock.now()))


@bp.post("/settings/pipelines/<int:pipeline_id>/stages")
def add_stage(pipeline_id: int) -> ResponseReturnValue:
    """Form: name, probability, age_limit_days, kind, before (the id of a stage, or nothing)."""

    def add(session: Session) -> Activity | None:
        shaping.add_stage(session, pipeline_id, draft(), at=clock.now(), before=request.form.get("before", type=int))
        return newest(session, "pipeline", pipeline_id)

    return _act(pipeline_id, "stage", add)


@bp.post("/settings/pipelines/<int:pipeline_id>/stages/order")
def order_stages(pipeline_id: int) -> ResponseReturnValue:
    """Form: order, an id for each; up or down where a button was pressed."""
    wanted = wanted_order(request.form)
    return act(
        lambda session: shaping.reorder_stages(session, pipeline_id, wanted, at=clock.now()),
        to=url_for("web.pipelines.page", pipeline_id=pipeline_id, moved=moved(request.form) or None),
        form="order",
        draw=lambda refused: _draw(pipeline_id, refused),
    )


def draft() -> StageDraft:
    """Of the form. Raises BadProbability, BadAgeLimit."""
    kind = request.form.get("kind", StageKind.OPEN)
    return StageDraft(
        request.form.get("name", ""),
        percent(request.form.get("probability", "")),
        days(request.form.get("age_limit_days", "")),
        StageKind(kind) if kind in set(StageKind) else StageKind.OPEN,
    )


def percent(typed: str) -> int:
    """Raises BadProbability."""
    bare = typed.strip().removesuffix("%").strip()
    if bare and not (bare.isdecimal() and len(bare) < 10):
        raise BadProbability(given=typed)
    return int(bare or 0)


def days(typed: str) -> int | None:
    """Raises BadAgeLimit."""
    bare = typed.strip()
    if bare and not (bare.isdecimal() and len(bare) < 10):
        raise BadAgeLimit(given=typed, most=36_500)
    return int(bare) if bare else None


def _act(pipeline_id: int, form: str, do: Any) -> ResponseReturnValue:
    to = url_for("web.pipelines.page", pipeline_id=pipeline_id)
    return act(do, to=to, form=form, draw=lambda refused: _draw(pipeline_id, refused))


def _draw(pipeline_id: int, refused: Refused) -> str:
    say = seat().words
    with reading() as session:
        pipeline = queries.get(session, pipeline_id, archived=True)
        rights.check_may_shape(session, pipeline_id)
        stages = views.stage_rows(session, pipeline, say)
        working = members.of(session, pipeline_id)
        inside = {user.id for user in working}
        return render_template(
            "web/pipeline.html",
            pipeline=pipeline,
            stages=stages,
            stage_choices=[(stage.id, stage.name) for stage in stages],
            retired=views.retired(session, pipeline_id),
            other_choices=[(other.id, other.name) for other in queries.live(session) if other.id != pipeline_id],
            members=views.members(working),
            outside=[(user.id, user.name) for user in teams.people(session) if user.id not in inside],
            own_fields=sum(
                spec.pipeline_id == pipeline_id for spec in fields.specs(session, Subject.DEAL, pipeline_id)
            ),
            moved=happened(session, back=url_for("web.pipelines.page", pipeline_id=pipeline_id)),
            pressed=request.args.get("moved", ""),
            refused=refused,
        )
