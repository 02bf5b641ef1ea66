"""The search box: what many people type, among many deals, warm.

Beside it stand the same statements, read by the database's own driver into tuples that nobody looks at.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import event

from addon.domain.access import Viewer
from addon.domain.search.finding import find
from bench.measuring import Figure, Size, require
from bench.searchable import Searchable, queries, searchable

_Statement = tuple[str, Any]


def search_100k(size: Size) -> Figure:
    """Milliseconds of a search on SQLite that nineteen of twenty do not take."""
    typed = list(queries(size))
    told: dict[str, tuple[float, float]] = {}
    notes: list[str] = []
    for place in searchable(size.searchable, size.on_postgresql):
        for viewer, whose in ((place.made.viewer, "all"), (place.own, "one's own")):
            name = f"{place.name}, {whose}"
            ours, bare, found = _measured(place, viewer, [text for _, text in typed])
            told[name] = (_p95(ours), _p95(bare))
            notes.append(
                f"{name}: p50 {sorted(ours)[len(ours) // 2]:.1f} ms, p95 {told[name][0]:.1f} ms, bare p95"
                f" {told[name][1]:.1f} ms, worst {max(ours):.1f} ms; {found} of {len(ours)} found something"
            )
            notes.append("  p95 of " + ", ".join(_by_kind([kind for kind, _ in typed], ours)))
    mine, least = told["SQLite, all"]
    details = {f"{name} p95": value for name, (value, _) in told.items()}
    return Figure(mine, "ms (p95)", least, "its bare statements", notes, details)


def _measured(place: Searchable, viewer: Viewer, typed: Sequence[str]) -> tuple[list[float], list[float], int]:
    """Each search is beside its own statements, in turn; the first round warms everything."""
    ours, bare, found = [], [], 0
    for text in typed:
        _search(place, viewer, text)
    for text in typed:
        statements, hits = _statements(place, viewer, text)
        found += hits > 0
        ours.append(_milliseconds(lambda text=text: _search(place, viewer, text)))  # type: ignore[misc]
        bare.append(_milliseconds(lambda: _ask(place, statements)))  # noqa: B023  called at once
    require(viewer is place.own or found > len(typed) // 2, f"Only {found} of {len(typed)} searches found something.")
    return ours, bare, found


def _search(place: Searchable, viewer: Viewer, text: str) -> int:
    with place.made.database.reading(viewer) as session:
        return len(find(session, text))


def _statements(place: Searchable, viewer: Viewer, text: str) -> tuple[list[_Statement], int]:
    said: list[_Statement] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        said.append((statement, parameters))

    engine = place.made.database.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        hits = _search(place, viewer, text)
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return [one for one in said if one[0].lstrip().upper().startswith(("SELECT", "WITH"))], hits


def _ask(place: Searchable, statements: Sequence[_Statement]) -> None:
    raw = place.made.database.engine.raw_connection()
    try:
        cursor = raw.cursor()
        for statement, parameters in statements:
            cursor.execute(statement, parameters)
            cursor.fetchall()
        cursor.close()
        raw.rollback()
    finally:
        raw.close()


def _by_kind(kinds: Sequence[str], took: Sequence[float]) -> list[str]:
    return [
        f"{kind} {_p95([one for other, one in zip(kinds, took, strict=True) if other == kind]):.1f} ms"
        for kind in dict.fromkeys(kinds)
    ]


def _milliseconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return (time.perf_counter() - begun) * 1000


def _p95(numbers: Sequence[float]) -> float:
    return sorted(numbers)[min(len(numbers) - 1, int(len(numbers) * 0.95))]
