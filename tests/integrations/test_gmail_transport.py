"""The transport on the wire: nothing is ever sent twice, and no call outlives its deadline."""

from __future__ import annotations

import gzip
import socket
import ssl
import time
import zlib
from collections.abc import Iterator
from http.client import HTTPException, IncompleteRead, RemoteDisconnected

import pytest

from addon.integrations.gmail import transport as transport_module
from addon.integrations.gmail.connections import Connections
from addon.integrations.gmail.transport import Garbled, Transport, trusted_roots


@pytest.fixture
def transport() -> Iterator[Transport]:
    made = Transport(timeout=5)
    yield made
    made.close()


def test_a_server_that_reads_a_first_request_and_hangs_up_sees_it_once(raw_server, transport):
    server = raw_server(lambda exchange: exchange.hang_up())

    with pytest.raises(RemoteDisconnected):
        transport.request(server.url + "/send", "POST", b"{}")

    assert server.count("POST") == 1


def test_a_server_that_hangs_up_on_a_warm_connection_sees_the_request_once(raw_server, transport):
    server = raw_server(lambda exchange: exchange.answer() if exchange.number == 1 else exchange.hang_up())
    transport.request(server.url + "/warm")

    with pytest.raises(RemoteDisconnected):
        transport.request(server.url + "/send", "POST", b"{}")

    assert (server.connections, server.count("POST")) == (1, 1)


def test_after_a_hang_up_the_next_request_goes_out_on_a_new_connection(raw_server, transport):
    server = raw_server(lambda exchange: exchange.hang_up() if len(exchange.server.asked) == 1 else exchange.answer())

    with pytest.raises(RemoteDisconnected):
        transport.request(server.url + "/send", "POST", b"{}")

    assert transport.request(server.url + "/look")[0].status == 200
    assert [asked.target for asked in server.asked] == ["/send", "/look"]


def test_a_connection_is_kept_for_the_next_request(raw_server, transport):
    server = raw_server(lambda exchange: exchange.answer())

    for _ in range(3):
        transport.request(server.url + "/")

    assert (server.connections, len(server.asked)) == (1, 3)


def test_a_connection_that_the_server_closed_while_idle_costs_nothing(raw_server, transport):
    def one_answer_a_connection(exchange):
        exchange.answer()
        exchange.hang_up()

    server = raw_server(one_answer_a_connection)
    transport.request(server.url + "/")
    _until_readable(transport)

    assert transport.request(server.url + "/send", "POST", b"{}")[0].status == 200
    assert (server.connections, server.count("POST")) == (2, 1)


def test_a_connection_idle_for_too_long_is_not_trusted(raw_server, transport, monkeypatch):
    server = raw_server(lambda exchange: exchange.answer())
    transport.request(server.url + "/")
    monkeypatch.setattr(transport_module, "MOST_IDLE_SECONDS", -1.0)

    transport.request(server.url + "/")

    assert server.connections == 2


def test_a_server_that_announces_to_close_is_believed(raw_server, transport):
    server = raw_server(lambda exchange: exchange.answer(b"bye", headers="Connection: close\r\n"))

    answers = [transport.request(server.url + "/")[1] for _ in range(2)]

    assert (answers, server.connections) == ([b"bye", b"bye"], 2)


@pytest.mark.parametrize("dribble", ["status", "headers", "body"])
def test_a_server_that_dribbles_bytes_does_not_outlive_the_deadline(raw_server, dribble):
    begun = {"status": b"HTTP/1.1 ", "headers": b"HTTP/1.1 200 OK\r\nX-A: ", "body": b"HTTP/1.1 200 OK\r\n"}[dribble]

    def drip(exchange):
        exchange.say(begun + (b"Content-Length: 10000\r\n\r\n" if dribble == "body" else b""))
        while not exchange.server.over.wait(0.02):
            exchange.say(b"2")

    server, transport = raw_server(drip), Transport(timeout=0.3)
    began = time.monotonic()

    with pytest.raises(TimeoutError):
        transport.request(server.url + "/send", "POST", b"{}")

    assert 0.25 < time.monotonic() - began < 2
    assert server.count("POST") == 1


def test_a_server_that_says_nothing_is_left_at_the_deadline(raw_server):
    server, transport = raw_server(lambda exchange: exchange.server.over.wait(5)), Transport(timeout=0.2)

    with pytest.raises(TimeoutError):
        transport.request(server.url + "/")

    assert len(server.asked) == 1


def test_a_server_that_does_not_read_is_left_at_the_deadline(raw_server, monkeypatch):
    monkeypatch.setattr("tests.integrations.raw_server._read", lambda incoming: time.sleep(1))
    server, transport = raw_server(lambda exchange: exchange.answer()), Transport(timeout=0.3)
    began = time.monotonic()

    with pytest.raises(TimeoutError):
        transport.request(server.url + "/", "POST", b"x" * 50_000_000)

    assert time.monotonic() - began < 2


@pytest.mark.parametrize(
    ("coding", "packed"),
    [
        ("gzip", gzip.compress(b"hello")),
        ("deflate", zlib.compress(b"hello")),
        ("deflate", zlib.compress(b"hello", wbits=-zlib.MAX_WBITS)),
        ("identity", b"hello"),
    ],
    ids=["gzip", "deflate", "deflate without its wrapper", "as it is"],
)
def test_answers_are_unpacked(raw_server, transport, coding, packed):
    server = raw_server(lambda exchange: exchange.answer(packed, headers=f"Content-Encoding: {coding}\r\n"))

    reply, content = transport.request(server.url + "/")

    assert content == b"hello"
    assert "content-encoding" not in reply


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br"])
def test_an_answer_that_does_not_unpack_is_told_from_a_good_one(raw_server, transport, coding):
    server = raw_server(lambda exchange: exchange.answer(b"nonsense", headers=f"Content-Encoding: {coding}\r\n"))

    with pytest.raises(Garbled):
        transport.request(server.url + "/")


def test_a_chunked_answer_is_joined_and_the_connection_kept(raw_server, transport):
    chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n"
    server = raw_server(lambda exchange: exchange.say(chunked))

    contents = [transport.request(server.url + "/")[1] for _ in range(2)]

    assert (contents, server.connections) == ([b"hello world"] * 2, 1)


@pytest.mark.parametrize(
    "half",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhal",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhe",
    ],
)
def test_half_an_answer_is_no_answer(raw_server, transport, half):
    def cut(exchange):
        exchange.say(half)
        exchange.hang_up()

    with pytest.raises(IncompleteRead):
        transport.request(raw_server(cut).url + "/")


def test_what_is_not_http_is_refused(raw_server, transport):
    def chat(exchange):
        exchange.say(b"220 mail.example ESMTP\r\n")
        exchange.hang_up()

    with pytest.raises(HTTPException):
        transport.request(raw_server(chat).url + "/")


def test_a_redirect_is_an_answer_and_not_followed(raw_server, transport):
    server = raw_server(lambda exchange: exchange.answer(status="302 Found", headers="Location: /elsewhere\r\n"))

    assert transport.request(server.url + "/")[0].status == 302
    assert len(server.asked) == 1


def test_the_reply_is_what_the_library_expects(raw_server, transport):
    server = raw_server(
        lambda exchange: exchange.answer(b"x", status="401 Unauthorized", headers="X-Some-Thing: 1\r\n")
    )

    reply, _ = transport.request(server.url + "/")

    assert (reply.status, reply["status"], reply["x-some-thing"]) == (401, "401", "1")


def test_a_name_with_several_addresses_is_reached_at_the_one_that_answers(raw_server, transport, monkeypatch):
    server = raw_server(lambda exchange: exchange.answer())
    deaf = socket.create_server(("127.0.0.1", 0))
    deaf_port = deaf.getsockname()[1]
    deaf.close()
    found = socket.getaddrinfo

    def two_addresses(host, port, *rest):
        return found(host, deaf_port, *rest) + found(host, port, *rest)

    monkeypatch.setattr(socket, "getaddrinfo", two_addresses)

    assert transport.request(server.url + "/")[0].status == 200


def test_a_name_without_addresses_is_an_error(transport, monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_: [])

    with pytest.raises(OSError):
        transport.request("http://localhost:1/")


def test_a_deadline_that_has_passed_lets_nothing_begin(raw_server):
    server, transport = raw_server(lambda exchange: exchange.answer()), Transport(timeout=0)

    with pytest.raises(TimeoutError):
        transport.request(server.url + "/", "POST", b"{}")

    assert server.asked == []


def test_only_web_addresses_are_spoken_to(transport):
    with pytest.raises(ValueError):
        transport.request("ftp://127.0.0.1/")


def test_https_trusts_the_same_authorities_on_every_machine():
    roots = trusted_roots()

    assert roots.verify_mode is ssl.CERT_REQUIRED
    assert roots.check_hostname
    assert len(roots.get_ca_certs()) > 50


def test_a_plain_server_is_not_mistaken_for_a_secure_one(raw_server, transport):
    server = raw_server(lambda exchange: exchange.answer())

    with pytest.raises(OSError):
        transport.request(server.url.replace("http:", "https:") + "/")

    assert server.asked == []


def test_a_connection_given_back_serves_the_next_borrower(raw_server):
    server, connections = raw_server(lambda exchange: exchange.answer()), Connections(5)

    for _ in range(2):
        with connections.lent() as transport:
            transport.request(server.url + "/")
    connections.close()

    assert server.connections == 1


def test_connections_given_back_after_the_end_are_closed(raw_server):
    server, connections = raw_server(lambda exchange: exchange.answer()), Connections(5)

    with connections.lent() as transport:
        transport.request(server.url + "/")
        connections.close()

    assert transport._kept == {}


def _until_readable(transport: Transport) -> None:
    """Until the server's goodbye has arrived, which takes loopback a moment."""
    ends = time.monotonic() + 5
    while any(kept.usable() for kept in transport._kept.values()) and time.monotonic() < ends:
        time.sleep(0.001)
