"""The contextual card: two signatures checked, one header read from Gmail, the linked deal drawn with its last touches.

Beside it an empty JSON route on the same kind of server, called by the same client in turn.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from statistics import median

from bench import opening
from bench.bare import BareClient
from bench.measuring import Figure, Taken, require
from bench.world import World
from bench.zero_work_gmail import EVERY_KNOWN, KNOWN_PEOPLE, gmail_id

_WARM = 20


def card_vs_bare(world: World) -> Figure:
    """Milliseconds, the median of many calls."""
    _receive(world)
    system, user = opening.system_token(world), opening.user_token(world)
    mails = [number * EVERY_KNOWN for number in range(1, min(KNOWN_PEOPLE, world.size.arrived // EVERY_KNOWN) + 1)]
    events = [opening.opened(number, system=system, user=user) for number in mails]
    ours, bare = BareClient(world.app_url), BareClient(world.bare_url)
    try:
        _require_cards(ours, events, system)
        cards, empties, calls, cpu = [], [], [], Taken()
        for turn in range(-min(_WARM, world.size.cards), world.size.cards):
            body = events[turn % len(events)]
            with cpu.time():
                card = _milliseconds(ours.call, "POST", opening.PATH, body, system)
            empty = _milliseconds(bare.call, "POST", "/bare", body)
            call = _milliseconds(_read_header, world, mails[turn % len(mails)])
            if turn >= 0:
                cards.append(card)
                empties.append(empty)
                calls.append(call)
    finally:
        ours.close()
        bare.close()
    notes = [
        f"{cpu.typical_cpu * 1000:.2f} ms CPU a card, its caller included",
        f"the Gmail call within it, alone: {median(calls):.2f} ms, so {median(cards) - median(calls):.2f} ms are ours",
        f"p95: {_p95(cards):.2f} ms beside {_p95(empties):.2f} ms",
    ]
    return Figure(median(cards), "ms (p50)", median(empties), "an empty Flask route", notes)


def _receive(world: World) -> None:
    """Sync the mails that are opened, so that they are linked and have a history."""
    attended = world.attendant().attend(world.team.annas_mailbox, world.team.team_id)
    require(attended.caught_up, "The mails to open were not synced.")


def _require_cards(client: BareClient, events: Sequence[bytes], system: str) -> None:
    for body in events:
        status, told = client.call("POST", opening.PATH, body, token=system)
        drawn = str(told)
        require(status == 200 and "Ramps for person" in drawn, f"No card of a deal was drawn (status {status}).")


def _read_header(world: World, number: int) -> None:
    mailbox = world.house.google.accounts.mailbox("zero", message_token="zero")
    try:
        mailbox.head(gmail_id(number))
    finally:
        mailbox.close()


def _milliseconds(act: Callable[..., object], *given: object) -> float:
    begun = time.perf_counter()
    act(*given)
    return (time.perf_counter() - begun) * 1000


def _p95(numbers: Sequence[float]) -> float:
    return sorted(numbers)[int(len(numbers) * 0.95)]
