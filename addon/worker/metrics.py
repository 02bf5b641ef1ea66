"""What an admin's monitoring reads: mails by state, mailboxes by state. Counts only; nothing about anybody."""

from __future__ import annotations

from collections.abc import Iterator

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from addon.domain.access import Database
from addon.models import Mailbox, MailboxState, Outgoing, OutgoingState
from addon.worker.periodic import everyone


class WorkMetrics(Collector):
    """Counts rows at each reading."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def collect(self) -> Iterator[GaugeMetricFamily]:
        with self._database.reading(everyone()) as session:
            mails, boxes = _by(session, Outgoing.state), _by(session, Mailbox.state)
        outgoing = GaugeMetricFamily("dealthread_outgoing_mails", "Mails in the ledger by state", labels=["state"])
        for state in OutgoingState:
            outgoing.add_metric([state], mails.get(state, 0))
        yield outgoing
        mailboxes = GaugeMetricFamily("dealthread_mailboxes", "Connected mailboxes by state", labels=["state"])
        for box in MailboxState:
            mailboxes.add_metric([box], boxes.get(box, 0))
        yield mailboxes


def _by(session: Session, state: InstrumentedAttribute[str]) -> dict[str, int]:
    rows = session.execute(select(state, func.count()).group_by(state))
    return {name: number for name, number in rows}
