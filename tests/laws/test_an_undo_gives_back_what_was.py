"""Law 4, at random: an undo gives back all that was, the undo of it all that had become, and a refusal changes nothing.

UNDO_SEED chooses another walk; a failing one prints the seed and the act.
"""

from __future__ import annotations

import os
import random
from collections import Counter

import pytest
from sqlalchemy import select

from addon.domain.access import Viewer
from addon.domain.errors import DomainError
from addon.domain.undoing.plan import can_be_offered
from addon.models import Activity
from tests.domain.team_at_work import TeamAtWork
from tests.laws.small_world import ACTS, SmallWorld, standing

ROUNDS, LONG = 36, 3_000


def test_a_walk_of_every_act_and_back(team: TeamAtWork) -> None:
    _walk(team, ROUNDS)


@pytest.mark.long
def test_a_long_walk_of_every_act_and_back(team: TeamAtWork) -> None:
    _walk(team, LONG)


def _walk(team: TeamAtWork, rounds: int) -> None:
    seed = int(os.environ.get("UNDO_SEED", "3"))
    dice = random.Random(seed)
    world = SmallWorld(team, dice)
    done: Counter[str] = Counter()
    names = [*ACTS] * (rounds // len(ACTS) + 1)
    dice.shuffle(names)
    before = standing(team)
    for number, name in enumerate(names[:rounds]):
        where = f"UNDO_SEED={seed}, round {number}, {name}"
        last = _last(team)
        try:
            world.act(name)
        except (DomainError, IndexError):
            done[f"{name} refused"] += 1
        if standing(team) == before and _began_after(team, last) is None:
            continue
        entry, after = _began_after(team, last), standing(team)
        assert entry is not None, f"{where}: it changed something, and the diary says nothing"
        done[name] += 1
        back = world.undo(entry)
        assert standing(team) == before, f"{where}: the undo"
        again = world.undo(back)
        assert standing(team) == after, f"{where}: the undo of the undo"
        if dice.random() < 0.4:
            world.undo(again)
            assert standing(team) == before, f"{where}: the third undo"
        before = _an_old_act(team, world, where)
    assert sum(done[name] for name in ACTS) > rounds / 2, done


def _an_old_act(team: TeamAtWork, world: SmallWorld, where: str) -> dict[str, object]:
    """Somebody takes something back that was done before other things: as it was, or refused."""
    before = standing(team)
    with team.looking() as session:
        query = select(Activity).where(Activity.cause_id.is_(None)).order_by(Activity.id)
        acts = [act.id for act in session.scalars(query) if can_be_offered(act)]
    entry = world.dice.choice(acts)
    try:
        back = world.undo(entry)
    except DomainError:
        assert standing(team) == before, f"{where}: a refused undo of entry {entry}"
        return before
    world.undo(back)
    assert standing(team) == before, f"{where}: undo and redo of the older entry {entry}"
    return before


def _last(team: TeamAtWork) -> int:
    with team.database.reading(Viewer.operator(team.team_id)) as session:
        return session.scalars(select(Activity.id).order_by(Activity.id.desc()).limit(1)).one()


def _began_after(team: TeamAtWork, last: int) -> int | None:
    with team.database.reading(Viewer.operator(team.team_id)) as session:
        query = select(Activity.id).where(Activity.id > last, Activity.cause_id.is_(None)).order_by(Activity.id)
        return session.scalars(query.limit(1)).first()
