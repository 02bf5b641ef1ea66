"""Anticipated trouble ends a command with a sentence and exit code 1; anything else is a bug and may crash."""

from __future__ import annotations

import errno
from typing import Any

import click
from sqlalchemy.exc import DBAPIError

from addon.cli.words import refusal, say
from addon.domain.access.sessions import NotMigrated
from addon.domain.access.vault import NoKeys, WrongKeys
from addon.domain.errors import DomainError
from addon.domain.tables import TableRefused
from addon.settings import SettingsRefused


class Refused(click.ClickException):
    """The command was understood and is not carried out."""

    def show(self, file: Any = None) -> None:
        click.echo(self.message, err=True)


class Refusing(click.Group):
    """Says in words what stands in the way of a command."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except Exception as trouble:
            sentence = _sentence(trouble)
            if sentence is None:
                raise
            raise Refused(sentence) from trouble


_KEYS: dict[type[Exception], str] = {
    NoKeys: "cli.trouble.no_keys",
    WrongKeys: "cli.trouble.wrong_keys",
    NotMigrated: "cli.trouble.not_migrated",
}

_DATABASE_SAYS = {
    "disk is full": "cli.trouble.disk_full",
    "no space left": "cli.trouble.disk_full",
    "readonly database": "cli.trouble.read_only",
    "is locked": "cli.trouble.busy",
    "no such table": "cli.trouble.not_migrated",
    "not a database": "cli.trouble.not_a_database",
}
_POSTGRES_STATES = {
    "53100": "cli.trouble.disk_full",
    "42P01": "cli.trouble.not_migrated",
    "25006": "cli.trouble.read_only",
    "55P03": "cli.trouble.busy",
}


def _sentence(trouble: Exception) -> str | None:
    """What to say; None for what nobody foresaw."""
    if isinstance(trouble, DomainError | TableRefused):
        return refusal(trouble)
    if isinstance(trouble, SettingsRefused):
        return "\n".join([say("cli.trouble.settings"), *(f"  {line}" for line in str(trouble).splitlines())])
    if isinstance(trouble, DBAPIError):
        return database_sentence(trouble)
    if isinstance(trouble, OSError) and trouble.errno in (errno.ENOSPC, errno.EDQUOT):
        return say("cli.trouble.disk_full")
    key = _KEYS.get(type(trouble))
    return say(key) if key else None


def database_sentence(trouble: DBAPIError, url: str = "") -> str | None:
    """What the database's own complaint means; None where it is about what we asked of it."""
    told = str(trouble.orig).strip()
    key = _POSTGRES_STATES.get(getattr(trouble.orig, "sqlstate", None) or "")
    key = key or next((key for sign, key in _DATABASE_SAYS.items() if sign in told.lower()), None)
    if key is not None:
        return say(key, url=url)
    if type(trouble).__name__ in ("OperationalError", "InterfaceError"):
        return say("cli.trouble.unreachable", url=url, reason=told.splitlines()[0] if told else "")
    return None
