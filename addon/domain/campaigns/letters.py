"""A mail as bytes: headers, plain text and its HTML twin. Pure.

Written out by hand, for the standard library's message objects take a millisecond a mail, and a campaign has thousands.
Nothing a person wrote can begin a header: values are on one line and encoded before they get here.
"""

from __future__ import annotations

import re
import secrets
from binascii import b2a_qp
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.utils import format_datetime, formataddr
from html import escape

from email_validator import EmailNotValidError, validate_email

_LINK = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?)\]'’”]")
_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_HTML = (
    '<!DOCTYPE html><html><head><meta charset="utf-8"></head>'
    '<body style="font-family:Arial,Helvetica,sans-serif;font-size:14px;line-height:1.5">{}</body></html>'
)


@dataclass(frozen=True, kw_only=True)
class Letter:
    """What a mail says. Addresses are bare; `unsubscribe` is the address of the one-click page and its line of text."""

    sender: tuple[str, str]
    """Name and address."""
    to: tuple[str, str]
    subject: str
    body: str
    """Plain text, lines parted by a newline."""
    ref: str
    """Value of X-Dealthread-Ref."""
    message_id: str
    """Without its angle brackets."""
    at: datetime
    unsubscribe_url: str
    unsubscribe_line: str
    """Words for the last line of the mail; the address follows them."""


def written(letter: Letter) -> bytes:
    """The mail, RFC 5322, CRLF, seven bits."""
    boundary = f"=_{secrets.token_hex(16)}"
    body = _UNSEEN.sub("", letter.body).rstrip()
    plain = f"{body}\n\n-- \n{letter.unsubscribe_line} {letter.unsubscribe_url}\n"
    lines = [
        *_headers(letter),
        "MIME-Version: 1.0",
        f'Content-Type: multipart/alternative; boundary="{boundary}"',
        "",
        *_part(boundary, "text/plain", plain),
        *_part(boundary, "text/html", html_of(body, letter.unsubscribe_line, letter.unsubscribe_url)),
        f"--{boundary}--",
        "",
    ]
    return "\r\n".join(lines).encode("ascii")


def html_of(body: str, unsubscribe_line: str, unsubscribe_url: str) -> str:
    """The same words: a paragraph for each block, links that can be clicked and say where they lead."""
    blocks = [block for block in re.split(r"\n\s*\n", body) if block.strip()]
    paragraphs = "".join(f"<p>{_linked(block.strip(chr(10)))}</p>\n" for block in blocks)
    last = f'<a href="{escape(unsubscribe_url)}" style="color:#5f6368">{escape(unsubscribe_line)}</a>'
    return _HTML.format(f'\n{paragraphs}<p style="font-size:12px;color:#5f6368">{last}</p>\n')


def _linked(block: str) -> str:
    html, last = "", 0
    for found in _LINK.finditer(block):
        url = escape(found[0])
        html += escape(block[last : found.start()]) + f'<a href="{url}">{url}</a>'
        last = found.end()
    return (html + escape(block[last:])).replace("\n", "<br>\n")


def _headers(letter: Letter) -> Sequence[str]:
    return [
        f"From: {_address(*letter.sender)}",
        f"To: {_address(*letter.to)}",
        f"Subject: {_encoded(letter.subject, 'Subject')}",
        f"Date: {format_datetime(letter.at)}",
        f"Message-ID: <{letter.message_id}>",
        f"X-Dealthread-Ref: {letter.ref}",
        f"List-Unsubscribe: <{letter.unsubscribe_url}>",
        "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
    ]


def _address(name: str, email: str) -> str:
    """Name and address; the domain in the form that every mail server takes."""
    bare = email if email.isascii() else _in_ascii(email)
    clean = " ".join(_UNSEEN.sub(" ", name).split())
    if clean.isascii():
        return formataddr((clean, bare))
    return f"{_encoded(clean, 'From')}\r\n <{bare}>"


def _in_ascii(email: str) -> str:
    try:
        checked = validate_email(email, check_deliverability=False, test_environment=True)
    except EmailNotValidError:  # a domain reserved for tests
        local, _, domain = email.rpartition("@")
        return f"{local}@{domain.encode('idna').decode()}"
    return checked.ascii_email or email


def _encoded(text: str, header: str) -> str:
    if text.isascii() and len(text) < 60 and "=?" not in text:
        return text
    plain = text.isascii() and "=?" not in text and all(len(word) < 60 for word in text.split())
    charset = "us-ascii" if plain else "utf-8"
    return Header(text, charset, header_name=header, maxlinelen=76).encode(linesep="\r\n")


def _part(boundary: str, kind: str, text: str) -> Sequence[str]:
    coded = b2a_qp(text.replace("\n", "\r\n").encode("utf-8", "replace"), istext=True).decode("ascii")
    return [
        f"--{boundary}",
        f"Content-Type: {kind}; charset=utf-8",
        "Content-Transfer-Encoding: quoted-printable",
        "",
        coded.removesuffix("\r\n"),
    ]
