"""What dropping a card means, and what a spreadsheet gets."""

from __future__ import annotations

import codecs
import csv
from datetime import date
from decimal import Decimal

import pytest

from addon.domain.access import Viewer
from addon.domain.contacts import operations as contacts
from addon.domain.deals.draft import DealDraft
from addon.domain.fields import operations as fields
from addon.domain.fields.keys import key_of
from addon.domain.ladder import operations as ladder
from addon.domain.money import Money
from addon.domain.views import board as boards
from addon.domain.views import export, refusals, table
from addon.domain.views.asking import Ask
from addon.domain.views.dropping import Edit, Move, change_for
from addon.models import FieldKind, Shape, Subject
from tests.domain.team_at_work import ANNA, BEN, MONDAY, TeamAtWork


def by(team: TeamAtWork, key: str) -> Ask:
    return Ask(subject=Subject.DEAL, pipeline_id=team.pipeline_id, group_by=key)


def test_a_card_dropped_into_a_column_changes_the_field_that_the_board_is_grouped_by(team):
    with team.database.writing(Viewer.operator(team.team_id)) as session:
        tags = fields.create(session, Subject.DEAL, FieldKind.MULTI_SELECT, "Tags", at=MONDAY, options=("a", "b", "c"))
        a, b, c = (option.id for option in tags.options)
    ben, key = team.users[BEN], key_of(tags.id)

    with team.looking() as session:
        assert change_for(session, by(team, ""), str(team.stages["Offer"]), at=MONDAY) == Move(team.stages["Offer"])
        assert change_for(session, by(team, "owner"), str(ben), at=MONDAY) == Edit("owner", ben)
        assert change_for(session, by(team, "product"), "Ramp", at=MONDAY) == Edit("product", "Ramp")
        assert change_for(session, by(team, "product"), "", at=MONDAY) == Edit("product", None)
        held = frozenset({a, c})
        swapped = change_for(session, by(team, key), str(b), left=str(a), held=held, at=MONDAY)
        assert swapped == Edit(key, frozenset({b, c}))
        assert change_for(session, by(team, key), "", left=str(a), held=held, at=MONDAY) == Edit(key, None)
        closing = by(team, "expected_close")
        assert change_for(session, closing, "2026-02", at=MONDAY) == Edit("expected_close", date(2026, 2, 28))
        moved = change_for(session, closing, "2026-04", held=date(2026, 3, 31), at=MONDAY)
        assert moved == Edit("expected_close", date(2026, 4, 30))


@pytest.mark.parametrize(("key", "column"), [("created", "2026-03"), ("owner", ""), ("stage", "x"), ("f9", "1")])
def test_what_no_hand_can_change_refuses_the_card(team, key, column):
    with team.looking() as session, pytest.raises(refusals.CannotDrop):
        change_for(session, by(team, key), column, at=MONDAY)


def test_an_export_is_what_the_table_shows_and_holds_no_formula(team):
    with team.acting() as session:
        contact = contacts.create(session, "jane@acme.example", name="=Jane()", at=MONDAY)
        for title, amount in (('=HYPERLINK("x")', "86400"), ("-1 day", "10.50"), ("Ümlaut, “quoted”\nline", "0")):
            value = Money(Decimal(amount), "EUR")
            draft = DealDraft(title=title, owner_id=team.users[ANNA], contact_id=contact.id, value=value)
            ladder.open_deal(session, draft, at=MONDAY, pipeline_id=team.pipeline_id)
    ask = Ask(
        subject=Subject.DEAL,
        pipeline_id=team.pipeline_id,
        shape=Shape.TABLE,
        sort=(("value", "desc"),),
        columns=("title", "contact", "value", "stage"),
    )

    with team.looking() as session:
        page = table.page(session, ask, at=MONDAY)
        content = b"".join(
            export.rows(session, ask, {"title": "Deal", "value": "Value"}, at=MONDAY, currency="currency")
        )

    assert content.startswith(codecs.BOM_UTF8)
    heads, *lines = csv.reader(content.decode("utf-8-sig").split("\r\n"))
    rows = list(csv.reader(content.decode("utf-8-sig").splitlines(keepends=True)))
    assert heads == ["Deal", "contact", "Value", "Value (currency)", "stage", "next step", "next step on"]
    assert rows[1][:5] == ['\'=HYPERLINK("x")', "'=Jane()", "86400.00", "EUR", "New"]
    assert rows[2][:3] == ["'-1 day", "'=Jane()", "10.50"]
    assert len(rows) == 1 + page.total == 4
    assert [spec.key for spec in page.specs][-2:] == ["next_step", "next_step_on"], "always there"
    assert lines


def test_a_long_export_is_read_in_slices_and_misses_nobody(team, monkeypatch):
    monkeypatch.setattr(table, "SLICE", 3)
    with team.acting() as session:
        for number in range(8):
            contacts.create(session, f"p{number}@acme.example", name=f"P{number % 2}", at=MONDAY)
    ask = Ask(subject=Subject.CONTACT, shape=Shape.TABLE, columns=("email",), sort=(("name", "desc"),))

    with team.looking() as session:
        lines = b"".join(export.rows(session, ask, {}, at=MONDAY)).decode("utf-8-sig").split()
        page = table.page(session, ask, at=MONDAY)

    assert lines[1:] == [row.cells["email"] for row in page.rows]
    assert sorted(lines[1:]) == [f"p{number}@acme.example" for number in range(8)]


def test_a_field_with_very_many_values_shows_its_largest_columns_and_says_what_is_left_out(team, monkeypatch):
    monkeypatch.setattr(boards, "MOST_COLUMNS", 3)
    with team.acting() as session:
        for number in range(12):
            product = "big" if number < 4 else f"small {number}" if number < 10 else ""
            draft = DealDraft(title=f"D{number}", owner_id=team.users[ANNA], product=product)
            ladder.open_deal(session, draft, at=MONDAY, pipeline_id=team.pipeline_id)

    with team.looking() as session:
        shown = boards.board(session, by(team, "product"), at=MONDAY)

    assert [(column.key, column.sums.count) for column in shown.columns] == [("big", 4), ("small 4", 1), ("", 2)]
    assert (shown.total.count, shown.left_out) == (12, 5)


def test_companies_and_people_have_boards_too(team):
    with team.acting() as session:
        contacts.create(session, "jane@acme.example", name="Jane", at=MONDAY)

    with team.looking() as session:
        shown = boards.board(session, Ask(subject=Subject.CONTACT, group_by="email"), at=MONDAY)
        owners = boards.board(session, Ask(subject=Subject.CONTACT), at=MONDAY)

    assert [(column.key, column.sums.count) for column in shown.columns] == [("jane@acme.example", 1), ("", 0)]
    assert [(column.name, column.sums.count) for column in owners.columns] == [("Anna", 0), ("Ben", 0), ("", 1)]
