"""A certificate authority of this simulator's own, so that programs may call Gmail by its real names.

It is made anew at each start and its key never leaves memory. It can vouch for the names below and no others: a program
that trusts it by mistake cannot be led astray about anything else.
"""

from __future__ import annotations

import ssl
import tempfile
from datetime import timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from addon import clock

HOSTS = (
    "gmail.googleapis.com",
    "www.googleapis.com",
    "oauth2.googleapis.com",
    "openidconnect.googleapis.com",
    "accounts.google.com",
)
"""Google's names that are answered here."""

_DAYS = 365


class Authority:
    """Holds `certificate` (PEM, for programs to trust) and `context` (for the server's side of TLS)."""

    def __init__(self) -> None:
        key, name = ec.generate_private_key(ec.SECP256R1()), _name("Simulated Gmail on this machine")
        authority = _started(name, name, key).add_extension(x509.BasicConstraints(ca=True, path_length=0), True)
        permitted = [x509.DNSName(host) for host in HOSTS]
        authority = authority.add_extension(x509.NameConstraints(permitted, None), True)
        authority = authority.add_extension(_usage(signs=True), True)
        identifier = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
        signed = authority.add_extension(identifier, False).sign(key, hashes.SHA256())
        self.certificate = signed.public_bytes(serialization.Encoding.PEM)
        self.context = _context(*_server_certificate(name, key))


def _server_certificate(issuer: x509.Name, issuer_key: ec.EllipticCurvePrivateKey) -> tuple[bytes, bytes]:
    """PEM of the one certificate for all the names, and of its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    signer = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key())
    certificate = (
        _started(_name(HOSTS[0]), issuer, key)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host) for host in HOSTS]), False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), True)
        .add_extension(_usage(signs=False), True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), False)
        .add_extension(signer, False)
        .sign(issuer_key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return certificate.public_bytes(serialization.Encoding.PEM), private


def _started(subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
    now = clock.real_now()
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=_DAYS))
    )


def _usage(*, signs: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs,
        crl_sign=signs,
        encipher_only=False,
        decipher_only=False,
    )


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _context(certificate: bytes, private: bytes) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_alpn_protocols(["http/1.1"])
    with tempfile.TemporaryDirectory() as folder:  # `ssl` reads certificates from files only
        path = Path(folder) / "server.pem"
        path.touch(0o600)
        path.write_bytes(certificate + private)
        context.load_cert_chain(path)
    return context
