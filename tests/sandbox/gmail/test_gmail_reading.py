from __future__ import annotations

from datetime import UTC, datetime

import pytest
from googleapiclient.errors import HttpError

from tests.sandbox.gmail.conftest import ANNA, BEN, decoded, encoded, header, mail

MIXED = b"""From: =?utf-8?q?Zo=C3=AB?= <zoe@acme.test>
To: anna@halyard.example
Subject: =?iso-8859-1?q?Caf=E9?=
 am See
Received: one
Received: two
Content-Type: multipart/mixed; boundary=m

--m
Content-Type: multipart/alternative; boundary=a

--a
Content-Type: text/plain; charset=iso-8859-1
Content-Transfer-Encoding: quoted-printable

Gr=FC=DFe & <b>
--a
Content-Type: text/html; charset=utf-8

<p>Hi</p>
--a--
--m
Content-Type: application/pdf; name="offer.pdf"
Content-Disposition: attachment; filename="offer.pdf"
Content-Transfer-Encoding: base64

JVBERi0=
--m--
"""


@pytest.fixture
def mixed(gmail):
    return gmail.deliver(MIXED, [ANNA])[0].message_id


def get(api, number, **wanted):
    return api.messages().get(userId="me", id=number, **wanted).execute()


def test_full_shows_the_tree_of_parts_with_text_in_utf8_and_files_by_id(anna, mixed):
    message = get(anna, mixed)

    [alternative, pdf] = message["payload"]["parts"]
    [plain, marked] = alternative["parts"]
    assert [part["partId"] for part in (message["payload"], alternative, plain, marked, pdf)] == [
        *("", "0", "0.0", "0.1", "1")
    ]
    assert decoded(plain["body"]["data"]).decode() == "Grüße & <b>"
    assert (pdf["filename"], pdf["body"]["size"], "data" in pdf["body"]) == ("offer.pdf", 5, False)
    assert message["snippet"] == "Grüße &amp; &lt;b&gt;"


def test_headers_come_decoded_in_order_with_their_doubles(anna, mixed):
    message = get(anna, mixed, format="metadata")

    names = [entry["name"] for entry in message["payload"]["headers"]]
    assert header(message, "from") == "Zoë <zoe@acme.test>"
    assert header(message, "subject") == "Café am See"
    assert names.count("Received") == 2
    assert "parts" not in message["payload"]


def test_metadata_can_be_narrowed_to_some_headers(anna, mixed):
    message = get(anna, mixed, format="metadata", metadataHeaders=["subject", "X-None"])

    assert message["payload"]["headers"] == [{"name": "Subject", "value": "Café am See"}]


def test_raw_is_the_mail_itself_with_its_line_ends_made_right(anna, mixed):
    raw = decoded(get(anna, mixed, format="raw")["raw"])

    assert raw.endswith(MIXED.replace(b"\n", b"\r\n"))
    assert raw.startswith(b"Delivered-To: anna@halyard.example\r\n")


def test_minimal_has_ids_labels_and_numbers_as_strings(anna, mixed):
    message = get(anna, mixed, format="minimal")

    assert set(message) == {*("id", "threadId", "labelIds", "snippet", "sizeEstimate", "historyId", "internalDate")}
    assert isinstance(message["historyId"], str)


def test_an_attachment_is_fetched_by_an_id_that_is_new_at_every_reading(anna, mixed):
    first, second = (get(anna, mixed)["payload"]["parts"][1]["body"]["attachmentId"] for _ in range(2))

    bodies = [
        anna.messages().attachments().get(userId="me", messageId=mixed, id=name).execute() for name in (first, second)
    ]

    assert first != second
    assert [decoded(body["data"]) for body in bodies] == [b"%PDF-"] * 2


def test_the_worlds_clock_gives_a_mail_its_date(gmail, anna, clock):
    clock.set_world(datetime(2027, 3, 1, 9, tzinfo=UTC))

    [now] = gmail.deliver(mail(to=ANNA), [ANNA])
    [before] = gmail.deliver(mail(to=ANNA), [ANNA], at=datetime(2027, 2, 1, tzinfo=UTC))

    assert abs(int(get(anna, now.message_id)["internalDate"]) - 1803891600000) < 60_000
    assert get(anna, before.message_id)["internalDate"] == "1801440000000"
    listed = anna.messages().list(userId="me").execute()["messages"]
    assert [entry["id"] for entry in listed] == [now.message_id, before.message_id], "newest first, by date"


def test_an_add_on_events_id_opens_the_message_and_tells_the_real_id(anna, mixed):
    assert get(anna, f"msg-f:{int(mixed, 16)}", format="minimal")["id"] == mixed


def test_anothers_message_does_not_exist_for_me(ben, mixed):
    with pytest.raises(HttpError) as refused:
        get(ben, mixed)

    assert refused.value.status_code == 404


def test_a_listing_is_paged_without_gaps_or_doubles(gmail, anna):
    at = datetime(2026, 1, 1, tzinfo=UTC)
    arrived = [gmail.deliver(mail(to=ANNA, subject=f"S{n}"), [ANNA], at=at)[0].message_id for n in range(23)]
    seen, token = [], None
    while True:
        page = anna.messages().list(userId="me", maxResults=5, pageToken=token).execute()
        seen += [entry["id"] for entry in page["messages"]]
        if not (token := page.get("nextPageToken")):
            break

    assert seen == arrived[::-1]


def test_an_empty_listing_has_no_list_and_a_bad_page_is_refused(anna):
    assert anna.messages().list(userId="me").execute() == {"resultSizeEstimate": 0}
    with pytest.raises(HttpError) as refused:
        anna.messages().list(userId="me", pageToken="nonsense").execute()
    assert refused.value.status_code == 400


def test_threads_are_listed_once_each_at_their_newest_mail(gmail, anna):
    [first] = gmail.deliver(mail(to=ANNA, Message_ID="<a@x>"), [ANNA])
    [other] = gmail.deliver(mail(to=ANNA, subject="Other", Message_ID="<b@x>"), [ANNA])
    gmail.deliver(mail(to=ANNA, subject="Re: Offer 42", References="<a@x>", body="Newest words"), [ANNA])

    listed = anna.threads().list(userId="me", labelIds=["INBOX"]).execute()["threads"]
    paged = anna.threads().list(userId="me", maxResults=1).execute()
    rest = anna.threads().list(userId="me", maxResults=1, pageToken=paged["nextPageToken"]).execute()

    assert [entry["id"] for entry in listed] == [first.thread_id, other.thread_id]
    assert listed[0]["snippet"] == "Newest words"
    assert [paged["threads"][0]["id"], rest["threads"][0]["id"]] == [first.thread_id, other.thread_id]
    assert "nextPageToken" not in rest


def test_a_trashed_thread_is_hidden_until_it_is_taken_out_again(gmail, anna):
    [one] = gmail.deliver(mail(to=ANNA), [ANNA])

    anna.threads().trash(userId="me", id=one.thread_id).execute()
    hidden = anna.messages().list(userId="me").execute()
    asked = anna.messages().list(userId="me", includeSpamTrash=True).execute()
    in_trash = anna.messages().list(userId="me", labelIds=["TRASH"]).execute()
    anna.threads().untrash(userId="me", id=one.thread_id).execute()

    assert "messages" not in hidden
    assert len(asked["messages"]) == len(in_trash["messages"]) == 1
    assert get(anna, one.message_id)["labelIds"] == ["INBOX", "UNREAD"]


def test_an_inserted_mail_takes_its_labels_and_an_imported_one_its_date(anna):
    body = {"labelIds": ["STARRED"]}
    raw = mail(to=ANNA, Date="Mon, 1 Feb 2027 00:00:00 +0000")

    inserted = anna.messages().insert(userId="me", body=body | {"raw": encoded(raw)}).execute()
    imported = anna.messages().import_(userId="me", body={"raw": encoded(raw)}).execute()

    assert inserted["labelIds"] == ["STARRED"]
    assert get(anna, imported["id"])["internalDate"] == "1801440000000"
    assert get(anna, inserted["id"])["internalDate"] != "1801440000000"
    assert imported["labelIds"] == ["INBOX", "UNREAD"]


def test_a_partial_answer_has_only_the_fields_asked_for(gmail, anna, mixed):
    cut = get(anna, mixed, format="metadata", fields="id,payload/headers(name)")
    listed = anna.messages().list(userId="me", fields="messages/id,nextPageToken").execute()

    assert set(cut) == {"id", "payload"}
    assert set(cut["payload"]["headers"][0]) == {"name"}
    assert listed == {"messages": [{"id": mixed}]}
    with pytest.raises(HttpError) as refused:
        get(anna, mixed, fields="id,payload(")
    assert refused.value.error_details[0]["reason"] == "invalidParameter"


def test_one_sees_ones_own_mailbox_only(client):
    with pytest.raises(HttpError) as refused:
        client(ANNA).users().getProfile(userId=BEN).execute()

    assert refused.value.status_code == 403
    assert refused.value.reason == f"Delegation denied for {ANNA}"
    assert client(ANNA).users().getProfile(userId=ANNA).execute()["emailAddress"] == ANNA


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\r\n\r\n",
        b"no header at all",
        b"\r\nbody only",
        b"Subject: =?utf-8?b?!!!?=\n\nx",
        b"Subject: =?no-such-charset?q?x?=\nContent-Type: text/plain; charset=no-such\n\n\xff\xfe",
        b"From: \xe9t\xe9@x.test\nContent-Type: multipart/mixed\n\nno boundary",
        b"Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: message/rfc822\n\nSubject: in\n\nx\n--b--",
        b"Content-Disposition: attachment; filename*=utf-8''%ff%fe\n\nx",
        b"X" * 70_000 + b": y\n\nz",
    ],
)
def test_a_broken_mail_is_stored_and_shown_all_the_same(gmail, anna, raw):
    [arrived] = gmail.deliver(raw, [ANNA])

    for form in ("minimal", "metadata", "full", "raw"):
        assert get(anna, arrived.message_id, format=form)["id"] == arrived.message_id
    anna.messages().list(userId="me", q="words").execute()


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"just words and no header\nin two lines", "just words and no header in two lines"),
        (b"just words\n\nand more of them", "just words and more of them"),
        (b"Subject: Hi\nwords right under it\nand: more", "words right under it and: more"),
    ],
)
def test_no_word_of_a_mail_without_an_end_of_its_headers_is_lost(gmail, anna, raw, text):
    number = gmail.insert(ANNA, raw, ("INBOX",)).message_id

    assert get(anna, number)["snippet"] == text


def test_the_snippet_says_nothing_of_a_mail_that_is_attached(gmail, anna):
    inner = b"--b\n\nLook at this\n--b\nContent-Type: message/rfc822\n\nSubject: in\n\nfrom within\n--b--"
    raw = b"Subject: out\nContent-Type: multipart/mixed; boundary=b\n\n" + inner
    number = gmail.deliver(raw, [ANNA])[0].message_id

    assert get(anna, number)["snippet"] == "Look at this"


def test_a_mail_without_headers_keeps_its_text_when_it_gets_some(gmail, anna):
    number = gmail.deliver(b"\nOnly words", [ANNA])[0].message_id

    message = get(anna, number)
    assert (header(message, "Delivered-To"), message["snippet"]) == (ANNA, "Only words")
