"""The way to Google's sign-in page and back. Connecting a mailbox asks for more and goes by `integrations.google`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import requests
from authlib.integrations.base_client import OAuthError
from authlib.integrations.flask_client import OAuth
from flask import Flask
from flask.typing import ResponseReturnValue
from joserfc.errors import JoseError

from addon.integrations.google.endpoints import Endpoints
from addon.settings import Settings
from addon.web.services import joined


class SignInFailed(Exception):
    """The person said no, the page was open too long, or Google's answer could not be trusted."""


@dataclass(frozen=True)
class Vouched:
    """Whom Google vouches for."""

    email: str
    """Lower case, verified by Google."""


def connect(app: Flask, settings: Settings, endpoints: Endpoints) -> OAuth:
    """Every address is spelled out, so nothing is fetched before somebody comes back."""
    oauth = OAuth(app)
    oauth.register(
        "google",
        client_id=settings.google_client_id,
        client_secret=settings.google_client_secret.get_secret_value(),
        authorize_url=endpoints.authorize,
        access_token_url=endpoints.token,
        jwks_uri=endpoints.keys,
        issuer=endpoints.issuer,
        client_kwargs={
            "scope": "openid email",
            "code_challenge_method": "S256",
            "timeout": settings.call_seconds,  # Authlib has none of its own
        },
    )
    return oauth


def go(return_to: str) -> ResponseReturnValue:
    """To Google's page; `return_to` is built from PUBLIC_URL, never from the request's Host."""
    answer: ResponseReturnValue = joined().oauth.google.authorize_redirect(return_to)
    return answer


def come_back() -> Vouched:
    """Whom Google sent back. Raises SignInFailed. No transaction may be open: this calls Google."""
    try:
        token: dict[str, Any] = joined().oauth.google.authorize_access_token()
        who = token["userinfo"]
        email, verified = str(who["email"]).lower(), who.get("email_verified")
    except (OAuthError, JoseError, KeyError, ValueError, requests.RequestException) as trouble:
        raise SignInFailed(type(trouble).__name__) from trouble
    if verified is not True:
        raise SignInFailed("unverified")
    return Vouched(email)
