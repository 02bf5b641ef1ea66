"""Mail addresses: read, compare, key. Two spellings that reach one person share one address key."""

from __future__ import annotations

from email_validator import EmailNotValidError, validate_email
from sqlalchemy.orm import Session

from addon.domain.access import keyed_hash

_GMAIL = frozenset({"gmail.com", "googlemail.com"})


def clean(text: str) -> str | None:
    """The address in one spelling (domain in lower case), or None where it is none."""
    try:
        return validate_email(text.strip(), check_deliverability=False, test_environment=True).normalized
    except EmailNotValidError:
        return None


def canonical(email: str) -> str:
    """What identifies the person behind a spelling: no case, no +tag, no dots for Gmail.

    >>> canonical("Jane.Doe+spring@GoogleMail.com"), canonical("J.Doe+x@acme.test")
    ('janedoe@gmail.com', 'j.doe@acme.test')
    """
    local, _, domain = email.strip().casefold().rpartition("@")
    local = local.split("+", 1)[0] or local
    if domain in _GMAIL:
        local, domain = local.replace(".", "") or local, "gmail.com"
    return f"{local}@{domain}"


def key_of(session: Session, email: str) -> str:
    """The address key: 64 hex digits, unchanged by merge, delete, re-import and a rotation of SECRET_KEYS."""
    return keyed_hash(session, canonical(email))


def domain_of(email: str) -> str:
    return email.rpartition("@")[2].lower()
