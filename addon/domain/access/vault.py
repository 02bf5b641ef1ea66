"""Secrets at rest: sealed under SECRET_KEYS, the first of which writes; any of them opens."""

from __future__ import annotations

from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet


class NoKeys(Exception):
    """SECRET_KEYS is empty, so nothing secret can be stored or read."""


class WrongKeys(Exception):
    """What is stored was sealed under none of SECRET_KEYS."""


class Vault:
    """Seals and opens short secrets."""

    def __init__(self, keys: Sequence[str]) -> None:
        self._fernet = MultiFernet([Fernet(key.encode()) for key in keys]) if keys else None

    def seal(self, secret: str) -> bytes:
        return self._keys().encrypt(secret.encode())

    def open(self, sealed: bytes) -> str:
        """Raises WrongKeys."""
        try:
            return self._keys().decrypt(sealed).decode()
        except InvalidToken:
            raise WrongKeys from None

    def renew(self, sealed: bytes) -> bytes:
        """The same secret under the first key. Raises WrongKeys."""
        try:
            return self._keys().rotate(sealed)
        except InvalidToken:
            raise WrongKeys from None

    def _keys(self) -> MultiFernet:
        if self._fernet is None:
            raise NoKeys
        return self._fernet
