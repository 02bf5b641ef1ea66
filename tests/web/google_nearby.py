"""A Google on this machine for people to sign in with, and the walk through its consent page without a browser."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from urllib.parse import parse_qs, urlencode, urlsplit

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from addon.sandbox.gmail import Gmail, serve

ANNA, STRANGER = "anna@halyard.test", "stranger@elsewhere.test"
PUBLIC = "http://localhost:8000"


@dataclass
class GoogleNearby:
    gmail: Gmail
    url: str

    def consent(self, asked: str, email: str, *, decision: str = "allow", tick: Sequence[str] | None = None) -> str:
        """Answer the consent page that a browser was sent to; the address that it sends the browser back to."""
        question = urlsplit(asked).query
        scopes = parse_qs(question)["scope"][0].split() if tick is None else tick
        form = [("question", question), ("account", email), ("decision", decision), *(("scope", s) for s in scopes)]
        place = urlsplit(self.url)
        connection = HTTPConnection(place.hostname or "", place.port, timeout=10)
        try:
            headers = {"Content-Type": "application/x-www-form-urlencoded"}
            connection.request("POST", "/o/oauth2/v2/auth", urlencode(form), headers)
            answer = connection.getresponse()
            answer.read()
            return answer.headers["Location"]
        finally:
            connection.close()

    def walk(self, client: FlaskClient, start: str, email: str, **more: object) -> TestResponse:
        """From a page of ours to Google's and back."""
        asked = client.get(start).headers["Location"]
        back = urlsplit(self.consent(asked, email, **more))  # type: ignore[arg-type]
        assert f"{back.scheme}://{back.netloc}" == PUBLIC, "the way back is built from PUBLIC_URL"
        return client.get(f"{back.path}?{back.query}")


@contextmanager
def google_nearby() -> Iterator[GoogleNearby]:
    gmail = Gmail()
    gmail.accounts.add(ANNA, name="Anna Kowalczyk")
    gmail.accounts.add(STRANGER, name="A stranger")
    gmail.clients.add("client", "secret", [f"{PUBLIC}/signin/return", f"{PUBLIC}/mailboxes/connected"])
    with serve(gmail) as server:
        yield GoogleNearby(gmail, server.url)
    gmail.close()
