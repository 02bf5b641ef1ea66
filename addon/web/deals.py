"""A deal's page, and the forms that make, change and delete one."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from addon import clock
from addon.domain.activity import queries as activity
from addon.domain.contacts import operations as contacts
from addon.domain.deals import operations
from addon.domain.deals import queries as deals
from addon.domain.deals.draft import DealDraft
from addon.domain.ladder import operations as ladder
from addon.domain.pipelines import queries as pipelines
from addon.web import boards, deal_form, diary_view
from addon.web.acts import Teller
from addon.web.deal_form import ReadDeal
from addon.web.deal_race import WAS, Race, mixed, race, who_was_first
from addon.web.deal_view import deal_view
from addon.web.fields import FieldView, Form, named, with_errors
from addon.web.seat import reading, seat, writing

bp = Blueprint("deals", __name__)


@bp.get("/deals/<int:deal_id>")
def page(deal_id: int) -> ResponseReturnValue:
    """`show` narrows the diary, `before` turns its pages."""
    show, before = request.args.get("show", "all"), request.args.get("before", type=int)
    with reading() as session:
        deal = deals.get(session, deal_id)
        leaf = diary_view.leaf(session, "deal", deal.id, show=show, before=before)
        view = deal_view(session, deal, leaf, seat().words, now=clock.now())
    return render_template("web/deal.html", deal=view)


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
        deal = ladder.open_deal(session, draft, at=now, pipeline_id=pipeline_id)
        diary = activity.of_subject(session, "deal", deal.id)
        made = next(entry.id for entry in diary if entry.kind == "deal.created")
    return redirect(boards.address(pipeline_id, done=made))


@bp.get("/deals/<int:deal_id>/edit")
def edit(deal_id: int) -> ResponseReturnValue:
    with reading() as session:
        deal = deals.get(session, deal_id)
        now = deal_form.of_deal(deal)
        return _form_page(session, deal_form.form(session, now, seat().words, new=False), deal_id=deal_id, was=now)


@bp.post("/deals/<int:deal_id>/edit")
def save(deal_id: int) -> ResponseReturnValue:
    """Only what the person touched is written; what somebody else wrote into the same field meanwhile stays."""
    say = seat().words
    with writing() as session:
        deal = deals.get(session, deal_id)
        session.refresh(deal, with_for_update=True)
        now = deal_form.of_deal(deal)
        ran = race(request.form, now)
        read = deal_form.read(session, request.form, say)
        errors = {name: words for name, words in read.errors.items() if name in ran.touched}
        if not errors and not ran.lost:
            changes: dict[str, Any] = {name: read.values[name] for name in read.values if name in ran.touched}
            if "amount" in ran.touched:
                changes["value"] = read.values["value"]
            if "company" in ran.touched:
                changes.update(_company(session, read))
            operations.edit(session, deal_id, changes, at=clock.now())
            return redirect(url_for("web.deals.page", deal_id=deal_id))
        if errors:
            form = with_errors(deal_form.form(session, request.form, say, new=False), errors)
            shown = {name: request.form.get(WAS + name, value) for name, value in now.items()}
            return _form_page(session, form, deal_id=deal_id, was=shown), 422
        return _lost_race(session, deal_id, now, ran), 409


def _lost_race(session: Session, deal_id: int, now: dict[str, str], ran: Race) -> str:
    """Nothing is written; what was typed stays in its field, beside what stands there now."""
    say = seat().words
    form = deal_form.form(session, mixed(request.form, now, ran.touched), say, new=False)
    stands = named(deal_form.form(session, now, say, new=False))
    taken = {name: say("web.deal.stands_now", given=_shown(stands[name])) for name in ran.lost}
    who, when = who_was_first(session, deal_id, ran.lost, Teller(session, say, seat().user_id, clock.now()))
    lost = say("web.deal.lost_race", who=who, when=when)
    return _form_page(session, with_errors(form, taken), deal_id=deal_id, was=now, lost=lost)


def _shown(field: FieldView) -> str:
    """What stands in a field, as a person reads it."""
    return dict(field.choices).get(field.value, field.value) or seat().words("web.deal.unknown")


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
        gone = operations.delete(session, deal_id, at=clock.now()).id
    return redirect(boards.address(pipeline_id, done=gone))


def _form_page(session: Session, form: Form, **more: Any) -> str:
    """`was`: what a form for editing showed when it was opened."""
    return render_template(
        "web/deal_form.html",
        form=form,
        fields=named(form),
        companies=deal_form.known_companies(session),
        **{"pipeline_id": None, "deal_id": None, "was": {}, "lost": "", **more},
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
