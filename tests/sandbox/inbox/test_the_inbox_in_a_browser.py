"""The inbox page with its scripts, in a real browser: nothing reloads, new mail appears, everything can be read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from addon.sandbox.gmail import Gmail
from tests.sandbox.inbox.conftest import ANNA, CARDS, FakeAddon, mail
from tests.serving import served

pytestmark = pytest.mark.browser

RINA = "Rina <rina@contoh.example>"


@pytest.fixture
def page(chrome: Browser, inbox_app: Flask, gmail: Gmail) -> Iterator[Page]:
    """Anna's inbox with one mail open; nothing may go wrong in its scripts."""
    arrived = gmail.deliver(
        mail(RINA, ANNA.email, "Offer", "Could you send us a proposal for 40 seats by Thursday?"), [ANNA.email]
    )
    with served(inbox_app, below="/mail") as home:
        context = chrome.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce", bypass_csp=True)
        page = context.new_page()
        wrong: list[str] = []
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.goto(f"{home}/who")
        page.get_by_role("button", name="Anna Kowalczyk").click()
        page.goto(f"{home}/t/{arrived[0].thread_id}")
        page.evaluate("window.stays = true")
        yield page
        assert wrong == []
        context.close()


def answer(*widgets: dict[str, Any], notice: str = "", **more: Any) -> dict[str, Any]:
    action: dict[str, Any] = {"navigations": [{"updateCard": {"sections": [{"widgets": [*widgets]}]}}]}
    return {"renderActions": {"action": action | ({"notification": {"text": notice}} if notice else {}) | more}}


def show(page: Page, addon: FakeAddon, card: str) -> None:
    addon.put_card("/addon/message", card)
    sidebar = page.get_by_role("complementary")
    sidebar.get_by_label("More", exact=True).first.click()
    sidebar.get_by_role("button", name="Refresh").click()
    expect(page.get_by_text("Every widget")).to_be_visible()


def test_a_press_redraws_the_sidebar_alone_and_says_what_was_done(page: Page, addon: FakeAddon) -> None:
    addon.put("/addon/actions/move", answer({"textParagraph": {"text": "In Negotiation"}}, notice="Moved."))

    page.get_by_role("button", name="Move to Negotiation").click()

    expect(page.get_by_role("complementary")).to_contain_text("In Negotiation")
    expect(page.locator("[data-announce]")).to_have_text("Moved.")
    assert page.evaluate("window.stays") is True


def test_the_cards_own_colour_is_on_its_button(page: Page) -> None:
    button = page.get_by_role("button", name="Move to Negotiation")

    assert button.evaluate("b => getComputedStyle(b).backgroundColor") == "rgb(23, 96, 90)"
    assert button.evaluate("b => getComputedStyle(b).color") == "rgb(255, 255, 255)"


def test_a_change_calls_the_addon_and_unfolded_sections_stay_so(page: Page, addon: FakeAddon) -> None:
    whole = json.loads((CARDS / "message.json").read_text().replace("@/", f"{addon.url}/"))
    addon.put(
        "/addon/actions/check",
        {"renderActions": {"action": {"navigations": [{"updateCard": whole["action"]["navigations"][0]["pushCard"]}]}}},
    )
    page.get_by_text("Before you leave Proposal").click()

    page.get_by_label("Decision maker is known").check()
    expect(page.locator("input[name=version]").first).not_to_have_value("1")

    expect(page.get_by_label("Decision maker is known")).to_be_visible()
    expect(page.get_by_label("Decision maker is known")).to_be_checked()
    [event] = addon.events("/addon/actions/check")
    assert event["commonEventObject"]["formInputs"]["checks"] == {"stringInputs": {"value": ["maker", "seats"]}}


def test_a_text_is_completed_while_it_is_typed(page: Page, addon: FakeAddon) -> None:
    show(page, addon, "everything")
    addon.put("/addon/actions/companies", {"autoComplete": {"items": [{"text": "Bursztyn (#1)"}]}})

    page.get_by_label("Company").press_sequentially("Bur")

    offered = page.get_by_role("listbox", name="Suggestions").get_by_role("option", name="Bursztyn (#1)")
    expect(offered).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(offered).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Company")).to_have_value("Bursztyn (#1)")
    expect(offered).to_be_hidden()


def test_enter_in_a_text_presses_no_button(page: Page, addon: FakeAddon) -> None:
    show(page, addon, "everything")
    calls = len(addon.calls)

    page.get_by_label("Address").fill("c@d.example")
    page.get_by_label("Address").press("Enter")
    page.get_by_role("button", name="Tonal").click()

    expect(page.get_by_text("A card without a call")).to_be_visible()
    assert len(addon.calls) == calls


def test_a_link_of_an_answer_is_opened_and_its_end_reloads_the_card(page: Page, addon: FakeAddon) -> None:
    link = {"url": f"{addon.url}/sign-in", "openAs": "OVERLAY", "onClose": "RELOAD"}
    addon.put("/addon/actions/move", answer({"textParagraph": {"text": "Sign in first"}}, link=link))
    with page.expect_popup() as opened:
        page.get_by_role("button", name="Move to Negotiation").click()

    expect(page.get_by_text("Sign in first")).to_be_visible()
    opened.value.close()

    expect(page.get_by_role("button", name="Move to Negotiation")).to_be_visible()


def test_an_error_and_another_try_by_keyboard(page: Page, addon: FakeAddon) -> None:
    addon.put("/addon/actions/undo", 500)
    undo = page.get_by_role("button", name="Undo")
    undo.focus()

    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("This add-on had an error")
    expect(page.get_by_role("button", name="Try again")).to_be_focused()
    page.keyboard.press("Enter")

    expect(undo).to_be_visible()


def test_new_mail_appears_by_itself(page: Page, gmail: Gmail) -> None:
    gmail.deliver(mail("Budi <budi@gudang.example>", ANNA.email, "Demo gudang", "Halo"), [ANNA.email])

    expect(page.get_by_role("region", name="Threads")).to_contain_text("Demo gudang", timeout=10_000)
    assert page.evaluate("window.stays") is True


def test_an_answer_in_the_open_thread_appears_with_its_card(page: Page, gmail: Gmail, addon: FakeAddon) -> None:
    [shown] = addon.events("/addon/message")
    with gmail.store.read() as db:
        [(known,)] = db.execute("SELECT rfc_id FROM messages").fetchall()
    chain = f"<{known.strip('<>')}>"
    raw = mail(RINA, ANNA.email, "Re: Offer", "One more thing.", f"In-Reply-To: {chain}", f"References: {chain}")

    gmail.deliver(raw, [ANNA.email])

    expect(page.get_by_role("main")).to_contain_text("One more thing.", timeout=10_000)
    assert addon.events("/addon/message")[-1]["gmail"]["messageId"] != shown["gmail"]["messageId"]


def test_an_opened_mail_becomes_read(page: Page) -> None:
    expect(page.locator(".mx-row.new")).to_have_count(0, timeout=10_000)


def test_the_slash_goes_to_the_search(page: Page) -> None:
    page.keyboard.press("/")

    expect(page.get_by_role("searchbox")).to_be_focused()


@pytest.mark.parametrize("width", [1280, 360])
def test_everything_fits_and_can_be_read(page: Page, addon: FakeAddon, width: int) -> None:
    axe = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
    base, thread = page.url.split("/mail/")[0] + "/mail", page.url
    page.set_viewport_size({"width": width, "height": 800})
    wrong = []
    places = [(f"{base}/who", ""), (f"{base}/", ""), (f"{base}/write", ""), (thread, "message"), (thread, "everything")]
    for url, card in places:
        if card:
            addon.put_card("/addon/message", card)
        page.goto(url)
        page.add_style_tag(content="* { transition: none !important; }")
        page.evaluate("document.querySelectorAll('details[data-fold]').forEach((d) => { d.open = true; })")
        page.evaluate(axe)
        for theme in ("light", "dark"):
            page.evaluate("theme => { document.documentElement.dataset.bsTheme = theme; }", theme)
            found = page.evaluate(READ)
            wrong += [f"{url} {theme} {each['id']}: {each['nodes'][0]['html'][:140]}" for each in found]
        wrong += [f"{url} is wider than {wide}" for wide in (width, 1024, 768) if _overflows(page, wide)]
        page.set_viewport_size({"width": width, "height": 800})
    assert wrong == []


READ = """axe.run(
  {exclude: [['.gc font']]}, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa'], resultTypes: ['violations']}
).then((found) => found.violations)"""
"""A text's own colour is the card's choice, for light and dark alike."""


def _overflows(page: Page, width: int) -> bool:
    page.set_viewport_size({"width": width, "height": 800})
    return bool(page.evaluate("document.documentElement.scrollWidth > innerWidth"))
