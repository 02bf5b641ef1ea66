"""Access tokens for the people of the sandbox, given out as Google does and used again while they are good."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import timedelta

from addon import clock
from addon.sandbox.gmail import Gmail

_LEFT = timedelta(minutes=5).total_seconds()
_MOST = 1000


class Shelf:
    """Tokens by mailbox, scopes and message. One that was revoked, or ends within five minutes, is made anew."""

    def __init__(self, gmail: Gmail) -> None:
        self.gmail = gmail
        self._kept: dict[tuple[str, tuple[str, ...], str], str] = {}
        self._lock = threading.Lock()

    def access_token(self, email: str, scopes: Sequence[str], message_id: str = "") -> str:
        """A token for this mailbox, or for one message of it. Raises UnknownMailbox."""
        key = (email, tuple(scopes), message_id)
        with self._lock:
            token = self._kept.get(key)
            if token is None or not self._good(token):
                if len(self._kept) >= _MOST:
                    self._kept.clear()
                token = self._kept[key] = self.gmail.access_token(email, scopes, message_id=message_id or None)
            return token

    def _good(self, token: str) -> bool:
        access = self.gmail.grants.access(token)
        return access is not None and access.expires > clock.real_now().timestamp() + _LEFT
