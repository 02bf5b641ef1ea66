"""What the Gmail client puts on the wire, and what it makes of servers that misbehave."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from urllib.parse import parse_qs, urlsplit

import pytest

from addon.domain.ports.mailbox import (
    UNITS,
    AnswerLost,
    GmailMailbox,
    GrantLost,
    HistoryExpired,
    MailboxTrouble,
    Missing,
    RefusedForNow,
    TokenRefused,
)
from addon.integrations.gmail.client import GmailOverHttp
from addon.integrations.gmail.connections import Connections
from tests.integrations.raw_server import RawServer

CALLS: dict[str, Callable[[GmailMailbox], object]] = {
    "profile": lambda mailbox: mailbox.profile(),
    "create_draft": lambda mailbox: mailbox.create_draft(b"Subject: x\r\n\r\ny", thread_id="t1"),
    "send_draft": lambda mailbox: mailbox.send_draft("r1"),
    "delete_draft": lambda mailbox: mailbox.delete_draft("r1"),
    "draft": lambda mailbox: mailbox.draft("r1"),
    "drafts": lambda mailbox: mailbox.drafts(page="p2"),
    "thread": lambda mailbox: mailbox.thread("t1"),
    "history": lambda mailbox: mailbox.history(7, page="p2"),
    "head": lambda mailbox: mailbox.head("m1"),
    "raw": lambda mailbox: mailbox.raw("m1"),
    "mails": lambda mailbox: mailbox.mails("in:sent", page="p2"),
    "watch": lambda mailbox: mailbox.watch("projects/p/topics/t"),
    "stop_watch": lambda mailbox: mailbox.stop_watch(),
}
TOLERANT = {"drafts", "thread", "history", "mails", "stop_watch"}

Opening = Callable[..., GmailOverHttp]


@pytest.fixture
def opened() -> Iterator[Opening]:
    all_connections: list[Connections] = []

    def opening(server: RawServer, *, timeout: float = 5, message_token: str = "") -> GmailOverHttp:
        all_connections.append(Connections(timeout))
        mailbox = GmailOverHttp(all_connections[-1], server.url, "token-1", message_token=message_token)
        mailboxes.append(mailbox)
        return mailbox

    mailboxes: list[GmailOverHttp] = []
    yield opening
    for mailbox in mailboxes:
        mailbox.close()
    for connections in all_connections:
        connections.close()


def test_the_calls_tried_here_are_all_calls_of_the_port():
    assert set(CALLS) == set(UNITS)


@pytest.mark.parametrize("call", CALLS)
def test_a_server_that_hangs_up_sees_each_call_once(raw_server, opened, call):
    server = raw_server(lambda exchange: exchange.hang_up())

    with pytest.raises(AnswerLost):
        CALLS[call](opened(server))

    assert len(server.asked) == 1


@pytest.mark.parametrize("status", ["401 Unauthorized", "429 Too Many Requests", "503 Service Unavailable"])
@pytest.mark.parametrize("call", CALLS)
def test_a_refused_call_is_not_repeated(raw_server, opened, call, status):
    server = raw_server(lambda exchange: exchange.answer(b"{}", status=status))

    with pytest.raises(MailboxTrouble) as trouble:
        CALLS[call](opened(server))

    assert len(server.asked) == 1
    assert isinstance(trouble.value, {"401": TokenRefused, "429": RefusedForNow}.get(status[:3], MailboxTrouble))


@pytest.mark.parametrize("garbage", [b"", b"<html>hello</html>", b"[]", b"7", b"null", b"\xff\xfe\x00", b'{"id": '])
@pytest.mark.parametrize("call", CALLS)
def test_success_with_garbage_leaves_the_effect_open(raw_server, opened, call, garbage):
    server = raw_server(lambda exchange: exchange.answer(garbage))
    if call == "stop_watch" and garbage == b"":
        return CALLS[call](opened(server))

    with pytest.raises(AnswerLost):
        CALLS[call](opened(server))


@pytest.mark.parametrize("call", sorted(set(CALLS) - TOLERANT))
def test_success_without_what_was_asked_for_leaves_the_effect_open(raw_server, opened, call):
    server = raw_server(lambda exchange: exchange.answer(b"{}"))

    with pytest.raises(AnswerLost):
        CALLS[call](opened(server))


@pytest.mark.parametrize("call", sorted(TOLERANT))
def test_lists_without_entries_are_empty(raw_server, opened, call):
    CALLS[call](opened(raw_server(lambda exchange: exchange.answer(b"{}"))))


def test_only_a_204_proves_that_a_draft_was_deleted(raw_server, opened):
    opened(raw_server(lambda exchange: exchange.answer(b"", status="204 No Content"))).delete_draft("r1")

    with pytest.raises(AnswerLost):
        opened(raw_server(lambda exchange: exchange.answer(b"{}"))).delete_draft("r1")
    with pytest.raises(Missing):
        opened(raw_server(lambda exchange: exchange.answer(b"", status="404 Not Found"))).delete_draft("r1")


def test_a_404_means_an_expired_cursor_for_history_only(raw_server, opened):
    mailbox = opened(raw_server(lambda exchange: exchange.answer(b"{}", status="404 Not Found")))

    with pytest.raises(HistoryExpired):
        mailbox.history(1)
    with pytest.raises(Missing):
        mailbox.head("m1")


def test_the_wait_grows_with_every_refusal_in_a_row_and_starts_anew_after_a_success(raw_server, opened):
    said = iter(["429 Too Many", "429 Too Many", "200 OK", "429 Too Many"])
    mailbox = opened(raw_server(lambda exchange: exchange.answer(b"{}", status=next(said))))

    waits = [_wait_of(mailbox) for _ in range(4)]

    assert 2 <= waits[0] < 3
    assert 4 <= waits[1] < 5
    assert waits[2] == 0
    assert 2 <= waits[3] < 3


def test_a_call_ends_with_its_deadline(raw_server, opened):
    server = raw_server(lambda exchange: exchange.server.over.wait(5))

    with pytest.raises(AnswerLost) as lost:
        opened(server, timeout=0.2).send_draft("r1")

    assert (lost.value.code, server.count("POST")) == ("timeout", 1)


def test_a_google_that_is_not_there_is_told_apart(raw_server, opened):
    server = raw_server(lambda exchange: exchange.answer())
    server.close()

    with pytest.raises(AnswerLost) as lost:
        opened(server).profile()

    assert lost.value.code == "unreachable"


def test_a_lost_scope_says_so(raw_server, opened):
    refusal = json.dumps({"error": {"errors": [{"reason": "insufficientPermissions"}]}}).encode()

    with pytest.raises(GrantLost):
        opened(raw_server(lambda exchange: exchange.answer(refusal, status="403 Forbidden"))).profile()


def test_both_tokens_travel_as_headers_and_the_id_in_the_form_the_api_knows(raw_server, opened):
    server = raw_server(lambda exchange: exchange.answer(b'{"id": "18c2f3a9b0d1e2f3"}'))

    opened(server, message_token="message-token").head("msg-f:1784256312533705459")

    asked = server.asked[0]
    assert urlsplit(asked.target).path == "/gmail/v1/users/me/messages/18c2f3a9b0d1e2f3"
    assert asked.headers["authorization"] == "Bearer token-1"
    assert asked.headers["x-goog-gmail-access-token"] == "message-token"
    assert "token" not in asked.target


def test_without_a_message_token_none_is_sent(raw_server, opened):
    server = raw_server(lambda exchange: exchange.answer(b'{"id": "m1"}'))

    opened(server).head("m1")

    assert "x-goog-gmail-access-token" not in server.asked[0].headers


def test_the_open_mail_is_asked_for_its_headers_only(raw_server, opened):
    server = raw_server(lambda exchange: exchange.answer(b'{"id": "m1"}'))

    opened(server).head("m1")

    query = parse_qs(urlsplit(server.asked[0].target).query)
    assert query["format"] == ["metadata"]
    assert {"From", "Message-ID", "References"} <= set(query["metadataHeaders"])
    assert query["fields"] == ["id,threadId,labelIds,internalDate,payload/headers"]


def test_pages_are_asked_for_by_their_token(raw_server, opened):
    server = raw_server(lambda exchange: exchange.answer(b'{"historyId": "9", "nextPageToken": "p3"}'))

    page = opened(server).history(7, page="p2")

    query = parse_qs(urlsplit(server.asked[0].target).query)
    assert (query["startHistoryId"], query["pageToken"], page.next_page) == (["7"], ["p2"], "p3")
    assert query["historyTypes"] == ["messageAdded", "messageDeleted", "labelRemoved"]


def test_mailboxes_opened_one_after_the_other_share_a_connection(raw_server):
    server = raw_server(lambda exchange: exchange.answer(b'{"id": "m1"}'))
    connections = Connections(5)

    for _ in range(3):
        mailbox = GmailOverHttp(connections, server.url, "token")
        mailbox.head("m1")
        mailbox.close()
        mailbox.close()
    connections.close()

    assert server.connections == 1


def test_a_closed_mailbox_is_not_used(raw_server, opened):
    server = raw_server(lambda exchange: exchange.answer())
    mailbox = opened(server)
    mailbox.close()

    with pytest.raises(RuntimeError):
        mailbox.profile()

    assert server.asked == []


def test_nothing_of_googles_answer_is_in_the_trouble(raw_server, opened):
    refusal = json.dumps({"error": {"message": "for jane@acme.test", "errors": [{"reason": "invalid"}]}}).encode()
    server = raw_server(lambda exchange: exchange.answer(refusal, status="400 Bad Request"))

    with pytest.raises(MailboxTrouble) as trouble:
        opened(server).mails("from:jane@acme.test")

    assert "jane" not in repr(trouble.value)
    assert trouble.value.__suppress_context__


def _wait_of(mailbox: GmailMailbox) -> float:
    try:
        mailbox.mails("")
    except RefusedForNow as refused:
        return refused.wait
    return 0
