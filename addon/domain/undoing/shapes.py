"""Taking back that pipelines and stages were made, put away or brought back, and who works in a pipeline."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from addon.domain.ladder import removing
from addon.domain.pipelines import members, operations, shaping
from addon.domain.undoing.scene import Handler, Scene
from addon.domain.undoing.switches import Act, Switch, alive, named, subject
from addon.models import Activity, Deal, Pipeline, PipelineMember, Stage, User


def _stands_in(scene: Scene, title: str, *where: Any) -> None:
    count = scene.session.scalar(select(func.count(Deal.id)).where(Deal.deleted_at.is_(None), *where))
    if count:
        scene.refuse("undoing.holds_deals", title=title, n=count)


def _calls(act: Callable[..., Any], key: Callable[[Activity], tuple[Any, ...]]) -> Act:
    def call(session: Session, entry: Activity, at: datetime, cause: Activity | None) -> Activity | None:
        done: Activity | None = act(session, *key(entry), at=at, cause=cause, undoes=entry)
        return done

    return call


def _pipeline(entry: Activity) -> tuple[int]:
    return (entry.subject_id,)


def _stage(entry: Activity) -> tuple[int]:
    return (entry.after["stage_id"],)


def _member(entry: Activity) -> tuple[int, int]:
    return entry.subject_id, entry.after.get("user_id") or entry.before["user_id"]


PIPELINE = Switch(
    "pipeline",
    subject,
    alive(Pipeline, "archived_at"),
    _calls(operations.restore, _pipeline),
    _calls(operations.archive, _pipeline),
    named(Pipeline),
    lambda scene, entry, title: _stands_in(scene, title, Deal.pipeline_id == entry.subject_id),
)
STAGE = Switch(
    "stage",
    lambda entry: ("stage", entry.after["stage_id"]),
    lambda session, entry: session.get_one(Stage, entry.after["stage_id"]).archived_at is None,
    _calls(shaping.restore_stage, _stage),
    _calls(removing.remove_stage, _stage),
    lambda session, entry: session.get_one(Stage, entry.after["stage_id"]).name,
    lambda scene, entry, title: _holds_others(scene, entry, title),
)


def _holds_others(scene: Scene, entry: Activity, title: str) -> None:
    """Deals that stand in it, but for those that go back before."""
    going = {each.subject_id for each in scene.preview.entries if each.kind == "deal.moved"}
    stage_id = entry.after["stage_id"]
    others = [Deal.id.not_in(going)] if going else []
    _stands_in(scene, title, Deal.stage_id == stage_id, *others)


def _is_member(session: Session, entry: Activity) -> bool:
    pipeline_id, user_id = _member(entry)
    row = select(PipelineMember.id).where(PipelineMember.pipeline_id == pipeline_id, PipelineMember.user_id == user_id)
    return session.scalar(row) is not None


def _who_and_where(session: Session, entry: Activity) -> str:
    pipeline_id, user_id = _member(entry)
    return f"{session.get_one(User, user_id).name}, {session.get_one(Pipeline, pipeline_id).name}"


MEMBER = Switch(
    "member",
    lambda entry: ("member", *_member(entry)),
    _is_member,
    _calls(members.add, _member),
    _calls(members.remove, _member),
    _who_and_where,
)
CLOSED = Switch(
    "closed",
    lambda entry: ("closed", entry.subject_id),
    lambda session, entry: session.get_one(Pipeline, entry.subject_id).members_only,
    _calls(members.close_to_members, _pipeline),
    _calls(members.open_to_team, _pipeline),
    named(Pipeline),
)

HANDLERS: Mapping[str, Handler] = {
    "pipeline.created": PIPELINE.went_on(),
    "pipeline.restored": PIPELINE.came_back(),
    "pipeline.archived": PIPELINE.went_off(),
    "stage.added": STAGE.went_on(),
    "stage.restored": STAGE.came_back(),
    "stage.removed": STAGE.went_off(),
    "pipeline.member_added": MEMBER.went_on(),
    "pipeline.member_removed": MEMBER.went_off(),
    "pipeline.closed": CLOSED.went_on(),
    "pipeline.opened": CLOSED.went_off(),
}
