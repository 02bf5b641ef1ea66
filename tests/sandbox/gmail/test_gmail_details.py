"""The small print of Gmail's REST interface: ids, labels, imports, watches, refusals, parts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import google_auth_httplib2
import httplib2
import pytest
from google.oauth2.credentials import Credentials
from googleapiclient.discovery import build_from_document
from googleapiclient.errors import HttpError
from googleapiclient.http import MediaInMemoryUpload

from addon.sandbox.gmail import Gmail, Server, serve
from addon.sandbox.gmail.api import messages as messages_api
from tests.sandbox.gmail.conftest import ANNA, BEN, EVERYTHING, decoded, encoded, mail
from tests.sandbox.gmail.discovery_schema import CheckedHttp, patched

NOBODYS = "18c2f3a9b0d1e2f3"


@pytest.fixture(scope="module")
def office() -> Iterator[tuple[Gmail, Server, Any]]:
    gmail = Gmail()
    for email in (ANNA, BEN):
        gmail.accounts.add(email)
    with serve(gmail) as server:
        http = CheckedHttp(timeout=10)
        credentials = Credentials(gmail.access_token(ANNA, [EVERYTHING]))
        authorized = google_auth_httplib2.AuthorizedHttp(credentials, http=http, refresh_status_codes=())
        yield gmail, server, build_from_document(patched(server.url), http=authorized).users()
        http.close()
    gmail.close()


@pytest.fixture
def api(office) -> Any:
    return office[2]


@pytest.fixture
def arrived(office) -> str:
    [one] = office[0].deliver(mail(to=ANNA), [ANNA])
    return one.message_id


def refusal(call: Any) -> tuple[int, str]:
    with pytest.raises(HttpError) as refused:
        call.execute()
    error = json.loads(refused.value.content)["error"]
    return error["code"], error["errors"][0]["reason"]


class TestIds:
    def test_what_is_no_id_is_refused_and_what_nobody_has_is_not_found(self, api):
        body = {"addLabelIds": ["STARRED"]}
        for number, expected in (("nonsense", (400, "invalidArgument")), (NOBODYS, (404, "notFound"))):
            for call in (
                api.messages().get(userId="me", id=number),
                api.messages().modify(userId="me", id=number, body=body),
                api.messages().trash(userId="me", id=number),
                api.messages().untrash(userId="me", id=number),
                api.messages().delete(userId="me", id=number),
                api.messages().batchModify(userId="me", body={"ids": [number], **body}),
                api.threads().get(userId="me", id=number),
                api.threads().modify(userId="me", id=number, body=body),
                api.threads().trash(userId="me", id=number),
                api.threads().delete(userId="me", id=number),
            ):
                assert refusal(call) == expected, call.methodId

    def test_a_thousand_ids_may_be_named_and_ids_that_are_gone_may_be_deleted(self, api, arrived):
        delete = api.messages().batchDelete
        numbers = [f"{number:016x}" for number in range(1, 1001)]

        assert refusal(delete(userId="me", body={"ids": [*numbers, arrived]})) == (400, "invalidArgument")
        assert refusal(delete(userId="me", body={"ids": []})) == (400, "invalidArgument")
        delete(userId="me", body={"ids": [*numbers[1:], arrived]}).execute()
        assert refusal(api.messages().get(userId="me", id=arrived)) == (404, "notFound")

    def test_an_attachment_id_is_checked_too(self, api, arrived):
        get = api.messages().attachments().get

        assert refusal(get(userId="me", messageId=arrived, id="nonsense")) == (400, "invalidArgument")
        assert refusal(get(userId="me", messageId=NOBODYS, id="nonsense")) == (404, "notFound")


class TestLabels:
    @pytest.mark.parametrize("name", ["inbox", "Category_Social", "TRASH", "Unread", "", "x" * 226])
    def test_reserved_empty_and_endless_names_are_refused(self, api, name):
        assert refusal(api.labels().create(userId="me", body={"name": name})) == (400, "invalidArgument")

    @pytest.mark.parametrize(
        "settings",
        [
            {"color": {"textColor": "#123456", "backgroundColor": "#ffffff"}},
            {"color": {"backgroundColor": "#ffffff"}},
            {"labelListVisibility": "sometimes"},
            {"messageListVisibility": "labelShow"},
        ],
    )
    def test_a_colour_is_of_the_palette_and_a_manner_one_of_gmails(self, api, settings):
        assert refusal(api.labels().create(userId="me", body={"name": "Odd", **settings})) == (400, "invalidArgument")

    def test_a_change_names_at_least_one_label_and_at_most_a_hundred(self, api, arrived):
        many = {"addLabelIds": [f"Label_{number}" for number in range(101)]}
        for body in ({}, many):
            for call in (
                api.messages().modify(userId="me", id=arrived, body=body),
                api.threads().modify(userId="me", id=arrived, body=body),
                api.messages().batchModify(userId="me", body={"ids": [arrived], **body}),
            ):
                assert refusal(call) == (400, "invalidArgument")

    def test_colours_stay_and_a_system_label_has_none(self, api):
        colour = {"textColor": "#ffffff", "backgroundColor": "#16a766"}
        made = api.labels().create(userId="me", body={"name": "Green", "color": colour}).execute()

        api.labels().patch(userId="me", id=made["id"], body={"labelListVisibility": "labelHide"}).execute()

        assert api.labels().get(userId="me", id=made["id"]).execute()["color"] == colour
        assert refusal(api.labels().patch(userId="me", id="INBOX", body={"color": colour})) == (400, "invalidArgument")
        conflict = api.labels().create(userId="me", body={"name": "GREEN"})
        assert refusal(conflict) == (409, "aborted")


class TestImportAndInsert:
    DATED = mail(to=ANNA, Date="Mon, 1 Feb 2027 00:00:00 +0000", Message_ID="<kept@elsewhere.test>")

    def date(self, api, message):
        return api.messages().get(userId="me", id=message["id"], format="minimal").execute()["internalDate"]

    def test_either_takes_its_date_from_where_it_is_told(self, api):
        body = {"raw": encoded(self.DATED)}
        header = {"internalDateSource": "dateHeader"}
        received = {"internalDateSource": "receivedTime"}

        inserted = api.messages().insert(userId="me", body=body, **header).execute()
        imported = api.messages().import_(userId="me", body=body, neverMarkSpam=True, **received).execute()

        assert self.date(api, inserted) == "1801440000000"
        assert self.date(api, imported) != "1801440000000"
        raw = decoded(api.messages().get(userId="me", id=inserted["id"], format="raw").execute()["raw"])
        assert raw == self.DATED, "an insert changes nothing, the Message-ID neither"

    def test_a_mail_for_the_vault_only_is_in_no_mailbox(self, api):
        body = {"raw": encoded(self.DATED), "labelIds": ["INBOX"]}
        before = api.getProfile(userId="me").execute()

        answer = api.messages().insert(userId="me", body=body, deleted=True).execute()

        assert api.getProfile(userId="me").execute() == before
        assert refusal(api.messages().get(userId="me", id=answer["id"])) == (404, "notFound")

    def test_what_is_too_large_to_send_may_still_be_kept_up_to_a_limit_of_its_own(self, api, monkeypatch):
        assert messages_api.LARGEST_KEPT == 157_286_400
        monkeypatch.setattr(messages_api, "LARGEST_KEPT", 5_000)
        large = MediaInMemoryUpload(mail(to=ANNA, body="x" * 5_000), mimetype="message/rfc822")

        assert refusal(api.messages().insert(userId="me", body={}, media_body=large)) == (413, "uploadTooLarge")
        assert refusal(api.messages().import_(userId="me", body={}, media_body=large)) == (413, "uploadTooLarge")
        assert api.messages().send(userId="me", body={}, media_body=large).execute()["id"]


class TestWatching:
    TOPIC = "projects/p/topics/mail"

    def test_a_watch_runs_seven_days_and_there_is_one_at_a_time(self, api, clock):
        now = clock.now().timestamp() * 1000
        watch = api.watch

        started = watch(userId="me", body={"topicName": self.TOPIC, "labelIds": ["INBOX"]}).execute()
        other = refusal(watch(userId="me", body={"topicName": "projects/p/topics/other"}))
        again = watch(userId="me", body={"topicName": self.TOPIC}).execute()
        api.stop(userId="me").execute()

        assert abs(int(started["expiration"]) - now - 7 * 86_400_000) < 60_000
        assert other == (400, "failedPrecondition")
        assert int(again["expiration"]) >= int(started["expiration"])
        assert watch(userId="me", body={"topicName": "projects/p/topics/other"}).execute()["historyId"]
        api.stop(userId="me").execute()

    @pytest.mark.parametrize(
        "body",
        [
            {},
            {"topicName": "mail"},
            {"topicName": "projects/p/topics/"},
            {"topicName": TOPIC, "labelIds": ["Label_99"]},
            {"topicName": TOPIC, "labelFilterBehavior": "perhaps"},
        ],
    )
    def test_a_strange_topic_label_or_manner_is_refused(self, api, body):
        assert refusal(api.watch(userId="me", body=body)) == (400, "invalidArgument")


class TestRefusals:
    def test_no_token_a_bad_one_and_anothers_mailbox_each_have_a_body_of_their_own(self, office):
        gmail, server, _ = office
        http = httplib2.Http(timeout=10)

        def error(token: str, user: str = "me") -> dict[str, Any]:
            headers = {"Authorization": f"Bearer {token}"} if token else {}
            _, content = http.request(f"{server.url}/gmail/v1/users/{user}/profile", headers=headers)
            return json.loads(content)["error"]

        missing, bad = error(""), error("ya29.nonsense")
        others = error(gmail.access_token(ANNA, [EVERYTHING]), BEN)
        http.close()

        assert [one["code"] for one in (missing, bad, others)] == [401, 401, 403]
        assert [one["status"] for one in (missing, bad, others)] == [
            *("UNAUTHENTICATED", "UNAUTHENTICATED", "PERMISSION_DENIED"),
        ]
        assert [one["errors"][0]["reason"] for one in (missing, bad, others)] == ["required", "authError", "forbidden"]
        assert missing["details"][0]["reason"] == "CREDENTIALS_MISSING"
        assert bad["errors"][0]["message"] == "Invalid Credentials"
        assert others["message"] == f"Delegation denied for {ANNA}"

    def test_what_is_left_out_answers_as_an_unknown_address_does(self, office):
        gmail, server, _ = office
        http = httplib2.Http(timeout=10)
        headers = {"Authorization": f"Bearer {gmail.access_token(ANNA, [EVERYTHING])}"}

        statuses = [
            http.request(f"{server.url}/gmail/v1/users/me/{path}", verb, b"{}", headers)[0].status
            for verb, path in (
                ("POST", f"settings/sendAs/{ANNA}/smimeInfo/1/setDefault"),
                ("POST", "settings/cse/keypairs/1:obliterate"),
                ("GET", "settings/nothing"),
                ("GET", "nothing"),
            )
        ]
        http.close()

        assert set(statuses) <= {404, 405}


class TestParts:
    INNER = mail(to="carl@acme.test", subject="Inside", body="Inner words")

    def payload(self, office, raw: bytes) -> tuple[str, dict[str, Any]]:
        [one] = office[0].deliver(raw, [ANNA])
        return one.message_id, office[2].messages().get(userId="me", id=one.message_id).execute()["payload"]

    def test_a_forwarded_mail_is_an_attachment_with_its_own_parts_inside(self, office, api):
        raw = (
            b"Subject: Fwd\r\nContent-Type: multipart/mixed; boundary=m\r\n\r\n--m\r\n\r\nSee below.\r\n--m\r\n"
            b"Content-Type: message/rfc822\r\nContent-Disposition: attachment; filename=in.eml\r\n\r\n"
        )
        number, payload = self.payload(office, raw + self.INNER + b"--m--\r\n")
        [text, forwarded] = payload["parts"]

        whole = api.messages().attachments()
        body = whole.get(userId="me", messageId=number, id=forwarded["body"]["attachmentId"]).execute()

        assert (text["partId"], text["mimeType"], text["filename"]) == ("0", "text/plain", "")
        assert (forwarded["mimeType"], forwarded["filename"]) == ("message/rfc822", "in.eml")
        assert [part["partId"] for part in forwarded["parts"]] == ["1.0"]
        assert decoded(forwarded["parts"][0]["body"]["data"]).strip() == b"Inner words"
        assert b"Subject: Inside" in decoded(body["data"])
        assert body["size"] == forwarded["body"]["size"] == len(decoded(body["data"]))

    @pytest.mark.parametrize("depth", [20, 150, 1_200])
    def test_parts_within_parts_are_shown_or_read_as_one_text_where_there_is_no_end_of_them(self, office, api, depth):
        raw = b"Subject: deep\r\n"
        for number in range(depth):
            raw += b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (number, number)
        forwards = b"Subject: deep\r\n" + b"Content-Type: message/rfc822\r\n\r\n" * depth

        for mail_in in (raw + b"\r\nhello\r\n", forwards + b"Subject: in\r\n\r\nhello\r\n"):
            number, payload = self.payload(office, mail_in)
            assert payload["mimeType"] in ("text/plain", "multipart/mixed", "message/rfc822")
            assert ("parts" in payload) == (depth < 100)
            assert api.messages().list(userId="me", q="subject:deep").execute()["messages"][0]["id"] == number

    @pytest.mark.parametrize("size", range(1, 7))
    def test_data_is_padded_base64_of_the_url_safe_kind(self, office, size):
        _, payload = self.payload(office, b"Subject: x\r\n\r\n" + b"\xc3\xbf" * size)

        data = payload["body"]["data"]

        assert len(data) % 4 == 0
        assert not set(data) & set("+/")
        assert decoded(data) == b"\xc3\xbf" * size
        assert payload["body"]["size"] == 2 * size

    def test_a_multipart_has_no_body_of_its_own_and_keeps_the_headers_of_its_parts(self, office):
        raw = (
            b"Subject: x\r\nContent-Type: multipart/alternative; boundary=a\r\n\r\n--a\r\nX-Part: one\r\n"
            b"Content-Type: text/plain; charset=utf-8\r\n\r\nplain\r\n--a\r\nContent-Type: text/html\r\n\r\n"
            b"<p>marked</p>\r\n--a--\r\n"
        )

        _, payload = self.payload(office, raw)

        assert payload["body"] == {"size": 0}
        assert (payload["mimeType"], payload["partId"], payload["filename"]) == ("multipart/alternative", "", "")
        assert {"name": "X-Part", "value": "one"} in payload["parts"][0]["headers"]
        assert [part["mimeType"] for part in payload["parts"]] == ["text/plain", "text/html"]

    @pytest.mark.parametrize(
        ("raw", "snippet"),
        [
            (b'Subject: x\r\n\r\nTom & "Jerry"  <3\r\n\r\nit\'s', "Tom &amp; &quot;Jerry&quot; &lt;3 it&#39;s"),
            (b"Content-Type: text/html\r\n\r\n<style>p{}</style><p>Hi&nbsp;you</p><!-- no -->", "Hi you"),
            (b"Subject: x\r\n\r\n", ""),
            (b"Subject: x\r\n\r\n" + b"word " * 100, " ".join(["word"] * 40)),
        ],
    )
    def test_a_snippet_is_the_beginning_of_what_one_reads(self, office, api, raw, snippet):
        [one] = office[0].deliver(raw, [ANNA])

        assert api.messages().get(userId="me", id=one.message_id, format="minimal").execute()["snippet"] == snippet
