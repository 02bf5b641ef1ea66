"""Who answers, how, and after how much of the world's time. Everybody else stays silent.

The people and the words of their mail programs stand in `languages/`, one file a language.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

_HERE = Path(__file__).parent / "languages"
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


class Kind(StrEnum):
    """What becomes of a mail that opens a conversation."""

    YES = "yes"
    """Wants to know more."""
    NO = "no"
    LATER = "later"
    """Names a day; is ready once it has come."""
    PRICE = "price"
    """Asks what it costs; says yes once that is answered."""
    WRONG_PERSON = "wrong_person"
    """Names a colleague, who may answer, too."""
    REMOVE_ME = "remove_me"
    """Wants no more mail, and says so again where more comes."""
    AWAY = "away"
    """A vacation responder: a note to each sender every four days; the person answers once back."""
    BOUNCE = "bounce"
    """There is no such address: every mail comes back."""
    SOFT_BOUNCE = "soft_bounce"
    """The mail is late: a report says so, then it arrives and is answered."""
    MEETING = "meeting"
    """Takes a slot: accepts the invitation in the mail, or books one on the sender's booking page."""
    OTHER_ADDRESS = "other_address"
    """Answers from a private address."""
    SCANNER = "scanner"
    """A machine opens every link of a mail as it arrives; the person answers later."""
    SLOW = "slow"
    """Answers after days."""


@dataclass(frozen=True, kw_only=True)
class Persona:
    """One person and what they write. Texts are templates; an empty one is silence."""

    email: str
    name: str
    role: str
    company: str
    city: str
    language: str
    zone: ZoneInfo
    kind: Kind
    after: timedelta
    """From a mail to what comes back for it."""
    answers_after: timedelta
    """From a mail to the person's answer, where something else comes first."""
    program: str
    """The mail program: a table in `Language.programs`."""
    prefix: str | None
    """Before the subject of an answer, where it is not the program's."""
    first: str
    then: str
    """The answer to the next mail of a conversation."""
    early: str
    """To one that comes before the day that was named."""
    on_return: str
    days: int
    """Until the day that `later` names, or until the person is back."""
    colleague: str
    """Address of whom to ask instead."""
    stand_in: tuple[str, str]
    """(name, address)."""
    private: str
    """The other address."""
    report: str
    """Whose form a bounce has: `gmail` or `exchange`."""

    @property
    def addresses(self) -> tuple[str, ...]:
        """Everywhere this person reads mail."""
        return (self.email, self.private) if self.private else (self.email,)

    @property
    def domain(self) -> str:
        return self.email.rpartition("@")[2]


@dataclass(frozen=True)
class Language:
    """What mail programs and calendars write in one language. `day` is a date's pattern within a text."""

    code: str
    day: str
    away_subject: str
    programs: Mapping[str, Mapping[str, Any]]
    calendar: Mapping[str, Any]


@cache
def language(code: str) -> Language:
    """The words of a language that somebody of the cast answers in."""
    told = _read(code)
    return Language(code, told["day"], told["away_subject"], told["programs"], told["calendar"])


def _read(code: str) -> dict[str, Any]:
    return tomllib.loads((_HERE / f"{code}.toml").read_text(encoding="utf-8"))


def span(text: str) -> timedelta:
    """How long.

    >>> span("3d") == timedelta(days=3), span("75s") == timedelta(seconds=75)
    (True, True)
    """
    found = re.fullmatch(r"(\d+)([smhd])", text)
    if found is None:
        raise ValueError(f"not a span of time: {text}")
    return timedelta(**{_UNITS[found[2]]: int(found[1])})


def _persona(code: str, zone: str, told: Mapping[str, Any]) -> Persona:
    after = span(told["after"])
    return Persona(
        email=told["email"],
        name=told["name"],
        role=told["role"],
        company=told["company"],
        city=told["city"],
        language=code,
        zone=ZoneInfo(told.get("zone", zone)),
        kind=Kind(told["kind"]),
        after=after,
        answers_after=span(told["answers_after"]) if "answers_after" in told else after,
        program=told.get("program", "gmail"),
        prefix=told.get("prefix"),
        first=told.get("first", "").strip(),
        then=told.get("then", "").strip(),
        early=told.get("early", "").strip(),
        on_return=told.get("on_return", "").strip(),
        days=told.get("days", 0),
        colleague=told.get("colleague", ""),
        stand_in=tuple(told.get("stand_in", ("", ""))),
        private=told.get("private", ""),
        report=told.get("report", "gmail"),
    )


def _cast() -> tuple[Persona, ...]:
    codes = sorted((file.stem for file in _HERE.glob("*.toml")), key=lambda code: (code != "en", code))
    return tuple(
        _persona(code, told["zone"], person) for code in codes for told in [_read(code)] for person in told["people"]
    )


CAST = _cast()
"""The demo's people, the English ones first."""
