"""Making a campaign: upload the list, write the mail, and everybody's mail is there to be read before anything goes."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from addon import clock
from addon.domain.campaigns import audience, importing, operations, queries
from addon.domain.campaigns.audience import NoEmailColumn, TextsRefused
from addon.domain.campaigns.importing import Draft
from addon.domain.campaigns.operations import NoName
from addon.domain.errors import DomainError, NotAllowed
from addon.domain.mailboxes import queries as mailboxes
from addon.domain.tables import Table, TableRefused
from addon.models import CampaignState
from addon.web import uploads
from addon.web.campaigns import campaign_form
from addon.web.fields.forms import named, with_errors
from addon.web.refusals import refusal
from addon.web.seat import reading, seat, writing

bp = Blueprint("campaign_drafts", __name__)

LARGE_FORMS = frozenset({"web.campaign_drafts.read_list", "web.campaign_drafts.create"})
"""Endpoints whose forms carry a list."""


@dataclass(frozen=True)
class Upload:
    """A list as the form brought it: its table, or why there is none."""

    name: str
    data: bytes
    table: Table | None
    error: str = ""


@bp.get("/campaigns/new")
def new() -> ResponseReturnValue:
    return _page({}, None)


@bp.post("/campaigns/list")
def read_list() -> ResponseReturnValue:
    """A list was chosen: read it and show what it holds; the texts stay as they are."""
    upload = _uploaded()
    given = dict(request.form)
    if not given.get("name", "").strip() and upload.table is not None:
        given["name"] = campaign_form.stem(upload.name)
    page = _page(given, upload)
    return (page, 422) if upload.error else page


@bp.post("/campaigns")
def create() -> ResponseReturnValue:
    upload = _uploaded()
    if upload.table is None:
        return _page(request.form.to_dict(), upload), 422
    draft = Draft(
        mailbox_id=request.form.get("mailbox", 0, type=int),
        name=request.form.get("name", ""),
        subject=request.form.get("subject", ""),
        body=request.form.get("body", ""),
        table=upload.table,
    )
    errors = _wrong(draft)
    if errors:
        return _page(request.form.to_dict(), upload, errors), 422
    campaign_id = importing.create_campaign(writing, draft, at=clock.now())
    _throw_away(request.form.get("instead_of", type=int))
    return redirect(url_for("web.campaigns.page", campaign_id=campaign_id))


@bp.get("/campaigns/<int:campaign_id>/rewrite")
def rewrite(campaign_id: int) -> ResponseReturnValue:
    """The same list and texts once more; the draft stays until the new one is made."""
    with reading() as session:
        campaign = queries.get(session, campaign_id)
        if campaign.owner_id != seat().user_id:
            raise NotAllowed
        data = campaign_form.list_of(session, campaign)
        given = {
            "name": campaign.name,
            "mailbox": str(campaign.mailbox_id),
            "subject": campaign.subject,
            "body": campaign.body,
            "instead_of": str(campaign.id) if campaign.state == CampaignState.DRAFT else "",
        }
    name = f"{given['name']}.csv"
    return _page(given, Upload(name, data, uploads.read(data, name)))


def _uploaded() -> Upload:
    """The file just chosen, else the one that the form carries along."""
    say = seat().words
    chosen = request.files.get("list")
    if chosen is not None and chosen.filename:
        name, data = chosen.filename, chosen.stream.read(uploads.LARGEST + 1)
    elif request.form.get("kept"):
        name = request.form.get("kept_name", "")
        try:
            data = uploads.unpack(request.form["kept"])
        except uploads.NotKept:
            return Upload("", b"", None, say("web.list.not_kept"))
    else:
        return Upload("", b"", None, say("web.list.none_chosen"))
    try:
        return Upload(name[:200], data, uploads.read(data, name))
    except TableRefused as refused:
        return Upload(name[:200], b"", None, uploads.why_refused(refused, say))


def _wrong(draft: Draft) -> dict[str, str]:
    """Errors by field; empty where a campaign can be made."""
    say = seat().words
    errors: dict[str, str] = {}
    if not draft.name.strip():
        errors["name"] = refusal(say, NoName())
    try:
        with reading() as session:
            mailboxes.to_send_from(session, draft.mailbox_id)
    except DomainError:
        errors["mailbox"] = say("web.write.choose_mailbox")
    try:
        audience.require_usable(draft.subject, draft.body, draft.table)
    except TextsRefused as refused:
        errors.update(campaign_form.text_errors(refused.problems, say))
    except NoEmailColumn:
        errors["list"] = say("web.list.no_addresses")
    return errors


def _throw_away(campaign_id: int | None) -> None:
    """The draft that was written anew; where it is gone or launched meanwhile, it stays as it is."""
    if campaign_id is None:
        return
    with suppress(DomainError), writing() as session:
        if queries.get(session, campaign_id).state == CampaignState.DRAFT:
            operations.cancel(session, campaign_id, at=clock.now())


def _page(given: dict[str, str], upload: Upload | None, errors: dict[str, str] | None = None) -> str:
    say, errors = seat().words, errors or {}
    seen = None
    if upload is not None and upload.table is not None:
        seen = campaign_form.list_view(upload.table, upload.name, upload.data, say)
    with reading() as session:
        form = with_errors(campaign_form.form(session, given, seat().user_id, say), errors)
    return render_template(
        "web/campaign_write.html",
        form=form,
        fields=named(form),
        uploaded=seen,
        list_error=errors.get("list") or (upload.error if upload else ""),
        has_mailbox=bool(named(form)["mailbox"].choices),
        instead_of=given.get("instead_of", ""),
    )
