"""Mail that reports in a form made for machines: delivery (RFC 3464), reading (RFC 8098), complaints (RFC 5965)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from addon.domain.verdicts.bounces.own_words import about, own_words
from addon.domain.verdicts.bounces.severity import severity_of, status_in
from addon.domain.verdicts.facts import QUOTE, Evidence, EvidenceKind, FailedRecipient, Kind
from addon.domain.verdicts.finding import Finding
from addon.domain.verdicts.mail import Mail
from addon.domain.verdicts.mails.envelope import addresses_in
from addon.domain.verdicts.mails.headers import Headers, parse_headers
from addon.domain.verdicts.mails.mime import fields_of

_KINDS = {
    **dict.fromkeys(("failed", "failure", "error", "undeliverable"), Kind.BOUNCE),
    **dict.fromkeys(("delayed", "deferred"), Kind.DELAY),
    **dict.fromkeys(("delivered", "relayed", "expanded", "deliverable"), Kind.DELIVERED),
}
_MOST = 200


def delivery(mail: Mail) -> Finding | None:
    """Bounce, delay or delivered, as the delivery report says; failed before delayed before delivered."""
    groups = [
        group
        for part in mail.parts
        if part.content_type in ("message/delivery-status", "message/global-delivery-status")
        for told in fields_of(part)
        for group in _one_each(told)
    ]
    return _reported(groups, mail) if groups else None


def in_text(mail: Mail) -> Finding | None:
    """The same for a report that stands in the text, because the mail's form was lost on the way."""
    if "final-recipient:" not in mail.text.lower():
        return None
    blocks = mail.text.encode("utf-8", "replace").split(b"\n\n")
    groups = (parse_headers(block.strip(b"\n"))[0] for block in blocks if b"inal-" in block)
    return _reported([group for told in groups for group in _one_each(told)], mail)


def _reported(groups: Sequence[Headers], mail: Mail) -> Finding | None:
    words = own_words(mail.text)
    reported = [(*one, group) for group in groups if (one := _recipient(group))]
    everyone = [address for _, address, _ in reported]
    for kind in (Kind.BOUNCE, Kind.DELAY, Kind.DELIVERED):
        told = [(address, group) for found, address, group in reported if found is kind]
        if told:
            recipients = {address: _failed(kind, address, group, words, everyone) for address, group in told[:_MOST]}
            evidence = tuple(_quote(group) for _, group in told[:5])
            return Finding(kind=kind, evidence=evidence, recipients=tuple(recipients.values()))
    return None


def _one_each(group: Headers) -> Iterator[Headers]:
    """Some servers leave out the blank line between two recipients."""
    begins = [place for place, (name, _) in enumerate(group) if name.lower() == "final-recipient"]
    ends = [*begins[1:], len(group.pairs)] if len(begins) > 1 else [len(group.pairs)]
    start = 0
    for end in ends:
        yield Headers(group.pairs[start:end])
        start = end


def _recipient(group: Headers) -> tuple[Kind, str] | None:
    status = _status(group)
    kind = _KINDS.get(_action(group).split(" ")[0]) or (
        Kind.BOUNCE if status.startswith("5") and group.get("final-recipient") else None
    )
    address = _address(group, "final-recipient") or _address(group, "original-recipient")
    return (kind, address) if kind and address else None


def _failed(kind: Kind, address: str, group: Headers, words: str, everyone: Sequence[str]) -> FailedRecipient:
    status, diagnostic, action = _status(group), group.get("diagnostic-code"), _action(group)
    severity = None
    if kind is not Kind.DELIVERED:
        told = about(words, address, everyone)
        severity = severity_of(status, diagnostic, *told, final=kind is Kind.BOUNCE)
    return FailedRecipient(address=address, severity=severity, status=status, action=action[:30])


def _action(group: Headers) -> str:
    return group.get("action").split(";")[0].split("(")[0].strip().lower()


def _status(group: Headers) -> str:
    return status_in(group.get("status").partition(" ")[0]) or status_in(group.get("diagnostic-code"))


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
