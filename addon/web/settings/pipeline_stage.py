"""One stage: what it is called and expects, its playbook, the fields it asks for, where it leads, and its end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from addon import clock
from addon.domain.errors import NotFound
from addon.domain.fields import queries as fields
from addon.domain.fields.keys import Kind
from addon.domain.ladder import removing
from addon.domain.ladder.refusals import StageGone
from addon.domain.pipelines import queries, rights, shaping
from addon.models import Stage, StageKind, Subject
from addon.web.fields.field_words import label
from addon.web.seat import reading, seat
from addon.web.settings import pipeline_views as views
from addon.web.settings.pipeline_page import days, percent
from addon.web.settings.settings_acts import NOTHING, Refused, act, happened

bp = Blueprint("pipeline_stages", __name__)

NOT_ASKED_FOR = frozenset({"title", "stage", "pipeline", "lost_reason"})
"""Fields that always hold something, or are asked for otherwise."""


@dataclass(frozen=True)
class Item:
    """A point of the checklist; `id` is empty for a new one."""

    id: str
    text: str


@dataclass(frozen=True)
class Asked:
    """A field, and whether it must be filled to come in, and to go on."""

    key: str
    label: str
    enter: bool
    leave: bool


@bp.get("/settings/pipelines/<int:pipeline_id>/stages/<int:stage_id>")
def page(pipeline_id: int, stage_id: int) -> ResponseReturnValue:
    return _draw(pipeline_id, stage_id, NOTHING)


@bp.post("/settings/pipelines/<int:pipeline_id>/stages/<int:stage_id>")
def edit(pipeline_id: int, stage_id: int) -> ResponseReturnValue:
    """Form: all of the stage. A button beside a point of the checklist saves with the point gone, or elsewhere."""
    form = request.form
    return act(
        lambda session: shaping.edit_stage(
            session, _own(session, pipeline_id, stage_id).id, _changes(form), at=clock.now()
        ),
        to=url_for("web.pipeline_stages.page", pipeline_id=pipeline_id, stage_id=stage_id),
        form="stage",
        draw=lambda refused: _draw(pipeline_id, stage_id, refused),
    )


@bp.post("/settings/pipelines/<int:pipeline_id>/stages/<int:stage_id>/delete")
def delete(pipeline_id: int, stage_id: int) -> ResponseReturnValue:
    """Form: target, the stage to which its deals move; they move quietly."""
    target = request.form.get("target", type=int)
    return act(
        lambda session: removing.remove_stage(
            session, _own(session, pipeline_id, stage_id).id, at=clock.now(), target_id=target
        ),
        to=url_for("web.pipelines.page", pipeline_id=pipeline_id),
        form="delete",
        draw=lambda refused: _draw(pipeline_id, stage_id, refused),
    )


@bp.post("/settings/pipelines/<int:pipeline_id>/stages/<int:stage_id>/restore")
def restore(pipeline_id: int, stage_id: int) -> ResponseReturnValue:
    return act(
        lambda session: shaping.restore_stage(
            session, _own(session, pipeline_id, stage_id, live=False).id, at=clock.now()
        ),
        to=url_for("web.pipelines.page", pipeline_id=pipeline_id),
        form="restore",
        draw=lambda refused: _draw(pipeline_id, stage_id, refused),
    )


def checklist(form: MultiDict[str, str]) -> list[Item]:
    """The points as they stand in the form, once its button was heard."""
    items = [Item(id_, text.strip()) for id_, text in zip(form.getlist("item_id"), form.getlist("item"), strict=False)]
    button, _, number = form.get("checklist", "").partition("-")
    if number.isdecimal() and (here := int(number)) < len(items):
        item = items.pop(here)
        if button in ("up", "down"):
            items.insert(max(0, here + (1 if button == "down" else -1)), item)
    return [item for item in items if item.text]


def _changes(form: MultiDict[str, str]) -> dict[str, Any]:
    some = form.get("leads") == "some"
    return {
        "name": form.get("name", ""),
        "probability": percent(form.get("probability", "")),
        "age_limit_days": days(form.get("age_limit_days", "")),
        "kind": form.get("kind") if form.get("kind") in set(StageKind) else StageKind.OPEN,
        "help": form.get("help", "").replace("\r\n", "\n"),
        "checklist": [{"id": item.id, "text": item.text} for item in checklist(form)],
        "required_to_enter": form.getlist("enter"),
        "required_to_leave": form.getlist("leave"),
        "leads_to": form.getlist("leads_to", type=int) if some else None,
    }


def _own(session: Session, pipeline_id: int, stage_id: int, *, live: bool = True) -> Stage:
    """Raises NotFound, also for a stage of another pipeline, and StageGone where somebody deleted it meanwhile."""
    stage = queries.get_stage(session, stage_id)
    if stage.pipeline_id != pipeline_id:
        raise NotFound(what="stage", given=stage_id)
    if live and stage.archived_at is not None:
        raise StageGone(stage=stage.name)
    return stage


def _draw(pipeline_id: int, stage_id: int, refused: Refused) -> str:
    with reading() as session:
        pipeline = queries.get(session, pipeline_id, archived=True)
        rights.check_may_shape(session, pipeline_id)
        stage = _own(session, pipeline_id, stage_id)
        others = [other for other in queries.stages(session, pipeline_id) if other.id != stage.id]
        return render_template(
            "web/pipeline_stage.html",
            pipeline=pipeline,
            stage=stage,
            now=stage.now,
            others=others,
            target=_beside(stage, others),
            target_choices=[(other.id, other.name) for other in others],
            holds=views.deals_by_stage(session, pipeline_id).get(stage.id, 0),
            items=_items(stage, refused),
            asked=_asked(session, stage, refused),
            leads=_leads(stage, refused),
            moved=happened(session, back=request.path),
            refused=refused,
        )


def _items(stage: Stage, refused: Refused) -> Sequence[Item]:
    if refused.form == "stage":
        return checklist(request.form)
    return [Item(item["id"], item["text"]) for item in stage.now.checklist]


def _asked(session: Session, stage: Stage, refused: Refused) -> list[Asked]:
    now = stage.now
    enter, leave = now.required_to_enter, now.required_to_leave
    if refused.form == "stage":
        enter, leave = request.form.getlist("enter"), request.form.getlist("leave")
    specs = fields.specs(session, Subject.DEAL, stage.pipeline_id)
    say = seat().words
    return [
        Asked(spec.key, label(spec, say), spec.key in enter, spec.key in leave)
        for spec in specs
        if spec.editable and spec.key not in NOT_ASKED_FOR and spec.kind is not Kind.MOMENT
    ]


def _leads(stage: Stage, refused: Refused) -> Sequence[int] | None:
    if refused.form == "stage":
        return request.form.getlist("leads_to", type=int) if request.form.get("leads") == "some" else None
    return stage.now.leads_to


def _beside(stage: Stage, others: Sequence[Stage]) -> int | None:
    """Where its deals would go unless somebody says otherwise: the stage before it, of its kind."""
    alike = [other for other in others if other.kind == stage.kind]
    earlier = [other for other in alike if other.position < stage.position]
    return earlier[-1].id if earlier else alike[0].id if alike else None
