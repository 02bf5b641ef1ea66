"""The mail that is in the mailbox when a client comes to visit."""

from __future__ import annotations

from email.message import EmailMessage
from email.utils import format_datetime, localtime

EGGS = b"month,eggs\r\nMarch,12\r\n" * 500


def letters(me: str) -> list[bytes]:
    """Two mails of one thread, one with umlauts, one with HTML and a file; oldest first."""
    first = _mail(me, "Mia <mia@acme.test>", "Offer 42", "What would twelve cost?\n")
    first["Message-ID"] = "<first@acme.test>"
    second = _mail(me, "Mia <mia@acme.test>", "Re: Offer 42", "And thirteen?\n")
    second["Message-ID"] = "<second@acme.test>"
    second["In-Reply-To"] = second["References"] = "<first@acme.test>"
    third = _mail(me, "Jonas Müller <jonas@acme.test>", "Ihre Anfrage für März", "Guten Tag,\n\nGrüße aus Köln\n")
    third["Message-ID"] = "<third@acme.test>"
    fourth = _mail(me, "Lea <lea@acme.test>", "Figures", "Here are the figures.\n")
    fourth["Message-ID"] = "<fourth@acme.test>"
    fourth.add_alternative("<p>Here are the <b>figures</b>.</p>\n", subtype="html")
    fourth.add_attachment(EGGS, "text", "csv", filename="eggs.csv")
    return [mail.as_bytes() for mail in (first, second, third, fourth)]


def _mail(me: str, sender: str, subject: str, text: str) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, f"Anna <{me}>", subject
    mail["Date"] = format_datetime(localtime())
    mail.set_content(text)
    return mail
