"""The forms of a person and of a company: every field that can be typed, and what somebody else wrote meanwhile."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from addon.domain.activity import queries as activity
from addon.domain.contacts import queries as contacts
from addon.domain.errors import NotFound
from addon.domain.fields import finding, queries, stored
from addon.domain.fields.checking import Typed
from addon.domain.fields.keys import FieldSpec, Kind
from addon.i18n import Words
from addon.models import Company, Contact, Subject
from addon.web.diary.acts import Teller
from addon.web.diary.deal_race import WAS, Race, mixed, race
from addon.web.fields import field_inputs
from addon.web.fields.forms import FieldView, Form, with_errors

SUGGESTED = 500
"""Names in a list of suggestions."""
_WIDE = ("area", "checks")


@dataclass(frozen=True)
class Answer:
    """What was typed, as far as it could be understood."""

    values: Mapping[str, Typed | None]
    errors: Mapping[str, str]
    new_company: str = ""
    """A company that nobody knows yet: it is added with the person."""


def typed_fields(session: Session, subject: Subject) -> list[FieldSpec]:
    return [spec for spec in queries.specs(session, subject) if spec.editable]


def standing(session: Session, row: Contact | Company, specs: Sequence[FieldSpec]) -> dict[str, Typed]:
    """What stands in these fields; empty ones are not there."""
    subject = Subject.CONTACT if isinstance(row, Contact) else Subject.COMPANY
    found = dict(stored.read_many(session, subject, [row.id], [spec for spec in specs if spec.custom]).get(row.id, {}))
    for spec in specs:
        if spec.custom or not spec.columns:
            continue
        value = getattr(row, spec.columns[0])
        if value not in (None, ""):
            found[spec.key] = value
    return found


def shown(session: Session, row: Contact | Company, specs: Sequence[FieldSpec]) -> dict[str, str]:
    """The same, as the form holds it, each field with a text."""
    given = field_inputs.given(session, specs, standing(session, row, specs))
    return {spec.key: given.get(spec.key, "") for spec in specs}


def form(session: Session, specs: Sequence[FieldSpec], given: Mapping[str, str], say: Words) -> Form:
    """A control for each field, with what is in it."""
    made = field_inputs.controls(session, specs, given, say)
    return [_hinted(field, say) for field in made]


def email_control(given: str, say: Words) -> FieldView:
    return FieldView(
        name="email",
        label=say("fields.contact.email"),
        value=given,
        kind="email",
        limit=320,
        optional=say("web.fields.optional"),
        hint=say("people.email_hint"),
    )


def typed_of(given: MultiDict[str, str], specs: Sequence[FieldSpec]) -> dict[str, str]:
    """What was typed into the controls that the form had: a field that was made since is not among them."""
    return {spec.key: field_inputs.typed(given, spec) for spec in specs if spec.key in given or WAS + spec.key in given}


def compare(given: MultiDict[str, str], specs: Sequence[FieldSpec], now: Mapping[str, str]) -> Race:
    """What the person touched, and what of it somebody else wrote meanwhile."""
    was = {WAS + key: given[WAS + key].replace("\r\n", "\n") for key in now if WAS + key in given}
    return race({**typed_of(given, specs), **was}, now)


def read(session: Session, given: MultiDict[str, str], specs: Sequence[FieldSpec], say: Words) -> Answer:
    """Understand what was typed. A person's company may be a new one."""
    posted = field_inputs.read(session, specs, given, say)
    values, errors, new = dict(posted.values), dict(posted.errors), ""
    if "company" in errors:
        name = field_inputs.typed(given, next(spec for spec in specs if spec.key == "company"))
        if not name.startswith("#") and len(name) <= 300 and not finding.Finding(session).find(Kind.COMPANY, name):
            new = name
            del errors["company"]
    return Answer(values, errors, new)


def company_names(session: Session) -> Sequence[str]:
    """For the list of suggestions."""
    names = select(Company.name).where(Company.deleted_at.is_(None)).distinct().order_by(Company.name)
    return session.scalars(names.limit(SUGGESTED)).all()


def suggestions(session: Session, specs: Sequence[FieldSpec]) -> dict[str, Sequence[str]]:
    """Lists of suggestions by their id, of those that these fields need."""
    kinds, lists = {spec.kind for spec in specs}, {}
    if Kind.COMPANY in kinds:
        lists["companies"] = company_names(session)
    if Kind.CONTACT in kinds:
        people = contacts.everybody(session, limit=SUGGESTED)
        held = contacts.with_addresses(session, [person.id for person in people])
        lists["people"] = [held[person.id][0].email for person in people if held[person.id]]
    return lists


def who_was_first(session: Session, subject: Subject, number: int, keys: Collection[str], teller: Teller) -> Any:
    """The person whose words stand in these fields, and when they wrote them."""
    wanted = {*keys, *(f"{key}_id" for key in keys)}
    for entry in activity.of_subject(session, subject.value, number):
        texts = entry.detail.texts.get("after", {}) if entry.detail else {}
        if entry.kind == f"{subject}.edited" and wanted & {*entry.after, *texts}:
            return teller.actor(entry), teller.say.ago(entry.at, now=teller.now)
    return teller.say("web.acts.who.somebody"), teller.say("web.deal.meanwhile")


def deletion(session: Session, subject: Subject, number: int) -> int | None:
    """The act that deleted a person or a company that is not there; None where they are, or never were."""
    try:
        (contacts.get if subject is Subject.CONTACT else contacts.get_company)(session, number)
    except NotFound:
        entry = contacts.deletion_of(session, subject.value, number)
        return entry.id if entry is not None else None
    return None


def is_wide(field: FieldView) -> bool:
    """Takes a whole line of the form."""
    return field.kind in _WIDE or field.name in ("name", "domain")


def _hinted(field: FieldView, say: Words) -> FieldView:
    key = f"people.hints.{field.name}"
    return replace(field, hint=say(key)) if not field.hint and say.has(key) else field


def was(given: MultiDict[str, str], now: Mapping[str, str]) -> dict[str, str]:
    """What the form showed when it was opened."""
    return {key: given.get(WAS + key, value) for key, value in now.items()}


def after_lost_race(
    session: Session,
    subject: Subject,
    number: int,
    specs: Sequence[FieldSpec],
    given: MultiDict[str, str],
    now: Mapping[str, str],
    ran: Race,
    teller: Teller,
) -> tuple[Form, str]:
    """The form with what was typed, beside what stands there now; and who was first."""
    say = teller.say
    shown_again = mixed(typed_of(given, specs), now, ran.touched)
    stands = {field.name: field for field in form(session, specs, now, say)}
    taken = {name: say("web.deal.stands_now", given=_read_out(stands[name], say)) for name in ran.lost}
    who, when = who_was_first(session, subject, number, ran.lost, teller)
    lost = say(f"people.lost_race.{subject}", who=who, when=when)
    return with_errors(form(session, specs, shown_again, say), taken), lost


def _read_out(field: FieldView, say: Words) -> str:
    """What stands in a field, as a person reads it."""
    if field.kind == "check":
        return say("fields.checked") if field.value else say("web.deal.unknown")
    chosen = dict(field.choices)
    parts = field.value.split(";") if field.kind == "checks" else [field.value]
    return ", ".join(chosen.get(part, part) for part in parts if part) or say("web.deal.unknown")
