"""What any Gmail mailbox says when Google refuses, is silent or hangs up: and it never asks twice by itself."""

from __future__ import annotations

import pytest

from addon.domain.ports.mailbox import (
    AnswerLost,
    GrantLost,
    HistoryExpired,
    Missing,
    RefusedForGood,
    RefusedForNow,
    TokenRefused,
)
from addon.integrations.google.consent import MAIL_SCOPES
from tests.contract.mailboxes import ANNA, Place

DRAFT = b"From: anna@halyard.example\r\nTo: zoe@acme.test\r\nSubject: Offer\r\n\r\nHello\r\n"


@pytest.mark.parametrize(
    ("fault", "trouble"),
    [
        ({"kind": "401"}, TokenRefused),
        ({"kind": "403"}, RefusedForNow),
        ({"kind": "403", "reason": "rateLimitExceeded"}, RefusedForNow),
        ({"kind": "403", "reason": "insufficientPermissions"}, GrantLost),
        ({"kind": "403", "reason": "domainPolicy"}, GrantLost),
        ({"kind": "429"}, RefusedForNow),
        ({"kind": "400"}, RefusedForGood),
        ({"kind": "413"}, RefusedForGood),
        ({"kind": "404"}, Missing),
        ({"kind": "500"}, AnswerLost),
        ({"kind": "503"}, AnswerLost),
        ({"kind": "hangup_before"}, AnswerLost),
    ],
)
def test_a_refused_send_is_asked_once_and_can_be_asked_again(place: Place, fault, trouble):
    draft = place.mailbox.create_draft(DRAFT)
    place.gmail.faults.add(method="drafts.send", **fault)

    with pytest.raises(trouble):
        place.mailbox.send_draft(draft.draft_id)

    assert place.gmail.calls["drafts.send"] == 1
    assert place.gmail.outside.counts() == {}
    place.mailbox.send_draft(draft.draft_id)
    assert place.gmail.outside.counts() == {"zoe@acme.test": 1}


@pytest.mark.parametrize("kind", ["hangup_after", "503_after", "timeout_after"])
def test_a_send_whose_answer_is_lost_happened_once(place: Place, kind: str):
    draft = place.mailbox.create_draft(DRAFT)
    place.gmail.faults.add(method="drafts.send", kind=kind)

    mailbox = place.opened_impatiently()

    with pytest.raises(AnswerLost):
        mailbox.send_draft(draft.draft_id)

    mailbox.close()
    assert place.gmail.calls["drafts.send"] == 1
    assert place.gmail.outside.counts() == {"zoe@acme.test": 1}
    with pytest.raises(Missing):
        place.mailbox.draft(draft.draft_id)
    assert [head.labels >= {"SENT"} for head in place.mailbox.thread(draft.thread_id)] == [True]


def test_a_send_that_has_its_effect_later_than_the_deadline_has_it_once(place: Place):
    draft = place.mailbox.create_draft(DRAFT)
    place.gmail.faults.add(method="drafts.send", kind="timeout_late", seconds=0.1)

    mailbox = place.opened_impatiently()

    with pytest.raises(AnswerLost) as lost:
        mailbox.send_draft(draft.draft_id)

    mailbox.close()
    assert lost.value.code == "timeout"
    assert place.gmail.faults.settle(5)
    assert place.gmail.outside.counts() == {"zoe@acme.test": 1}


def test_the_wait_that_gmail_names_is_handed_on(place: Place):
    place.gmail.faults.add(method="*", kind="429", retry_after=33)

    with pytest.raises(RefusedForNow) as refused:
        place.mailbox.profile()

    assert (refused.value.wait, refused.value.daily) == (33, False)


def test_the_limit_of_the_day_is_told_apart(place: Place):
    place.gmail.faults.add(method="*", kind="403", reason="dailyLimitExceeded")

    with pytest.raises(RefusedForNow) as refused:
        place.mailbox.profile()

    assert refused.value.daily


def test_a_faulty_history_page_is_a_fault_of_that_page_only(place: Place):
    here = place.mailbox.profile().history_id
    place.gmail.faults.add(method="history.list", kind="history_expired")

    with pytest.raises(HistoryExpired):
        place.mailbox.history(here)

    assert place.mailbox.history(here).history_id == here


def test_an_ended_token_is_refused_and_not_refreshed_in_secret(place: Place):
    mailbox = place.opened(seconds=-1)

    with pytest.raises(TokenRefused):
        mailbox.profile()

    mailbox.close()
    assert sum(place.gmail.calls.all().values()) == 1


def test_a_grant_without_the_scope_is_lost(place: Place):
    mailbox = place.accounts.mailbox(place.gmail.access_token(ANNA, MAIL_SCOPES[:1]))

    with pytest.raises(GrantLost):
        mailbox.create_draft(DRAFT)

    mailbox.close()


def test_the_open_mail_is_read_with_the_add_ons_two_tokens(place: Place):
    scopes = ["https://www.googleapis.com/auth/gmail.addons.current.message.metadata"]
    opened, _ = place.arrive("From: z@acme.test\nSubject: Open\n\n.\n")
    other, _ = place.arrive("From: z@acme.test\nSubject: Other\n\n.\n")
    user = place.gmail.access_token(ANNA, scopes)
    message = place.gmail.access_token(ANNA, scopes, message_id=opened)

    mailbox = place.accounts.mailbox(user, message_token=message)

    assert mailbox.head(f"msg-f:{int(opened, 16)}").header("Subject") == "Open"
    with pytest.raises((GrantLost, Missing, RefusedForNow, TokenRefused)):
        mailbox.head(other)
    mailbox.close()
