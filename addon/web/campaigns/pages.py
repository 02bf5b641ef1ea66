"""Campaigns: all of them, the plan before the launch, the progress after it, and what a person may do meanwhile."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from addon import clock
from addon.domain.campaigns import importing, operations, queries
from addon.domain.errors import DomainError, NotFound
from addon.domain.mailboxes import operations as mailboxes
from addon.domain.mailboxes import queries as mailbox_queries
from addon.domain.outgoing import operations as outgoing
from addon.models import CampaignState, Outgoing, OutgoingState
from addon.web import errors, services
from addon.web.campaigns.campaign_listing import PEOPLE, listing_view, people_view
from addon.web.campaigns.campaign_plan import plan_view
from addon.web.campaigns.campaign_view import CampaignView, campaign_view
from addon.web.drawing import macro
from addon.web.refusals import refusal
from addon.web.seat import reading, seat, writing

bp = Blueprint("campaigns", __name__)

TOO_LATE = (operations.NotSending, operations.Over)
"""The campaign ended, or rests, since the page was drawn."""


@bp.get("/campaigns")
def listing() -> ResponseReturnValue:
    with reading() as session:
        rows = listing_view(session, seat().words, now=clock.now())
    return render_template("web/campaigns.html", rows=rows)


@bp.get("/campaigns/<int:campaign_id>")
def page(campaign_id: int) -> ResponseReturnValue:
    with reading() as session:
        campaign = queries.get(session, campaign_id)
        if campaign.state == CampaignState.DRAFT:
            person = request.args.get("person", 1, type=int)
            plan = plan_view(session, campaign, seat().words, services.settings(), person=person)
            mine = campaign.owner_id == seat().user_id
            return render_template("web/campaign_plan.html", plan=plan, mine=mine)
        view = _view(session, campaign)
    return render_template("web/campaign.html", campaign=view, words=_need_words(), late=_late_words(view))


@bp.get("/campaigns/<int:campaign_id>/state")
def state(campaign_id: int) -> ResponseReturnValue:
    """The progress for a script: nothing where it is as the script knows it."""
    with reading() as session:
        view = _view(session, queries.get(session, campaign_id))
    if request.args.get("known") == view.print:
        return "", 204
    draw = {name: macro("_progress", name) for name in ("head", "bar", "needs", "answers", "results")}
    parts = {name: str(drawn(view, _need_words())) for name, drawn in draw.items()}
    return jsonify(parts=parts, print=view.print, stage=view.tag.words)


@bp.get("/campaigns/<int:campaign_id>/people")
def people(campaign_id: int) -> ResponseReturnValue:
    """The rows behind a number."""
    which = request.args.get("which", "sent")
    with reading() as session:
        campaign = queries.get(session, campaign_id)
        after = request.args.get("after", 0, type=int)
        view = people_view(session, campaign, which if which in PEOPLE else "sent", seat().words, after, clock.now())
    return render_template("web/campaign_people.html", view=view)


@bp.post("/campaigns/<int:campaign_id>/launch")
def launch(campaign_id: int) -> ResponseReturnValue:
    try:
        importing.launch_campaign(writing, campaign_id, at=clock.now())
    except NotFound:
        raise
    except DomainError as error:
        return _refused(campaign_id, error)
    return _after(campaign_id)


@bp.post("/campaigns/<int:campaign_id>/pause")
def pause(campaign_id: int) -> ResponseReturnValue:
    try:
        with writing() as session:
            operations.pause(session, campaign_id, at=clock.now())
    except TOO_LATE:
        return _too_late(campaign_id, "pause")
    return _after(campaign_id)


@bp.post("/campaigns/<int:campaign_id>/resume")
def resume(campaign_id: int) -> ResponseReturnValue:
    try:
        with writing() as session:
            operations.resume(session, campaign_id, at=clock.now())
    except TOO_LATE:
        return _too_late(campaign_id, "resume")
    return _after(campaign_id)


@bp.get("/campaigns/<int:campaign_id>/cancel")
def before_cancelling(campaign_id: int) -> ResponseReturnValue:
    """Nothing can take it back, so it is asked first."""
    with reading() as session:
        campaign = queries.get(session, campaign_id)
        progress = queries.progress(session, campaign_id)
    if progress.state in (CampaignState.DONE, CampaignState.CANCELLED):
        return _too_late(campaign_id, "cancel")
    return render_template("web/campaign_cancel.html", campaign=campaign, progress=progress)


@bp.post("/campaigns/<int:campaign_id>/cancel")
def cancel(campaign_id: int) -> ResponseReturnValue:
    try:
        with writing() as session:
            was_draft = queries.get(session, campaign_id).state == CampaignState.DRAFT
            operations.cancel(session, campaign_id, at=clock.now())
    except TOO_LATE:
        return _too_late(campaign_id, "cancel")
    return redirect(url_for("web.campaigns.listing")) if was_draft else _after(campaign_id)


@bp.post("/campaigns/<int:campaign_id>/mails/<int:outgoing_id>/look")
def look_again(campaign_id: int, outgoing_id: int) -> ResponseReturnValue:
    with writing() as session:
        _own_mail(session, campaign_id, outgoing_id)
        outgoing.look_again(session, outgoing_id, at=clock.now())
        mailboxes.want(session, queries.get(session, campaign_id).mailbox_id)
    return _after(campaign_id)


@bp.post("/campaigns/<int:campaign_id>/mails/<int:outgoing_id>/sent")
def treat_as_sent(campaign_id: int, outgoing_id: int) -> ResponseReturnValue:
    with writing() as session:
        _own_mail(session, campaign_id, outgoing_id)
        outgoing.treat_as_sent(session, outgoing_id, at=clock.now())
    return _after(campaign_id)


@bp.get("/campaigns/<int:campaign_id>/mails/<int:outgoing_id>/again")
def before_sending_again(campaign_id: int, outgoing_id: int) -> ResponseReturnValue:
    """Only a person may send it again, after reading what that means."""
    with reading() as session:
        mail = _own_mail(session, campaign_id, outgoing_id)
        if mail.state != OutgoingState.UNCERTAIN:
            return _after(campaign_id)
        return render_template(
            "web/campaign_again.html", campaign_id=campaign_id, outgoing_id=outgoing_id, who=mail.address.email
        )


@bp.post("/campaigns/<int:campaign_id>/mails/<int:outgoing_id>/again")
def send_again(campaign_id: int, outgoing_id: int) -> ResponseReturnValue:
    with writing() as session:
        _own_mail(session, campaign_id, outgoing_id)
        outgoing.send_anyway(session, outgoing_id, at=clock.now())
        mailboxes.want(session, queries.get(session, campaign_id).mailbox_id)
    return _after(campaign_id)


def _own_mail(session: Any, campaign_id: int, outgoing_id: int) -> Outgoing:
    """A mail of this campaign, for the owner of its mailbox. Raises NotFound, NotAllowed."""
    campaign = queries.get(session, campaign_id)
    mailbox_queries.to_send_from(session, campaign.mailbox_id)
    mail: Outgoing | None = session.get(Outgoing, outgoing_id)
    if mail is None or mail.run_id != campaign.run_id:
        raise NotFound(what="outgoing", given=outgoing_id)
    return mail


def _view(session: Any, campaign: Any) -> CampaignView:
    return campaign_view(
        session, campaign, seat().words, services.settings(), reader_id=seat().user_id, now=clock.now()
    )


def _after(campaign_id: int) -> ResponseReturnValue:
    with reading() as session:
        mailbox_id = queries.get(session, campaign_id).mailbox_id
    services.wake(mailbox_id)
    return redirect(url_for("web.campaigns.page", campaign_id=campaign_id))


def _too_late(campaign_id: int, act: str) -> ResponseReturnValue:
    """It ended before the button was pressed: its page says so."""
    return redirect(url_for("web.campaigns.page", campaign_id=campaign_id, late=act))


def _late_words(view: CampaignView) -> str:
    act, say = request.args.get("late", ""), seat().words
    return say(f"web.campaign.too_late.{act}", now=view.say) if say.has(f"web.campaign.too_late.{act}") else ""


def _refused(campaign_id: int, error: DomainError) -> ResponseReturnValue:
    say = seat().words
    back = errors.Action(say("web.campaign.back_to_it"), url_for("web.campaigns.page", campaign_id=campaign_id))
    return errors.message(409, say("web.plan.not_launched"), refusal(say, error), action=back)


def _need_words() -> dict[str, str]:
    """What the partials of the progress say; they take words already translated."""
    say = seat().words
    names = (
        "needs_you",
        "look_again",
        "treat_as_sent",
        "send_anyway",
        "answers",
        "no_answers",
        "see_deal",
        "results_so_far",
    )
    return {name: say(f"web.campaign.{name}") for name in (*names, "step", "people", "of_sent")}
