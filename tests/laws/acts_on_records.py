"""What people do to deals, people, fields, tasks, views and many things at once, and the entries it writes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from addon.domain.bulk import operations as bulk
from addon.domain.contacts import operations as contacts
from addon.domain.deals import operations as deals
from addon.domain.fields import operations as fields
from addon.domain.imports import mapping
from addon.domain.imports import operations as imports
from addon.domain.tasks import operations as tasks
from addon.domain.views import asking
from addon.domain.views import operations as views
from addon.models import Address, BulkKind, Contact, Deal, FieldKind, Subject
from tests.domain.team_at_work import ANNA, BEN, JANE, MONDAY, TeamAtWork

LATER = MONDAY + timedelta(hours=1)
W = "Quaggaword"
"""Stands in every name and text that a person gives here."""

Act = Callable[[Session, TeamAtWork], Any]


def _deal(session: Session) -> int:
    return session.scalars(select(Deal.id).order_by(Deal.id)).first() or 0


def _jane(session: Session) -> Contact:
    whose = select(Address.contact_id).where(Address.email == JANE)
    return session.scalars(select(Contact).where(Contact.id.in_(whose))).one()


def _part(session: Session) -> int:
    """Somebody who takes part in the deal besides."""
    person = contacts.create(session, f"{W}@acme.example", at=MONDAY, name=W)
    deals.add_person(session, _deal(session), person, at=MONDAY, role=W)
    return person.id


def _field(session: Session) -> int:
    return fields.create(session, Subject.DEAL, FieldKind.TEXT, W, at=MONDAY).id


def _task(session: Session, team: TeamAtWork) -> int:
    return tasks.create(session, W, assignee_id=team.users[ANNA], at=MONDAY, deal_id=_deal(session)).id


def _view(session: Session) -> str:
    return views.save(session, W, asking.standard(Subject.DEAL), at=MONDAY).ref


def _bulk(session: Session) -> int:
    return bulk.start(session, BulkKind.EDIT, Subject.DEAL, [_deal(session)], {"product": W}, at=MONDAY).id


def _import(session: Session) -> int:
    made = imports.start(session, Subject.CONTACT, f"{W}.csv", f"email,name\n{W}@x.example,{W}\n".encode(), at=MONDAY)
    mapping.choose(session, made.id, mapping.suggest(session, made.id), at=MONDAY)
    return made.id


def _begun(session: Session) -> int:
    import_id = _import(session)
    imports.begin(session, import_id, at=MONDAY)
    return import_id


_PART = {"contact.created", "deal.person_added"}

ACTS: dict[str, tuple[Act, set[str]]] = {
    "contacts.create_unaddressed": (
        lambda s, t: contacts.create_unaddressed(s, {"name": W}, at=MONDAY),
        {"contact.created"},
    ),
    "contacts.edit": (
        lambda s, t: contacts.edit(s, _jane(s).id, {"name": W, "job": W, "phone": "+48 1"}, at=MONDAY),
        {"contact.edited"},
    ),
    "contacts.delete": (lambda s, t: contacts.delete(s, _jane(s).id, at=MONDAY), {"contact.deleted"}),
    "contacts.restore": (
        lambda s, t: (p := _jane(s).id, contacts.delete(s, p, at=MONDAY), contacts.restore(s, p, at=LATER)),
        {"contact.deleted", "contact.restored"},
    ),
    "deals.change_role": (
        lambda s, t: deals.change_role(s, _deal(s), _part(s), f"{W} 2", at=MONDAY),
        {*_PART, "deal.role_changed"},
    ),
    "deals.remove_person": (
        lambda s, t: deals.remove_person(s, _deal(s), _part(s), at=MONDAY),
        {*_PART, "deal.person_removed"},
    ),
    "deals.restore": (
        lambda s, t: (deals.delete(s, _deal(s), at=MONDAY), deals.restore(s, _deal(s), at=LATER)),
        {"deal.deleted", "deal.restored"},
    ),
    "fields.create": (lambda s, t: _field(s), {"field.created"}),
    "fields.add_ready_set": (
        lambda s, t: fields.add_ready_set(s, "bant", lambda key: f"{W} {key}", at=MONDAY),
        {"field.created", "field.option_added"},
    ),
    "fields.edit": (
        lambda s, t: fields.edit(s, _field(s), name=f"{W} 2", at=MONDAY),
        {"field.created", "field.edited"},
    ),
    "fields.order": (
        lambda s, t: (
            one := _field(s),
            two := fields.create(s, Subject.DEAL, FieldKind.DATE, f"{W} 2", at=MONDAY).id,
            fields.order(s, Subject.DEAL, [two, one], at=MONDAY),
        ),
        {"field.created", "fields.ordered"},
    ),
    "fields.delete": (lambda s, t: fields.delete(s, _field(s), at=MONDAY), {"field.created", "field.deleted"}),
    "fields.restore": (
        lambda s, t: (f := _field(s), fields.delete(s, f, at=MONDAY), fields.restore(s, f, at=LATER)),
        {"field.created", "field.deleted", "field.restored"},
    ),
    "tasks.create": (lambda s, t: _task(s, t), {"task.created"}),
    "tasks.edit": (
        lambda s, t: tasks.edit(s, _task(s, t), {"title": f"{W} 2", "assignee_id": t.users[BEN]}, at=MONDAY),
        {"task.created", "task.edited"},
    ),
    "tasks.done": (lambda s, t: tasks.done(s, _task(s, t), at=MONDAY), {"task.created", "task.done"}),
    "tasks.reopen": (
        lambda s, t: (k := _task(s, t), tasks.done(s, k, at=MONDAY), tasks.reopen(s, k, at=LATER)),
        {"task.created", "task.done", "task.reopened"},
    ),
    "tasks.delete": (lambda s, t: tasks.delete(s, _task(s, t), at=MONDAY), {"task.created", "task.deleted"}),
    "tasks.restore": (
        lambda s, t: (k := _task(s, t), tasks.delete(s, k, at=MONDAY), tasks.restore(s, k, at=LATER)),
        {"task.created", "task.deleted", "task.restored"},
    ),
    "views.save": (lambda s, t: _view(s), {"view.created"}),
    "views.rename": (
        lambda s, t: views.rename(s, _view(s), f"{W} 2", at=MONDAY),
        {"view.created", "view.renamed"},
    ),
    "views.put": (
        lambda s, t: views.put(s, _view(s), {"group_by": "owner"}, at=MONDAY),
        {"view.created", "view.changed"},
    ),
    "views.share": (lambda s, t: views.share(s, _view(s), True, at=MONDAY), {"view.created", "view.shared"}),
    "views.delete": (lambda s, t: views.delete(s, _view(s), at=MONDAY), {"view.created", "view.deleted"}),
    "views.restore": (
        lambda s, t: (v := _view(s), views.delete(s, v, at=MONDAY), views.restore(s, v, at=LATER)),
        {"view.created", "view.deleted", "view.restored"},
    ),
    "bulk.start": (lambda s, t: _bulk(s), {"bulk.started"}),
    "bulk.run_slice": (lambda s, t: bulk.run_slice(s, _bulk(s), at=LATER), {"bulk.started", "deal.edited"}),
    "imports.begin": (lambda s, t: _begun(s), {"import.begun"}),
    "imports.stop": (lambda s, t: imports.stop(s, _begun(s), at=LATER), {"import.begun", "import.stopped"}),
}

SAID_ELSEWHERE = {
    "bulk.begin": "part of bulk.start",
    "contacts.edits_of": "asks",
    "deals.edits_of": "asks",
    "deals.check_draft": "asks",
    "deals.check_words": "asks",
    "deals.fill": "part of deal.created",
    "imports.act_of": "asks",
    "imports.choose": "a draft, which is nobody's act yet",
    "imports.draft": "a draft",
    "imports.start": "a draft: a file that was put there to be looked at",
    "imports.erase_file": "what is kept of an import grows less",
    "imports.give_up": "a draft goes with its file",
    "imports.finish": "import.done (tests/domain/imports)",
    "undoing.run_slice": "bulk.run_slice, and what the undo of many writes (tests/domain/bulk)",
    "views.change": "views.put",
}
