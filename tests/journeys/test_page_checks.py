"""The checks of a page find what they are there for, and nothing in a page that is well made."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.journeys import page_checks

pytestmark = pytest.mark.browser

WELL_MADE = """<!doctype html><html lang="en"><title>A page</title><meta name="viewport" content="width=device-width">
<style>body { background: #fff; color: #222; font: 16px/1.4 sans-serif; } p { max-width: 20rem; }
.cut { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; width: 6rem; }</style>
<main><h1>Deals</h1><p>Three mails are out, and one of them was answered.</p><p class="cut">A name that is shortened</p>
<button>Undo</button> <a href="#x">Open the board</a></main>"""


@pytest.fixture
def page(chrome: Browser):
    context = chrome.new_context(viewport={"width": 360, "height": 600})
    yield context.new_page()
    context.close()


def test_a_page_that_is_well_made_has_no_fault(page: Page, tmp_path: Path):
    page.set_content(WELL_MADE)

    assert page_checks.faults(page) == []
    assert page_checks.take_picture(page, tmp_path / "page.png") == page_checks.width_of_a_picture(page) == []


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('<div style="width: 500px; background: #eee">Wide</div>', "the page scrolls sideways"),
        ('<p style="margin-left: -40px">Beyond the left edge</p>', "beyond the window's edge"),
        ('<p style="width: 60px; overflow: hidden; white-space: nowrap">Clipped words</p>', "clipped sideways"),
        ('<p style="height: 20px; width: 90px; overflow: hidden">Words that need three lines</p>', "clipped below"),
        ('<p style="height: 10px; width: 200px">One <br>two</p><p style="margin: 0">three</p>', "overlaps"),
        ('<p style="margin-bottom: -30px">Covered by a button</p><button>Covers it up</button>', "overlaps"),
        (
            '<div style="width: 80px; border: 1px solid">marta@zielona-hala.example</div>',
            "sticks out of its sheet",
        ),
        ('<p style="color: #aaa">Pale</p>', "contrast 2.32"),
        ('<p style="background: linear-gradient(#fff, #333)">On a gradient</p>', "contrast 1"),
        ('<p style="opacity: .3">Faded</p>', "contrast"),
        (
            '<input aria-label="Search" placeholder="Pale" class="p"><style>.p::placeholder { color: #bbb }</style>',
            "Pale",
        ),
        ('<p style="width: 20px; overflow-wrap: anywhere">Squeezed into a pole of single letters</p>', "into a pole"),
        ("<input>", "axe, critical: label"),
        (
            '<div style="height: 900px">Tall</div><p>Last line</p>'
            '<nav style="position: fixed; bottom: 0; left: 0; right: 0; height: 60px; background: #fff">Bar</nav>',
            "hidden under the bar",
        ),
    ],
)
def test_a_fault_is_found(page: Page, content: str, said: str):
    page.set_content(WELL_MADE.replace("<button>", f"{content}<button>"))

    assert said in "\n".join(page_checks.faults(page))


def test_a_picture_wider_than_the_window_is_told(page: Page, tmp_path: Path):
    page.set_content('<style>body { margin: 0 }</style><div style="width: 500px">Wide</div>')

    assert page_checks.width_of_a_picture(page) == ["a picture is 500 px wide, the window 360"]
    assert page_checks.take_picture(page, tmp_path / "page.png") == ["the picture is 500 px wide, the window 360"]


def test_what_lies_below_the_first_screen_is_told(page: Page):
    page.set_content('<p>Near</p><div style="height: 900px"></div><p>Far</p>')

    [missing] = page_checks.beyond_first_screen(page, page.get_by_text("Near"), page.get_by_text("Far"))

    assert "'Far'" in missing
