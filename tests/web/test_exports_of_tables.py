"""A table as a file: exactly its rows and columns, in its order, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import Any

import pytest

from addon.domain.access import Viewer
from addon.domain.contacts import companies
from addon.domain.contacts import operations as contacts
from addon.domain.teams import operations as teams
from addon.domain.views import compact
from addon.domain.views.filters import Condition, Group
from addon.models import Role
from tests.web.web_world import MONDAY, World


def file(made: World, at: str, **more: Any) -> list[list[str]]:
    answer = made.client(more.get("user")).get("/export", query_string={"at": at})
    assert answer.status_code == 200
    assert answer.mimetype == "text/csv"
    assert "attachment" in answer.headers["Content-Disposition"]
    assert answer.data.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))


def test_a_file_holds_the_chosen_columns_in_order_with_amounts_beside_their_currency(small_world):
    small_world.deal("Pilot", amount="86400.5", currency="PLN", step="Call", on=date(2026, 11, 27))
    small_world.deal("Ramps", amount="100")

    rows = file(small_world, "/deals?shape=table&sort=title&columns=title,value&changed=1")

    assert rows == [
        ["Title", "Value", "Value (Currency)", "Next step", "Next step on"],
        ["Pilot", "86400.50", "PLN", "Call", "2026-11-27"],
        ["Ramps", "100.00", "EUR", "", ""],
    ]


def test_a_file_holds_all_pages_and_nothing_that_is_filtered_out(small_world):
    with small_world.database.writing(small_world.viewer) as session:
        for number in range(120):
            companies.create(session, f"Company {number:03}", at=MONDAY)
    text = compact.to_text(Group(False, (Condition("name", "contains", "Company 0"),)))

    everything = file(small_world, "/companies?sort=-name&columns=name&shape=table&changed=1")
    some = file(small_world, f"/companies?sort=name&columns=name&shape=table&changed=1&filter={text}")

    assert [row[0] for row in everything[1:]] == [f"Company {number:03}" for number in reversed(range(120))]
    assert len(some) == 1 + 100


@pytest.mark.parametrize("name", ["=1+1", "+48", "-5", "@x", "\t=1", '=HYPERLINK("http://evil.test")'])
def test_no_cell_is_a_formula(small_world, name):
    with small_world.database.writing(small_world.viewer) as session:
        contacts.create(session, "x@x.test", name=name, at=MONDAY)

    rows = file(small_world, "/people?columns=name&shape=table&changed=1")

    assert not rows[1][0].startswith(("=", "+", "-", "@", "\t"))
    assert name.strip() in rows[1][0]


def test_quotes_lines_and_letters_of_the_world_survive(small_world):
    name = 'Żółw "Kowalski", مريم 🐢'
    with small_world.database.writing(small_world.viewer) as session:
        contacts.create(session, "x@x.test", name=name, at=MONDAY)

    assert file(small_world, "/people?columns=name&shape=table&changed=1")[1] == [name]


def test_another_teams_rows_are_in_no_file(small_world):
    small_world.deal("Pilot")
    with small_world.database.writing(Viewer.operator(0)) as session:
        other = teams.create_team(session, "Elsewhere", at=MONDAY).id
    with small_world.database.writing(Viewer.operator(other)) as session:
        eve = teams.add_user(session, "eve@elsewhere.test", role=Role.ADMIN, name="Eve", at=MONDAY)

    assert len(file(small_world, "/deals", user=eve)) == 1
    theirs = f"/board/{small_world.pipeline.id}"
    assert small_world.client(eve).get("/export", query_string={"at": theirs}).status_code == 404


def test_a_file_needs_somebody_signed_in(small_world):
    answer = small_world.stranger().get("/export", query_string={"at": "/deals"})

    assert answer.status_code == 302
