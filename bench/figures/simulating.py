"""The simulated Gmail, over HTTP from one client: drafts made and sent, and pages of history.

A send is two calls, `drafts.create` and `drafts.send`. Beside it stand the same two calls to a Gmail that does no work,
or the same simulator with fewer mails in its mailbox.
"""

from __future__ import annotations

import base64
import functools
import json
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from statistics import median
from typing import Any

from bench.bare import BareClient
from bench.measuring import Figure, Taken, require
from bench.simulated_gmail import RARE, Simulated, simulated
from bench.world import World

_GMAIL = "/gmail/v1/users/me"
_BODY = "Hi,\r\n\r\nwould a ramp planner help? It takes an hour a week less.\r\n\r\nBest,\r\nAnna\r\n"
_PAGE = 100
_FILTERS = {
    "all": "",
    "a rare label": f"&labelId={RARE}",
    "a rare type": "&historyTypes=labelRemoved",
    "two rare types": "&historyTypes=labelAdded&historyTypes=labelRemoved",
    "a rare label and type": f"&labelId={RARE}&historyTypes=labelRemoved&historyTypes=messageDeleted",
}
_TURNS = 7
_TIMES = 3
"""Rounds of sending for each one of the other figures'."""


class _Caller:
    """One connection to one Gmail."""

    def __init__(self, url: str, token: str) -> None:
        self._client, self._token = BareClient(url), token

    def call(self, verb: str, target: str, body: Any = None) -> Any:
        content = None if body is None else json.dumps(body).encode()
        status, told = self._client.call(verb, f"{_GMAIL}{target}", content, self._token)
        require(status == 200, f"{verb} {target.partition('?')[0]} was answered with {status}.")
        return told

    def send(self, mails: int) -> None:
        """Make and send so many drafts, each to somebody outside."""
        for number in range(mails):
            raw = f"To: p{number}@elsewhere.example\r\nSubject: Ramp planner {number}\r\n\r\n{_BODY}".encode()
            draft = self.call("POST", "/drafts", {"message": {"raw": base64.urlsafe_b64encode(raw).decode()}})
            sent = self.call("POST", "/drafts/send", {"id": draft["id"]})
            require("SENT" in sent["labelIds"], "A draft was not sent.")

    def close(self) -> None:
        self._client.close()


def sim_send_rate(world: World) -> Figure:
    """Mails a second, into a mailbox that holds some already."""
    small, _, bare = _sent(world)
    mails = world.size.mails
    notes = [f"drafts.create and drafts.send over HTTP, one client, {world.size.mailbox:,} mails in the mailbox"]
    what = "two calls to a Gmail that does no work"
    return Figure(mails / small.typical_wall, "mails/s", mails / bare.typical_wall, what, notes)


def sim_send_100k_vs_10k(world: World) -> Figure:
    """Mails a second into a large mailbox, beside those into a small one: near 1 where size does not matter."""
    small, large, _ = _sent(world)
    mails, size = world.size.mails, world.size
    notes = [f"{size.large_mailbox:,} mails beside {size.mailbox:,}; drafts.create and drafts.send over HTTP"]
    # The quickest rounds: else the figure would tell what the machine did besides.
    return Figure(mails / min(large.wall), "mails/s", mails / min(small.wall), "the small mailbox", notes)


def sim_history_page(world: World) -> Figure:
    """Milliseconds of a page of history in a large mailbox, the median over kinds of pages and places to begin."""
    with _pair(world) as (small, large):
        callers = _Caller(small.url, small.token), _Caller(large.url, large.token)
        try:
            pages: dict[str, tuple[list[float], list[float]]] = {name: ([], []) for name in _FILTERS}
            for _ in range(_TURNS):
                for name, narrowed in _FILTERS.items():
                    for box, caller, taken in zip((small, large), callers, pages[name], strict=True):
                        taken.append(_page(caller, box, narrowed))
        finally:
            for caller in callers:
                caller.close()
    notes = [f"{world.size.large_mailbox:,} mails beside {world.size.mailbox:,}; {_PAGE} records a page, over HTTP"]
    notes += [f"{name}: {median(many):.2f} ms beside {median(few):.2f}" for name, (few, many) in pages.items()]
    beside, ours = (median(ms for taken in pages.values() for ms in taken[place]) for place in (0, 1))
    return Figure(ours, "ms (p50)", beside, "the small mailbox", notes)


def _page(caller: _Caller, box: Simulated, narrowed: str) -> float:
    """From the very beginning, so that what is rare lies far apart."""
    begun = time.perf_counter()
    told = caller.call("GET", f"/history?startHistoryId={box.start}&maxResults={_PAGE}{narrowed}")
    taken = (time.perf_counter() - begun) * 1000
    require(len(told["history"]) == min(_PAGE, box.mails), "A page of history was not full.")
    return taken


@functools.lru_cache(maxsize=1)
def _sent(world: World) -> tuple[Taken, Taken, Taken]:
    """Both figures come from one measurement: into a small and a large mailbox, and into none, in turn."""
    size, taken = world.size, (Taken(), Taken(), Taken())
    with _pair(world) as (small, large):
        callers = _Caller(small.url, small.token), _Caller(large.url, large.token), _Caller(world.gmail_url, "zero")
        try:
            for number in range(size.rounds * _TIMES + 1):
                for caller, seen in zip(callers, taken, strict=True):
                    with (seen if number else Taken()).time():  # the first round warms everything
                        caller.send(size.mails)
        finally:
            for caller in callers:
                caller.close()
    return taken


@contextmanager
def _pair(world: World) -> Iterator[tuple[Simulated, Simulated]]:
    with ExitStack() as served:
        small, large = (
            served.enter_context(simulated(world.folder / f"mailbox-{mails}.sqlite", mails))
            for mails in (world.size.mailbox, world.size.large_mailbox)
        )
        yield small, large
