"""Who calls: Google's ID tokens verified by google-auth, with certificates that are fetched once, not at each call.

Audience, service account and "verified address" are compared exactly. What is not configured accepts nobody.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from google.auth import jwt
from google.auth.exceptions import GoogleAuthError
from google.oauth2 import id_token

from addon.domain.ports.identity import Identity, NotVerified
from addon.integrations.google.certificates import Certificates

# Google's clock and ours differ; a token that was made this moment must not come "too early".
SKEW_SECONDS = 30
LONGEST_TOKEN = 8192


class GoogleIdentity:
    """Implements `IdentityCheck`. Shared by threads. Token times are checked against the wall's clock."""

    def __init__(
        self,
        certificates: Certificates,
        *,
        client_id: str,
        addon_service_account: str = "",
        pubsub_service_account: str = "",
    ) -> None:
        self._certificates = certificates
        self._client_id = client_id
        self._addon_service_account = addon_service_account
        self._pubsub_service_account = pubsub_service_account

    def addon_call(self, token: str, *, url: str) -> None:
        self._service_account(token, url, self._addon_service_account)

    def addon_user(self, token: str) -> Identity:
        claims = self._claims(token, audience=self._client_id)
        subject = claims.get("sub")
        if not isinstance(subject, str) or not subject:
            raise NotVerified
        name = claims.get("name")
        return Identity(subject, _verified_email(claims).lower(), name if isinstance(name, str) else "")

    def push(self, token: str, *, url: str) -> None:
        self._service_account(token, url, self._pubsub_service_account)

    def _service_account(self, token: str, url: str, account: str) -> None:
        claims = self._claims(token, audience=url)
        if not account or _verified_email(claims) != account:
            raise NotVerified

    def _claims(self, token: str, *, audience: str) -> Mapping[str, Any]:
        if not audience or not token or len(token) > LONGEST_TOKEN:
            raise NotVerified
        try:
            certificates = self._certificates.for_key(_key_id(token))
            claims: Mapping[str, Any] = id_token.verify_oauth2_token(  # type: ignore[no-untyped-call]
                token, _Held(certificates), audience, clock_skew_in_seconds=SKEW_SECONDS
            )
        except (ValueError, TypeError, KeyError, GoogleAuthError):
            raise NotVerified from None
        return claims


def _key_id(token: str) -> str:
    key_id = jwt.decode_header(token).get("kid")  # type: ignore[no-untyped-call]
    if not isinstance(key_id, str) or not key_id:
        raise NotVerified
    return key_id


def _verified_email(claims: Mapping[str, Any]) -> str:
    email = claims.get("email")
    if claims.get("email_verified") is not True or not isinstance(email, str) or not email:
        raise NotVerified
    return email


class _Held:
    """Answers google-auth's request for certificates, which it makes at every check, with those at hand."""

    status = 200

    def __init__(self, certificates: Mapping[str, str]) -> None:
        self.data = json.dumps(certificates).encode()

    def __call__(self, _url: str, method: str = "GET") -> _Held:
        return self
