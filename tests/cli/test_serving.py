"""`serve` and `worker` as the processes that an admin starts, and what stops them."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from addon.sandbox.gmail import Gmail, serve

SCOPES = ("https://www.googleapis.com/auth/gmail.readonly", "https://www.googleapis.com/auth/gmail.compose")


@contextlib.contextmanager
def process(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    """`dealthread` in a process of its own, surely gone at the end."""
    running = subprocess.Popen(
        [sys.executable, "-W", "error::ResourceWarning", "-m", "addon", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ,
    )
    with running:
        try:
            yield running
        finally:
            running.kill()


def test_serving_answers_and_ends_at_once_when_told(shell):
    shell.done("migrate")

    with process("serve", "--port", "0") as running:
        said = running.stderr.readline()
        port = re.search(r"http://127\.0\.0\.1:(\d+)", said)
        assert port, said + running.stderr.read()
        assert requests.get(f"http://127.0.0.1:{port[1]}/healthz", timeout=10).status_code == 200
        assert requests.get(f"http://127.0.0.1:{port[1]}/u/nonsense", timeout=10).status_code == 404
        running.send_signal(signal.SIGTERM)

        assert running.wait(timeout=60) == 0
        assert running.stdout.read() == ""
        assert "Traceback" not in running.stderr.read()


def test_a_port_in_use_is_named(shell):
    shell.done("migrate")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        assert f"Port {port} is in use" in shell.refused("serve", "--port", port)


def test_a_worker_ends_soon_when_told(shell):
    shell.done("migrate")

    with process("worker") as running:
        assert "At work" in running.stderr.readline()
        running.send_signal(signal.SIGTERM)
        assert running.wait(timeout=60) == 0
        assert "Traceback" not in running.stderr.read()


@pytest.fixture
def gmail(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Gmail]:
    gmail = Gmail(tmp_path / "gmail.sqlite")
    for email in ("ana@halyard.example", "bo@x.test"):
        gmail.accounts.add(email)
    gmail.clients.add("client", "secret", [])
    with serve(gmail) as server:
        monkeypatch.setenv("DEALTHREAD_GOOGLE_URL", server.url)
        monkeypatch.setenv("DEALTHREAD_GOOGLE_CLIENT_ID", "client")
        monkeypatch.setenv("DEALTHREAD_GOOGLE_CLIENT_SECRET", "secret")
        yield gmail
    gmail.close()


def test_a_worker_until_idle_sends_a_campaign_and_ends(shell, gmail):
    """From an empty disk to a mail that was sent, by the command line alone."""
    shell.done("migrate")
    shell.done("team", "add", "Halyard")
    shell.done("user", "add", "ana@halyard.example", "--team", "Halyard", "--role", "rep")
    token = gmail.grants.issue("ana@halyard.example", SCOPES)
    shell.done("mailbox", "add", "ana@halyard.example", "--refresh-token-file", "-", typed=token)
    made = shell.json(
        *("campaign", "create", "--mailbox", "ana@halyard.example", "--name", "Spring"),
        *("--subject-file", shell.file("s", "Hi {{ first_name }}"), "--body-file", shell.file("b", "Hello")),
        *("--recipients", shell.file("r.csv", "email,first_name\nbo@x.test,Bo\nout@elsewhere.example,Out\n")),
    )
    shell.done("campaign", "send", made["campaign"])

    result = shell("worker", "--until-idle")

    assert result.exit_code == 0, result.output
    assert result.stdout == ""
    status = shell.json("campaign", "status", made["campaign"], "--recipients")
    assert (status["state"], status["sent"], status["pending"]) == ("done", 2, 0)
    assert all(person["state"] == "sent" and person["message_id"] for person in status["recipients"])
