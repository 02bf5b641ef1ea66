"""Who is in the team and what each role sees: admins change it, managers look, reps are told that they may not."""

from __future__ import annotations

import html

import pytest

from addon.domain.access import Viewer
from addon.domain.teams import queries
from addon.models import Role, Sight, User
from tests.web.web_world import World


@pytest.fixture
def shop(small_world: World) -> World:
    """Anna is an admin, Dimas a rep."""
    with small_world.database.writing(Viewer.operator(small_world.anna.team_id)) as session:
        session.get_one(User, small_world.anna.id).role = Role.ADMIN
    small_world.anna.role = Role.ADMIN
    return small_world


def follow(made: World, answer: object) -> str:
    assert answer.status_code == 302, answer.get_data(as_text=True)[-500:]  # type: ignore[attr-defined]
    return html.unescape(made.client().get(answer.location).get_data(as_text=True))  # type: ignore[attr-defined]


def dimas(made: World) -> User:
    with made.database.reading(made.viewer) as session:
        return queries.get_user(session, made.dimas.id)


def test_an_admin_gives_somebody_another_role(shop):
    page = follow(shop, shop.post(f"/settings/roles/people/{shop.dimas.id}", {"role": "manager"}))

    assert "Dimas Prasetyo has another role now: Manager." in page
    assert dimas(shop).role == Role.MANAGER


def test_somebody_is_switched_off_and_let_in_again(shop):
    page = follow(shop, shop.post(f"/settings/roles/people/{shop.dimas.id}/deactivate"))
    assert "can't sign in any more" in page
    assert "Let in again" in page
    assert shop.client(shop.dimas).get("/settings").status_code == 302, "signed out at once"
    follow(shop, shop.post(f"/settings/roles/people/{shop.dimas.id}/reactivate"))
    assert dimas(shop).active


def test_the_last_admin_stays_one_and_the_page_says_why(shop):
    for path, form in ((f"/{shop.anna.id}", {"role": "rep"}), (f"/{shop.anna.id}/deactivate", {})):
        refused = shop.post(f"/settings/roles/people{path}", form)
        assert refused.status_code == 422
        assert "is the only admin" in refused.get_data(as_text=True)


def test_what_a_role_sees_is_set_and_said_in_plain_words(shop):
    deal = shop.deal("Anna's own")
    assert shop.client(shop.dimas).get(f"/deals/{deal}").status_code == 200

    page = follow(shop, shop.post("/settings/roles/rep", {"sight": "own"}))

    assert "The deals they own, in pipelines open to them" in page
    assert shop.client(shop.dimas).get(f"/deals/{deal}").status_code == 404
    with shop.database.reading(shop.viewer) as session:
        assert queries.sights(session)[Role.REP] is Sight.OWN


def test_a_person_is_added_and_an_address_that_is_none_or_taken_is_refused(shop):
    form = {"email": "New.Person@Halyard.test", "name": "Nowa Osoba", "role": "rep"}
    page = follow(shop, shop.post("/settings/roles/people", form))
    assert "Nowa Osoba can sign in now." in page
    assert "new.person@halyard.test" in page
    for email, why in (("new.person@halyard.test", "belongs to a team already"), ("nope", "is not an e-mail address")):
        refused = shop.post("/settings/roles/people", form | {"email": email})
        assert refused.status_code == 422
        assert why in html.unescape(refused.get_data(as_text=True))
        assert 'value="Nowa Osoba"' in refused.get_data(as_text=True)


def test_a_manager_looks_and_changes_nothing(shop):
    shop.post(f"/settings/roles/people/{shop.dimas.id}", {"role": "manager"})
    page = shop.client(shop.dimas).get("/settings/roles").get_data(as_text=True)
    assert "An admin can change it." in page
    assert "<select" not in page
    answer = shop.post(f"/settings/roles/people/{shop.dimas.id}", {"role": "admin"}, user=shop.dimas)
    assert answer.status_code == 403
    assert dimas(shop).role == Role.MANAGER


def test_nonsense_is_refused(shop):
    assert shop.post(f"/settings/roles/people/{shop.dimas.id}", {"role": "king"}).status_code == 400
    assert shop.post("/settings/roles/rep", {"sight": "stars"}).status_code == 400
    assert shop.post("/settings/roles/people/999", {"role": "rep"}).status_code == 404
