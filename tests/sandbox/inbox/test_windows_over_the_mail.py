"""Consent right by right, links that Gmail would not open, cards that only announce themselves, phones."""

from __future__ import annotations

import json
from typing import Any

import pytest

from addon.sandbox.gmail import Gmail
from addon.sandbox.inbox.caller import Caller
from addon.sandbox.inbox.manifest import Manifest, shipped
from tests.sandbox.inbox.conftest import ANNA, CARDS, Browser, FakeAddon, mail

MOVE = "/sections/1/widgets/4/buttonList/buttons/0/onClick"
DRAFTS = "https://www.googleapis.com/auth/gmail.addons.current.action.compose"
WHOLE_MAILS = "https://www.googleapis.com/auth/gmail.addons.current.message.readonly"
LOCALE = "https://www.googleapis.com/auth/script.locale"


def said(text: str) -> dict[str, Any]:
    return {"renderActions": {"action": {"notification": {"text": text}}}}


@pytest.fixture
def thread(gmail: Gmail) -> str:
    return gmail.deliver(mail("Rina <rina@contoh.example>", ANNA.email, "Offer", "Hello"), [ANNA.email])[0].thread_id


@pytest.fixture
def anna(browser: Browser, thread: str) -> Browser:
    browser.sit(ANNA)
    browser.get(f"/t/{thread}")
    return browser


def test_some_rights_are_given_and_the_same_call_repeated(anna: Browser, addon: FakeAddon, caller: Caller) -> None:
    caller.withdraw(ANNA.email, [DRAFTS, LOCALE])
    addon.put("/addon/actions/move", {"requesting_google_scopes": {"scopes": [DRAFTS, LOCALE]}}, said("Moved"))
    anna.press(MOVE)
    panel = anna.panel

    window = anna.get(f"/panel/{panel}/consent").text
    assert window.count('name="scope"') == 2
    assert "See your language and time zone" in window
    anna.post(f"/panel/{panel}/consent", answer="allow", granular="yes", scope=[LOCALE])

    first, second = addon.events("/addon/actions/move")
    assert first["commonEventObject"]["parameters"] == second["commonEventObject"]["parameters"]
    granted = second["authorizationEventObject"]["authorizedScopes"]
    assert (LOCALE in granted, DRAFTS in granted) == (True, False)


def test_the_window_closes_itself_and_the_sidebar_is_drawn_without_another_call(
    anna: Browser, addon: FakeAddon
) -> None:
    addon.put("/addon/actions/move", {"requesting_google_scopes": {"scopes": [DRAFTS]}}, said("Moved"))
    anna.press(MOVE)
    panel = anna.panel

    closed = anna.post(f"/panel/{panel}/consent", answer="allow", granular="yes", scope=[DRAFTS], window="yes")
    calls = len(addon.calls)
    drawn = anna.get(f"/panel/{panel}", **{"X-Requested-With": "fetch"}).json

    assert "data-closes" in closed.text
    assert drawn is not None
    assert (drawn["notice"], len(addon.calls)) == ("Moved", calls)


def test_signing_in_elsewhere_is_a_window_whose_end_reloads_the_card(
    browser: Browser, addon: FakeAddon, thread: str
) -> None:
    prompt = {"authorization_url": "https://crm.example/oauth?state=1", "resource": "Acme CRM"}
    addon.put("/addon/message", {"basic_authorization_prompt": prompt})
    browser.sit(ANNA)

    browser.get(f"/t/{thread}")

    assert "Sign in to Acme CRM to go on." in browser.page
    link = browser.page.partition('href="https://crm.example/oauth?state=1"')[2].partition(">")[0]
    assert ("data-overlay" in link, "data-reload" in link) == (True, True)


def test_the_addons_own_sign_in_card_is_shown_with_its_window(browser: Browser, addon: FakeAddon, thread: str) -> None:
    link = {"url": f"{addon.url}/oauth", "openAs": "OVERLAY", "onClose": "RELOAD"}
    button = {"text": "Sign in to Acme", "onClick": {"openLink": link}}
    card = {"sections": [{"widgets": [{"buttonList": {"buttons": [button]}}]}]}
    addon.put("/addon/message", {"custom_authorization_prompt": {"action": {"navigations": [{"pushCard": card}]}}})
    browser.sit(ANNA)

    browser.get(f"/t/{thread}")

    drawn = browser.page.partition(f'href="{addon.url}/oauth"')[2].partition(">")[0]
    assert ("data-overlay" in drawn, "data-reload" in drawn) == (True, True)
    assert "Sign in to Acme" in browser.page


def test_all_scopes_means_those_of_the_deployment_that_are_not_granted(
    anna: Browser, addon: FakeAddon, caller: Caller
) -> None:
    caller.withdraw(ANNA.email, [LOCALE])
    addon.put("/addon/actions/move", {"requesting_google_scopes": {"all_scopes": True}}, said("Moved"))

    anna.press(MOVE)

    assert caller.wanted(ANNA.email, ["*"]) == [LOCALE]
    assert "See your language and time zone" in anna.page
    assert "See your mail address" not in anna.page


def test_a_scope_that_the_deployment_does_not_name_is_marked(anna: Browser, addon: FakeAddon) -> None:
    addon.put("/addon/actions/move", {"requesting_google_scopes": {"scopes": [WHOLE_MAILS]}})
    anna.press(MOVE)

    assert "Google would refuse to ask for it." in anna.get(f"/panel/{anna.panel}/consent").text


def test_without_the_locale_scope_the_event_tells_neither_language_nor_zone(
    anna: Browser, addon: FakeAddon, caller: Caller, thread: str
) -> None:
    caller.withdraw(ANNA.email, [LOCALE])

    anna.get(f"/t/{thread}")

    assert addon.events("/addon/message")[-1]["commonEventObject"] == {"hostApp": "GMAIL", "platform": "WEB"}


def test_a_link_outside_the_deployments_prefixes_is_not_opened_and_it_is_said(anna: Browser, addon: FakeAddon) -> None:
    elsewhere = {"renderActions": {"action": {"link": {"url": "https://elsewhere.example/x"}}}}
    addon.put("/addon/actions/move", elsewhere)

    anna.press(MOVE)

    assert "Gmail would not open this link:" in anna.page
    assert "https://elsewhere.example/x" in anna.page
    assert 'href="https://elsewhere.example' not in anna.page


def test_a_cards_own_link_outside_the_prefixes_is_a_button_that_says_so(
    anna: Browser, addon: FakeAddon, thread: str
) -> None:
    addon.put_card("/addon/message", "everything")
    anna.get(f"/t/{thread}")
    assert 'href="https://example.com/help"' not in anna.page
    calls = len(addon.calls)

    anna.press("/sections/1/widgets/0/buttonList/buttons/3/onClick/overflowMenu/items/1/onClick")

    assert "Gmail would not open this link:" in anna.page
    assert len(addon.calls) == calls


def test_an_overlay_and_its_reload_are_marked_for_the_page(anna: Browser, addon: FakeAddon) -> None:
    link = {"url": f"{addon.url}/sign-in", "openAs": "OVERLAY", "onClose": "RELOAD"}
    addon.put("/addon/actions/move", {"renderActions": {"action": {"link": link}}})

    answer = anna.press(MOVE, scripts=True).json

    assert answer is not None
    assert (answer["link"], answer["overlay"], answer["reload"]) == (link["url"], True, True)


def test_the_menu_of_the_deployment_calls_the_addon_or_opens_a_page(anna: Browser, addon: FakeAddon) -> None:
    settings = {"name": "settings", "sections": [{"widgets": [{"textParagraph": {"text": "Your settings"}}]}]}
    addon.put("/addon/settings", {"action": {"navigations": [{"pushCard": settings}]}})
    assert f'href="{addon.url}/"' in anna.page

    anna.post(f"/panel/{anna.panel}/menu", number=1)

    assert "Your settings" in anna.page
    [event] = addon.events("/addon/settings")
    assert event["gmail"]["messageId"].startswith("msg-f:")
    anna.post(f"/panel/{anna.panel}/back")
    assert "Move to Negotiation" in anna.page


def test_a_card_that_peeks_announces_itself_over_the_homepage(anna: Browser, addon: FakeAddon, thread: str) -> None:
    whole = json.loads((CARDS / "message.json").read_text().replace("@/", f"{addon.url}/"))
    whole["action"]["navigations"][0]["pushCard"] |= {
        "displayStyle": "PEEK",
        "peekCardHeader": {"title": "Deal: Bursztyn"},
    }
    addon.put("/addon/message", whole)

    anna.get(f"/t/{thread}")

    assert "Good afternoon, Anna." in anna.page
    assert "Deal: Bursztyn" in anna.page
    assert "Move to Negotiation" not in anna.page
    assert "gmail" not in addon.events("/addon/home")[-1]
    anna.post(f"/panel/{anna.panel}/unfold")
    assert "Move to Negotiation" in anna.page
    anna.post(f"/panel/{anna.panel}/back")
    assert "Good afternoon, Anna." in anna.page


def test_in_the_phones_frame_the_addon_is_told_which_phone_it_is(anna: Browser, addon: FakeAddon, thread: str) -> None:
    anna.post("/phone", platform="IOS", at=f"/mail/t/{thread}")
    assert f'<iframe src="/mail/t/{thread}"' in anna.page

    anna.get(f"/t/{thread}")
    assert addon.events("/addon/message")[-1]["commonEventObject"]["platform"] == "IOS"

    anna.post("/phone", platform="", at=f"/mail/t/{thread}")
    assert addon.events("/addon/message")[-1]["commonEventObject"]["platform"] == "WEB"


def test_a_real_phone_says_so_by_itself(anna: Browser, addon: FakeAddon, thread: str) -> None:
    anna.get(f"/t/{thread}", **{"User-Agent": "Mozilla/5.0 (Linux; Android 14; Pixel 8)"})

    assert addon.events("/addon/message")[-1]["commonEventObject"]["platform"] == "ANDROID"


@pytest.mark.parametrize("at", ["https://evil.example/", "//evil.example", "/mail/../../x y", "javascript:alert(1)"])
def test_the_phones_frame_shows_nothing_but_this_inbox(anna: Browser, at: str) -> None:
    anna.post("/phone", platform="ANDROID", at=at)

    assert '<iframe src="/mail/"' in anna.page


def test_everybody_of_the_team_is_one_press_away_with_their_role(anna: Browser) -> None:
    assert 'aria-label="Be Dimas Prasetyo' in anna.page

    anna.post("/who", email="dimas@halyard.example")

    assert 'aria-label="You are Dimas Prasetyo"' in anna.page


def test_only_pages_of_the_web_are_opened_whatever_the_deployment_says() -> None:
    deployment = shipped("http://localhost:8000")
    deployment["addOns"]["common"]["openLinkUrlPrefixes"] = []
    known = Manifest.of(deployment)

    assert known.may_open("https://anywhere.example/")
    assert not known.may_open("javascript:alert(1)")


def test_the_products_own_deployment_is_read_for_any_address() -> None:
    known = Manifest.of(shipped("http://localhost:8000"))

    assert known.name == "Dealthread"
    assert known.may_open("http://localhost:8000/deals/1")
    assert not known.may_open("http://localhost:8001/")
