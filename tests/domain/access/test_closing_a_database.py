"""A database that is closed leaves no connection behind, whoever still works with one."""

from __future__ import annotations

from addon.domain.access import Database, Vault, engine_for
from tests.databases import KEY


def test_a_connection_still_at_work_is_closed_when_it_is_given_back(postgres_url: str) -> None:
    database = Database(engine_for(postgres_url), Vault([KEY]))
    at_work = database.engine.connect()
    underneath = at_work.connection.driver_connection
    assert underneath is not None

    database.close()
    assert not underneath.closed

    at_work.close()
    assert underneath.closed
