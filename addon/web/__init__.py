"""The web workspace: board, deals, campaigns, mailboxes. It reads, asks the domain, and draws."""

from __future__ import annotations

from flask import Blueprint, Flask, abort, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from addon.shipped import place
from addon.web import breaking, errors, frame, google, mailboxes, preferences, search, seat, signin, uploads
from addon.web.boards import board_drops, board_many, cells, moves
from addon.web.boards import pages as boards
from addon.web.campaigns import campaign_drafts
from addon.web.campaigns import pages as campaigns
from addon.web.deals import deal_people, deal_playbook, fact_changes, mails, twins
from addon.web.deals import pages as deals
from addon.web.imports import import_choices
from addon.web.imports import pages as imports
from addon.web.moves import deal_moves
from addon.web.people import companies, contact_addresses, contact_tasks
from addon.web.people import pages as people
from addon.web.security import csrf, protect
from addon.web.services import NAME, Joined, WebServices
from addon.web.settings import field_settings_page, pipeline_page, pipeline_stage, roles
from addon.web.settings import pages as settings
from addon.web.tasks import pages as tasks
from addon.web.views import filters, saved_views

__all__ = ["WebServices", "register"]

ROOMS = (
    signin.bp,
    boards.bp,
    board_drops.bp,
    board_many.bp,
    cells.bp,
    filters.bp,
    saved_views.bp,
    deals.bp,
    people.bp,
    contact_addresses.bp,
    contact_tasks.bp,
    companies.bp,
    deal_moves.bp,
    deal_people.bp,
    deal_playbook.bp,
    fact_changes.bp,
    mails.bp,
    twins.bp,
    tasks.bp,
    search.bp,
    moves.bp,
    campaign_drafts.bp,
    campaigns.bp,
    mailboxes.bp,
    settings.bp,
    pipeline_page.bp,
    pipeline_stage.bp,
    field_settings_page.bp,
    roles.bp,
    imports.bp,
    preferences.bp,
)

OPEN_TO_ALL = frozenset(
    {"web.static", "web.signin.page", "web.signin.start", "web.signin.came_back", "web.signin.signed_out"}
)
"""Endpoints that need nobody signed in."""


def register(app: Flask, services: WebServices) -> None:
    """Add the workspace to an app: pages, cookies, headers, error pages. Raises NoKeys."""
    protect(app, services.settings)
    frame.join(app)
    breaking.join(app)
    errors.join(app)
    web = Blueprint(
        "web",
        __name__,
        template_folder=str(place("templates")),
        static_folder=str(place("templates") / frame.FOLDER / "static"),
        static_url_path="/assets/web",
    )
    web.before_request(_let_in)
    for room in ROOMS:
        web.register_blueprint(room)
    oauth = google.connect(app, services.settings, services.google.endpoints)
    app.extensions[NAME] = Joined(services, oauth)
    app.register_blueprint(web)


def _let_in() -> ResponseReturnValue | None:
    """Nobody acts from another site's page; and where a person is needed, there is one."""
    if request.endpoint in campaign_drafts.LARGE_FORMS:
        request.max_form_memory_size = uploads.LARGEST_FORM
    if request.endpoint in import_choices.LARGE_FORMS:
        import_choices.make_room()
    csrf.protect()
    if request.endpoint in OPEN_TO_ALL:
        return None
    if seat.current() is not None:
        return None
    session.pop(seat.SIGNED_IN, None)
    if errors.wants_json():
        abort(401)
    wanted = request.full_path.rstrip("?") if request.method == "GET" else "/"
    return redirect(url_for("web.signin.page", next=wanted))
