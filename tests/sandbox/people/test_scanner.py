"""A scanner opens every link of a mail at once, on this machine only, and nobody is unsubscribed by it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from addon.sandbox.gmail import Gmail
from addon.sandbox.people import Answering, Kind
from addon.sandbox.people.scanning import is_here, links, scan
from tests import network_guard
from tests.sandbox.people.outside_world import arrived, in_days, persona, send


class Site(ThreadingHTTPServer):
    """Notes what it is asked. `/away` leads off this machine, `/there` to `/end`."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Visit)
        self.asked: list[str] = []
        self.url = f"http://localhost:{self.server_address[1]}"


class Visit(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        assert isinstance(self.server, Site)
        self.server.asked.append(f"{self.command} {self.path}")
        leads = {"/away": "http://example.com/", "/there": "/end"}.get(self.path)
        self.send_response(302 if leads else 200)
        if leads:
            self.send_header("Location", leads)
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_HEAD = do_POST = do_GET

    def log_message(self, *_: object) -> None:
        """Silent."""


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as site:
        thread = threading.Thread(target=site.serve_forever, args=(0.01,))
        thread.start()
        yield site
        site.shutdown()
        thread.join()


def test_every_link_is_opened_as_the_mail_arrives_and_the_person_writes_later(
    gmail: Gmail, people: Answering, site: Site
) -> None:
    unsubscribe = (f"List-Unsubscribe: <{site.url}/u/1>", "List-Unsubscribe-Post: List-Unsubscribe=One-Click")
    send(gmail, persona(Kind.SCANNER).email, *unsubscribe, text=f"See {site.url}/a?b=1&c=2, or\r\n<{site.url}/u/1>.")

    assert people.deliver_due() == 1

    assert site.asked == ["HEAD /u/1", "GET /u/1", "HEAD /a?b=1&c=2", "GET /a?b=1&c=2"]
    assert arrived(gmail) == []
    assert people.deliver_due(in_days(1)) == 1
    assert len(site.asked) == 4


def test_links_of_pages_count_too_and_each_once() -> None:
    page = '<a href="http://localhost:1/x?a=1&amp;b=2">http://localhost:1/x?a=1&amp;b=2</a> <img src="http://localhost:1/p">'
    raw = f"Content-Type: text/html\r\n\r\n{page}".encode()

    assert links(raw) == ["http://localhost:1/x?a=1&b=2", "http://localhost:1/p"]


def test_nothing_leaves_this_machine(site: Site) -> None:
    before = list(network_guard.refused)
    raw = (
        f"\r\n\r\nhttp://example.com/ https://10.0.0.1/ {site.url}/away {site.url}/there http://localhost.evil.example/"
    )

    assert scan(raw.encode()) == 4

    assert site.asked == ["HEAD /away", "GET /away", "HEAD /there", "HEAD /end", "GET /there", "GET /end"]
    assert network_guard.refused == before


@pytest.mark.parametrize(
    ("link", "here"),
    [
        ("http://localhost:8000/u/1", True),
        ("http://127.0.0.1/", True),
        ("http://[::1]/", True),
        ("http://127.0.0.1.example.com/", False),
        ("http://localhost@example.com/", False),
        ("http://[broken", False),
        ("ftp://localhost/", False),
        ("/u/1", False),
    ],
)
def test_what_is_on_this_machine(link: str, here: bool) -> None:
    assert is_here(link) is here


def test_a_site_that_does_not_answer_holds_nobody_up() -> None:
    assert scan(b"\r\n\r\nhttp://127.0.0.1:1/ and http://[broken") == 0


def test_a_demo_that_ends_ends_the_scan(site: Site) -> None:
    assert scan(f"\r\n\r\n{site.url}/a".encode(), stopped=lambda: True) == 0
    assert site.asked == []
