"""Taking back what something is called and how it is set: fields, choices, views, stages, pipelines, tasks, roles."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from addon.domain.deals import operations as deals
from addon.domain.fields import operations as fields
from addon.domain.fields import options
from addon.domain.pipelines import operations as pipelines
from addon.domain.pipelines import shaping
from addon.domain.tasks import operations as tasks
from addon.domain.undoing.scene import Handler, Scene, said
from addon.domain.views import operations as views
from addon.models import Activity, Deal, DealContact, Field, FieldOption, Pipeline, Stage, Task, View

_NOT_SET = frozenset({"option_id", "stage_id", "task_id", "contact_id"})
"""What an entry names to say what it is about."""
Held = dict[str, Any]


@dataclass(frozen=True)
class Setting:
    """Something with values that an act changed."""

    row: Callable[[Session, Activity], Any]
    title: Callable[[Session, Activity], str]
    put: Callable[[Session, Activity, Held, datetime, Activity | None], Activity | None]
    standing: Callable[[Any, str], Any] = getattr
    text: str = "undoing.setting"

    def handler(self) -> Handler:
        return Handler(self._look, self._take_back)

    def _look(self, scene: Scene, entry: Activity) -> None:
        title = self.title(scene.session, entry)
        row = self.row(scene.session, entry)
        before, after = sides(entry)
        scene.takes_back(self.text, title=title, entry=entry.id)
        if row is None or not after:
            scene.refuse("undoing.not_as_it_was", title=title)
            return
        changed = []
        for key, value in after.items():
            thing = (type(row).__name__, row.id, key)
            now = scene.now(thing, lambda key=key: _plain(self.standing(row, key)))  # type: ignore[misc]
            changed += [key] if now != value else []
            scene.changed[thing] = before.get(key)
        if changed:
            refused = len(scene.preview.refused)
            scene.refuse_for_later(entry, title, frozenset({entry.kind}))
            if len(scene.preview.refused) == refused:
                scene.refuse("undoing.not_as_it_was", title=title)

    def _take_back(self, session: Session, entry: Activity, at: datetime, cause: Activity | None) -> Activity | None:
        return self.put(session, entry, sides(entry)[0], at, cause)


def sides(entry: Activity) -> tuple[Held, Held]:
    """What was there before and after, words included."""
    texts = entry.detail.texts if entry.detail else {}
    before, after = ({**held, **_words(texts.get(side))} for side, held in _noted(entry))
    return before, after


def _noted(entry: Activity) -> list[tuple[str, Held]]:
    return [
        (side, {key: value for key, value in held.items() if key not in _NOT_SET})
        for side, held in (("before", entry.before), ("after", entry.after))
    ]


def _words(said_there: Any) -> Held:
    return said_there if isinstance(said_there, dict) else {"name": said_there} if said_there is not None else {}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _put_field(session: Session, entry: Activity, held: Held, at: datetime, cause: Activity | None) -> Activity | None:
    return fields.edit(session, entry.subject_id, **held, at=at, cause=cause, undoes=entry)


def _put_option(session: Session, entry: Activity, held: Held, at: datetime, cause: Activity | None) -> Activity | None:
    return options.edit(session, entry.after["option_id"], **held, at=at, cause=cause, undoes=entry)


def _put_view(session: Session, entry: Activity, held: Held, at: datetime, cause: Activity | None) -> Activity | None:
    ref = session.get_one(View, entry.subject_id).ref
    if entry.kind == "view.renamed":
        return views.rename(session, ref, held["name"], at=at, cause=cause, undoes=entry)
    return views.put(session, ref, held, at=at, cause=cause, undoes=entry)


def _put_stage(session: Session, entry: Activity, held: Held, at: datetime, cause: Activity | None) -> Activity | None:
    return shaping.edit_stage(session, entry.after["stage_id"], held, at=at, cause=cause, undoes=entry)


def _put_line(session: Session, entry: Activity, held: Held, at: datetime, cause: Activity | None) -> Activity | None:
    return pipelines.edit(session, entry.subject_id, held, at=at, cause=cause, undoes=entry)


def _put_task(session: Session, entry: Activity, held: Held, at: datetime, cause: Activity | None) -> Activity | None:
    due = held.get("due_on")
    wanted = {**held, "due_on": date.fromisoformat(due) if due else None} if "due_on" in held else held
    return tasks.edit(session, entry.after["task_id"], wanted, at=at, cause=cause, undoes=entry)


def _put_role(session: Session, entry: Activity, held: Held, at: datetime, cause: Activity | None) -> Activity | None:
    contact_id = entry.after["contact_id"]
    return deals.change_role(session, entry.subject_id, contact_id, held["role"], at=at, cause=cause, undoes=entry)


def _of_stage(row: Stage, key: str) -> Any:
    return row.kind if key == "kind" else getattr(row.now, key)


def _part(session: Session, entry: Activity) -> DealContact | None:
    return session.scalar(
        select(DealContact).where(
            DealContact.deal_id == entry.subject_id, DealContact.contact_id == entry.after["contact_id"]
        )
    )


_FIELD = Setting(
    lambda session, entry: session.get(Field, entry.subject_id),
    lambda session, entry: session.get_one(Field, entry.subject_id).name,
    _put_field,
)
_OPTION = Setting(
    lambda session, entry: session.get(FieldOption, entry.after["option_id"]),
    lambda session, entry: session.get_one(FieldOption, entry.after["option_id"]).name,
    _put_option,
)
_VIEW = Setting(
    lambda session, entry: session.get(View, entry.subject_id),
    lambda session, entry: session.get_one(View, entry.subject_id).name,
    _put_view,
)
_STAGE = Setting(
    lambda session, entry: session.get(Stage, entry.after["stage_id"]),
    lambda session, entry: said(entry, "stage"),
    _put_stage,
    _of_stage,
)
_PIPELINE = Setting(
    lambda session, entry: session.get(Pipeline, entry.subject_id),
    lambda session, entry: session.get_one(Pipeline, entry.subject_id).name,
    _put_line,
)
_TASK = Setting(
    lambda session, entry: session.get(Task, entry.after["task_id"]),
    lambda session, entry: session.get_one(Task, entry.after["task_id"]).title,
    _put_task,
)
_ROLE = Setting(
    _part,
    lambda session, entry: session.get_one(Deal, entry.subject_id).title,
    _put_role,
)

HANDLERS: Mapping[str, Handler] = {
    "field.edited": _FIELD.handler(),
    "field.option_edited": _OPTION.handler(),
    "view.renamed": _VIEW.handler(),
    "view.changed": _VIEW.handler(),
    "stage.edited": _STAGE.handler(),
    "pipeline.edited": _PIPELINE.handler(),
    "task.edited": _TASK.handler(),
    "deal.role_changed": _ROLE.handler(),
}
