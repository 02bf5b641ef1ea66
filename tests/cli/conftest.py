"""An installation of its own for each test, and a way to run commands in it."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from addon.cli import cli
from tests.databases import KEY


@dataclass
class Shell:
    """Runs `dealthread` in this process; `folder` is where its files lie."""

    folder: Path

    def live_in(self, patch: pytest.MonkeyPatch) -> None:
        """Give this process the shell's environment."""
        for name in [name for name in os.environ if name.startswith("DEALTHREAD_")]:
            patch.delenv(name)
        patch.setenv("DEALTHREAD_DATABASE_URL", f"sqlite:///{self.folder}/dealthread.db")
        patch.setenv("DEALTHREAD_SECRET_KEYS", KEY)
        patch.setenv("DEALTHREAD_GOOGLE_URL", "http://127.0.0.1:9")

    def __call__(self, *arguments: object, typed: str | None = None) -> Result:
        return CliRunner().invoke(cli, [str(part) for part in arguments], input=typed, prog_name="dealthread")

    def done(self, *arguments: object, typed: str | None = None) -> str:
        """What it answered; it must have gone well."""
        result = self(*arguments, typed=typed)
        assert result.exit_code == 0, result.output
        return result.stdout

    def json(self, *arguments: object) -> Any:
        """Its one JSON document, and nothing else on standard output."""
        return json.loads(self.done(*arguments, "--json"))

    def refused(self, *arguments: object, typed: str | None = None) -> str:
        """The sentence on standard error; nothing may stand on standard output, and no stack trace anywhere."""
        result = self(*arguments, typed=typed)
        assert result.exit_code == 1, result.output
        assert result.stdout == ""
        assert "Traceback" not in result.stderr
        return result.stderr.strip()

    def file(self, name: str, content: str | bytes) -> Path:
        path = self.folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    """Settings that name a SQLite file which does not exist yet, and a Google that does not answer."""
    shell = Shell(tmp_path)
    shell.live_in(monkeypatch)
    return shell


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database of an installation with a team and Ana, whose mailbox is connected; for copying."""
    folder = tmp_path_factory.mktemp("installed")
    shell = Shell(folder)
    with pytest.MonkeyPatch.context() as patch:
        shell.live_in(patch)
        set_up(shell)
    return folder / "dealthread.db"


@pytest.fixture
def office(shell: Shell, installed: Path) -> Shell:
    """Such an installation of one's own."""
    shutil.copy(installed, shell.folder / "dealthread.db")
    return shell


def set_up(shell: Shell) -> None:
    shell.done("migrate")
    shell.done("team", "add", "Halyard")
    shell.done("user", "add", "ana@halyard.example", "--team", "Halyard", "--role", "rep")
    shell.done("mailbox", "add", "ana@halyard.example", "--refresh-token-file", "-", typed="1//a-token\n")


@pytest.fixture
def create(office: Shell) -> Callable[..., list[object]]:
    """The arguments of `campaign create` for a list."""

    def arguments(csv: str | bytes, *, subject: str = "Hi", body: str = "Dear {{ first_name }}") -> list[object]:
        return [
            *("campaign", "create", "--mailbox", "ana@halyard.example", "--name", "Spring"),
            *("--subject-file", office.file("subject.txt", subject)),
            *("--body-file", office.file("body.txt", body)),
            *("--recipients", office.file("people.csv", csv)),
        ]

    return arguments
