"""Law 2: what is counted beside the deals always equals the deals, whatever happened and whoever acted at once."""

from __future__ import annotations

import random
import threading
from contextlib import suppress
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import Executable, insert, select, update
from sqlalchemy.orm import Session

from addon.domain.deals import operations as deals
from addon.domain.deals import totals
from addon.domain.deals.draft import DealDraft
from addon.domain.errors import DomainError
from addon.domain.ladder import operations as ladder
from addon.domain.money import Money
from addon.models import Deal
from tests.domain.team_at_work import ANNA, BEN, MONDAY, TeamAtWork

LATER = MONDAY + timedelta(hours=1)


def opened(team: TeamAtWork, session: Session, *, amount: int | None = None, currency: str = "EUR") -> int:
    value = Money(Decimal(amount), currency) if amount is not None else None
    draft = DealDraft(title="Ramp", owner_id=team.users[ANNA], value=value)
    return ladder.open_deal(session, draft, at=MONDAY, pipeline_id=team.pipeline_id).id


def some_act(team: TeamAtWork, session: Session, dice: random.Random, ids: list[int]) -> None:
    deal_id = dice.choice(ids)
    if dice.random() < 0.5:
        ladder.move(session, deal_id, dice.choice(list(team.stages.values())), seen=None, at=LATER)
    elif dice.random() < 0.2:
        deals.delete(session, deal_id, at=LATER)
    else:
        value = dice.choice([None, Money(Decimal(dice.randrange(10**9)) / 100, dice.choice(["EUR", "USD"]))])
        deals.edit(session, deal_id, {"value": value, "owner_id": dice.choice(list(team.users.values()))}, at=LATER)


def check(team: TeamAtWork) -> None:
    with team.looking() as session:
        assert totals.of_pipeline(session, team.pipeline_id) == totals.recount(session, team.pipeline_id)


def test_they_do_after_whatever_people_did(team: TeamAtWork) -> None:
    dice = random.Random(5)
    with team.acting() as session:
        ids = [opened(team, session, amount=dice.choice([None, 7, 100]), currency="USD") for _ in range(12)]
    check(team)

    for _ in range(25):
        with team.acting() as session:
            for _ in range(4):
                try:
                    some_act(team, session, dice, ids)
                except DomainError:
                    ids.append(opened(team, session, amount=3))
        check(team)


def test_they_do_within_the_transaction_too(team: TeamAtWork) -> None:
    with team.acting() as session:
        deal_id = opened(team, session, amount=5)
        assert totals.of_pipeline(session, team.pipeline_id)[team.stages["New"]]["EUR"].deals == 1
        ladder.move(session, deal_id, team.stages["Offer"], seen=None, at=LATER)
        assert totals.of_pipeline(session, team.pipeline_id) == {
            team.stages["Offer"]: {"EUR": totals.Total(1, Decimal(5))}
        }
    check(team)


def test_what_is_taken_back_was_never_counted(team: TeamAtWork) -> None:
    with team.acting() as session:
        kept = opened(team, session, amount=5)
        with session.begin_nested() as savepoint:
            opened(team, session, amount=7)
            totals.of_pipeline(session, team.pipeline_id)
            savepoint.rollback()
        with session.begin_nested():
            deals.edit(session, kept, {"value": Money(Decimal(6), "EUR")}, at=LATER)
    with suppress(DomainError), team.acting() as session:
        opened(team, session)
        raise DomainError

    check(team)
    with team.looking() as session:
        assert totals.of_pipeline(session, team.pipeline_id)[team.stages["New"]] == {"EUR": totals.Total(1, Decimal(6))}


def test_a_value_that_was_not_loaded_is_known_all_the_same(team: TeamAtWork) -> None:
    deal_id = team.deal()
    with team.acting() as session:
        deal = session.get_one(Deal, deal_id)
        session.expire(deal)
        deal.owner_id = team.users[BEN]
    with team.acting() as session:
        session.expire(deal := session.get_one(Deal, deal_id))
        deal.amount, deal.currency = Decimal(9), "EUR"

    check(team)


@pytest.mark.parametrize(
    ("statement", "given"),
    [(update(Deal).values(owner_id=1), {}), (insert(Deal), {"title": "x"})],
    ids=["update", "insert"],
)
def test_a_statement_cannot_change_deals_behind_them(
    team: TeamAtWork, statement: Executable, given: dict[str, object]
) -> None:
    team.deal()
    with team.acting() as session, pytest.raises(TypeError):
        session.execute(statement, given and {**given, "team_id": team.team_id})


def test_they_do_when_many_act_at_once_and_nobody_waits_in_a_ring(team: TeamAtWork) -> None:
    with team.acting() as session:
        ids = [opened(team, session, amount=5) for _ in range(6)]
    troubles: list[BaseException] = []

    def act(seed: int) -> None:
        dice = random.Random(seed)
        for _ in range(15):
            try:
                with team.acting(dice.choice([ANNA, BEN])) as session:
                    # As bulk writers do: the deals of one transaction are locked in the order of their ids.
                    some = sorted(dice.sample(ids, 3))
                    session.scalars(select(Deal).where(Deal.id.in_(some)).order_by(Deal.id).with_for_update()).all()
                    for deal_id in dice.sample(some, 3):
                        stage = dice.choice(list(team.stages.values()))
                        ladder.move(session, deal_id, stage, seen=None, at=LATER)
            except BaseException as trouble:
                troubles.append(trouble)

    threads = [threading.Thread(target=act, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert [repr(trouble)[:300] for trouble in troubles] == []
    check(team)
