"""A deal's page, and the forms that make, change and delete one."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from types import MappingProxyType
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
from addon.domain.errors import DomainError, NotFound
from addon.domain.fields.keys import FieldSpec, field_id_of
from addon.domain.ladder import operations as ladder
from addon.domain.pipelines import queries as pipelines
from addon.models import Deal, Stage
from addon.web.boards import pages as boards
from addon.web.deals import deal_form, deal_rows
from addon.web.deals.deal_form import ReadDeal
from addon.web.deals.deal_view import deal_view
from addon.web.diary import diary_view
from addon.web.diary.acts import Teller
from addon.web.diary.deal_race import WAS, Race, mixed, race, who_was_first
from addon.web.fields.forms import FieldView, Form, named, with_errors
from addon.web.seat import reading, seat, writing

bp = Blueprint("deals", __name__)


class Unread(Exception):
    """Something that was typed is refused; nothing was written. `wrong`: what to say, by control."""

    def __init__(self, wrong: Mapping[str, str]) -> None:
        super().__init__()
        self.wrong = wrong


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
    """In the address: what the controls hold already, and `stage`, where it begins if not in the first."""
    with reading() as session:
        pipeline = pipelines.get(session, pipeline_id)
        known = {"currency": pipeline.currency, "owner_id": str(seat().user_id)}
        given = {**known, **{name: text for name, text in request.args.items() if name != "stage"}}
        return _new_page(session, pipeline_id, given, {})


@bp.post("/board/<int:pipeline_id>/new")
def create(pipeline_id: int) -> ResponseReturnValue:
    say = seat().words
    with reading() as session:
        pipelines.get(session, pipeline_id)
        specs = deal_form.own_specs(session, pipeline_id)
        read = deal_form.read(session, request.form, say, specs=specs, form=request.form)
        if read.errors:
            return _new_page(session, pipeline_id, deal_form.sent(request.form, specs), read.errors), 422
    try:
        made = _open(pipeline_id, read)
    except NotFound:
        raise
    except DomainError as error:
        wrong = deal_form.refused_at(error, specs, say)
        if not wrong:
            raise
        with reading() as session:
            return _new_page(session, pipeline_id, deal_form.sent(request.form, specs), wrong), 422
    return redirect(boards.address(pipeline_id, done=made))


def _open(pipeline_id: int, read: ReadDeal) -> int:
    """The id of the entry that says that the deal was made."""
    with writing() as session:
        built_in: dict[str, Any] = {key: value for key, value in read.values.items() if field_id_of(key) is None}
        built_in["referred_by_id"] = built_in.pop("referred_by", None)
        own = {key: value for key, value in read.values.items() if field_id_of(key) is not None and value is not None}
        draft = DealDraft(**{**built_in, **_people(session, read)}, values=own)
        deal = ladder.open_deal(session, draft, at=clock.now(), stage_id=_begins(session, pipeline_id).id)
        diary = activity.of_subject(session, "deal", deal.id)
        return next(entry.id for entry in diary if entry.kind == "deal.created")


def _begins(session: Session, pipeline_id: int) -> Stage:
    """The stage that the address names, or the pipeline's first one. Raises NotFound."""
    named = request.args.get("stage", type=int)
    if named is None:
        return pipelines.entry_stage(session, pipeline_id)
    stage = pipelines.get_stage(session, named)
    if stage.pipeline_id != pipeline_id:
        raise NotFound(what="stage", given=named)
    return stage


def _new_page(session: Session, pipeline_id: int, given: Mapping[str, str], wrong: Mapping[str, str]) -> str:
    say, specs = seat().words, deal_form.own_specs(session, pipeline_id)
    entry = _begins(session, pipeline_id)
    must = deal_form.needed(session, entry.now.required_to_enter)
    form = deal_form.form(session, given, say, new=True, specs=specs, must=must)
    own = [spec.key for spec in specs]
    wrong = {"email" if name == "contact" else name: words for name, words in wrong.items()}
    form = with_errors(form, wrong)
    return _form_page(form, deal_rows.rows(form, own, must=must), pipeline_id=pipeline_id)


@bp.get("/deals/<int:deal_id>/edit")
def edit(deal_id: int) -> ResponseReturnValue:
    """`need` in the address: keys of fields that are to be filled in."""
    with reading() as session:
        deal = deals.get(session, deal_id)
        now = deal_form.of_deal(session, deal, deal_form.own_specs(session, deal.pipeline_id, deal))
        return _edit_page(session, deal, now, was=now)


@bp.post("/deals/<int:deal_id>/edit")
def save(deal_id: int) -> ResponseReturnValue:
    """Only what the person touched is written; what somebody else wrote into the same field meanwhile stays."""
    say = seat().words
    try:
        with writing() as session:
            deal = deals.hold(session, deal_id)
            specs = deal_form.own_specs(session, deal.pipeline_id, deal)
            now, sent = deal_form.of_deal(session, deal, specs), deal_form.sent(request.form, specs)
            ran = race(sent, now)
            touched = [spec for spec in specs if spec.key in ran.touched]
            read = deal_form.read(session, sent, say, specs=touched, form=request.form)
            wrong = {name: words for name, words in read.errors.items() if name in ran.touched}
            if wrong:
                raise Unread(wrong)
            if ran.lost:
                return _lost_race(session, deal, now, sent, ran), 409
            _write(session, deal, read, ran.touched, specs)
    except Unread as unread:
        return _wrong_page(deal_id, unread.wrong), 422
    return redirect(url_for("web.deals.page", deal_id=deal_id))


def _write(
    session: Session, deal: Deal, read: ReadDeal, touched: Collection[str], specs: Collection[FieldSpec]
) -> None:
    """Raises Unread, where a field is refused: then nothing is kept, not even a company that was named."""
    changes: dict[str, Any] = {name: read.values[name] for name in read.values if name in touched}
    if "amount" in touched:
        changes["value"] = read.values["value"]
    try:
        if "company" in touched:
            changes.update(_company(session, read))
        operations.edit(session, deal.id, changes, at=clock.now())
    except NotFound:
        raise
    except DomainError as error:
        wrong = deal_form.refused_at(error, specs, seat().words)
        if not wrong:
            raise
        raise Unread(wrong) from None


def _wrong_page(deal_id: int, wrong: Mapping[str, str]) -> str:
    with reading() as session:
        deal = deals.get(session, deal_id)
        specs = deal_form.own_specs(session, deal.pipeline_id, deal)
        now, sent = deal_form.of_deal(session, deal, specs), deal_form.sent(request.form, specs)
        shown = {name: request.form.get(WAS + name, value) for name, value in now.items()}
        return _edit_page(session, deal, {**now, **sent}, was=shown, wrong=wrong)


def _lost_race(session: Session, deal: Deal, now: Mapping[str, str], sent: Mapping[str, str], ran: Race) -> str:
    """Nothing is written; what was typed stays in its field, beside what stands there now."""
    say = seat().words
    specs = deal_form.own_specs(session, deal.pipeline_id, deal)
    stands = named(deal_form.form(session, now, say, new=False, specs=specs))
    taken = {name: say("web.deal.stands_now", given=_shown(stands[name])) for name in ran.lost}
    who, when = who_was_first(session, deal.id, ran.lost, Teller(session, say, seat().user_id, clock.now()))
    lost = say("web.deal.lost_race", who=who, when=when)
    return _edit_page(session, deal, mixed(sent, now, ran.touched), was=now, wrong=taken, lost=lost)


def _shown(field: FieldView) -> str:
    """What stands in a field, as a person reads it."""
    choices = dict(field.choices)
    words = [choices.get(one, one) for one in (field.value.split(";") if field.kind == "checks" else [field.value])]
    return ", ".join(word for word in words if word) or seat().words("web.deal.unknown")


def _edit_page(
    session: Session,
    deal: Deal,
    given: Mapping[str, str],
    *,
    was: Mapping[str, str],
    wrong: Mapping[str, str] = MappingProxyType({}),
    lost: str = "",
) -> str:
    specs = deal_form.own_specs(session, deal.pipeline_id, deal)
    asked = [key for key in request.args.get("need", "").split(",") if key]
    must = deal_form.needed(session, [*deal.stage.now.required_to_enter, *asked])
    form = deal_form.form(session, given, seat().words, new=False, specs=specs, must=must)
    own = [spec.key for spec in specs]
    form = with_errors(form, wrong)
    shown = deal_rows.rows(form, own, must=must, asked=deal_form.needed(session, asked))
    return _form_page(form, shown, deal_id=deal.id, title=deal.title, was=was, lost=lost)


@bp.get("/deals/<int:deal_id>/delete")
def before_deleting(deal_id: int) -> ResponseReturnValue:
    """It leaves every board, so it is asked first, and told how it comes back."""
    with reading() as session:
        title = deals.get(session, deal_id).title
    return render_template("web/deal_delete.html", deal_id=deal_id, title=title)


@bp.post("/deals/<int:deal_id>/delete")
def delete(deal_id: int) -> ResponseReturnValue:
    with writing() as session:
        pipeline_id = deals.get(session, deal_id).pipeline_id
        gone = operations.delete(session, deal_id, at=clock.now()).id
    return redirect(boards.address(pipeline_id, done=gone))


def _form_page(form: Form, rows: deal_rows.Rows, **more: Any) -> str:
    """`was`: what a form for editing showed when it was opened."""
    return render_template(
        "web/deal_form.html",
        form=form,
        rows=rows,
        **{"pipeline_id": None, "deal_id": None, "title": "", "was": {}, "lost": "", **more},
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
