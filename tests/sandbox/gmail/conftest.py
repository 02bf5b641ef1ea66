"""A simulated Gmail with two people in it, and Google's own client to drive it."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from typing import Any

import google_auth_httplib2
import pytest
from google.oauth2.credentials import Credentials
from googleapiclient.discovery import build_from_document

from addon.sandbox.gmail import Gmail, Server, serve
from tests.sandbox.gmail.discovery_schema import CheckedHttp, patched

ANNA, BEN = "anna@halyard.example", "ben@halyard.example"
MODIFY = "https://www.googleapis.com/auth/gmail.modify"
EVERYTHING = "https://mail.google.com/"


def mail(
    to: str = "ana@acme.test",
    subject: str = "Offer 42",
    body: str = "Hello there.",
    sender: str = f"Anna <{ANNA}>",
    **headers: str,
) -> bytes:
    """A small mail; further headers by keyword, underscores for hyphens."""
    given = {"From": sender, "To": to, "Subject": subject, **{k.replace("_", "-"): v for k, v in headers.items()}}
    lines = [f"{name}: {value}" for name, value in given.items() if value]
    return "\r\n".join([*lines, "", body, ""]).encode()


def encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode()


def decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text)


def header(message: dict[str, Any], name: str) -> str:
    return next(h["value"] for h in message["payload"]["headers"] if h["name"].lower() == name.lower())


@pytest.fixture
def gmail() -> Iterator[Gmail]:
    gmail = Gmail()
    gmail.accounts.add(ANNA, name="Anna Kowalczyk")
    gmail.accounts.add(BEN, name="Ben Okafor")
    yield gmail
    gmail.close()


@pytest.fixture
def server(gmail: Gmail) -> Iterator[Server]:
    with serve(gmail) as server:
        yield server


@pytest.fixture
def client(gmail: Gmail, server: Server) -> Iterator[Callable[..., Any]]:
    """`client(email, *scopes)`: google-api-python-client's `users()` for a mailbox, with a good token."""
    opened: list[CheckedHttp] = []

    def make(email: str = ANNA, *scopes: str, timeout: float = 10) -> Any:
        http = CheckedHttp(timeout=timeout)
        opened.append(http)
        token = gmail.access_token(email, scopes or (EVERYTHING,))
        authorized = google_auth_httplib2.AuthorizedHttp(Credentials(token), http=http, refresh_status_codes=())
        return build_from_document(patched(server.url), http=authorized)

    yield make
    for http in opened:
        http.close()


@pytest.fixture
def anna(client: Callable[..., Any]) -> Any:
    return client(ANNA).users()


@pytest.fixture
def ben(client: Callable[..., Any]) -> Any:
    return client(BEN).users()
