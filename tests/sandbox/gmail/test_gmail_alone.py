"""`python -m addon.sandbox.gmail`: what it says, writes and keeps."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests
from google.auth.transport.requests import Request
from google.oauth2.credentials import Credentials

from addon.sandbox.gmail import Gmail, serve
from addon.sandbox.gmail.alone import arguments, greeting
from addon.sandbox.gmail.alone.papers import Papers
from addon.sandbox.gmail.wire.authority import Authority
from tests.sandbox.gmail.conftest import ANNA, BEN, encoded, mail


@contextmanager
def simulator(*given):
    """It runs alone; what it says first, and how it ended."""
    command = [sys.executable, "-m", "addon.sandbox.gmail", "--port", "0", *given]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        yield json.loads(process.stdout.readline())
    finally:
        process.send_signal(signal.SIGTERM)
        _, trouble = process.communicate(timeout=20)
    assert (process.returncode, trouble) == (0, "")


def ask(address, token, verb, path, values=None):
    with closing(HTTPConnection(urlsplit(address).netloc, timeout=5)) as line:
        body = None if values is None else json.dumps(values)
        line.request(verb, f"/gmail/v1/users/me/{path}", body, {"Authorization": f"Bearer {token}"})
        return json.load(line.getresponse())


def test_it_gives_each_mailbox_a_token_and_keeps_all_over_a_restart(tmp_path):
    data = ["--data", str(tmp_path / "gmail"), "--json"]

    with simulator(*data, "--mailbox", f"Anna <{ANNA}>", "--mailbox", BEN) as said:
        anna, ben = said["mailboxes"]
        for mailbox in (anna, ben):
            profile = ask(said["address"], mailbox["token"], "GET", "profile")
            assert profile["emailAddress"] == mailbox["email"]
        ask(said["address"], anna["token"], "POST", "messages/send", {"raw": encoded(mail(to=BEN))})
    with simulator(*data) as again:
        found = ask(again["address"], ben["token"], "GET", "messages")

    assert [mailbox["email"] for mailbox in again["mailboxes"]] == [ANNA, BEN]
    assert [mailbox["token"] for mailbox in again["mailboxes"]] == [anna["token"], ben["token"]]
    assert len(found["messages"]) == 1
    week = datetime.fromisoformat(anna["expires"]) - datetime.now(UTC)
    assert timedelta(days=6) < week < timedelta(days=8)


def test_without_a_folder_everything_goes_when_it_ends():
    with simulator("--json", "--quota") as said:
        [mailbox] = said["mailboxes"]
        folder = Path(mailbox["file"]).parent.parent
        assert (folder / "gmail.sqlite").exists()

    assert not folder.exists()


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (["--mailbox", "anna"], "anna is not an email address"),
        (["--mailbox", "../anna@x.test"], "../anna@x.test is not an email address"),
        (["--port", "70000"], "70000 is not a port"),
        (["--data", __file__], "is a file; name a folder"),
    ],
)
def test_what_makes_no_sense_is_refused_in_a_sentence(capsys, given, sentence):
    with pytest.raises(SystemExit) as ended:
        arguments.read(given)

    assert ended.value.code == 2
    assert sentence in capsys.readouterr().err


class TestPapers:
    @pytest.fixture
    def papers(self, tmp_path, gmail, server):
        return Papers(tmp_path / "papers", gmail, server.url)

    def test_a_token_file_is_read_by_googles_library_and_refreshed_under_googles_name(self, papers, gmail):
        authority = Authority()
        papers.write_certificate(authority.certificate)
        made = papers.write_token(gmail.accounts.get(ANNA))

        credentials = Credentials.from_authorized_user_file(made.path)
        assert credentials.valid
        with serve(gmail, authority=authority) as proxy, requests.Session() as session:
            session.trust_env = False
            session.proxies, session.verify = {"https": proxy.url}, str(papers.certificate)
            credentials.refresh(Request(session))

        assert credentials.token_uri == "https://oauth2.googleapis.com/token"
        assert gmail.grants.access(credentials.token).account.email == ANNA
        assert credentials.token != made.token

    def test_client_secrets_are_a_desktop_programs(self, papers, gmail, server):
        papers.write_credentials()
        installed = json.loads(papers.credentials.read_text())["installed"]

        assert gmail.clients.proven(installed["client_id"], installed["client_secret"])
        assert installed["token_uri"] == f"{server.url}/token"
        assert Papers(papers.folder, gmail, server.url).credentials.read_text() == papers.credentials.read_text()

    def test_files_are_for_their_owner_only(self, papers, gmail):
        papers.write_credentials()
        papers.write_environment()
        made = papers.write_token(gmail.accounts.get(ANNA))

        for path in (papers.credentials, papers.environment_file, made.path):
            assert os.stat(path).st_mode & 0o077 == 0

    def test_tokens_that_are_no_longer_good_are_replaced(self, papers, gmail):
        first = papers.write_token(gmail.accounts.get(ANNA))
        same = papers.write_token(gmail.accounts.get(ANNA))
        gmail.grants.revoke(ANNA)
        fresh = papers.write_token(gmail.accounts.get(ANNA))
        first.path.write_text("{broken")
        again = papers.write_token(gmail.accounts.get(ANNA))

        assert (same.token, same.refresh_token) == (first.token, first.refresh_token)
        assert fresh.token != first.token
        assert fresh.refresh_token != first.refresh_token
        assert gmail.grants.find(again.refresh_token)

    def test_a_person_reads_address_and_tokens_and_where_files_are(self, papers, gmail):
        made = papers.write_token(gmail.accounts.get(ANNA))
        said = greeting.for_people("http://127.0.0.1:8025", papers, [made], kept=False)

        assert said.startswith("Gmail on this machine listens at http://127.0.0.1:8025\n")
        for part in (ANNA, made.token, str(made.path), str(papers.credentials), "--data FOLDER keeps it"):
            assert part in said

    def test_the_shell_reads_the_environment(self, tmp_path, gmail):
        papers = Papers(tmp_path / "a folder's name", gmail, "http://127.0.0.1:8025")
        papers.write_environment()
        command = ["sh", "-c", '. "$1" && printf %s "$SSL_CERT_FILE"', "sh", str(papers.environment_file)]
        read = subprocess.run(command, capture_output=True, text=True, check=True, timeout=20)

        assert read.stdout == str(papers.certificate)


def test_a_folder_that_another_simulator_uses_is_refused_in_a_sentence(tmp_path):
    gmail = Gmail(tmp_path / "gmail.sqlite")

    command = [sys.executable, "-m", "addon.sandbox.gmail", "--port", "0", "--data", str(tmp_path)]
    refused = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
    gmail.close()

    assert (refused.returncode, refused.stderr.count("\n")) == (1, 1)
    assert "another simulator" in refused.stderr
