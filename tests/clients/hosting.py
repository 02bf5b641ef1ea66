"""A client comes to visit: the simulator is started in a process of its own, and the client's errands are run on it."""

from __future__ import annotations

import base64
import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.clients import installing
from tests.clients.letters import letters

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
ME = "anna@halyard.example"
_PATIENCE = 180


@dataclass(frozen=True)
class Client:
    """Somebody else's program: how it is had, and how its errands are run."""

    name: str
    source: str
    install: Callable[[], None]
    command: tuple[str, ...]
    environment: Callable[[], dict[str, str]] = dict


CLIENTS = {
    client.name: client
    for client in (
        Client("simplegmail", "PyPI", installing.python, (str(installing.PYTHON), "simplegmail/errands.py")),
        Client("ezgmail", "PyPI", installing.python, (str(installing.PYTHON), "ezgmail/errands.py")),
        Client(
            "lieer",
            "PyPI, and notmuch from Debian",
            installing.lieer,
            (str(installing.PYTHON), "lieer/errands.py"),
            installing.lieer_environment,
        ),
        Client("googleapis", "npm: @googleapis/gmail", installing.node, ("node", "googleapis/errands.mjs")),
    )
}


@dataclass
class Visit:
    """What came of it: each step done and in what words, what was said besides, what the world outside received."""

    code: int
    steps: dict[str, str]
    said: str
    outside: dict[str, int] = field(default_factory=dict)
    calls: dict[str, int] = field(default_factory=dict)


def visit(client: Client) -> Visit:
    """Install a client, run its errands on a fresh simulator. Raises NotToBeHad where it cannot be installed."""
    client.install()
    with tempfile.TemporaryDirectory(prefix=f"visit-{client.name}-") as name, _simulator(Path(name) / "gmail") as host:
        folder = Path(name) / "home"
        folder.mkdir()
        script = shutil.copy(HERE / client.command[1], folder)
        [mailbox] = host["mailboxes"]
        shutil.copy(host["credentials"], folder / "credentials.json")
        shutil.copy(mailbox["file"], folder / "token.json")
        if client.command[0] == "node":
            (folder / "node_modules").symlink_to(installing.NODE_MODULES)
        ran = subprocess.run(
            [client.command[0], str(script), ME, host["address"], mailbox["token"]],
            cwd=folder,
            env=_surroundings(folder, host) | client.environment(),
            capture_output=True,
            text=True,
            timeout=_PATIENCE,
            check=False,
        )
        lines = [line[2:].partition(": ") for line in ran.stdout.splitlines() if line.startswith("- ")]
        steps = {step: what for step, _, what in lines}
        outside, calls = (_tell(host, "GET", f"/sandbox/{what}") for what in ("outside/counts", "calls"))
    return Visit(ran.returncode, steps, ran.stdout + ran.stderr, outside, calls)


def _surroundings(home: Path, host: dict[str, Any]) -> dict[str, str]:
    """Nothing of this process's own environment but where programs are; Google's names lead to the simulator."""
    browser = f"{shlex.quote(sys.executable)} {shlex.quote(str(HERE / 'consenting.py'))} %s &"
    own = {"PATH": os.environ.get("PATH", ""), "HOME": str(home), "LANG": "C.UTF-8", "BROWSER": browser}
    return own | host["environment"]


@contextmanager
def _simulator(data: Path) -> Iterator[dict[str, Any]]:
    command = [sys.executable, "-m", "addon.sandbox.gmail", "--port", "0", "--json", "--data", str(data)]
    process = subprocess.Popen([*command, "--mailbox", f"Anna <{ME}>"], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        host = json.loads(process.stdout.readline())
        for letter in letters(ME):
            _tell(host, "POST", "/sandbox/deliver", {"raw": base64.b64encode(letter).decode(), "to": ME})
        yield host
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=20)


def _tell(host: dict[str, Any], verb: str, path: str, values: Any = None) -> Any:
    connection = HTTPConnection(urlsplit(host["address"]).netloc, timeout=20)
    try:
        body = None if values is None else json.dumps(values)
        connection.request(verb, path, body, {"Content-Type": "application/json"})
        return json.load(connection.getresponse())
    finally:
        connection.close()
