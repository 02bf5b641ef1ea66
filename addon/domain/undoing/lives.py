"""Taking back that something was made, deleted or brought back: deals, people, companies, tasks, views, fields."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import Session

from addon.domain.contacts import companies
from addon.domain.contacts import operations as contacts
from addon.domain.deals import operations as deals
from addon.domain.fields import operations as fields
from addon.domain.fields import options
from addon.domain.fields.queries import VALUE_OF
from addon.domain.tasks import operations as tasks
from addon.domain.undoing.scene import Handler, Scene
from addon.domain.undoing.switches import Act, Switch, alive, named, subject
from addon.domain.views import operations as views
from addon.models import Activity, Company, Contact, Deal, DealContact, Field, FieldOption, Subject, Task, View


def _calls(act: Callable[..., Any], key: Callable[[Session, Activity], Any] | None = None) -> Act:
    """The room's own act on the entry's subject."""

    def call(session: Session, entry: Activity, at: datetime, cause: Activity | None) -> Activity | None:
        meant = key(session, entry) if key else entry.subject_id
        done: Activity | None = act(session, meant, at=at, cause=cause, undoes=entry)
        return done

    return call


def _later_acts(scene: Scene, entry: Activity, title: str) -> None:
    scene.refuse_for_later(entry, title)


def _deals_of(scene: Scene, entry: Activity, title: str) -> None:
    """A person or a company is needed by the deals that it takes part in, a company by its people."""
    scene.refuse_for_later(entry, title)
    if entry.subject_kind == Subject.CONTACT:
        part = exists().where(DealContact.deal_id == Deal.id, DealContact.contact_id == entry.subject_id)
        needed = select(Deal).where(or_(Deal.contact_id == entry.subject_id, part), Deal.deleted_at.is_(None))
    else:
        needed = select(Deal).where(Deal.company_id == entry.subject_id, Deal.deleted_at.is_(None))
        people = select(Contact).where(Contact.company_id == entry.subject_id, Contact.deleted_at.is_(None))
        for person in scene.session.scalars(people.limit(_LISTED)):
            if scene.now((Subject.CONTACT, person.id), lambda: True):
                scene.refuse("undoing.needed_by", title=title, other=person.name)
    for deal in scene.session.scalars(needed.order_by(Deal.id).limit(_LISTED)):
        if scene.now((Subject.DEAL, deal.id), lambda: True):
            scene.refuse("undoing.needed_by", title=title, other=deal.title)


def _held_values(scene: Scene, entry: Activity, title: str) -> None:
    """What was written into a field since is not thrown away."""
    field = scene.session.get_one(Field, entry.subject_id)
    table = VALUE_OF[Subject(field.subject)]
    count = scene.session.scalar(select(func.count()).select_from(table).where(table.field_id == field.id))
    if count:
        scene.refuse("undoing.holds_values", title=title, n=count)


def _chosen(scene: Scene, entry: Activity, title: str) -> None:
    option = _option(scene.session, entry)
    field = scene.session.get_one(Field, option.field_id)
    table = VALUE_OF[Subject(field.subject)]
    count = scene.session.scalar(select(func.count()).select_from(table).where(table.option_id == option.id))
    if count:
        scene.refuse("undoing.holds_values", title=option.name, n=count)


def _option(session: Session, entry: Activity) -> FieldOption:
    return session.get_one(FieldOption, entry.after["option_id"])


def _task(session: Session, entry: Activity) -> Task:
    return session.get_one(Task, entry.after["task_id"])


def _ref(session: Session, entry: Activity) -> str:
    return session.get_one(View, entry.subject_id).ref


_LISTED = 5

DEAL = Switch(
    "deal",
    subject,
    alive(Deal),
    _calls(deals.restore),
    _calls(deals.delete),
    named(Deal, "title"),
    _later_acts,
)
CONTACT = Switch(
    "contact",
    subject,
    alive(Contact),
    _calls(contacts.restore),
    _calls(contacts.delete),
    named(Contact),
    _deals_of,
)
COMPANY = Switch(
    "company",
    subject,
    alive(Company),
    _calls(companies.restore),
    _calls(companies.delete),
    named(Company),
    _deals_of,
)
FIELD = Switch(
    "field",
    subject,
    alive(Field),
    _calls(fields.restore),
    _calls(fields.delete),
    named(Field),
    _held_values,
)
OPTION = Switch(
    "option",
    lambda entry: ("option", entry.after["option_id"]),
    lambda session, entry: _option(session, entry).deleted_at is None,
    _calls(options.restore, lambda session, entry: entry.after["option_id"]),
    _calls(options.delete, lambda session, entry: entry.after["option_id"]),
    named(Field),
    _chosen,
)
VIEW = Switch(
    "view",
    subject,
    alive(View),
    _calls(views.restore, _ref),
    _calls(views.delete, _ref),
    named(View),
)
TASK = Switch(
    "task",
    lambda entry: ("task", entry.after["task_id"]),
    lambda session, entry: _task(session, entry).deleted_at is None,
    _calls(tasks.restore, lambda session, entry: entry.after["task_id"]),
    _calls(tasks.delete, lambda session, entry: entry.after["task_id"]),
    lambda session, entry: _task(session, entry).title,
)
_SWITCHES: Mapping[str, Switch] = {
    "deal": DEAL,
    "contact": CONTACT,
    "company": COMPANY,
    "field": FIELD,
    "view": VIEW,
    "task": TASK,
}

HANDLERS: Mapping[str, Handler] = {
    **{f"{name}.created": switch.went_on() for name, switch in _SWITCHES.items()},
    **{f"{name}.restored": switch.came_back() for name, switch in _SWITCHES.items()},
    **{f"{name}.deleted": switch.went_off() for name, switch in _SWITCHES.items()},
    "field.option_added": OPTION.went_on(),
    "field.option_restored": OPTION.came_back(),
    "field.option_deleted": OPTION.went_off(),
}
