"""Bounces without a proper report: mail servers that wrote prose.

Only mail that comes from a mail system, or says so in its headers, is looked at: a person may well write
"user unknown".
"""

from __future__ import annotations

import re

from addon.domain.verdicts.bounces import reports
from addon.domain.verdicts.bounces.mail_systems import ABOUT_FAILURE, FAILED, is_system, suspicion
from addon.domain.verdicts.bounces.naming import named_in
from addon.domain.verdicts.bounces.own_words import about, own_words
from addon.domain.verdicts.bounces.severity import severity_of, status_in
from addon.domain.verdicts.facts import QUOTE, Evidence, EvidenceKind, FailedRecipient, Kind
from addon.domain.verdicts.finding import Finding
from addon.domain.verdicts.mail import Mail
from addon.domain.verdicts.mails.envelope import addresses_in
from addon.domain.verdicts.mails.mime import fields_of

_DELAYED = re.compile(
    r"will (?:keep|continue)(?: to)?(?: try| be| attempt|ing| retry)|still trying|keep trying|"
    r"will be (?:retried|attempted|made)|"
    r"warning message only|do(?:es)? not need to re-?send|not yet been delivered|has not been delivered yet|"
    r"delivery (?:is )?(?:delayed|is delayed)|"
    r"being delayed|been postponed|continue to try|temporarily deferred|will try again|further attempts|"
    r"delivery attempts will continue|"
    r"delayed mail|no need to (?:retry|resend)|"
    r"(?:wird|werden) (?:weiter|erneut) versucht|noch nicht zugestellt|weitere zustellversuche|"
    r"n['’]a pas encore été|nouvelles? tentatives?|tentatives? (?:se poursuiv|continu)|"
    r"(?:aún|todavía) no (?:se )?(?:ha|pudo)|(?:seguirá|seguiremos|continuará) intentando|"
    r"non (?:è )?(?:stato )?ancora|nuovi tentativi|continuer(?:à|emo) a (?:tentare|provare)|"
    r"nie (?:został[ao]? )?jeszcze|jeszcze nie|kolejne próby|próby będą|ponawia|"
    r"belum (?:dapat|bisa|terkirim|berhasil)|akan (?:terus )?(?:di)?(?:men)?coba|"
    r"nog niet (?:bezorgd|afgeleverd)|opnieuw (?:geprobeerd|proberen)|ainda não (?:foi|pôde)|"
    r"temporary (?:failure|problem).{0,80}retr",
    re.IGNORECASE,
)

_LATE = (
    r"delayed|deferred|verzöger|\bwarning:|retard[ée]|différé|retras|demorad|in ritardo|ritardat|opóźni|tertunda|"
    r"vertraagd|atrasad"
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
    if part is None or not is_system(mail) or not FAILED.search(text):
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
    if not named and not (FAILED.search(text) or ABOUT_FAILURE.search(mail.envelope.subject)):
        return None
    if not named and len(why) < 2:
        return None
    recipients = tuple(_recipient(address, text, named, final=kind is Kind.BOUNCE) for address in named)
    return Finding(kind=kind, evidence=(*why, *_sentence(text)), recipients=recipients)


def _is_delay(mail: Mail, text: str) -> bool:
    if _DELAYED.search(text[:5_000]):
        return True
    return bool(re.search(_LATE, mail.envelope.subject, re.IGNORECASE)) and not re.search(
        r"permanent|giving up|gave up|will not", text[:3_000], re.IGNORECASE
    )


def _recipient(address: str, text: str, everyone: list[str], *, final: bool) -> FailedRecipient:
    told = about(text, address, everyone)
    status = next(filter(None, map(status_in, told)), "")
    return FailedRecipient(address=address, severity=severity_of(status, *told, final=final), status=status)


def _sentence(text: str) -> tuple[Evidence, ...]:
    found = FAILED.search(text)
    if not found:
        return ()
    begins = (place + 2 for end in ("\n\n", ". ") if (place := text.rfind(end, 0, found.start())) >= 0)
    start = max(found.start() - 150, 0, *begins)
    quoted = " ".join(text[start : start + QUOTE].split())
    return (Evidence(kind=EvidenceKind.SENTENCE, name=found[0].strip()[:60], text=quoted, position=start),)
