"""Where Google is: its own hosts, or one base address for all of it (the sandbox, a proxy)."""

from __future__ import annotations

from dataclasses import dataclass

ISSUER = "https://accounts.google.com"


@dataclass(frozen=True)
class Endpoints:
    """Addresses of Google's doors, none with a slash at its end."""

    authorize: str
    """The consent and sign-in page, for the browser."""
    token: str
    revoke: str
    certs: str
    """Certificates of the ID tokens' keys as a PEM map: what google-auth reads."""
    keys: str
    """The same keys as a JWK set: what Authlib reads."""
    gmail: str
    """Root of the Gmail API; `/gmail/v1` follows."""
    issuer: str = ISSUER
    """Who signs ID tokens. The same wherever they come from: it is a name, not an address."""

    @classmethod
    def at(cls, google_url: str) -> Endpoints:
        """By the setting GOOGLE_URL; empty means Google's own hosts."""
        base = google_url.rstrip("/")
        return cls(
            authorize=f"{base or 'https://accounts.google.com'}/o/oauth2/v2/auth",
            token=f"{base or 'https://oauth2.googleapis.com'}/token",
            revoke=f"{base or 'https://oauth2.googleapis.com'}/revoke",
            certs=f"{base or 'https://www.googleapis.com'}/oauth2/v1/certs",
            keys=f"{base or 'https://www.googleapis.com'}/oauth2/v3/certs",
            gmail=base or "https://gmail.googleapis.com",
        )
