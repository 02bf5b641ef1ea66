"""What comes back, as whole mails: an answer, a note of absence, an accepted meeting. Pure: a step is always one mail.

Each refers to the real Message-ID of the mail that it reacts to, as its recipient saw it.
"""

from __future__ import annotations

import email
import re
from datetime import UTC, datetime, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.mime.multipart import MIMEMultipart
from email.policy import SMTP, default
from email.utils import format_datetime
from html import escape, unescape

from babel.dates import format_date
from babel.dates import format_datetime as shown_datetime

from addon.sandbox.gmail.mailbox.mime import Mail
from addon.sandbox.people import meetings, reports
from addon.sandbox.people.cast import CAST, Language, Persona, language
from addon.sandbox.people.habits import Part, Step
from addon.sandbox.people.quoting import Answer, Original, written

WIDE = SMTP.clone(max_line_length=500)
"""Gmail's Message-IDs are long; a folded one is read with a blank before it by some."""

_PREFIX = re.compile(r"^\s*(?:re|r|aw|odp|bls|tr)\s*:\s*", re.IGNORECASE)
_ADDRESS = re.compile(r"[!-~]+@[!-~]+")
_HIDDEN = re.compile(r"<(style|script|head)\b.*?</\1\s*>|<!--.*?-->", re.IGNORECASE | re.DOTALL)
_BREAK = re.compile(r"<br\b[^>]*>|</(?:p|div|tr|li|h\d)\s*>", re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")
_CALENDARS = {"ACCEPTED": "accepted", "TENTATIVE": "tentative", "DECLINED": "declined"}


def letter(step: Step, *, host: str = "") -> bytes:
    """What this person, or their mail server, sends back. `host` is the sender's name where their mail has none."""
    mail = Mail(step.mail.raw)
    if step.part in (Part.FAILED, Part.DELAYED):
        return reports.report(step, mail).as_bytes(policy=WIDE)
    writes = {Part.ANSWER: _answer, Part.NOTE: _note, Part.RSVP: _rsvp}[step.part]
    return writes(step, mail, host).as_bytes(policy=WIDE)


def _answer(step: Step, mail: Mail, host: str) -> EmailMessage:
    persona, known = step.persona, language(step.persona.language)
    words = known.programs[persona.program]
    prefix = words.get("prefix", "Re: ") if persona.prefix is None else persona.prefix
    subject = _subject(mail)
    if not (_PREFIX.match(subject) and subject.lower().startswith(prefix.strip().lower())):
        subject = prefix + subject
    reply = _begun(step, mail, subject, persona.private or persona.email)
    _by_program(reply, step)
    _in_thread(reply, mail)
    signature = "\n".join((persona.name, persona.role, f"{persona.company}, {persona.city}"))
    answer = Answer(_filled(step, mail, host), signature, known.code, words)
    plain, page = written(persona.program, answer, _original(mail, step))
    reply.set_content(plain, cte="quoted-printable")
    if page:
        reply.add_alternative(page, subtype="html", cte="quoted-printable")
    return reply


def _note(step: Step, mail: Mail, host: str) -> EmailMessage:
    persona = step.persona
    subject = language(persona.language).away_subject.format(subject=_subject(mail))
    reply = _begun(step, mail, subject, persona.email)
    _in_thread(reply, mail)
    if persona.program == "outlook":
        reply["Auto-Submitted"], reply["X-Auto-Response-Suppress"] = "auto-generated", "All"
    else:
        reply["Auto-Submitted"], reply["X-Autoreply"], reply["Precedence"] = "auto-replied", "yes", "bulk"
    reply.set_content(f"{_filled(step, mail, host)}\n", cte="quoted-printable")
    return reply


def _rsvp(step: Step, mail: Mail, host: str) -> MIMEMultipart:
    persona, at = step.persona, step.at
    sender_name, sender = _sender(mail, step)
    words = language(persona.language).calendar
    asked = meetings.invitation(step.mail.raw)
    title = str(words["booking"]).format(guest=persona.name, host=sender_name or host or sender)
    meeting = asked or meetings.booked(
        persona, host=sender, host_name=sender_name or host, title=title, key=step.message_id, at=at
    )
    starts = meeting.starts
    when = shown_datetime(starts, words["when"], tzinfo=persona.zone, locale=persona.language) if starts else ""
    what = " @ ".join(filter(None, (meeting.value("SUMMARY"), when)))
    subject, said = (
        str(text).format(what=what, who=persona.name) for text in words[_CALENDARS[meetings.partstat(persona)]]
    )
    page = f"<p>{escape(said)}</p><p><b>{escape(meeting.value('SUMMARY'))}</b><br>{escape(when)}</p>\n"
    reply = meetings.body(f"{said}\n\n{what}\n", page, meetings.reply_file(meeting, persona, at=at))
    _head(reply, step, mail, f"{subject} ({sender})", persona.email)
    reply["Sender"] = "Google Calendar <calendar-notification@google.com>"
    reply["Reply-To"] = str(Address(persona.name, addr_spec=persona.email))
    if asked is not None:
        _in_thread(reply, mail)
    return reply


def _begun(step: Step, mail: Mail, subject: str, address: str) -> EmailMessage:
    reply = EmailMessage(policy=WIDE)
    _head(reply, step, mail, subject, address)
    return reply


def _head(reply: EmailMessage | MIMEMultipart, step: Step, mail: Mail, subject: str, address: str) -> None:
    """Values are text: Python's two kinds of message take that alike."""
    reply["From"] = str(Address(step.persona.name, addr_spec=address))
    name, sender = _sender(mail, step)
    reply["To"] = str(Address(name, addr_spec=sender))
    reply["Subject"] = subject
    reply["Date"] = format_datetime(step.at.astimezone(step.persona.zone))
    reply["Message-ID"] = step.message_id


def _in_thread(reply: EmailMessage | MIMEMultipart, mail: Mail) -> None:
    reply["In-Reply-To"] = mail.message_id
    reply["References"] = " ".join([*mail.references, mail.message_id])


def _by_program(reply: EmailMessage, step: Step) -> None:
    if step.persona.program == "iphone":
        reply["X-Mailer"] = "iPhone Mail (22G100)"
    elif step.persona.program == "outlook":
        reply["Thread-Topic"] = _PREFIX.sub("", " ".join(step.mail.subject.split()))
        reply["X-MS-Has-Attach"] = ""
    elif step.persona.program == "thunderbird":
        reply["User-Agent"] = "Mozilla Thunderbird"


def _original(mail: Mail, step: Step) -> Original:
    name, address = _sender(mail, step)
    sent = datetime.fromtimestamp(step.mail.date / 1000, UTC).astimezone(step.persona.zone)
    return Original(name, address, step.persona.email, _subject(mail), sent, _text(step.mail.raw))


def _text(raw: bytes) -> str:
    mail = email.message_from_bytes(raw, policy=default)
    assert isinstance(mail, EmailMessage)
    body = mail.get_body(("plain", "html"))
    if body is None:
        return ""
    try:
        text = str(body.get_content())
    except LookupError:  # a charset that nobody knows
        return ""
    if body.get_content_type() == "text/html":
        text = unescape(_TAG.sub("", _BREAK.sub("\n", _HIDDEN.sub("", text))))
    return re.sub(r"\n{3,}", "\n\n", text.replace("\r\n", "\n")).strip()


def _filled(step: Step, mail: Mail, host: str) -> str:
    persona, known = step.persona, language(step.persona.language)
    name = _sender(mail, step)[0] or host
    day = "" if step.day is None else _day(step.day, persona, known)
    stand_in, stand_in_email = persona.stand_in
    colleague = next((one for one in CAST if one.email == persona.colleague), None)
    return step.text.format(
        first_name=name.split()[0] if name else "",
        name=name,
        back=day,
        last="" if step.day is None else _day(step.day - timedelta(days=1), persona, known),
        date=day,
        stand_in=stand_in,
        stand_in_email=stand_in_email,
        colleague=colleague.name if colleague else "",
        colleague_email=persona.colleague,
    )


def _day(day: datetime, persona: Persona, known: Language) -> str:
    return format_date(day.astimezone(persona.zone).date(), known.day, locale=known.code)


def _sender(mail: Mail, step: Step) -> tuple[str, str]:
    """(name, address) that an answer goes to."""
    for header in ("Reply-To", "From"):
        for name, address in mail.addresses(header):
            if _ADDRESS.fullmatch(address):
                return name, address
    return "", step.mail.sender


def _subject(mail: Mail) -> str:
    return " ".join(mail.first("Subject").split())
