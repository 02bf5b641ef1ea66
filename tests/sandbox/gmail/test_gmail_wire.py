from __future__ import annotations

import gzip
import json
import socket
from contextlib import closing
from http.client import HTTPConnection
from io import BytesIO
from urllib.parse import urlencode

import pytest
from googleapiclient.errors import HttpError
from googleapiclient.http import MediaIoBaseUpload

from addon.sandbox.gmail.wire import bodies
from tests.sandbox.gmail.conftest import ANNA, BEN, EVERYTHING, encoded, header, mail

PROFILE = "/gmail/v1/users/me/profile"


@pytest.fixture
def authorization(gmail):
    return {"Authorization": f"Bearer {gmail.access_token(ANNA, [EVERYTHING])}"}


@pytest.fixture
def line(server):
    with closing(HTTPConnection("127.0.0.1", server.port, timeout=5)) as connection:
        yield connection


def ask(line, verb, path, body=None, headers=None, **options):
    line.request(verb, path, body, headers or {}, **options)
    answer = line.getresponse()
    return answer, answer.read()


def talk(server, text):
    """What the server answers to these very bytes, until it closes."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=5) as raw:
        raw.sendall(text)
        raw.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: raw.recv(65_536), b""))


def test_one_connection_serves_many_calls(line, authorization):
    sockets = set()
    for _ in range(5):
        answer, _ = ask(line, "GET", PROFILE, headers=authorization)
        assert answer.status == 200
        sockets.add(line.sock)

    assert len(sockets) == 1


def test_a_chunked_body_is_read(line, authorization):
    body = json.dumps({"raw": encoded(mail())}).encode()
    pieces = [body[start : start + 7] for start in range(0, len(body), 7)]

    answer, _ = ask(line, "POST", "/gmail/v1/users/me/messages/send", iter(pieces), authorization, encode_chunked=True)

    assert answer.status == 200


def test_a_long_answer_is_packed_for_who_asks(line, gmail, authorization):
    [one] = gmail.deliver(mail(to=ANNA, body="word " * 1000), [ANNA])
    path = f"/gmail/v1/users/me/messages/{one.message_id}?format=raw"

    plain, long = ask(line, "GET", path, headers=authorization)
    packed, short = ask(line, "GET", path, headers=authorization | {"Accept-Encoding": "gzip, deflate"})

    assert plain.headers["Content-Encoding"] is None
    assert packed.headers["Content-Encoding"] == "gzip"
    assert len(short) < len(long)
    assert gzip.decompress(short) == long


def test_an_expecting_caller_is_told_to_go_on(server, authorization):
    body = json.dumps({"raw": encoded(mail())})
    head = (
        f"POST /gmail/v1/users/me/messages/send HTTP/1.1\r\nHost: x\r\nAuthorization: {authorization['Authorization']}"
        f"\r\nContent-Length: {len(body)}\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n"
    )

    answer = talk(server, (head + body).encode())

    assert answer.startswith(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n")


@pytest.mark.parametrize(
    "text",
    [
        b"nonsense\r\n\r\n",
        b"GET / HTTP/1.1\r\nno colon\r\n\r\n",
        b"POST /token HTTP/1.1\r\nContent-Length: many\r\n\r\n",
        b"POST /token HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\nabc",
        b"POST /token HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"GET /" + b"x" * 70_000 + b" HTTP/1.1\r\n\r\n",
    ],
)
def test_what_is_no_request_is_refused_and_the_server_lives(server, line, text):
    assert talk(server, text).split(b"\r\n")[0].split()[1] in (b"400", b"414")
    assert ask(line, "GET", "/")[0].status == 200


def test_a_caller_that_breaks_off_changes_nothing(server, gmail, authorization):
    head = f"POST /gmail/v1/users/me/messages/send HTTP/1.1\r\nAuthorization: {authorization['Authorization']}\r\n"

    assert talk(server, (head + 'Content-Length: 900\r\n\r\n{"raw":').encode()) == b""
    assert gmail.calls["messages.send"] == 0


@pytest.mark.parametrize(
    ("verb", "path", "status"),
    [("GET", "/gmail/v1/users/me/nothing", 404), ("PUT", PROFILE, 405), ("GET", "/favicon.ico", 404)],
)
def test_an_unknown_address_is_answered_in_googles_words(line, verb, path, status):
    answer, body = ask(line, verb, path)

    assert answer.status == json.loads(body)["error"]["code"] == status


@pytest.mark.parametrize("body", ["{", "[]", '"x"'])
def test_a_body_that_is_no_object_is_a_parse_error(line, authorization, body):
    answer, content = ask(line, "POST", "/gmail/v1/users/me/drafts", body, authorization)

    assert (answer.status, json.loads(content)["error"]["errors"][0]["reason"]) == (400, "parseError")


@pytest.mark.parametrize("raw", [None, "", 7, "***", "a"])
def test_a_raw_that_is_no_base64_is_refused(line, authorization, raw):
    answer, _ = ask(line, "POST", "/gmail/v1/users/me/messages/send", json.dumps({"raw": raw}), authorization)

    assert answer.status == 400


class TestUploads:
    def upload(self, raw, kind="message/rfc822", resumable=False):
        return MediaIoBaseUpload(BytesIO(raw), mimetype=kind, resumable=resumable)

    def test_a_mail_is_sent_by_multipart_upload_with_its_thread(self, gmail, anna):
        [asked] = gmail.deliver(mail(to=ANNA, Message_ID="<q@acme.test>"), [ANNA])
        raw = mail(subject="Re: Offer 42", References="<q@acme.test>", body="one\r\n--x\r\n\r\ntwo\r\n")

        sent = (
            anna.messages().send(userId="me", body={"threadId": asked.thread_id}, media_body=self.upload(raw)).execute()
        )

        assert sent["threadId"] == asked.thread_id
        assert gmail.outside.mails("ana@acme.test")[0].raw.endswith(raw.partition(b"\r\n\r\n")[2])

    def test_a_draft_is_created_by_upload_and_one_without_metadata_is_sent(self, anna):
        draft = anna.drafts().create(userId="me", body={"message": {}}, media_body=self.upload(mail())).execute()
        sent = anna.messages().send(userId="me", media_body=self.upload(mail())).execute()

        assert draft["message"]["labelIds"] == ["DRAFT"]
        assert sent["labelIds"] == ["SENT"]

    def test_what_is_no_mail_is_refused(self, anna):
        with pytest.raises(HttpError) as refused:
            anna.messages().send(userId="me", body={}, media_body=self.upload(b"x", "image/png")).execute()

        assert refused.value.status_code == 400


def test_a_get_too_long_for_its_url_comes_as_a_post(gmail, anna):
    [one] = gmail.deliver(mail(to=ANNA), [ANNA])
    names = [f"X-Header-{n:04}" for n in range(200)] + ["Subject"]

    message = anna.messages().get(userId="me", id=one.message_id, format="metadata", metadataHeaders=names).execute()

    assert header(message, "Subject") == "Offer 42"
    assert gmail.calls["messages.get"] == 1


class TestBatch:
    def test_each_call_of_a_batch_has_its_own_outcome(self, gmail, client):
        api = client(ANNA)
        ids = [gmail.deliver(mail(to=ANNA, subject=f"S{n}"), [ANNA])[0].message_id for n in range(3)]
        outcome = {}
        batch = api.new_batch_http_request(callback=lambda name, answer, error: outcome.update({name: answer or error}))
        for number in [*ids, "18c2f3a9b0d1e2f3"]:
            batch.add(api.users().messages().get(userId="me", id=number, format="metadata"), request_id=number)
        batch.add(api.users().labels().create(userId="me", body={"name": "Deals"}), request_id="label")

        batch.execute()

        assert [header(outcome[number], "Subject") for number in ids] == ["S0", "S1", "S2"]
        assert outcome["18c2f3a9b0d1e2f3"].status_code == 404
        assert outcome["label"]["name"] == "Deals"
        assert gmail.calls.all()["messages.get"] == 4

    def test_it_takes_a_hundred_calls_at_either_address_and_no_more(self, line, authorization):
        def batch(path, many, line_end=" HTTP/1.1\r\n\r\n"):
            part = f"--b\r\nContent-Type: application/http\r\nContent-ID: <n>\r\n\r\nGET {PROFILE}{line_end}"
            headers = authorization | {"Content-Type": "multipart/mixed; boundary=b"}
            return ask(line, "POST", path, part * many + "--b--", headers)

        answer, content = batch("/batch/gmail/v1", 100)

        assert answer.status == 200
        assert content.count(b"HTTP/1.1 200 OK") == 100
        assert content.count(b"Content-ID: <response-n>") == 100
        assert batch("/batch", 101)[0].status == 400
        assert b"HTTP/1.1 200 OK" in batch("/batch", 1, "\r\n")[1], "as Google's page shows it, without a version"
        assert ask(line, "POST", "/batch", "x", authorization)[0].status == 400


class TestControl:
    def tell(self, line, verb, path, values=None, **headers):
        body = None if values is None else json.dumps(values)
        answer, content = ask(line, verb, path, body, {"Content-Type": "application/json", **headers})
        return answer.status, json.loads(content)

    def test_another_process_can_open_a_mailbox_fill_it_and_let_a_program_in(self, gmail, line):
        _, opened = self.tell(line, "POST", "/sandbox/accounts", {"email": "cleo@halyard.example", "name": "Cleo"})
        delivery = {"raw": encoded(mail()), "to": ["cleo@halyard.example"], "at": "2027-01-01T00:00:00+00:00"}
        _, [arrived] = self.tell(line, "POST", "/sandbox/deliver", delivery)
        _, grant = self.tell(line, "POST", "/sandbox/grants", {"email": "cleo@halyard.example", "scopes": EVERYTHING})
        self.tell(line, "POST", "/sandbox/clients", {"id": "c", "secret": "s"})
        form = {"grant_type": "refresh_token", "client_id": "c", "client_secret": "s", **grant}
        _, content = ask(line, "POST", "/token", urlencode(form))
        token = {"Authorization": f"Bearer {json.loads(content)['access_token']}"}
        _, content = ask(line, "GET", f"/gmail/v1/users/me/messages/{arrived['message_id']}", headers=token)

        assert opened["email"] == "cleo@halyard.example"
        assert json.loads(content)["internalDate"] == "1798761600000"
        assert self.tell(line, "DELETE", "/sandbox/grants/cleo@halyard.example")[0] == 200
        assert ask(line, "GET", PROFILE, headers=token)[0].status == 401

    def test_the_outside_is_counted_and_read(self, gmail, anna, line):
        anna.messages().send(userId="me", body={"raw": encoded(mail("ana@acme.test, bo@acme.test"))}).execute()

        _, [one] = self.tell(line, "GET", "/sandbox/outside?to=ana@acme.test")
        _, both = self.tell(line, "GET", "/sandbox/outside")

        assert (one["recipient"], one["subject"]) == ("ana@acme.test", "Offer 42")
        assert self.tell(line, "GET", "/sandbox/outside/counts")[1] == {"ana@acme.test": 1, "bo@acme.test": 1}
        assert self.tell(line, "GET", f"/sandbox/outside?after={both[0]['number']}")[1] == both[1:]

    def test_faults_and_calls_are_set_and_read(self, anna, line):
        status, fault = self.tell(line, "POST", "/sandbox/faults", {"method": "getProfile", "kind": "503", "times": 2})
        with pytest.raises(HttpError):
            anna.getProfile(userId="me").execute()
        _, shown = self.tell(line, "GET", "/sandbox/faults")

        assert (status, fault["left"]) == (200, 2)
        assert (shown["faults"][0]["fired"], shown["late"]) == (1, 0)
        assert self.tell(line, "GET", "/sandbox/calls")[1] == {"getProfile": 1}
        self.tell(line, "DELETE", "/sandbox/faults")
        self.tell(line, "DELETE", "/sandbox/calls")
        assert anna.getProfile(userId="me").execute()
        assert self.tell(line, "GET", "/sandbox/calls")[1] == {"getProfile": 1}

    @pytest.mark.parametrize(
        ("verb", "path", "values", "status"),
        [
            ("POST", "/sandbox/faults", {"kind": "earthquake"}, 400),
            ("POST", "/sandbox/faults", {"colour": "red", "kind": "500"}, 400),
            ("POST", "/sandbox/accounts", {}, 400),
            ("POST", "/sandbox/accounts", [], 400),
            ("POST", "/sandbox/deliver", {"raw": "eA==", "to": "nobody@nowhere.test"}, 404),
            ("DELETE", "/sandbox/grants/nobody@nowhere.test", None, 404),
            ("GET", "/sandbox/nothing", None, 404),
        ],
    )
    def test_nonsense_is_answered_with_a_sentence(self, line, verb, path, values, status):
        answered, body = self.tell(line, verb, path, values)

        assert answered == status
        assert body["error"]

    def test_a_web_page_cannot_reach_it(self, line):
        body = json.dumps({"email": "x@y.test"})

        form = ask(line, "POST", "/sandbox/accounts", body, {"Content-Type": "text/plain"})
        rebound = self.tell(line, "GET", "/sandbox/accounts", None, Host="evil.test")

        assert form[0].status == 415
        assert rebound[0] == 403


class TestConnections:
    def test_an_old_caller_is_answered_and_left(self, server, authorization):
        answer = talk(
            server, f"GET {PROFILE} HTTP/1.0\r\nAuthorization: {authorization['Authorization']}\r\n\r\n".encode()
        )

        assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
        assert b"\r\nConnection: close\r\n" in answer

    def test_questions_asked_all_at_once_are_answered_in_turn(self, server, authorization):
        one = f"GET {PROFILE} HTTP/1.1\r\nAuthorization: {authorization['Authorization']}\r\n"
        last = "GET /nowhere HTTP/1.1\r\nConnection: close\r\n\r\n"

        answers = talk(server, f"{one}\r\n{one}\r\n{last}".encode())

        assert [answers.count(status) for status in (b"HTTP/1.1 200", b"HTTP/1.1 404")] == [2, 1]
        assert answers.index(b"404") > answers.rindex(b" 200 OK")

    def test_a_head_has_no_body_and_the_connection_goes_on(self, line):
        answer, body = ask(line, "HEAD", "/gmail/v1/users/me/nothing")

        assert (answer.status, body) == (404, b"")
        assert ask(line, "GET", "/")[0].status == 200

    def test_a_packed_request_is_read(self, gmail, line, authorization):
        body = gzip.compress(json.dumps({"raw": encoded(mail())}).encode())
        packed = authorization | {"Content-Encoding": "gzip"}

        assert ask(line, "POST", "/gmail/v1/users/me/messages/send", body, packed)[0].status == 200
        assert gmail.outside.counts() == {"ana@acme.test": 1}

    @pytest.mark.parametrize(("encoding", "body", "status"), [("gzip", b"x", 400), ("br", b"x", 415)])
    def test_a_request_packed_otherwise_is_refused(self, line, authorization, encoding, body, status):
        packed = authorization | {"Content-Encoding": encoding}

        assert ask(line, "POST", "/gmail/v1/users/me/messages/send", body, packed)[0].status == status

    def test_a_small_request_that_unpacks_to_far_too_much_is_refused(self, line, authorization, monkeypatch):
        monkeypatch.setattr(bodies, "LARGEST", 2 << 20)
        packed = authorization | {"Content-Encoding": "gzip"}

        answer, _ = ask(line, "POST", "/gmail/v1/users/me/messages/send", gzip.compress(b"x" * (3 << 20)), packed)

        assert answer.status == 413

    def test_a_body_that_is_too_large_is_refused_so_that_its_sender_can_read_it(self, line, monkeypatch):
        monkeypatch.setattr(bodies, "LARGEST", 1 << 20)

        answer, _ = ask(line, "POST", "/token", b"x" * (3 << 20))

        assert answer.status == 413

    def test_who_does_not_want_gzip_gets_none(self, gmail, line, authorization):
        [one] = gmail.deliver(mail(to=ANNA, body="word " * 1000), [ANNA])
        path = f"/gmail/v1/users/me/messages/{one.message_id}?format=raw"

        refused, _ = ask(line, "GET", path, headers=authorization | {"Accept-Encoding": "gzip;q=0, identity"})

        assert refused.headers["Content-Encoding"] is None

    def test_a_page_may_call_with_a_token_but_never_the_control_endpoints(self, line, authorization):
        page = {"Origin": "https://app.test", "Access-Control-Request-Method": "GET"}
        asked, _ = ask(line, "OPTIONS", PROFILE, headers=page | {"Access-Control-Request-Headers": "authorization"})
        answer, _ = ask(line, "GET", PROFILE, headers=authorization | {"Origin": "https://app.test"})
        control, _ = ask(line, "OPTIONS", "/sandbox/accounts", headers=page)

        assert (asked.status, asked.headers["Access-Control-Allow-Headers"]) == (200, "authorization")
        assert answer.headers["Access-Control-Allow-Origin"] == "https://app.test"
        assert control.headers["Access-Control-Allow-Origin"] is None


class TestBatchOnTheWire:
    def batch(self, line, parts, **headers):
        body = "".join(f"--b\r\nContent-Type: application/http\r\n{part}\r\n" for part in parts) + "--b--\r\n"
        return ask(line, "POST", "/batch/gmail/v1", body, {"Content-Type": "multipart/mixed; boundary=b", **headers})

    def test_each_call_may_come_for_another_person(self, gmail, line, authorization):
        ben = f"Bearer {gmail.access_token(BEN, [EVERYTHING])}"
        parts = [
            f"Content-ID: <a>\r\n\r\nGET {PROFILE}\r\n",
            f"Content-ID: b\r\n\r\nGET {PROFILE}\r\nAuthorization: {ben}\r\n",
            "\r\nGET /gmail/v1/users/me/messages?q=x&fields=nextPageToken,messages(id HTTP/1.1\r\n",
        ]

        answer, content = self.batch(line, parts, **authorization)
        first, second, third = content.split(b"\r\n--batch_")[0:3]

        assert answer.status == 200
        assert b"Content-ID: <response-a>" in first
        assert ANNA.encode() in first
        assert b"Content-ID: response-b" in second
        assert BEN.encode() in second
        assert b"HTTP/1.1 400" in third

    def test_a_long_answer_is_packed_as_a_whole(self, line, authorization):
        packing = authorization | {"Accept-Encoding": "gzip"}

        answer, content = self.batch(line, [f"\r\nGET {PROFILE}\r\n"] * 20, **packing)

        assert answer.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(content).count(b"HTTP/1.1 200 OK") == 20

    def test_a_batch_within_a_batch_and_an_upload_are_refused_one_by_one(self, line, authorization):
        parts = ["\r\nPOST /batch/gmail/v1\r\n", f"\r\nGET {PROFILE}\r\n", "\r\nnonsense\r\n"]

        _, content = self.batch(line, parts, **authorization)

        assert [content.count(b"HTTP/1.1 " + status) for status in (b"404", b"200", b"400")] == [1, 1, 1]
