"""One run's world: the house as an installation has it, on SQLite, beside a Gmail that does no work."""

from __future__ import annotations

import functools
import json
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet
from flask import Flask
from waitress import wasyncore
from waitress.server import create_server

from addon import settings
from addon.app import House, create_app
from addon.cli.running import THREADS
from addon.sandbox.gmail import Gmail
from addon.worker.attending import Attendant
from bench.measuring import Size, require
from bench.people import Team, team_at_work

PUBLIC_URL = "https://sales.example.com"
ACCOUNT = "addon@project.iam.gserviceaccount.com"
CLIENT = "client-1.apps.googleusercontent.com"
_UNHURRIED = 1_000_000_000
"""Units a minute: Gmail's pace is not what is measured."""


@dataclass(eq=False)
class World:
    folder: Path
    size: Size
    house: House
    team: Team
    signer: Gmail
    """Only its keys are used: it signs tokens as Google does."""
    gmail_url: str
    app_url: str
    """Ours, served as `dealthread serve` does."""
    bare_url: str
    """An empty Flask app with one JSON route, `/bare`, on a server of its own with the same settings."""

    def attendant(self) -> Attendant:
        """A worker that takes turns; it composes mails as the product does."""
        return Attendant(self.house.database, self.house.settings, self.house.google.accounts)


@contextmanager
def world(size: Size) -> Iterator[World]:
    """Everything up, and down again afterwards."""
    with _folder() as folder, _gmail(folder, size) as (signer, gmail_url):
        made = settings.load(
            database_url=f"sqlite:///{folder / 'dealthread.db'}",
            public_url=PUBLIC_URL,
            secret_keys=Fernet.generate_key().decode(),
            google_url=gmail_url,
            google_client_id=CLIENT,
            google_client_secret="secret",
            addon_service_account=ACCOUNT,
            pubsub_topic="",
            clock_file="",
            units_per_minute=_UNHURRIED,
            daily_cap=10_000,
        )
        house = House.of(made)
        try:
            house.migrate()
            team = team_at_work(house.database, others=size.others)
            with _served(create_app(house)) as app_url, _served(_bare_app()) as bare_url:
                yield World(folder, size, house, team, signer, gmail_url, app_url, bare_url)
        finally:
            house.close()


@contextmanager
def _folder() -> Iterator[Path]:
    """On a disk: /tmp is in memory on many machines, where a commit that is forced out costs nothing."""
    disk = "/var/tmp" if Path("/var/tmp").is_dir() else None
    with tempfile.TemporaryDirectory(prefix="dealthread-bench-", dir=disk) as folder:
        yield Path(folder)


@contextmanager
def _gmail(folder: Path, size: Size) -> Iterator[tuple[Gmail, str]]:
    signer = Gmail()
    certificates = folder / "certificates.json"
    certificates.write_text(json.dumps(signer.keys.certificates()))
    command = [sys.executable, "-m", "bench.zero_work_gmail", str(certificates), str(size.arrived)]
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parent.parent
    )
    with process:
        try:
            port = process.stdout.readline().strip() if process.stdout else ""
            require(port.isdecimal(), "The zero-work Gmail did not start.")
            yield signer, f"http://127.0.0.1:{port}"
        finally:
            process.kill()
            signer.close()


def _bare_app() -> Flask:
    bare = Flask("bare", static_folder=None)

    @bare.post("/bare")
    def answer() -> dict[str, Any]:
        return {}

    return bare


@contextmanager
def _served(app: Flask) -> Iterator[str]:
    sockets: dict[int, Any] = {}
    server: Any = create_server(app, map=sockets, host="127.0.0.1", port=0, threads=THREADS, ident="dealthread")
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}"
    finally:
        server.task_dispatcher.shutdown()
        server.trigger.pull_trigger(
            functools.partial(wasyncore.close_all, sockets)
        )  # its own thread closes what it waits for
        thread.join(5)
