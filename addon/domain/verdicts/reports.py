"""Mail that reports in a form made for machines: delivery (RFC 3464), reading (RFC 8098), complaints (RFC 5965)."""

from __future__ import annotations

import re

from addon.domain.verdicts.envelope import addresses_in
from addon.domain.verdicts.facts import QUOTE, Evidence, EvidenceKind, FailedRecipient, Kind
from addon.domain.verdicts.finding import Finding
from addon.domain.verdicts.headers import Headers
from addon.domain.verdicts.mail import Mail
from addon.domain.verdicts.mime import fields_of
from addon.domain.verdicts.severity import severity_of, status_in

_KINDS = {
    **dict.fromkeys(("failed", "failure", "error", "undeliverable"), Kind.BOUNCE),
    **dict.fromkeys(("delayed", "deferred"), Kind.DELAY),
    **dict.fromkeys(("delivered", "relayed", "expanded", "deliverable"), Kind.DELIVERED),
}
_FINAL = re.compile(r"expired|giving up|given up|not be (?:retried|attempted)", re.IGNORECASE)


def delivery(mail: Mail) -> Finding | None:
    """Bounce, delay or delivered, as the delivery report says; failed before delayed before delivered."""
    reported: list[tuple[Kind, Headers, FailedRecipient]] = []
    for part in mail.parts:
        if part.content_type not in ("message/delivery-status", "message/global-delivery-status"):
            continue
        for group in fields_of(part):
            one = _recipient(group)
            if one:
                reported.append((one[0], group, one[1]))
    for kind in (Kind.BOUNCE, Kind.DELAY, Kind.DELIVERED):
        groups = [(group, recipient) for found, group, recipient in reported if found is kind]
        if groups:
            recipients = {recipient.address: recipient for _, recipient in groups}
            evidence = tuple(_quote(group) for group, _ in groups[:5])
            return Finding(kind=kind, evidence=evidence, recipients=tuple(recipients.values()))
    return None


def _recipient(group: Headers) -> tuple[Kind, FailedRecipient] | None:
    action = group.get("action").split(";")[0].split("(")[0].strip().lower()
    diagnostic = group.get("diagnostic-code")
    status = status_in(group.get("status").partition(" ")[0]) or status_in(diagnostic)
    kind = _KINDS.get(action.split(" ")[0]) or (
        Kind.BOUNCE if status.startswith("5") and group.get("final-recipient") else None
    )
    address = _address(group, "final-recipient") or _address(group, "original-recipient")
    if kind is None or not address:
        return None
    severity = severity_of(status, diagnostic) if kind is not Kind.DELIVERED else None
    return kind, FailedRecipient(address=address, severity=severity, status=status, action=action[:30])


def _address(group: Headers, name: str) -> str:
    value = group.get(name)
    found = addresses_in(value.partition(";")[2] or value)
    return found[0] if found else ""


def _quote(group: Headers) -> Evidence:
    told = "; ".join(
        f"{name}: {value.strip()}"
        for name, value in group
        if name.lower() in ("final-recipient", "action", "status", "diagnostic-code")
    )
    return Evidence(kind=EvidenceKind.REPORT, name="delivery-status", text=" ".join(told.split())[:QUOTE])


def receipt(mail: Mail) -> Finding | None:
    """A receipt that somebody opened the mail; one that it was deleted unread is an automatic reply."""
    part = mail.part_of("message/disposition-notification")
    if part is None:
        return None
    for group in fields_of(part):
        disposition = group.get("disposition")
        if disposition:
            displayed = "displayed" in disposition.lower() or "dispatched" in disposition.lower()
            evidence = Evidence(kind=EvidenceKind.REPORT, name="Disposition", text=disposition[:QUOTE])
            return Finding(kind=Kind.READ if displayed else Kind.AUTO_REPLY, evidence=(evidence,))
    return None


def complaint(mail: Mail) -> Finding | None:
    """A feedback report: somebody pressed "spam"."""
    part = mail.part_of("message/feedback-report")
    if part is None:
        return _old_complaint(mail)
    fields = Headers(pair for group in fields_of(part) for pair in group)
    said = fields.get("feedback-type") or "feedback"
    addresses = addresses_in(" ".join((*fields.all("original-rcpt-to"), *fields.all("removal-recipient"))))
    return Finding(
        kind=Kind.COMPLAINT,
        evidence=(Evidence(kind=EvidenceKind.REPORT, name="Feedback-Type", text=said[:QUOTE]),),
        recipients=tuple(FailedRecipient(address=address, action=said[:30]) for address in addresses[:20]),
    )


def _old_complaint(mail: Mail) -> Finding | None:
    """Hotmail's feedback loop sends the mail back under a subject of its own."""
    subject = mail.envelope.subject
    if not subject.lower().startswith("complaint about message from") or mail.part_of("message/rfc822") is None:
        return None
    evidence = Evidence(kind=EvidenceKind.HEADER, name="Subject", text=subject[:QUOTE])
    return Finding(kind=Kind.COMPLAINT, evidence=(evidence,))
