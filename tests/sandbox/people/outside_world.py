"""A Gmail with Anna's mailbox, what she sends, and what comes back."""

from __future__ import annotations

import email
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import default

from addon.sandbox.gmail import Gmail
from addon.sandbox.gmail.mailbox.mime import Mail
from addon.sandbox.people import CAST, Kind, Persona

ANNA = "anna@halyard.example"
NOW = datetime(2026, 11, 24, 13, 2, tzinfo=UTC)
"""A Tuesday."""
SUBJECT = "Plan for your ramps"
TEXT = "Hello,\r\n\r\nyour lorries wait less. May I show you a plan?\r\n\r\nAnna"


def persona(kind: Kind, program: str = "") -> Persona:
    """The first of the cast of this kind (who writes with this program)."""
    return next(one for one in CAST if one.kind is kind and program in ("", one.program))


def send(gmail: Gmail, to: str, *headers: str, subject: str = SUBJECT, text: str = TEXT) -> str:
    """Send a mail as Anna; its Message-ID, as it left."""
    head = "\r\n".join([f"From: Anna Kowalczyk <{ANNA}>", f"To: {to}", f"Subject: {subject}", *headers])
    raw = f"{head}\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n"
    gmail.sending.send(gmail.accounts.get(ANNA), Mail(raw.encode()), None)
    return gmail.outside.mails(to)[-1].rfc_id


def send_raw(gmail: Gmail, raw: bytes) -> None:
    gmail.sending.send(gmail.accounts.get(ANNA), Mail(raw), None)


def answer(gmail: Gmail, mail: EmailMessage, text: str = "Here you are.") -> str:
    """Anna answers a mail."""
    earlier = f"{mail['References'] or ''} {mail['Message-ID']}".strip()
    subject = f"Re: {mail['Subject']}"
    headers = (f"In-Reply-To: {mail['Message-ID']}", f"References: {earlier}")
    return send(gmail, mail["From"].addresses[0].addr_spec, *headers, subject=subject, text=text)


def arrived(gmail: Gmail) -> list[EmailMessage]:
    """Everything that came to Anna, oldest first."""
    return [mail for _, mail in arrived_in(gmail)]


def arrived_in(gmail: Gmail) -> list[tuple[int, EmailMessage]]:
    """(thread, mail) of it."""
    with gmail.store.read() as db:
        rows = db.execute(
            "SELECT thread, raw FROM messages JOIN contents ON contents.message = messages.id"
            " WHERE labels LIKE '%INBOX%' ORDER BY messages.id"
        ).fetchall()
    mails = [(thread, email.message_from_bytes(raw, policy=default)) for thread, raw in rows]
    return [(thread, mail) for thread, mail in mails if isinstance(mail, EmailMessage)]


def thread_of(gmail: Gmail, rfc_id: str) -> int:
    with gmail.store.read() as db:
        return int(db.execute("SELECT thread FROM messages WHERE rfc_id = ?", (rfc_id,)).fetchone()[0])


def in_days(days: float) -> datetime:
    return datetime.now(UTC) + timedelta(days=days)


def texts_of(mail: EmailMessage) -> str:
    """The plain text."""
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")
