"""Whom a bounce written in prose names: by its header, by the detectors, by what its text says."""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from email.message import Message

from flufl.bounce import all_failures

from addon.domain.verdicts.bounces.mail_systems import SYSTEM
from addon.domain.verdicts.bounces.originals import original_recipients
from addon.domain.verdicts.mail import Mail
from addon.domain.verdicts.mails.envelope import addresses_in
from addon.domain.verdicts.mails.mime import Part, fields_of

logging.getLogger("flufl.bounce").setLevel(logging.CRITICAL)  # it logs the exceptions that are caught here

# `554 <cid@gone.test>... 550 Host unknown`, a line for each in a transcript.
_IN_TRANSCRIPT = re.compile(r"^5\d\d (?:5\.\d{1,3}\.\d{1,3} )?<([^<>\s]{3,250}@[^<>\s]{3,250})>\.\.\. ", re.MULTILINE)
# An address at the beginning of a line, as lists of recipients have it.
_LISTED = re.compile(r"^[ \t>*•-]{0,12}<?([^\s<>\"',;:]{1,200}@[^\s<>\"',;:]{1,250})", re.MULTILINE)
_LONGEST = 20_000


def named_in(mail: Mail, text: str, own: frozenset[str]) -> list[str]:
    """The addresses that were not reached. `text`: the mail system's own words."""
    headed = addresses_in(" ".join(mail.headers.all("x-failed-recipients")))
    if headed:
        return headed
    in_text = addresses_in(text)
    detected = _of_these(in_text, [address for address in _detected(mail) if address not in own])
    if detected:
        return detected
    transcript = [address.lower() for address in _IN_TRANSCRIPT.findall(text)]
    return list(dict.fromkeys(transcript)) or _told(mail, text, own)


def _of_these(in_text: Sequence[str], detected: Sequence[str]) -> list[str]:
    """Detectors take the sender and the Message-ID of the mail beneath along; what the mail system wrote names none."""
    return [address for address in detected if address in in_text] or list(detected)


def _told(mail: Mail, text: str, own: frozenset[str]) -> list[str]:
    """Whom the text names among those the mail was for; else whom it lists; else the first it names or it was for."""
    in_text = addresses_in(text)
    apart = own | {mail.envelope.from_address, *mail.envelope.to}
    original = original_recipients(mail)
    others = [address for address in in_text if address not in apart and not SYSTEM.search(address.partition("@")[0])]
    both = [address for address in others if address in original]
    sent_to = [address for address in original if address in in_text]
    listed = [address for address in addresses_in(" ".join(_LISTED.findall(text))) if address in others]
    return both or listed or others[:1] or sent_to[:1] or [address for address in original if address not in apart][:1]


def _detected(mail: Mail) -> list[str]:
    try:
        temporary, permanent = all_failures(_standard(mail.root))
    except Exception:  # it raises on one broken mail in twenty
        return []
    found: Sequence[bytes | str] = sorted(permanent or temporary, key=repr)
    texts = (address.decode("latin-1") if isinstance(address, bytes) else address for address in found)
    return [address for text in texts for address in addresses_in(text)]


def _standard(part: Part) -> Message[str, str]:
    """The mail as the standard library has it, which is what the detectors read."""
    message = part.headers.message()
    if part.children:
        message.set_payload([_standard(child) for child in part.children])
    elif part.content_type == "message/delivery-status":
        message.set_payload([group.message() for group in fields_of(part)])
    else:
        message.set_payload(part.raw[:_LONGEST].decode("ascii", "surrogateescape").replace("\r\n", "\n"))
    return message
