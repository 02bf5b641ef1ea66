"""Connecting a mailbox: the address of Google's consent page, and what the code that comes back is worth.

Signing in to the web workspace is another matter: this asks for lasting access to mail.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from addon.domain.ports.identity import Identity, IdentityCheck
from addon.domain.ports.mailbox import AccessToken, RefusedForGood
from addon.integrations.gmail.connections import Connections
from addon.integrations.google.endpoints import Endpoints
from addon.integrations.google.token_endpoint import post

# Reading, watching and history; drafts and sending them. Neither may delete mail or change labels.
MAIL_SCOPES = (
    "https://www.googleapis.com/auth/gmail.readonly",
    "https://www.googleapis.com/auth/gmail.compose",
)
SCOPES = ("openid", "email", *MAIL_SCOPES)


@dataclass(frozen=True)
class Asked:
    """Send the browser to `url`; keep `state` and `verifier` in the person's session until they return."""

    url: str
    state: str = field(repr=False)
    verifier: str = field(repr=False)


@dataclass(frozen=True)
class Connected:
    """What the person granted."""

    identity: Identity
    """Whose mailbox it is, verified by Google."""
    refresh_token: str = field(repr=False)
    access: AccessToken = field(repr=False)
    scopes: frozenset[str]

    @property
    def lacking(self) -> frozenset[str]:
        """Mail scopes that the person left unticked: without them the mailbox cannot work."""
        return frozenset(MAIL_SCOPES) - self.scopes


class Consent:
    """The walk to Google's consent page and back. Shared by threads."""

    def __init__(
        self,
        endpoints: Endpoints,
        connections: Connections,
        identity: IdentityCheck,
        *,
        client_id: str,
        client_secret: str,
    ) -> None:
        self._endpoints, self._connections, self._identity = endpoints, connections, identity
        self._client_id, self._client_secret = client_id, client_secret

    def ask(self, *, redirect_uri: str, login_hint: str = "", scopes: Sequence[str] = SCOPES) -> Asked:
        """Where to send the browser. `redirect_uri` is built from PUBLIC_URL and registered with Google."""
        state, verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(64)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        query = {
            "response_type": "code",
            "client_id": self._client_id,
            "redirect_uri": redirect_uri,
            "scope": " ".join(scopes),
            "access_type": "offline",
            "prompt": "consent",  # else Google gives no refresh token the second time
            "include_granted_scopes": "true",
            "state": state,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        if login_hint:
            query["login_hint"] = login_hint
        return Asked(f"{self._endpoints.authorize}?{urlencode(query)}", state, verifier)

    def exchange(self, code: str, *, verifier: str, redirect_uri: str) -> Connected:
        """What the code is worth, asked once: Google takes each code only once.

        Raises RefusedForGood (the code is spent, too old or somebody else's: begin anew), AnswerLost, RefusedForNow,
        NotVerified, KeysUnavailable.
        """
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "code_verifier": verifier,
            "redirect_uri": redirect_uri,
            "client_id": self._client_id,
            "client_secret": self._client_secret,
        }
        answer = post(self._connections, self._endpoints.token, form)
        if not answer.done:
            raise RefusedForGood(answer.error)
        if not answer.fields.get("refresh_token"):
            raise RefusedForGood("no_refresh_token")
        return Connected(
            identity=self._identity.addon_user(answer.text("id_token")),
            refresh_token=answer.text("refresh_token"),
            access=answer.access(),
            scopes=frozenset(answer.text("scope").split()),
        )
