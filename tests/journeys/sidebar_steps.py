"""What stands in the sidebar beside a mail, and who sits in front of it."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect


def become(page: Page, name: str):
    page.locator("summary").filter(has=page.get_by_label("You are")).or_(page.get_by_label("You are")).first.click()
    page.get_by_role("button", name=f"Be {name}").click()
    expect(page.get_by_label(f"You are {name}").first).to_be_attached()


def touches_of(sidebar: Locator) -> int:
    """How many mails the sidebar counts for the deal."""
    return int(re.findall(r"Last touches \((\d+)\)", sidebar.inner_text())[0])


def button(where: Locator, name: str) -> Locator:
    return where.get_by_role("button", name=name, exact=True)


def stage(sidebar: Locator, name: str) -> Locator:
    """The line of the card that says where the deal stands."""
    return sidebar.get_by_text(re.compile(rf"^Stage\s*{name}"))
