"""Keeping a mailbox covered: history's pages, each mail's header, and whole those that concern a deal.

Of four mails one is from a person with a deal: it is read whole, judged, linked, noted in the diary and shown to the
rules. Beside it the same reads without anything done to what was read.
"""

from __future__ import annotations

from addon.models import Mailbox
from bench import bare
from bench.bare import BareClient
from bench.measuring import Figure, Taken, require
from bench.world import World


def sync_rate(world: World) -> Figure:
    """Messages a second."""
    size, ours, beside = world.size, Taken(), Taken()
    client = BareClient(world.gmail_url)
    try:
        for number in range(size.rounds + 1):
            ours_now, beside_now = (ours, beside) if number else (Taken(), Taken())  # the first round warms everything
            since = _cursor(world)
            with ours_now.time():
                attended = world.attendant().attend(world.team.annas_mailbox, world.team.team_id)
            require(attended.caught_up, "A sync did not come to its end.")
            require(_cursor(world) == since + size.arrived, "A sync did not cover what had arrived.")
            with beside_now.time():
                read = bare.read_arrived(client, since)
            require(read == size.arrived, f"{read} of {size.arrived} mails were there to be read.")
    finally:
        client.close()
    cpu, cpu_beside = (taken.typical_cpu / size.arrived * 1000 for taken in (ours, beside))
    notes = [f"{cpu:.2f} ms CPU a message beside {cpu_beside:.2f}"]
    return Figure(
        size.arrived / ours.typical_wall, "messages/s", size.arrived / beside.typical_wall, "the bare reads", notes
    )


def _cursor(world: World) -> int:
    with world.house.database.reading(world.team.viewer) as session:
        return session.get_one(Mailbox, world.team.annas_mailbox).cursor or 0
