"""Tests reach this machine and nothing else: every other connection and name is refused, and remembered."""

from __future__ import annotations

import socket
from collections.abc import Callable
from ipaddress import ip_address
from typing import Any

refused: list[str] = []


class OutsideWorld(RuntimeError):
    """A test tried to leave this machine."""


def install() -> None:
    """Guard the sockets of this process from now on."""
    for name in ("connect", "connect_ex", "sendto"):
        setattr(socket.socket, name, _only_near(getattr(socket.socket, name)))
    for name in ("getaddrinfo", "gethostbyname", "gethostbyname_ex"):
        setattr(socket, name, _only_own_names(getattr(socket, name)))


def is_near(family: int, address: Any) -> bool:
    """Whether an address is on this machine: a loopback one, or a Unix socket."""
    if family not in (socket.AF_INET, socket.AF_INET6):
        return True
    host = str(address[0])
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return is_own_name(host)


def is_own_name(host: str | bytes | None) -> bool:
    """Whether looking up this host asks nobody outside: no name, a number, or localhost."""
    name = host.decode("ascii", "replace") if isinstance(host, bytes) else host
    if not name or name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def _only_near(original: Callable[..., Any]) -> Callable[..., Any]:
    def guarded(self: socket.socket, *arguments: Any) -> Any:
        address = arguments[-1]
        if not is_near(self.family, address):
            _refuse(f"connect to {address[0]}, port {address[1]}")
        return original(self, *arguments)

    return guarded


def _only_own_names(original: Callable[..., Any]) -> Callable[..., Any]:
    def guarded(host: str | bytes | None, *arguments: Any, **named: Any) -> Any:
        if not is_own_name(host):
            _refuse(f"look up {host!r}")
        return original(host, *arguments, **named)

    return guarded


def _refuse(act: str) -> None:
    refused.append(act)
    raise OutsideWorld(
        f"A test tried to {act}. Tests reach loopback addresses and Unix sockets only; "
        "name the simulator's address in DEALTHREAD_GOOGLE_URL, or pass a client of the test's own."
    )
