"""A whole mail as a page shows it: who wrote to whom, plain text with its quotations folded, names of attachments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from addon.domain.ports.mailbox import (
    AnswerLost,
    GrantLost,
    MailboxTrouble,
    Missing,
    RawMail,
    RefusedForNow,
    TokenRefused,
)
from addon.domain.threads.whole_mails import Copy
from addon.domain.verdicts.facts import Attachment
from addon.domain.verdicts.replies.folding import Piece
from addon.domain.verdicts.whole import whole
from addon.i18n import Words

_MOST_NAMED = 20
"""Recipients named one by one."""
_KINDS: tuple[tuple[type[MailboxTrouble], str], ...] = (
    (GrantLost, "grant"),
    (RefusedForNow, "wait"),
    (Missing, "missing"),
    (AnswerLost, "silent"),
    (TokenRefused, "silent"),
)


@dataclass(frozen=True, kw_only=True)
class MailView:
    subject: str
    sender: str
    recipients: str
    when: str
    pieces: Sequence[Piece]
    attachments: Sequence[str]
    notes: Sequence[str]
    """Whose it is, and that it is cut or empty."""


def mail_view(copy: Copy, raw: RawMail, say: Words, *, now: datetime) -> MailView:
    mail = whole(raw.raw)
    head = mail.envelope
    name, address = head.from_name, head.from_address
    notes = [say("deal.mail.own" if copy.own else "deal.mail.colleagues", owner=copy.owner)]
    if mail.cut:
        notes.insert(0, say("deal.mail.cut"))
    if not mail.pieces:
        notes.insert(0, say("deal.mail.no_text"))
    return MailView(
        subject=head.subject or say("web.deal.no_subject"),
        sender=f"{name} <{address}>" if name and address else name or address or say("web.acts.who.somebody"),
        recipients=_recipients((*head.to, *head.cc), say),
        when=say.moment(head.date, now=now) if head.date else "",
        pieces=mail.pieces,
        attachments=[_attachment(each, say) for each in mail.attachments],
        notes=notes,
    )


def trouble(copy: Copy, told: MailboxTrouble, say: Words) -> tuple[str, str]:
    """What happened, and what to do: a title and a text."""
    kind = next((word for made, word in _KINDS if isinstance(told, made)), "refused")
    if kind == "grant":
        kind = "grant_own" if copy.own else "grant"
    elif isinstance(told, RefusedForNow) and told.daily:
        kind = "wait_daily"
    seconds = int(getattr(told, "wait", 0)) + 1
    title, text = f"deal.mail.trouble.{kind}", f"deal.mail.trouble.{kind}_text"
    return say(title, owner=copy.owner), say(text, owner=copy.owner, n=seconds)


def _recipients(addresses: Sequence[str], say: Words) -> str:
    named = ", ".join(addresses[:_MOST_NAMED])
    more = len(addresses) - _MOST_NAMED
    return say("deal.mail.and_more", named=named, n=more) if more > 0 else named


def _attachment(one: Attachment, say: Words) -> str:
    name = one.filename or say("deal.mail.unnamed")
    if one.size < 1_000_000:
        return say("deal.mail.kilobytes", name=name, n=max(1, round(one.size / 1000)))
    return say("deal.mail.megabytes", name=name, n=round(one.size / 1_000_000))
