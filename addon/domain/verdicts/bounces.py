"""Bounces without a proper report: mail servers that wrote prose.

Only mail that comes from a mail system, or says so in its headers, is looked at: a person may well write
"user unknown".
"""

from __future__ import annotations

import re

from addon.domain.verdicts import reports
from addon.domain.verdicts.envelope import addresses_in
from addon.domain.verdicts.facts import QUOTE, Evidence, EvidenceKind, FailedRecipient, Kind
from addon.domain.verdicts.finding import Finding
from addon.domain.verdicts.mail import Mail, header_evidence
from addon.domain.verdicts.mime import fields_of
from addon.domain.verdicts.naming import SYSTEM, named_in
from addon.domain.verdicts.own_words import about, own_words
from addon.domain.verdicts.severity import severity_of, status_in

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
_CERTAIN = re.compile(r"mailer-?daemon|postmaster|mail delivery|delivery (?:sub)?system", re.IGNORECASE)
_OPENING = 1_000
_LOST_FORM = re.compile(r"^(?:--\S+|content-[\w-]+:.*|boundary=.*)$\n?", re.IGNORECASE | re.MULTILINE)
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


def failing(mail: Mail, own: frozenset[str]) -> Finding | None:
    """Bounce, delay or delivered, by a report or in prose."""
    # A feedback or reading report is a report too, and carries a mail that may look like a failure.
    if mail.part_of("message/feedback-report"):
        return None
    if mail.part_of("message/disposition-notification"):
        return _rejected_unread(mail)
    found = reports.delivery(mail) or _prose(mail, own)
    return None if found and _writes_itself(mail, found) else found


def _writes_itself(mail: Mail, found: Finding) -> bool:
    """Whether the answer would go to the very address that failed: who asks for a proof of the sender is not dead."""
    answers = addresses_in(" ".join(mail.headers.all("reply-to")))
    return bool(answers) and any(recipient.address in answers for recipient in found.recipients)


def _rejected_unread(mail: Mail) -> Finding | None:
    """A receipt by which a mail system says that it threw the mail away: it reached nobody."""
    part = mail.part_of("message/disposition-notification")
    text = own_words(mail.text)
    if part is None or not _is_system(mail) or not _FAILED.search(text):
        return None
    for fields in fields_of(part):
        disposition = fields.get("disposition").lower()
        if "automatic" in disposition and "deleted" in disposition:
            named = addresses_in(fields.get("final-recipient").partition(";")[2])
            recipients = tuple(_recipient(address, text, named, final=True) for address in named)
            return Finding(kind=Kind.BOUNCE, evidence=(*suspicion(mail), *_sentence(text)), recipients=recipients)
    return None


def _prose(mail: Mail, own: frozenset[str]) -> Finding | None:
    """Bounce or delay told in prose, with whom it names."""
    why = suspicion(mail)
    if not why:
        return None
    reported = reports.in_text(mail)
    if reported:
        return reported
    text = own_words(mail.text)
    kind = Kind.DELAY if _is_delay(mail, text) else Kind.BOUNCE
    named = named_in(mail, text, own)
    if not named and not (_FAILED.search(text) or _SUBJECT.search(mail.envelope.subject)):
        return None
    if not named and len(why) < 2:
        return None
    recipients = tuple(_recipient(address, text, named, final=kind is Kind.BOUNCE) for address in named)
    return Finding(kind=kind, evidence=(*why, *_sentence(text)), recipients=recipients)


def suspicion(mail: Mail) -> tuple[Evidence, ...]:
    """The headers that speak for a mail system as sender and for a failure; empty for other people's mail."""
    envelope, headers = mail.envelope, mail.headers
    sender = [header_evidence("From", headers.get("from"))] if _is_system(mail) else []
    empty = [header_evidence("Return-Path", "<>")] if headers.get("return-path").replace(" ", "") == "<>" else []
    failed = [header_evidence("X-Failed-Recipients", value) for value in headers.all("x-failed-recipients")[:1]]
    about = [header_evidence("Subject", envelope.subject)] if _SUBJECT.search(envelope.subject) else []
    report = mail.root.content_type == "multipart/report"
    reported = [header_evidence("Content-Type", headers.get("content-type"))] if report else []
    told = (*failed, *sender, *empty, *about, *reported)
    if failed or reported or (empty and about):
        return told
    speaks = _opens_with_failure(mail) if _is_answer(mail) else about or _speaks_of_failure(mail)
    return told if sender and speaks else ()


def _is_answer(mail: Mail) -> bool:
    """Whether it answers a mail or went over a list: so do people's, whatever they call themselves."""
    listed = mail.headers.get("list-post") or mail.headers.get("x-mailing-list")
    return bool(mail.envelope.in_reply_to or (listed and not _CERTAIN.search(mail.headers.get("from"))))


def _speaks_of_failure(mail: Mail) -> bool:
    return bool(_FAILED.search(own_words(mail.text)))


def _opens_with_failure(mail: Mail) -> bool:
    """Mail systems come to the point at once."""
    opening = _LOST_FORM.sub("", own_words(mail.text)[:_OPENING]).strip().partition("\n\n")[0]
    return bool(_FAILED.search(" ".join(opening.split()[:12])))


def _is_system(mail: Mail) -> bool:
    local = mail.envelope.from_address.partition("@")[0]
    # Some mail systems write senders that are no addresses: the raw field still names them.
    told = (local, mail.envelope.from_name, mail.headers.get("from").partition("@")[0])
    return any(SYSTEM.search(text) for text in told)


def _is_delay(mail: Mail, text: str) -> bool:
    if _DELAYED.search(text[:5_000]):
        return True
    return bool(
        re.search(r"delayed|deferred|verzögert|\bwarning:", mail.envelope.subject, re.IGNORECASE)
    ) and not re.search(r"permanent|giving up|gave up|will not", text[:3_000], re.IGNORECASE)


def _recipient(address: str, text: str, everyone: list[str], *, final: bool) -> FailedRecipient:
    told = about(text, address, everyone)
    status = next(filter(None, map(status_in, told)), "")
    return FailedRecipient(address=address, severity=severity_of(status, *told, final=final), status=status)


def _sentence(text: str) -> tuple[Evidence, ...]:
    found = _FAILED.search(text)
    if not found:
        return ()
    start = max(
        text.rfind("\n\n", 0, found.start()) + 2, text.rfind(". ", 0, found.start()) + 2, found.start() - 150, 0
    )
    quoted = " ".join(text[start : start + QUOTE].split())
    return (Evidence(kind=EvidenceKind.SENTENCE, name=found[0].strip()[:60], text=quoted, position=start),)
