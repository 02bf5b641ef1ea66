"""Taking back in which order things stand: fields, choices, stages, pipelines, the addresses of a person."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from addon.domain.contacts import addressing
from addon.domain.contacts import queries as contacts
from addon.domain.fields import operations as fields
from addon.domain.fields import options
from addon.domain.fields import queries as field_queries
from addon.domain.pipelines import operations as pipelines
from addon.domain.pipelines import queries as pipeline_queries
from addon.domain.pipelines import shaping
from addon.domain.undoing.scene import Handler, Scene
from addon.models import Activity, Field, Pipeline, Subject


@dataclass(frozen=True)
class Order:
    standing: Callable[[Session, Activity], Sequence[int]]
    put: Callable[[Session, Activity, Sequence[int], datetime, Activity | None], Activity | None]

    def handler(self) -> Handler:
        return Handler(self._look, self._take_back)

    def _look(self, scene: Scene, entry: Activity) -> None:
        scene.takes_back("undoing.order", entry=entry.id)
        thing = (entry.kind, entry.subject_id, entry.after.get("subject"))
        if list(scene.now(thing, lambda: self.standing(scene.session, entry))) != entry.after["order"]:
            scene.refuse("undoing.order_changed")
        scene.changed[thing] = entry.before["order"]

    def _take_back(self, session: Session, entry: Activity, at: datetime, cause: Activity | None) -> Activity | None:
        return self.put(session, entry, entry.before["order"], at, cause)


def _fields(session: Session, entry: Activity) -> Sequence[int]:
    live = select(Field.id).where(Field.subject == entry.after["subject"], Field.deleted_at.is_(None))
    return session.scalars(live.order_by(Field.position, Field.id)).all()


def _pipelines(session: Session, _entry: Activity) -> Sequence[int]:
    return session.scalars(select(Pipeline.id).order_by(Pipeline.position, Pipeline.id)).all()


HANDLERS: Mapping[str, Handler] = {
    "fields.ordered": Order(
        _fields,
        lambda session, entry, order, at, cause: fields.order(
            session, Subject(entry.after["subject"]), order, at=at, cause=cause, undoes=entry
        ),
    ).handler(),
    "field.options_ordered": Order(
        lambda session, entry: [each.id for each in field_queries.options_of(session, entry.subject_id)],
        lambda session, entry, order, at, cause: options.order(
            session, entry.subject_id, order, at=at, cause=cause, undoes=entry
        ),
    ).handler(),
    "stages.reordered": Order(
        lambda session, entry: [stage.id for stage in pipeline_queries.stages(session, entry.subject_id)],
        lambda session, entry, order, at, cause: shaping.reorder_stages(
            session, entry.subject_id, order, at=at, cause=cause, undoes=entry
        ),
    ).handler(),
    "pipelines.reordered": Order(
        _pipelines,
        lambda session, entry, order, at, cause: pipelines.reorder(session, order, at=at, cause=cause, undoes=entry),
    ).handler(),
    "contact.addresses_ordered": Order(
        lambda session, entry: [address.id for address in contacts.addresses_of(session, entry.subject_id)],
        lambda session, entry, order, at, cause: addressing.put_in_order(
            session, entry.subject_id, order, at=at, cause=cause, undoes=entry
        ),
    ).handler(),
}
