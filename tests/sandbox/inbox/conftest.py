"""An inbox on a real simulated Gmail, and an add-on that answers what a test wants and remembers who called it."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.test import Client, TestResponse
from werkzeug.wrappers import Response

from addon.sandbox.gmail import Gmail, serve
from addon.sandbox.inbox import manifest
from addon.sandbox.inbox.app import Setup, create_inbox
from addon.sandbox.inbox.caller import Caller, Deployment
from addon.sandbox.inbox.people import Cast
from addon.sandbox.inbox.reading import Person
from addon.sandbox.inbox.shelf import Shelf

CARDS = Path(__file__).parent / "cards"
ANNA, DIMAS = Person("Anna Kowalczyk", "anna@halyard.example"), Person("Dimas Prasetyo", "dimas@halyard.example")
TUESDAY = datetime(2026, 11, 24, 13, 2, tzinfo=UTC)


def mail(sender: str, to: str, subject: str, text: str, *more: str) -> bytes:
    """A plain mail; further headers are given whole."""
    number = re.sub(r"\W+", "", f"{sender}{subject}{text[:20]}")
    head = [f"From: {sender}", f"To: {to}", f"Subject: {subject}", f"Message-ID: <{number}@mail.example>", *more]
    kind = ["MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: 8bit"]
    return "\r\n".join([*head, *kind, "", *text.split("\n")]).encode()


def writing_deployment(url: str) -> dict[str, Any]:
    """The product's deployment, and two buttons in the compose window; the menu calls the add-on, too."""
    deployment = manifest.shipped(url)
    deployment["addOns"]["common"]["universalActions"].append(
        {"label": "Settings", "runFunction": f"{url}/addon/settings"}
    )
    deployment["addOns"]["gmail"]["composeTrigger"] = {
        "actions": [
            {"label": "Insert a text", "runFunction": f"{url}/addon/compose"},
            {"label": "Follow up", "runFunction": f"{url}/addon/follow"},
        ],
        "draftAccess": "METADATA",
    }
    return deployment


@dataclass
class Call:
    path: str
    bearer: str
    event: dict[str, Any]


@dataclass
class FakeAddon:
    """Answers each path with what was put there: JSON, or a status; one answer may be a list, used one by one."""

    url: str
    calls: list[Call] = field(default_factory=list)
    answers: dict[str, list[Any]] = field(default_factory=dict)

    def put(self, path: str, *answers: Any) -> None:
        self.answers[path] = list(answers)

    def put_card(self, path: str, name: str) -> None:
        self.put(path, json.loads((CARDS / f"{name}.json").read_text().replace("@/", f"{self.url}/")))

    def answer(self, path: str) -> tuple[int, bytes]:
        waiting = self.answers.get(path) or [404]
        answer = waiting.pop(0) if len(waiting) > 1 else waiting[0]
        if isinstance(answer, int):
            return answer, b"no"
        return 200, answer if isinstance(answer, bytes) else json.dumps(answer).encode()

    def events(self, path: str) -> list[dict[str, Any]]:
        return [call.event for call in self.calls if call.path == path]


@pytest.fixture
def addon() -> Iterator[FakeAddon]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version, disable_nagle_algorithm = "HTTP/1.1", True

        def do_POST(self) -> None:
            event = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            fake.calls.append(Call(self.path, self.headers["Authorization"].removeprefix("Bearer "), event))
            status, body = fake.answer(self.path)
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_GET(self) -> None:
            """A page of the add-on's own, for windows that a card opens."""
            page = b"<!doctype html><title>CRM</title><h1>The add-on's own page</h1>"
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(page)))
            self.end_headers()
            self.wfile.write(page)

        def log_message(self, *_: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    fake = FakeAddon(f"http://127.0.0.1:{server.server_port}")
    fake.put_card("/addon/home", "home")
    fake.put_card("/addon/message", "message")
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield fake
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def gmail() -> Iterator[Gmail]:
    gmail = Gmail()
    for person in (ANNA, DIMAS):
        gmail.accounts.add(person.email, name=person.name)
    yield gmail
    gmail.close()


@pytest.fixture
def caller(gmail: Gmail, addon: FakeAddon) -> Caller:
    account = "addon@sandbox.iam.gserviceaccount.com"
    return Caller(Shelf(gmail), Deployment(addon.url, account, "client-1", writing_deployment(addon.url)), seconds=5)


@pytest.fixture
def inbox_app(gmail: Gmail, addon: FakeAddon, caller: Caller, tmp_path: Path) -> Iterator[Flask]:
    people = tmp_path / "people.csv"
    people.write_text("email,first name\nrina@contoh.example,Rina\n")
    with serve(gmail) as server:
        setup = Setup(server.url, addon.url, "not a secret in a test", ZoneInfo("Europe/Rome"), people)
        app = create_inbox(setup, Cast([ANNA, DIMAS]), Shelf(gmail), caller)
        yield app


class Browser:
    """Somebody at the inbox page, without scripts unless a test says so."""

    def __init__(self, app: Flask) -> None:
        self._client = Client(DispatcherMiddleware(Response("nothing here", 404), {"/mail": app}))
        self.page = ""

    def get(self, path: str, **headers: str) -> TestResponse:
        answer = self._client.get("/mail" + path, headers=headers, follow_redirects=True)
        self.page = answer.text if answer.mimetype == "text/html" else self.page
        return answer

    def post(self, path: str, *, scripts: bool = False, **fields: Any) -> TestResponse:
        token = re.search(r'name="csrf-token" content="([^"]+)"', self.page)
        data = {"csrf_token": token[1] if token else "", **fields}
        headers = {"X-Requested-With": "fetch"} if scripts else {}
        answer = self._client.post("/mail" + path, data=data, headers=headers, follow_redirects=not scripts)
        self.page = answer.text if answer.mimetype == "text/html" else self.page
        return answer

    def sit(self, person: Person) -> None:
        self.get("/who")
        self.post("/who", email=person.email)

    @property
    def panel(self) -> str:
        found = re.findall(r"/mail/panel/(\w+)/", self.page)
        return str(found[-1]) if found else ""

    @property
    def version(self) -> str:
        found = re.search(r'name="version" value="(\d+)"', self.page)
        return found[1] if found else ""

    def press(self, place: str, *, scripts: bool = False, **fields: Any) -> TestResponse:
        fields = {f"in.{name}": value for name, value in fields.items()}
        path = f"/panel/{self.panel}/press"
        return self.post(path, scripts=scripts, version=self.version, press=place, **fields)


@pytest.fixture
def browser(inbox_app: Flask) -> Browser:
    return Browser(inbox_app)
