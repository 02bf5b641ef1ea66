"""A deal's page, and the forms that make, change and delete one."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from addon import clock
from addon.domain.contacts import operations as contacts
from addon.domain.deals import operations
from addon.domain.deals import queries as deals
from addon.domain.deals.draft import DealDraft
from addon.domain.ladder import operations as ladder
from addon.domain.pipelines import queries as pipelines
from addon.web import boards, deal_form
from addon.web.deal_form import ReadDeal
from addon.web.deal_view import deal_view
from addon.web.fields import Form, named, with_errors
from addon.web.seat import reading, seat, writing

bp = Blueprint("deals", __name__)


@bp.get("/deals/<int:deal_id>")
def page(deal_id: int) -> ResponseReturnValue:
    with reading() as session:
        deal = deal_view(
            session,
            deal_id,
            seat().words,
            reader_id=seat().user_id,
            now=clock.now(),
            whole="all" in request.args,
        )
    return render_template("web/deal.html", deal=deal)


@bp.get("/board/<int:pipeline_id>/new")
def new(pipeline_id: int) -> ResponseReturnValue:
    with reading() as session:
        pipeline = pipelines.get(session, pipeline_id)
        given = {"currency": pipeline.currency, "owner_id": str(seat().user_id)}
        return _form_page(session, deal_form.form(session, given, seat().words, new=True), pipeline_id=pipeline_id)


@bp.post("/board/<int:pipeline_id>/new")
def create(pipeline_id: int) -> ResponseReturnValue:
    say, now = seat().words, clock.now()
    with reading() as session:
        pipelines.get(session, pipeline_id)
        read = deal_form.read(session, request.form, say)
        if read.errors:
            form = with_errors(deal_form.form(session, request.form, say, new=True), read.errors)
            return _form_page(session, form, pipeline_id=pipeline_id), 422
    with writing() as session:
        values: dict[str, Any] = {**read.values, **_people(session, read)}
        draft = DealDraft(**values)
        ladder.open_deal(session, draft, at=now, pipeline_id=pipeline_id)
    return redirect(boards.address(pipeline_id))


@bp.get("/deals/<int:deal_id>/edit")
def edit(deal_id: int) -> ResponseReturnValue:
    with reading() as session:
        deal = deals.get(session, deal_id)
        form = deal_form.form(session, deal_form.of_deal(deal), seat().words, new=False)
        return _form_page(session, form, deal_id=deal_id)


@bp.post("/deals/<int:deal_id>/edit")
def save(deal_id: int) -> ResponseReturnValue:
    say = seat().words
    with reading() as session:
        deal = deals.get(session, deal_id)
        company = deal.company.name if deal.company else ""
        read = deal_form.read(session, request.form, say)
        if read.errors:
            form = with_errors(deal_form.form(session, request.form, say, new=False), read.errors)
            return _form_page(session, form, deal_id=deal_id), 422
    with writing() as session:
        changes: dict[str, Any] = dict(read.values)
        if read.company != company:
            changes.update(_company(session, read))
        operations.edit(session, deal_id, changes, at=clock.now())
    return redirect(url_for("web.deals.page", deal_id=deal_id))


@bp.get("/deals/<int:deal_id>/delete")
def before_deleting(deal_id: int) -> ResponseReturnValue:
    """Nothing can take a deletion back, so it is asked first."""
    with reading() as session:
        title = deals.get(session, deal_id).title
    return render_template("web/deal_delete.html", deal_id=deal_id, title=title)


@bp.post("/deals/<int:deal_id>/delete")
def delete(deal_id: int) -> ResponseReturnValue:
    with writing() as session:
        pipeline_id = deals.get(session, deal_id).pipeline_id
        operations.delete(session, deal_id, at=clock.now())
    return redirect(boards.address(pipeline_id))


def _form_page(session: Session, form: Form, **where: int) -> str:
    return render_template(
        "web/deal_form.html",
        form=form,
        fields=named(form),
        companies=deal_form.known_companies(session),
        **{"pipeline_id": None, "deal_id": None, **where},
    )


def _people(session: Session, read: ReadDeal) -> dict[str, int | None]:
    """The person and the company of a new deal, added where we do not know them."""
    ids = _company(session, read)
    if not read.email:
        return ids
    company = contacts.company_named(session, read.company, at=clock.now()) if read.company else None
    person = contacts.create(session, read.email, at=clock.now(), name=read.person, company=company)
    return {"contact_id": person.id, "company_id": ids["company_id"] or person.company_id}


def _company(session: Session, read: ReadDeal) -> dict[str, int | None]:
    if not read.company:
        return {"company_id": None}
    return {"company_id": contacts.company_named(session, read.company, at=clock.now()).id}
