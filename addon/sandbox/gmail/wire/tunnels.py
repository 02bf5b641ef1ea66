"""What a proxy is asked for by CONNECT: Google's host names lead to this machine, every other one nowhere."""

from __future__ import annotations

import ssl

from addon.sandbox.gmail.wire.authority import HOSTS, Authority


class Tunnels:
    """Decides about CONNECT; without an authority none is opened."""

    def __init__(self, authority: Authority | None) -> None:
        self._authority = authority

    def refusal(self, target: str) -> str:
        """Why no tunnel leads to this `host:port`; empty where one does."""
        host, _, port = target.rpartition(":")
        if self._authority is None:
            return "This simulated Gmail was started without a certificate, so it is no proxy.\n"
        if host.lower() in HOSTS and port == "443":
            return ""
        return f"Nothing leaves this machine: this proxy answers for {', '.join(HOSTS)} on port 443 only.\n"

    def context(self) -> ssl.SSLContext | None:
        """What the TLS inside a tunnel is spoken with."""
        return self._authority.context if self._authority else None
