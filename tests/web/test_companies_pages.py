"""Companies: a domain only where a person says so, their people, their deals and what these add up to."""

from __future__ import annotations

import html
import re

import pytest

from addon.domain.access import Viewer
from addon.domain.contacts import companies, queries
from addon.domain.contacts import operations as contacts
from addon.domain.teams import operations as teams
from addon.models import Company, Role
from tests.web.test_people_pages import NASTY, opened
from tests.web.web_world import MONDAY, World


def firm(made: World, name: str = "Kartonex", **more: str) -> int:
    with made.database.writing(made.viewer) as session:
        return companies.create(session, name, at=MONDAY, **more).id


def there(made: World, company_id: int) -> Company:
    with made.database.reading(made.viewer) as session:
        return queries.get_company(session, company_id)


def test_a_company_is_made_with_its_domain(small_world):
    answer = small_world.post("/companies/new", {"name": "Kartonex", "domain": "https://www.Kartonex.test/"})

    assert answer.status_code == 302
    page = small_world.client().get(answer.headers["Location"]).text
    assert "Added “Kartonex”" in page
    assert "Typed in by your team, never guessed." in page
    assert there(small_world, 1).domain == "kartonex.test"


@pytest.mark.parametrize(
    ("typed", "where", "wrong"),
    [
        ({"name": ""}, "name", "Name"),
        ({"name": "Kartonex", "domain": "gmail.com"}, "domain", "open to everybody"),
        ({"name": "Kartonex", "domain": "not a domain"}, "domain", "is not a domain"),
        ({"name": "Kartonex", "domain": "bursztyn.test"}, "domain", "is the domain of Bursztyn already"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field_and_stays_typed(small_world, typed, where, wrong):
    firm(small_world, "Bursztyn", domain="bursztyn.test")

    answer = small_world.post("/companies/new", typed)

    assert answer.status_code == 422
    assert wrong in answer.text
    assert f'id="e-{where}"' in answer.text
    assert all(f'value="{html.escape(value)}"' in answer.text for value in typed.values())


def test_a_page_adds_up_the_deals_by_how_they_stand_and_by_currency(small_world):
    small_world.deal("Pilot", company="Kartonex", amount="1000")
    small_world.deal("Ramps", "Proposal", company="Kartonex", amount="500", currency="PLN")
    won = small_world.deal("Paper", company="Kartonex", amount="70")
    small_world.deal("Other", company="Bursztyn", amount="9999")
    small_world.move(won, "Won")

    page = small_world.client().get("/companies/1").text

    assert "2 open" in page
    assert "€1,000 + PLN\u00a0500" in page
    assert "1 won" in page
    assert "€70" in page
    assert "9,999" not in page
    rows = re.search(r'<a href="(/deals\?[^"]+)">2 open</a>', page)
    assert rows
    behind = small_world.client().get(html.unescape(rows[1])).text
    assert "Pilot" in behind
    assert "Ramps" in behind
    assert "Paper" not in behind


def test_a_page_names_its_people_and_adds_one_to_it(small_world):
    company = firm(small_world)
    with small_world.database.writing(small_world.viewer) as session:
        contacts.create(
            session, "jane@kartonex.test", name="Jane Doe", company=queries.get_company(session, company), at=MONDAY
        )

    page = small_world.client().get(f"/companies/{company}").text
    form = small_world.client().get(f"/people/new?company={company}").text

    assert "Jane Doe" in page
    assert f'href="/people/new?company={company}"' in page
    assert 'value="Kartonex"' in form


def test_who_is_added_from_a_company_of_a_double_name_belongs_to_that_one(small_world):
    first, second = firm(small_world), firm(small_world)
    form = opened(small_world, f"/people/new?company={second}")

    small_world.post("/people/new", form | {"name": "Jane Doe"})

    with small_world.database.reading(small_world.viewer) as session:
        assert [who.name for who in queries.of_company(session, second)] == ["Jane Doe"]
        assert list(queries.of_company(session, first)) == []


def test_two_people_at_one_form_lose_nothing(small_world):
    company = firm(small_world)
    first, second = (opened(small_world, f"/companies/{company}/edit") for _ in range(2))
    small_world.post(f"/companies/{company}/edit", first | {"domain": "kartonex.test"}, user=small_world.dimas)

    renamed = small_world.post(f"/companies/{company}/edit", second | {"name": "Kartonex SA"})
    lost = small_world.post(f"/companies/{company}/edit", second | {"domain": "other.test"})

    assert renamed.status_code == 302
    assert lost.status_code == 409
    assert "Dimas Prasetyo changed this company first" in lost.text
    assert (there(small_world, company).name, there(small_world, company).domain) == ("Kartonex SA", "kartonex.test")


def test_a_deleted_company_is_brought_back_with_its_domain(small_world):
    company = firm(small_world, domain="kartonex.test")

    answer = small_world.post(f"/companies/{company}/delete")
    page = small_world.client().get(answer.headers["Location"]).text
    assert "Deleted “Kartonex”" in page
    assert small_world.client().get(f"/companies/{company}").status_code == 302
    done = re.search(r"done=(\d+)", answer.headers["Location"])
    assert done
    small_world.post(f"/undo/{done[1]}", {"back": "/companies"})

    assert there(small_world, company).domain == "kartonex.test"


def test_a_person_of_a_deleted_company_links_nowhere(small_world):
    company = firm(small_world)
    with small_world.database.writing(small_world.viewer) as session:
        contacts.create(
            session, "jane@kartonex.test", name="Jane Doe", company=queries.get_company(session, company), at=MONDAY
        )
        companies.delete(session, company, at=MONDAY)

    assert f'href="/companies/{company}"' not in small_world.client().get("/people/1").text


def test_html_in_names_is_only_words(small_world):
    company = firm(small_world, NASTY)

    for path in (f"/companies/{company}", f"/companies/{company}/edit", "/companies", f"/people/new?company={company}"):
        page = small_world.client().get(path).text
        assert NASTY not in page
        assert html.escape(NASTY) in page


def test_what_belongs_to_another_team_is_not_there(small_world):
    company = firm(small_world)
    with small_world.database.writing(Viewer.operator(0)) as session:
        other = teams.create_team(session, "Elsewhere", at=MONDAY).id
    with small_world.database.writing(Viewer.operator(other)) as session:
        eve = teams.add_user(session, "eve@elsewhere.test", role=Role.ADMIN, name="Eve", at=MONDAY)

    for path in (f"/companies/{company}", f"/companies/{company}/edit"):
        assert small_world.client(eve).get(path).status_code == 404
    for act in ("delete", "edit"):
        assert small_world.post(f"/companies/{company}/{act}", {"name": "Mine"}, user=eve).status_code == 404
    assert "Kartonex" not in small_world.client(eve).get(f"/people/new?company={company}").text
    assert there(small_world, company).name == "Kartonex"
