"""Two people at one form: each writes only what they touched, and a field that both touched keeps the newer words."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from addon.domain.activity import queries as activity
from addon.domain.fields.builtin import builtin
from addon.models import Subject
from addon.web.diary.acts import Teller

WAS = "was_"
"""Before a field's name: what the form showed when it was opened."""

TOGETHER = ({"amount", "currency"},)
"""Fields that make one value."""


@dataclass(frozen=True)
class Race:
    touched: Collection[str]
    """Fields that the person changed."""
    lost: Sequence[str]
    """Those of them that somebody else changed meanwhile, to something else."""


def race(given: Mapping[str, str], now: Mapping[str, str]) -> Race:
    """Compare what was typed with what the form had shown and with what stands there now.

    A form that does not say what it showed is taken to have shown what stands there now.

    >>> race({"title": "B", "was_title": "A", "amount": "5", "was_amount": "5"}, {"title": "A", "amount": "7"})
    Race(touched={'title'}, lost=[])
    >>> race({"amount": "6", "was_amount": "5"}, {"amount": "7"}).lost
    ['amount']
    """
    was = {name: _lines(given.get(WAS + name, value)) for name, value in now.items()}
    typed = {name: _lines(given.get(name, was[name])).strip() for name in now}
    touched = _together({name for name in now if typed[name] != was[name].strip()}, now)
    theirs = _together({name for name in now if now[name] != was[name]}, now)
    return Race(touched, [name for name in now if name in touched & theirs and typed[name] != now[name].strip()])


def mixed(given: Mapping[str, str], now: Mapping[str, str], touched: Collection[str]) -> dict[str, str]:
    """The form as it is shown again: what was typed stays, all else is as it stands now."""
    return {name: given.get(name, value) if name in touched else value for name, value in now.items()}


def who_was_first(session: Session, deal_id: int, fields: Collection[str], teller: Teller) -> tuple[str, str]:
    """The person whose words stand in these fields, and when they wrote them."""
    columns = {column for name in fields for column in _noted_as(name)}
    for entry in activity.of_subject(session, "deal", deal_id):
        texts = entry.detail.texts.get("after", {}) if entry.detail else {}
        if entry.kind == "deal.edited" and columns & {*entry.after, *texts}:
            return teller.actor(entry), teller.say.ago(entry.at, now=teller.now)
    return teller.say("web.acts.who.somebody"), teller.say("web.deal.meanwhile")


def _lines(text: str) -> str:
    """Browsers send every line's end as two letters."""
    return text.replace("\r\n", "\n")


def _noted_as(name: str) -> set[str]:
    """How the diary calls a field: by its columns, a custom one by its key."""
    spec = builtin(Subject.DEAL, name)
    return {name, *(spec.columns if spec is not None else ())}


def _together(found: set[str], known: Collection[str]) -> set[str]:
    for group in TOGETHER:
        if found & group:
            found = found | (group & set(known))
    return found
