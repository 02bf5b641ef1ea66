"""A deal begun in a column whose stage asks for more than a title: on to the whole form, with what is known so far."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from addon.domain.contacts import queries as contacts
from addon.domain.fields import queries as fields
from addon.domain.ladder.refusals import FieldsMissing
from addon.domain.money import Money
from addon.domain.pipelines import queries as pipelines
from addon.domain.views.dropping import Change, Edit, Move
from addon.models import Subject
from addon.web import errors
from addon.web.fields import field_inputs
from addon.web.moves.refused_cards import named_fields
from addon.web.seat import reading, seat
from addon.web.views.asked import Asked


def asks_for_more(at: Asked, change: Change, error: FieldsMissing) -> ResponseReturnValue:
    """The fields by name, and the way to the form; a browser without scripts goes there at once."""
    with reading() as session:
        form = _form(session, at, change)
    if not errors.wants_json():
        return redirect(form)
    say = seat().words
    title = say("board.add.needs", stage=error.params["stage"], fields=named_fields(error.params["fields"], say))
    way = {"words": say("board.add.fill_in"), "url": form}
    return jsonify(title=title, text=say("board.add.not_yet"), way=way, code=error.code), 409


def _form(session: Session, at: Asked, change: Change) -> str:
    typed = {name: request.form.get(name, "").strip()[:300] for name in ("title", "company")}
    pipeline_id = at.ask.pipeline_id or pipelines.first(session).id
    if isinstance(change, Move):
        pipeline_id = pipelines.get_stage(session, change.stage_id).pipeline_id
        typed["stage"] = str(change.stage_id)
    else:
        typed |= _shown(session, change)
    held: dict[str, Any] = {name: text for name, text in typed.items() if text}
    return url_for("web.deals.new", pipeline_id=pipeline_id, **held)


def _shown(session: Session, change: Edit) -> Mapping[str, str]:
    """What the column says of its deals, as the form's controls hold it."""
    key, value = change.key, change.value
    if value is None:
        return {}
    if isinstance(value, Money):
        return {"amount": f"{value.amount:f}", "currency": value.currency}
    if key == "owner":
        return {"owner_id": str(value)}
    if key == "company":
        return {"company": contacts.get_company(session, int(str(value))).name}
    if key == "contact":
        person = contacts.get(session, int(str(value)))
        return {"person": person.name, "email": person.addresses[0].email if person.addresses else ""}
    spec = fields.spec(session, Subject.DEAL, key)
    return (
        field_inputs.given(session, [spec], {key: value}) if spec.custom or key == "referred_by" else {key: str(value)}
    )
