"""The transport over TLS: certificates are checked, connections kept, hang-ups and deadlines as without."""

from __future__ import annotations

import datetime
import ipaddress
import ssl
from collections.abc import Callable, Iterator
from http.client import RemoteDisconnected
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from addon.integrations.gmail.transport import Transport
from tests.integrations.raw_server import Behaviour, RawServer

Secure = Callable[..., RawServer]


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Key and certificate of 127.0.0.1, signed by nobody."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "loopback")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "loopback.pem"
    path.write_bytes(
        made.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return path


@pytest.fixture
def secure_server(certificate: Path) -> Iterator[Secure]:
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(certificate)
    servers: list[RawServer] = []

    def started(behave: Behaviour) -> RawServer:
        servers.append(RawServer(behave, tls=tls))
        return servers[-1]

    yield started
    for server in servers:
        server.close()


@pytest.fixture
def transport(certificate: Path) -> Iterator[Transport]:
    made = Transport(timeout=5, tls=ssl.create_default_context(cafile=str(certificate)))
    yield made
    made.close()


def test_a_secure_connection_is_kept(secure_server, transport):
    server = secure_server(lambda exchange: exchange.answer(b"hello" * 10_000))

    contents = {transport.request(server.url + "/", "POST", b"{}")[1] for _ in range(5)}

    assert (contents, server.connections) == ({b"hello" * 10_000}, 1)


def test_a_server_that_nobody_vouches_for_gets_no_request(secure_server):
    server, transport = secure_server(lambda exchange: exchange.answer()), Transport(timeout=5)

    with pytest.raises(ssl.SSLCertVerificationError):
        transport.request(server.url + "/", "POST", b"{}")

    assert server.asked == []


def test_a_server_of_another_name_gets_no_request(secure_server, transport):
    server = secure_server(lambda exchange: exchange.answer())

    with pytest.raises(ssl.SSLCertVerificationError):
        transport.request(server.url.replace("127.0.0.1", "localhost") + "/", "POST", b"{}")

    assert server.asked == []


def test_a_secure_server_that_hangs_up_sees_the_request_once(secure_server, transport):
    server = secure_server(lambda exchange: exchange.answer() if exchange.number == 1 else exchange.hang_up())
    transport.request(server.url + "/warm")

    with pytest.raises((RemoteDisconnected, OSError)):
        transport.request(server.url + "/send", "POST", b"{}")

    assert server.count("POST") == 1


def test_a_secure_server_that_dribbles_is_left_at_the_deadline(secure_server, transport):
    def drip(exchange):
        exchange.say(b"HTTP/1.1 200 OK\r\nX-A: ")
        while not exchange.server.over.wait(0.02):
            exchange.say(b"2")

    transport.timeout = 0.4

    with pytest.raises(TimeoutError):
        transport.request(secure_server(drip).url + "/")
