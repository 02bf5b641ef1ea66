"""Makes a campaign of a whole list, thousands of rows, without holding the database for longer than a slice takes.

Only entrances commit, so the entrance hands in how: `writing` opens its transaction, which commits when it is left.
Between slices nothing is locked. A campaign whose list was not taken in to its end cannot be launched; where this
process is interrupted the half-made campaign is cancelled, and what it added stays (people, their addresses).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from sqlalchemy.orm import Session

from addon.domain.activity import queries as activity
from addon.domain.campaigns import audience, filling, operations, queries
from addon.domain.campaigns.audience import Prospect
from addon.domain.tables import Table

Writing = Callable[[], AbstractContextManager[Session]]
"""Such as `functools.partial(database.writing, viewer)`."""


@dataclass(frozen=True, kw_only=True)
class Draft:
    """What a person wants to send, and to whom."""

    mailbox_id: int
    name: str
    subject: str
    body: str
    table: Table


def create_campaign(writing: Writing, draft: Draft, *, at: datetime) -> int:
    """Make the campaign with all its rows and return its id; `queries.progress` and `queries.skipped` say the rest.

    Raises NoName, NoEmailColumn, TextsRefused, NotFound, NotAllowed: then nothing was made.
    """
    audience.require_usable(draft.subject, draft.body, draft.table)
    with writing() as session:
        campaign = operations.create(
            session,
            mailbox_id=draft.mailbox_id,
            name=draft.name,
            subject=draft.subject,
            body=draft.body,
            table=draft.table,
            at=at,
        )
        campaign_id = campaign.id
    try:
        for rows in _slices(audience.prospects(draft.table, draft.subject, draft.body)):
            with writing() as session:
                campaign = queries.get(session, campaign_id)
                begun = activity.of_subject(session, "campaign", campaign_id)[-1]
                filling.take(session, campaign, rows, at=at, cause=begun)
        with writing() as session:
            operations.finish(session, campaign_id, at=at)
    except BaseException:
        with suppress(Exception), writing() as session:
            operations.cancel(session, campaign_id, at=at)
        raise
    return campaign_id


def launch_campaign(writing: Writing, campaign_id: int, *, at: datetime) -> bool:
    """Send it: False where that was said before. Raises what `operations.launch` raises."""
    with writing() as session:
        begun = operations.launch(session, campaign_id, at=at)
    last: int | None = 0
    while last is not None:
        with writing() as session:
            last = operations.put_due(session, campaign_id, after=last, at=at)
    return begun


def _slices(rows: Iterator[Prospect]) -> Iterator[Sequence[Prospect]]:
    while some := list(islice(rows, filling.SLICE)):
        yield some
