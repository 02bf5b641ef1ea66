"""What a browser is told to refuse, and what the session cookie is made of."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import timedelta

from flask import Flask, Response
from flask_wtf import CSRFProtect

from addon.domain.access.vault import NoKeys
from addon.settings import Settings

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",  # the arrow of Bootstrap's select is a data: picture
        "connect-src 'self'",
        "font-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)

HEADERS = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "same-origin",  # with no-referrer, Flask-WTF's check under https would fail
    "X-Content-Type-Options": "nosniff",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}

UPLOAD_LIMIT = 12 * 1024 * 1024
"""Bytes of a whole request."""

csrf = CSRFProtect()


def protect(app: Flask, settings: Settings) -> None:
    """Cookie, forgery check and headers. Raises NoKeys: without keys nobody can sign in."""
    keys = cookie_keys(settings.fernet_keys)
    if not keys:
        raise NoKeys
    app.config.update(
        SECRET_KEY=keys[0],
        SECRET_KEY_FALLBACKS=keys[1:],
        SESSION_COOKIE_NAME="dealthread",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",  # Strict would lose the sign-in's state on the way back from Google
        SESSION_COOKIE_SECURE=settings.secure,
        PERMANENT_SESSION_LIFETIME=timedelta(days=14),
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_CHECK_DEFAULT=False,  # only pages read the cookie; their blueprint checks each request itself
    )
    if app.config.get("MAX_CONTENT_LENGTH") is None:
        app.config["MAX_CONTENT_LENGTH"] = UPLOAD_LIMIT
    csrf.init_app(app)
    app.after_request(_add_headers)


def cookie_keys(fernet_keys: Sequence[str]) -> list[str]:
    """Keys for signing cookies, made from the Fernet keys so that a cookie tells nothing about those."""
    return [hashlib.sha256(b"dealthread cookie " + key.encode()).hexdigest() for key in fernet_keys]


def _add_headers(response: Response) -> Response:
    """Everywhere, unless an entrance has said otherwise; JSON answers to Google's servers need them as little."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    return response
