"""`run.py` says clearly what it can do, what it cannot, and what to do then."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections import namedtuple
from pathlib import Path

import pytest

import run

ROOT = Path(run.HERE)


@pytest.fixture
def bare_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout in which nothing was installed yet, on a machine without uv."""
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "nothing"\nversion = "1"\n')
    for name, value in {
        "HERE": tmp_path,
        "VENV": tmp_path / ".venv",
        "PYTHON": tmp_path / ".venv/bin/python",
        "STAMP": tmp_path / ".venv/installed.json",
    }.items():
        monkeypatch.setattr(run, name, str(value))
    monkeypatch.setenv("PATH", "")
    return tmp_path


@pytest.mark.parametrize("ask", [[], ["--help"], ["-h"]])
def test_it_tells_what_there_is(ask: list[str], capsys: pytest.CaptureFixture[str]):
    assert run.main(ask) == 0

    told = capsys.readouterr().out
    assert all(f"run.py {command}" in told for command in ("demo", "test", "check", "bench"))


def test_a_mistyped_command_lists_the_right_ones(capsys: pytest.CaptureFixture[str]):
    assert run.main(["dmeo"]) == 2

    assert "demo, test, check, bench" in capsys.readouterr().out


def test_help_on_the_tests_installs_nothing(bare_folder: Path, capsys: pytest.CaptureFixture[str]):
    assert run.main(["test", "--help"]) == 0

    assert "--long" in capsys.readouterr().out
    assert not (bare_folder / ".venv").exists()


def test_an_old_python_is_named(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    version = namedtuple("version", "major minor micro")
    monkeypatch.setattr(run.sys, "version_info", version(3, 9, 2))

    assert run.main(["demo"]) == 1

    assert "needs Python 3.11" in capsys.readouterr().err


def test_a_python_without_venv_says_which_package_brings_it(
    bare_folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr(run.importlib.util, "find_spec", lambda name: None)

    assert run.main(["demo"]) == 1

    assert "apt install python3-venv" in capsys.readouterr().err


def test_a_folder_that_is_not_ours_is_named(
    bare_folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr(run.os, "access", lambda *_: False)

    assert run.main(["demo"]) == 1

    assert f"cannot write to {bare_folder}" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("complaint", "sentence"),
    [
        ("NewConnectionError: Failed to establish a new connection: [Errno -3]", "there is no network"),
        ("error: metadata-generation-failed", "metadata-generation-failed"),
    ],
)
def test_an_installation_that_fails_says_why(complaint: str, sentence: str):
    with pytest.raises(run.CannotGoOn, match=sentence):
        run.run_logged([sys.executable, "-c", f"import sys; sys.exit({complaint!r})"])


def test_what_is_installed_is_not_installed_again(bare_folder: Path, monkeypatch: pytest.MonkeyPatch):
    made: list[bool] = []

    def install(test_tools: bool) -> None:
        Path(run.PYTHON).parent.mkdir(parents=True, exist_ok=True)
        Path(run.PYTHON).touch()
        made.append(test_tools)

    monkeypatch.setattr(run, "install", install)

    for test_tools in (False, False, True, False, True):
        run.prepare(test_tools)
    assert made == [False, True], "the tools come with the first test; after that there is nothing to do"

    (bare_folder / "pyproject.toml").write_text('[project]\nname = "nothing"\nversion = "2"\n')
    run.prepare(test_tools=False)
    assert made == [False, True, False], "changed requirements are installed"


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine on which root has an `apt-get` that brings Chromium, and nothing else is on the PATH."""
    apt, chromium = tmp_path / "apt-get", tmp_path / "chromium"
    brings = f'printf "" > "{chromium}"; /bin/chmod 755 "{chromium}"'
    apt.write_text(f'#!/bin/sh\ncase "$*" in *chromium*) {brings};; esac\n')
    apt.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("CHROMIUM", "")
    monkeypatch.setattr(run.os, "geteuid", lambda: 0)
    monkeypatch.setattr(run, "PYTHON", str(tmp_path / "python"))
    monkeypatch.delenv("CI", raising=False)
    return tmp_path


def test_debians_chromium_is_installed_where_root_may(machine: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(run.platform, "freedesktop_os_release", lambda: {"ID": "debian"})

    run.find_chromium()

    assert os.environ["CHROMIUM"] == str(machine / "chromium")


def test_elsewhere_it_is_said_that_the_browser_tests_are_skipped(
    machine: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr(run.platform, "freedesktop_os_release", lambda: {"ID": "ubuntu"})

    run.find_chromium()

    assert "will be skipped" in capsys.readouterr().out
    assert not (machine / "chromium").exists()


def test_in_ci_playwrights_own_is_fetched_where_there_is_no_package(machine: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(run.platform, "freedesktop_os_release", lambda: {"ID": "ubuntu"})
    monkeypatch.setenv("CI", "true")
    fetched, python = machine / "fetched", machine / "python"
    python.write_text(f'#!/bin/sh\ncase "$*" in *install*) : > "{fetched}"; /bin/chmod 755 "{fetched}";; esac\n')
    with python.open("a") as script:
        script.write(f'case "$*" in *executable_path*) echo "{fetched}";; esac\n')
    python.chmod(0o755)

    run.find_chromium()

    assert os.environ["CHROMIUM"] == str(fetched)


def test_a_failed_step_is_told_and_the_next_one_runs(capfd: pytest.CaptureFixture[str]):
    assert not run.passes("types", [sys.executable, "-c", "raise SystemExit(3)"])
    assert run.passes("imports", [sys.executable, "-c", ""])

    told = capfd.readouterr().out
    assert "types: FAILED" in told
    assert "imports: ok" in told


def test_the_terminal_is_handed_to_the_command():
    program = (
        "import run, sys; run.become([sys.executable, '-c', 'import os; print(os.getpid()); raise SystemExit(7)'])"
    )
    child = subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    told, _ = child.communicate(timeout=30)

    assert int(told) == child.pid, "the same process, so every signal reaches it"
    assert child.returncode == 7


def test_a_check_that_is_told_to_stop_takes_its_step_along():
    step = "import os, time; print(os.getpid(), flush=True); time.sleep(60)"
    program = f"import run, sys; run.passes('tests', [sys.executable, '-c', {step!r}])"
    check = subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert check.stdout is not None
    with check.stdout:
        check.stdout.readline()
        step_pid = int(check.stdout.readline())
        check.send_signal(signal.SIGTERM)

        assert check.wait(timeout=30) != 0

    with pytest.raises(ProcessLookupError):
        os.kill(step_pid, 0)
