"""Signing in with Google, and everything that can go wrong on the way there and back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.databases import on_sqlite
from tests.web.google_nearby import ANNA, PUBLIC, STRANGER, GoogleNearby, google_nearby
from tests.web.web_world import World, world


@dataclass
class Place:
    world: World
    google: GoogleNearby


@pytest.fixture
def place(tmp_path: Path, clock: ModuleType) -> Iterator[Place]:
    with (
        google_nearby() as google,
        on_sqlite(tmp_path) as database,
        world(database, public_url=PUBLIC, google_url=google.url) as made,
    ):
        yield Place(made, google)


def test_a_page_asks_a_stranger_to_sign_in_and_brings_them_where_they_wanted(place):
    deal = place.world.deal("Pilot")
    browser = place.world.stranger()

    asked = browser.get(f"/deals/{deal}")
    page = browser.get(asked.headers["Location"])
    start = parse_qs(urlsplit(asked.headers["Location"]).query)["next"][0]
    landed = place.google.walk(browser, f"/signin/google?next={start}", ANNA)

    assert "Sign in with Google" in page.text
    assert landed.headers["Location"] == f"/deals/{deal}"
    assert "Pilot" in browser.get(landed.headers["Location"]).text


def test_the_way_back_never_comes_from_the_host_of_a_request(place):
    asked = place.world.stranger().get("/signin/google", headers={"Host": "evil.test"})

    query = parse_qs(urlsplit(asked.headers["Location"]).query)
    assert query["redirect_uri"] == [f"{PUBLIC}/signin/return"]
    assert query["code_challenge_method"] == ["S256"]


def test_an_address_that_no_team_added_is_told_what_to_do(place):
    browser = place.world.stranger()

    answer = place.google.walk(browser, "/signin/google", STRANGER)

    assert answer.status_code == 403
    assert STRANGER in answer.text
    assert "Ask the person who runs Dealthread" in answer.text
    assert browser.get("/board").status_code == 302, "still nobody"


def test_an_account_that_was_switched_off_stays_out_at_once(place):
    browser = place.world.stranger()
    place.google.walk(browser, "/signin/google", ANNA)
    assert browser.get("/preferences").status_code == 200

    with place.world.database.writing(place.world.viewer) as session:
        session.merge(place.world.anna).active = False

    assert browser.get("/preferences").status_code == 302
    assert "switched off" in place.google.walk(browser, "/signin/google", ANNA).text


def test_a_no_on_googles_page_is_no_error_of_ours(place):
    answer = place.google.walk(place.world.stranger(), "/signin/google", ANNA, decision="cancel")

    assert answer.status_code == 400
    assert "You are not signed in" in answer.text


def test_an_answer_that_nobody_asked_for_is_turned_away(place):
    asked = place.world.stranger().get("/signin/google").headers["Location"]
    back = urlsplit(place.google.consent(asked, ANNA))

    answer = place.world.stranger().get(f"{back.path}?{back.query}")

    assert answer.status_code == 400
    assert "You are not signed in" in answer.text


def test_a_google_that_does_not_answer_costs_nobody_their_place(place):
    browser = place.world.stranger()
    asked = browser.get("/signin/google").headers["Location"]
    back = urlsplit(place.google.consent(asked, ANNA))
    place.world.app.extensions["dealthread.web"].oauth.google.access_token_url = "http://127.0.0.1:9/token"

    answer = browser.get(f"{back.path}?{back.query}")

    assert answer.status_code == 400
    assert "Nothing was changed" in answer.text


def test_nobody_is_sent_elsewhere_after_signing_in(place):
    landed = place.google.walk(place.world.stranger(), "/signin/google?next=//evil.test/", ANNA)

    assert landed.headers["Location"] == "/"


def test_signing_out_takes_a_button_and_leaves_nobody(place):
    browser = place.world.client()

    assert browser.get("/signout").status_code == 405
    out = place.world.post("/signout", client=browser)

    assert "You are signed out" in browser.get(out.headers["Location"]).text
    assert browser.get("/preferences").status_code == 302


def test_the_cookie_is_for_this_site_alone_and_for_https_where_we_are_reached_so(tmp_path):
    with on_sqlite(tmp_path) as database, world(database, public_url="https://sales.example.test") as made:
        cookie = made.stranger().get("/signin/google").headers["Set-Cookie"]

    assert cookie.startswith("dealthread=")
    assert "Secure" in cookie
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_a_cookie_of_an_older_key_still_counts(place):
    keys = place.world.app.config
    old = place.world.cookie()
    keys["SECRET_KEY_FALLBACKS"], keys["SECRET_KEY"] = [keys["SECRET_KEY"]], "a newer one"
    browser = place.world.stranger()
    browser.set_cookie("dealthread", old)

    assert browser.get("/preferences").status_code == 200
