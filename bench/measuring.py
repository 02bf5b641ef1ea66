"""What a figure is, how much is measured for it, and when a run is worth nothing."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import median
from typing import Any


class Spoilt(Exception):
    """Something did not happen as it must: figures of such a run say nothing."""


class Missing(Exception):
    """What a figure needs is not on this machine: it is left out, and that is said."""


def require(condition: bool, sentence: str) -> None:
    """Raises Spoilt with this sentence."""
    if not condition:
        raise Spoilt(sentence)


@dataclass(frozen=True)
class Figure:
    value: float
    """Ours."""
    unit: str
    beside: float
    """The least that the same work costs, measured in the same run, in the same unit."""
    what_is_beside: str
    notes: list[str] = field(default_factory=list)
    details: Mapping[str, float] = field(default_factory=dict)
    """What else came out, by name."""

    def as_json(self) -> dict[str, Any]:
        ratio = self.value / self.beside if self.beside else 0.0
        told: dict[str, Any] = {
            "value": _rounded(self.value),
            "unit": self.unit,
            "beside": _rounded(self.beside),
            "ratio": _rounded(ratio),
        }
        if self.details:
            told["details"] = {name: _rounded(number) for name, number in self.details.items()}
        return told


@dataclass(frozen=True, kw_only=True)
class Size:
    """How much is measured."""

    cards: int
    """Cards, and as many empty answers."""
    rounds: int
    """Of sending and of syncing; ours and the bare one take turns, so that both see the same weather."""
    mails: int
    """Sent a round."""
    arrived: int
    """Mails synced a round."""
    others: int = 0
    """People, each with a deal, that stand in the database besides."""
    mailbox: int = 10_000
    """Mails in the mailbox of the simulated Gmail."""
    large_mailbox: int = 100_000
    """Mails in the large one."""
    real_mails: int = 1_000_000
    """Real mails judged, at most."""
    judgings: int = 5
    """Rounds of judging them."""
    deals: int = 10_000
    """In a small database."""
    many_deals: int = 100_000
    """In a large one."""
    on_postgresql: bool = True
    """Whether boards are drawn from PostgreSQL too."""
    boards: int = 15
    """Boards drawn of each kind, and as many moves; each is measured beside the others in turn."""
    searchable: int = 100_000
    """Deals among which is searched."""
    searches: int = 200
    imported: int = 50_000
    """Rows that are imported while cards are moved and a campaign sends."""
    moves: int = 400
    """Moves meanwhile, at most."""
    absurd_bytes: int = 50_000_000
    absurd_parts: int = 10_000
    absurd_depth: int = 1_000


USUAL = Size(cards=300, rounds=4, mails=50, arrived=80)
LARGE = Size(cards=1500, rounds=20, mails=50, arrived=80, others=2000, large_mailbox=300_000, many_deals=1_000_000)
TINY = Size(
    cards=4,
    rounds=1,
    mails=3,
    arrived=8,
    mailbox=100,
    large_mailbox=200,
    real_mails=12,
    judgings=1,
    deals=40,
    many_deals=80,
    on_postgresql=False,
    boards=2,
    searchable=60,
    searches=10,
    imported=60,
    moves=3,
    absurd_bytes=1_000,
    absurd_parts=3,
    absurd_depth=3,
)


@dataclass
class Taken:
    """Seconds of the wall's clock and of this process's processor."""

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    @contextmanager
    def time(self) -> Iterator[None]:
        """Take the time of a block."""
        wall, cpu = time.perf_counter(), time.process_time()
        yield
        self.wall.append(time.perf_counter() - wall)
        self.cpu.append(time.process_time() - cpu)

    @property
    def typical_wall(self) -> float:
        return median(self.wall)

    @property
    def typical_cpu(self) -> float:
        return median(self.cpu)


def _rounded(number: float) -> float:
    return float(f"{number:.4g}")
