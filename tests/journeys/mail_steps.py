"""What a person does in the mail program itself: reads, writes, sorts, looks for something."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.journeys.walking import Walker


def threads(page: Page) -> Locator:
    """The list of threads."""
    return page.get_by_role("region", name="Threads")


def row(page: Page, subject: str) -> Locator:
    return threads(page).locator(".mx-item").filter(has_text=subject)


def folder(page: Page, name: str):
    page.get_by_role("navigation", name="Folders").get_by_role("link", name=re.compile(rf"^{name}")).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)


def said(page: Page, words: str) -> Locator:
    """What the program says of the last act."""
    return page.get_by_role("status").filter(has_text=words)


def field(page: Page, label: str) -> Locator:
    """Of the compose window."""
    return page.locator("#compose").get_by_label(label, exact=True)


def a_mail_is_begun_and_left(walker: Walker, to: str, colleague: str, subject: str, body: str, file: Path):
    """The second address is a suggestion; nobody presses Save."""
    page = walker.page
    page.get_by_role("link", name="Write", exact=True).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("New mail")
    page.wait_for_load_state()  # with its scripts: they suggest whom to write to
    field(page, "To").fill(f"{to}, ")
    offered = page.locator(f"#contacts option[value^='{to}'][value*='{colleague}']")
    field(page, "To").fill(offered.get_attribute("value") or "")
    field(page, "Subject").fill(subject)
    field(page, "Your mail").fill(body)
    page.locator("input[type=file]").set_input_files(file)
    expect(page.get_by_role("button", name=f"Leave out {file.name}")).to_be_visible()
    expect(page.locator("[data-saved]")).to_have_text("Saved in Drafts")
    walker.look("draft")


def the_draft_is_found_and_sent(walker: Walker, subject: str, body: str, file: Path):
    page = walker.page
    folder(page, "Drafts")
    threads(page).get_by_role("link", name=subject).click()
    expect(field(page, "Your mail")).to_have_value(body)
    expect(page.get_by_role("button", name=f"Leave out {file.name}")).to_be_visible()
    page.get_by_role("button", name="Send", exact=True).click()
    expect(said(page, "Sent.")).to_be_visible()


def an_answer_is_written(walker: Walker, answer: str):
    """To the mail that is open; it stays in its thread."""
    page = walker.page
    page.get_by_role("link", name="Reply", exact=True).first.click()
    expect(field(page, "Subject")).to_have_value(re.compile("^Re: "))
    field(page, "Your mail").press_sequentially(answer)
    page.get_by_role("button", name="Send", exact=True).click()
    expect(said(page, "Sent.")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text(answer)


def beside_an_answer(walker: Walker, deal: str, greeting: str):
    """The add-on in the compose window knows the reader's deal and puts a greeting in; then all is thrown away."""
    page = walker.page
    page.get_by_role("link", name="Reply", exact=True).first.click()
    page.locator("#compose-addon").get_by_role("button").first.click()
    expect(walker.sidebar).to_contain_text(deal)
    walker.sidebar.get_by_role("button", name="Insert greeting").click()
    expect(field(page, "Your mail")).to_have_value(re.compile(rf"^{greeting}"))
    walker.look("add-on beside an answer")
    page.get_by_role("button", name="Discard", exact=True).click()
    expect(said(page, "Draft discarded.")).to_be_visible()


def a_search(walker: Walker, query: str):
    page = walker.page
    box = page.get_by_role("searchbox", name="Search mail").first
    box.fill(query)
    box.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text(query)


def the_file(page: Page, name: str) -> bytes:
    """Downloaded from the open mail."""
    with page.expect_download() as coming:
        page.get_by_role("link", name=name).click()
    assert coming.value.suggested_filename == name
    return coming.value.path().read_bytes()


def a_new_label(page: Page, name: str):
    """For the open mail."""
    page.locator("[data-tools] summary[aria-label=Label]").click()
    page.locator("[data-tools]").get_by_label("New label").fill(name)
    page.locator("[data-tools]").get_by_role("button", name="Make it").click()
    expect(said(page, f"Labelled {name}.")).to_be_visible()
    expect(page.get_by_role("navigation", name="Folders").get_by_role("link", name=name)).to_be_visible()
