"""A mail that a person writes, as bytes, and a draft's bytes read again: an answer keeps its thread and its files."""

from __future__ import annotations

import mimetypes
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime

from addon import clock
from addon.sandbox.inbox.addresses import NotAnAddress, addresses
from addon.sandbox.inbox.reading import Mail, Person

RECIPIENTS = ("to", "cc", "bcc")
_OURS = {"from", *RECIPIENTS, "subject", "date", "message-id", "mime-version"}


@dataclass(frozen=True)
class File:
    """Something that goes with the mail."""

    name: str
    kind: str
    octets: bytes
    cid: str = ""


@dataclass(frozen=True)
class Draft:
    """What is in a draft already: its headers beyond those of the form, its text and HTML, its files."""

    headers: Sequence[tuple[str, str]] = ()
    text: str = ""
    html: str = ""
    files: Sequence[File] = ()


def compose(
    sender: Person,
    to: str,
    subject: str,
    body: str,
    *,
    cc: str = "",
    bcc: str = "",
    answers: Mail | None = None,
    files: Sequence[File] = (),
    before: Draft | None = None,
) -> bytes:
    """The bytes of a mail that can go out. `before` is the draft that it was. Raises NotAnAddress."""
    typed = {"to": to, "cc": cc, "bcc": bcc}
    everybody = {name: addresses(text) for name, text in typed.items()}
    if not any(everybody.values()):
        raise NotAnAddress
    return _mail(sender, everybody, subject, body, answers, files, before or Draft())


def compose_draft(
    sender: Person,
    typed: Mapping[str, str],
    *,
    answers: Mail | None = None,
    files: Sequence[File] = (),
    before: Draft | None = None,
) -> bytes:
    """The bytes of a mail under way: whom it may go to is whoever is an address already."""
    everybody = {name: _whoever(typed.get(name, "")) for name in RECIPIENTS}
    return _mail(sender, everybody, typed.get("subject", ""), typed.get("body", ""), answers, files, before or Draft())


def _whoever(typed: str) -> list[Address]:
    found: list[Address] = []
    for piece in re.split(r"[,;](?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)", typed):
        try:
            found += addresses(piece)
        except NotAnAddress:
            continue
    return found


def _mail(
    sender: Person,
    everybody: Mapping[str, Sequence[Address]],
    subject: str,
    body: str,
    answers: Mail | None,
    files: Sequence[File],
    before: Draft,
) -> bytes:
    mail, body = EmailMessage(), body.replace("\r\n", "\n")
    mail["From"] = Address(sender.name, addr_spec=sender.email)
    for name, people in everybody.items():
        if people:
            mail[name.capitalize()] = people
    mail["Subject"] = " ".join(subject.split())
    mail["Date"] = format_datetime(clock.now())
    for name, value in before.headers:
        mail[name] = value
    if answers is not None and answers.rfc_id and "In-Reply-To" not in mail:
        mail["In-Reply-To"] = answers.rfc_id
        mail["References"] = f"{answers.references} {answers.rfc_id}".strip()
    mail.set_content(body)
    if before.html and body.rstrip() == before.text.rstrip():
        mail.add_alternative(before.html, subtype="html")
    for file in files:
        _attach(mail, file)
    return mail.as_bytes()


def _attach(mail: EmailMessage, file: File) -> None:
    if file.kind == "message/rfc822":
        mail.add_attachment(message_from_bytes(file.octets, policy=policy.default), filename=file.name)
        return
    main, _, sub = file.kind.partition("/")
    cid = f"<{file.cid}>" if file.cid else None
    mail.add_attachment(file.octets, maintype=main, subtype=sub, filename=file.name, cid=cid)


def kind_of(name: str) -> str:
    """A file's type by its name; plain bytes where that says nothing."""
    return mimetypes.guess_type(name, strict=False)[0] or "application/octet-stream"


def draft_in(raw: bytes) -> Draft:
    """What a draft's bytes hold."""
    mail = message_from_bytes(raw, policy=policy.default)
    assert isinstance(mail, EmailMessage)
    plain, marked = mail.get_body(("plain",)), mail.get_body(("html",))
    named = [(name, str(value)) for name, value in mail.items() if not _is_ours(name)]
    return Draft(named, _text(plain), _text(marked), [_file(part) for part in mail.walk() if _is_file(part)])


def _is_ours(name: str) -> bool:
    return name.lower() in _OURS or name.lower().startswith("content-")


def _text(part: object) -> str:
    if not isinstance(part, EmailMessage):
        return ""
    try:
        words = str(part.get_content())
    except LookupError:  # a charset that nobody knows
        octets = part.get_payload(decode=True)
        words = octets.decode("utf-8", "replace") if isinstance(octets, bytes) else ""
    return words.replace("\r\n", "\n").removesuffix("\n")


def _is_file(part: object) -> bool:
    return isinstance(part, EmailMessage) and bool(part.get_filename() or part.get_content_type() == "message/rfc822")


def _file(part: EmailMessage) -> File:
    kind, name = part.get_content_type(), part.get_filename()
    content = part.get_content() if kind == "message/rfc822" else part.get_payload(decode=True)
    octets = content.as_bytes() if isinstance(content, EmailMessage) else content
    cid = str(part.get("Content-ID", "")).strip("<> ")
    return File(name or "message.eml", kind, octets if isinstance(octets, bytes) else b"", cid)


def answer_subject(subject: str) -> str:
    """The subject of an answer.

    >>> answer_subject("Offer"), answer_subject("re: Offer")
    ('Re: Offer', 're: Offer')
    """
    return subject if re.match(r"(?i)re:", subject) else f"Re: {subject}"


def forward_subject(subject: str) -> str:
    """The subject of a mail that is passed on.

    >>> forward_subject("Offer"), forward_subject("FW: Offer")
    ('Fwd: Offer', 'FW: Offer')
    """
    return subject if re.match(r"(?i)(?:fwd?|wg|i|tr):", subject) else f"Fwd: {subject}"


def quoted(text: str) -> str:
    """The earlier mail beneath an answer, each line marked.

    >>> quoted("One\\n\\n> Two")
    '> One\\n>\\n>> Two'
    """
    return "\n".join(f">{line}" if line.startswith(">") else f"> {line}".rstrip() for line in text.rstrip().split("\n"))
