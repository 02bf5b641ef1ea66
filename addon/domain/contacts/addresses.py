"""Mail addresses: read, compare, key. Two spellings that reach one person share one address key."""

from __future__ import annotations

from email_validator import EmailNotValidError, validate_email
from sqlalchemy.orm import Session

from addon.domain.access import keyed_hash

_GMAIL = frozenset({"gmail.com", "googlemail.com"})

FREE_MAIL = frozenset(
    {
        "gmail.com",
        "googlemail.com",
        "outlook.com",
        "hotmail.com",
        "live.com",
        "msn.com",
        "yahoo.com",
        "yahoo.co.id",
        "yahoo.it",
        "yahoo.fr",
        "yahoo.de",
        "ymail.com",
        "icloud.com",
        "me.com",
        "mac.com",
        "aol.com",
        "proton.me",
        "protonmail.com",
        "pm.me",
        "gmx.de",
        "gmx.net",
        "gmx.com",
        "web.de",
        "libero.it",
        "virgilio.it",
        "tiscali.it",
        "alice.it",
        "tin.it",
        "wp.pl",
        "o2.pl",
        "onet.pl",
        "onet.eu",
        "interia.pl",
        "interia.eu",
        "poczta.fm",
        "op.pl",
        "orange.fr",
        "wanadoo.fr",
        "free.fr",
        "laposte.net",
        "sfr.fr",
        "hotmail.fr",
        "hotmail.it",
        "hotmail.es",
        "telefonica.net",
        "terra.es",
        "mail.ru",
        "yandex.ru",
        "yandex.com",
        "zoho.com",
        "fastmail.com",
        "hey.com",
        "tutanota.com",
        "mail.com",
        "seznam.cz",
        "centrum.cz",
        "azet.sk",
        "ukr.net",
        "qq.com",
        "163.com",
        "126.com",
        "naver.com",
        "rediffmail.com",
        "plasa.com",
        "telkom.net",
    }
)
"""Domains where anybody has an address: they say nothing about a company."""


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
