"""Bounces without a proper report: mail servers that wrote prose.

Only mail that comes from a mail system, or says so in its headers, is looked at: a person may well write
"user unknown".
"""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from email.message import Message

from flufl.bounce import all_failures

from addon.domain.verdicts.envelope import addresses_in
from addon.domain.verdicts.facts import QUOTE, Evidence, EvidenceKind, FailedRecipient, Kind
from addon.domain.verdicts.finding import Finding
from addon.domain.verdicts.mail import Mail, header_evidence
from addon.domain.verdicts.mime import Part, fields_of
from addon.domain.verdicts.originals import original_recipients
from addon.domain.verdicts.severity import severity_of, status_in

logging.getLogger("flufl.bounce").setLevel(logging.CRITICAL)  # it logs the exceptions that are caught here

_SYSTEM = re.compile(
    r"mailer-?daemon|post[-_]?master|mail-?daemon|mdaemon|mail ?delivery|delivery ?(?:system|subsystem|service)|"
    r"mailsystem|mail ?system|"
    r"^mailer$|^mail-?admin|bounce|mmdf|^uucp|^root$|^pmdf|^system ?administrator|^administrator|"
    r"microsoft ?exchange|internet mail|"
    r"smtp|complaints|^mrmail|^daemon|^ms-?exchange|^devnull|^nobody$|^no-?reply|mail ?server",
    re.IGNORECASE,
)
_SUBJECT = re.compile(
    r"undeliver|deliver(?:y|ed)?\b.{0,30}(?:fail|status|notif|report|problem|error|delay|unsuccess|denied|"
    r"incomplete|suspend|warning)|"
    r"fail(?:ed|ure).{0,30}(?:deliver|notice|notif|send|mail)|return(?:ed|ing).{0,15}(?:mail|message|to sender|"
    r"e-?mail)|mail (?:system )?error|"
    r"non.?d[eé]liv|nondeliverable|non remis|unzustellbar|nicht zugestellt|zustell|niet-?bestelbaar|"
    r"mancato recapito|non recapitabil|"
    r"no se (?:pudo|puede) entregar|devuelto|niedostarcz|nie dostarczono|zwrot|tidak terkirim|gagal (?:terkirim|"
    r"dikirim)|"
    r"could ?n(?:o|')t (?:be )?(?:deliver|send)|cannot (?:be )?(?:deliver|send)|unable to deliver|"
    r"not (?:be )?delivered|bounce|rejected|"
    r"(?:user|address|recipient) (?:unknown|not found)|warning:.{0,40}(?:deliver|mail|message|sen[dt])|delayed|"
    r"permanent (?:fatal )?error|mail failure|"
    r"message (?:status|not|error|delayed|undeliv)|\bndr\b|\bdsn\b|failure|verzögert|problem with|"
    r"mailbox (?:full|unavailable)|unknown user|"
    r"not found|\bnot deliver|error sending|mail could not",
    re.IGNORECASE,
)
_FAILED = re.compile(
    r"(?:could|can|did|was|were|has|have)(?: ?not|n't)(?: have)?(?: yet)?(?: been| be)? (?:deliver|sen[dt]|"
    r"process|complet|reach|found|accept)|undeliver|"
    r"unable to (?:deliver|send|relay)|fail(?:ed|ure) |returned (?:mail|to sender)|permanent|"
    r"user (?:is )?unknown|unknown (?:user|recipient|address)|"
    r"no such (?:user|recipient|mailbox|address)|does ?n.t exist|mailbox (?:is )?(?:full|unavailable)|"
    r"over ?quota|rejected|unrouteable|"
    r"not listed in|account (?:is )?(?:disabled|inactive)|(?<!\d)5\d\d[ -]\d?\.?|not known|bounced|blocked|"
    r"quota|invalid|expired|"
    r"nicht zugestellt|n'a pas pu|non è stato|no se pudo|nie mog|tidak dapat|отправ|доставить|配信|送信|メール|宛先|"
    r"not delivered|gave up|giving up|refused",
    re.IGNORECASE,
)
_DELAYED = re.compile(
    r"will (?:keep|continue)(?: to)?(?: try| be| attempt|ing| retry)|still trying|keep trying|"
    r"will be (?:retried|attempted|made)|"
    r"warning message only|do(?:es)? not need to re-?send|not yet been delivered|has not been delivered yet|"
    r"delivery (?:is )?(?:delayed|is delayed)|"
    r"being delayed|been postponed|continue to try|temporarily deferred|will try again|further attempts|"
    r"delivery attempts will continue|"
    r"delayed mail|no need to (?:retry|resend)|"
    r"wird weiter versucht|temporary (?:failure|problem).{0,80}retr",
    re.IGNORECASE,
)
_ORIGINAL_BEGINS = re.compile(
    r"^[-= *>]{0,12}(?:original message|this is a copy of (?:the|your) message|"
    r"a copy of the (?:original )?(?:message|mail)|returned message|"
    r"message (?:header|text|body) follow|below this line is|your original message|the (?:header|"
    r"text) of (?:the|your) (?:original )?message|"
    r"unsent message|copy of your message|forwarded message|undelivered message|received: from|return-path:|"
    r"original mail|"
    r"----- ?message header|original headers|headers (?:of|follow)|message-id:|begin returned|start of message).*$",
    re.IGNORECASE | re.MULTILINE,
)
_LONGEST = 20_000


def prose(mail: Mail, own: frozenset[str]) -> Finding | None:
    """Bounce or delay told in prose, with whom it names."""
    why = suspicion(mail)
    if not why:
        return None
    text = _own_words(mail.text)
    kind = Kind.DELAY if _is_delay(mail, text) else Kind.BOUNCE
    named = _named(mail, text, own)
    if not named and not (_FAILED.search(text) or _SUBJECT.search(mail.envelope.subject)):
        return None
    if not named and len(why) < 2:
        return None
    recipients = tuple(_recipient(address, text) for address in named)
    return Finding(kind=kind, evidence=(*why, *_sentence(text)), recipients=recipients)


def suspicion(mail: Mail) -> tuple[Evidence, ...]:
    """The headers that speak for a mail system as sender and for a failure; empty for other people's mail."""
    envelope, headers = mail.envelope, mail.headers
    sender = [header_evidence("From", headers.get("from"))] if _is_system(mail) else []
    empty = [header_evidence("Return-Path", "<>")] if headers.get("return-path").replace(" ", "") == "<>" else []
    failed = [header_evidence("X-Failed-Recipients", value) for value in headers.all("x-failed-recipients")[:1]]
    about = [header_evidence("Subject", envelope.subject)] if _SUBJECT.search(envelope.subject) else []
    report = "report" in headers.get("content-type").lower()
    reported = [header_evidence("Content-Type", headers.get("content-type"))] if report else []
    if failed or reported or (sender and (about or _FAILED.search(_own_words(mail.text)))) or (empty and about):
        return (*failed, *sender, *empty, *about, *reported)
    return ()


def _is_system(mail: Mail) -> bool:
    local = mail.envelope.from_address.partition("@")[0]
    # Some mail systems write senders that are no addresses: the raw field still names them.
    told = (local, mail.envelope.from_name, mail.headers.get("from").partition("@")[0])
    return any(_SYSTEM.search(text) for text in told)


def _is_delay(mail: Mail, text: str) -> bool:
    if _DELAYED.search(text[:5_000]):
        return True
    return bool(
        re.search(r"delayed|deferred|verzögert|\bwarning:", mail.envelope.subject, re.IGNORECASE)
    ) and not re.search(r"permanent|giving up|gave up|will not", text[:3_000], re.IGNORECASE)


def _own_words(text: str) -> str:
    """What the mail system wrote, without the mail that it sends back beneath."""
    text = text[:_LONGEST]
    begins = _ORIGINAL_BEGINS.search(text, 40) if len(text) > 40 else None
    return text[: begins.start()] if begins else text


def _named(mail: Mail, text: str, own: frozenset[str]) -> list[str]:
    """Whom the mail says it did not reach: by header, by the detectors, by its text."""
    headed = addresses_in(" ".join(mail.headers.all("x-failed-recipients")))
    if headed:
        return headed
    apart = own | {mail.envelope.from_address, *mail.envelope.to}
    detected = [address for address in _detected(mail) if address not in own]
    if detected:
        return detected
    original = original_recipients(mail)
    in_text = [
        address
        for address in addresses_in(text)
        if address not in apart and not _SYSTEM.search(address.partition("@")[0])
    ]
    both = [address for address in in_text if address in original]
    return both or in_text[:1] or [address for address in original if address not in apart][:1]


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


def _recipient(address: str, text: str) -> FailedRecipient:
    place = text.lower().find(address)
    near = text[max(0, place - 200) : place + 600] if place >= 0 else text[:1_500]
    status = status_in(near)
    return FailedRecipient(address=address, severity=severity_of(status, near), status=status)


def _sentence(text: str) -> tuple[Evidence, ...]:
    found = _FAILED.search(text)
    if not found:
        return ()
    start = max(
        text.rfind("\n\n", 0, found.start()) + 2, text.rfind(". ", 0, found.start()) + 2, found.start() - 150, 0
    )
    quoted = " ".join(text[start : start + QUOTE].split())
    return (Evidence(kind=EvidenceKind.SENTENCE, name=found[0].strip()[:60], text=quoted, position=start),)
