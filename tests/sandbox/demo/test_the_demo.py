"""`python -m addon.sandbox` as people meet it: one process, one line, a second start that goes on, a clean end."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests
from click.testing import CliRunner
from sqlalchemy import select

from addon.domain.access import Database, Viewer
from addon.models import Team
from addon.sandbox import demo
from addon.sandbox.__main__ import main
from addon.sandbox.demo import Demo
from addon.sandbox.folder import Folder
from addon.sandbox.gmail import Gmail
from tests import databases

ROOT = Path(__file__).parents[3]


def _environment(**more: str) -> dict[str, str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("DEALTHREAD_")}
    return clean | {"PYTHONPATH": str(ROOT)} | more


def _command(*arguments: object) -> list[str]:
    return [sys.executable, "-W", "error", "-m", "addon.sandbox", *map(str, arguments)]


@pytest.fixture(autouse=True)
def _nobody_serves_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    """A demo in this process that should have been refused must not hold up the tests."""
    monkeypatch.setattr(Demo, "serve", lambda _self: None)


def refused(*arguments: object, **environment: str) -> str:
    """The one sentence that it ends with."""
    done = CliRunner().invoke(main, [*map(str, arguments)], env=environment)
    assert (done.exit_code, done.stdout) == (1, "")
    return done.stderr


@contextmanager
def running(data: Path, **environment: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A demo that runs, and the address that it says to open."""
    with subprocess.Popen(
        _command("--port", 0, "--data", data), env=_environment(**environment), stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            address = re.search(r"http://localhost:\d+/mail/", line)
            assert address is not None, line
            yield process, address[0]
        finally:
            process.kill()


def subjects(address: str) -> list[str]:
    """What stands in Anna's inbox, as a person would see it."""
    with requests.Session() as browser:
        page = browser.get(f"{address}who", timeout=20).text
        token = re.search(r'name="csrf-token" content="([^"]+)"', page)
        assert token is not None
        form = {"csrf_token": token[1], "email": "anna@halyard.example"}
        inbox = browser.post(f"{address}who", data=form, timeout=20).text
    return re.findall(r"<b>([^<]+)</b> · ", inbox)


def test_a_demo_starts_ends_within_five_seconds_and_goes_on_where_it_was(tmp_path: Path) -> None:
    data = tmp_path / "demo"
    begun = time.monotonic()
    with running(data) as (process, address):
        slow = time.monotonic() - begun
        first = subjects(address)
        assert "Wycena dla 40 stanowisk" in first
        assert requests.get(address.replace("/mail/", "/readyz"), timeout=20).text == "ready\n"
        told = time.monotonic()
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
        assert time.monotonic() - told < max(5, slow), "or, on a machine that is busy, no longer than it began"
        assert process.stdout is not None
        assert process.stdout.read() == "", "one line is all that it prints"
    keys = (data / "keys.json").read_bytes()

    with running(data) as (process, address):
        assert subjects(address) == first
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 0

    assert (data / "keys.json").read_bytes() == keys
    assert {oct((data / name).stat().st_mode & 0o777) for name in ("keys.json", "environment")} == {"0o600"}
    assert "rror" not in (data / "demo.log").read_text()


@contextmanager
def started(data: Path, database_url: str = "") -> Iterator[Demo]:
    """A demo in this process; nobody calls its pages."""
    folder = Folder.open(data, database_url)
    try:
        with demo.listen(0) as listening:
            here = demo.start(listening, folder)
            try:
                yield here
            finally:
                here.close()
    finally:
        folder.close()


def teams_of(here: Demo) -> list[str]:
    with here.house.database.reading(Viewer.operator(0)) as session:
        return list(session.scalars(select(Team.name)))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a demo that ran once; for copying."""
    data = tmp_path_factory.mktemp("made")
    with started(data):
        pass
    return data


def test_a_demo_runs_on_postgresql_and_a_second_start_goes_on(
    tmp_path: Path, postgres: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEALTHREAD_SECRET_KEYS", databases.KEY)
    databases.forget_rows(postgres)
    url = postgres.engine.url.render_as_string(hide_password=False)

    for _ in range(2):
        with started(tmp_path, url) as here:
            assert teams_of(here) == ["Halyard"]

    assert not (tmp_path / "dealthread.db").exists()


@pytest.mark.parametrize("same_keys", [True, False])
def test_another_folders_database_is_not_touched(made: Path, tmp_path: Path, same_keys: bool) -> None:
    theirs, mine = tmp_path / "theirs", tmp_path / "mine"
    shutil.copytree(made, theirs)
    if same_keys:
        mine.mkdir()
        shutil.copy(made / "keys.json", mine)

    said = refused("--port", 0, "--data", mine, DEALTHREAD_DATABASE_URL=f"sqlite:///{theirs / 'dealthread.db'}")

    assert said.startswith("The database belongs to another folder's demo.")
    with started(theirs) as here:
        assert teams_of(here) == ["Halyard"]


@pytest.mark.parametrize("lost", ["filled.txt", "dealthread.db", "mailboxes.db"])
def test_a_world_that_is_not_whole_is_made_anew(made: Path, tmp_path: Path, lost: str) -> None:
    data = tmp_path / "demo"
    shutil.copytree(made, data)
    (data / lost).unlink()

    with started(data) as here:
        assert teams_of(here) == ["Halyard"]

    gmail = Gmail(data / "mailboxes.db")
    assert gmail.accounts.get("anna@halyard.example").name == "Anna Kowalczyk"
    gmail.close()


def test_a_second_demo_in_the_same_folder_is_refused(tmp_path: Path) -> None:
    folder = Folder.open(tmp_path)
    try:
        said = refused("--port", 0, "--data", tmp_path)
    finally:
        folder.close()

    assert said == f"Another demo runs in {tmp_path}. End it, or name another folder with --data.\n"


def test_a_port_in_use_is_said_in_one_sentence_and_nothing_is_touched(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        said = refused("--port", port, "--data", tmp_path / "demo")

    assert said == f"Port {port} cannot be used (Address already in use). Name another with --port.\n"
    assert not (tmp_path / "demo").exists()


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [("DEALTHREAD_DATABASE_URL", "oracle://x", "must begin with"), ("DEALTHREAD_TICK_SECONDS", "soon", "TICK")],
)
def test_an_odd_setting_is_refused_in_words(tmp_path: Path, name: str, value: str, words: str) -> None:
    assert words in refused("--port", 0, "--data", tmp_path / "demo", **{name: value})


def test_a_database_that_does_not_answer_is_said(tmp_path: Path) -> None:
    nowhere = "postgresql://nobody@127.0.0.1:1/nothing"

    said = refused("--port", 0, "--data", tmp_path / "demo", DEALTHREAD_DATABASE_URL=nowhere)

    assert said.startswith("The database does not answer: ")


def test_a_folder_that_cannot_be_used_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")

    said = refused("--port", 0, "--data", tmp_path / "file" / "demo")

    assert said.startswith(f"The folder {tmp_path / 'file' / 'demo'} cannot be used:")


def test_damaged_keys_are_said_and_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "keys.json").write_text("{}")

    said = refused("--port", 0, "--data", tmp_path)

    assert said == f"{tmp_path / 'keys.json'} is damaged. Remove the folder {tmp_path} to begin anew.\n"
    assert (tmp_path / "keys.json").read_text() == "{}"
