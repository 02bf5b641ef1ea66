"""Reads the world's files and turns its moments, which are told from today, into dates."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

HERE = Path(__file__).parent
PEOPLE_FILE = HERE / "people.csv"
"""The list of people for a first campaign, those who answer among them."""

_BOARDS = ("deals", "marketing", "after_sales")
_AGO = re.compile(r"(?:(\d+)d (\d\d:\d\d))|(?:(\d+)h)|(?:(\d+)m)")


@dataclass(frozen=True)
class Rep:
    key: str
    name: str
    email: str
    role: str


@dataclass(frozen=True)
class World:
    """All that the files say, and the moment that they tell it from."""

    now: datetime
    zone: ZoneInfo
    team: dict[str, Any]
    reps: tuple[Rep, ...]
    pipelines: list[dict[str, Any]]
    rules: list[dict[str, Any]]
    shape: dict[str, Any]
    """The team's own fields, and what its stages ask for."""
    companies: list[dict[str, Any]]
    people: list[dict[str, Any]]
    deals: list[dict[str, Any]]
    """Of all boards; a twin comes behind the won deal that it goes on from."""
    views: list[dict[str, Any]]
    threads: list[dict[str, Any]]

    def rep(self, key: str) -> Rep:
        return next(rep for rep in self.reps if rep.key == key)

    def name_of(self, email: str) -> str:
        """Of a rep or a contact; empty for others."""
        known = {rep.email: rep.name for rep in self.reps} | {one["email"]: one["name"] for one in self.people}
        return str(known.get(email, ""))

    def days_ago(self, days: float) -> datetime:
        return self.now - timedelta(days=days)

    def day_in(self, days: int | None) -> date | None:
        return None if days is None else (self.now.astimezone(self.zone) + timedelta(days=days)).date()

    def moment(self, when: str) -> datetime:
        """`6d 09:10` is six days ago at that time in the team's zone; `2h` and `40m` count from now."""
        found = _AGO.fullmatch(when)
        if found is None:
            raise ValueError(f"not a moment of the world: {when}")
        days, clock, hours, minutes = found.groups()
        if days is None:
            return self.now - timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
        day = (self.now.astimezone(self.zone) - timedelta(days=int(days))).date()
        return datetime.combine(day, time.fromisoformat(clock), self.zone)


def load(now: datetime) -> World:
    """The world as of now."""
    team = _read("team")
    return World(
        now=now,
        zone=ZoneInfo(team["team"]["zone"]),
        team=team["team"],
        reps=reps(),
        pipelines=team["pipelines"],
        rules=team["rules"],
        shape=_read("fields"),
        companies=_read("companies")["companies"],
        people=_read("contacts")["people"],
        deals=[deal for board in _BOARDS for deal in _read(board)["deals"]],
        views=_read("views")["views"],
        threads=_read("mail")["threads"],
    )


def reps() -> tuple[Rep, ...]:
    """The people whose mailboxes stand on this machine."""
    return tuple(Rep(**rep) for rep in _read("team")["reps"])


def zone() -> ZoneInfo:
    """The team's."""
    return ZoneInfo(_read("team")["team"]["zone"])


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((HERE / f"{name}.toml").read_text(encoding="utf-8"))
