"""Taking back who takes part, what was ticked off, which addresses somebody has, and who works in a pipeline."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from addon.domain.contacts import addressing
from addon.domain.contacts import queries as contacts
from addon.domain.deals import operations as deals
from addon.domain.deals import playbook
from addon.domain.tasks import operations as tasks
from addon.domain.undoing.scene import Handler, said
from addon.domain.undoing.switches import Switch, named
from addon.domain.views import operations as views
from addon.models import Activity, Address, ChecklistTick, Contact, Deal, DealContact, Task, View


def _contact_of(entry: Activity) -> int:
    return int(entry.after.get("contact_id") or entry.before["contact_id"])


def _takes_part(session: Session, entry: Activity) -> bool:
    part = select(DealContact.id).where(
        DealContact.deal_id == entry.subject_id, DealContact.contact_id == _contact_of(entry)
    )
    return session.scalar(part) is not None


def _join(session: Session, entry: Activity, at: datetime, cause: Activity | None) -> Activity | None:
    person = contacts.get(session, _contact_of(entry))
    role = said(entry, "role")
    return deals.add_person(session, entry.subject_id, person, role=role, at=at, cause=cause, undoes=entry)


def _leave(session: Session, entry: Activity, at: datetime, cause: Activity | None) -> Activity | None:
    return deals.remove_person(session, entry.subject_id, _contact_of(entry), at=at, cause=cause, undoes=entry)


def _person_in_deal(session: Session, entry: Activity) -> str:
    return f"{session.get_one(Contact, _contact_of(entry)).name}, {session.get_one(Deal, entry.subject_id).title}"


PERSON = Switch(
    "person", lambda entry: ("part", entry.subject_id, _contact_of(entry)), _takes_part, _join, _leave, _person_in_deal
)


def _is_ticked(session: Session, entry: Activity) -> bool:
    row = select(ChecklistTick.id).where(
        ChecklistTick.deal_id == entry.subject_id,
        ChecklistTick.stage_id == entry.after["stage_id"],
        ChecklistTick.item == entry.after["item"],
    )
    return session.scalar(row) is not None


def _tick(session: Session, entry: Activity, at: datetime, cause: Activity | None) -> Activity | None:
    step = entry.after["stage_id"], entry.after["item"]
    return playbook.tick(session, entry.subject_id, *step, at=at, cause=cause, undoes=entry)


def _untick(session: Session, entry: Activity, at: datetime, cause: Activity | None) -> Activity | None:
    step = entry.after["stage_id"], entry.after["item"]
    return playbook.untick(session, entry.subject_id, *step, at=at, cause=cause, undoes=entry)


TICK = Switch(
    "tick",
    lambda entry: ("tick", entry.subject_id, entry.after["stage_id"], entry.after["item"]),
    _is_ticked,
    _tick,
    _untick,
    lambda session, entry: said(entry, "text"),
)


def _has_address(session: Session, entry: Activity) -> bool:
    return session.get_one(Address, entry.after["address_id"]).contact_id == entry.subject_id


def _give_address(session: Session, entry: Activity, at: datetime, cause: Activity | None) -> Activity | None:
    email = session.get_one(Address, entry.after["address_id"]).email
    given = addressing.add(session, entry.subject_id, email, at=at, cause=cause, undoes=entry)
    held = {address.id: address for address in contacts.addresses_of(session, entry.subject_id)}
    if sorted(held) == sorted(entry.before["order"]):
        for position, address_id in enumerate(entry.before["order"]):  # where it stood, the first one included
            held[address_id].position = position
        session.flush()
    return given


def _take_address(session: Session, entry: Activity, at: datetime, cause: Activity | None) -> Activity | None:
    address_id = entry.after["address_id"]
    return addressing.take_away(session, entry.subject_id, address_id, at=at, cause=cause, undoes=entry)


ADDRESS = Switch(
    "address",
    lambda entry: ("address", entry.after["address_id"]),
    _has_address,
    _give_address,
    _take_address,
    named(Contact),
)


def _task(session: Session, entry: Activity) -> Task:
    return session.get_one(Task, entry.after["task_id"])


def _done(session: Session, entry: Activity, at: datetime, cause: Activity | None) -> Activity | None:
    return tasks.done(session, entry.after["task_id"], at=at, cause=cause, undoes=entry)


def _reopen(session: Session, entry: Activity, at: datetime, cause: Activity | None) -> Activity | None:
    return tasks.reopen(session, entry.after["task_id"], at=at, cause=cause, undoes=entry)


DONE = Switch(
    "done",
    lambda entry: ("done", entry.after["task_id"]),
    lambda session, entry: _task(session, entry).done_at is not None,
    _done,
    _reopen,
    lambda session, entry: _task(session, entry).title,
)


def _share(session: Session, entry: Activity, at: datetime, cause: Activity | None) -> Activity | None:
    return views.share(session, session.get_one(View, entry.subject_id).ref, True, at=at, cause=cause, undoes=entry)


def _unshare(session: Session, entry: Activity, at: datetime, cause: Activity | None) -> Activity | None:
    return views.share(session, session.get_one(View, entry.subject_id).ref, False, at=at, cause=cause, undoes=entry)


SHARED = Switch(
    "shared",
    lambda entry: ("shared", entry.subject_id),
    lambda session, entry: session.get_one(View, entry.subject_id).shared,
    _share,
    _unshare,
    named(View),
)

HANDLERS: Mapping[str, Handler] = {
    "deal.person_added": PERSON.went_on(),
    "deal.person_removed": PERSON.went_off(),
    "deal.ticked": TICK.went_on(),
    "deal.unticked": TICK.went_off(),
    "contact.address_added": ADDRESS.went_on(),
    "contact.address_removed": ADDRESS.went_off(),
    "task.done": DONE.went_on(),
    "task.reopened": DONE.went_off(),
    "view.shared": SHARED.went_on(),
    "view.unshared": SHARED.went_off(),
}
