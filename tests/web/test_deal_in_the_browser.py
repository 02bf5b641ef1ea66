"""The deal's page, tasks and search in Chromium: they fit, can be read, and work by keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest

import addon.domain.search.keeping  # noqa: F401  as the app does: the index is kept
from addon import clock
from tests import serving
from tests.databases import on_sqlite
from tests.web.deal_world import furnished
from tests.web.test_pages_fit_and_read import CLIPPED, STICKS_OUT, Pages
from tests.web.web_world import MONDAY, world

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pages]:
    folder: Path = tmp_path_factory.mktemp("deal-pages")
    clock.set_world(MONDAY)
    with on_sqlite(folder) as database, world(database) as made:
        paths = furnished(made)
        with serving.served(made.app) as url:
            yield Pages(url, made.cookie(), paths)


@pytest.fixture
def opened(chrome, pages):
    made = []

    def open_it(width: int, **more):
        context = chrome.new_context(viewport={"width": width, "height": 900}, reduced_motion="reduce", **more)
        context.add_cookies([{"name": "dealthread", "value": pages.cookie, "url": pages.url}])
        made.append(context)
        return context.new_page()

    yield open_it
    for context in made:
        context.close()


@pytest.mark.long  # `test_pages_fit_and_read` looks at the same pages
@pytest.mark.parametrize("width", [1280, 360])
def test_every_page_of_a_deal_fits_and_can_be_read(opened, pages, width):
    axe = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
    page, wrong = opened(width, bypass_csp=True), []
    for name, path in pages.paths.items():
        page.goto(pages.url + path)
        page.evaluate("document.querySelectorAll('main details').forEach((d) => { d.open = true; })")
        page.evaluate(axe)
        for theme in ("light", "dark"):
            page.evaluate("theme => { document.documentElement.dataset.bsTheme = theme; }", theme)
            page.add_style_tag(content="* { transition: none !important; }")
            found = page.evaluate("axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa']})")
            wrong += [f"{name} {theme}: {each['id']} {each['nodes'][0]['html'][:160]}" for each in found["violations"]]
        wrong += [f"{name} sticks out: {each}" for each in page.evaluate(STICKS_OUT)]
        wrong += [f"{name} clipped: {each}" for each in page.evaluate(CLIPPED)]
        assert page.locator("h1").count() == 1, f"{name} has one heading"

    assert wrong == []


def test_a_fact_is_changed_in_its_place_by_keyboard(opened, pages):
    page = opened(1280)
    page.goto(pages.url + pages.paths["deal"])

    page.get_by_role("link", name="Change Channel").press("Enter")
    control = page.locator("#channel")
    control.wait_for()
    assert control.evaluate("e => e === document.activeElement")
    page.keyboard.press("Escape")
    assert page.locator("#channel").count() == 0
    page.get_by_role("link", name="Change Channel").press("Enter")
    page.locator("#channel").fill("Web")
    page.keyboard.press("Enter")

    page.get_by_text("Saved, just now: You changed the channel from Trade fair Gdańsk to Web.").wait_for()
    page.keyboard.press("z")
    page.get_by_text("Taken back").first.wait_for()


def test_lost_asks_why_in_a_dialog(opened, pages):
    page = opened(360)
    page.goto(pages.url + pages.paths["endless"])

    page.get_by_role("link", name="Lost…", exact=True).click()
    page.get_by_label("Why was it lost?").fill("Too expensive")
    page.keyboard.press("Enter")

    page.get_by_text("by you: Too expensive").wait_for()


def test_without_scripts_all_of_it_works_too(opened, pages):
    page = opened(1280, java_script_enabled=False)
    page.goto(pages.url + pages.paths["deal"])

    page.get_by_role("link", name="Change Product").click()
    assert page.locator("h1").inner_text() == "Change Product"
    page.locator("#product").fill("Ramps")
    page.get_by_role("button", name="Save").click()
    assert page.locator(".dt-moved").inner_text().startswith("Saved, just now")
    page.get_by_role("link", name="Lost…", exact=True).first.click()
    assert page.locator("#lost_reason").is_visible()


def test_quick_results_are_walked_by_keyboard(opened, pages):
    page = opened(1280)
    page.goto(pages.url + pages.paths["tasks"])

    page.keyboard.press("/")
    page.keyboard.type("kartonex")
    page.locator(".dt-found-hit").first.wait_for()
    page.keyboard.press("ArrowDown")
    assert page.locator(".dt-found-hit").first.get_attribute("aria-selected") == "true"
    page.keyboard.press("Enter")

    page.get_by_role("heading", name="Kartonex pilot").wait_for()
