"""The guards that every other test relies on do their work."""

from __future__ import annotations

import os
import socket
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from addon import shipped
from tests import network_guard


def test_a_test_cannot_connect_to_the_outside():
    with socket.socket() as outside, pytest.raises(network_guard.OutsideWorld, match="loopback"):
        outside.connect(("203.0.113.7", 80))

    assert network_guard.refused.pop() == "connect to 203.0.113.7, port 80"


def test_a_test_cannot_ask_for_names_outside():
    with pytest.raises(network_guard.OutsideWorld):
        socket.create_connection(("gmail.googleapis.com", 443))

    assert network_guard.refused.pop() == "look up 'gmail.googleapis.com'"


def test_loopback_and_unix_sockets_are_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    with socket.create_server(("127.0.0.1", 0)) as server:
        greeter = threading.Thread(target=lambda: server.accept()[0].close())
        greeter.start()
        socket.create_connection(("localhost", server.getsockname()[1]), timeout=5).close()
        greeter.join(timeout=5)

    with socket.socket(socket.AF_UNIX) as listening, socket.socket(socket.AF_UNIX) as calling:
        monkeypatch.chdir(tmp_path)  # a socket's path may not be long
        listening.bind("s")
        listening.listen()
        calling.connect("s")


def test_the_world_of_one_test_can_be_set(clock):
    clock.set_world(datetime(2031, 1, 6, tzinfo=UTC))

    assert clock.now().year == 2031


def test_the_next_test_has_the_walls_time_again(clock):
    assert abs((clock.now() - clock.real_now()).total_seconds()) < 1
    assert clock.speed() == 1


def test_postgresql_is_a_database_of_this_process(postgres_url: str):
    engine = create_engine(postgres_url)
    with engine.connect() as connection:
        assert connection.scalar(text("select count(*) from pg_tables where schemaname = 'public'")) is not None
        assert connection.scalar(text("show synchronous_commit")) == "on"
        name = connection.scalar(text("select current_database()"))
    engine.dispose()

    assert os.environ.get("PYTEST_XDIST_WORKER", "alone") in str(name)


@pytest.mark.parametrize("folder", ["templates", "manifest"])
def test_the_shipped_folders_are_found(folder: str):
    assert shipped.place(folder).is_dir()


def test_a_folder_that_does_not_travel_is_named_in_the_error():
    with pytest.raises(FileNotFoundError, match="recipes"):
        shipped.place("recipes")
