"""Is this an e-mail address? By the rules of the standards, without asking the network."""

from __future__ import annotations

import re

from email_validator import EmailNotValidError, validate_email

_ROUGH = re.compile(r"(?:mailto:)?[^\s@<>,;\"]{1,64}@[^\s@<>,;\"]+\.[^\s@<>,;\"]{2,}", re.IGNORECASE)
_BRACKETED = re.compile(r"[^<>]*<([^<>]+)>")


def looks_like_address(text: str) -> bool:
    """A rough, quick look, for telling columns and headers apart."""
    return bool(_ROUGH.fullmatch(_bare(text)))


def address_of(text: str) -> str | None:
    """The one address in a cell, its domain in lower case; None where there is none, several, or a wrong one.

    Takes `Ana <ana@acme.test>` and `mailto:` too. Reserved test domains count as domains.

    >>> address_of(" Ana <Ana@ACME.test> "), address_of("ana@acme"), address_of("a@x.test, b@x.test")
    ('Ana@acme.test', None, None)
    """
    bare = _bare(text)
    if not bare or len(bare) > 320:
        return None
    # The checker knows .test by its test_environment, and has no such switch for .invalid.
    borrowed = bare.lower().endswith(".invalid")
    try:
        checked = validate_email(
            bare[: -len("invalid")] + "test" if borrowed else bare, check_deliverability=False, test_environment=True
        )
    except EmailNotValidError:
        return None
    return checked.normalized[: -len("test")] + "invalid" if borrowed else checked.normalized


def _bare(text: str) -> str:
    text = text.strip().strip("\u200b\ufeff\u00a0").strip()
    bracketed = _BRACKETED.fullmatch(text) if len(text) < 1000 else None
    bare = (bracketed[1] if bracketed else text).strip()
    return bare[len("mailto:") :] if bare.lower().startswith("mailto:") else bare
