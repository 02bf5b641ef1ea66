"""Notices in JSON, as Amazon SES sends them: a bounce, a complaint, a delivery, a delay."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from addon.domain.verdicts.bounces.severity import severity_of, status_in
from addon.domain.verdicts.facts import QUOTE, Evidence, EvidenceKind, FailedRecipient, Kind
from addon.domain.verdicts.finding import Finding
from addon.domain.verdicts.mail import Mail
from addon.domain.verdicts.mails.envelope import REF_HEADER, addresses_in

_KINDS = {
    "bounce": (Kind.BOUNCE, "bounce", "bouncedRecipients"),
    "complaint": (Kind.COMPLAINT, "complaint", "complainedRecipients"),
    "delivery": (Kind.DELIVERED, "delivery", "recipients"),
    "deliverydelay": (Kind.DELAY, "deliveryDelay", "delayedRecipients"),
}
_MOST = 100
_LONGEST_ID = 900
_LONGEST_REF = 200
_BROKEN_LINE = "!\n "
"""So relays part a line that is longer than mail allows."""


def notice(mail: Mail) -> Finding | None:
    """What the notice says, where the mail is one and nothing else."""
    told = _opened(mail.text)
    name = str(told.get("notificationType") or told.get("eventType") or "")
    kind, key, recipients = _KINDS.get(name.lower().replace(" ", ""), (None, "", ""))
    event = told.get(key)
    if kind is None or not isinstance(event, dict):
        return None
    ids, ref = _original(told.get("mail"))
    words = " ".join(str(event.get(field) or "") for field in ("bounceType", "bounceSubType", "complaintFeedbackType"))
    return Finding(
        kind=kind,
        evidence=(Evidence(kind=EvidenceKind.REPORT, name="notificationType", text=f"{name} {words}".strip()[:QUOTE]),),
        recipients=tuple(_recipients(kind, event.get(recipients)))[:_MOST],
        original_ids=ids,
        original_ref=ref,
    )


def _original(told: object) -> tuple[tuple[str, ...], str]:
    """The Message-ID and the reference of the mail that a notice speaks of, by its headers; else the id SES gave it."""
    mail = told if isinstance(told, dict) else {}
    listed = mail.get("headers")
    headers = {
        str(header.get("name") or "").lower(): str(header.get("value") or "")
        for header in (listed if isinstance(listed, list) else ())
        if isinstance(header, dict)
    }
    common = mail.get("commonHeaders")
    named = headers.get("message-id") or str((common if isinstance(common, dict) else {}).get("messageId") or "")
    given = str(mail.get("messageId") or "")
    found = (named, f"<{given}@email.amazonses.com>" if given else "")
    ids = (f"<{one.strip().strip('<>')}>"[:_LONGEST_ID] for one in found if one.strip())
    return tuple(dict.fromkeys(ids)), headers.get(REF_HEADER.lower(), "")[:_LONGEST_REF]


def _opened(text: str) -> dict[str, Any]:
    """The JSON that a text begins with; a notice may stand as text in the field `Message` of another."""
    text = text.replace(_BROKEN_LINE, "")
    for _ in range(2):
        if not text.lstrip().startswith("{"):
            return {}
        try:
            told, _ = json.JSONDecoder().raw_decode(text.lstrip())
        except (ValueError, RecursionError):
            return {}
        inner = told.get("Message")
        if not isinstance(inner, str):
            return dict(told)
        text = inner
    return {}


def _recipients(kind: Kind, told: object) -> Iterator[FailedRecipient]:
    for one in told if isinstance(told, list) else ():
        fields = one if isinstance(one, dict) else {"emailAddress": one}
        diagnostic, action = str(fields.get("diagnosticCode") or ""), str(fields.get("action") or "")
        status = status_in(str(fields.get("status") or "")) or status_in(diagnostic)
        failing = kind in (Kind.BOUNCE, Kind.DELAY)
        severity = severity_of(status, diagnostic, final=kind is Kind.BOUNCE) if failing else None
        for address in addresses_in(str(fields.get("emailAddress") or ""))[:1]:
            yield FailedRecipient(address=address, severity=severity, status=status, action=action[:30])
