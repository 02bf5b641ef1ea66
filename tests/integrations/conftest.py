"""Servers on loopback for what must be tried on the wire."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.integrations.id_tokens import Signer
from tests.integrations.publisher import Publisher
from tests.integrations.raw_server import Behaviour, RawServer


@pytest.fixture
def raw_server() -> Iterator[Callable[[Behaviour], RawServer]]:
    """Start a server that behaves as told; it is gone after the test."""
    servers: list[RawServer] = []

    def started(behave: Behaviour) -> RawServer:
        servers.append(RawServer(behave))
        return servers[-1]

    yield started
    for server in servers:
        server.close()


@pytest.fixture(scope="session")
def google() -> Signer:
    """Google's key."""
    return Signer("key-1")


@pytest.fixture
def publisher(raw_server: Callable[..., RawServer], google: Signer) -> Publisher:
    """Google's certificate page and the check that reads it."""
    return Publisher(raw_server, google)
