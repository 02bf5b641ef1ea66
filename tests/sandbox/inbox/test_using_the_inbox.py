"""Somebody uses the inbox page, without scripts: everything must work so, too."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest

from addon.sandbox.gmail import Gmail
from addon.sandbox.inbox.caller import Caller
from tests.sandbox.inbox.conftest import ANNA, DIMAS, Browser, FakeAddon, mail

MOVE = "/sections/1/widgets/4/buttonList/buttons/0/onClick"
UNDO = "/sections/0/widgets/0/decoratedText/button/onClick"


def card(name: str, *widgets: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "sections": [{"widgets": [*widgets]}]}


def said(text: str) -> dict[str, Any]:
    return {"renderActions": {"action": {"notification": {"text": text}}}}


def words(text: str) -> dict[str, Any]:
    return {"textParagraph": {"text": text}}


@pytest.fixture
def thread(gmail: Gmail) -> str:
    raw = mail(
        "Rina <rina@contoh.example>",
        "anna@halyard.example",
        "Offer",
        "Could you send\nus a proposal for 40 seats by Thursday?",
    )
    return gmail.deliver(raw, [ANNA.email])[0].thread_id


@pytest.fixture
def anna(browser: Browser, thread: str) -> Browser:
    browser.sit(ANNA)
    return browser


def test_whoever_has_not_chosen_is_asked_who_they_are(browser: Browser) -> None:
    assert browser.get("/").request.path == "/mail/who"
    assert "Anna Kowalczyk" in browser.page


def test_nobody_becomes_a_stranger(browser: Browser) -> None:
    browser.get("/who")

    assert browser.post("/who", email="eve@evil.example").status_code == 404
    assert browser.get("/").request.path == "/mail/who"


def test_the_homepage_card_stands_beside_the_list(anna: Browser, addon: FakeAddon) -> None:
    anna.get("/")

    assert "Good afternoon, Anna." in anna.page
    assert "Offer" in anna.page
    assert "gmail" not in addon.events("/addon/home")[-1]


def test_an_open_mail_shows_its_card_and_marks_the_quoted_sentence(anna: Browser, thread: str) -> None:
    anna.get(f"/t/{thread}")

    assert "Move to Negotiation" in anna.page
    assert '<mark class="dt-mark">Could you send<br>\nus a proposal for 40 seats by Thursday?</mark>' in anna.page


def test_a_press_posts_the_actions_parameters_and_draws_the_answer(
    anna: Browser, addon: FakeAddon, thread: str
) -> None:
    update = {
        "navigations": [{"updateCard": card("deal", words("Now in Negotiation"))}],
        "notification": {"text": "Moved"},
    }
    addon.put("/addon/actions/move", {"renderActions": {"action": update}})
    anna.get(f"/t/{thread}")

    anna.press(MOVE)

    [event] = addon.events("/addon/actions/move")
    assert event["commonEventObject"]["parameters"] == {"deal": "1", "seen": "3"}
    assert event["gmail"]["messageId"].startswith("msg-f:")
    assert "Now in Negotiation" in anna.page
    assert '<p class="gc-toast" role="status">Moved</p>' in anna.page


def test_a_press_with_scripts_answers_the_sidebar_alone(anna: Browser, addon: FakeAddon, thread: str) -> None:
    link = {"link": {"url": f"{addon.url}/deals/1", "onClose": "RELOAD"}, "notification": {"text": "Moved"}}
    addon.put("/addon/actions/move", {"renderActions": {"action": link}})
    anna.get(f"/t/{thread}")

    answer = anna.press(MOVE, scripts=True).json

    assert answer is not None
    assert (answer["notice"], answer["link"], answer["reload"]) == ("Moved", f"{addon.url}/deals/1", True)
    assert answer["html"].lstrip().startswith('<div class="gc-host">')


def test_a_press_on_an_outdated_card_does_nothing(anna: Browser, addon: FakeAddon, thread: str) -> None:
    addon.put("/addon/actions/move", said("Moved"))
    anna.get(f"/t/{thread}")
    before = anna.page
    anna.press(MOVE)
    anna.page = before

    anna.press(MOVE)

    assert len(addon.events("/addon/actions/move")) == 1
    assert "The card had changed meanwhile." in anna.page


def test_a_press_on_what_is_not_in_the_card_calls_nobody(anna: Browser, addon: FakeAddon, thread: str) -> None:
    anna.get(f"/t/{thread}")
    calls = len(addon.calls)

    for place in ("", "/sections/99", "/name", "javascript:"):
        anna.press(place)

    assert len(addon.calls) == calls


def test_an_error_of_the_addon_is_shown_and_can_be_tried_again(anna: Browser, addon: FakeAddon, thread: str) -> None:
    addon.put("/addon/actions/undo", 500)
    anna.get(f"/t/{thread}")

    anna.press(UNDO)

    assert "This add-on had an error" in anna.page
    assert "answered 500" in anna.page
    anna.post(f"/panel/{anna.panel}/refresh")
    assert "Move to Negotiation" in anna.page


def test_a_consent_is_asked_for_and_the_same_call_repeated(
    anna: Browser, addon: FakeAddon, caller: Caller, thread: str
) -> None:
    scope = "https://www.googleapis.com/auth/gmail.addons.current.action.compose"
    addon.put("/addon/actions/move", {"requesting_google_scopes": {"scopes": [scope]}}, said("Moved"))
    anna.get(f"/t/{thread}")

    anna.press(MOVE)
    assert "Write drafts while you use it" in anna.page
    anna.post(f"/panel/{anna.panel}/consent", answer="allow")

    first, second = (event["commonEventObject"] for event in addon.events("/addon/actions/move"))
    assert first == second
    assert scope in addon.events("/addon/actions/move")[1]["authorizationEventObject"]["authorizedScopes"]
    assert "Moved" in anna.page


def test_a_refused_consent_repeats_nothing(anna: Browser, addon: FakeAddon, thread: str) -> None:
    addon.put("/addon/message", {"requesting_google_scopes": {"all_scopes": True}})
    anna.get(f"/t/{thread}")

    anna.post(f"/panel/{anna.panel}/consent", answer="deny")

    assert len(addon.events("/addon/message")) == 1
    assert "not given the rights" in anna.page


def test_a_pushed_card_has_a_way_back_and_a_changed_state_reloads_the_root(
    anna: Browser, addon: FakeAddon, thread: str
) -> None:
    push = {"renderActions": {"action": {"navigations": [{"pushCard": card("note", words("Write a note"))}]}}}
    addon.put("/addon/actions/move", push | {"stateChanged": True})
    anna.get(f"/t/{thread}")
    anna.press(MOVE)
    assert "Write a note" in anna.page

    anna.post(f"/panel/{anna.panel}/back")

    assert "Move to Negotiation" in anna.page
    assert len(addon.events("/addon/message")) == 2


def test_every_widget_is_drawn_and_an_unknown_one_is_named(anna: Browser, addon: FakeAddon, thread: str) -> None:
    addon.put_card("/addon/message", "everything")

    anna.get(f"/t/{thread}")

    for mark in ("Google knows no widget “carousel”", 'type="datetime-local"', 'role="', "<fieldset", "Archive it"):
        assert mark in anna.page, mark
    assert "alert(1)" not in anna.page
    assert "style=" not in anna.page


def test_a_form_is_filled_in_and_sent_whole(anna: Browser, addon: FakeAddon, thread: str) -> None:
    addon.put_card("/addon/message", "everything")
    addon.put("/addon/actions/save", said("Saved"))
    anna.get(f"/t/{thread}")

    anna.press("/fixedFooter/primaryButton/onClick", note="", tags=["1", "2"])
    assert "Fill in: Note" in anna.page
    assert not addon.events("/addon/actions/save")
    anna.press("/fixedFooter/primaryButton/onClick", note="Call", tags=["1", "2"], how="phone", due="2026-11-26")

    inputs = addon.events("/addon/actions/save")[0]["commonEventObject"]["formInputs"]
    assert inputs["note"] == {"stringInputs": {"value": ["Call"]}}
    assert inputs["tags"] == {"stringInputs": {"value": ["1", "2"]}}
    assert inputs["how"] == {"stringInputs": {"value": ["phone"]}}
    assert inputs["due"] == {"dateInput": {"msSinceEpoch": 1795651200000}}
    assert "tell" not in inputs


def test_a_pressed_item_of_a_grid_is_named(anna: Browser, addon: FakeAddon, thread: str) -> None:
    addon.put_card("/addon/message", "everything")
    addon.put("/addon/actions/person", said("Her"))
    anna.get(f"/t/{thread}")

    anna.press("/sections/3/widgets/0/grid/onClick#1")

    [event] = addon.events("/addon/actions/person")
    assert event["commonEventObject"]["parameters"] == {"grid_item_identifier": "bs"}


def test_a_card_inside_a_button_is_pushed_without_a_call(anna: Browser, addon: FakeAddon, thread: str) -> None:
    addon.put_card("/addon/message", "everything")
    anna.get(f"/t/{thread}")
    calls = len(addon.calls)

    anna.press("/sections/1/widgets/0/buttonList/buttons/1/onClick")

    assert "A card without a call" in anna.page
    assert len(addon.calls) == calls


def test_a_text_is_completed_by_the_addon(anna: Browser, addon: FakeAddon, thread: str) -> None:
    addon.put_card("/addon/message", "everything")
    addon.put("/addon/actions/companies", {"autoComplete": {"items": [{"text": "Bursztyn (#1)"}]}})
    anna.get(f"/t/{thread}")
    place = "/sections/2/widgets/1/textInput/autoCompleteAction"

    answer = anna.post(f"/panel/{anna.panel}/suggest", scripts=True, press=place, **{"in.company": "Bur"})

    assert answer.json == {"items": ["Bursztyn (#1)"]}
    [event] = addon.events("/addon/actions/companies")
    assert event["commonEventObject"]["formInputs"]["company"] == {"stringInputs": {"value": ["Bur"]}}


def test_nobody_touches_anothers_sidebar(anna: Browser, addon: FakeAddon, thread: str) -> None:
    anna.get(f"/t/{thread}")
    panel, version = anna.panel, anna.version
    anna.sit(DIMAS)

    answer = anna.post(f"/panel/{panel}/press", press=MOVE, version=version)

    assert answer.status_code == 404
    assert not addon.events("/addon/actions/move")


def test_nobody_reads_anothers_mail(anna: Browser, thread: str) -> None:
    anna.sit(DIMAS)

    assert anna.get(f"/t/{thread}").request.path == "/mail/"
    assert "This mail is no longer here." in anna.page


def test_an_answer_joins_the_thread_and_goes_out_in_her_name(anna: Browser, gmail: Gmail, thread: str) -> None:
    anna.get(f"/write?thread={thread}")
    assert 'value="Rina &lt;rina@contoh.example&gt;"' in anna.page
    assert 'value="Re: Offer"' in anna.page

    anna.post("/write", thread=thread, to="Rina <rina@contoh.example>", subject="Re: Offer", body="Here it is.")

    [sent] = gmail.outside.mails("rina@contoh.example")
    assert sent.header("In-Reply-To").startswith("<RinarinacontohexampleOffer")
    assert sent.header("References") == sent.header("In-Reply-To")
    assert anna.get(f"/t/{thread}").status_code == 200
    assert "Here it is." in anna.page


def test_a_mail_to_nobody_is_refused_and_what_was_written_stays(anna: Browser, gmail: Gmail) -> None:
    anna.get("/write")

    anna.post("/write", to="nobody", subject="Hello", body="My words")

    assert "Nothing was sent." in anna.page
    assert "My words" in anna.page
    assert not gmail.outside.mails()


def test_the_page_learns_of_new_mail_by_asking(anna: Browser, gmail: Gmail) -> None:
    before = anna.get("/news").json
    gmail.deliver(mail("Budi <budi@gudang.example>", ANNA.email, "New", "Halo"), [ANNA.email])

    after = anna.get("/news").json

    assert before is not None
    assert after is not None
    assert before["stamp"] != after["stamp"]
    assert after["clock"]


def test_asking_what_is_new_does_not_call_the_addon_for_what_is_open_already(
    anna: Browser, addon: FakeAddon, thread: str
) -> None:
    anna.get(f"/t/{thread}")
    opened = re.search(r'data-mail="(\w+)"', anna.page)
    assert opened is not None
    calls = len(addon.calls)

    anna.get(f"/t/{thread}", **{"X-Opened": opened[1]})
    anna.get("/", **{"X-Opened": ""})
    assert len(addon.calls) == calls

    anna.get(f"/t/{thread}", **{"X-Opened": "another"})
    assert len(addon.calls) == calls + 1


def test_an_opened_mail_is_marked_as_read_by_a_post_only(anna: Browser, gmail: Gmail, thread: str) -> None:
    anna.get(f"/t/{thread}")
    anna.get("/")
    assert "mx-row new" in anna.page

    anna.post(f"/t/{thread}/read")

    anna.get("/")
    assert "mx-row new" not in anna.page


def test_mail_is_found_by_its_words(anna: Browser, gmail: Gmail) -> None:
    gmail.deliver(mail("Budi <budi@gudang.example>", ANNA.email, "Gudang", "Halo"), [ANNA.email])

    anna.get("/?q=subject:gudang")

    assert "Gudang" in anna.page
    assert "Offer" not in anna.page


def test_the_folders_hold_what_they_say(anna: Browser, gmail: Gmail) -> None:
    anna.get("/write")
    anna.post("/write", to="rina@contoh.example", subject="First words", body="Hello")

    anna.get("/?folder=sent")
    assert "First words" in anna.page
    assert "To: rina@contoh.example" in anna.page
    anna.get("/?folder=drafts")
    assert "No drafts." in anna.page
    assert anna.get("/?folder=nowhere").status_code == 404


def test_sent_mail_is_our_own_mail_of_a_thread_whatever_came_after(anna: Browser, gmail: Gmail, thread: str) -> None:
    anna.get(f"/write?thread={thread}")
    anna.post("/write", thread=thread, to="rina@contoh.example", subject="Re: Offer", body="Here it is.")
    [sent] = gmail.outside.mails("rina@contoh.example")
    answers = f"In-Reply-To: {sent.header('Message-ID')}"
    again = mail("Rina <rina@contoh.example>", ANNA.email, "Re: Offer", "One question more.", answers)
    assert gmail.deliver(again, [ANNA.email])[0].thread_id == thread

    anna.get("/?folder=sent")

    assert "To: rina@contoh.example" in anna.page
    assert "Here it is." in anna.page
    assert "One question more." not in anna.page
    assert "Unread:" not in anna.page


def test_a_long_folder_goes_on_and_comes_back(anna: Browser, gmail: Gmail) -> None:
    for number in range(55):
        gmail.deliver(mail("Budi <budi@gudang.example>", ANNA.email, f"Crate {number:02}", "Halo"), [ANNA.email])

    anna.get("/")
    first = set(re.findall(r"Crate \d\d", anna.page))
    [older] = re.findall(r'href="/mail(/[^"]+)">Older mail', anna.page)
    anna.get(html.unescape(older))
    rest = set(re.findall(r"Crate \d\d", anna.page))
    [newest] = re.findall(r'href="/mail(/[^"]+)">Back to the newest', anna.page)

    assert (len(first), len(first | rest), first & rest) == (50, 55, set())
    anna.get(html.unescape(newest))
    assert set(re.findall(r"Crate \d\d", anna.page)) == first


def test_the_list_for_a_first_campaign_can_be_taken_along(anna: Browser) -> None:
    answer = anna.get("/people.csv")

    assert answer.mimetype == "text/csv"
    assert "rina@contoh.example" in answer.text


def test_a_page_that_is_too_old_says_so(anna: Browser) -> None:
    anna.page = ""

    answer = anna.post("/write", to="rina@contoh.example", subject="x", body="y")

    assert answer.status_code == 400
    assert "Nothing was changed." in answer.text


def test_the_page_forbids_scripts_and_styles_in_its_text(anna: Browser) -> None:
    answer = anna.get("/")

    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    assert "unsafe-inline" not in answer.headers["Content-Security-Policy"]
    assert "<style" not in answer.text
    assert "onclick=" not in answer.text
