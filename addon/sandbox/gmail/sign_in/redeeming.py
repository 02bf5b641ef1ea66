"""The token endpoint: a code or a refresh token becomes an access token."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from addon.sandbox.gmail.mailbox.accounts import Account
from addon.sandbox.gmail.sign_in.clients import Client, Clients
from addon.sandbox.gmail.sign_in.grants import ISSUED_HERE, Code, Grants
from addon.sandbox.gmail.sign_in.keys import Keys

_SECONDS = 3600
_SHOWN_SECONDS = 3599


class TokenRefused(Exception):
    """What the token endpoint answers instead of a token."""

    def __init__(self, error: str, sentence: str, status: int = 400) -> None:
        self.status = status
        self.body = {"error": error, "error_description": sentence}
        super().__init__(f"{error}: {sentence}")


class Redeeming:
    """Knows clients by Basic header or body, and answers as RFC 6749 and OpenID Connect say."""

    def __init__(self, clients: Clients, grants: Grants, keys: Keys) -> None:
        self._clients, self._grants, self._keys = clients, grants, keys

    def token(self, values: Mapping[str, str], authorization: str) -> dict[str, Any]:
        """The token answer for a form. Raises TokenRefused."""
        client = self._client(values, authorization)
        match values.get("grant_type"):
            case "authorization_code":
                return self._by_code(client, values)
            case "refresh_token":
                return self._by_refresh_token(client, values.get("refresh_token", ""))
        raise TokenRefused("unsupported_grant_type", f"Invalid grant_type: {values.get('grant_type', '')}")

    def _client(self, values: Mapping[str, str], authorization: str) -> Client:
        number, secret = values.get("client_id", ""), values.get("client_secret", "")
        if authorization.lower().startswith("basic "):
            try:
                number, _, secret = base64.b64decode(authorization[6:], validate=True).decode().partition(":")
            except (binascii.Error, UnicodeDecodeError):
                raise TokenRefused("invalid_client", "Unauthorized", 401) from None
            number, secret = unquote(number), unquote(secret)
        client = self._clients.proven(number, secret)
        if client is None:
            known = self._clients.get(number)
            raise TokenRefused("invalid_client", "Unauthorized" if known else "The OAuth client was not found.", 401)
        return client

    def _by_code(self, client: Client, values: Mapping[str, str]) -> dict[str, Any]:
        code = self._grants.redeem(values.get("code", ""))
        if code is None or code.client != client.id:
            raise TokenRefused("invalid_grant", "Malformed auth code.")
        if code.redirect_uri != values.get("redirect_uri", ""):
            raise TokenRefused("redirect_uri_mismatch", "Bad Request")
        if not _verified(code, values.get("code_verifier", "")):
            raise TokenRefused("invalid_grant", "Invalid code verifier.")
        refresh = self._grants.issue(code.account.email, code.scopes, client=client.id) if code.refresh else None
        answer = self._answer(client, code.account, code.scopes, refresh, code.nonce)
        return {**answer, "refresh_token": refresh} if refresh else answer

    def _by_refresh_token(self, client: Client, token: str) -> dict[str, Any]:
        grant = self._grants.find(token)
        if grant is None:
            raise TokenRefused("invalid_grant", "Token has been expired or revoked.")
        if grant.client not in (client.id, ISSUED_HERE):
            raise TokenRefused("unauthorized_client", "Unauthorized", 401)
        return self._answer(client, grant.account, grant.scopes, token, "")

    def _answer(
        self, client: Client, account: Account, scopes: tuple[str, ...], refresh: str | None, nonce: str
    ) -> dict[str, Any]:
        token = self._grants.access_token(account.email, scopes, seconds=_SECONDS, refresh_token=refresh)
        answer = {
            "access_token": token,
            "expires_in": _SHOWN_SECONDS,
            "scope": " ".join(scopes),
            "token_type": "Bearer",
        }
        if "openid" not in scopes:
            return answer
        claims = {"aud": client.id, "azp": client.id, "sub": account.sub, "email": account.email}
        if account.name:
            claims["name"] = account.name
        return {**answer, "id_token": self._keys.sign({**claims, "nonce": nonce} if nonce else claims)}


def _verified(code: Code, verifier: str) -> bool:
    if not code.challenge:
        return not verifier
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=") == code.challenge
