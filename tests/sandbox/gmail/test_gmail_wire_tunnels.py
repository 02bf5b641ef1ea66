"""The simulator under Google's own names: a proxy with a certificate of its own."""

from __future__ import annotations

import json
import socket
import ssl
import time
from contextlib import closing
from http.client import HTTPConnection, HTTPSConnection
from urllib.parse import urlsplit

import pytest
from cryptography import x509
from google.oauth2.credentials import Credentials
from googleapiclient.discovery import build

from addon.sandbox.gmail import serve
from addon.sandbox.gmail.wire.authority import HOSTS, Authority
from tests.sandbox.gmail.conftest import ANNA, EVERYTHING, mail

PROFILE = "/gmail/v1/users/me/profile"


@pytest.fixture(scope="module")
def authority():
    return Authority()


@pytest.fixture
def proxy(gmail, authority):
    with serve(gmail, authority=authority) as server:
        yield server


@pytest.fixture
def trusting(authority):
    return ssl.create_default_context(cadata=authority.certificate.decode())


@pytest.fixture
def through(proxy, trusting):
    """`through(host)`: a connection to this host by way of the proxy."""
    opened = []

    def make(host="gmail.googleapis.com", context=trusting):
        connection = HTTPSConnection("127.0.0.1", proxy.port, timeout=5, context=context)
        connection.set_tunnel(host, 443)
        opened.append(connection)
        return connection

    yield make
    for connection in opened:
        connection.close()


@pytest.fixture
def authorization(gmail):
    return {"Authorization": f"Bearer {gmail.access_token(ANNA, [EVERYTHING])}"}


def ask(connection, verb, path, body=None, headers=None):
    connection.request(verb, path, body, headers or {})
    answer = connection.getresponse()
    return answer, answer.read()


@pytest.mark.parametrize("host", HOSTS)
def test_each_of_googles_names_leads_here(through, authorization, host):
    answer, content = ask(through(host), "GET", PROFILE, headers=authorization)

    assert (answer.status, json.loads(content)["emailAddress"]) == (200, ANNA)


def test_one_tunnel_serves_many_calls(through, authorization):
    connection = through()
    sockets = set()
    for _ in range(3):
        assert ask(connection, "GET", PROFILE, headers=authorization)[0].status == 200
        sockets.add(connection.sock)

    assert len(sockets) == 1


@pytest.mark.parametrize("target", ["example.com:443", "gmail.googleapis.com:80", "mail.google.com:443", "localhost:1"])
def test_nothing_else_leaves_the_machine(proxy, target):
    with socket.create_connection(("127.0.0.1", proxy.port), timeout=5) as raw:
        raw.sendall(f"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n\r\n".encode())
        answer = b"".join(iter(lambda: raw.recv(65_536), b""))

    assert answer.startswith(b"HTTP/1.1 403 ")
    assert b"Nothing leaves this machine" in answer


def test_who_opens_a_tunnel_and_says_nothing_holds_up_nobody(gmail, authority):
    server = serve(gmail, authority=authority)
    with socket.create_connection(("127.0.0.1", server.port), timeout=5) as raw:
        raw.sendall(b"CONNECT gmail.googleapis.com:443 HTTP/1.1\r\n\r\n")
        assert raw.recv(100).startswith(b"HTTP/1.1 200 ")
        begun = time.monotonic()
        server.close()

        assert time.monotonic() - begun < 4
        assert raw.recv(100) == b""


def test_without_a_certificate_it_is_no_proxy(server):
    with closing(HTTPConnection("127.0.0.1", server.port, timeout=5)) as line:
        assert ask(line, "CONNECT", "gmail.googleapis.com:443")[0].status == 403


def test_who_does_not_trust_it_is_not_served(through):
    with pytest.raises(ssl.SSLCertVerificationError):
        ask(through(context=ssl.create_default_context()), "GET", "/")


def test_its_authority_can_vouch_for_googles_names_only(authority):
    certificate = x509.load_pem_x509_certificate(authority.certificate)
    constraints = certificate.extensions.get_extension_for_class(x509.NameConstraints)

    assert constraints.critical
    assert [name.value for name in constraints.value.permitted_subtrees] == list(HOSTS)
    assert b"PRIVATE" not in authority.certificate


def test_the_control_endpoints_are_not_reached_by_googles_names(through):
    assert ask(through(), "GET", "/sandbox/accounts")[0].status == 403


def test_an_upload_goes_on_under_the_name_it_began_with(through, authorization):
    connection = through()
    path = "/upload/gmail/v1/users/me/messages/send?uploadType=resumable"
    begun, _ = ask(connection, "POST", path, headers=authorization)
    where = urlsplit(begun.headers["Location"])
    sent, content = ask(connection, "PUT", f"{where.path}?{where.query}", mail())

    assert (where.scheme, where.netloc) == ("https", "gmail.googleapis.com")
    assert (sent.status, json.loads(content)["labelIds"]) == (200, ["SENT"])


def test_a_caller_that_loses_patience_in_a_tunnel_is_noticed(gmail, through, authorization):
    gmail.faults.add(method="getProfile", kind="timeout_before")
    connection = through()
    connection.connect()
    connection.sock.settimeout(0.2)
    with pytest.raises(TimeoutError):
        ask(connection, "GET", PROFILE, headers=authorization)
    begun = time.monotonic()
    connection.close()

    assert ask(through(), "GET", PROFILE, headers=authorization)[0].status == 200
    assert time.monotonic() - begun < 5


@pytest.mark.parametrize("path", ["/$discovery/rest?version=v1", "/discovery/v1/apis/gmail/v1/rest"])
def test_googles_description_names_the_address_it_was_asked_at(proxy, through, path):
    with closing(HTTPConnection("127.0.0.1", proxy.port, timeout=5)) as line:
        near = json.loads(ask(line, "GET", path)[1])
    far = json.loads(ask(through("www.googleapis.com"), "GET", path)[1])

    assert (near["rootUrl"], near["baseUrl"], near["mtlsRootUrl"]) == (f"{proxy.url}/",) * 3
    assert far["rootUrl"] == "https://www.googleapis.com/"
    assert (near["id"], near["batchPath"]) == ("gmail:v1", "batch")


def test_a_program_of_googles_library_runs_here_by_the_description_alone(gmail, server):
    gmail.deliver(mail(to=ANNA), [ANNA])
    credentials = Credentials(gmail.access_token(ANNA, [EVERYTHING]))
    where = f"{server.url}/$discovery/rest?version={{apiVersion}}"
    answers = []

    with build("gmail", "v1", credentials=credentials, discoveryServiceUrl=where, cache_discovery=False) as service:
        batch = service.new_batch_http_request(callback=lambda name, answer, error: answers.append(answer or error))
        batch.add(service.users().getProfile(userId="me"))
        batch.add(service.users().messages().list(userId="me"))
        batch.execute()

    assert answers[0]["emailAddress"] == ANNA
    assert len(answers[1]["messages"]) == 1


def test_there_is_no_other_version(server, line_to):
    assert ask(line_to(server), "GET", "/$discovery/rest?version=v2")[0].status == 404


@pytest.fixture
def line_to():
    opened = []

    def make(server):
        opened.append(HTTPConnection("127.0.0.1", server.port, timeout=5))
        return opened[-1]

    yield make
    for connection in opened:
        connection.close()


class TestWhoAmI:
    def test_a_token_tells_what_it_opens(self, gmail, server, line_to):
        token = gmail.access_token(ANNA, ["email", EVERYTHING])
        answer, content = ask(line_to(server), "GET", f"/tokeninfo?access_token={token}")
        told = json.loads(content)

        assert (answer.status, told["email"], told["scope"]) == (200, ANNA, f"email {EVERYTHING}")
        assert 3500 < int(told["expires_in"]) <= 3600
        assert ask(line_to(server), "GET", "/tokeninfo?access_token=none")[0].status == 400

    def test_a_person_is_told_as_far_as_they_allowed(self, gmail, server, line_to):
        def asked(*scopes):
            headers = {"Authorization": f"Bearer {gmail.access_token(ANNA, scopes)}"}
            return json.loads(ask(line_to(server), "GET", "/oauth2/v3/userinfo", headers=headers)[1])

        sub = gmail.accounts.get(ANNA).sub

        assert asked("openid") == {"sub": sub}
        assert asked("openid", "profile")["name"] == "Anna Kowalczyk"
        assert asked("email") == {"sub": sub, "email": ANNA, "email_verified": True}
        assert ask(line_to(server), "GET", "/oauth2/v3/userinfo")[0].status == 401

    def test_older_addresses_of_sign_in_are_known(self, server, line_to):
        _, content = ask(line_to(server), "GET", "/.well-known/openid-configuration")
        for path in ("/token", "/o/oauth2/token", "/oauth2/v4/token"):
            answer, refused = ask(line_to(server), "POST", path, "grant_type=refresh_token&client_id=none")
            assert (answer.status, json.loads(refused)["error"]) == (401, "invalid_client")

        assert json.loads(content)["token_endpoint"] == f"{server.url}/token"


class TestPrograms:
    """A desktop program is sent back to whatever port of this machine it listens at."""

    def page(self, line, back):
        query = f"client_id=d&response_type=code&scope=openid&redirect_uri={back}"
        return ask(line, "GET", f"/o/oauth2/v2/auth?{query}")[0].status

    def test_any_port_of_this_machine_will_do_and_no_other_machine(self, gmail, server, line_to):
        gmail.clients.add("d", "s", ["http://localhost"])
        line = line_to(server)

        assert self.page(line, "http://localhost:8080/") == 200
        assert self.page(line, "http://127.0.0.1:41234/back") == 200
        assert self.page(line, "http://localhost.evil.test/") == 400
        assert self.page(line, "http://localhost@evil.test/") == 400
        assert self.page(line, "https://evil.test/") == 400
