"""The demo's folder: keys made at the first start, the files of database and mailboxes, and what is already in place.

Whoever names another database gets other mailboxes, for the two belong together.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import secrets
from dataclasses import asdict, dataclass
from io import TextIOWrapper
from pathlib import Path

from cryptography.fernet import Fernet

import addon


class FolderRefused(Exception):
    """The folder cannot be used. The words stand in the catalogue under `sandbox.demo`."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code, self.params = code, params


@dataclass(frozen=True)
class Keys:
    """Secrets of this demo alone."""

    secret_key: str
    """Fernet: seals what the product keeps."""
    client_secret: str
    """Of the OAuth client that the product is, to the simulated Google."""
    inbox_secret: str
    """Signs the inbox page's cookie."""


def usual(*, own_mail: bool = False) -> Path:
    """`.demo` in the checkout; where Dealthread is installed, in the current folder. A person's own mail lies apart."""
    checkout = Path(addon.__file__).parent.parent
    beside = checkout if (checkout / "pyproject.toml").is_file() else Path.cwd()
    return beside / (".demo-mail" if own_mail else ".demo")


@dataclass(frozen=True)
class Folder:
    """Names within the folder. `database_url` empty means a SQLite file in it."""

    path: Path
    database_url: str = ""
    lock: TextIOWrapper | None = None
    """Held for as long as this demo runs."""

    @classmethod
    def open(cls, path: Path, database_url: str = "") -> Folder:
        """Make the folder where there is none, and hold it for one demo. Raises FolderRefused."""
        try:
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
            lock = (path / "lock").open("w")
        except OSError as trouble:
            raise FolderRefused("unusable", folder=path, why=trouble.strerror or trouble) from None
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock.close()
            raise FolderRefused("in_use", folder=path) from None
        return cls(path, database_url, lock)

    def close(self) -> None:
        """Let another demo have it."""
        if self.lock is not None:
            self.lock.close()

    @property
    def database(self) -> str:
        """The address of the product's database."""
        return self.database_url or f"sqlite:///{self.path / 'dealthread.db'}"

    @property
    def mailboxes(self) -> Path:
        """The simulated Gmail's file."""
        return self._belonging("mailboxes", "db")

    @property
    def mail(self) -> Path:
        """Which mail of a person's own is loaded here, and whose it is."""
        return self.path / "mail.json"

    @property
    def clock(self) -> Path:
        """The clock's file, which every process of the demo reads."""
        return self.path / "clock.json"

    @property
    def log(self) -> Path:
        return self.path / "demo.log"

    @property
    def environment(self) -> Path:
        """The settings of the running demo, for another process that joins in."""
        return self.path / "environment"

    @property
    def _filled(self) -> Path:
        return self._belonging("filled", "txt")

    def is_filled(self) -> bool:
        """Whether the world was put into these mailboxes and this database, to the end."""
        return self._filled.exists() and self.mailboxes.exists()

    def note_filled(self) -> None:
        self._filled.write_text("The demo's world is in place.\n")

    def begin_anew(self) -> None:
        """Forget the mailboxes, and the database where it is a file of this folder."""
        names = [self.mailboxes, self._filled]
        if not self.database_url:
            names.append(self.path / "dealthread.db")
        for name in names:
            for ending in ("", "-wal", "-shm"):
                name.with_name(name.name + ending).unlink(missing_ok=True)

    def keys(self) -> Keys:
        """The demo's secrets, made at the first start, readable by nobody else. Raises FolderRefused."""
        file = self.path / "keys.json"
        if not file.exists():
            made = Keys(Fernet.generate_key().decode(), secrets.token_urlsafe(32), secrets.token_urlsafe(32))
            write_private(file, json.dumps(asdict(made)))
        try:
            return Keys(**json.loads(file.read_text()))
        except (ValueError, TypeError):
            raise FolderRefused("damaged", folder=self.path, file=file) from None

    def _belonging(self, name: str, ending: str) -> Path:
        if not self.database_url:
            return self.path / f"{name}.{ending}"
        return self.path / f"{name}-{hashlib.sha256(self.database_url.encode()).hexdigest()[:10]}.{ending}"


def write_private(file: Path, text: str) -> None:
    """Write a file that only its owner may read, whole or not at all."""
    fresh = file.with_name(f"{file.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as target:
        target.write(text)
    fresh.replace(file)
