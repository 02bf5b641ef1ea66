"""What needs scripts of Gmail's part: texts put into the draft, windows that report back, the drawer of the world."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from addon import clock
from addon.sandbox import world_clock
from addon.sandbox.gmail import Gmail
from tests.sandbox.inbox.conftest import ANNA, FakeAddon, mail
from tests.serving import served

pytestmark = pytest.mark.browser

DRAFTS = "https://www.googleapis.com/auth/gmail.addons.current.action.compose"
EXECUTE = "https://www.googleapis.com/auth/gmail.addons.execute"


@pytest.fixture
def page(chrome: Browser, inbox_app: Flask) -> Iterator[Page]:
    """Anna's list of mails."""
    with served(inbox_app, below="/mail") as address:
        context = chrome.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
        page = context.new_page()
        wrong: list[str] = []
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.goto(f"{address}/who")
        page.get_by_role("button", name="Anna Kowalczyk").click()
        try:
            yield page
            assert wrong == []
        finally:
            context.close()


def card(*widgets: dict[str, Any]) -> dict[str, Any]:
    return {"sections": [{"widgets": [*widgets]}]}


def button(text: str, url: str) -> dict[str, Any]:
    return {"buttonList": {"buttons": [{"text": text, "onClick": {"action": {"function": url}}}]}}


def updates(**changes: Any) -> dict[str, Any]:
    return {"renderActions": {"hostAppAction": {"gmailAction": {"updateDraftActionMarkup": changes}}}}


def test_the_addon_completes_a_name_and_writes_into_the_mail_where_the_cursor_stands(
    page: Page, addon: FakeAddon
) -> None:
    complete = {"function": f"{addon.url}/addon/actions/names"}
    name = {"textInput": {"name": "who", "label": "Which text", "autoCompleteAction": complete}}
    shown = card(name, button("Insert", f"{addon.url}/addon/actions/insert"))
    addon.put("/addon/compose", {"action": {"navigations": [{"pushCard": shown}]}})
    addon.put("/addon/actions/names", {"autoComplete": {"items": [{"text": "Follow-up"}, {"text": "Follow-up 2"}]}})
    link = '<p>See <a href="https://a.example/offer">our offer</a>.</p>'
    body = {"type": "IN_PLACE_INSERT", "insertContents": [{"content": link, "contentType": "MUTABLE_HTML"}]}
    bcc = {"bccRecipients": [{"email": "crm@halyard.example"}]}
    addon.put("/addon/actions/insert", updates(updateBody=body, updateBccRecipients=bcc))
    page.goto(page.url + "write")
    page.locator("#to").fill("rina@contoh.example")
    page.locator("#body").fill("Dear Rina,\n\n\n\nAnna")
    page.locator("#body").evaluate("(body) => { body.selectionStart = body.selectionEnd = 12; }")

    page.get_by_role("button", name="Insert a text").click()
    box = page.get_by_role("combobox", name="Which text")
    box.press_sequentially("Fol")
    expect(page.get_by_role("option", name="Follow-up 2")).to_be_visible()
    for key in ("ArrowUp", "Enter"):
        box.press(key)
    expect(box).to_have_value("Follow-up 2")
    expect(box).to_have_attribute("aria-expanded", "false")
    page.get_by_role("button", name="Insert", exact=True).click()

    expect(page.locator("#body")).to_have_value("Dear Rina,\n\nSee our offer (https://a.example/offer).\n\nAnna")
    expect(page.locator("input[name=bcc]")).to_be_visible()
    expect(page.locator("input[name=bcc]")).to_have_value("crm@halyard.example")
    [event] = addon.events("/addon/actions/insert")
    assert event["gmail"]["toRecipients"] == ["rina@contoh.example"]
    assert event["commonEventObject"]["formInputs"]["who"] == {"stringInputs": {"value": ["Follow-up 2"]}}
    page.get_by_role("link", name="Close the add-on").click()
    expect(page.get_by_role("complementary")).to_have_count(0)
    expect(page.get_by_role("button", name="Insert a text")).to_be_focused()


def test_rights_are_given_in_a_window_and_the_card_goes_on(page: Page, addon: FakeAddon) -> None:
    addon.put(
        "/addon/home",
        {"requesting_google_scopes": {"scopes": [EXECUTE, DRAFTS]}},
        {"action": {"navigations": [{"pushCard": card({"textParagraph": {"text": "Thank you"}})}]}},
    )
    page.reload()

    with page.expect_popup() as opened:
        page.get_by_role("link", name="Choose what it may do").click()
    window = opened.value
    window.get_by_label("Write drafts while you use it").check()
    with window.expect_event("close"):
        window.get_by_role("button", name="Continue").click()

    expect(page.get_by_role("complementary")).to_contain_text("Thank you")
    assert DRAFTS in addon.events("/addon/home")[-1]["authorizationEventObject"]["authorizedScopes"]


def test_the_drawer_turns_the_clock_and_a_fault_and_the_header_tells(page: Page, gmail: Gmail) -> None:
    try:
        page.get_by_role("link", name="Faults: none").click()
        page.get_by_role("switch", name="Pushes get lost").press("Space")
        expect(page.get_by_role("switch", name="Pushes get lost")).to_have_attribute("aria-checked", "true")
        expect(page.get_by_role("switch", name="Pushes get lost")).to_be_focused()
        page.get_by_role("button", name="60×", exact=True).click()
        expect(page.get_by_text("Time runs 60 times as fast.")).to_be_visible()
        page.keyboard.press("Escape")

        expect(page.get_by_role("dialog")).to_be_hidden()
        expect(page.get_by_role("link", name="Faults: 1")).to_be_focused()
        expect(page.get_by_role("link", name="Sandbox time")).to_contain_text("60×")
        assert [fault.kind for fault in gmail.faults.all()] == ["push_lost"]
        assert world_clock.reading().speed == 60
    finally:
        clock.follow(None)


def test_a_phone_has_one_pane_at_a_time_and_the_addon_knows(page: Page, gmail: Gmail, addon: FakeAddon) -> None:
    arrived = gmail.deliver(mail("Rina <rina@contoh.example>", ANNA.email, "Offer", "Hello"), [ANNA.email])
    page.goto(f"{page.url}t/{arrived[0].thread_id}")
    page.keyboard.press("p")
    expect(page.get_by_role("button", name="Be Dimas Prasetyo")).to_be_focused()
    page.get_by_role("button", name="Phone view").click()

    phone = page.frame_locator("iframe")
    expect(phone.get_by_role("heading", name="Offer")).to_be_visible()
    expect(phone.get_by_role("complementary")).to_be_hidden()
    phone.get_by_role("link", name="Dealthread").click()
    expect(phone.get_by_role("button", name="Move to Negotiation")).to_be_visible()
    expect(phone.get_by_role("heading", name="Offer")).to_be_hidden()
    phone.get_by_role("link", name="Close the add-on").click()
    expect(phone.get_by_role("heading", name="Offer")).to_be_visible()
    assert addon.events("/addon/message")[-1]["commonEventObject"]["platform"] == "ANDROID"

    page.get_by_role("button", name="Leave phone view").click()
    expect(page.get_by_role("complementary")).to_be_visible()
