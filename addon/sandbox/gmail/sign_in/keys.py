"""The RSA key that signs ID tokens, with its certificate, in the two shapes that Google publishes."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import NameOID

from addon import clock
from addon.sandbox.gmail.store import Store

ISSUER = "https://accounts.google.com"
_LIFETIME = 3600


class Keys:
    """One key, made at its first use and kept in the store."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._loaded: tuple[str, rsa.RSAPrivateKey, str] | None = None
        self._lock = threading.Lock()

    def sign(self, claims: Mapping[str, Any]) -> str:
        """A JWT (RS256) of these claims; issuer, times and a verified e-mail are filled in unless given."""
        number, key, _ = self._key()
        now = int(clock.real_now().timestamp())
        usual: dict[str, Any] = {"iss": ISSUER, "iat": now, "exp": now + _LIFETIME}
        if "email" in claims:
            usual["email_verified"] = True
        head = {"alg": "RS256", "kid": number, "typ": "JWT"}
        signed = f"{_json64(head)}.{_json64({**usual, **claims})}"
        signature = key.sign(signed.encode(), padding.PKCS1v15(), hashes.SHA256())
        return f"{signed}.{_base64(signature)}"

    def certificates(self) -> dict[str, str]:
        """`/oauth2/v1/certs`: key id to PEM certificate."""
        number, _, certificate = self._key()
        return {number: certificate}

    def jwks(self) -> dict[str, Any]:
        """`/oauth2/v3/certs`: the same key as a JWK set."""
        number, key, _ = self._key()
        public = key.public_key().public_numbers()
        shown = {"kty": "RSA", "use": "sig", "alg": "RS256", "kid": number}
        return {"keys": [{**shown, "n": _number64(public.n), "e": _number64(public.e)}]}

    def _key(self) -> tuple[str, rsa.RSAPrivateKey, str]:
        with self._lock:
            if self._loaded is None:
                self._loaded = self._load() or self._make()
            return self._loaded

    def _load(self) -> tuple[str, rsa.RSAPrivateKey, str] | None:
        with self._store.read() as db:
            row = db.execute("SELECT id, private, certificate FROM keys LIMIT 1").fetchone()
        if row is None:
            return None
        key = serialization.load_pem_private_key(row[1].encode(), password=None)
        assert isinstance(key, rsa.RSAPrivateKey)
        return row[0], key, row[2]

    def _make(self) -> tuple[str, rsa.RSAPrivateKey, str]:
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        certificate = _certificate(key)
        number = certificate.fingerprint(hashes.SHA256()).hex()[:40]
        private = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ).decode()
        pem = certificate.public_bytes(serialization.Encoding.PEM).decode()
        with self._store.write() as db:
            db.execute("INSERT INTO keys (id, private, certificate) VALUES (?, ?, ?)", (number, private, pem))
        return number, key, pem


def _certificate(key: rsa.RSAPrivateKey) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sandbox.accounts.google.com")])
    now = clock.real_now()
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=3650))
        .sign(key, hashes.SHA256())
    )


def _base64(octets: bytes) -> str:
    return base64.urlsafe_b64encode(octets).decode().rstrip("=")


def _json64(value: Mapping[str, Any]) -> str:
    return _base64(json.dumps(value, separators=(",", ":")).encode())


def _number64(number: int) -> str:
    return _base64(number.to_bytes((number.bit_length() + 7) // 8, "big"))
