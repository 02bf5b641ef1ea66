from __future__ import annotations

import json
import socket
from contextlib import closing
from datetime import timedelta
from email.message import EmailMessage
from http.client import HTTPConnection
from io import BytesIO
from urllib.parse import urlsplit

import google_auth_httplib2
import httplib2
import pytest
from google.oauth2.credentials import Credentials
from googleapiclient.discovery import build_from_document
from googleapiclient.errors import HttpError
from googleapiclient.http import MediaIoBaseUpload

from tests.sandbox.gmail.conftest import ANNA, EVERYTHING, mail
from tests.sandbox.gmail.discovery_schema import patched

GRAIN = 256 << 10
UPLOAD = "/upload/gmail/v1/users/me"
LARGE = mail(body="\r\n".join(["x" * 998] * 700))
"""Nearly three grains."""


@pytest.fixture
def authorization(gmail):
    return {"Authorization": f"Bearer {gmail.access_token(ANNA, [EVERYTHING])}"}


@pytest.fixture
def anna(gmail, server):
    """Google's client as `build()` makes it: a 308 is no redirection to it."""
    http = httplib2.Http(timeout=10)
    http.redirect_codes -= {308}
    authorized = google_auth_httplib2.AuthorizedHttp(Credentials(gmail.access_token(ANNA, [EVERYTHING])), http=http)
    yield build_from_document(patched(server.url), http=authorized).users()
    http.close()


@pytest.fixture
def line(server):
    with closing(HTTPConnection("127.0.0.1", server.port, timeout=5)) as connection:
        yield connection


def ask(line, verb, path, body=None, headers=None):
    line.request(verb, path, body, headers or {})
    answer = line.getresponse()
    content = answer.read()
    return answer, json.loads(content) if content else None


@pytest.fixture
def begin(line, authorization):
    def begun(path="/messages/send", verb="POST", metadata=None, **headers):
        asked = {"X-Upload-Content-Type": "message/rfc822", **{k.replace("_", "-"): v for k, v in headers.items()}}
        body = None if metadata is None else json.dumps(metadata)
        answer, _ = ask(line, verb, f"{UPLOAD}{path}?uploadType=resumable", body, authorization | asked)
        assert answer.status == 200
        parts = urlsplit(answer.headers["Location"])
        return f"{parts.path}?{parts.query}"

    return begun


@pytest.fixture
def put(line):
    def put(where, octets=b"", span=None, **headers):
        given = {"Content-Range": f"bytes {span}"} if span else {}
        return ask(line, "PUT", where, octets, {**given, **headers})

    return put


def media(raw, chunk=-1):
    return MediaIoBaseUpload(BytesIO(raw), "message/rfc822", chunksize=chunk, resumable=True)


def carried_through(request):
    """What a patient program gets: it goes on where an error stopped it."""
    sent, errors = None, 0
    while sent is None:
        try:
            _, sent = request.next_chunk()
        except HttpError:
            errors += 1
            assert errors < 3
    return sent, errors


class TestWithGooglesClient:
    def test_a_mail_goes_up_in_chunks_with_true_progress(self, gmail, anna):
        request = anna.messages().send(userId="me", body={}, media_body=media(LARGE, GRAIN))
        progress, sent = [], None
        while sent is None:
            status, sent = request.next_chunk()
            progress += [status.resumable_progress] if status else []

        assert progress == [GRAIN, 2 * GRAIN]
        assert sent["labelIds"] == ["SENT"]
        assert gmail.outside.mails("ana@acme.test")[0].raw.endswith(LARGE.partition(b"\r\n\r\n")[2])
        assert gmail.calls["messages.send"] == 1

    def test_a_huge_one_comes_whole(self, gmail, anna):
        letter = mail(body="\r\n".join(["x" * 998] * 10_000))

        sent, _ = carried_through(anna.messages().send(userId="me", body={}, media_body=media(letter, 16 * GRAIN)))

        assert gmail.messages.find(gmail.accounts.get(ANNA), int(sent["id"], 16)).size > 10_000_000

    def test_every_method_that_takes_a_mail_takes_it_this_way(self, anna):
        draft = anna.drafts().create(userId="me", body={"message": {}}, media_body=media(LARGE)).execute()
        changed = anna.drafts().update(userId="me", id=draft["id"], body={}, media_body=media(mail())).execute()
        sent = (
            anna.drafts().send(userId="me", body={"id": draft["id"]}, media_body=media(mail(subject="Now"))).execute()
        )
        labels = {"labelIds": ["INBOX"]}
        imported = anna.messages().import_(userId="me", body=labels, media_body=media(mail())).execute()
        inserted = anna.messages().insert(userId="me", body=labels, media_body=media(LARGE, GRAIN)).execute()

        assert changed["id"] == draft["id"]
        assert sent["labelIds"] == ["SENT"]
        assert (imported["labelIds"], inserted["labelIds"]) == (["INBOX"], ["INBOX"])

    def test_it_is_taken_up_again_where_the_answer_to_the_last_chunk_was_lost_and_sent_once(self, gmail, anna):
        gmail.faults.add(method="messages.send", kind="503_after")

        sent, errors = carried_through(anna.messages().send(userId="me", body={}, media_body=media(LARGE, GRAIN)))

        assert (sent["labelIds"], errors) == (["SENT"], 1)
        assert gmail.outside.counts() == {"ana@acme.test": 1}

    def test_a_chunk_that_fails_is_sent_again(self, gmail, anna):
        gmail.faults.add(method="upload", kind="503", nth=3)

        sent, errors = carried_through(anna.messages().send(userId="me", body={}, media_body=media(LARGE, GRAIN)))

        assert (sent["labelIds"], errors) == (["SENT"], 1)
        assert gmail.outside.mails("ana@acme.test")[0].raw.endswith(LARGE.partition(b"\r\n\r\n")[2])

    def test_what_the_method_refuses_is_refused_at_the_end(self, anna):
        with pytest.raises(HttpError) as refused:
            anna.messages().send(userId="me", body={}, media_body=media(mail(to=""))).execute()

        assert refused.value.status_code == 400


class TestOnTheWire:
    def test_a_whole_mail_goes_with_its_metadata_and_needs_no_token_the_second_time(self, gmail, begin, put):
        [asked] = gmail.deliver(mail(to=ANNA, Message_ID="<q@acme.test>"), [ANNA])
        where = begin(metadata={"threadId": asked.thread_id})

        answer, sent = put(where, mail(subject="Re: Offer 42", References="<q@acme.test>"))

        assert (answer.status, sent["threadId"]) == (200, asked.thread_id)

    def test_how_far_it_is_can_be_asked_at_any_time(self, begin, put):
        where, total = begin(), len(LARGE)

        nothing, _ = put(where, span=f"*/{total}")
        first, _ = put(where, LARGE[:GRAIN], f"0-{GRAIN - 1}/{total}")
        asked, _ = put(where, span="*/*")
        last, sent = put(where, LARGE[GRAIN:], f"{GRAIN}-{total - 1}/{total}")
        afterwards, again = put(where, span=f"*/{total}")

        assert (nothing.status, nothing.reason, nothing.headers["Range"]) == (308, "Resume Incomplete", None)
        assert first.headers["Range"] == asked.headers["Range"] == f"bytes=0-{GRAIN - 1}"
        assert (last.status, afterwards.status) == (200, 200)
        assert again == sent

    def test_the_length_may_be_told_at_the_end_only(self, begin, put):
        where = begin()

        put(where, LARGE[:GRAIN], f"0-{GRAIN - 1}/*")
        answer, sent = put(where, LARGE[GRAIN:], f"{GRAIN}-{len(LARGE) - 1}/{len(LARGE)}")

        assert (answer.status, sent["labelIds"]) == (200, ["SENT"])

    def test_what_came_before_a_connection_broke_is_kept(self, gmail, server, begin, put):
        where, total = begin(X_Upload_Content_Length=str(len(LARGE))), len(LARGE)
        with socket.create_connection(("127.0.0.1", server.port), timeout=5) as raw:
            raw.sendall(f"PUT {where} HTTP/1.1\r\nContent-Length: {total}\r\n\r\n".encode() + LARGE[: 2 * GRAIN + 77])
            raw.shutdown(socket.SHUT_WR)
            assert raw.recv(1) == b""

        asked, _ = put(where, span=f"*/{total}")
        last, _ = put(where, LARGE[2 * GRAIN :], f"{2 * GRAIN}-{total - 1}/{total}")

        assert asked.headers["Range"] == f"bytes=0-{2 * GRAIN - 1}"
        assert last.status == 200
        assert gmail.outside.mails("ana@acme.test")[0].raw.endswith(LARGE.partition(b"\r\n\r\n")[2])

    def test_a_chunk_sent_twice_counts_once_and_a_ragged_one_as_far_as_it_is_whole(self, gmail, begin, put):
        where, total = begin(), len(LARGE)

        put(where, LARGE[:GRAIN], f"0-{GRAIN - 1}/{total}")
        again, _ = put(where, LARGE[:GRAIN], f"0-{GRAIN - 1}/{total}")
        ragged, _ = put(where, LARGE[GRAIN : 2 * GRAIN + 5], f"{GRAIN}-{2 * GRAIN + 4}/{total}")
        put(where, LARGE[2 * GRAIN :], f"{2 * GRAIN}-{total - 1}/{total}")

        assert again.headers["Range"] == f"bytes=0-{GRAIN - 1}"
        assert ragged.headers["Range"] == f"bytes=0-{2 * GRAIN - 1}"
        assert gmail.outside.mails("ana@acme.test")[0].raw.endswith(LARGE.partition(b"\r\n\r\n")[2])

    @pytest.mark.parametrize(
        ("octets", "span", "status"),
        [
            (b"x" * GRAIN, f"{GRAIN}-{2 * GRAIN - 1}/{4 * GRAIN}", 400),
            (b"x" * 10, f"0-9/{4 * GRAIN}", 400),
            (b"x" * GRAIN, f"0-{GRAIN}/{4 * GRAIN}", 400),
            (b"x", "0-0/0", 400),
            (b"x", "some", 400),
            (b"x" * GRAIN, f"0-{GRAIN - 1}/40000000", 413),
        ],
    )
    def test_a_range_that_fits_nowhere_is_refused_and_changes_nothing(self, begin, put, octets, span, status):
        where = begin()

        refused, _ = put(where, octets, span)
        asked, _ = put(where, span="*/*")

        assert (refused.status, asked.status, asked.headers["Range"]) == (status, 308, None)

    def test_another_length_than_announced_is_refused(self, begin, put):
        assert put(begin(X_Upload_Content_Length="9"), mail())[0].status == 400

    def test_an_unknown_upload_is_404_and_one_that_is_over_410(self, clock, begin, put, line):
        expired, cancelled = begin(), begin()
        ended, _ = ask(line, "DELETE", cancelled)
        clock.set_world(clock.now() + timedelta(days=8))

        assert put(f"{UPLOAD}/messages/send?upload_id=none", mail())[0].status == 404
        assert ended.status == 499
        assert put(cancelled, mail())[0].status == put(expired, mail())[0].status == 410

    @pytest.mark.parametrize(
        ("kind", "length", "status"), [("image/png", "9", 400), ("message/rfc822", "36700161", 413), ("", "many", 400)]
    )
    def test_what_is_no_mail_or_too_large_is_refused_at_the_beginning(self, line, authorization, kind, length, status):
        said = {"X-Upload-Content-Type": kind, "X-Upload-Content-Length": length}

        answer, _ = ask(line, "POST", f"{UPLOAD}/messages/send?uploadType=resumable", None, authorization | said)

        assert answer.status == status

    def test_it_begins_with_a_good_token_only(self, line, gmail):
        other = {
            "Authorization": f"Bearer {gmail.access_token(ANNA, ['https://www.googleapis.com/auth/gmail.labels'])}"
        }
        where = f"{UPLOAD}/messages/send?uploadType=resumable"

        assert ask(line, "POST", where)[0].status == 401
        assert ask(line, "POST", where, headers=other)[0].status == 403
        assert ask(line, "POST", f"{UPLOAD}/labels?uploadType=resumable", headers=other)[0].status == 404

    def test_the_last_step_is_charged_against_the_quota(self, gmail, begin, put):
        where = begin()
        gmail.quota.limits(per_user=1, answer="429")

        spent, _ = put(where, mail())
        gmail.quota.limits()
        answer, _ = put(where, span=f"*/{len(mail())}")

        assert (spent.status, answer.status) == (429, 200)


def test_the_other_dialect_is_spoken_too(line, authorization):
    def tell(where, command, octets=b"", **headers):
        named = {f"X-Goog-Upload-{name}": value for name, value in headers.items()}
        return ask(line, "POST", where, octets, authorization | {"X-Goog-Upload-Command": command, **named})

    begun, _ = tell(f"{UPLOAD}/messages/send", "start", Protocol="resumable")
    parts = urlsplit(begun.headers["X-Goog-Upload-URL"])
    where = f"{parts.path}?{parts.query}"
    tell(where, "upload", LARGE[:GRAIN], Offset="0")
    asked, _ = tell(where, "query")
    ended, sent = tell(where, "upload, finalize", LARGE[GRAIN:], Offset=str(GRAIN))

    assert (begun.headers["X-Goog-Upload-Status"], begun.headers["X-Goog-Upload-Chunk-Granularity"]) == (
        "active",
        str(GRAIN),
    )
    assert asked.headers["X-Goog-Upload-Size-Received"] == str(GRAIN)
    assert (ended.headers["X-Goog-Upload-Status"], sent["labelIds"]) == ("final", ["SENT"])


@pytest.mark.parametrize("boundary", ["b", "===============7330845974216740156==", "with space:and?more'(x)+_,-./"])
@pytest.mark.parametrize("chunked", [False, True])
def test_metadata_and_mail_come_as_two_parts_whatever_lies_between(line, authorization, gmail, boundary, chunked):
    parts = [
        f'--{boundary}\r\nContent-Type: application/json\r\n\r\n{{"labelIds": ["INBOX"]}}',
        f"--{boundary}\r\nContent-Type: message/rfc822\r\nContent-Transfer-Encoding: binary\r\n\r\n",
    ]
    body = "\r\n".join(parts).encode() + mail(body="Grüße -- und mehr") + f"\r\n--{boundary}--\r\n".encode()
    headers = authorization | {"Content-Type": f'multipart/related; boundary="{boundary}"'}
    sent = (body[start : start + 50] for start in range(0, len(body), 50)) if chunked else body

    answer, put = ask(line, "POST", f"{UPLOAD}/messages?uploadType=multipart", sent, headers)

    assert (answer.status, put["labelIds"]) == (200, ["INBOX"])
    assert gmail.messages.raw(gmail.messages.find(gmail.accounts.get(ANNA), int(put["id"], 16))) == mail(
        body="Grüße -- und mehr"
    )


def test_a_mail_with_parts_of_its_own_comes_whole(line, authorization, gmail):
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = ANNA, "ana@acme.test", "Table"
    letter.set_content("See the table.")
    letter.add_attachment(bytes(range(256)) * 5000, "application", "octet-stream", filename="table.bin")

    answer, _ = ask(
        line,
        "POST",
        f"{UPLOAD}/messages/send?uploadType=media",
        letter.as_bytes(),
        authorization | {"Content-Type": "message/rfc822"},
    )

    assert answer.status == 200
    assert letter.get_boundary().encode() in gmail.outside.mails("ana@acme.test")[0].raw
