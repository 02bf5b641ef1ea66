"""Deals of all sorts with fields of all kinds, and a filter's meaning in plain Python."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from addon.domain.access import Viewer
from addon.domain.fields import operations as fields
from addon.domain.fields import stored
from addon.domain.fields.keys import Kind, key_of
from addon.domain.money import Money
from addon.domain.views.filters import Condition, Group, Node
from addon.domain.views.operators import OPERATORS, RELATIVE
from addon.models import Company, Contact, Deal, FieldKind, Pipeline, StageKind, Subject
from tests.domain.team_at_work import ANNA, BEN, MONDAY, TeamAtWork

TODAY = MONDAY.date()
WORDS = ("Ramp planner", "ramp", "50% off_season", "Łódź pumps", "łódź", "ÄRGER", "a\\b", "<b>x</b>", "‏שלום", "")
NUMBERS = ("0.5", "12.5", "-3", "1000000.0001")
AMOUNTS = ("0.00", "100.00", "100.01", "99999.99")
DAYS = tuple(TODAY + timedelta(days=off) for off in (-400, -31, -8, -1, 0, 1, 6, 7, 8, 29, 60))
MOMENTS = tuple(MONDAY + timedelta(days=off, hours=hour) for off in (-40, -8, -7, -1, 0) for hour in (-10, 13, 14.5))


@dataclass
class Made:
    kinds: Mapping[str, Kind]
    ids: Mapping[str, Sequence[int]]
    """What may stand in a field of each kind, or in the field of a key."""
    rows: Mapping[int, Mapping[str, Any]]
    """What stands in each deal's fields; nothing is None."""
    stage_kinds: Mapping[int, str]
    me: int
    currency: str
    """Of the pipeline."""


BUILT_IN: Mapping[str, Kind] = {
    "title": Kind.TEXT,
    "product": Kind.TEXT,
    "stage": Kind.STAGE,
    "owner": Kind.PERSON,
    "value": Kind.MONEY,
    "company": Kind.COMPANY,
    "contact": Kind.CONTACT,
    "expected_close": Kind.DATE,
    "created": Kind.MOMENT,
    "closed": Kind.MOMENT,
}
OWN = (
    FieldKind.TEXT,
    FieldKind.LONG_TEXT,
    FieldKind.NUMBER,
    FieldKind.MONEY,
    FieldKind.DATE,
    FieldKind.SELECT,
    FieldKind.MULTI_SELECT,
    FieldKind.PERSON,
    FieldKind.CHECKBOX,
    FieldKind.COMPANY,
    FieldKind.CONTACT,
)


def make(team: TeamAtWork, chance: random.Random, *, deals: int) -> Made:
    kinds, ids, options = dict(BUILT_IN), dict[str, Sequence[int]](), ["Gold", "Grey", "Green"]
    with team.database.writing(Viewer.operator(team.team_id)) as session:
        companies = [Company(name=name, created_at=MONDAY) for name in ("Acme", "Zenith", "acorn")]
        contacts = [Contact(name=name, created_at=MONDAY) for name in ("Jane", "Óscar")]
        session.add_all([*companies, *contacts])
        session.flush()
        for kind in OWN:
            chosen = options if kind in (FieldKind.SELECT, FieldKind.MULTI_SELECT) else ()
            field = fields.create(session, Subject.DEAL, kind, f"My {kind}", at=MONDAY, options=chosen)
            kinds[key_of(field.id)] = Kind(kind)
            ids[key_of(field.id)] = [option.id for option in field.options] if chosen else []
        ids[Kind.STAGE], ids[Kind.PERSON] = list(team.stages.values()), [team.users[ANNA], team.users[BEN]]
        ids[Kind.COMPANY] = [company.id for company in companies]
        ids[Kind.CONTACT] = [contact.id for contact in contacts]
        rows = [{key: _value(chance, key, kind, ids) for key, kind in kinds.items()} for _ in range(deals)]
        stored_deals = [_deal(team, row) for row in rows]
        session.add_all(stored_deals)
        session.flush()
        held = {deal.id: row for deal, row in zip(stored_deals, rows, strict=True)}
        custom = {number: {k: v for k, v in row.items() if k not in BUILT_IN} for number, row in held.items()}
        stored.set_many(session, Subject.DEAL, custom)
    of = {"Won": StageKind.WON, "Lost": StageKind.LOST}
    stage_kinds = {number: of.get(name, StageKind.OPEN) for name, number in team.stages.items()}
    with team.looking() as session:
        currency = session.get_one(Pipeline, team.pipeline_id).currency
    return Made(kinds, ids, held, stage_kinds, team.users[ANNA], currency)


def _deal(team: TeamAtWork, row: Mapping[str, Any]) -> Deal:
    value = row["value"]
    return Deal(
        title=row["title"],
        product=row["product"] or "",
        pipeline_id=team.pipeline_id,
        stage_id=row["stage"],
        entered_stage_at=row["created"],
        owner_id=row["owner"],
        amount=value.amount if value else None,
        currency=value.currency if value else None,
        company_id=row["company"],
        contact_id=row["contact"],
        expected_close=row["expected_close"],
        created_at=row["created"],
        closed_at=row["closed"],
    )


def _value(chance: random.Random, key: str, kind: Kind, ids: Mapping[str, Sequence[int]]) -> Any:
    if key not in ("title", "stage", "owner", "created") and chance.random() < 0.25:
        return None
    if kind in (Kind.TEXT, Kind.LONG_TEXT):
        return chance.choice(WORDS) or ("untitled" if key == "title" else None)
    if kind == Kind.NUMBER:
        return Decimal(chance.choice(NUMBERS))
    if kind == Kind.MONEY:
        return Money(Decimal(chance.choice(AMOUNTS)), chance.choice(("EUR", "PLN")))
    if kind == Kind.DATE:
        return chance.choice(DAYS)
    if kind == Kind.MOMENT:
        return chance.choice(MOMENTS)
    if kind == Kind.MULTI_SELECT:
        return frozenset(chance.sample(ids[key], chance.randint(1, 3)))
    return True if kind == Kind.CHECKBOX else chance.choice(ids.get(key) or ids[kind])


# ---- filters ---------------------------------------------------------------------------------------------------------


def a_filter(chance: random.Random, made: Made, depth: int = 0) -> Group:
    parts: list[Node] = []
    for _ in range(chance.randint(1, 3)):
        deeper = depth < 2 and chance.random() < 0.3
        parts.append(a_filter(chance, made, depth + 1) if deeper else a_condition(chance, made))
    return Group(chance.random() < 0.5, tuple(parts))


def a_condition(chance: random.Random, made: Made) -> Condition:
    key = chance.choice(sorted(made.kinds))
    op = chance.choice(OPERATORS[made.kinds[key]])
    return Condition(key, op, _asked(chance, made, key, op))


def _asked(chance: random.Random, made: Made, key: str, op: str) -> Any:
    kind = made.kinds[key]
    if op in ("empty", "filled", "yes", "no", *RELATIVE):
        return None
    if op == "kind_is":
        return tuple(chance.sample(["open", "won", "lost"], chance.randint(1, 2)))
    if op in ("next_days", "last_days", "older_than_days"):
        return chance.choice((1, 7, 30))
    if op in ("any_of", "none_of") or op.startswith("has_"):
        known = made.ids.get(key) or made.ids[kind]
        return (*chance.sample(known, chance.randint(1, 2)), *(("me",) if kind == Kind.PERSON else ()))
    if op == "between":
        return _one(chance, kind, "EUR"), _one(chance, kind, "EUR")
    return _one(chance, kind, chance.choice(("", "EUR")))


def _one(chance: random.Random, kind: Kind, currency: str) -> str:
    if kind == Kind.NUMBER:
        return chance.choice(NUMBERS)
    if kind == Kind.MONEY:
        return f"{chance.choice(AMOUNTS)} {currency}".strip()
    if kind in (Kind.DATE, Kind.MOMENT):
        return chance.choice(DAYS).isoformat()
    word = chance.choice(WORDS[:-1])
    start = chance.randrange(len(word))
    part = word[start : start + chance.randint(1, len(word))].strip() or word
    return chance.choice((part, part.upper(), word.lower(), word))


# ---- what they mean --------------------------------------------------------------------------------------------------


def meant(node: Node, row: Mapping[str, Any], made: Made) -> bool:
    if isinstance(node, Group):
        return (any if node.any else all)(meant(part, row, made) for part in node.parts)
    held, op, asked = row[node.field], node.op, node.value
    opposite = {"not_contains": "contains", "is_not": "is", "none_of": "any_of", "has_none": "has_any", "no": "yes"}
    if op in ("empty", "filled"):
        return (held is None) == (op == "empty")
    if op in opposite:
        return held is None or not _meant(opposite[op], held, asked, made)
    return held is not None and _meant(op, held, asked, made)


def _meant(op: str, held: Any, asked: Any, made: Made) -> bool:
    if isinstance(held, str):
        text, wanted = held.lower(), asked.lower()
        return {"contains": wanted in text, "is": wanted == text, "begins": text.startswith(wanted)}[op]
    if isinstance(held, Money):
        wanted = [each.partition(" ") for each in (asked if isinstance(asked, tuple) else (asked,))]
        same = (wanted[0][2] or made.currency) == held.currency
        return same and _compared(op, held.amount, [Decimal(number) for number, _, _ in wanted])
    if isinstance(held, Decimal):
        return _compared(op, held, [Decimal(each) for each in (asked if isinstance(asked, tuple) else (asked,))])
    if isinstance(held, date):
        return _on(op, held.astimezone(UTC).date() if isinstance(held, datetime) else held, asked)
    if held is True:
        return op == "yes"
    if op == "kind_is":
        return made.stage_kinds[held] in asked
    ids = {made.me if each == "me" else each for each in asked}
    if op == "has_all":
        return ids <= held
    return bool(ids & held) if isinstance(held, frozenset) else held in ids


def _compared(op: str, held: Decimal, wanted: Sequence[Decimal]) -> bool:
    low, high = wanted[0], wanted[-1]
    return {
        "is": held == low,
        "lt": held < low,
        "le": held <= low,
        "gt": held > low,
        "ge": held >= low,
        "between": low <= held <= high,
    }[op]


def _on(op: str, day: date, asked: Any) -> bool:
    off = (day - TODAY).days
    if isinstance(asked, int):
        return {"next_days": 0 <= off <= asked, "last_days": -asked <= off <= 0, "older_than_days": off < -asked}[op]
    if asked is None:
        month = day.year * 12 + day.month - TODAY.year * 12 - TODAY.month
        week = day.isocalendar()[:2] == TODAY.isocalendar()[:2]
        following = day.isocalendar()[:2] == (TODAY + timedelta(days=7)).isocalendar()[:2]
        told = {"today": off == 0, "tomorrow": off == 1, "overdue": off < 0, "this_week": week, "next_week": following}
        return {**told, "last_month": month == -1, "this_month": month == 0, "next_month": month == 1}[op]
    low, high = (date.fromisoformat(each) for each in (asked if isinstance(asked, tuple) else (asked, asked)))
    return {"is": day == low, "before": day < low, "after": day > low, "between": low <= day <= high}[op]
