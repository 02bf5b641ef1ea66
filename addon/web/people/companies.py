"""Companies: the list of all, a company's page, and the forms that make, change and delete one."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from addon import clock
from addon.domain.activity import queries as activity
from addon.domain.contacts import companies as operations
from addon.domain.contacts import queries as contacts
from addon.domain.errors import DomainError, NotFound
from addon.domain.fields.keys import field_id_of
from addon.models import Company, Subject
from addon.web import refusals
from addon.web.boards import pages as boards
from addon.web.diary.acts import Teller
from addon.web.diary.deal_race import Race, mixed
from addon.web.fields.forms import Form, with_errors
from addon.web.people import contact_form
from addon.web.people.company_view import company_view
from addon.web.people.contact_form import Answer
from addon.web.seat import reading, seat, writing
from addon.web.views import asked

bp = Blueprint("companies", __name__)


@bp.get("/companies")
def listing() -> ResponseReturnValue:
    with reading() as session:
        return boards.draw(session, asked.whole(session, Subject.COMPANY, request.args, "/companies"))


@bp.get("/companies/<int:company_id>")
def page(company_id: int) -> ResponseReturnValue:
    """Of a deleted company the list of all, with the way back."""
    done = request.args.get("done", type=int) or 0
    with reading() as session:
        gone = contact_form.deletion(session, Subject.COMPANY, company_id)
        if gone:
            return redirect(url_for("web.companies.listing", done=gone))
        firm = company_view(
            session,
            company_id,
            seat().words,
            reader_id=seat().user_id,
            now=clock.now(),
            whole="all" in request.args,
            done=done if 0 < done < 2**31 else 0,
        )
    return render_template("web/company.html", firm=firm)


@bp.get("/companies/new")
def new() -> ResponseReturnValue:
    with reading() as session:
        specs = contact_form.typed_fields(session, Subject.COMPANY)
        given = {"owner": f"#{seat().user_id}"}
        return _form_page(session, contact_form.form(session, specs, given, seat().words))


@bp.post("/companies/new")
def create() -> ResponseReturnValue:
    say = seat().words
    with writing() as session:
        specs = contact_form.typed_fields(session, Subject.COMPANY)
        answer = contact_form.read(session, request.form, specs, say)
        errors = dict(answer.errors)
        if not errors:
            try:
                with session.begin_nested():
                    made = _made(session, answer)
                    diary = activity.of_subject(session, "company", made.id)
                    done = next(entry.id for entry in diary if entry.kind == "company.created")
                return redirect(url_for("web.companies.page", company_id=made.id, done=done))
            except NotFound:
                raise
            except DomainError as error:
                errors[_where(error)] = refusals.refusal(say, error)
        form = contact_form.form(session, specs, contact_form.typed_of(request.form, specs), say)
        return _form_page(session, with_errors(form, errors)), 422


@bp.get("/companies/<int:company_id>/edit")
def edit(company_id: int) -> ResponseReturnValue:
    with reading() as session:
        firm = contacts.get_company(session, company_id)
        specs = contact_form.typed_fields(session, Subject.COMPANY)
        now = contact_form.shown(session, firm, specs)
        return _form_page(session, contact_form.form(session, specs, now, seat().words), firm=firm, was=now)


@bp.post("/companies/<int:company_id>/edit")
def save(company_id: int) -> ResponseReturnValue:
    """Only what the person touched is written; what somebody else wrote into the same field meanwhile stays."""
    say = seat().words
    with writing() as session:
        firm = contacts.hold_company(session, company_id)
        specs = contact_form.typed_fields(session, Subject.COMPANY)
        now = contact_form.shown(session, firm, specs)
        ran = contact_form.compare(request.form, specs, now)
        if ran.lost:
            return _lost_race(session, firm, now, ran), 409
        touched = [spec for spec in specs if spec.key in ran.touched]
        answer = contact_form.read(session, request.form, touched, say)
        errors = dict(answer.errors)
        if not errors:
            try:
                with session.begin_nested():
                    entry = operations.edit(session, firm.id, dict(answer.values), at=clock.now())
                    done = entry.id if entry else None
                return redirect(url_for("web.companies.page", company_id=company_id, done=done))
            except NotFound:
                raise
            except DomainError as error:
                errors[_where(error)] = refusals.refusal(say, error)
        given = mixed(contact_form.typed_of(request.form, specs), now, ran.touched)
        form = with_errors(contact_form.form(session, specs, given, say), errors)
        return _form_page(session, form, firm=firm, was=contact_form.was(request.form, now)), 422


@bp.post("/companies/<int:company_id>/delete")
def delete(company_id: int) -> ResponseReturnValue:
    """At once: Undo brings the company back. Its people and deals stay."""
    with writing() as session:
        done = operations.delete(session, company_id, at=clock.now()).id
    return redirect(url_for("web.companies.listing", done=done))


def _made(session: Session, answer: Answer) -> Company:
    values: dict[str, Any] = dict(answer.values)
    custom = {key: value for key, value in values.items() if field_id_of(key) is not None}
    return operations.create(
        session,
        values.get("name") or "",
        at=clock.now(),
        domain=values.get("domain") or "",
        owner_id=values.get("owner"),
        values=custom,
    )


def _where(error: DomainError) -> str:
    """The field that a refusal is about: where it names none, it is about the name or the domain."""
    return str(error.params.get("key") or ("name" if isinstance(error, operations.NoName) else "domain"))


def _lost_race(session: Session, firm: Company, now: dict[str, str], ran: Race) -> str:
    """Nothing is written; what was typed stays in its field, beside what stands there now."""
    specs = contact_form.typed_fields(session, Subject.COMPANY)
    teller = Teller(session, seat().words, seat().user_id, clock.now())
    form, lost = contact_form.after_lost_race(session, Subject.COMPANY, firm.id, specs, request.form, now, ran, teller)
    return _form_page(session, form, firm=firm, was=now, lost=lost)


def _form_page(session: Session, form: Form, *, firm: Company | None = None, **more: Any) -> str:
    say = seat().words
    back = url_for("web.companies.page", company_id=firm.id) if firm else url_for("web.companies.listing")
    return render_template(
        "web/people_form.html",
        form=form,
        heading=say("people.edit_company", name=firm.name) if firm else say("people.new_company"),
        button=say("web.deal.save") if firm else say("people.add_company"),
        back=back,
        lists=contact_form.suggestions(session, contact_form.typed_fields(session, Subject.COMPANY)),
        is_wide=contact_form.is_wide,
        **{"was": {}, "lost": "", **more},
    )
