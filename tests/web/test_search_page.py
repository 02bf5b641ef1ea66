"""The search box's page, its quick results, and names for controls: what one may see, and nothing else."""

from __future__ import annotations

import pytest

import addon.domain.search.keeping  # noqa: F401  as the app does: the index is kept
from addon.domain.teams import operations as teams
from addon.models import Role, Sight
from tests.web.deal_world import admin


@pytest.fixture
def found(small_world):
    small_world.deal(
        "Wdrożenie <b>rampy</b>",
        company="Bursztyn Logistyka",
        person=("Katarzyna Wiśniewska", "katarzyna@bursztyn.test"),
    )

    def ask(words: str, user=None) -> str:
        return small_world.client(user).get("/search", query_string={"q": words}).text

    return ask


def test_hits_are_grouped_and_the_words_that_are_meant_stand_out(found):
    page = found("bursztyn")

    main = page.partition("<main")[2]
    order = [main.index(f">{words}<") for words in ("Deals", "People", "Companies")]
    assert order == sorted(order)
    assert "<b>Bursztyn</b> Logistyka" in page
    assert 'href="/companies/1"' in page
    assert "Found for “bursztyn”" in page


def test_accents_slips_and_unfinished_words_are_forgiven(found):
    assert "<b>Katarzyna</b> <b>Wiśniewska</b>" in found("katarzyan wisn")
    assert "<b>Wdrożenie</b>" in found("wdrozenie")


def test_html_of_a_title_stays_words(found):
    page = found("rampy")

    assert "&lt;b&gt;<b>rampy</b>&lt;/b&gt;" in page
    assert "<b>rampy</b></b>" not in page


@pytest.mark.parametrize("words", ["zzzz", "%", "<script>alert(1)</script>", "💥", "x" * 5000, "'; --"])
def test_nothing_found_says_so_whatever_was_typed(found, words):
    page = found(words)

    assert "Nothing found for" in page
    assert "<script>alert" not in page


def test_an_empty_box_says_what_can_be_looked_for(found):
    assert "Deals, people and companies, by any word" in found(" ")


def test_what_one_may_not_see_is_not_found(small_world, found):
    with small_world.database.writing(admin(small_world)) as session:
        teams.set_sight(session, Role.REP, Sight.OWN, at=small_world.anna.created_at)

    assert "Nothing found" in found("bursztyn", small_world.dimas)
    assert "Nothing found" not in found("bursztyn")
    names = small_world.client(small_world.dimas).get("/suggest/company?q=bursztyn")
    assert names.json == []


def test_the_few_best_come_as_a_part_for_the_list_under_the_box(small_world, found):
    part = small_world.client().get("/search?part=1&q=kata").text

    assert part.startswith('<p class="dt-found-group">')
    assert 'role="option"' in part
    assert "<html" not in part


def test_names_fill_a_control(small_world, found):
    client = small_world.client()

    assert client.get("/suggest/company?q=bursz").json == [{"value": "Bursztyn Logistyka", "label": ""}]
    person = [{"value": "katarzyna@bursztyn.test", "label": "Katarzyna Wiśniewska"}]
    assert client.get("/suggest/person?q=kata").json == person
    assert client.get("/suggest/person").json == person
    assert small_world.stranger().get("/suggest/person?q=kata").status_code == 302
