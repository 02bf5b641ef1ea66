"""Somebody who walks through the product in a real browser, looks at each place at two widths, and notes each fault."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Route, expect

from tests.journeys import page_checks

ELSEWHERE = re.compile(r"^(?!https?://(localhost|127\.0\.0\.1)[:/])(?!data:|blob:|about:)")
"""Every address that is not on this machine."""

PICTURES_ARE_KEPT = "SHOTS" in os.environ
"""They are a third of what a walk costs; what they would show wrong is told without them, too."""

PATIENCE = 60_000
"""Milliseconds until something that has to come is said to be missing."""


@dataclass
class Walker:
    page: Page
    shots: Path | None
    """Where pictures go; None for a walk that only wants the story."""
    faults: list[str] = field(default_factory=list)
    """What was wrong on the way, without stopping the walk."""
    places: int = 0

    def look(self, place: str) -> None:
        """Check the page, on a phone (the add-on's own page there, too) and at a desk; SHOTS=folder keeps its picture.

        The desk's window stays.
        """
        if self.shots is None:
            return
        self.places += 1
        self.page.bring_to_front()
        for width, height in (page_checks.PHONE, page_checks.DESK):
            with self._window(width, height):
                self._check(self.shots, place, width)
            with self._window(width, height), self._addon_page() as shown:
                if shown:
                    self._check(self.shots, f"{place}, add-on", width)

    def _check(self, shots: Path, place: str, width: int) -> None:
        faults = page_checks.faults(self.page)
        if PICTURES_ARE_KEPT:
            faults += page_checks.take_picture(self.page, shots / f"{self.places:02} {place} {width}.png")
        else:
            faults += page_checks.width_of_a_picture(self.page)
        for fault in faults:
            self.faults.append(f"{place}, {width} px: {fault}")

    @contextmanager
    def hurrying(self) -> Iterator[None]:
        """Past places that another walk looks at."""
        shots, self.shots = self.shots, None
        try:
            yield
        finally:
            self.shots = shots

    def first_screen(self, place: str, *wanted: Locator) -> None:
        """Note what of the wanted things must be scrolled for: at a desk, and on the add-on's own page of a phone."""
        if self.shots is None:
            return
        for width, height in (page_checks.PHONE, page_checks.DESK):
            with self._window(width, height), self._addon_page():
                if PICTURES_ARE_KEPT:
                    self.page.screenshot(path=self.shots / f"{self.places:02} {place}, first screen {width}.png")
                for fault in page_checks.beyond_first_screen(self.page, *wanted):
                    self.faults.append(f"{place}, {width} px: {fault}")

    @property
    def sidebar(self) -> Locator:
        return self.page.get_by_role("complementary", name="Add-on: Dealthread")

    def open_mail(self, subject: str) -> None:
        """From the list of threads."""
        self.page.get_by_role("region", name="Threads").get_by_role("link", name=subject).first.click()
        expect(self.page.get_by_role("heading", level=1)).to_contain_text(subject)

    def reload_until(self, wanted: Locator) -> None:
        """For what the sidebar shows only when a mail is opened anew, as in Gmail. There is an end to patience."""
        end = time.monotonic() + PATIENCE / 1000
        while not wanted.is_visible():
            assert time.monotonic() < end, f"never came: {wanted}"
            self.page.reload()

    @contextmanager
    def _addon_page(self) -> Iterator[bool]:
        """On a phone the add-on is a page of its own, one press away; False where it stands beside the mail."""
        way = self.page.locator(".mx-addon-bar a")
        shown = way.is_visible()
        if shown:
            way.click()
            expect(self.sidebar).to_be_visible()
        yield shown
        if shown:
            self.page.go_back()
            expect(way).to_be_visible()

    @contextmanager
    def _window(self, width: int, height: int) -> Iterator[None]:
        self.page.set_viewport_size({"width": width, "height": height})
        try:
            yield
        finally:
            desk, tall = page_checks.DESK
            self.page.set_viewport_size({"width": desk, "height": tall})


@contextmanager
def walking(chrome: Browser, shots: Path | None) -> Iterator[Walker]:
    """A fresh browser window; in the end nothing was wrong, nothing was asked outside, no script complained."""
    context = chrome.new_context(
        viewport={"width": page_checks.DESK[0], "height": page_checks.DESK[1]},
        locale="en-US",
        timezone_id="Europe/Warsaw",
        reduced_motion="reduce",
    )
    context.set_default_timeout(PATIENCE)
    walker = Walker(context.new_page(), shots)

    def refuse(route: Route) -> None:
        walker.faults.append(f"asked outside this machine: {route.request.url}")
        route.abort()

    def hear(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            walker.faults.append(f"console at {walker.page.url}: {message.text}")

    context.route(ELSEWHERE, refuse)
    context.on("console", hear)
    context.on("weberror", lambda error: walker.faults.append(f"script: {error.error}"))
    try:
        yield walker
    except Exception as broken_off:
        for fault in walker.faults:
            broken_off.add_note(fault)
        raise
    finally:
        context.close()
    assert not walker.faults, "\n".join(walker.faults)
