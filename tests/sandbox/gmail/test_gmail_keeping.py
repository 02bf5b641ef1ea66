from __future__ import annotations

import base64
import json
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from http.client import HTTPConnection

import pytest

from addon.sandbox.gmail import Gmail, PortInUse, serve
from addon.sandbox.gmail.mailbox.listing import Wanted
from addon.sandbox.gmail.store import StoreInUse
from tests.sandbox.gmail.conftest import ANNA, EVERYTHING, encoded, mail


def started(*arguments):
    process = subprocess.Popen(
        [sys.executable, "-m", "addon.sandbox.gmail", "--port", "0", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    line = process.stdout.readline()
    assert "listens at http://127.0.0.1:" in line, process.stderr.read()
    return process, line.split()[-1]


def stopped(process, number=signal.SIGTERM):
    process.send_signal(number)
    process.communicate(timeout=10)
    return process.returncode


def tell(url, path, values=None):
    body = None if values is None else json.dumps(values).encode()
    request = urllib.request.Request(url + path, body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=5) as answer:
        return json.load(answer)


def test_everything_is_there_after_a_restart(tmp_path):
    gmail = Gmail(tmp_path / "mail.sqlite")
    gmail.accounts.add(ANNA, name="Anna")
    gmail.clients.add("c", "s", ["http://localhost/back"])
    refresh = gmail.grants.issue(ANNA, [EVERYTHING])
    token = gmail.access_token(ANNA, [EVERYTHING])
    [arrived] = gmail.deliver(mail(to=ANNA), [ANNA])
    latest = gmail.history.latest(gmail.accounts.get(ANNA))
    sub = gmail.accounts.get(ANNA).sub
    gmail.close()

    gmail = Gmail(tmp_path / "mail.sqlite")
    anna = gmail.accounts.get(ANNA)

    assert gmail.messages.raw(gmail.messages.find(anna, int(arrived.message_id, 16))).endswith(b"Hello there.\r\n")
    assert (gmail.history.latest(anna), anna.sub) == (latest, sub)
    assert gmail.grants.find(refresh).scopes == (EVERYTHING,)
    assert gmail.grants.access(token).account == anna
    assert gmail.clients.proven("c", "s")
    gmail.close()


def test_a_file_in_use_and_a_file_of_something_else_are_refused_in_a_sentence(tmp_path):
    gmail = Gmail(tmp_path / "mail.sqlite")
    (tmp_path / "letter.txt").write_text("Dear Anna, " * 100)

    with pytest.raises(StoreInUse, match="another simulator"):
        Gmail(tmp_path / "mail.sqlite")
    with pytest.raises(StoreInUse, match="is not a mailbox file"):
        Gmail(tmp_path / "letter.txt")
    with pytest.raises(StoreInUse, match="unable to open"):
        Gmail(tmp_path / "no" / "such" / "folder" / "mail.sqlite")
    gmail.close()


def test_numbers_go_on_rising_where_the_clock_went_back(tmp_path):
    gmail = Gmail(tmp_path / "mail.sqlite")
    anna = gmail.accounts.add(ANNA)
    [first] = gmail.deliver(mail(to=ANNA), [ANNA])
    ahead = int(first.message_id, 16) + (1 << 40)
    with gmail.store.write() as db:
        db.execute("INSERT OR REPLACE INTO marks (name, value) VALUES ('indexed', ?)", (ahead,))
    gmail.close()

    gmail = Gmail(tmp_path / "mail.sqlite")
    [second] = gmail.deliver(mail(to=ANNA, body="afterwards"), [ANNA])
    found = gmail.listing.messages(anna, Wanted(query="afterwards")).rows
    gmail.close()

    assert [number for number, _, _ in found] == [int(second.message_id, 16)]
    assert int(second.message_id, 16) > ahead


def test_a_port_in_use_is_one_sentence(gmail, server):
    with pytest.raises(PortInUse, match=rf"^Cannot listen on 127\.0\.0\.1:{server.port}: Address already in use\.$"):
        serve(gmail, server.port)


def test_as_a_process_it_ends_quietly_and_refuses_a_taken_port(tmp_path, server):
    process, _ = started("--data", str(tmp_path / "mail.sqlite"), "--mailbox", ANNA)

    refused = subprocess.run(
        [sys.executable, "-m", "addon.sandbox.gmail", "--port", str(server.port), "--data", str(tmp_path / "other")],
        capture_output=True,
        text=True,
        timeout=20,
    )

    assert (refused.returncode, refused.stderr.count("\n")) == (1, 1)
    assert stopped(process) == 0


def test_a_killed_simulator_has_lost_nothing_that_it_answered(tmp_path):
    data = str(tmp_path / "mail.sqlite")
    process, url = started("--data", data, "--mailbox", ANNA)
    token = tell(url, "/sandbox/tokens", {"email": ANNA, "scopes": EVERYTHING})["access_token"]
    connection = HTTPConnection(url.removeprefix("http://"), timeout=5)
    for number in range(30):
        body = json.dumps({"raw": encoded(mail(f"p{number}@acme.test"))})
        connection.request("POST", "/gmail/v1/users/me/messages/send", body, {"Authorization": f"Bearer {token}"})
        assert connection.getresponse().read()
    connection.close()
    stopped(process, signal.SIGKILL)

    process, url = started("--data", data)
    counts = tell(url, "/sandbox/outside/counts")
    stopped(process)

    assert counts == {f"p{number}@acme.test": 1 for number in range(30)}


CLIENT = """
import base64, json, sys
from http.client import HTTPConnection
url, token, name = sys.argv[1:]
connection, headers = HTTPConnection(url.removeprefix("http://"), timeout=5), {"Authorization": "Bearer " + token}
for number in range(100000):
    raw = base64.urlsafe_b64encode(f"To: p{number}.{name}@acme.test\\r\\nSubject: x\\r\\n\\r\\nx".encode()).decode()
    for path, body in (("drafts", {"message": {"raw": raw}}), ("drafts/send", None)):
        connection.request("POST", "/gmail/v1/users/me/" + path, json.dumps(body or {"id": last}), headers)
        last = json.loads(connection.getresponse().read())["id"]
    print(number, flush=True)
"""


def test_killed_clients_leave_a_mailbox_in_order(gmail, server):
    token = gmail.access_token(ANNA, [EVERYTHING])
    for name in ("a", "b", "c"):
        process = subprocess.Popen(
            [sys.executable, "-c", CLIENT, server.url, token, name], stdout=subprocess.PIPE, text=True
        )
        assert [process.stdout.readline() for _ in range(20)][-1], "it sends"
        process.kill()
        process.communicate(timeout=10)

    with gmail.store.read() as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        [(sent, drafts, contents)] = db.execute(
            "SELECT (SELECT count(*) FROM messages WHERE labels = 'SENT'), (SELECT count(*) FROM drafts),"
            " (SELECT count(*) FROM contents)"
        )
    assert set(gmail.outside.counts().values()) == {1}
    assert sent == len(gmail.outside.counts()) >= 60
    assert drafts <= 3
    assert contents == sent + drafts


def test_closing_a_server_lets_go_of_callers_that_wait(gmail):
    gmail.faults.add(method="token", kind="timeout_before")
    server = serve(gmail)
    connection = HTTPConnection("127.0.0.1", server.port, timeout=5)
    connection.request("POST", "/token", "x=y")
    deadline = time.monotonic() + 5
    while not gmail.calls["token"] and time.monotonic() < deadline:
        time.sleep(0.005)

    server.close()

    with pytest.raises(ConnectionError):
        connection.getresponse()
    connection.close()
    with pytest.raises((urllib.error.URLError, ConnectionError)):
        tell(server.url, "/sandbox/calls")


def test_the_delivery_endpoint_takes_both_kinds_of_base64(gmail, server):
    raw = mail(to=ANNA, body="???>>>")
    for text in (base64.b64encode(raw).decode(), base64.urlsafe_b64encode(raw).decode().rstrip("=")):
        assert tell(server.url, "/sandbox/deliver", {"raw": text, "to": ANNA})
