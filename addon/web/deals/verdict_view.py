"""What was made of a linked mail, and why, as far as the mailbox's owner shares it. Only what is stored is shown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from addon.domain.threads import sharing
from addon.domain.verdicts import Evidence, EvidenceKind, FailedRecipient, Kind, MessageFacts, Named, Said, from_json
from addon.i18n import Words
from addon.models import Message, Sharing

_SHOWN = 10
"""Mails of one thread whose verdicts are shown, the newest."""

_TAGS: dict[Kind, tuple[str, str]] = {
    Kind.BOUNCE: ("lost", "warning"),
    Kind.DELAY: ("late", "clock"),
    Kind.DELIVERED: ("quiet", "check"),
    Kind.READ: ("quiet", "eye"),
    Kind.COMPLAINT: ("lost", "warning"),
    Kind.CALENDAR_ACCEPTED: ("won", "calendar"),
    Kind.CALENDAR_DECLINED: ("lost", "calendar"),
    Kind.CALENDAR_TENTATIVE: ("unsure", "calendar"),
    Kind.CALENDAR_OTHER: ("quiet", "calendar"),
    Kind.OUT_OF_OFFICE: ("late", "sun"),
    Kind.UNSUBSCRIBE: ("lost", "no"),
    Kind.HUMAN: ("open", "reply"),
    Kind.OWN: ("quiet", "send"),
}
_ANY_OTHER = ("quiet", "mail")


@dataclass(frozen=True, kw_only=True)
class TagView:
    state: str
    icon: str
    words: str


@dataclass(frozen=True, kw_only=True)
class ReasonView:
    """A header or field with its words, or a sentence, which is marked."""

    label: str
    text: str
    sentence: bool = False


@dataclass(frozen=True)
class RowView:
    label: str
    value: str


@dataclass(frozen=True, kw_only=True)
class VerdictView:
    tag: TagView
    who: str
    when: str
    because: str
    reasons: Sequence[ReasonView]
    said: Sequence[ReasonView]
    rows: Sequence[RowView]
    hidden: str
    """What is said where the owner shares no sentence; empty where all that is stored is shown."""
    version: str
    open: str
    """The words to press."""


def verdicts(
    mails: Sequence[Message], level: Sharing, say: Words, *, owner: str, now: datetime
) -> dict[int, VerdictView]:
    """Of the judged mails of a thread, by the mail's id; none where only that it happened is shared."""
    if not sharing.allows(level, Sharing.SUBJECT):
        return {}
    judged = [mail for mail in reversed(mails) if mail.facts is not None]
    return {mail.id: _verdict(mail, level, say, owner, now) for mail in judged[:_SHOWN]}


def _verdict(mail: Message, level: Sharing, say: Words, owner: str, now: datetime) -> VerdictView:
    stored = mail.facts.facts if mail.facts else {}
    facts = from_json(stored)
    quotes = sharing.allows(level, Sharing.QUOTE)
    state, icon = _TAGS.get(facts.kind, _ANY_OTHER)
    told = [*facts.said, *(one for one in facts.evidence if one.kind is not EvidenceKind.HEADER), *facts.recipients]
    return VerdictView(
        tag=TagView(state=state, icon=icon, words=say(f"verdict.kind.{facts.kind}")),
        who=mail.from_name or mail.from_email,
        when=say.moment(mail.received_at, now=now),
        because=say(f"verdict.because.{facts.kind}"),
        reasons=[_reason(one, say) for one in facts.evidence if quotes or one.kind is EvidenceKind.HEADER],
        said=[_said(hit, say, now) for hit in facts.said] if quotes else [],
        rows=list(_rows(facts, say, now, quotes=quotes)),
        hidden=say("web.verdict.hidden", owner=owner) if told and not quotes else "",
        version=say("web.verdict.version", version=facts.classifier),
        open=say("web.verdict.open"),
    )


def _reason(one: Evidence, say: Words) -> ReasonView:
    label = say(f"verdict.evidence.{one.kind}")
    if one.kind is EvidenceKind.SENTENCE:
        return ReasonView(label=label, text=one.text, sentence=True)
    return ReasonView(label=f"{label} {one.name}", text=one.text)


def _said(hit: Said, say: Words, now: datetime) -> ReasonView:
    words = say(f"verdict.said.{hit.what}")
    if hit.when:
        words = say("web.verdict.said_until", what=words, day=say.day(hit.when, today=say.today(now)))
    if hit.refers_to:
        words = say("web.verdict.said_refers", what=words, who=_named(hit.refers_to))
    return ReasonView(label=words, text=hit.sentence, sentence=True)


def _rows(facts: MessageFacts, say: Words, now: datetime, *, quotes: bool) -> Iterator[RowView]:
    if facts.returns:
        yield RowView(say("web.verdict.returns"), say.day(facts.returns, today=say.today(now)))
    if not quotes:
        return
    if facts.stand_ins:
        yield RowView(say("web.verdict.stand_ins"), ", ".join(map(_named, facts.stand_ins)))
    for recipient in facts.recipients:
        yield RowView(say("web.verdict.recipient"), _recipient(recipient, say))
    if facts.calendar and facts.calendar.attendee:
        yield RowView(say("web.verdict.attendee"), facts.calendar.attendee)
    if facts.calendar and facts.calendar.starts:
        yield RowView(say("web.verdict.starts"), say.moment(facts.calendar.starts, now=now))


def _recipient(recipient: FailedRecipient, say: Words) -> str:
    severity = say(f"verdict.severity.{recipient.severity}") if recipient.severity else ""
    return " · ".join(part for part in (recipient.address, severity, recipient.status) if part)


def _named(named: Named) -> str:
    return " · ".join(part for part in (named.name, named.address) if part)
