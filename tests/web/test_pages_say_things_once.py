"""Pages say what is so now, once, and in words: not what was done long ago, not a refusal twice, not a code."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from addon.domain.access import Viewer
from addon.models import Role, User
from addon.web.breaking import breakable
from tests.web.views_world import save
from tests.web.web_world import MONDAY, World


def news(made: World, deal: int, user: User | None = None) -> str:
    page = made.client(user).get(f"/deals/{deal}").text
    found = re.search(r'<div class="(dt-moved[^"]*)"', page)
    return found[1] if found else ""


def test_what_one_did_is_told_for_an_hour_and_to_oneself(small_world, clock):
    deal = small_world.deal("Pilot")
    small_world.post(f"/deals/{deal}/tasks", {"title": "Call"})
    small_world.move(deal, "Meeting")

    assert news(small_world, deal) == "dt-moved"
    assert news(small_world, deal, small_world.dimas) == "dt-moved", "a move is news to everybody"
    clock.set_world(MONDAY + timedelta(hours=2))
    assert news(small_world, deal) == ""


def test_what_a_mail_moved_can_be_taken_back_there_until_somebody_acts(small_world, clock):
    deal = small_world.deal("Pilot")
    small_world.answer_moves(deal, "Proposal", "Send us a proposal.")
    clock.set_world(MONDAY + timedelta(days=3))

    assert news(small_world, deal) == "dt-moved is-old"
    small_world.move(deal, "Meeting", at=MONDAY + timedelta(days=1))
    assert news(small_world, deal) == ""


def test_a_refusal_says_once_that_nothing_was_changed_and_a_page_that_is_closed_does_not(small_world):
    refused = small_world.post("/settings/fields/deal", {"name": "X", "kind": "text"}, user=small_world.dimas)
    closed = small_world.client(small_world.dimas).get("/settings/fields/deal")

    assert (refused.status_code, closed.status_code) == (403, 403)
    assert refused.text.count("Nothing was changed.") == 1
    assert "Nothing was changed" not in closed.text
    assert "You may not open this page" in closed.text


def test_a_ready_set_goes_into_each_pipeline_that_lacks_it(small_world):
    with small_world.database.writing(Viewer.operator(small_world.anna.team_id)) as session:
        session.get_one(User, small_world.anna.id).role = Role.MANAGER
    first = small_world.pipeline.id
    small_world.post("/settings/pipelines", {"template": "ladder", "name": "After-sales"})

    small_world.post("/settings/fields/deal/ready/bant", {"pipeline": str(first)})
    page = small_world.client().get("/settings/fields/deal").text
    offered = page.partition('id="set-bant"')[2].partition("</select>")[0]
    others = re.findall(r'value="(\d*)"', offered)
    assert others
    assert not {"", str(first)} & set(others)

    for other in others:
        answer = small_world.post("/settings/fields/deal/ready/bant", {"pipeline": other})
        assert answer.status_code == 302
    assert 'id="set-bant"' not in small_world.client().get("/settings/fields/deal").text


def test_a_saved_table_begins_its_links_with_a_link(small_world):
    small_world.deal("Pilot")

    page = small_world.client().get(save(small_world, "Mine", "/deals?shape=table&sort=title")).text

    assert re.search(r'<span class="push small2 dim row-x">\s*<a [^>]*>Export CSV', page)


def test_a_language_has_its_name(small_world):
    made = small_world.post("/people/new", {"name": "Kasia", "email": "kasia@nord.test", "locale": "pt-BR"})

    page = small_world.client().get(made.headers["Location"]).text

    assert "Portuguese (Brazil)" in page
    assert "kasia@<wbr>nord.test" in page


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("Zielona Hala sp. z o.o.", "Zielona Hala sp. z o.o."),
        ("<b>@x.test", "&lt;b&gt;@<wbr>x.test"),
        ("https://nord.test/a/b", "https://nord<wbr>.test/<wbr>a/<wbr>b"),
    ],
)
def test_long_addresses_may_break_at_their_signs_and_stay_escaped(words, shown):
    assert breakable(words) == shown
