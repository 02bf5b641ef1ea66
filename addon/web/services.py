"""What the web workspace needs from whoever puts the house together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from authlib.integrations.flask_client import OAuth
from flask import current_app

from addon.domain.access import Database
from addon.integrations.google.parts import Google
from addon.settings import Settings

NAME = "dealthread.web"


@dataclass(frozen=True, kw_only=True)
class WebServices:
    settings: Settings
    database: Database
    google: Google
    wake: Callable[[int], None] = lambda mailbox_id: None
    """Have a mailbox attended soon: called after a commit that left it something to do."""


@dataclass(frozen=True)
class Joined:
    """The services of this app, with what the workspace added to them."""

    given: WebServices
    oauth: OAuth


def joined() -> Joined:
    found: Joined = current_app.extensions[NAME]
    return found


def settings() -> Settings:
    return joined().given.settings


def database() -> Database:
    return joined().given.database


def wake(mailbox_id: int) -> None:
    joined().given.wake(mailbox_id)


def google() -> Google:
    return joined().given.google
