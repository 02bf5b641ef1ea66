"""Google's part of a call to the add-on: signed tokens, the event, the time limit, and what counts as an answer.

Only addresses under PUBLIC_URL are ever called, whatever a card says.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import requests

from addon import clock
from addon.sandbox.inbox import manifest
from addon.sandbox.inbox.events import Compose, OpenMail, Reader, Tokens, event
from addon.sandbox.inbox.manifest import Json, Manifest
from addon.sandbox.inbox.panel import Asked
from addon.sandbox.inbox.shelf import Shelf
from addon.sandbox.inbox.troubles import NoAnswer

ADDON_SCOPES = (
    "https://www.googleapis.com/auth/gmail.addons.execute",
    "https://www.googleapis.com/auth/gmail.addons.current.message.metadata",
    "https://www.googleapis.com/auth/gmail.addons.current.action.compose",
    "https://www.googleapis.com/auth/userinfo.email",
    "https://www.googleapis.com/auth/script.locale",
)
"""What a person grants when the add-on is installed."""

ADDON_SUBJECT = "100000000000000000001"
"""The unchanging number of the add-on's service account."""

SECONDS = 30.0
"""After this Google gives up on a card."""
MOST_BYTES = 4_000_000


@dataclass(frozen=True)
class Deployment:
    """The add-on as Google knows it."""

    public_url: str
    service_account: str
    client_id: str
    manifest: Json | None = None
    """The deployment's JSON; None stands for the product's own."""


class Caller:
    """Calls the add-on for a person. Grants are kept here for as long as the sandbox runs."""

    def __init__(self, shelf: Shelf, deployment: Deployment, *, seconds: float = SECONDS) -> None:
        self._shelf, self._deployment, self._seconds = shelf, deployment, seconds
        self._granted: dict[str, list[str]] = {}
        self.manifest = Manifest.of(deployment.manifest or manifest.shipped(deployment.public_url))

    def trigger(self, name: str) -> str:
        """The address of one of the add-on's triggers: home, message."""
        return f"{self._deployment.public_url}/addon/{name}"

    def granted(self, email: str) -> list[str]:
        """The scopes that this person granted to the add-on."""
        return self._granted.setdefault(email, list(ADDON_SCOPES))

    def grant(self, email: str, scopes: Sequence[str]) -> None:
        """The person said yes; `*` stands for all that the add-on may ask for."""
        more = self.manifest.scopes if "*" in scopes else scopes
        self._granted[email] = list(dict.fromkeys([*self.granted(email), *more]))

    def withdraw(self, email: str, scopes: Sequence[str]) -> None:
        """The person took these back."""
        self._granted[email] = [scope for scope in self.granted(email) if scope not in scopes]

    def wanted(self, email: str, scopes: Sequence[str]) -> list[str]:
        """What a request for scopes comes to: `*` stands for all of the deployment that are not granted yet."""
        if "*" not in scopes:
            return list(scopes)
        return [scope for scope in self.manifest.scopes if scope not in self.granted(email)]

    def call(self, reader: Reader, mail: OpenMail | None, asked: Asked, compose: Compose | None = None) -> Any:
        """Post the event and give back the JSON of a 2xx answer. Raises NoAnswer."""
        if not asked.url.startswith(self._deployment.public_url + "/"):
            raise NoAnswer("elsewhere", url=asked.url, home=self._deployment.public_url)
        scopes = self.granted(reader.email)
        tokens = self._tokens(reader.email, scopes, asked.url, mail, writes=compose is not None)
        body = event(
            reader,
            tokens,
            scopes,
            mail=mail,
            compose=compose,
            at=clock.now(),
            inputs=asked.inputs,
            parameters=asked.parameters,
        )
        try:
            answer = requests.post(
                asked.url,
                json=body,
                headers={"Authorization": f"Bearer {tokens.system_id}"},
                timeout=self._seconds,
                allow_redirects=False,
            )
        except requests.Timeout:
            raise NoAnswer("late", url=asked.url, seconds=f"{self._seconds:g}") from None
        except requests.RequestException as trouble:
            raise NoAnswer("unreachable", url=asked.url, why=type(trouble).__name__) from None
        return _json_of(answer)

    def _tokens(self, email: str, scopes: list[str], url: str, mail: OpenMail | None, *, writes: bool) -> Tokens:
        account, client = self._deployment.service_account, self._deployment.client_id
        shares_address = any(scope.endswith("/userinfo.email") for scope in scopes)
        return Tokens(
            user_access=self._shelf.access_token(email, scopes),
            user_id=self._shelf.gmail.id_token(email, client) if shares_address else "",
            system_id=self._shelf.gmail.sign_id_token(
                {"aud": url, "azp": account, "email": account, "email_verified": True, "sub": ADDON_SUBJECT}
            ),
            message_access=self._shelf.access_token(email, scopes, mail.message_id if mail else "")
            if mail or writes
            else "",
        )


def _json_of(answer: requests.Response) -> Any:
    if not 200 <= answer.status_code < 300:
        raise NoAnswer("status", url=answer.url, status=answer.status_code)
    if len(answer.content) > MOST_BYTES:
        raise NoAnswer("too_long", url=answer.url, most=MOST_BYTES)
    try:
        return answer.json()
    except ValueError:
        raise NoAnswer("no_json", url=answer.url) from None
