"""Lets other people's Gmail programs visit the simulator, one after the other, and says what each did.

    python3 tests/clients/visit.py [simplegmail] [ezgmail] [lieer] [googleapis]

Their code is fetched from PyPI, npm and Debian into .clients and run as it is. Exits with 1 unless all those named
did all their errands; one that cannot be fetched here has done none.
"""

from __future__ import annotations

import sys
import time

from tests.clients.hosting import CLIENTS, Client, visit
from tests.clients.installing import NotToBeHad


def main(names: list[str]) -> int:
    if unknown := [name for name in names if name not in CLIENTS]:
        sys.stdout.write(f"{__doc__}\nThere is no {', '.join(unknown)}. There are: {', '.join(CLIENTS)}.\n")
        return 2
    welcomed = [_welcomed(CLIENTS[name]) for name in names or CLIENTS]
    return 0 if all(welcomed) else 1


def _welcomed(client: Client) -> bool:
    sys.stdout.write(f"== {client.name} ({client.source})\n")
    sys.stdout.flush()
    begun = time.monotonic()
    try:
        made = visit(client)
    except NotToBeHad as missing:
        sys.stdout.write(f"   NOT RUN: {missing}\n\n")
        return False
    for step, what in made.steps.items():
        sys.stdout.write(f"   {step:<14}{what}\n")
    if made.code:
        sys.stdout.write(f"   FAILED:\n{made.said}\n")
    calls = ", ".join(f"{method} {many}" for method, many in sorted(made.calls.items()))
    sys.stdout.write(f"   ({time.monotonic() - begun:.0f} s; Gmail was asked: {calls})\n\n")
    return not made.code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
