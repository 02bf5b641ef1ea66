"""A mail that a person writes in the sandbox: an answer keeps the thread, as Gmail's own would."""

from __future__ import annotations

import re
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, getaddresses

from addon import clock
from addon.sandbox.inbox.reading import Mail, Person


class NotAnAddress(ValueError):
    """Nobody to send to, or something that is no mail address. Carries what was typed."""


def compose(sender: Person, to: str, subject: str, body: str, *, answers: Mail | None = None) -> bytes:
    """The mail's bytes. Raises NotAnAddress."""
    mail = EmailMessage()
    mail["From"] = Address(sender.name, addr_spec=sender.email)
    mail["To"] = _addresses(to)
    mail["Subject"] = " ".join(subject.split())
    mail["Date"] = format_datetime(clock.now())
    if answers is not None and answers.rfc_id:
        mail["In-Reply-To"] = answers.rfc_id
        mail["References"] = f"{answers.references} {answers.rfc_id}".strip()
    mail.set_content(body.replace("\r\n", "\n"))
    return mail.as_bytes()


def _addresses(to: str) -> list[Address]:
    found = [(name, email) for name, email in getaddresses([to]) if email]
    if not found or not all(re.fullmatch(r"[^@\s]+@[^@\s]+", email) for _, email in found):
        raise NotAnAddress(to)
    try:
        return [Address(name, addr_spec=email) for name, email in found]
    except (ValueError, IndexError):
        raise NotAnAddress(to) from None


def answer_subject(subject: str) -> str:
    """The subject of an answer.

    >>> answer_subject("Offer"), answer_subject("re: Offer")
    ('Re: Offer', 're: Offer')
    """
    return subject if re.match(r"(?i)re:", subject) else f"Re: {subject}"
