"""Somebody without a browser who opens every page of a running demo, with all that each page loads."""

from __future__ import annotations

import re
import tempfile
import time
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Self
from urllib.parse import urljoin, urlsplit

import requests
from werkzeug.routing import MapAdapter

from addon import settings
from addon.app import House, create_app
from addon.integrations.google.parts import Google
from addon.sandbox.world.data import PEOPLE_FILE
from tests import databases

ANNA = "anna@halyard.example"
PATIENCE = 60.0
"""Seconds."""

LEADS_AWAY = ("/mailboxes/connect", "/signin/google", "/signout")
"""Where Google takes over."""


class _Addresses(HTMLParser):
    """Whatever a page links to or loads."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        wanted = ("href", "src", "data-state", "data-news")
        self.found += [value for name, value in attrs if name in wanted and value]


class Visitor:
    """A session of one person. `missing` holds what did not answer with 200."""

    def __init__(self, home: str) -> None:
        self.home, self.missing = home, list[str]()
        self._web = requests.Session()
        self._seen: set[str] = set()
        self._opened: set[str] = set()
        self._map = _url_map()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._web.close()

    def sign_in(self) -> None:
        """As Anna, in the workspace by Google's page and in the inbox."""
        self._open("/signin")
        self._ask_google("/signin/google")
        inbox = self._open("/mail/who")
        self._send("/mail/who", {"csrf_token": _token(inbox), "email": ANNA})

    def connect_a_mailbox(self) -> None:
        """Once more the same, with every right that is asked for."""
        self._ask_google("/mailboxes/connect")

    def write_a_campaign(self) -> None:
        """The demo's own list, ready to be launched."""
        empty = self._open("/campaigns/new")
        where = self._map.build("web.campaign_drafts.read_list")
        with PEOPLE_FILE.open("rb") as people:
            page = self._send(where, {"csrf_token": _token(empty)}, {"list": ("people.csv", people, "text/csv")})
        kept = dict(re.findall(r'name="(kept|kept_name|instead_of)" value="([^"]*)"', page))
        mailbox = re.findall(r'name="mailbox".*?<option value="(\d+)"', page, re.DOTALL)[0]
        mail = {"name": "Autumn", "mailbox": mailbox, "subject": "A plan for you", "body": "Hello {{ first_name }}"}
        self._send(self._map.build("web.campaign_drafts.create"), {**kept, **mail, "csrf_token": _token(page)})

    def bring_a_list(self) -> None:
        """Of people, read and not taken in."""
        page = self._open("/imports/new?subject=contact")
        rows = "name,email\nVera Novak,vera@novak.example\nNobody,no address\n"
        fields = {"subject": "contact", "rows": rows, "csrf_token": _token(page)}
        self._send(self._map.build("web.imports.start"), fields)

    def take_it_in(self) -> None:
        """And wait until its bad row can be fetched."""
        page = self._open("/imports/1")
        columns = dict(zip(re.findall(r'<select[^>]* name="(to-[^"]+)"', page), ("name", "email"), strict=True))
        self._send("/imports/1/begin", {**columns, "csrf_token": _token(page)})
        end = time.monotonic() + PATIENCE
        while "bad.csv" not in self._open("/imports/1"):
            assert time.monotonic() < end, "nothing was taken in"

    def ask_as_scripts_do(self) -> None:
        """For parts of pages, and for what follows a form."""
        for path in (
            "/board/1/state",
            "/board/reasons?at=/board/1",
            "/board/many/stages?at=/board/1",
            "/cells/1?at=/board/1&keys=title",
            "/filters/apply?at=/deals&field=product&op=is&value=x",
            "/filters/columns?at=/deals&key=title",
            "/filters/shown?at=/board/1&key=1",
            "/suggest/person?q=mar",
            "/suggest/company?q=zie",
            "/imports/1/state",
            "/imports/1/bad.csv",
        ):
            self._open(path)

    def launch(self) -> None:
        """And wait until the first mail lies in the folder of what was sent."""
        self._send("/campaigns/1/launch", {"csrf_token": _token(self._open("/campaigns/1"))})
        end = time.monotonic() + PATIENCE
        while "A plan for you" not in self._open("/mail/?folder=sent"):
            assert time.monotonic() < end, "nothing was sent"

    def unsubscribe_link(self) -> str:
        """Of a mail that was sent."""
        sent = self._open("/mail/?folder=sent")
        thread = re.findall(r'href="(/mail/t/[^"]+)"', sent)[0]
        return re.findall(r"/u/[\w.~-]+", self._open(unescape(thread)))[0]

    def walk(self, *paths: str) -> None:
        """Open these and whatever they lead to, each kind of page once and each file that a page loads."""
        todo = list(paths)
        while todo:
            address = todo.pop(0)
            addresses = _Addresses()
            addresses.feed(self._open(address))
            todo += [path for found in addresses.found if (path := self._worth_opening(address, found))]

    def never_seen(self) -> set[str]:
        """Pages of the product that were not opened, by their endpoint."""
        own = {rule.endpoint for rule in self._map.map.iter_rules() if rule.methods and "GET" in rule.methods}
        return own - self._seen

    def _ask_google(self, path: str) -> None:
        """Say yes on the page that this path leads to, and come back."""
        asked = self._web.get(self.home + path, timeout=PATIENCE)
        question = re.findall(r'name="question" value="([^"]*)"', asked.text)[0]
        scopes = re.findall(r'name="scope" value="([^"]*)"', asked.text)
        answer = {"question": unescape(question), "account": ANNA, "scope": scopes, "decision": "allow"}
        back = self._web.post(asked.url.partition("?")[0], data=answer, timeout=PATIENCE)
        assert back.ok, f"{path}: {back.status_code}"
        for step in (*asked.history, *back.history, back):
            self._note(step.url)

    def _worth_opening(self, page: str, found: str) -> str:
        address = urljoin(self.home + page, found).partition("#")[0]
        parts = urlsplit(address)
        if not address.startswith(self.home) or parts.path.startswith(LEADS_AWAY):
            return ""
        path = address.removeprefix(self.home)
        known = path if "/assets/" in path or "/static/" in path else self._kind(parts.path)
        if known in self._opened:
            return ""
        self._opened.add(known)
        return path

    def _open(self, path: str) -> str:
        answer = self._web.get(self.home + path, timeout=PATIENCE)
        for step in (*answer.history, answer):
            self._note(step.url)
        if answer.status_code != 200 or not answer.content:
            self.missing.append(f"{path}: {answer.status_code}")
        return answer.text if answer.headers.get("Content-Type", "").startswith("text/html") else ""

    def _send(self, path: str, fields: dict[str, str], files: dict[str, tuple[str, object, str]] | None = None) -> str:
        answer = self._web.post(self.home + path, data=fields, files=files, timeout=PATIENCE)  # type: ignore[arg-type]
        assert answer.ok, f"{path}: {answer.status_code}"
        return answer.text

    def _note(self, url: str) -> None:
        if url.startswith(self.home):
            self._seen.add(self._kind(urlsplit(url).path))

    def _kind(self, path: str) -> str:
        """Pages of one kind differ by their numbers; the inbox's own are told by their first part."""
        if path.startswith("/mail/"):
            return "/".join(path.split("/")[:3])
        return str(self._map.match(path, method="GET")[0])


def _token(page: str) -> str:
    return re.findall(r'name="csrf_token" value="([^"]+)"', page)[0]


def _url_map() -> MapAdapter:
    """The product's addresses, from this checkout."""
    with tempfile.TemporaryDirectory() as folder, databases.on_sqlite(Path(folder)) as database:
        known = settings.load(
            database_url="sqlite:///unused.db", secret_keys=databases.KEY, google_url="http://localhost:1"
        )
        house = House(known, database, Google.of(known))
        try:
            return create_app(house).url_map.bind("localhost")
        finally:
            house.google.close()
