"""Fetching other people's programs into the folder .clients, each kind into a place of its own, once.

Nothing is installed into the system: what Debian packages (notmuch) is unpacked below .clients, too.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

HERE = Path(__file__).parent
PLACE = HERE.parents[1] / ".clients"
PYTHON = PLACE / "python" / "bin" / "python"
NODE_MODULES = PLACE / "node" / "node_modules"
NOTMUCH = PLACE / "notmuch"
LIEER = "lieer==1.6"

_REQUIREMENTS = HERE / "requirements.txt"
_NODE = HERE / "googleapis"
_OLDEST_NODE = 18
_FORGETS_AFTER = 300
"""Seconds after which what could not be had is asked for again."""
_IMPATIENT = ("--fetch-retries=1", "--fetch-timeout=20000")


class NotToBeHad(Exception):
    """A program cannot be fetched here; the text says what is missing."""


def python() -> None:
    """A Python environment with simplegmail and EZGmail."""
    _once("python", _REQUIREMENTS.read_bytes() + sys.version.encode(), _make_python)


def lieer() -> None:
    """lieer in the same environment, and notmuch with its Python module beside it."""
    python()
    _once("notmuch", LIEER.encode() + str(_stamp("python").stat().st_mtime_ns).encode(), _make_lieer)


def node() -> None:
    """@googleapis/gmail, exactly as package-lock.json has it."""
    if not shutil.which("node") or not shutil.which("npm"):
        raise NotToBeHad("node and npm are not on this machine")
    version = _run("node", "--version").lstrip("v")
    if int(version.partition(".")[0]) < _OLDEST_NODE:
        raise NotToBeHad(f"node {version.strip()} is too old, it takes {_OLDEST_NODE}")
    _once("node", (_NODE / "package-lock.json").read_bytes(), _make_node)


def lieer_environment() -> dict[str, str]:
    """The variables under which lieer finds notmuch."""
    root = NOTMUCH / "root" / "usr"
    libraries = [str(found.parent) for found in root.glob("lib/*/libnotmuch.so.*")]
    found = {"PYTHONPATH": str(NOTMUCH / "modules"), "LD_LIBRARY_PATH": os.pathsep.join(sorted(set(libraries)))}
    return {**found, "PATH": os.pathsep.join((str(PYTHON.parent), str(root / "bin"), os.environ.get("PATH", "")))}


def _make_python(folder: Path) -> None:
    _run(sys.executable, "-m", "venv", "--without-pip", str(folder))  # ours installs into it: a pip of its own is slow
    _pip("install", "-r", str(_REQUIREMENTS))


def _make_lieer(folder: Path) -> None:
    _pip("install", "--no-deps", LIEER)  # it asks for notmuch2, which comes with notmuch itself
    folder.mkdir()
    if not shutil.which("apt-get") or not shutil.which("dpkg-deb"):
        raise NotToBeHad("lieer needs notmuch and its Python module, and there is no apt-get here to fetch them with")
    planned = _run("apt-get", "install", "--simulate", "--no-install-recommends", "notmuch", "python3-notmuch2")
    missing = re.findall(r"^Inst (\S+)", planned, re.MULTILINE)
    if missing:
        _run("apt-get", "download", *missing, folder=folder)
    for package in folder.glob("*.deb"):
        _run("dpkg-deb", "--extract", str(package), str(folder / "root"))
    for place in (folder / "root", Path("/")):
        module = place / "usr/lib/python3/dist-packages/notmuch2"
        if module.is_dir():
            shutil.copytree(module, folder / "modules" / "notmuch2")
            return
    raise NotToBeHad("the Debian package python3-notmuch2 holds no module notmuch2")


def _make_node(folder: Path) -> None:
    folder.mkdir()
    for name in ("package.json", "package-lock.json"):
        shutil.copy(_NODE / name, folder)
    _run("npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts", *_IMPATIENT, folder=folder)


def _pip(*arguments: str) -> None:
    pip = (sys.executable, "-m", "pip", "--python", str(PYTHON), "--disable-pip-version-check", "--no-input", "--quiet")
    _run(*pip, *arguments, "--no-compile", "--retries=1", "--timeout=20")


def _once(name: str, contents: bytes, make: Callable[[Path], None]) -> None:
    """Make a folder unless it was made of the same contents before; two at once make it once."""
    wanted = hashlib.sha256(contents).hexdigest()
    with _one_at_a_time(name):
        stamp = _stamp(name)
        if stamp.is_file() and stamp.read_text() == wanted:
            return
        _refuse_what_was_just_missed(name)
        stamp.unlink(missing_ok=True)
        shutil.rmtree(PLACE / name, ignore_errors=True)
        try:
            make(PLACE / name)
        except NotToBeHad as reason:
            _missed(name).write_text(str(reason))
            raise
        stamp.write_text(wanted)


def _refuse_what_was_just_missed(name: str) -> None:
    """Where the network swallows what is asked, each attempt takes minutes: one a run is enough."""
    with suppress(OSError):
        if time.time() - _missed(name).stat().st_mtime < _FORGETS_AFTER:
            raise NotToBeHad(_missed(name).read_text())


def _stamp(name: str) -> Path:
    return PLACE / f"{name}.made"


def _missed(name: str) -> Path:
    """Why it could not be had the last time."""
    return PLACE / f"{name}.missed"


@contextmanager
def _one_at_a_time(name: str) -> Iterator[None]:
    PLACE.mkdir(exist_ok=True)
    with (PLACE / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _run(*command: str, folder: Path | None = None) -> str:
    try:
        ran = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=150, check=False)
    except (OSError, subprocess.TimeoutExpired) as trouble:
        raise NotToBeHad(f"{' '.join(command)}: {trouble}") from None
    if ran.returncode:
        lines = [line for line in (ran.stderr + ran.stdout).splitlines() if line.strip() and "complete log" not in line]
        said = lines[-1] if lines else "no word why"
        raise NotToBeHad(f"{Path(command[0]).name} {' '.join(command[1:4])} ... failed: {said}")
    return ran.stdout
