"""The bytes of a mail -> what it is, what it says, and why."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterator

from addon.domain.verdicts.bounces import notices, originals, reports
from addon.domain.verdicts.bounces import prose as bounces
from addon.domain.verdicts.bounces.originals import strip_own
from addon.domain.verdicts.calendars import meetings as calendars
from addon.domain.verdicts.facts import Judged, Kind, MessageFacts, Said
from addon.domain.verdicts.finding import Finding
from addon.domain.verdicts.language import guessing as language
from addon.domain.verdicts.mail import Mail, header_evidence
from addon.domain.verdicts.replies.new_text import new_text
from addon.domain.verdicts.robots import automatic
from addon.domain.verdicts.said import answers as said

_REFERRING = frozenset(
    {Kind.BOUNCE, Kind.DELAY, Kind.DELIVERED, Kind.READ, Kind.COMPLAINT, Kind.OUT_OF_OFFICE, Kind.AUTO_REPLY}
)
_REPORTED = frozenset({Kind.BOUNCE, Kind.DELAY, Kind.DELIVERED, Kind.COMPLAINT})


def judge(raw: bytes, *, own: Collection[str] = (), labels: Collection[str] = ()) -> Judged:
    """Judge one mail. `own`: the mailbox's addresses; `labels`: Gmail's label ids. Never raises, whatever the bytes."""
    mail = Mail(raw)
    ours = frozenset(address.lower() for address in own)
    finding = next(_findings(mail, ours, frozenset(labels)))
    text = "" if finding.kind in _REPORTED else finding.words or new_text(mail.text, mail.envelope.from_name)
    spoken = language.guess(text)
    refers = finding.kind in _REFERRING
    written = mail.envelope.date.date() if mail.envelope.date else None
    heard = said.said_in(text, spoken, written) if finding.kind is Kind.HUMAN or finding.words else ()
    facts = MessageFacts(
        kind=finding.kind,
        language=spoken,
        headers=finding.headers,
        evidence=finding.evidence,
        recipients=strip_own(finding.recipients, ours),
        original_ids=finding.original_ids or (originals.original_ids(mail) if refers else ()),
        original_ref=finding.original_ref or (originals.original_ref(mail) if refers else ""),
        returns=finding.returns,
        stand_ins=finding.stand_ins,
        calendar=finding.calendar,
        attachments=mail.attachments,
        reply_digest=hashlib.sha256(text.encode("utf-8", "replace")).hexdigest() if text else "",
        said=heard,
        understood=finding.kind is not Kind.HUMAN or _is_understood(text, heard),
    )
    return Judged(facts=facts, reply_text=text, envelope=mail.envelope)


def telling_sentence(judged: Judged) -> tuple[str, int]:
    """The sentence that best shows what a person said, at most 300 characters, and where it begins in the reply text.

    The strongest hit; else the first sentence that is neither greeting nor farewell; ("", 0) for an empty reply.
    """
    return said.telling(judged.facts.said, judged.reply_text)


def _findings(mail: Mail, own: frozenset[str], labels: frozenset[str]) -> Iterator[Finding]:
    """Findings in the order in which they decide; the last always comes."""
    looks: tuple[Callable[[], Finding | None], ...] = (
        lambda: _own(mail, own, labels),
        lambda: notices.notice(mail),
        lambda: bounces.failing(mail, own),
        lambda: reports.receipt(mail),
        lambda: reports.complaint(mail),
        lambda: calendars.calendar(mail),
        lambda: _robot(mail),
        lambda: automatic.unsubscribe(mail),
        lambda: automatic.bulk(mail),
    )
    for look in looks:
        finding = look()
        if finding:
            yield finding
    yield Finding(kind=Kind.HUMAN)


def _own(mail: Mail, own: frozenset[str], labels: frozenset[str]) -> Finding | None:
    if mail.envelope.from_address in own or "SENT" in labels or "DRAFT" in labels:
        return Finding(kind=Kind.OWN, evidence=(header_evidence("From", mail.envelope.from_address),))
    return None


def _robot(mail: Mail) -> Finding | None:
    """An automatic reply answers somebody. Mail programs that unsubscribe for a person mark their mails as automatic
    too; who unsubscribes is heard.
    """
    finding = automatic.automatic(mail)
    if finding and finding.kind is Kind.AUTO_REPLY and not mail.envelope.in_reply_to:
        return automatic.unsubscribe(mail) or finding
    return finding


def _is_understood(text: str, heard: tuple[Said, ...]) -> bool:
    """Whether what a person did not say can be told. A phrase of several words stands in its own language only."""
    return (
        language.is_read(text)
        or (language.is_short(text) and not language.is_foreign(text))
        or any(len(hit.phrase.split()) > 1 for hit in heard)
    )
