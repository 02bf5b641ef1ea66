"""The addresses of a person: one more, which one comes first, one less."""

from __future__ import annotations

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from addon import clock
from addon.domain.contacts import addressing
from addon.domain.errors import DomainError, NotFound
from addon.models import Activity
from addon.web import refusals
from addon.web.people import pages as people
from addon.web.seat import seat, writing

bp = Blueprint("contact_addresses", __name__)


@bp.post("/people/<int:contact_id>/addresses")
def add(contact_id: int) -> ResponseReturnValue:
    typed = request.form.get("email", "").strip()[:400]
    try:
        with writing() as session:
            done = _done(addressing.add(session, contact_id, typed, at=clock.now()))
    except NotFound:
        raise
    except DomainError as error:
        return people.draw(contact_id, typed=typed, error=refusals.refusal(seat().words, error)), 422
    return _back(contact_id, done)


@bp.post("/people/<int:contact_id>/addresses/<int:address_id>/first")
def make_first(contact_id: int, address_id: int) -> ResponseReturnValue:
    with writing() as session:
        done = _done(addressing.make_first(session, contact_id, address_id, at=clock.now()))
    return _back(contact_id, done)


@bp.post("/people/<int:contact_id>/addresses/<int:address_id>/remove")
def take_away(contact_id: int, address_id: int) -> ResponseReturnValue:
    with writing() as session:
        done = _done(addressing.take_away(session, contact_id, address_id, at=clock.now()))
    return _back(contact_id, done)


def _done(entry: Activity | None) -> int | None:
    return entry.id if entry is not None else None


def _back(contact_id: int, done: int | None) -> ResponseReturnValue:
    return redirect(url_for("web.people.page", contact_id=contact_id, done=done, _anchor="addresses"))
