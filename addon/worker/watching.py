"""Asking Gmail to push, daily: a watch that ends unnoticed is the commonest way in which a mailbox falls silent."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from addon import clock
from addon.domain.mailboxes import operations, queries
from addon.worker.turn import Turn

RENEW_BEFORE = timedelta(days=6)
"""A watch lasts seven days; one with less than this left is a day old and is renewed."""


def renew(turn: Turn) -> None:
    """Begin or renew the watch where pushes are set up and it is a day old."""
    topic = turn.settings.pubsub_topic
    if not topic:
        return
    with turn.reading() as session:
        ends = queries.get(session, turn.mailbox_id).watch_ends
    if ends is not None and ends - clock.now() > RENEW_BEFORE:  # Gmail tells the end by its own clock, the world's
        return
    watch = turn.before_call("watch").watch(topic)
    with turn.writing() as session:
        operations.note_watch(session, turn.mailbox_id, ends=datetime.fromtimestamp(watch.ends_ms / 1000, UTC))
