"""The world's panel, as a person uses it from the mail program: time that runs or leaps, and troubles of Gmail's."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from playwright.sync_api import Locator, Page, expect


@contextmanager
def the_world(page: Page) -> Iterator[Locator]:
    """Its drawer, closed again at the end."""
    page.locator("a.mx-clock").click()
    drawer = page.get_by_role("dialog", name="The world")
    expect(drawer).to_be_visible()
    yield drawer
    drawer.get_by_role("button", name="Close", exact=True).click()
    expect(drawer).to_be_hidden()


def time_runs(page: Page, speed: int):
    with the_world(page) as drawer:
        drawer.get_by_role("button", name=f"{speed}×", exact=True).click()
        expect(drawer.get_by_role("status")).to_be_visible()


def time_leaps(page: Page, jump: str):
    with the_world(page) as drawer:
        before = shown(page)
        drawer.get_by_role("button", name=jump, exact=True).click()
        expect(drawer.get_by_role("status")).to_contain_text("It is ")
        assert shown(page) > before


def trouble(drawer: Locator, story: str) -> Locator:
    """A story's line, with its switch."""
    return drawer.get_by_role("listitem").filter(has_text=story).filter(has=drawer.page.get_by_role("switch"))


def switch(drawer: Locator, story: str, *, on: bool):
    wanted = trouble(drawer, story).get_by_role("switch")
    wanted.click()
    expect(wanted).to_have_attribute("aria-checked", "true" if on else "false")


def shown(page: Page) -> datetime:
    """The page's own clock, which names no year: it is one that lies ahead of the wall's, by less than half a year."""
    words = page.locator("[data-clock]").inner_text()
    today = datetime.now(UTC).replace(tzinfo=None)
    told = datetime.strptime(f"{words} {today.year}", "%a %d %b, %H:%M %Y")  # noqa: DTZ007 - it names no zone
    return told if told > today - timedelta(days=180) else told.replace(year=today.year + 1)
