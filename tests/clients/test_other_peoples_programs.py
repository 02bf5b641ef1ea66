"""Gmail programs that others have written, their code as they published it, run on the simulator.

They call gmail.googleapis.com and oauth2.googleapis.com; the simulator answers under these names (gmail.env).
`python3 tests/clients/visit.py` shows step by step what each one does. Where one cannot be fetched (no network, no npm,
no apt) its test ends as an expected failure with the reason: it is not passed, and fails nobody's CI.
"""

from __future__ import annotations

import pytest

from tests.clients.hosting import CLIENTS, visit
from tests.clients.installing import NotToBeHad

COMMON = {"sign in", "list", "search", "read", "attachments", "labels", "send"}
STEPS = {
    "simplegmail": COMMON | {"trash"},
    "ezgmail": COMMON | {"trash"},
    "lieer": COMMON | {"batch", "partial sync"},
    "googleapis": COMMON | {"batch", "partial sync"},
}
RECEIVED = {
    "simplegmail": {"jonas@acme.test": 2, "lea@acme.test": 1, "files@halyard.example": 1},
    "ezgmail": {"jonas@acme.test": 1, "lea@acme.test": 1, "mia@acme.test": 1},
    "lieer": {"jonas@acme.test": 1},
    "googleapis": {"jonas@acme.test": 3},
}


@pytest.mark.parametrize("name", CLIENTS)
def test_somebody_elses_program_does_its_errands_unchanged(name):
    try:
        visited = visit(CLIENTS[name])
    except NotToBeHad as missing:
        pytest.xfail(f"{name} ({CLIENTS[name].source}) cannot be fetched here: {missing}")

    assert visited.code == 0, visited.said
    assert set(visited.steps) == STEPS[name]
    assert visited.outside == RECEIVED[name]
