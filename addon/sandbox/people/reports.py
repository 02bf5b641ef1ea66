"""Delivery reports after RFC 3464: Gmail's own, that a mail failed or is late, and a German Exchange server's."""

from __future__ import annotations

import email
from datetime import timedelta
from email.message import Message
from email.mime.base import MIMEBase
from email.mime.message import MIMEMessage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.policy import SMTP
from email.utils import format_datetime

from addon.sandbox.gmail.mailbox.mime import Mail
from addon.sandbox.people.habits import Part, Step

_KEEP_TRYING = timedelta(hours=46)

_FAILED = """\
** Address not found **

Your message wasn't delivered to {address} because the address couldn't be found, or is unable to receive mail.

The response from the remote server was:
{why}
"""
_DELAYED = """\
** Delivery incomplete **

There was a temporary problem delivering your message to {address}. Gmail will retry for 46 more hours. You'll be \
notified if the delivery fails permanently.

The response was:
{why}
"""
_EXCHANGE = """\
Fehler bei der Nachrichtenzustellung an folgende Empfänger oder Gruppen:

{name} ({address})
Die eingegebene E-Mail-Adresse konnte nicht gefunden werden. Überprüfen Sie die E-Mail-Adresse des Empfängers, und \
versuchen Sie, die Nachricht erneut zu senden.

Diagnoseinformationen für Administratoren:

Generierender Server: {server}

{address}
{why}
"""


def report(step: Step, mail: Mail) -> MIMEMultipart:
    """The report about one mail; it holds the mail that it speaks of."""
    if step.part is Part.DELAYED:
        return _of_gmail(step, mail, _DELAYED, "Delivery Status Notification (Delay)", "delayed", "4.4.1")
    if step.persona.report == "exchange":
        return _of_exchange(step, mail)
    return _of_gmail(step, mail, _FAILED, "Delivery Status Notification (Failure)", "failed", "5.1.1")


def _of_gmail(step: Step, mail: Mail, words: str, subject: str, action: str, status: str) -> MIMEMultipart:
    address, server = step.persona.email, f"mx.{step.persona.domain}"
    refused = f"550 5.1.1 <{address}>: Recipient address rejected: User unknown"
    waiting = f"[{server}] TLS Negotiation failed: connection timed out"
    why = waiting if step.part is Part.DELAYED else refused
    whole = _begun(step, mail, "Mail Delivery Subsystem <mailer-daemon@googlemail.com>", subject)
    if step.part is Part.FAILED:
        whole["X-Failed-Recipients"] = address
    whole.attach(MIMEText(words.format(address=address, why=why), "plain", "utf-8"))
    status_part = _status(step, "googlemail.com", server, action, status, why)
    whole.attach(status_part)
    whole.attach(MIMEMessage(email.message_from_bytes(step.mail.raw)))
    return whole


def _of_exchange(step: Step, mail: Mail) -> MIMEMultipart:
    persona = step.persona
    server = f"EX01.{persona.domain}"
    why = "#550 5.1.10 RESOLVER.ADR.RecipientNotFound; not found ##"
    subject = f"Unzustellbar: {' '.join(mail.first('Subject').split())}"
    whole = _begun(step, mail, f"Microsoft Outlook <postmaster@{persona.domain}>", subject)
    words = _EXCHANGE.format(name=persona.name, address=persona.email, server=server, why=why)
    whole.attach(MIMEText(words, "plain", "utf-8"))
    whole.attach(_status(step, server, "", "failed", "5.1.10", why.strip("# ")))
    whole.attach(MIMEMessage(email.message_from_bytes(step.mail.raw)))
    return whole


def _begun(step: Step, mail: Mail, sender: str, subject: str) -> MIMEMultipart:
    whole = MIMEMultipart("report", policy=SMTP, report_type="delivery-status")
    whole["From"], whole["To"], whole["Subject"] = sender, step.mail.sender, subject
    whole["Date"] = format_datetime(step.at)
    whole["Message-ID"] = step.message_id
    whole["In-Reply-To"] = mail.message_id
    whole["References"] = " ".join([*mail.references, mail.message_id])
    whole["Auto-Submitted"] = "auto-replied"
    whole["Return-Path"] = "<>"
    return whole


def _status(step: Step, reporting: str, server: str, action: str, status: str, why: str) -> MIMEBase:
    part = MIMEBase("message", "delivery-status")
    day = format_datetime(step.at)
    message, recipient = Message(), Message()
    message["Reporting-MTA"] = f"dns; {reporting}"
    message["Arrival-Date"] = day
    recipient["Final-Recipient"] = f"rfc822; {step.persona.email}"
    recipient["Action"] = action
    recipient["Status"] = status
    if server:
        recipient["Remote-MTA"] = f"dns; {server}"
    recipient["Diagnostic-Code"] = f"smtp; {why}"
    recipient["Last-Attempt-Date"] = day
    if step.part is Part.DELAYED:
        recipient["Will-Retry-Until"] = format_datetime(step.at + _KEEP_TRYING)
    part.set_payload([message, recipient])
    return part
