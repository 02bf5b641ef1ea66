"""What comes in from outside without a seat: Gmail's pushes, and people who leave a campaign."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask

from addon.domain.access import Database
from addon.domain.ports.identity import IdentityCheck
from addon.intake import pushes, unsubscribing
from addon.settings import Settings

__all__ = ["IntakeServices", "register"]


@dataclass(frozen=True, kw_only=True)
class IntakeServices:
    settings: Settings
    database: Database
    identity: IdentityCheck
    wake: Callable[[], None] = lambda: None
    """Has this process's own worker look at once, where it has one."""


def register(app: Flask, services: IntakeServices) -> None:
    """Add the intake's addresses to an app."""
    app.register_blueprint(
        pushes.blueprint(
            settings=services.settings, database=services.database, identity=services.identity, wake=services.wake
        )
    )
    app.register_blueprint(unsubscribing.blueprint(database=services.database, wake=services.wake))
