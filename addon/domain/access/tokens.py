"""Tokens for people outside: unforgeable, and valid for as long as the installation lives."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import struct
import uuid

_SIGNED = 16
"""Bytes of the signature that travel in a token."""


def unsubscribe_token(secret: bytes, *, team_id: int, address_key: str, run_ref: str) -> str:
    """A url-safe token that names a team, an address key and the run whose mail carried it.

    It holds no address and needs no row, so that a mail sent after a backup was made still unsubscribes.
    """
    payload = struct.pack(">Q", team_id) + bytes.fromhex(address_key) + uuid.UUID(run_ref).bytes
    return base64.urlsafe_b64encode(payload + _signature(secret, payload)).decode().rstrip("=")


def read_unsubscribe_token(secret: bytes, token: str) -> tuple[int, str, str] | None:
    """(team id, address key, run ref) of a token that we made; None for anything else."""
    try:
        data = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    payload, signature = data[:-_SIGNED], data[-_SIGNED:]
    if len(payload) != 8 + 32 + 16 or not hmac.compare_digest(signature, _signature(secret, payload)):
        return None
    (team_id,) = struct.unpack(">Q", payload[:8])
    return team_id, payload[8:40].hex(), str(uuid.UUID(bytes=payload[40:]))


def _signature(secret: bytes, payload: bytes) -> bytes:
    return hmac.new(secret, b"unsubscribe" + payload, hashlib.sha256).digest()[:_SIGNED]
