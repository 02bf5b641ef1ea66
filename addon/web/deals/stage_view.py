"""A deal's way through its stages: days in each, where it stands, what lies ahead."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from types import MappingProxyType

from addon.i18n import Words
from addon.models import Activity, Deal, Stage, StageKind

DAY = timedelta(days=1)

SHOWN = 8
"""Open stages on a deal's way."""


@dataclass(frozen=True)
class StepView:
    name: str
    note: str
    state: str
    """done, now or ahead."""


def steps(
    deal: Deal,
    stages: Sequence[Stage],
    entries: Sequence[Activity],
    say: Words,
    *,
    now: datetime,
    needs: Mapping[int, str] = MappingProxyType({}),
) -> list[StepView]:
    """Open stages in order, then the end: Won, or where the deal is lost, Lost. `entries` newest first.

    Of a long way, what lies around the deal. `needs`: by stage, what it asks for that is empty.
    """
    spent = time_in_stages(entries, now=now)
    standing = deal.stage
    ends = [stage for stage in stages if stage.kind != StageKind.OPEN]
    end = [stage for stage in ends if stage.id == standing.id] or [s for s in ends if s.kind == StageKind.WON][:1]
    way = _around([stage for stage in stages if stage.kind == StageKind.OPEN], standing) + end
    closed = standing.kind != StageKind.OPEN
    made = [_step(stage, deal, closed, spent.get(stage.id), say, now) for stage in way]
    return [
        replace(step, note=needs[stage.id]) if step.state == "ahead" and stage.id in needs else step
        for stage, step in zip(way, made, strict=True)
    ]


def _around(open_stages: list[Stage], standing: Stage) -> list[Stage]:
    """Those next to where the deal stands, or the last ones where it stands at the end."""
    if len(open_stages) <= SHOWN:
        return open_stages
    place = next((number for number, stage in enumerate(open_stages) if stage.id == standing.id), len(open_stages))
    first = max(0, min(place - SHOWN // 2, len(open_stages) - SHOWN))
    return open_stages[first : first + SHOWN]


def time_in_stages(entries: Sequence[Activity], *, now: datetime) -> dict[int, timedelta]:
    """How long a deal has been in each stage, by its diary, newest entry first."""
    spent: dict[int, timedelta] = defaultdict(timedelta)
    until = now
    for entry in entries:
        if entry.kind == "deal.moved":
            spent[entry.after["stage_id"]] += until - entry.at
            until = entry.at
    return dict(spent)


def _step(stage: Stage, deal: Deal, closed: bool, spent: timedelta | None, say: Words, now: datetime) -> StepView:
    if stage.id == deal.stage_id:
        return StepView(stage.name, _since(stage, deal, say, now), "now")
    behind = closed or stage.position < deal.stage.position
    if not behind:
        return StepView(stage.name, "", "ahead")
    note = say("web.deal.days", n=round(spent / DAY)) if spent is not None else say("web.deal.passed_over")
    return StepView(stage.name, note, "done" if spent is not None or not closed else "ahead")


def _since(stage: Stage, deal: Deal, say: Words, now: datetime) -> str:
    day = say.day(deal.entered_stage_at, today=say.today(now))
    limit = stage.now.age_limit_days
    if stage.kind != StageKind.OPEN or limit is None:
        return say("web.deal.since", day=day)
    return say("web.deal.since_limit", day=day, n=limit)
