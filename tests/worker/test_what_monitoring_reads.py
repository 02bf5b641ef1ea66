"""The admin's monitoring reads mails and mailboxes by state."""

from __future__ import annotations

from prometheus_client import CollectorRegistry

from addon.domain.access import Database
from addon.worker.metrics import WorkMetrics
from tests.domain.team_at_work import team_at_work


def test_mails_are_counted_by_state_and_states_without_any_are_there_too(database: Database) -> None:
    team = team_at_work(database)
    team.sent()
    team.sent("bob@acme.example", thread="t2", gmail_id="5e18")
    registry = CollectorRegistry()
    registry.register(WorkMetrics(database))

    def mails(state: str) -> float | None:
        return registry.get_sample_value("dealthread_outgoing_mails", {"state": state})

    assert (mails("sent"), mails("uncertain")) == (2, 0)
    assert registry.get_sample_value("dealthread_mailboxes", {"state": "connected"}) == len(team.mailboxes)
