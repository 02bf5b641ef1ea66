"""The report that comes back where a mailbox has sent too much: Gmail took the mail, and nobody got it."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime
from email.utils import format_datetime

from addon.sandbox.gmail.mailbox.mime import Mail

_DAEMON = "mailer-daemon@googlemail.com"
_CODE = "550-5.4.5 Daily user sending limit exceeded. For more information on Gmail sending limits go to 550 5.4.5"


def limit_report(mail: Mail, sender: str, recipients: Sequence[str], at: datetime) -> bytes:
    """A delivery report to the sender that says "You have reached a limit for sending mail"."""
    mark, when = f"{secrets.token_hex(12)}", format_datetime(at)
    groups = [
        f"Final-Recipient: rfc822; {each}\r\nAction: failed\r\nStatus: 5.4.5\r\n"
        f"Diagnostic-Code: smtp; {_CODE}\r\nLast-Attempt-Date: {when}\r\n"
        for each in recipients
    ]
    sent = [
        f"{name}: {value}" for name, value in mail.headers() if name.lower() in ("message-id", "from", "to", "date")
    ]
    lines = [
        f"From: Mail Delivery Subsystem <{_DAEMON}>",
        f"To: {sender}",
        "Subject: Delivery Status Notification (Failure)",
        f"Date: {when}",
        f"Message-ID: <{mark}@mx.google.com>",
        f"In-Reply-To: {mail.message_id}",
        f"References: {mail.message_id}",
        "Auto-Submitted: auto-replied",
        "Return-Path: <>",
        f"X-Failed-Recipients: {', '.join(recipients)}",
        "MIME-Version: 1.0",
        f'Content-Type: multipart/report; boundary="{mark}"; report-type=delivery-status',
        "",
        f"--{mark}",
        'Content-Type: text/plain; charset="UTF-8"',
        "",
        "** Message not delivered **",
        "",
        "You have reached a limit for sending mail. Your message was not sent.",
        "",
        f"--{mark}",
        "Content-Type: message/delivery-status",
        "",
        f"Reporting-MTA: dns; googlemail.com\r\nArrival-Date: {when}",
        "",
        "\r\n".join(groups),
        f"--{mark}",
        "Content-Type: text/rfc822-headers",
        "",
        *sent,
        "",
        f"--{mark}--",
        "",
    ]
    return "\r\n".join(lines).encode()
