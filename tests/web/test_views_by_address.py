"""Views as pages: filters in the address, saved ones shared or kept, tables, files, and what matches nothing."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import urlsplit

import pytest

from addon.domain.fields import operations as fields
from addon.models import FieldKind
from tests.web.test_boards_and_moves import other_team
from tests.web.views_world import board, field, save
from tests.web.web_world import MONDAY, World


def apply(made: World, at: str, **given: object) -> str:
    """The address that a filter's editor leads to."""
    answer = made.client().get("/filters/apply", query_string={"at": at, **given})
    assert answer.status_code == 302, answer.text
    return str(answer.headers["Location"])


def test_a_filter_is_an_address_with_a_chip_that_takes_it_out(small_world):
    small_world.deal("Small", company="Alfa", amount="100")
    small_world.deal("Large", company="Beta", amount="5000")

    at = apply(small_world, board(small_world), field="value", op="ge", value="1 000,00")
    page = small_world.client().get(at).text

    assert at == f"{board(small_world)}?filter=all%28value.ge%281000.00~20EUR%29%29"
    assert "Beta" in page
    assert "Alfa" not in page
    assert "from €1,000" in page
    assert "Changed, not saved" in page
    assert f'href="{board(small_world)}" aria-label="Remove the filter Value from €1,000"' in page


def test_conditions_join_as_all_as_any_and_in_groups(small_world):
    for company, owner in (("Alfa", small_world.anna), ("Beta", small_world.dimas), ("Gamma", small_world.dimas)):
        small_world.deal(company, company=company, owner=owner)
    at = apply(small_world, board(small_world), field="owner", op="any_of", chosen="me")
    either = apply(small_world, at, field="title", op="contains", value="gam", join="or-0")
    both = apply(small_world, either, field="title", op="is_not", value="Alfa", join="also")

    pages = [small_world.client().get(each).text for each in (at, either, both)]
    shown = [re.findall(r'data-name="(Alfa|Beta|Gamma)"', page) for page in pages]
    assert shown == [["Alfa"], ["Alfa", "Gamma"], ["Gamma"]]
    assert 'Owner</span> <b>me</b> <span class="dim">or</span> <span>Title' in small_world.client().get(both).text
    flip = re.search(r'wide-only" href="([^"]+)">Match', small_world.client().get(both).text)
    assert flip is not None
    assert "any(" in unescape(flip[1]).replace("%28", "(")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"field": "value", "op": "ge", "value": "much"}, "amount"),
        ({"field": "value", "op": "ge", "value": ""}, "Write a figure"),
        ({"field": "owner", "op": "any_of"}, "Tick at least one"),
        ({"field": "company", "op": "any_of", "value": "Nowhere"}, "Nobody is called “Nowhere”"),
        ({"field": "expected_close", "op": "next_days", "days": "x"}, "whole number of days"),
        ({"field": "expected_close", "op": "is", "value": "soon"}, "Write a date"),
        ({"field": "title", "op": "nonsense", "value": "x"}, "cannot be asked"),
    ],
)
def test_what_cannot_be_compared_with_keeps_the_editor_and_says_what_to_write(small_world, given, said):
    answer = small_world.client().get("/filters/apply", query_string={"at": board(small_world), **given})

    assert answer.status_code == 422
    assert said in answer.text
    assert all(f'value="{text}"' in answer.text for text in given.values() if text in ("much", "Nowhere", "x"))


def test_every_kind_of_field_has_an_editor(small_world):
    for number, kind in enumerate(FieldKind):
        field(small_world, kind, f"Own {number}", "One")
    page = small_world.client().get("/filters/edit", query_string={"at": board(small_world)}).text
    links = [unescape(link) for link in re.findall(r'<li><a href="([^"]+)"', page)]

    assert len(links) == 17 + len(FieldKind)
    for link in links:
        assert small_world.client().get(link).status_code == 200, link


def test_a_saved_view_is_an_address_that_the_team_may_open_only_where_it_is_shared(small_world):
    small_world.deal("Pilot", company="Kartonex", owner=small_world.dimas)
    at = f"{board(small_world)}?group=owner"
    private, shared = save(small_world, "Mine", at), save(small_world, "Ours", at, shared="yes")
    dimas, eve = small_world.client(small_world.dimas), small_world.client(other_team(small_world))

    page = dimas.get(shared).text

    assert "Kartonex" in page
    assert "Shared view" in page
    assert "Delete the view" not in page
    assert dimas.get(private).status_code == 404
    assert "Mine" not in page
    assert eve.get(shared).status_code == 404
    assert "Only you" in small_world.client().get(private).text


def test_a_view_is_changed_named_shared_and_deleted_by_its_owner_and_each_can_be_taken_back(small_world):
    small_world.deal("Pilot", company="Kartonex")
    path = save(small_world, "Mine", f"{board(small_world)}?group=owner")
    changed = f"{path}?changed=1&group=product"
    assert "Save as a new view" in small_world.client().get(changed).text

    small_world.post(f"{path}/change", {"at": changed})
    assert "No product" in small_world.client().get(path).text
    small_world.post(f"{path}/rename", {"name": "By product"})
    small_world.post(f"{path}/share", {"shared": "yes"})
    assert "By product" in small_world.client(small_world.dimas).get(path).text

    gone = small_world.post(f"{path}/delete").headers["Location"]
    line = small_world.client().get(gone).text
    assert small_world.client().get(path).status_code == 404
    assert "Deleted the view “By product”" in line
    undo = re.search(r'action="(/undo/\d+)"', line)
    assert undo is not None
    small_world.post(undo[1], {"back": gone})

    assert small_world.client().get(path).status_code == 200


def test_nobody_changes_a_colleagues_view(small_world):
    path = save(small_world, "Ours", board(small_world), shared="yes")

    for act, form in (("rename", {"name": "X"}), ("delete", {}), ("share", {"shared": "no"})):
        assert small_world.post(f"{path}/{act}", form, user=small_world.dimas).status_code in (403, 409)
    assert "Ours" in small_world.client().get(path).text


def test_a_view_without_a_name_is_not_saved(small_world):
    answer = small_world.post("/views", {"name": "  ", "at": board(small_world)})

    assert answer.status_code == 422
    assert "A view needs a name" in answer.text


def test_nothing_that_matches_says_which_filter_to_take_out(small_world):
    small_world.deal("One", company="Alfa", amount="100")
    small_world.deal("Two", company="Beta", amount="200")
    at = f"{board(small_world)}?filter=all(value.ge(50),title.contains(zzz),owner.any_of(me))"

    for page in (small_world.client().get(at).text, small_world.client().get(f"{at}&shape=table").text):
        assert "No deal matches these 3 filters. 2 match without ‘Title contains “zzz”’." in page
        assert "Remove that filter" in page


def test_a_condition_on_a_deleted_field_is_shown_as_gone_and_can_be_taken_out(small_world):
    small_world.deal("One", company="Alfa")
    plan = field(small_world, FieldKind.SELECT, "Plan", "Basic")
    path = save(small_world, "Mine", f"{board(small_world)}?filter=all({plan}.empty)", shared="yes")
    with small_world.database.writing(small_world.viewer.operator(small_world.viewer.team_id)) as session:
        fields.delete(session, int(plan[1:]), at=MONDAY)

    page = small_world.client().get(path).text

    assert "Alfa" not in page
    assert "Nothing matches, because “Plan” is no longer there." in page
    remove = re.search(r'href="([^"]+)">Remove that filter', page)
    assert remove is not None
    assert "Alfa" in small_world.client().get(unescape(remove[1])).text


def test_hiding_won_and_lost_and_saving_is_a_new_board(small_world):
    ends = [str(small_world.stage(name)) for name in ("Won", "Lost")]
    stages = [str(stage.id) for stage in small_world.pipeline.stages]
    query = {"at": board(small_world), "listed": stages, "key": [each for each in stages if each not in ends]}

    at = small_world.client().get("/filters/shown", query_string=query).headers["Location"]
    page = small_world.client().get(save(small_world, "Open", at)).text

    assert "dt-rail" not in page
    assert 'data-name="Negotiation"' in page


def test_a_table_shows_the_chosen_columns_with_the_next_step_always(small_world):
    deal = small_world.deal("Pilot", company="Kartonex", amount="100", step="Call back")
    query = {"at": f"{board(small_world)}?shape=table", "key": ["title", "value"]}

    at = small_world.client().get("/filters/columns", query_string=query).headers["Location"]
    page = small_world.client().get(at).text

    heads = re.findall(r'<th scope="col"[^>]*><a [^>]+>([^<]+)', page)
    assert heads == ["Title", "Value", "Next step", "Next step on"]
    assert f'<a href="/deals/{deal}">Pilot</a>' in page
    assert "Call back" in page
    assert 'aria-sort="descending"' in small_world.client().get(f"{at}&sort=-value").text


def test_all_deals_of_all_pipelines_are_a_table(small_world):
    small_world.deal("Pilot", company="Kartonex")

    page = small_world.client().get("/deals").text

    assert "Kartonex" in page
    assert "All deals" in page


def test_a_table_goes_out_as_a_file_exactly_as_shown(small_world):
    small_world.deal("=1+1", company="Kartonex", amount="100")
    small_world.deal("Other", company="Beta", amount="5")
    at = f"{board(small_world)}?shape=table&columns=title,value&filter=all(value.ge(50))"

    answer = small_world.client().get("/export", query_string={"at": at})

    assert answer.mimetype == "text/csv"
    assert "'=1+1" in answer.text
    assert "Beta" not in answer.text
    assert "Other" not in answer.text
    assert answer.text.splitlines()[0].endswith("Next step,Next step on")


def test_addresses_that_say_nonsense_are_refused_in_words(small_world):
    client = small_world.client()

    for query in ("filter=all(", "filter=x", "shape=circle", "group=" + "x" * 100):
        answer = client.get(f"{board(small_world)}?{query}")
        assert answer.status_code == 409
        assert "be read" in answer.text
    assert client.get("/views/00000000-0000-0000-0000-000000000000").status_code == 404
    assert client.get("/filters/edit?at=//evil.test/board/1").status_code == 404
    assert client.get(f"/filters/apply?at={board(small_world)}&field=gone&op=is").status_code == 404
    assert urlsplit(client.get(f"/filters/shown?at={board(small_world)}").headers["Location"]).netloc == ""


def test_words_that_people_typed_into_a_view_stay_words(small_world):
    path = save(small_world, "<b>Bold</b>", f"{board(small_world)}?filter=all(title.contains(%3Cscript%3E))")

    page = small_world.client().get(path).text

    assert "<b>Bold" not in page
    assert "<script>”" not in page
