"""Why a card went nowhere, in words, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass

from flask import url_for
from sqlalchemy.orm import Session

from addon import clock
from addon.domain.activity import queries as activity
from addon.domain.errors import DomainError
from addon.domain.ladder.operations import FieldsMissing, NotFromHere
from addon.domain.views.asking import Ask
from addon.domain.views.refusals import CannotDrop
from addon.i18n import Words
from addon.models import Subject
from addon.web.diary.acts import Teller
from addon.web.refusals import refusal
from addon.web.seat import seat


class OvertakenEdit(DomainError):
    """Somebody changed the field after the board was drawn. Params: key."""

    code = "board.overtaken"


@dataclass(frozen=True)
class WayOut:
    words: str
    url: str


def refused_text(session: Session, ask: Ask, card: int, error: DomainError, say: Words) -> str:
    """What it needs, or who was first; and that nothing was changed."""
    if isinstance(error, OvertakenEdit):
        return _overtaken(session, ask.subject, card, say)
    return said(error, say)


def said(error: DomainError, say: Words) -> str:
    """The same where it is no race: for lists of cards too."""
    if isinstance(error, CannotDrop):
        return say("board.refused.cannot_drop")
    told = in_words(error.code, error.params, say)
    return told or refusal(say, error)


def in_words(code: str, params: dict[str, object], say: Words) -> str:
    """Of the refusals that a board says in its own words; empty for others."""
    if code == FieldsMissing.code:
        found = params.get("fields")
        return say("board.refused.needs", fields=named_fields(found if isinstance(found, list) else [], say))
    if code == NotFromHere.code:
        leads = params.get("leads_to")
        names = ", ".join(f"“{name}”" for name in leads) if isinstance(leads, list) else ""
        return say("board.refused.leads_to" if names else "board.refused.leads_nowhere", names=names)
    return ""


def ways_out(card: int, error: DomainError, say: Words) -> WayOut | None:
    """Fields that are asked for can be filled in on the deal's form."""
    if not isinstance(error, FieldsMissing):
        return None
    keys = [field["key"] for field in error.params["fields"]]
    return WayOut(
        say("board.refused.fill_in"),
        url_for("web.deals.edit", deal_id=card, need=",".join(keys), _anchor=keys[0] if keys else None),
    )


def named_fields(found: list[dict[str, str]], say: Words) -> str:
    """Those of a `FieldsMissing`, as a person calls them."""
    names = [field["name"] or say(f"fields.deal.{field['key']}") for field in found]
    return ", ".join(f"“{name}”" for name in names)


def _overtaken(session: Session, subject: Subject, card: int, say: Words) -> str:
    now = clock.now()
    entries = activity.of_subject(session, subject.value, card, newest=20)
    entry = next((each for each in entries if each.kind.endswith((".edited", ".created"))), None)
    if entry is None:
        return say("board.refused.overtaken_nobody")
    who = Teller(session, say, seat().user_id, now).actor(entry)
    return say("board.refused.overtaken", who=who, when=say.ago(entry.at, now=now))
