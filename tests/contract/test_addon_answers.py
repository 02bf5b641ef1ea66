"""Every address that Google may call is called, and Google understands every answer."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from types import ModuleType

import pytest

from addon.domain.access import Database
from addon.domain.deals import operations as deals
from addon.domain.mailboxes import operations as mailboxes
from addon.sandbox.gmail import Gmail, Server
from addon.sidebar import ENDPOINTS
from addon.sidebar.deployment import declared_scopes, deployment
from tests.contract.card_schema import CARD, problems, schema
from tests.domain.team_at_work import ANNA, BEN, JANE
from tests.sidebar.beside_gmail import (
    DRAFTS,
    EXECUTE,
    GRANTED,
    HEADERS,
    NOON,
    PUBLIC_URL,
    Answer,
    BesideGmail,
    beside_gmail,
    campaign,
    copied_deal,
    simulated_gmail,
    unfolded,
)


@pytest.fixture(scope="module")
def google() -> Iterator[tuple[Gmail, Server]]:
    with simulated_gmail() as made:
        yield made


@pytest.fixture
def desk(sqlite: Database, google: tuple[Gmail, Server], clock: ModuleType) -> Iterator[BesideGmail]:
    with beside_gmail(sqlite, *google, clock) as made:
        yield made


# ---- one walk for each address: it ends in a call of it ------------------------------------------------------------


def home(desk: BesideGmail) -> list[Answer]:
    empty = desk.home()
    desk.team.deal("First"), desk.team.deal("Second")
    with desk.team.acting() as session:
        deals.edit(session, 1, {"next_step": "Call", "next_step_on": NOON.date()}, at=NOON)
        mailboxes.lose_grant(session, desk.team.mailboxes[ANNA], "invalid_grant", at=NOON)
    desk.receive(desk.deliver())
    return [empty, desk.home(), desk.home(by=desk.hire_cara())]


def refresh_home(desk: BesideGmail) -> list[Answer]:
    return [desk.press(desk.home(), "Refresh")]


def message(desk: BesideGmail) -> list[Answer]:
    stranger = desk.open(desk.deliver())
    among_us = desk.open(desk.deliver(f"Anna <{ANNA}>", to=BEN))
    desk.team.standard_rule()
    desk.team.deal()
    delivered = desk.deliver()
    fitting = desk.open(delivered)
    desk.press(fitting, "Link this thread", delivered)
    desk.receive(delivered, answers="<first@halyard.example>")
    return [
        stranger,
        among_us,
        fitting,
        desk.open(delivered),
        desk.post("/addon/message", desk.event("/addon/message")),
    ]


def refresh(desk: BesideGmail) -> list[Answer]:
    delivered = desk.deliver()
    card = desk.open(delivered)
    desk.gmail.faults.add(method="messages.get", kind="500")
    silent = desk.press(card, "Refresh", delivered)
    return [silent, desk.press(silent, "Try again", delivered), desk.press(card, "Refresh")]


def new_deal(desk: BesideGmail) -> list[Answer]:
    desk.team.deal()
    delivered = desk.deliver()
    return [desk.press(desk.open(delivered), "New deal for this thread", delivered)]


def create_deal(desk: BesideGmail) -> list[Answer]:
    delivered = desk.deliver()
    card = desk.open(delivered)
    odd = desk.press(card, "Add and create deal", delivered, title="Ramp", amount="much")
    return [odd, desk.press(card, "Add and create deal", delivered, title="Ramp", amount="86 400,00")]


def add_person(desk: BesideGmail) -> list[Answer]:
    delivered = desk.deliver()
    return [desk.press(desk.open(delivered), "Add without a deal", delivered, name="Jane")]


def next_step(desk: BesideGmail) -> list[Answer]:
    _, card, delivered = _linked(desk)
    return [desk.press(card, "Save", delivered, step="Call", step_on={"dateInput": {"msSinceEpoch": 1.7725824e12}})]


def link_thread(desk: BesideGmail) -> list[Answer]:
    return [_linked(desk)[1]]


def answer_question(desk: BesideGmail) -> list[Answer]:
    first, _, delivered = desk.team.deal("First"), desk.team.deal("Second"), desk.deliver()
    card = desk.open(delivered)
    return [
        desk.press(card, "Link to this deal", delivered),
        desk.press(card, "Link to this deal", delivered, deal=first),
    ]


def dismiss_question(desk: BesideGmail) -> list[Answer]:
    _, _, delivered = desk.team.deal("First"), desk.team.deal("Second"), desk.deliver()
    return [desk.press(desk.open(delivered), "None of them", delivered)]


def open_question(desk: BesideGmail) -> list[Answer]:
    desk.team.deal("First"), desk.team.deal("Second")
    desk.receive(desk.deliver())
    return [desk.press(desk.home(), "Answer")]


def unlink(desk: BesideGmail) -> list[Answer]:
    _, card, delivered = _linked(desk)
    return [desk.press(card, "Unlink", delivered), desk.press(card, "Unlink", delivered)]


def move(desk: BesideGmail) -> list[Answer]:
    deal_id, card, delivered = _linked(desk)
    moved = desk.press(card, "Move to Talking", delivered)
    desk.team.move(deal_id, "Offer", by=BEN)
    return [moved, desk.press(moved, "Move to Offer", delivered)]


def move_to(desk: BesideGmail) -> list[Answer]:
    _, card, delivered = _linked(desk)
    name = str(card.input("stage_")["name"])
    return [
        desk.press(card, "Move", delivered, **{name: desk.team.stages["Lost"]}),
        desk.press(card, "Move", delivered),
    ]


def undo(desk: BesideGmail) -> list[Answer]:
    _, card, delivered = _linked(desk)
    moved = desk.press(card, "Move to Talking", delivered)
    return [desk.press(moved, "Undo", delivered), desk.press(moved, "Undo", delivered)]


def compose(desk: BesideGmail) -> list[Answer]:
    empty, among_us, stranger = desk.write(), desk.write(BEN), desk.write("new@x.example", "other@x.example")
    desk.team.deal()
    one = desk.write(JANE)
    for title in ("Second", "Third", "Fourth", "Fifth"):
        copied_deal(desk, title)
    for number in range(6):
        campaign(desk, f"Spring {number}")
    full = desk.write(JANE)
    assert unfolded(full.card) == 12
    return [empty, among_us, stranger, one, full]


def look_again(desk: BesideGmail) -> list[Answer]:
    return [desk.press(desk.write(), "Look again")]


def insert_greeting(desk: BesideGmail) -> list[Answer]:
    desk.team.deal()
    return [desk.press(desk.write(JANE), "Insert greeting")]


def copy_in(desk: BesideGmail) -> list[Answer]:
    copied_deal(desk, "Ramp")
    card = desk.write(JANE)
    copied = desk.press(card, "Copy in the others on this deal")
    desk.write(JANE, cc=("marek@acme.example",))
    return [copied, desk.press(card, "Copy in the others on this deal")]


def use_text(desk: BesideGmail) -> list[Answer]:
    desk.team.deal()
    campaign(desk, "Autumn", "In {{ city }}")
    refused = desk.press(desk.write(JANE), "Insert")
    campaign(desk, "Spring", "Shall we?")
    return [refused, desk.press(desk.write(JANE), "Insert")]


WALKS: dict[str, Callable[[BesideGmail], list[Answer]]] = {
    walk.__name__: walk
    for walk in (
        home,
        refresh_home,
        message,
        refresh,
        new_deal,
        create_deal,
        add_person,
        next_step,
        link_thread,
        answer_question,
        dismiss_question,
        open_question,
        unlink,
        move,
        move_to,
        undo,
        compose,
        look_again,
        insert_greeting,
        copy_in,
        use_text,
    )
}


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda endpoint: endpoint.name)
def test_google_understands_every_answer(desk: BesideGmail, endpoint):
    assert endpoint.name in WALKS, f"nobody calls {endpoint.path} in this test: add a walk"

    answers = WALKS[endpoint.name](desk)

    assert desk.called[-1] == endpoint.path
    for answer in answers:
        assert answer.status == 200
        is_trigger = "renderActions" not in answer.json
        assert problems(answer.json, trigger=is_trigger) == []
        if answer.has_card:
            assert unfolded(answer.card) <= 12
            assert len(answer.primary) <= 1
    assert ("renderActions" in answers[-1].json) is not endpoint.is_trigger


def test_every_walk_leads_to_an_address_that_exists():
    assert set(WALKS) == {endpoint.name for endpoint in ENDPOINTS}


def test_every_press_on_every_card_leads_to_an_address_that_exists(desk: BesideGmail):
    known = {PUBLIC_URL + endpoint.path for endpoint in ENDPOINTS}
    prefixes = tuple(deployment(PUBLIC_URL)["addOns"]["common"]["openLinkUrlPrefixes"])

    presses = [each["onClick"] for answer in message(desk) + home(desk) for each in answer.buttons]

    assert {press["action"]["function"] for press in presses if "action" in press} <= known
    assert all(press["openLink"]["url"].startswith(prefixes) for press in presses if "openLink" in press)


def test_the_triggers_are_those_that_the_deployment_names():
    named = deployment(PUBLIC_URL)["addOns"]
    triggers = {PUBLIC_URL + endpoint.path for endpoint in ENDPOINTS if endpoint.is_trigger}

    assert named["common"]["homepageTrigger"]["runFunction"] in triggers
    assert named["gmail"]["contextualTriggers"][0]["onTriggerFunction"] in triggers
    assert named["gmail"]["composeTrigger"]["actions"][0]["runFunction"] in triggers
    assert len(triggers) == 3


@pytest.mark.parametrize(
    ("path", "granted", "asked"),
    [
        ("/addon/home", (EXECUTE,), "userinfo.email"),
        ("/addon/message", (EXECUTE,), "userinfo.email"),
        (
            "/addon/message",
            tuple(scope for scope in GRANTED if scope != HEADERS),
            "gmail.addons.current.message.metadata",
        ),
        ("/addon/actions/move", (EXECUTE,), "userinfo.email"),
        ("/addon/compose", (EXECUTE,), "userinfo.email"),
        ("/addon/compose", tuple(scope for scope in GRANTED if scope != DRAFTS), "gmail.addons.current.action.compose"),
        (
            "/addon/actions/copy_in",
            tuple(scope for scope in GRANTED if scope != DRAFTS),
            "gmail.addons.current.action.compose",
        ),
        (
            "/addon/compose",
            tuple(scope for scope in GRANTED if scope != HEADERS),
            "gmail.addons.current.message.metadata",
        ),
    ],
)
def test_a_permission_that_is_missing_is_asked_for(desk: BesideGmail, path: str, granted: tuple[str, ...], asked: str):
    desk.granted = granted

    answer = desk.post(path, desk.event(path, desk.deliver()))

    assert problems(answer.json, trigger=True) == []
    assert answer.asked_scopes == [f"https://www.googleapis.com/auth/{asked}"]
    assert set(answer.asked_scopes) <= set(declared_scopes())


def test_after_the_consent_the_repeated_call_is_answered(desk: BesideGmail):
    delivered = desk.deliver()
    desk.granted = (EXECUTE,)
    refused = desk.open(delivered)
    desk.granted = GRANTED

    assert refused.asked_scopes
    assert desk.open(delivered).primary == ["Add and create deal"]


def test_an_event_that_does_not_say_what_was_granted_is_tried(desk: BesideGmail):
    desk.granted = None
    made = desk.event("/addon/message", delivered := desk.deliver())
    tokens = made["authorizationEventObject"]
    tokens["userOAuthToken"] = desk.gmail.access_token(ANNA, GRANTED)
    made["gmail"]["accessToken"] = desk.gmail.access_token(ANNA, GRANTED, message_id=delivered.message_id)

    assert desk.post("/addon/message", made).primary == ["Add and create deal"]
    tokens["userOAuthToken"] = desk.gmail.access_token(ANNA, [EXECUTE])
    assert desk.post("/addon/message", made).asked_scopes == [HEADERS]


# ---- the check itself ----------------------------------------------------------------------------------------------

GOOD = {
    "action": {
        "navigations": [
            {
                "pushCard": {
                    "sections": [
                        {
                            "widgets": [
                                {"decoratedText": {"text": "x", "startIcon": {"knownIcon": "CLOCK"}}},
                                {"textInput": {"name": "a", "label": "A"}},
                            ]
                        }
                    ]
                }
            }
        ]
    }
}


def widgets_of(answer: dict) -> list[dict]:
    return answer["action"]["navigations"][0]["pushCard"]["sections"][0]["widgets"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"textParagraph": {"txet": "x"}},
        {"textParagraph": {"text": "a"}, "divider": {}},
        {"selectionInput": {"name": "s", "type": "DROP_DOWN", "items": [{"text": "a", "value": "a"}]}},
        {"selectionInput": {"name": "a", "type": "DROPDOWN", "items": [{"text": "a", "value": "a"}]}},
        {"carousel": {"carouselCards": []}},
        {"decoratedText": {"text": "x", "startIcon": {"knownIcon": "UNICORN"}}},
        {"decoratedText": {"text": "x", "onClick": {"openLink": {"url": "http://plain.example"}}}},
        {
            "buttonList": {
                "buttons": [
                    {"text": "x", "onClick": {"action": {"function": "https://x", "interaction": "OPEN_DIALOG"}}}
                ]
            }
        },
        {
            "buttonList": {
                "buttons": [{"text": "x", "onClick": {"action": {"function": "https://x", "parameters": {"k": "v"}}}}]
            }
        },
    ],
    ids=lambda wrong: next(iter(wrong)),
)
def test_an_answer_that_google_would_not_understand_would_be_found(wrong: dict):
    answer = copy.deepcopy(GOOD)
    assert problems(answer, trigger=True) == []

    widgets_of(answer).append(wrong)

    assert problems(answer, trigger=True)


def test_the_two_shapes_are_not_mixed_up():
    assert problems(GOOD, trigger=False)
    assert problems({"renderActions": GOOD}, trigger=True)
    assert problems({"action": {"navigations": [{"popCard": True}]}}, trigger=True)
    assert schema()["$defs"][CARD]["additionalProperties"] is False


def _linked(desk: BesideGmail) -> tuple[int, Answer, object]:
    deal_id, delivered = desk.team.deal(person=JANE), desk.deliver()
    return deal_id, desk.press(desk.open(delivered), "Link this thread", delivered), delivered
