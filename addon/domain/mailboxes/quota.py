"""Gmail's units: at most so many in any sixty seconds, for all workers of a mailbox together."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from addon.domain.access import database_now
from addon.models import MailboxQuota

WINDOW = 60.0
"""Seconds in which Gmail counts."""


def room(spent: Sequence[Sequence[float]], *, now: float, limit: int) -> int:
    """Units that may still be spent now, given [[second, units], ...].

    >>> room([[0, 4000], [50, 1000]], now=55, limit=6000), room([[0, 4000], [50, 1000]], now=61, limit=6000)
    (1000, 5000)
    """
    return limit - int(sum(units for second, units in spent if second > now - WINDOW))


def wait_for(spent: Sequence[Sequence[float]], units: int, *, now: float, limit: int) -> float:
    """Seconds until so many units are free.

    >>> wait_for([[0, 4000], [50, 2000]], 110, now=55, limit=6000)
    5.0
    """
    free = room(spent, now=now, limit=limit)
    for second, gone in sorted((s for s in spent if s[0] > now - WINDOW), key=lambda entry: entry[0]):
        if free >= units:
            break
        free += int(gone)
        if free >= units:
            return max(0.0, second + WINDOW - now)
    return 0.0


def reserve(session: Session, mailbox_id: int, *, at_least: int, at_most: int, limit: int) -> tuple[int, float]:
    """Take units out of the minute: (units, 0.0), or (0, seconds to wait) where fewer than `at_least` are free."""
    row = _row(session, mailbox_id)
    now = database_now(session)
    if row.wait_until > now:
        return 0, row.wait_until - now
    units = min(at_most, room(row.spent, now=now, limit=limit))
    if units < at_least:
        return 0, max(0.05, wait_for(row.spent, at_least, now=now, limit=limit))
    row.spent = _added(row.spent, now, units)
    row.daily_wait = False
    session.flush()
    return units, 0.0


def refund(session: Session, mailbox_id: int, units: int) -> None:
    """Units that were taken and not spent."""
    row = _row(session, mailbox_id)
    left = units
    kept = [list(entry) for entry in row.spent]
    for entry in reversed(kept):
        given = min(left, int(entry[1]))
        entry[1] -= given
        left -= given
    row.spent = kept
    session.flush()


def back_off(session: Session, mailbox_id: int, *, seconds: float, daily: bool = False) -> None:
    """Gmail asked us to wait: nobody calls for this mailbox before that."""
    row = _row(session, mailbox_id)
    row.wait_until = max(row.wait_until, database_now(session) + seconds)
    row.daily_wait = daily
    session.flush()


def waiting(session: Session, mailbox_id: int) -> tuple[float, bool]:
    """Seconds that Gmail still wants us to wait, and whether for its daily limit."""
    row = session.scalar(select(MailboxQuota).where(MailboxQuota.mailbox_id == mailbox_id))
    if row is None:
        return 0.0, False
    return max(0.0, row.wait_until - database_now(session)), row.daily_wait


def _row(session: Session, mailbox_id: int) -> MailboxQuota:
    row = session.scalar(
        select(MailboxQuota)
        .where(MailboxQuota.mailbox_id == mailbox_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if row is None:
        raise LookupError("a mailbox without a quota row")
    return row


def _added(spent: Sequence[Sequence[float]], now: float, units: int) -> list[list[float]]:
    """One entry a second, named for its end so that nothing is free too early; those older than the window dropped."""
    second = float(int(now) + 1)
    kept = [list(entry) for entry in spent if entry[0] > now - WINDOW]
    if kept and kept[-1][0] == second:
        kept[-1][1] += units
    else:
        kept.append([second, units])
    return kept
