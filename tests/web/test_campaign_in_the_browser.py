"""A campaign in a real browser: a list chosen, a mail written, read and launched; its progress moves by itself."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from addon.models import Outgoing, OutgoingState
from tests import serving
from tests.databases import on_sqlite
from tests.web.web_world import MONDAY, World, world

pytestmark = pytest.mark.browser

LIST = "first_name,email\nSiti,siti@gudang.test\nAgus,agus@gudang.test\n"


@pytest.fixture
def opened(tmp_path: Path, clock: ModuleType, chrome: Browser) -> Iterator[tuple[World, Page]]:
    clock.set_world(MONDAY)
    with on_sqlite(tmp_path) as database, world(database) as made, serving.served(made.app) as url:
        context = chrome.new_context(viewport={"width": 1280, "height": 900}, base_url=url)
        context.add_cookies([{"name": "dealthread", "value": made.cookie(), "url": url}])
        yield made, context.new_page()
        context.close()


def test_from_a_list_to_the_last_mail(opened):
    made, page = opened
    page.goto("/campaigns")
    page.get_by_role("link", name="Upload a list").click()
    page.get_by_label("A list of people").set_input_files(
        {"name": "ramps.csv", "mimeType": "text/csv", "buffer": LIST.encode()}
    )

    expect(page.get_by_label("Name of the campaign")).to_have_value("ramps")
    page.get_by_label("Subject").fill("Ramps, ")
    page.get_by_role("button", name="first_name").click()
    expect(page.get_by_label("Subject")).to_have_value("Ramps, {{ first_name }}")
    page.get_by_label("Text", exact=True).fill("Hello {{ frist_name }}")
    page.get_by_role("button", name="Look at every mail").click()

    expect(page.get_by_role("alert")).to_contain_text("One field needs a look")
    expect(page.get_by_label("Subject")).to_have_value("Ramps, {{ first_name }}")
    page.get_by_label("Text", exact=True).fill("Hello {{ first_name }}, shall we talk?")
    page.get_by_role("button", name="Look at every mail").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("2 people get one mail each.")
    expect(page.locator("#mail")).to_contain_text("Hello Siti, shall we talk?")
    page.get_by_role("link", name="Next person").click()
    expect(page.locator("#mail")).to_contain_text("Hello Agus, shall we talk?")
    page.get_by_role("button", name="Launch 2 mails").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("0 of 2 mails are out.")
    with made.database.writing(made.viewer) as session:
        for mail in session.scalars(select(Outgoing)):
            mail.state, mail.gmail_message_id, mail.sent_at = OutgoingState.SENT, f"g{mail.id}", MONDAY
    expect(page.get_by_role("heading", level=1)).to_have_text("All 2 mails are out.", timeout=10_000)
