"""The compose window's buttons call the add-on, and what it answers becomes of the draft."""

from __future__ import annotations

from typing import Any

import pytest

from addon.sandbox.gmail import Gmail
from addon.sandbox.inbox.host_actions import DraftUpdate, host_action
from addon.sandbox.inbox.plain_text import plain
from addon.sandbox.inbox.troubles import UnknownAnswer
from tests.sandbox.inbox.conftest import ANNA, DIMAS, Browser, FakeAddon, mail

INSERT = "/sections/0/widgets/0/buttonList/buttons/0/onClick"
RECIPIENTS = {"draft.to": "Rina <rina@contoh.example>, bud", "draft.cc": "b@gudang.example", "draft.bcc": ""}


def texts(addon: FakeAddon) -> dict[str, Any]:
    """A card with one button."""
    button = {"text": "Insert", "onClick": {"action": {"function": f"{addon.url}/addon/actions/insert"}}}
    card = {"name": "texts", "sections": [{"widgets": [{"buttonList": {"buttons": [button]}}]}]}
    return {"action": {"navigations": [{"pushCard": card}]}}


def asks(kind: str, markup: Any) -> dict[str, Any]:
    return {"renderActions": {"hostAppAction": {"gmailAction": {kind: markup}}}}


def updates(**changes: Any) -> dict[str, Any]:
    return asks("updateDraftActionMarkup", changes)


def inserted(content: str, kind: str = "TEXT", how: str = "IN_PLACE_INSERT") -> dict[str, Any]:
    return {"type": how, "insertContents": [{"content": content, "contentType": kind}]}


@pytest.fixture
def anna(browser: Browser, addon: FakeAddon) -> Browser:
    browser.sit(ANNA)
    addon.put("/addon/compose", texts(addon))
    browser.get("/write")
    return browser


def begin(anna: Browser, number: int = 0, **more: str) -> dict[str, Any]:
    """A button of the compose window; the panel stands in the browser's page from then on."""
    answer = anna.post("/panel/compose", scripts=True, number=number, **RECIPIENTS | more).json
    assert answer is not None
    anna.page += answer["html"]
    return dict(answer)


def press(anna: Browser, **more: str) -> dict[str, Any]:
    version = anna.page.rsplit('name="version" value="', 1)[1].partition('"')[0]
    path = f"/panel/{anna.panel}/press"
    answer = anna.post(path, scripts=True, version=version, press=INSERT, **RECIPIENTS | more).json
    assert answer is not None
    anna.page += answer["html"]
    return dict(answer)


def test_the_deployments_buttons_stand_in_the_compose_window(anna: Browser) -> None:
    assert "Insert a text" in anna.page
    assert "Follow up" in anna.page


def test_a_press_sends_the_recipients_and_no_message(anna: Browser, addon: FakeAddon, gmail: Gmail) -> None:
    begin(anna)

    [event] = addon.events("/addon/compose")
    token = event["gmail"].pop("accessToken")
    assert event["gmail"] == {
        "toRecipients": ["rina@contoh.example"],
        "ccRecipients": ["b@gudang.example"],
        "bccRecipients": [],
    }
    assert gmail.grants.access(token) is not None
    assert "formInputs" not in event["commonEventObject"]


def test_a_click_carries_the_recipients_as_they_stand_then(anna: Browser, addon: FakeAddon) -> None:
    addon.put("/addon/actions/insert", updates(updateBody=inserted("Hi")))
    begin(anna)

    press(anna, **{"draft.to": "siti@pasar.example"})

    [event] = addon.events("/addon/actions/insert")
    assert event["gmail"]["toRecipients"] == ["siti@pasar.example"]
    assert event["commonEventObject"]["parameters"] == {}


def test_what_the_answer_makes_of_the_draft_goes_to_the_page(anna: Browser, addon: FakeAddon) -> None:
    html = '<p>Hi Rina,</p><p>here is <a href="https://a.example/offer">our offer</a>.</p>'
    answer = updates(
        updateBody=inserted(html, "MUTABLE_HTML", "REPLACE"),
        updateSubject={"subject": "Our\n offer"},
        updateToRecipients={"toRecipients": [{"email": "a@b.example"}, {"email": "c@d.example"}]},
        updateBccRecipients={"bccRecipients": []},
    )
    answer["renderActions"]["action"] = {"notification": {"text": "Inserted"}}
    addon.put("/addon/actions/insert", answer)
    begin(anna)

    drawn = press(anna)

    assert drawn["draft"] == {
        "fields": {"subject": "Our offer", "to": "a@b.example, c@d.example", "bcc": ""},
        "place": "REPLACE",
        "text": "Hi Rina,\n\nhere is our offer (https://a.example/offer).",
    }
    assert drawn["notice"] == "Inserted"
    assert press(anna)["draft"]


def test_the_panel_can_be_dismissed(anna: Browser, addon: FakeAddon) -> None:
    addon.put("/addon/actions/insert", asks("addonComposeUiActionMarkup", {"type": "DISMISS"}))
    begin(anna)

    assert press(anna)["dismissed"] is True


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"hostAppAction": {"gmailAction": {"paintItBlue": {}}}}, "Google knows no widget"),
        ({"hostAppAction": {"gmailAction": {"updateDraftActionMarkup": {"updateFont": {}}}}}, "Gmail knows no action"),
        ({"hostAppAction": {"calendarAction": {}}}, "gmailAction"),
    ],
)
def test_what_gmail_would_not_understand_is_a_trouble(
    anna: Browser, addon: FakeAddon, asked: dict[str, Any], said: str
) -> None:
    addon.put("/addon/actions/insert", {"renderActions": asked})
    begin(anna)

    drawn = press(anna)

    assert "This add-on had an error" in drawn["html"]
    assert said in drawn["html"] or "Gmail knows no action" in drawn["html"]
    assert drawn["draft"] is None


def test_there_is_no_third_button(anna: Browser) -> None:
    assert anna.post("/panel/compose", scripts=True, number=2).status_code == 404


def test_nobody_uses_anothers_compose_panel(anna: Browser, addon: FakeAddon) -> None:
    begin(anna)
    panel = anna.panel
    anna.sit(DIMAS)

    assert anna.post(f"/panel/{panel}/press", scripts=True, press=INSERT, version="1").status_code == 404


def test_a_draft_that_the_addon_made_is_opened(browser: Browser, addon: FakeAddon, gmail: Gmail) -> None:
    thread = gmail.deliver(mail("Rina <rina@contoh.example>", ANNA.email, "Offer", "Hello"), [ANNA.email])[0].thread_id
    markup = {"draftId": "r123", "draftThreadId": thread}
    move = "/sections/1/widgets/4/buttonList/buttons/0/onClick"
    addon.put("/addon/actions/move", asks("openCreatedDraftActionMarkup", markup))
    browser.sit(ANNA)
    browser.get(f"/t/{thread}")

    answer = browser.press(move, scripts=True).json

    assert answer is not None
    assert answer["goto"] == "/mail/write?draft=r123"


@pytest.mark.parametrize(
    ("markup", "code"),
    [
        ({"draftId": "r1", "draftThreadId": "thread-f:1784256312533705459"}, "thread_not_hex"),
        ({"draftId": "r1"}, "thread_not_hex"),
        ({"draftId": "18c2f0d4f53e0af3", "draftThreadId": "18c2f0d4f53e0af3"}, "malformed"),
    ],
)
def test_a_draft_is_named_by_its_id_and_its_threads_hexadecimal_one(markup: dict[str, str], code: str) -> None:
    with pytest.raises(UnknownAnswer) as trouble:
        host_action({"gmailAction": {"openCreatedDraftActionMarkup": markup}}, composing=False)

    assert trouble.value.code == code


def test_drafts_change_beside_a_compose_window_and_open_beside_a_mail() -> None:
    change = {"gmailAction": {"updateDraftActionMarkup": {"updateSubject": {"subject": "x"}}}}
    created = {"gmailAction": {"openCreatedDraftActionMarkup": {"draftId": "r1", "draftThreadId": "1a"}}}

    assert host_action(change, composing=True).update == DraftUpdate({"subject": "x"})
    assert host_action(created, composing=False).open_draft == "r1"
    for action, composing, code in ((change, False, "not_composing"), (created, True, "is_composing")):
        with pytest.raises(UnknownAnswer) as trouble:
            host_action(action, composing=composing)
        assert trouble.value.code == code


@pytest.mark.parametrize(
    "body",
    [
        {"insertContents": [{"content": "x", "contentType": "TEXT"}]},
        {"type": "SOMEWHERE", "insertContents": []},
        {"type": "REPLACE", "insertContents": [{"content": "x", "contentType": "MARKDOWN"}]},
        {"type": "REPLACE", "insertContents": [{"content": 5, "contentType": "TEXT"}]},
        {"type": "REPLACE", "insertContents": "x"},
    ],
)
def test_a_body_says_where_it_goes_and_what_it_is(body: dict[str, Any]) -> None:
    with pytest.raises(UnknownAnswer):
        host_action({"gmailAction": {"updateDraftActionMarkup": {"updateBody": body}}}, composing=True)


def test_several_contents_follow_each_other() -> None:
    contents = [{"content": "Dear Rina, ", "contentType": "TEXT"}, {"content": "hello.", "contentType": "TEXT"}]
    body = {"type": "INSERT_AT_END", "insertContents": contents}

    update = host_action({"gmailAction": {"updateDraftActionMarkup": {"updateBody": body}}}, composing=True).update

    assert update == DraftUpdate({}, "INSERT_AT_END", "Dear Rina, hello.")


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("Hi <b>Anna</b>", "Hi Anna"),
        ("<p>One</p>\n<p>Two<br>three</p>", "One\n\nTwo\nthree"),
        ("<ul><li>first</li><li>second</li></ul>", "- first\n- second"),
        ("<div>a</div><div>b</div>", "a\nb"),
        ('<a href="https://a.example/">a.example</a>', "a.example"),
        ('<a href="https://a.example/x">https://a.example/x</a>', "https://a.example/x"),
        ('<a href="mailto:a@b.example">write to us</a>', "write to us (a@b.example)"),
        ('<a href="javascript:alert(1)">press</a>', "press"),
        ("<style>p{}</style><script>x()</script>5 &lt; 6 &amp; more", "5 < 6 & more"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"),
    ],
)
def test_html_becomes_the_text_that_a_person_would_type(html: str, text: str) -> None:
    assert plain(html).strip() == text
