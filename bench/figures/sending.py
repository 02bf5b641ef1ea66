"""Sending under law 5: a campaign's mails, made, permitted, sent and recorded by a worker's turns.

Beside it the same two HTTP calls and two forced commits a mail, and nothing else.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import select

from addon import clock
from addon.domain import tables
from addon.domain.campaigns import composing, importing
from addon.domain.campaigns.importing import Draft
from addon.domain.campaigns.queries import progress
from addon.models import Outgoing
from bench import bare, proofs
from bench.bare import BareClient, BareLedger
from bench.measuring import Figure, Taken, require
from bench.proofs import Seen
from bench.world import PUBLIC_URL, World

_SUBJECT = "Ramp planner for {{ company }}"
_BODY = (
    'Hi {{ first_name | default("there") }},\n\nwould a ramp planner help {{ company }}? Three of your neighbours '
    "plan their ramps with it, and it takes them an hour a week less.\n\nShall I show you?\n\nBest,\nBen\n"
)


@dataclass
class _Measured:
    mails: int
    ours: Taken = field(default_factory=Taken)
    bare: Taken = field(default_factory=Taken)
    seen: Seen = field(default_factory=Seen)
    calls: int = 0
    """To Gmail, of the first round."""


def send_rate(world: World) -> Figure:
    """Mails a second."""
    measured = _measured(world)
    mails, seen = measured.mails, measured.seen
    notes = [
        f"{seen.commits / mails:.2f} commits, {measured.calls / mails:.2f} calls to Gmail and "
        f"{seen.statements / mails:.1f} SQL statements a mail, turns included",
        "on the worker's connection: " + ", ".join(f"{name}={value}" for name, value in seen.pragmas().items()),
    ]
    return Figure(
        mails / measured.ours.typical_wall,
        "mails/s",
        mails / measured.bare.typical_wall,
        "two bare calls, two bare commits",
        notes,
    )


def send_cpu(world: World) -> Figure:
    """Milliseconds of this process's processor a mail."""
    measured = _measured(world)
    return Figure(
        measured.ours.typical_cpu / measured.mails * 1000,
        "ms CPU/mail",
        measured.bare.typical_cpu / measured.mails * 1000,
        "two bare calls, two bare commits",
    )


@functools.lru_cache(maxsize=1)
def _measured(world: World) -> _Measured:
    """Both figures come from one measurement. Ours and the bare one take turns."""
    size = world.size
    made = _Measured(size.mails)
    client, ledger = BareClient(world.gmail_url), BareLedger(world.folder / "bare.db", size.mails)
    try:
        for number in range(size.rounds + 1):
            campaign_id = launched(world, f"{number}", size.mails)
            if number == 0:  # everything is warm afterwards, and counted
                raw, before = _newest_mail(world), _calls(client)
                with proofs.watched(world.house.database) as made.seen:
                    _send(world, campaign_id)
                made.calls = _calls(client) - before
                bare.send(client, ledger, raw, size.mails)
                continue
            with made.ours.time():
                _send(world, campaign_id)
            with made.bare.time():
                bare.send(client, ledger, raw, size.mails)
    finally:
        client.close()
        ledger.close()
    return made


def launched(world: World, name: str, mails: int) -> int:
    """A campaign to people whom nobody wrote before, its mails in the ledger."""
    rows = "".join(f"p{name}-{n}@firm{n}.example,Jane {n},Firm {n}\n" for n in range(mails))
    table = tables.read(f"email,first_name,company\n{rows}".encode())
    writing = functools.partial(world.house.database.writing, world.team.viewer)
    draft = Draft(mailbox_id=world.team.bens_mailbox, name=f"Round {name}", subject=_SUBJECT, body=_BODY, table=table)
    campaign_id = importing.create_campaign(writing, draft, at=clock.now())
    importing.launch_campaign(writing, campaign_id, at=clock.now())
    return campaign_id


def _send(world: World, campaign_id: int) -> None:
    """One turn after the other until all are sent. Raises Spoilt where one was not."""
    attendant, left = world.attendant(), world.size.mails
    while left > 0:
        attended = attendant.attend(world.team.bens_mailbox, world.team.team_id)
        require(attended.sent > 0, f"A turn ended with {left} mails still to send.")
        left -= attended.sent
    with world.house.database.reading(world.team.viewer) as session:
        told = progress(session, campaign_id)
    require(told.sent == world.size.mails, f"{told.sent} of {world.size.mails} mails are recorded as sent.")


def _newest_mail(world: World) -> bytes:
    """A mail that is due, as it goes to Gmail."""
    with world.house.database.reading(world.team.viewer) as session:
        row = session.scalars(select(Outgoing).order_by(Outgoing.id.desc()).limit(1)).one()
        return composing.compose(session, row, public_url=PUBLIC_URL, at=clock.now())


def _calls(client: BareClient) -> int:
    _, told = client.call("GET", "/counts")
    counts: Mapping[str, int] = told
    return sum(counts.values()) - counts.get("counts", 0)
