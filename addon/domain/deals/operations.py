"""Changing what a deal holds."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from addon.domain.activity import operations as activity
from addon.domain.contacts import queries as contacts
from addon.domain.deals import queries, required
from addon.domain.deals.draft import DealDraft
from addon.domain.deals.limits import BelowNothing, NoTitle, TooMuch, check_title, check_value
from addon.domain.errors import DomainError
from addon.domain.fields import editing, stored
from addon.domain.fields.builtin import BUILTIN, builtin
from addon.domain.fields.checking import check
from addon.domain.fields.keys import FieldSpec, Kind, field_id_of
from addon.domain.teams import queries as teams
from addon.models import Activity, Contact, Deal, DealContact, Subject

__all__ = ["BelowNothing", "NoPart", "NoTitle", "TooMuch", "check_value"]

TEXT_FIELDS = {"title": 300, "product": 200, "channel": 200, "next_step": 300, "lost_reason": 300}
"""Built-in text fields and how many characters each holds."""

_ROLE = FieldSpec(key="role", subject=Subject.DEAL, kind=Kind.TEXT, longest=100)
_MOVES = ("stage", "stage_id", "pipeline", "pipeline_id")


class NoPart(DomainError):
    """The person has no part in the deal, or only as the one it is about."""

    code = "deals.no_part"


def check_draft(session: Session, draft: DealDraft) -> None:
    """Whatever can be wrong with a deal that is to be made, but where it begins.

    Raises NoTitle, BelowNothing, TooMuch, NotFound, Refused, UnknownField.
    """
    check_words(draft)
    _check_ids(
        session,
        {name: getattr(draft, name) for name in ("owner_id", "contact_id", "company_id", "referred_by_id")},
    )


def check_words(draft: DealDraft) -> None:
    """What can be wrong with it by itself. Raises NoTitle, BelowNothing, TooMuch, Refused."""
    check_title(draft.title)
    check_value(draft.value)
    for key in ("title", "product", "channel", "next_step"):
        _check_words(key, getattr(draft, key))


def fill(session: Session, deal: Deal, values: Mapping[str, Any]) -> None:
    """Put custom values into a deal that is being made: part of its first entry. Raises Refused, UnknownField."""
    if values:
        stored.set_values(session, Subject.DEAL, deal.id, values)


def edit(
    session: Session,
    deal_id: int,
    changes: Mapping[str, Any],
    *,
    at: datetime,
    cause: Activity | None = None,
    undoes: Activity | None = None,
) -> Activity | None:
    """Change built-in and custom fields in one act and note what they were; None where nothing differs.

    Keys: title, product, channel, next_step, lost_reason (texts); next_step_on, expected_close (date or None); value
    (Money or None); owner, contact, company, referred_by (ids or None; with `_id` too); f<id> (typed values). Raises
    NotFound, NoTitle, BelowNothing, TooMuch, RequiredHere, Refused, and KeyError for what only the ladder changes.
    """
    deal = queries.hold(session, deal_id)
    for key in _MOVES:
        if key in changes:
            raise KeyError(key)
    if "title" in changes:
        check_title(changes["title"])
    check_value(changes.get("value"))
    found = editing.columns(Subject.DEAL, changes)
    _check_ids(session, {name: value for name, value in found.items() if value != getattr(deal, name)})
    required.check_may_be_emptied(session, deal, _emptied(found, changes))
    noted = editing.write(session, Subject.DEAL, deal, found, changes)
    if noted is None:
        return None
    session.expire(deal, ["owner", "contact", "company"])
    return activity.record(
        session,
        "deal.edited",
        ("deal", deal.id),
        at=at,
        before=noted.before,
        after=noted.after,
        texts=noted.texts,
        cause=cause,
        undoes=undoes,
    )


def edits_of(session: Session, entry: Activity) -> tuple[dict[str, Any], dict[str, Any]]:
    """What a `deal.edited` entry changed: before and after, as `changes` for `edit`."""
    return editing.edits_of(session, Subject.DEAL, entry)


def add_person(
    session: Session,
    deal_id: int,
    contact: Contact,
    *,
    at: datetime,
    role: str = "",
    cause: Activity | None = None,
    undoes: Activity | None = None,
) -> Activity | None:
    """Give a person a part in a deal; None where they have one. Raises NotFound, Refused."""
    deal = queries.hold(session, deal_id)
    kept = _check_words("", role, _ROLE)
    if any(person.id == contact.id for person in queries.people(session, deal)) or _part(session, deal, contact.id):
        return None
    session.add(DealContact(deal_id=deal.id, contact_id=contact.id, role=kept, created_at=at))
    session.flush()
    return activity.record(
        session,
        "deal.person_added",
        ("deal", deal.id),
        at=at,
        after={"contact_id": contact.id},
        texts={"role": kept} if kept else None,
        cause=cause,
        undoes=undoes,
    )


def change_role(
    session: Session,
    deal_id: int,
    contact_id: int,
    role: str,
    *,
    at: datetime,
    cause: Activity | None = None,
    undoes: Activity | None = None,
) -> Activity | None:
    """Say what somebody's part in a deal is; None where it is said so. Raises NotFound, NoPart, Refused."""
    deal = queries.hold(session, deal_id)
    part = _part(session, deal, contact_id)
    if part is None:
        raise NoPart
    before, kept = part.role, _check_words("", role, _ROLE)
    if before == kept:
        return None
    part.role = kept
    session.flush()
    about = {"contact_id": contact_id}
    texts = {"before": {"role": before}, "after": {"role": kept}}
    return activity.record(
        session,
        "deal.role_changed",
        ("deal", deal.id),
        at=at,
        before=about,
        after=about,
        texts=texts,
        cause=cause,
        undoes=undoes,
    )


def remove_person(
    session: Session,
    deal_id: int,
    contact_id: int,
    *,
    at: datetime,
    cause: Activity | None = None,
    undoes: Activity | None = None,
) -> Activity:
    """Somebody has no part in the deal any more. Raises NotFound, NoPart."""
    deal = queries.hold(session, deal_id)
    part = _part(session, deal, contact_id)
    if part is None:
        raise NoPart
    role = part.role
    session.delete(part)
    session.flush()
    return activity.record(
        session,
        "deal.person_removed",
        ("deal", deal.id),
        at=at,
        before={"contact_id": contact_id},
        texts={"role": role} if role else None,
        cause=cause,
        undoes=undoes,
    )


def delete(
    session: Session, deal_id: int, *, at: datetime, cause: Activity | None = None, undoes: Activity | None = None
) -> Activity:
    """Take a deal away from every board; its diary stays. Raises NotFound."""
    deal = queries.hold(session, deal_id)
    deal.deleted_at = at
    session.flush()
    texts = {"title": deal.title}
    return activity.record(session, "deal.deleted", ("deal", deal.id), at=at, texts=texts, cause=cause, undoes=undoes)


def restore(
    session: Session, deal_id: int, *, at: datetime, cause: Activity | None = None, undoes: Activity | None = None
) -> Activity | None:
    """Bring a deleted deal back where it stood; None where it is there. Raises NotFound."""
    deal = queries.hold(session, deal_id, deleted=True)
    if deal.deleted_at is None:
        return None
    deal.deleted_at = None
    session.flush()
    texts = {"title": deal.title}
    return activity.record(session, "deal.restored", ("deal", deal.id), at=at, texts=texts, cause=cause, undoes=undoes)


def _emptied(found: Mapping[str, Any], changes: Mapping[str, Any]) -> set[str]:
    """Keys of the fields that are left with nothing."""
    built_in = {
        spec.key
        for spec in BUILTIN[Subject.DEAL]
        if spec.columns[0] in found and all(found[column] in (None, "") for column in spec.columns)
    }
    custom = {key: value for key, value in changes.items() if field_id_of(key) is not None}
    return built_in | {key for key, value in custom.items() if _is_nothing(value)}


def _is_nothing(value: object) -> bool:
    """A zero is something."""
    return value is None or value is False or (isinstance(value, str) and not value.strip()) or value == frozenset()


def _check_words(key: str, given: str, spec: FieldSpec | None = None) -> str:
    told = spec or builtin(Subject.DEAL, key)
    return str(check(told, given) or "") if told else given


def _check_ids(session: Session, found: Mapping[str, Any]) -> None:
    if found.get("owner_id"):
        teams.get_user(session, found["owner_id"])
    for name in ("contact_id", "referred_by_id"):
        if found.get(name):
            contacts.get(session, found[name])
    if found.get("company_id"):
        contacts.get_company(session, found["company_id"])


def _part(session: Session, deal: Deal, contact_id: int) -> DealContact | None:
    return session.scalar(
        select(DealContact).where(DealContact.deal_id == deal.id, DealContact.contact_id == contact_id)
    )
