"""The files that Gmail programs read: client secrets, a token for each mailbox, a certificate, an environment.

A token file serves google-auth, its older sister oauth2client, and Node's google-auth-library alike.
"""

from __future__ import annotations

import json
import os
import secrets
import shlex
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from addon import clock
from addon.sandbox.gmail.api import scopes
from addon.sandbox.gmail.gmail import Gmail
from addon.sandbox.gmail.mailbox.accounts import Account
from addon.sandbox.gmail.sign_in.clients import DESKTOP, Client

CLIENT_ID = "gmail-on-this-machine.apps.googleusercontent.com"
SCOPES = (
    scopes.MAIL,
    scopes.MODIFY,
    scopes.READONLY,
    scopes.COMPOSE,
    scopes.SEND,
    scopes.INSERT,
    scopes.LABELS,
    scopes.SETTINGS,
    "https://www.googleapis.com/auth/gmail.settings.sharing",
    "https://www.googleapis.com/auth/userinfo.email",
    "openid",
)
_LIFE = timedelta(days=7)
_STALE = timedelta(days=1)
_SECONDS = "%Y-%m-%dT%H:%M:%SZ"


@dataclass(frozen=True)
class TokenFile:
    """A mailbox's tokens and the file they are in."""

    email: str
    path: Path
    token: str
    refresh_token: str
    expires: datetime


class Papers:
    """Writes into one folder; what holds a secret is for its owner's eyes only."""

    def __init__(self, folder: Path, gmail: Gmail, url: str) -> None:
        self.folder, self._gmail, self._url = folder.resolve(), gmail, url
        self.credentials = self.folder / "credentials.json"
        self.certificate = self.folder / "ca.pem"
        self.environment_file = self.folder / "gmail.env"
        self._client = self._registered()

    def write_credentials(self) -> None:
        """The client secrets of a desktop program, as Google's console hands them out."""
        installed = {
            "client_id": self._client.id,
            "project_id": "gmail-on-this-machine",
            "auth_uri": self._url + "/o/oauth2/v2/auth",
            "token_uri": self._url + "/token",
            "auth_provider_x509_cert_url": self._url + "/oauth2/v1/certs",
            "client_secret": self._client.secret,
            "redirect_uris": [DESKTOP],
        }
        _write(self.credentials, json.dumps({"installed": installed}, indent=2) + "\n")

    def write_token(self, account: Account) -> TokenFile:
        """A token file for a mailbox; tokens in an older one stay while they are good."""
        path = self.folder / "tokens" / f"{account.email}.json"
        before = _read(path)
        now = clock.real_now()
        known = self._gmail.grants.access(str(before.get("token", "")))
        if known and known.account == account and known.expires > (now + _STALE).timestamp():
            token, expires = str(before["token"]), datetime.fromtimestamp(known.expires, UTC)
        else:
            token, expires = self._gmail.access_token(account.email, SCOPES, _LIFE.total_seconds()), now + _LIFE
        grant = self._gmail.grants.find(str(before.get("refresh_token", "")))
        good = grant is not None and grant.account == account and set(SCOPES) <= set(grant.scopes)
        refresh = grant.token if grant and good else self._gmail.grants.issue(account.email, SCOPES)
        made = TokenFile(account.email, path, token, refresh, expires)
        _write(path, json.dumps(self._token_values(made), indent=2) + "\n")
        return made

    def write_certificate(self, pem: bytes) -> None:
        """The certificate that programs have to trust to find this Gmail under Google's names."""
        _write(self.certificate, pem.decode())

    def environment(self) -> Mapping[str, str]:
        """The variables that lead a program here which knows Gmail's own address only."""
        trusting = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "HTTPLIB2_CA_CERTS", "CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS")
        return {
            **dict.fromkeys(("HTTPS_PROXY", "https_proxy"), self._url),
            **dict.fromkeys(("NO_PROXY", "no_proxy"), "127.0.0.1,localhost"),
            **dict.fromkeys(trusting, str(self.certificate)),
            "NODE_USE_ENV_PROXY": "1",
            "OAUTHLIB_INSECURE_TRANSPORT": "1",  # the consent page is plain HTTP, on this machine
        }

    def write_environment(self) -> None:
        """The same as a file for the shell to read."""
        lines = [f"export {name}={shlex.quote(value)}\n" for name, value in self.environment().items()]
        _write(self.environment_file, "".join(lines))

    def _registered(self) -> Client:
        known = self._gmail.clients.get(CLIENT_ID)
        secret = known.secret if known else "GOCSPX-sandbox-" + secrets.token_urlsafe(20)
        self._gmail.clients.add(CLIENT_ID, secret, [DESKTOP])
        return Client(CLIENT_ID, secret, (DESKTOP,))

    def _token_values(self, made: TokenFile) -> dict[str, Any]:
        expiry = made.expires.astimezone(UTC).strftime(_SECONDS)
        shared = {
            "client_id": self._client.id,
            "client_secret": self._client.secret,
            "refresh_token": made.refresh_token,
            "token_uri": self._url + "/token",
            "scopes": list(SCOPES),
        }
        current = {"type": "authorized_user", "account": made.email, "token": made.token, "expiry": expiry}
        older = {
            "_module": "oauth2client.client",
            "_class": "OAuth2Credentials",
            "access_token": made.token,
            "token_expiry": expiry,
            "token_response": {"access_token": made.token, "refresh_token": made.refresh_token},
            "revoke_uri": self._url + "/revoke",
            "token_info_uri": self._url + "/tokeninfo",
            "user_agent": None,
            "id_token": None,
            "invalid": False,
        }
        return {**current, **shared, **older}


def _read(path: Path) -> dict[str, Any]:
    with suppress(OSError, ValueError):
        found = json.loads(path.read_text(encoding="utf-8"))
        return found if isinstance(found, dict) else {}
    return {}


def _write(path: Path, text: str) -> None:
    """Write a file that only its owner may read, all at once."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(path.name + ".new")
    with suppress(FileNotFoundError):
        beside.unlink()
    with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
    beside.replace(path)
