"""Runs an act on many things to its end, each slice in a transaction that the entrance gives."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime

from sqlalchemy.orm import Session

from addon.domain.bulk import operations

Writing = Callable[[], AbstractContextManager[Session]]
"""Such as `functools.partial(database.writing, viewer)`, with the viewer who asked for it."""


def run(
    writing: Writing,
    bulk_id: int,
    *,
    clock: Callable[[], datetime],
    stopping: Callable[[], bool] = lambda: False,
    size: int = operations.SLICE,
) -> bool:
    """All slices that are left; False where it was told to stop before the end. Raises NotFound."""
    while not stopping():
        with writing() as session:
            more = operations.run_slice(session, bulk_id, at=clock(), size=size)
        if not more:
            return True
    return False
