"""Faults by the control endpoints: the catalogue, what stands, one more, one fewer.

GET /sandbox/faults/kinds      the kinds with their parameters, the methods and the groups of methods
GET /sandbox/faults            every fault asked for, and how many late effects are still to come
POST /sandbox/faults           one more: {"kind": "slow_before", "method": "drafts.send", "seconds": 3}
DELETE /sandbox/faults/NUMBER  one fewer; without a number, all
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from addon.sandbox.gmail.api import routes
from addon.sandbox.gmail.fault_methods import GROUPS, OUTSIDE, fits, patterns
from addon.sandbox.gmail.faults import BadFault, Faults
from addon.sandbox.gmail.gmail import Gmail
from addon.sandbox.gmail.mailbox.accounts import UnknownMailbox

_SAID = frozenset(inspect.signature(Faults.add).parameters) - {"self"}


class UnknownFault(LookupError):
    """There is no fault of this number; the text says so."""


def shown(gmail: Gmail, _values: Mapping[str, Any], rest: str) -> Any:
    """The faults asked for, or the catalogue. Raises UnknownFault."""
    if rest == "kinds":
        return {"kinds": [asdict(entry) for entry in gmail.faults.kinds()], "methods": methods(), "groups": [*GROUPS]}
    if rest:
        raise UnknownFault(f"There is nothing at faults/{rest}.")
    return {"faults": [fault.shown() for fault in gmail.faults.all()], "late": gmail.faults.late}


def add(gmail: Gmail, values: Mapping[str, Any], _: str) -> Any:
    """One more fault, as `Faults.add` takes it. Raises BadFault, also for a method that there is not."""
    if unknown := sorted(set(values) - _SAID):
        raise BadFault(f"Unknown: {', '.join(unknown)}. Known: {', '.join(sorted(_SAID))}")
    if not isinstance(values.get("kind"), str):
        raise BadFault("Say its kind. GET /sandbox/faults/kinds lists them.")
    if method := values.get("method"):
        _check_method(method)
    if mailbox := values.get("mailbox"):
        _check_mailbox(gmail, mailbox)
    return gmail.faults.add(**values).shown()


def remove(gmail: Gmail, _values: Mapping[str, Any], number: str) -> Any:
    """One fault fewer, or all. Raises UnknownFault."""
    if not number:
        gmail.faults.clear()
    elif not number.isdigit() or not gmail.faults.remove(int(number)):
        raise UnknownFault(f"There is no fault {number}.")
    return {}


def methods() -> list[str]:
    """Every method that a fault can be for."""
    return sorted({route.method for route in routes.ROUTES} | (OUTSIDE - {"push"}))


def _check_mailbox(gmail: Gmail, email: object) -> None:
    if not isinstance(email, str):
        raise BadFault("A mailbox is named by its address.")
    try:
        gmail.accounts.get(email)
    except UnknownMailbox as unknown:
        raise BadFault(str(unknown)) from None


def _check_method(named: object) -> None:
    if not (isinstance(named, str) or (isinstance(named, list) and all(isinstance(each, str) for each in named))):
        raise BadFault("A method is a name, or a list of names.")
    known = methods()
    for each in patterns(named):
        if each not in GROUPS and not any(fits(each, method) for method in known):
            raise BadFault(f"{each!r} is no method here. GET /sandbox/faults/kinds lists them.")
