"""Whoever brought mail of their own joins the demo's team, and their mail is loaded."""

from __future__ import annotations

from addon.sandbox.gmail import Gmail
from addon.sandbox.own_mail.choice import OwnMail
from addon.sandbox.own_mail.loading import Loading
from addon.sandbox.world.data import Rep

_KEY = "me"


def joined_by(reps: tuple[Rep, ...], own: OwnMail | None) -> tuple[Rep, ...]:
    """The team, with that person as an admin at its end: the others keep their numbers in the workspace."""
    if own is None or any(rep.email == own.email for rep in reps):
        return reps
    return (*reps, Rep(_KEY, own.name, own.email, "admin"))


def loading_of(own: OwnMail | None, gmail: Gmail) -> Loading | None:
    """Their mail, ready to be loaded into their mailbox; None where there is none, or no longer."""
    source = own.source() if own is not None else None
    return Loading(gmail, own.email, source) if own is not None and source is not None else None
