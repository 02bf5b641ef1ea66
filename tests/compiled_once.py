"""What each app and each database of a test would compile anew, compiled once a process: templates, and SQL.

That is more than half of what a small test of the product costs; it is the same text every time.
"""

from __future__ import annotations

import functools
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import flask
import pytest
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import Dialect, Engine
from sqlalchemy.util import LRUCache

from addon import app
from addon.domain.access import engine_for

_STATEMENTS: LRUCache[Any, Any] = LRUCache(5000)


class _Templates(BytecodeCache):
    """Bytecode in memory; Jinja itself sees to it that a changed template is compiled again."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, bool], bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if kept := self._kept.get(_key(bucket)):
            bucket.bytecode_from_string(kept)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[_key(bucket)] = bucket.bytecode_to_string()


def _key(bucket: Bucket) -> tuple[str, bool]:
    """The workspace and the inbox treat line ends differently."""
    return bucket.key, bucket.environment.trim_blocks


def remember_statements(engine: Engine) -> Engine:
    """Let an engine use what others have compiled, and keep what it compiles.

    What was compiled is kept by dialect, so engines of SQLite share that, too.
    """
    if engine.dialect.name == "sqlite":
        engine.dialect = _dialect_of_sqlite()
    engine.update_execution_options(compiled_cache=_STATEMENTS)
    return engine


@functools.cache
def _dialect_of_sqlite() -> Dialect:
    """Of an engine that has been connected: only then a dialect knows what its database can do."""
    with tempfile.TemporaryDirectory() as folder:
        engine = engine_for(f"sqlite:///{folder}/empty.db")
        engine.connect().close()
        engine.dispose()
    return engine.dialect


@contextmanager
def remembered() -> Iterator[None]:
    """As long as this lasts, every Flask app and every house of this process shares what was compiled."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(flask.Flask, "jinja_options", {**flask.Flask.jinja_options, "bytecode_cache": _Templates()})
        patch.setattr(app, "engine_for", _remembering(app.engine_for))
        yield


def _remembering(make: Callable[..., Engine]) -> Callable[..., Engine]:
    return lambda *given, **named: remember_statements(make(*given, **named))
