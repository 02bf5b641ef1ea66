"""The add-on in the demo's compose window: what a press says becomes of the draft, on a desk and on a phone."""

from __future__ import annotations

import functools
import os
import re
import threading
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from sqlalchemy import select

from addon import clock as world
from addon.domain import tables
from addon.domain.access import doors
from addon.domain.campaigns import importing
from addon.models import Mailbox
from addon.sandbox import demo
from addon.sandbox.demo import Demo
from addon.sandbox.folder import Folder
from tests.journeys import page_checks

pytestmark = pytest.mark.browser

ANNA = "anna@halyard.example"
KATARZYNA, PAWEL, JOANNA = (
    f"{name}@bursztyn-logistyka.example" for name in ("k.wisniewska", "p.nowicki", "j.wrzesien")
)


@pytest.fixture
def served(tmp_path: Path, clock: ModuleType) -> Iterator[Demo]:
    folder = Folder.open(tmp_path / "demo")
    with demo.listen(0) as listening:
        here = demo.start(listening, folder)
        web = threading.Thread(target=here.web.run, daemon=True)
        web.start()
        try:
            yield here
        finally:
            here.close()
            web.join(5)
            folder.close()


@pytest.fixture
def page(chrome: Browser, served: Demo) -> Iterator[Page]:
    """Anna at a new mail; no script may complain."""
    wide, tall = page_checks.DESK
    context = chrome.new_context(viewport={"width": wide, "height": tall}, reduced_motion="reduce")
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.goto(f"{served.address}who")
    page.get_by_role("button", name="Anna Kowalczyk").click()
    page.goto(f"{served.address}write")
    yield page
    context.close()
    assert wrong == []


def text_of_annas(here: Demo) -> None:
    """A campaign that is being made."""
    database = here.house.database
    viewer = doors.user_by_address(database, ANNA)
    with database.reading(viewer) as session:
        mailbox_id = session.scalars(select(Mailbox.id).where(Mailbox.email == ANNA)).one()
    draft = importing.Draft(
        mailbox_id=mailbox_id,
        name="Ramps in spring",
        subject="A plan for {{ company }}",
        body="Hello {{ first_name }},\n\nmay I show you a plan?",
        table=tables.read(b"email,first name,company\nlea@x.example,Lea,Lind\n"),
    )
    importing.create_campaign(functools.partial(database.writing, viewer), draft, at=world.now())


def look(page: Page, place: str, *widths: tuple[int, int]) -> None:
    """Nothing is cut, covered or too wide; SHOTS=folder keeps the pictures."""
    faults = []
    for width, height in widths:
        page.set_viewport_size({"width": width, "height": height})
        if "SHOTS" in os.environ:
            page.screenshot(path=Path(os.environ["SHOTS"]) / f"writing, {place} {width}.png")
        faults += [f"{width} px: {fault}" for fault in page_checks.faults(page)]
    page.set_viewport_size({"width": page_checks.DESK[0], "height": page_checks.DESK[1]})
    assert faults == []


def field(page: Page, name: str) -> Locator:
    return page.locator(f"#compose [name={name}]")


def test_a_greeting_the_others_and_a_text_go_into_the_mail(page: Page, served: Demo):
    text_of_annas(served)
    card = page.get_by_role("complementary", name=re.compile("Dealthread"))
    page.get_by_role("button", name="Dealthread").click()
    expect(card).to_contain_text("Nobody is in this mail yet.")

    field(page, "to").fill(KATARZYNA)
    card.get_by_role("button", name="Look again").click()
    expect(card).to_contain_text("Katarzyna Wiśniewska")
    expect(card).to_contain_text("Bursztyn")
    look(page, "the deal", page_checks.DESK, page_checks.PHONE)

    card.get_by_role("button", name="Insert greeting").click()
    expect(field(page, "body")).to_have_value(re.compile(r"^Dear Katarzyna,\n\n"))
    card.get_by_role("button", name="Copy in the others on this deal").click()
    expect(field(page, "cc")).to_have_value(f"{PAWEL}, {JOANNA}")

    card.get_by_role("button", name="Insert the text of Ramps in spring").click()
    expect(field(page, "subject")).to_have_value("A plan for Bursztyn Logistyka sp. z o.o.")
    written = r"^Hello Katarzyna,\n\nmay I show you a plan\?\nDear Katarzyna,"
    expect(field(page, "body")).to_have_value(re.compile(written))
    look(page, "written", page_checks.DESK, page_checks.PHONE)
