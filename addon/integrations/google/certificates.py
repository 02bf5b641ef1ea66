"""The certificates that Google's ID tokens are signed with, fetched seldom and kept as long as Google says."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.client import HTTPException

from addon.domain.ports.identity import KeysUnavailable
from addon.integrations.gmail.transport import Transport

_MAX_AGE = re.compile(r"(?:^|[\s,])max-age\s*=\s*\"?(\d{1,9})", re.IGNORECASE)
SHORTEST_SECONDS, LONGEST_SECONDS, UNSAID_SECONDS = 60.0, 86400.0, 600.0
# They are renewed before they end, so that an hour without Google's answer does not shut the sidebar.
RENEWED_AT = 0.8
# Forged tokens can name any key: they must not make us ask Google each time.
BETWEEN_FETCHES_SECONDS = 30.0
BETWEEN_FAILURES_SECONDS = 2.0


@dataclass(frozen=True)
class _Held:
    certificates: Mapping[str, str]
    renew: float
    ends: float


class Certificates:
    """A cache shared by all threads. Time is the monotonic clock's: nobody can turn it."""

    def __init__(self, url: str, *, timeout: float, monotonic: Callable[[], float] = time.monotonic) -> None:
        """`timeout` in seconds; somebody is waiting for a card meanwhile, so let it be short."""
        self._url, self._timeout, self._monotonic = url, timeout, monotonic
        self._held = _Held({}, renew=0.0, ends=0.0)
        self._not_before = 0.0
        self._lock = threading.Lock()

    def for_key(self, key_id: str) -> Mapping[str, str]:
        """PEM certificates by key id, renewed where they are old or do not hold this key.

        The key may still be unknown afterwards: then no token signed with it is Google's. Raises KeysUnavailable where
        no certificate is held and none can be fetched.
        """
        held = self._held
        if self._settled(held, key_id):
            return held.certificates
        # With usable certificates at hand nobody queues behind a fetch that another thread has begun.
        if self._lock.acquire(blocking=not self._usable(held) or key_id not in held.certificates):
            try:
                if not self._settled(self._held, key_id):
                    self._renew()
            finally:
                self._lock.release()
        held = self._held
        if not self._usable(held):
            raise KeysUnavailable
        return held.certificates

    def _settled(self, held: _Held, key_id: str) -> bool:
        return self._monotonic() < held.renew and key_id in held.certificates

    def _usable(self, held: _Held) -> bool:
        return self._monotonic() < held.ends

    def _renew(self) -> None:
        if self._monotonic() < self._not_before:
            return
        try:
            certificates, seconds = self._fetched()
        except (OSError, HTTPException, ValueError):
            self._not_before = self._monotonic() + BETWEEN_FAILURES_SECONDS
            return
        now = self._monotonic()
        self._not_before = now + BETWEEN_FETCHES_SECONDS
        self._held = _Held(certificates, renew=now + seconds * RENEWED_AT, ends=now + seconds)

    def _fetched(self) -> tuple[Mapping[str, str], float]:
        transport = Transport(self._timeout)
        try:
            reply, content = transport.request(self._url, headers={"accept": "application/json"})
        finally:
            transport.close()
        if reply.status != 200:
            raise ValueError("no certificates were given")
        return _certificates(content), _lifetime(reply)


def _certificates(content: bytes) -> Mapping[str, str]:
    found = json.loads(content)
    if not isinstance(found, dict) or not found:
        raise ValueError("not a map of certificates")
    if not all(isinstance(pem, str) and "-----BEGIN " in pem for pem in found.values()):
        raise ValueError("not a map of PEM certificates")
    return found


def _lifetime(reply: Mapping[str, str]) -> float:
    found = _MAX_AGE.search(reply.get("cache-control", ""))
    seconds = float(found.group(1)) if found else UNSAID_SECONDS
    age = reply.get("age", "").strip()
    if age.isascii() and age.isdigit():
        seconds -= float(age[:9])
    return max(SHORTEST_SECONDS, min(seconds, LONGEST_SECONDS))
