"""Law 11: amounts have a currency and are exact; moments are stored in UTC and come back as the moments they were."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from sqlalchemy import select, text, update
from sqlalchemy.exc import IntegrityError, StatementError

from addon.domain.deals import operations as deals
from addon.domain.deals import queries
from addon.domain.money import Money, NotACurrency, NotAnAmount, totals
from addon.models import Deal, Model, UtcDateTime
from tests.domain.team_at_work import MONDAY, TeamAtWork

MOMENTS = [
    datetime(2026, 3, 29, 1, 59, 59, 999999, tzinfo=ZoneInfo("Europe/Warsaw")),
    datetime(2026, 3, 29, 3, 0, tzinfo=ZoneInfo("Europe/Warsaw")),
    datetime(2026, 10, 25, 2, 30, tzinfo=ZoneInfo("Europe/Rome"), fold=0),
    datetime(2026, 10, 25, 2, 30, tzinfo=ZoneInfo("Europe/Rome"), fold=1),
    datetime(2026, 7, 1, 0, 30, tzinfo=timezone(timedelta(hours=14))),
    datetime(2026, 12, 31, 23, 59, tzinfo=ZoneInfo("Asia/Jakarta")),
    datetime(2026, 1, 1, tzinfo=UTC),
]
amounts = some.decimals(min_value=-(10**15), max_value=10**15, places=2, allow_nan=False, allow_infinity=False)


class TestMoney:
    def test_of_two_currencies_never_adds_up(self) -> None:
        with pytest.raises(ValueError, match="no rate"):
            Money(Decimal(1), "EUR") + Money(Decimal(1), "PLN")

    @given(some.lists(some.tuples(amounts, some.sampled_from(["EUR", "PLN", "IDR"]))))
    def test_has_one_exact_sum_a_currency(self, values: list[tuple[Decimal, str]]) -> None:
        sums = {money.currency: money.amount for money in totals(Money(amount, name) for amount, name in values)}

        assert sums == {
            name: sum((amount for amount, other in values if other == name), Decimal(0)) for _, name in values
        }

    @pytest.mark.parametrize("currency", ["", "eur", "EURO", "E1R", "€"])
    def test_needs_a_currency(self, currency: str) -> None:
        with pytest.raises(NotACurrency):
            Money(Decimal(1), currency)

    @pytest.mark.parametrize("amount", ["NaN", "Infinity", "1e17"])
    def test_is_a_number_that_the_database_holds(self, amount: str) -> None:
        with pytest.raises(NotAnAmount):
            Money(Decimal(amount), "EUR")

    def test_comes_back_from_the_database_to_the_cent(self, team: TeamAtWork) -> None:
        deal_id = team.deal()
        for amount in ("0.01", "0.10", "9999999999999.99", "3.33", "86400"):
            value = Money(Decimal(amount), "PLN")
            with team.acting() as session:
                deals.edit(session, deal_id, {"value": value}, at=MONDAY)

            with team.looking() as session:
                assert queries.value(session.get_one(Deal, deal_id)) == value

    def test_without_a_currency_or_an_amount_is_refused_by_the_database(self, team: TeamAtWork) -> None:
        rows = Deal.__table__
        deal_id = team.deal()

        for half in ({"amount": 5}, {"currency": "EUR"}):
            with pytest.raises(IntegrityError), team.database.engine.begin() as connection:
                connection.execute(update(rows).where(rows.c.id == deal_id).values(half))


class TestMoments:
    def test_come_back_as_the_same_moment_in_utc(self, team: TeamAtWork) -> None:
        for moment in MOMENTS:
            deal_id = team.deal(at=moment)

            with team.looking() as session:
                stored = session.get_one(Deal, deal_id).created_at
            assert stored == moment.astimezone(UTC)
            assert stored.utcoffset() == timedelta(0)

    def test_are_found_by_the_same_moment_of_any_zone(self, team: TeamAtWork) -> None:
        made = {team.deal(at=moment): moment for moment in MOMENTS}

        for deal_id, moment in made.items():
            with team.looking() as session:
                same = moment.astimezone(ZoneInfo("America/New_York"))
                later = same + timedelta(microseconds=1)
                assert session.scalars(select(Deal.id).where(Deal.created_at == same)).all() == [deal_id]
                after = session.scalars(select(Deal.id).where(Deal.created_at >= later)).all()
                assert deal_id not in after

    def test_are_in_order_whatever_zone_said_them(self, team: TeamAtWork) -> None:
        made = {team.deal(str(number), at=moment): moment for number, moment in enumerate(MOMENTS)}

        with team.looking() as session:
            found = session.scalars(select(Deal.id).order_by(Deal.created_at)).all()
        assert [made[deal_id] for deal_id in found] == sorted(MOMENTS, key=lambda moment: moment.astimezone(UTC))

    def test_without_a_zone_are_refused(self, team: TeamAtWork) -> None:
        with pytest.raises(StatementError, match="without a zone"):
            team.deal(at=datetime(2026, 3, 2, 9, 0))  # noqa: DTZ001

    def test_stand_in_the_file_as_utc(self, team: TeamAtWork) -> None:
        deal_id = team.deal(at=datetime(2026, 7, 1, 0, 30, tzinfo=timezone(timedelta(hours=14))))

        with team.database.engine.connect() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("SET TIME ZONE 'UTC'"))
            raw = connection.execute(text("SELECT created_at FROM deal WHERE id = :id"), {"id": deal_id}).scalar_one()
        assert str(raw).startswith("2026-06-30 10:30:00")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(some.datetimes(timezones=some.timezones()))
def test_the_column_keeps_any_moment(moment: datetime) -> None:
    column = UtcDateTime()
    for dialect in ("sqlite", "postgresql"):
        named = type("Dialect", (), {"name": dialect})()
        try:
            expected = moment.astimezone(UTC)
        except OverflowError:
            return
        assert column.process_result_value(column.process_bind_param(moment, named), named) == expected


def test_every_moment_of_every_table_is_of_that_kind() -> None:
    others = [
        f"{table.name}.{column.name}"
        for table in Model.metadata.sorted_tables
        for column in table.columns
        if "DATETIME" in str(column.type).upper() and not isinstance(column.type, UtcDateTime)
    ]

    assert not others
