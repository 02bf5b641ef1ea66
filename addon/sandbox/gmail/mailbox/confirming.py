"""The mail by which Gmail asks the owner of an address whether it may be used: as a sender, or to forward to."""

from __future__ import annotations

import re
import secrets
import sqlite3
from collections.abc import Callable
from email.utils import format_datetime

from addon import clock
from addon.sandbox.gmail.errors import invalid
from addon.sandbox.gmail.mailbox.accounts import Account, fold
from addon.sandbox.gmail.mailbox.mime import Mail

SENDER = "gmail-noreply@google.com"
_ADDRESS = re.compile(r"[^@\s<>,;\"]+@[^@\s<>,;\".]+(?:\.[^@\s<>,;\".]+)+")


class Confirming:
    """Writes the mail and hands it to the post, which is set once both exist."""

    def __init__(self) -> None:
        self.post: Callable[[sqlite3.Connection, Account, str, Mail, str], None] | None = None

    def ask(self, db: sqlite3.Connection, account: Account, address: str, what: str, code: str) -> None:
        """Send the code to the address, in the running transaction."""
        if self.post is not None:
            self.post(db, account, address, _letter(account, address, what, code), SENDER)


def is_address(text: str) -> bool:
    """Whether mail can be sent there."""
    return text.isascii() and _ADDRESS.fullmatch(text) is not None


def checked_address(value: object, key: str) -> str:
    """An address, folded. 400 for what is none."""
    if not isinstance(value, str) or not is_address(value.strip()):
        raise invalid(f"Invalid value for {key}")
    return fold(value)


def fresh_code() -> str:
    """Nine digits that the owner of an address gets to see."""
    return f"{secrets.randbelow(10**9):09d}"


def _letter(account: Account, address: str, what: str, code: str) -> Mail:
    head = [
        f"From: Gmail Team <{SENDER}>",
        f"To: {address}",
        f"Subject: Gmail Confirmation - {what}",
        f"Date: {format_datetime(clock.now())}",
        f"Message-ID: <{secrets.token_hex(12)}@mail.gmail.com>",
        "Auto-Submitted: auto-generated",
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=utf-8",
    ]
    body = f"{account.email} has asked to use your address {address}.\r\n\r\nConfirmation code: {code}\r\n"
    return Mail(("\r\n".join(head) + "\r\n\r\n" + body).encode())
