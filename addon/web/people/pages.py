"""People: the list of all, a person's page, and the forms that make, change and delete one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from addon import clock
from addon.domain.activity import queries as activity
from addon.domain.contacts import companies, operations
from addon.domain.contacts import queries as contacts
from addon.domain.errors import DomainError, NotFound
from addon.domain.fields.keys import field_id_of
from addon.models import Contact, Subject
from addon.web import refusals
from addon.web.boards import pages as boards
from addon.web.diary.acts import Teller
from addon.web.diary.deal_race import Race, mixed
from addon.web.fields.forms import Form, with_errors
from addon.web.people import contact_form
from addon.web.people.contact_form import Answer
from addon.web.people.contact_view import person_view
from addon.web.seat import reading, seat, writing
from addon.web.tasks import task_view
from addon.web.views import asked

bp = Blueprint("people", __name__)


@bp.get("/people")
def listing() -> ResponseReturnValue:
    with reading() as session:
        return boards.draw(session, asked.whole(session, Subject.CONTACT, request.args, "/people"))


@bp.get("/people/<int:contact_id>")
def page(contact_id: int) -> ResponseReturnValue:
    """Of a deleted person the list of all, with the way back."""
    with reading() as session:
        gone = contact_form.deletion(session, Subject.CONTACT, contact_id)
    return redirect(url_for("web.people.listing", done=gone)) if gone else draw(contact_id)


def draw(
    contact_id: int,
    *,
    typed: str = "",
    error: str = "",
    task: Mapping[str, str] | None = None,
    task_errors: Mapping[str, str] | None = None,
) -> str:
    """The page; `typed` is an address that was refused, and `error` why; `task` a task that was."""
    done = request.args.get("done", type=int) or 0
    with reading() as session:
        who = person_view(
            session,
            contact_id,
            seat().words,
            reader_id=seat().user_id,
            now=clock.now(),
            whole="all" in request.args,
            done=done if 0 < done < 2**31 else 0,
        )
        given = dict(task) if task is not None else {"assignee_id": str(seat().user_id)}
        asked_for = task_view.form(session, seat().words, given, dict(task_errors or {}))
    here = url_for("web.people.page", contact_id=contact_id)
    return render_template(
        "web/person.html",
        who=who,
        typed=typed,
        error=error,
        task_form=asked_for,
        task_open=bool(task_errors),
        here=here,
    )


@bp.get("/people/new")
def new() -> ResponseReturnValue:
    with reading() as session:
        given = {"owner": f"#{seat().user_id}", "company": _company_asked(session)}
        specs = contact_form.typed_fields(session, Subject.CONTACT)
        return _form_page(session, _form(session, specs, given, ""))


@bp.post("/people/new")
def create() -> ResponseReturnValue:
    """With an address or without; one that somebody has already is theirs."""
    say = seat().words
    with writing() as session:
        specs = contact_form.typed_fields(session, Subject.CONTACT)
        answer = contact_form.read(session, request.form, specs, say)
        errors = dict(answer.errors)
        email = request.form.get("email", "").strip()[:320]
        if "name" in errors and (email or answer.values.get("first_name") or answer.values.get("last_name")):
            del errors["name"]  # what else was said makes a name
        known = contacts.by_email(session, email) if email else None
        if known is not None:
            errors["email"] = say("contacts.address_taken", email=email, name=known.name)
        if not errors:
            try:
                with session.begin_nested():
                    made = _made(session, email, answer)
                    done = _act(session, made)
                return redirect(url_for("web.people.page", contact_id=made.id, done=done))
            except NotFound:
                raise
            except DomainError as error:
                errors[str(error.params.get("key") or "email")] = refusals.refusal(say, error)
        form = with_errors(_form(session, specs, contact_form.typed_of(request.form, specs), email), errors)
        return _form_page(session, form), 422


@bp.get("/people/<int:contact_id>/edit")
def edit(contact_id: int) -> ResponseReturnValue:
    with reading() as session:
        who = contacts.get(session, contact_id)
        specs = contact_form.typed_fields(session, Subject.CONTACT)
        now = contact_form.shown(session, who, specs)
        return _form_page(session, contact_form.form(session, specs, now, seat().words), who=who, was=now)


@bp.post("/people/<int:contact_id>/edit")
def save(contact_id: int) -> ResponseReturnValue:
    """Only what the person touched is written; what somebody else wrote into the same field meanwhile stays."""
    say = seat().words
    with writing() as session:
        who = contacts.hold(session, contact_id)
        specs = contact_form.typed_fields(session, Subject.CONTACT)
        now = contact_form.shown(session, who, specs)
        ran = contact_form.compare(request.form, specs, now)
        if ran.lost:
            return _lost_race(session, who, now, ran), 409
        touched = [spec for spec in specs if spec.key in ran.touched]
        answer = contact_form.read(session, request.form, touched, say)
        errors = dict(answer.errors)
        if not errors:
            try:
                with session.begin_nested():
                    entry = operations.edit(session, who.id, _changes(session, answer), at=clock.now())
                    done = entry.id if entry else None
                return redirect(url_for("web.people.page", contact_id=contact_id, done=done))
            except NotFound:
                raise
            except DomainError as error:
                errors[str(error.params.get("key") or "name")] = refusals.refusal(say, error)
        given = mixed(contact_form.typed_of(request.form, specs), now, ran.touched)
        form = with_errors(contact_form.form(session, specs, given, say), errors)
        return _form_page(session, form, who=who, was=contact_form.was(request.form, now)), 422


@bp.post("/people/<int:contact_id>/delete")
def delete(contact_id: int) -> ResponseReturnValue:
    """At once: Undo brings the person back."""
    with writing() as session:
        done = operations.delete(session, contact_id, at=clock.now()).id
    return redirect(url_for("web.people.listing", done=done))


def _made(session: Session, email: str, answer: Answer) -> Contact:
    now, values = clock.now(), _changes(session, answer)
    if not email:
        return operations.create_unaddressed(session, values, at=now)
    custom = {key: value for key, value in values.items() if field_id_of(key) is not None}
    company_id = values.get("company")
    return operations.create(
        session,
        email,
        at=now,
        name=values.get("name") or "",
        first_name=values.get("first_name") or "",
        last_name=values.get("last_name") or "",
        phone=values.get("phone") or "",
        locale=values.get("locale") or "",
        title=values.get("job") or "",
        company=contacts.get_company(session, company_id) if company_id else None,
        owner_id=values.get("owner"),
        values=custom,
    )


def _changes(session: Session, answer: Answer) -> dict[str, Any]:
    """A company that nobody knows yet is added, in the transaction of the person's act."""
    values: dict[str, Any] = {key: value for key, value in answer.values.items() if value is not None or key != "name"}
    if answer.new_company:
        values["company"] = companies.create(session, answer.new_company, at=clock.now()).id
    return values


def _act(session: Session, made: Contact) -> int:
    diary = activity.of_subject(session, "contact", made.id)
    return next(entry.id for entry in diary if entry.kind == "contact.created")


def _company_asked(session: Session) -> str:
    """The company that the link to the form named."""
    number = request.args.get("company", type=int) or 0
    if not 0 < number < 2**31:
        return ""
    try:
        name = contacts.get_company(session, number).name
    except NotFound:
        return ""
    return name if len(contacts.companies_named(session, name)) == 1 else f"#{number}"


def _form(session: Session, specs: list[Any], given: Mapping[str, str], email: str) -> Form:
    say = seat().words
    made = list(contact_form.form(session, specs, given, say))
    place = next((n for n, field in enumerate(made) if field.name == "last_name"), 0)
    return [*made[: place + 1], contact_form.email_control(email, say), *made[place + 1 :]]


def _lost_race(session: Session, who: Contact, now: dict[str, str], ran: Race) -> str:
    """Nothing is written; what was typed stays in its field, beside what stands there now."""
    specs = contact_form.typed_fields(session, Subject.CONTACT)
    teller = Teller(session, seat().words, seat().user_id, clock.now())
    form, lost = contact_form.after_lost_race(session, Subject.CONTACT, who.id, specs, request.form, now, ran, teller)
    return _form_page(session, form, who=who, was=now, lost=lost)


def _form_page(session: Session, form: Form, *, who: Contact | None = None, **more: Any) -> str:
    say = seat().words
    back = url_for("web.people.page", contact_id=who.id) if who else url_for("web.people.listing")
    return render_template(
        "web/people_form.html",
        form=form,
        heading=say("people.edit_person", name=who.name) if who else say("people.new_person"),
        button=say("web.deal.save") if who else say("people.add_person"),
        back=back,
        lists=contact_form.suggestions(session, contact_form.typed_fields(session, Subject.CONTACT)),
        is_wide=contact_form.is_wide,
        **{"was": {}, "lost": "", **more},
    )
