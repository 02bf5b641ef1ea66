"""Tables of deals, people and companies: sorted by several columns, in pages, changed in place, many rows at once."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest

from addon.domain.access import Viewer
from addon.domain.contacts import companies
from addon.domain.contacts import operations as contacts
from addon.domain.deals import queries as deals
from addon.domain.fields import operations as fields
from addon.domain.fields.keys import key_of
from addon.domain.views import compact
from addon.domain.views.asking import COLUMNS
from addon.domain.views.filters import Condition, Group
from addon.models import Deal, FieldKind, Subject
from tests.web.web_world import MONDAY, World


def names(page: str) -> list[str]:
    """What stands in the first column, row by row."""
    return [html.unescape(each) for each in re.findall(r'<th scope=row.*?<a href="[^"]*">([^<]*)</a>', page, re.DOTALL)]


def heading(page: str, words: str) -> tuple[str, str]:
    """Where a heading leads, alone and as a further one."""
    found = re.search(rf'<a href="([^"]*)" data-more="([^"]*)">{words}', page)
    assert found, words
    return html.unescape(found[1]), html.unescape(found[2])


def some_deals(made: World) -> list[int]:
    return [
        made.deal("Pilot", company="Kartonex", amount="300", step="Call", on=MONDAY.date() - timedelta(days=1)),
        made.deal("Ramps", "Meeting", company="Bursztyn", amount="100", owner=made.dimas),
        made.deal("Paper", company="Adriatica", amount="200", owner=made.dimas, step="Send it"),
    ]


def test_all_deals_are_one_table_with_the_next_step_and_its_day(small_world):
    some_deals(small_world)

    page = small_world.client().get("/deals?columns=title&changed=1&shape=table").text

    assert sorted(names(page)) == ["Paper", "Pilot", "Ramps"]
    assert re.findall(r'data-key="([a-z_]+)"[^>]*><a href', page) == ["title", "next_step", "next_step_on"]
    assert "Call" in page
    assert "yesterday" in page
    assert "overdue," in page
    assert "1–3 of 3" in page


def test_a_heading_sorts_and_pressed_again_turns(small_world):
    some_deals(small_world)
    client = small_world.client()

    rising = client.get(heading(client.get("/deals").text, "Value")[0]).text
    falling = client.get(heading(rising, "Value")[0]).text

    assert names(rising) == ["Ramps", "Paper", "Pilot"]
    assert names(falling) == ["Pilot", "Paper", "Ramps"]
    assert 'aria-sort="descending"' in falling


def test_several_columns_sort_together_the_first_counts_most(small_world):
    some_deals(small_world)
    client = small_world.client()

    by_owner = client.get(heading(client.get("/deals").text, "Owner")[0]).text
    both = client.get(heading(by_owner, "Value")[1]).text
    turned = client.get(heading(both, "Value")[1]).text
    alone = client.get(heading(turned, "Value")[1]).text

    assert names(both) == ["Pilot", "Ramps", "Paper"]
    assert names(turned) == ["Pilot", "Paper", "Ramps"]
    assert "number 2 to sort by, falling" in turned
    assert "number 2 to sort by" not in alone


@pytest.mark.parametrize("subject", list(Subject))
def test_every_usual_column_can_be_sorted_by(small_world, subject):
    some_deals(small_world)
    path = {"deal": "/deals", "contact": "/people", "company": "/companies"}[subject]

    for key in COLUMNS[subject]:
        for way in ("", "-"):
            page = small_world.client().get(f"{path}?sort={way}{key}&shape=table&changed=1")
            assert page.status_code == 200, key


def test_pages_say_which_rows_of_how_many(small_world):
    with small_world.database.writing(small_world.viewer) as session:
        for number in range(1, 121):
            companies.create(session, f"Company {number:03}", at=MONDAY)
    client = small_world.client()

    first = client.get("/companies?sort=name&shape=table&changed=1").text
    after = re.search(r'<a class="btn btn-plain btn-sm" href="([^"]+)">Next', first)
    assert after
    second = client.get(html.unescape(after[1])).text

    assert "1–50 of 120" in first
    assert "51–100 of 120" in second
    assert names(second)[0] == "Company 051"
    assert "Before" in second


@pytest.mark.parametrize("offset", ["5000", "50", "-3", "x", "9" * 30])
def test_a_page_behind_the_end_shows_the_last_rows(small_world, offset):
    some_deals(small_world)

    page = small_world.client().get(f"/deals?from={offset}").text

    assert len(names(page)) == 3
    assert "1–3 of 3" in page


def test_a_large_count_is_written_as_people_write_it(small_world):
    with small_world.database.writing(small_world.viewer) as session:
        for number in range(1001):
            session.add(companies.Company(name=f"Company {number}", created_at=MONDAY))

    assert "1–50 of 1,001" in small_world.client().get("/companies").text


def test_an_empty_table_says_what_to_do_first(small_world):
    for path, words, new in (
        ("/people", "Nobody here yet", "/people/new"),
        ("/companies", "No company yet", "/companies/new"),
        ("/deals", "No deal yet", f"/board/{small_world.pipeline.id}/new"),
    ):
        page = small_world.client().get(path).text
        assert words in page
        assert f'href="{new}"' in page


def test_no_hit_says_which_filter_to_take_out(small_world):
    some_deals(small_world)

    text = compact.to_text(Group(False, (Condition("title", "contains", "Yacht"),)))
    page = small_world.client().get("/deals", query_string={"filter": text, "shape": "table", "changed": "1"})

    assert "No deal matches this filter." in page.text


def test_a_cell_is_changed_in_place_and_told_with_a_way_back(small_world):
    deal = some_deals(small_world)[0]
    at = "/deals"
    form = {"at": at, "keys": "next_step", "next_step": "Ring them up", "was_next_step": "Call"}

    answer = small_world.post(f"/cells/{deal}", form, json=True)

    assert answer.status_code == 200
    assert "Ring them up" in answer.json["moved"]
    assert "Undo" in answer.json["moved"]
    with small_world.database.reading(small_world.viewer) as session:
        assert deals.get(session, deal).next_step == "Ring them up"


@pytest.mark.parametrize(
    ("key", "typed", "wrong"),
    [
        ("value", "a lot", "a lot"),
        ("value", "0,125", "more digits after the point than the 2"),
        ("value", "1.250", "mean 1250 or 1.25?"),
        ("next_step_on", "soon", "soon"),
        ("title", "", "Title"),
        ("company", "Nobody", "Nobody"),
    ],
)
def test_a_refused_cell_keeps_what_was_typed_and_names_the_field(small_world, key, typed, wrong):
    deal = some_deals(small_world)[0]

    answer = small_world.post(f"/cells/{deal}", {"at": "/deals", "keys": key, key: typed, "part": "1"}, json=True)

    assert answer.status_code == 422
    assert wrong in answer.text
    assert f'value="{typed}"' in answer.text
    assert f'id="e-{key}"' in answer.text


def test_what_somebody_else_wrote_into_a_cell_is_not_overwritten_unseen(small_world):
    deal = some_deals(small_world)[0]
    form = {"at": "/deals", "keys": "next_step", "was_next_step": "Call"}
    small_world.post(f"/cells/{deal}", form | {"next_step": "Theirs"}, user=small_world.dimas, json=True)

    answer = small_world.post(f"/cells/{deal}", form | {"next_step": "Mine", "part": "1"}, json=True)

    assert answer.status_code == 422
    assert "Dimas Prasetyo changed this first" in answer.text
    assert 'value="Mine"' in answer.text
    with small_world.database.reading(small_world.viewer) as session:
        assert deals.get(session, deal).next_step == "Theirs"


def test_people_and_companies_are_changed_in_place_too(small_world):
    with small_world.database.writing(small_world.viewer) as session:
        who = contacts.create(session, "jane@kartonex.test", name="Jane", at=MONDAY).id
        firm = companies.create(session, "Kartonex", at=MONDAY).id

    for path, number, key, typed in (("/people", who, "job", "Buyer"), ("/companies", firm, "domain", "kartonex.test")):
        answer = small_world.post(f"/cells/{number}", {"at": path, "keys": key, key: typed}, json=True)
        assert answer.status_code == 200
        assert typed in small_world.client().get(path).text


def test_several_rows_are_given_to_somebody_tagged_and_deleted_and_it_is_undone_as_one(small_world):
    ids = some_deals(small_world)
    with small_world.database.writing(Viewer.operator(small_world.viewer.team_id)) as session:
        made = fields.create(session, Subject.DEAL, FieldKind.MULTI_SELECT, "Tags", options=["Hot"], at=MONDAY)
        tag = f"{key_of(made.id)}:1"
    many = ",".join(f"{each}:1" for each in ids)

    for act, value in (("assign", str(small_world.dimas.id)), ("tag", tag), ("delete", "")):
        answer = small_world.post("/board/many", {"at": "/deals", "act": act, "value": value, "ids": many}, json=True)
        assert answer.status_code == 200, act
    assert names(small_world.client().get("/deals").text) == []
    small_world.post(f"/undo/{answer.json['done']}", {"back": "/deals"})

    page = small_world.client().get("/deals").text
    assert sorted(names(page)) == ["Paper", "Pilot", "Ramps"]
    with small_world.database.reading(small_world.viewer) as session:
        assert {session.get_one(Deal, each).owner_id for each in ids} == {small_world.dimas.id}


def test_html_in_cells_is_only_words(small_world):
    nasty = "<img src=x onerror=alert(1)>"
    small_world.deal(nasty, company=nasty, step=nasty, person=(nasty, "x@x.test"))

    for path in ("/deals", "/people", "/companies"):
        page = small_world.client().get(path).text
        assert nasty not in page
        assert html.escape(nasty) in page


def test_a_link_in_a_cell_leads_only_where_a_link_may(small_world):
    deal = small_world.deal("Pilot")
    with small_world.database.writing(Viewer.operator(small_world.viewer.team_id)) as session:
        key = key_of(fields.create(session, Subject.DEAL, FieldKind.LINK, "Site", at=MONDAY).id)

    for typed, status in (("javascript:alert(1)", 422), ("https://acme.test/", 200)):
        form = {"at": "/deals", "keys": key, key: typed, "part": "1"}
        assert small_world.post(f"/cells/{deal}", form, json=True).status_code == status
    page = small_world.client().get(f"/deals?columns=title,{key}&shape=table&changed=1").text
    assert 'href="https://acme.test/"' in page
    assert "javascript:alert" not in page
