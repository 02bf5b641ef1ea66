"""A whole mail in Chromium: it opens below its line and closes again, by keyboard too, and on a page without script."""

from __future__ import annotations

import os
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest

from addon import clock
from tests import serving
from tests.databases import on_sqlite
from tests.web import whole_mail_world
from tests.web.google_nearby import PUBLIC, google_nearby
from tests.web.test_pages_fit_and_read import CLIPPED, STICKS_OUT
from tests.web.web_world import MONDAY, world
from tests.web.whole_mail_world import SECRET, Office

pytestmark = pytest.mark.browser
SHOW = "Show the mail of Ana Rossi"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Office]]:
    folder: Path = tmp_path_factory.mktemp("whole-mails")
    clock.set_world(MONDAY)
    with (
        google_nearby() as google,
        on_sqlite(folder) as database,
        world(database, public_url=PUBLIC, google_url=google.url) as made,
        serving.served(made.app) as url,
    ):
        yield url, whole_mail_world.office(made, google)
    clock.follow(None)


@pytest.fixture
def opened(chrome, site):
    made = []

    def open_it(width: int, **more):
        context = chrome.new_context(viewport={"width": width, "height": 900}, reduced_motion="reduce", **more)
        context.add_cookies([{"name": "dealthread", "value": site[1].made.cookie(), "url": site[0]}])
        made.append(context)
        page = context.new_page()
        page.goto(f"{site[0]}/deals/{site[1].deal}")
        return page

    yield open_it
    for context in made:
        context.close()


@pytest.mark.parametrize("width", [1280, 360])
def test_a_mail_opens_below_its_line_fits_and_closes_again(opened, width):
    axe = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
    page = opened(width, bypass_csp=True)

    page.get_by_role("button", name=SHOW).press("Enter")
    page.get_by_text(SECRET).wait_for()
    assert not page.get_by_text("How many?").is_visible()
    if os.environ.get("SHOTS"):
        page.screenshot(path=f"{os.environ['SHOTS']}/mail-{width}.png", full_page=True)
    page.get_by_text("Quoted text").click()
    assert page.get_by_text("How many?").is_visible()
    page.evaluate("document.querySelectorAll('main details').forEach((d) => { d.open = true; })")
    page.evaluate(axe)
    found = page.evaluate("axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa']})")
    assert [each["id"] for each in found["violations"]] == []
    assert (page.evaluate(STICKS_OUT), page.evaluate(CLIPPED)) == ([], [])

    page.get_by_role("button", name="Hide mail").press("Enter")

    assert page.get_by_text(SECRET).count() == 0
    assert page.get_by_role("button", name=SHOW).evaluate("e => e === document.activeElement")


def test_trouble_is_said_below_the_line_and_trying_again_helps(opened, site):
    site[1].google.gmail.faults.add(kind="hangup_before", method="messages.get")
    page = opened(360)

    page.get_by_role("button", name=SHOW).click()
    page.get_by_role("alert").wait_for()
    assert "Gmail did not answer in time" in page.get_by_role("alert").inner_text()
    page.get_by_role("button", name=SHOW).click()
    page.get_by_text(SECRET).wait_for()

    assert page.get_by_role("alert").count() == 0


def test_without_script_it_is_a_page_of_its_own(opened):
    page = opened(360, java_script_enabled=False)

    page.get_by_role("button", name=SHOW).click()

    page.get_by_role("heading", name="Tyres for spring").wait_for()
    assert page.get_by_text(SECRET).is_visible()
    if os.environ.get("SHOTS"):
        page.screenshot(path=f"{os.environ['SHOTS']}/mail-page-360.png", full_page=True)
