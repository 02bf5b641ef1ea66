"""What a page is held to wherever a walk stops: it fits, nothing is cut or covered, all can be read and has a name."""

from __future__ import annotations

import math
import struct
from functools import cache
from importlib.resources import files
from pathlib import Path

from playwright.sync_api import Locator, Page

DESK, PHONE = (1280, 800), (360, 800)
"""Widths and heights of the windows, in pixels."""

_GRAVE = ("serious", "critical")
_AXE = """axe.run(document, {resultTypes: ['violations'], rules: {'color-contrast': {enabled: false}}})
  .then((found) => found.violations)"""
_SETTLED = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


def faults(page: Page) -> list[str]:
    """What a person would complain of on the page as it stands in its window, a screen reader's person too."""
    page.evaluate(_SETTLED)
    return [*page.evaluate(_looking()), *_axe(page)]


def width_of_a_picture(page: Page) -> list[str]:
    """A complaint where a picture of the whole page would be wider than the window: as wide as all that is on it."""
    page_size = page.context.new_cdp_session(page)
    try:
        width = math.ceil(page_size.send("Page.getLayoutMetrics")["cssContentSize"]["width"])
    finally:
        page_size.detach()
    wanted = (page.viewport_size or {})["width"]
    return [] if width == wanted else [f"a picture is {width} px wide, the window {wanted}"]


def take_picture(page: Page, file: Path) -> list[str]:
    """A picture of the whole page; a complaint where it came out wider than the window.

    The window is made as tall as the page first, so that bars at its foot stand where the page ends.
    """
    size = page.viewport_size or {}
    wanted, tall = size["width"], page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({"width": wanted, "height": max(tall, size["height"])})
    page.screenshot(path=file, full_page=True)
    width = _width_of(file)
    return [] if width == wanted else [f"the picture is {width} px wide, the window {wanted}"]


def beyond_first_screen(page: Page, *wanted: Locator) -> list[str]:
    """Those of the wanted things that somebody must scroll for."""
    height = (page.viewport_size or {})["height"]
    missing = []
    for thing in wanted:
        box = thing.bounding_box()
        if box is None or box["y"] < 0 or box["y"] + box["height"] > height:
            missing.append(f"not seen without scrolling: {thing.inner_text()[:60]!r} at {box}")
    return missing


def _axe(page: Page) -> list[str]:
    """Contrast is left to our own eyes: they are stricter, and that rule takes most of the time."""
    if page.evaluate("typeof axe === 'undefined'"):
        page.evaluate(_axe_source())
    found = page.evaluate(_AXE)
    return [
        f"axe, {each['impact']}: {each['id']}, {node['html'][:120]}"
        for each in found
        if each["impact"] in _GRAVE
        for node in each["nodes"][:3]
    ]


@cache
def _looking() -> str:
    return Path(__file__).with_suffix(".js").read_text(encoding="utf-8")


@cache
def _axe_source() -> str:
    return (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")


def _width_of(file: Path) -> int:
    """Of a PNG: its first chunk says it."""
    head = file.read_bytes()[:24]
    assert head[:8] == b"\x89PNG\r\n\x1a\n"
    return int(struct.unpack(">I", head[16:20])[0])
