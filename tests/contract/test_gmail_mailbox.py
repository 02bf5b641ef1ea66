"""What any Gmail mailbox does when all goes well: reading, drafts, sending, history."""

from __future__ import annotations

import pytest

from addon.domain.ports.mailbox import HEADERS, UNITS, HistoryExpired, Missing
from tests.contract.mailboxes import ANNA, BEN, Place

DRAFT = (
    b"From: anna@halyard.example\r\nTo: ben@halyard.example\r\nSubject: Offer\r\n"
    b"X-Dealthread-Ref: ref-1.1\r\n\r\nHello\r\n"
)
QUESTION = (
    "From: Zoe <zoe@acme.test>\nTo: anna@halyard.example\nSubject: Sails\nMessage-ID: <q1@acme.test>\n\nHow much?\n"
)


def test_the_profile_names_the_mailbox_and_a_place_in_history(place: Place):
    profile = place.mailbox.profile()

    assert profile.email == ANNA
    assert profile.history_id > 0


def test_a_mail_that_arrived_is_read_by_its_head(place: Place):
    gmail_id, thread_id = place.arrive(QUESTION)

    head = place.mailbox.head(gmail_id)

    assert (head.gmail_id, head.thread_id) == (gmail_id, thread_id)
    assert {"INBOX", "UNREAD"} <= head.labels
    assert (head.header("From"), head.header("message-id")) == ("Zoe <zoe@acme.test>", "<q1@acme.test>")
    assert head.received_ms > 0


def test_a_head_holds_no_more_headers_than_linking_needs(place: Place):
    gmail_id, _ = place.arrive("X-Secret: yes\nReply-To: z@acme.test\n" + QUESTION)

    assert set(place.mailbox.head(gmail_id).headers) <= {name.lower() for name in HEADERS}


def test_a_mail_is_read_whole_byte_by_byte(place: Place):
    text = QUESTION + "Grüße, 你好\n"
    gmail_id, thread_id = place.arrive(text)

    raw = place.mailbox.raw(gmail_id)

    assert raw.raw.endswith(text.replace("\n", "\r\n").encode())
    assert (raw.gmail_id, raw.thread_id, raw.received_ms > 0) == (gmail_id, thread_id, True)


def test_the_ids_of_the_add_ons_event_are_understood(place: Place):
    gmail_id, thread_id = place.arrive(QUESTION)

    assert place.mailbox.head(f"msg-f:{int(gmail_id, 16)}").gmail_id == gmail_id
    assert place.mailbox.thread(f"thread-f:{int(thread_id, 16)}")[0].gmail_id == gmail_id


def test_a_draft_is_written_seen_listed_and_deleted(place: Place):
    draft = place.mailbox.create_draft(DRAFT)

    seen = place.mailbox.draft(draft.draft_id)
    assert (seen.draft_id, seen.head.gmail_id) == (draft.draft_id, draft.message_id)
    assert seen.head.header("X-Dealthread-Ref") == "ref-1.1"
    assert seen.head.labels == {"DRAFT"}
    assert list(place.mailbox.drafts().drafts) == [draft]

    place.mailbox.delete_draft(draft.draft_id)
    assert list(place.mailbox.drafts().drafts) == []
    for call in (place.mailbox.draft, place.mailbox.delete_draft, place.mailbox.send_draft):
        with pytest.raises(Missing):
            call(draft.draft_id)


def test_a_sent_draft_is_gone_and_its_mail_is_in_both_mailboxes(place: Place):
    draft = place.mailbox.create_draft(DRAFT)

    sent = place.mailbox.send_draft(draft.draft_id)

    assert place.mailbox.head(sent.gmail_id).labels >= {"SENT"}
    [in_thread] = place.mailbox.thread(sent.thread_id)
    assert (in_thread.gmail_id, in_thread.header("X-Dealthread-Ref")) == (sent.gmail_id, "ref-1.1")
    with pytest.raises(Missing):
        place.mailbox.delete_draft(draft.draft_id)
    with pytest.raises(Missing):
        place.mailbox.send_draft(draft.draft_id)
    bens = place.opened(BEN)
    assert len(bens.mails("subject:offer").mails) == 1
    bens.close()


def test_a_draft_can_belong_to_a_thread(place: Place):
    _, thread_id = place.arrive(QUESTION)
    answer = (
        b"From: anna@halyard.example\r\nTo: zoe@acme.test\r\nSubject: Re: Sails\r\n"
        b"In-Reply-To: <q1@acme.test>\r\nReferences: <q1@acme.test>\r\n\r\nNine.\r\n"
    )

    draft = place.mailbox.create_draft(answer, thread_id=thread_id)
    sent = place.mailbox.send_draft(draft.draft_id)

    assert draft.thread_id == sent.thread_id == thread_id
    assert [head.labels >= {"SENT"} for head in place.mailbox.thread(thread_id)] == [False, True]


def test_history_tells_what_appeared_and_what_is_gone(place: Place):
    before = place.mailbox.profile().history_id
    arrived, _ = place.arrive(QUESTION)
    draft = place.mailbox.create_draft(DRAFT)
    sent = place.mailbox.send_draft(draft.draft_id)

    page = place.mailbox.history(before)

    labels = {head.gmail_id: head.labels for head in page.added}
    assert labels[arrived] >= {"INBOX"}
    assert labels[draft.message_id] == {"DRAFT"}
    assert labels[sent.gmail_id] >= {"SENT"}
    assert draft.message_id in page.gone
    assert page.history_id > before
    assert {head.thread_id for head in page.added if head.gmail_id == sent.gmail_id} == {sent.thread_id}


def test_a_quiet_history_stays_where_it_is(place: Place):
    here = place.mailbox.profile().history_id

    page = place.mailbox.history(here)

    assert (list(page.added), list(page.gone), page.history_id, page.next_page) == ([], [], here, None)


def test_a_long_history_and_a_long_listing_come_in_pages_without_gap_or_double(place: Place):
    before = place.mailbox.profile().history_id
    ids = [place.arrive(f"From: z@acme.test\nSubject: {number}\n\n.\n")[0] for number in range(501)]

    assert _all_added(place, before) == ids
    assert sorted(_all_listed(place, "from:z@acme.test")) == sorted(ids)


def test_an_expired_place_in_history_says_so(place: Place):
    here = place.mailbox.profile().history_id
    place.arrive(QUESTION)
    place.gmail.history.expire(place.gmail.accounts.get(ANNA))

    with pytest.raises(HistoryExpired):
        place.mailbox.history(here)


def test_a_search_finds_by_subject_and_nothing_that_is_not_there(place: Place):
    gmail_id, thread_id = place.arrive(QUESTION)

    assert list(place.mailbox.mails("subject:sails").mails) == [(gmail_id, thread_id)]
    assert list(place.mailbox.mails("rfc822msgid:q1@acme.test").mails) == [(gmail_id, thread_id)]
    assert list(place.mailbox.mails("subject:rudder").mails) == []


@pytest.mark.parametrize("call", ["head", "raw", "thread", "draft", "delete_draft", "send_draft"])
def test_what_is_not_there_is_missing(place: Place, call: str):
    with pytest.raises(Missing):
        getattr(place.mailbox, call)("18c2f3a9b0d1e2f3")


def test_a_watch_tells_where_history_stands_and_when_it_ends(place: Place):
    watch = place.mailbox.watch("projects/p/topics/t")

    assert watch.history_id > 0
    assert watch.ends_ms > 0
    place.mailbox.stop_watch()


def test_every_call_costs_one_request(place: Place):
    gmail_id, thread_id = place.arrive(QUESTION)
    place.gmail.calls.reset()
    mailbox = place.mailbox

    mailbox.profile()
    draft = mailbox.create_draft(DRAFT)
    mailbox.draft(draft.draft_id)
    mailbox.drafts()
    mailbox.send_draft(draft.draft_id)
    other = mailbox.create_draft(DRAFT)
    mailbox.delete_draft(other.draft_id)
    mailbox.thread(thread_id)
    mailbox.history(mailbox.profile().history_id)
    mailbox.head(gmail_id)
    mailbox.raw(gmail_id)
    mailbox.mails("")
    mailbox.watch("projects/p/topics/t")
    mailbox.stop_watch()

    assert sum(place.gmail.calls.all().values()) == len(UNITS) + 2, "one more draft and one more profile"


def _all_added(place: Place, since: int) -> list[str]:
    found, page = [], None
    while True:
        answer = place.mailbox.history(since, page=page)
        found += [head.gmail_id for head in answer.added]
        page = answer.next_page
        if page is None:
            return found


def _all_listed(place: Place, query: str) -> list[str]:
    found, page = [], None
    while True:
        answer = place.mailbox.mails(query, page=page)
        found += [gmail_id for gmail_id, _ in answer.mails]
        page = answer.next_page
        if page is None:
            return found
