"""The sidebar in Gmail: Google calls, each call is verified, read, acted upon, and answered with a card."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Flask, Response, jsonify, send_from_directory
from flask import request as http
from flask.typing import ResponseReturnValue

from addon.domain.access import Deactivated
from addon.domain.access.doors import UnknownUser
from addon.domain.errors import DomainError
from addon.i18n import Words
from addon.shipped import place
from addon.sidebar import auth, compose, deals, errors, home, messages, moves, replies, threads, visit
from addon.sidebar.refusals import refusal
from addon.sidebar.request import SidebarRequest
from addon.sidebar.rooms import Endpoint, all_of
from addon.sidebar.services import SidebarServices
from addon.sidebar.widgets import Json

__all__ = ["ENDPOINTS", "SidebarServices", "register"]

ENDPOINTS = all_of((home.room, messages.room, deals.room, threads.room, moves.room, compose.room))
"""Everything that Google may call."""

LOGO_SECONDS = 86_400


def register(app: Flask, services: SidebarServices) -> None:
    """Add the add-on's endpoints and its logo to an app."""
    sidebar = Blueprint("sidebar", __name__)
    for endpoint in ENDPOINTS:
        sidebar.add_url_rule(endpoint.path, endpoint.name, _view(services, endpoint), methods=["POST"])
    sidebar.add_url_rule("/addon/logo.png", "logo", _logo)
    app.register_blueprint(sidebar)


def _view(services: SidebarServices, endpoint: Endpoint) -> Callable[[], ResponseReturnValue]:
    def view() -> ResponseReturnValue:
        try:
            asked = auth.event(services, endpoint.path, http)
            return jsonify(_answer(services, endpoint, asked))
        except auth.Refused as refused:
            return "", refused.status

    return view


def _answer(services: SidebarServices, endpoint: Endpoint, asked: SidebarRequest) -> Json:
    stranger = visit.pen(services, Words(asked.locale, asked.zone))
    try:
        who = auth.identity(services, asked)
        here = visit.begin(services, auth.viewer(services, who), asked)
    except auth.EmailNotGranted:
        return replies.ask_scopes([auth.EMAIL])
    except (UnknownUser, Deactivated) as unknown:
        return errors.answer(stranger, endpoint, refusal(stranger, unknown), stranger.say("sidebar.ask_admin"))
    except auth.Refused:
        raise
    except Exception as error:
        return errors.broken(stranger, endpoint, error)
    try:
        return endpoint.answer(here)
    except DomainError as refused:
        return errors.refused(here, endpoint, refused)
    except Exception as error:
        return errors.broken(here.pen, endpoint, error)


def _logo() -> Response:
    return send_from_directory(place("manifest"), "logo.png", max_age=LOGO_SECONDS)
