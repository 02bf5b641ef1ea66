"""What a mail means for whom we mail: dead addresses, complaints, people who want to be left alone (law 6).

Only about addresses that we did mail: whoever forges a report about a stranger reaches nobody.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy.orm import Session

from addon.domain.contacts import addresses
from addon.domain.contacts import operations as contacts
from addon.domain.contacts import queries as contact_queries
from addon.domain.inbox.answering import asks_to_be_left_alone, names
from addon.domain.inbox.arrival import Arrived
from addon.domain.outgoing import operations as outgoing
from addon.domain.suppressions import operations as suppressions
from addon.domain.verdicts import Kind, Severity
from addon.models import Activity, Outgoing, SuppressionReason, SuppressionScope

_Stop = tuple[str, SuppressionScope, SuppressionReason]


def settle(session: Session, mail: Arrived, answers: Outgoing | None, *, at: datetime, cause: Activity | None) -> None:
    """Suppress what this mail asks to suppress, and stop what is queued for it. Again changes nothing."""
    if answers is None:
        return
    for key, scope, reason in _stops(session, mail, answers):
        if reason is SuppressionReason.BOUNCED:
            for address in contact_queries.addresses_with_key(session, key):
                contacts.mark_bounced(session, address, at=at)
        suppressions.suppress(session, key, scope=scope, reason=reason, at=at, run_id=answers.run_id, cause=cause)
        outgoing.stop_key(session, key)


def _stops(session: Session, mail: Arrived, answers: Outgoing) -> Iterator[_Stop]:
    if mail.kind is Kind.BOUNCE and names(session, mail, answers, Severity.HARD):
        yield answers.address_key, SuppressionScope.EVERYTHING, SuppressionReason.BOUNCED
    if mail.kind is Kind.COMPLAINT:
        # Whom it names is not asked: providers black that out, or name whom the mail was forwarded to.
        yield answers.address_key, SuppressionScope.EVERYTHING, SuppressionReason.COMPLAINED
    if asks_to_be_left_alone(mail):
        # People answer from another address than the one we mailed; both are meant.
        for key in sorted({answers.address_key, addresses.key_of(session, mail.envelope.from_address)}):
            yield key, SuppressionScope.CAMPAIGNS, SuppressionReason.UNSUBSCRIBED
