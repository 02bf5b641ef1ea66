"""What comes back, as whole mails: an answer, a vacation note, a bounce after RFC 3464. Pure.

Each refers to the real Message-ID of the mail that it reacts to, as its recipient saw it.
"""

from __future__ import annotations

import email
from datetime import datetime, timedelta
from email.headerregistry import Address
from email.message import EmailMessage, Message
from email.mime.base import MIMEBase
from email.mime.message import MIMEMessage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.policy import SMTP, default
from email.utils import format_datetime

from babel.dates import format_date

from addon.sandbox.people.cast import Answerer, Kind

_WIDE = SMTP.clone(max_line_length=500)
"""Gmail's Message-IDs are long; a folded one is read with a blank before it by some."""


def letter(answerer: Answerer, raw: bytes, *, sender: str, number: int, at: datetime) -> bytes:
    """What this person, or their mail server, sends back for a mail. `number` makes its Message-ID unique."""
    mail = email.message_from_bytes(raw, policy=default)
    assert isinstance(mail, EmailMessage)
    if answerer.kind is Kind.BOUNCE:
        return _bounce(answerer, mail, raw, sender=sender, number=number, at=at)
    return _answer(answerer, mail, sender=sender, number=number, at=at)


def _answer(answerer: Answerer, mail: EmailMessage, *, sender: str, number: int, at: datetime) -> bytes:
    away = answerer.kind is Kind.AWAY
    reply = EmailMessage(policy=_WIDE)
    reply["From"] = Address(answerer.name, addr_spec=answerer.email)
    reply["To"] = sender
    subject = _subject(mail)
    reply["Subject"] = f"Automatic reply: {subject}" if away else f"Re: {subject}"
    _head(reply, mail, f"<reply.{number}@{answerer.email.rpartition('@')[2]}>", at)
    if away:
        reply["Auto-Submitted"] = "auto-replied"
        reply["X-Autoreply"] = "yes"
        reply["Precedence"] = "bulk"
    back = format_date(at.date() + timedelta(days=9), "d MMMM y", locale="id")
    text = answerer.text.format(first_name=_first_name(mail), back=back)
    reply.set_content(text if away else f"{text}\n\n{_quoted(mail)}\n")
    return reply.as_bytes()


def _bounce(answerer: Answerer, mail: EmailMessage, raw: bytes, *, sender: str, number: int, at: datetime) -> bytes:
    address, domain = answerer.email, answerer.email.rpartition("@")[2]
    why = f"550 5.1.1 <{address}>: Recipient address rejected: User unknown"
    report = MIMEMultipart("report", report_type="delivery-status")
    report["From"] = "Mail Delivery Subsystem <mailer-daemon@googlemail.com>"
    report["To"] = sender
    report["Subject"] = "Delivery Status Notification (Failure)"
    report["Auto-Submitted"] = "auto-replied"
    report["X-Failed-Recipients"] = address
    report["Return-Path"] = "<>"
    _head(report, mail, f"<bounce.{number}@mx.google.com>", at)
    words = (
        "** Address not found **\n\n"
        f"Your message wasn't delivered to {address} because the address couldn't be found, "
        f"or is unable to receive mail.\n\nThe response from the remote server was:\n{why}\n"
    )
    report.attach(MIMEText(words, "plain", "utf-8"))
    report.attach(_status(address, domain, why, at))
    report.attach(MIMEMessage(email.message_from_bytes(raw)))
    return report.as_bytes(policy=_WIDE)


def _status(address: str, domain: str, why: str, at: datetime) -> MIMEBase:
    status = MIMEBase("message", "delivery-status")
    day = format_datetime(at)
    message, recipient = Message(), Message()
    message["Reporting-MTA"] = "dns; googlemail.com"
    message["Arrival-Date"] = day
    recipient["Final-Recipient"] = f"rfc822; {address}"
    recipient["Action"] = "failed"
    recipient["Status"] = "5.1.1"
    recipient["Remote-MTA"] = f"dns; mx.{domain}"
    recipient["Diagnostic-Code"] = f"smtp; {why}"
    recipient["Last-Attempt-Date"] = day
    status.set_payload([message, recipient])
    return status


def _head(reply: EmailMessage | MIMEMultipart, mail: EmailMessage, own_id: str, at: datetime) -> None:
    real = str(mail["Message-ID"]).strip()
    reply["Date"] = format_datetime(at)
    reply["Message-ID"] = own_id
    reply["In-Reply-To"] = real
    reply["References"] = " ".join(f"{mail['References'] or ''} {real}".split())


def _subject(mail: EmailMessage) -> str:
    subject = " ".join(str(mail["Subject"] or "").split())
    return subject[3:].lstrip() if subject.lower().startswith("re:") else subject


def _first_name(mail: EmailMessage) -> str:
    senders = mail["From"].addresses if mail["From"] else ()
    return (senders[0].display_name or senders[0].username).split()[0] if senders else ""


def _quoted(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    text = body.get_content() if body is not None else ""
    who = mail["From"].addresses[0] if mail["From"] else ""
    head = f"On {mail['Date']}, {who} wrote:"
    return "\n".join([head, *(f"> {line}".rstrip() for line in text.strip().splitlines())])
