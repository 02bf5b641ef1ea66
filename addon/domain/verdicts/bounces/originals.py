"""Which mail of ours a bounce or an automatic reply speaks of."""

from __future__ import annotations

import re

from addon.domain.verdicts.facts import FailedRecipient
from addon.domain.verdicts.mail import Mail
from addon.domain.verdicts.mails.envelope import REF_HEADER
from addon.domain.verdicts.mails.headers import Headers, parse_headers

_MOST = 10
_ID = re.compile(r"<[^<>\s]{3,900}>")
_QUOTED_ID = re.compile(r"^[>\s]{0,8}message-id:\s*(<[^<>\s]{3,900}>)", re.IGNORECASE | re.MULTILINE)
_QUOTED_REF = re.compile(rf"^[>\s]{{0,8}}{REF_HEADER}:\s*(\S{{1,200}})", re.IGNORECASE | re.MULTILINE)
_QUOTED_TO = re.compile(r"^[>\s]{0,8}(?:to|x-original-to|delivered-to):(.{1,300})$", re.IGNORECASE | re.MULTILINE)
_ADDRESS = re.compile(r"[^\s<>\",;:@]{1,200}@[^\s<>\",;:@]{1,250}")
_RETURNED = ("message/rfc822", "message/global", "message/rfc822-headers", "text/rfc822-headers", "message/news")


def returned_headers(mail: Mail) -> list[Headers]:
    """The headers of the mails that came back inside this one."""
    found = []
    for part in mail.parts[1:] if mail.parts[0].content_type not in _RETURNED else mail.parts:
        if part.content_type not in _RETURNED:
            continue
        # An attached mail is not walked into, so it is asked for its own.
        found.append(part.children[0].headers if part.children else parse_headers(part.data().lstrip(b"\r\n"))[0])
    return [headers for headers in found if headers.pairs][:_MOST]


def original_ids(mail: Mail) -> tuple[str, ...]:
    """Message-IDs: of the mails that came back, else quoted in the text, and whatever this mail answers."""
    ids = [found for headers in returned_headers(mail) for found in _ID.findall(headers.get("message-id"))]
    ids = ids or _QUOTED_ID.findall(mail.text)
    envelope = mail.envelope
    ids += [envelope.in_reply_to] if envelope.in_reply_to else list(envelope.references[-1:])
    return tuple(dict.fromkeys(found for found in ids if found != envelope.message_id))[:_MOST]


def original_ref(mail: Mail) -> str:
    """The X-Dealthread-Ref of the mail that came back, or ""."""
    for headers in returned_headers(mail):
        if ref := headers.get(REF_HEADER):
            return ref[:200]
    quoted = _QUOTED_REF.search(mail.text)
    return quoted[1] if quoted else ""


def original_recipients(mail: Mail) -> list[str]:
    """To whom the mail that came back was addressed, where it says so."""
    said = [headers.get("to") for headers in returned_headers(mail)] or _QUOTED_TO.findall(mail.text)
    return [address for text in said[:3] for address in _ADDRESS.findall(text.lower())]


def strip_own(recipients: tuple[FailedRecipient, ...], own: frozenset[str]) -> tuple[FailedRecipient, ...]:
    """Without ourselves, unless nobody else is named."""
    others = tuple(recipient for recipient in recipients if recipient.address not in own)
    return others or recipients
