"""Who clicks while something long is written gets in between two of its slices, not after all of them."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy.exc import OperationalError

from addon.domain.access import engine_for, turns


@pytest.fixture
def engine(tmp_path):
    made = engine_for(f"sqlite:///{tmp_path}/turns.db")
    with made.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE t (who TEXT)")
    yield made
    made.dispose()


def test_nobody_is_kept_out_by_one_who_writes_again_and_again(engine):
    done = threading.Event()

    def write_on():
        while not done.is_set():
            with engine.begin() as connection:
                connection.exec_driver_sql("INSERT INTO t VALUES ('slice')")

    thread = threading.Thread(target=write_on)
    thread.start()
    try:
        for _ in range(20):
            with engine.begin() as connection:
                connection.exec_driver_sql("INSERT INTO t VALUES ('click')")
    finally:
        done.set()
        thread.join()

    with engine.begin() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM t WHERE who = 'click'").scalar() == 20


def test_a_write_that_fails_gives_its_turn_away(engine):
    for _ in range(3):
        with pytest.raises(OperationalError), engine.begin() as connection:
            connection.exec_driver_sql("INSERT INTO nothing VALUES (1)")
        with engine.connect() as connection:
            connection.begin()
            connection.invalidate()
        with engine.connect() as connection:
            for _ in range(2):  # one connection, more than one transaction
                with connection.begin():
                    connection.exec_driver_sql("INSERT INTO t VALUES ('again')")


def test_a_reader_never_waits(engine):
    with engine.begin() as writing:
        writing.exec_driver_sql("INSERT INTO t VALUES ('long')")
        with engine.execution_options(reading=True).connect() as connection:
            assert connection.exec_driver_sql("SELECT count(*) FROM t").scalar() == 0


def test_who_writes_twice_at_once_is_told(engine, monkeypatch):
    monkeypatch.setattr(turns, "LONGEST", 0.01)
    with engine.begin(), engine.connect() as other:
        other.connection.dbapi_connection.execute("PRAGMA busy_timeout=1")
        with pytest.raises(OperationalError, match="locked"):
            other.begin()
        other.invalidate()
