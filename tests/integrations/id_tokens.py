"""ID tokens as Google signs them, with a key made here."""

from __future__ import annotations

import datetime
import json
import time
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from google.auth import crypt, jwt


class Signer:
    """A key with its certificate."""

    def __init__(self, key_id: str) -> None:
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, key_id)])
        now = datetime.datetime.now(datetime.UTC)
        certificate = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(1)
            .not_valid_before(now - datetime.timedelta(days=1))
            .not_valid_after(now + datetime.timedelta(days=1))
            .sign(key, hashes.SHA256())
        )
        pem = key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.TraditionalOpenSSL,
            serialization.NoEncryption(),
        )
        self.key_id = key_id
        self.certificate = certificate.public_bytes(serialization.Encoding.PEM).decode()
        self._signer = crypt.RSASigner.from_string(pem, key_id)

    def token(self, header: dict[str, Any] | None = None, **claims: Any) -> str:
        """A token that holds now, unless the claims say otherwise. A claim of None is left out."""
        now = int(time.time())
        full = {"iss": "https://accounts.google.com", "iat": now, "exp": now + 3600, "email_verified": True, **claims}
        given = {name: value for name, value in full.items() if value is not None}
        return jwt.encode(self._signer, given, header=header).decode()


def published(*signers: Signer) -> bytes:
    """The document at /oauth2/v1/certs."""
    return json.dumps({signer.key_id: signer.certificate for signer in signers}).encode()
