"""How much of a mail may be read, by what its header says (law 10): private mail leaves no more than its id. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from addon.domain.ports.mailbox import MailHead

SKIPPED = frozenset({"DRAFT", "SPAM", "TRASH", "CHAT"})
"""Labels of mail that is neither read nor remembered."""

_MACHINES = ("mailer-daemon", "postmaster", "mailerdaemon", "mail-daemon")


class Reading(StrEnum):
    WHOLE = "whole"
    PROOF = "proof"
    """A sent mail that says it is ours: its header is proof enough."""
    NOTHING = "nothing"


@dataclass(frozen=True, kw_only=True)
class Known:
    """What is known around a mail."""

    thread: bool = False
    """Its thread is linked, asked about, or holds a mail of a campaign."""
    chain: bool = False
    """It answers a mail that we know, or is one."""
    person: bool = False
    """Somebody outside on it has an open deal, or is mailed by us."""
    dismissed: bool = False
    """A person said that its thread is nobody's business."""


def wanted(head: MailHead, known: Known) -> Reading:
    """How much of this mail is read."""
    if "SENT" in head.labels and head.header("X-Dealthread-Ref"):
        return Reading.PROOF
    if known.thread or known.chain or is_report(head) or (known.person and not known.dismissed):
        return Reading.WHOLE
    return Reading.NOTHING


def is_report(head: MailHead) -> bool:
    """Whether it looks like a machine's report about mail that was sent: whose mail, only its parts tell."""
    if "SENT" in head.labels:
        return False
    sender = head.header("From").lower()
    return (
        "multipart/report" in head.header("Content-Type").lower()
        or bool(head.header("X-Failed-Recipients"))
        or any(f"{machine}@" in sender for machine in _MACHINES)
    )


def is_skipped(labels: frozenset[str]) -> bool:
    return bool(labels & SKIPPED)
