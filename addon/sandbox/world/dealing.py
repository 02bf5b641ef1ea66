"""Opens the world's deals and leads each to where it stands, act by act, in the order in which things happened."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from addon.domain.deals import operations as deals
from addon.domain.deals import playbook
from addon.domain.deals.draft import DealDraft
from addon.domain.fields import stored
from addon.domain.fields.checking import Typed
from addon.domain.ladder import operations as ladder
from addon.domain.ladder import twins
from addon.domain.money import Money
from addon.domain.tasks import operations as tasks
from addon.models import Deal, Subject, Task
from addon.sandbox.world.acquaintances import person
from addon.sandbox.world.data import World
from addon.sandbox.world.own_fields import OwnFields
from addon.sandbox.world.shaping import Shape

LINKED = 3
"""Days ago, when the team linked its threads to its deals."""
Act = tuple[datetime, Callable[[], object]]


@dataclass(frozen=True)
class Desk:
    """What a rep has at hand."""

    session: Session
    world: World
    shape: Shape
    own: OwnFields
    users: Mapping[str, int]
    """Ids of the reps."""


def open_deals(desk: Desk, owner: str) -> dict[str, int]:
    """A rep's deals, by their keys in the files."""
    mine = [wanted for wanted in desk.world.deals if wanted["owner"] == owner]
    made = {wanted["key"]: _opened(desk, wanted) for wanted in mine if "twin_of" not in wanted}
    values = {made[wanted["key"]].id: _values(desk, wanted) for wanted in mine if wanted["key"] in made}
    stored.set_many(desk.session, Subject.DEAL, values)  # as opening does, at once for all: the demo starts sooner
    for wanted in mine:
        if "twin_of" in wanted:
            made[wanted["key"]] = _twin(desk, wanted, made[wanted["twin_of"]])
        _lead(desk, wanted, made[wanted["key"]])
    return {key: deal.id for key, deal in made.items()}


def _lead(desk: Desk, wanted: Mapping[str, Any], deal: Deal) -> None:
    acts = [*_way(desk, wanted, deal), *_parts(desk, wanted, deal), *_ticks(desk, wanted, deal)]
    for task in wanted.get("tasks", ()):
        acts.extend(_task(desk, wanted, task, deal))
    for _, act in sorted(acts, key=lambda act: act[0]):
        act()


def _opened(desk: Desk, wanted: Mapping[str, Any]) -> Deal:
    contact = person(desk.session, wanted["with"])
    amount, currency = wanted["value"].split()
    draft = DealDraft(
        owner_id=desk.users[wanted["owner"]],
        contact_id=contact.id,
        company_id=contact.company_id,
        value=Money(Decimal(amount), currency),
        product=wanted["product"],
        channel=wanted.get("channel", ""),
        referred_by_id=person(desk.session, wanted["referred_by"]).id if "referred_by" in wanted else None,
        title=wanted["title"],
        **_plans(desk.world, wanted),
    )
    at = desk.world.days_ago(wanted["age"])
    return ladder.open_deal(desk.session, draft, at=at, pipeline_id=desk.shape.pipelines[_line(wanted)])


def _twin(desk: Desk, wanted: Mapping[str, Any], won: Deal) -> Deal:
    """It takes people, company and worth from the won deal."""
    at = desk.world.days_ago(wanted["age"])
    twin = twins.open_twin(desk.session, won.id, at=at, title=wanted["title"])
    deals.edit(desk.session, twin.id, _plans(desk.world, wanted) | _values(desk, wanted), at=at)
    return twin


def _values(desk: Desk, wanted: Mapping[str, Any]) -> dict[str, Typed | None]:
    return desk.own.typed(Subject.DEAL, wanted.get("fields", {}))


def _line(wanted: Mapping[str, Any]) -> str:
    return str(wanted.get("pipeline", "outbound"))


def _plans(world: World, wanted: Mapping[str, Any]) -> dict[str, Any]:
    step, due = wanted.get("next", ("", None))
    return {
        "next_step": step,
        "next_step_on": world.day_in(due),
        "expected_close": world.day_in(wanted.get("close")),
    }


def _way(desk: Desk, wanted: Mapping[str, Any], deal: Deal) -> Iterator[Act]:
    """Through every stage after the first, up to where it stands, at even distances."""
    stages = desk.shape.stages[_line(wanted)]
    names = list(stages)
    opened, entered = desk.world.days_ago(wanted["age"]), desk.world.days_ago(wanted["here"])
    target = names.index(wanted["stage"])
    closed = target >= len(names) - 2
    passed = names[1 : len(names) - 2 if closed else target]
    between = (entered - opened) / (len(passed) + 1)
    for number, name in enumerate(passed, 1):
        yield _move(desk, deal, stages[name], opened + between * number)
    if target:
        last = max(entered, opened + timedelta(minutes=1))
        yield _move(desk, deal, stages[wanted["stage"]], last, lost_reason=wanted.get("lost"))


def _move(desk: Desk, deal: Deal, stage_id: int, at: datetime, *, lost_reason: str | None = None) -> Act:
    return at, lambda: ladder.move(desk.session, deal.id, stage_id, seen=None, at=at, lost_reason=lost_reason)


def _parts(desk: Desk, wanted: Mapping[str, Any], deal: Deal) -> Iterator[Act]:
    """Who else has a part in it."""
    at = desk.world.days_ago(wanted["here"])
    for email, role in wanted.get("also", ()):
        yield _part(desk, deal, email, role, at)


def _part(desk: Desk, deal: Deal, email: str, role: str, at: datetime) -> Act:
    return at, lambda: deals.add_person(desk.session, deal.id, person(desk.session, email), role=role, at=at)


def _ticks(desk: Desk, wanted: Mapping[str, Any], deal: Deal) -> Iterator[Act]:
    """The first points of the stage's checklist are done, in the days after it was entered."""
    count = wanted.get("ticked", 0)
    stage_id = desk.shape.stages[_line(wanted)][wanted["stage"]]
    between = timedelta(days=wanted["here"]) / (count + 4)
    for number, point in enumerate(desk.shape.checklists.get(stage_id, ())[:count], 1):
        yield _tick(desk, deal, stage_id, point, desk.world.days_ago(wanted["here"]) + between * number)


def _tick(desk: Desk, deal: Deal, stage_id: int, point: str, at: datetime) -> Act:
    return at, lambda: playbook.tick(desk.session, deal.id, stage_id, point, at=at)


def _task(desk: Desk, wanted: Mapping[str, Any], told: Mapping[str, Any], deal: Deal) -> Iterator[Act]:
    """Thought of before the threads were linked, and three days before it is due; done on its day."""
    at = desk.world.days_ago(min(max(LINKED + 1, LINKED - told["due"]), wanted["here"] - 1 / 24))
    made: list[Task] = []
    yield (
        at,
        lambda: made.append(
            tasks.create(
                desk.session,
                told["title"],
                at=at,
                assignee_id=desk.users[told.get("for", wanted["owner"])],
                deal_id=deal.id,
                due_on=desk.world.day_in(told["due"]),
            )
        ),
    )
    if told.get("done"):
        done_at = desk.world.days_ago(-told["due"])
        yield done_at, lambda: tasks.done(desk.session, made[0].id, at=done_at)
