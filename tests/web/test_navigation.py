"""The navigation says where one is: pages of deals stand under Board, those of people and companies under People."""

from __future__ import annotations

import re

import pytest

from addon.domain.contacts import companies
from addon.web import frame
from tests.web.views_world import board, save
from tests.web.web_world import MONDAY

OF_THE_PERSON = {
    *("settings", "pipelines", "pipeline_stages", "field_settings", "roles"),
    *("preferences", "tasks", "imports", "search", "signin"),
}
"""Reached from the person's menu or from anywhere."""


def current(page: str) -> str:
    nav = re.search(r'<nav class="dt-nav".*?</nav>', page, re.DOTALL)
    assert nav is not None
    found = re.findall(r'aria-current="page">([^<]+)', nav[0])
    return ", ".join(found)


def test_every_room_of_the_pages_belongs_somewhere(small_world):
    rooms = {
        rule.endpoint.split(".")[1] for rule in small_world.app.url_map.iter_rules() if rule.endpoint.count(".") == 2
    }
    placed = {room for *_, of in frame.PLACES for room in of}

    assert {room for room in rooms if room} - placed - OF_THE_PERSON == set()


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("/deals", "Board"),
        ("/deals/{deal}", "Board"),
        ("/deals/{deal}/edit", "Board"),
        ("/deals/{deal}/elsewhere", "Board"),
        ("/filters/edit?at=/deals&field=owner", "Board"),
        ("/cells/{deal}?at=/deals&keys=stage", "Board"),
        ("/people", "People"),
        ("/people/new", "People"),
        ("/companies", "People"),
        ("/companies/{company}", "People"),
        ("/companies/{company}/edit", "People"),
        ("/filters/edit?at=/people&field=owner", "People"),
        ("/cells/{company}?at=/companies&keys=name", "People"),
        ("/imports", ""),
        ("/campaigns", "Campaigns"),
        ("/mailboxes", "Mailboxes"),
        ("/settings", ""),
    ],
)
def test_each_page_is_marked_where_it_belongs(small_world, path, place):
    deal = small_world.deal("Pilot", company="Kartonex")
    with small_world.database.writing(small_world.viewer) as session:
        company = companies.create(session, "Bursztyn", at=MONDAY).id

    answer = small_world.client().get(path.format(deal=deal, company=company))

    assert answer.status_code == 200
    assert current(answer.text) == place


def test_a_saved_view_is_marked_by_what_it_shows(small_world):
    client = small_world.client()

    assert current(client.get(save(small_world, "Mine", board(small_world))).text) == "Board"
    assert current(client.get(save(small_world, "My people", "/people")).text) == "People"


@pytest.mark.parametrize(
    ("path", "here", "there"), [("/people", "People", "Companies"), ("/companies", "Companies", "People")]
)
def test_people_and_companies_are_one_step_apart(small_world, path, here, there):
    page = small_world.client().get(path).text
    nav = re.search(r'<nav class="dt-seg" aria-label="People and companies">(.*?)</nav>', page)

    assert nav is not None
    assert re.findall(r'href="([^"]+)"', nav[1]) == ["/people", "/companies"]
    assert f'aria-current="page">{here}<' in nav[1]
    assert f">{there}<" in nav[1]
    assert "People and companies" not in small_world.client().get("/deals").text
