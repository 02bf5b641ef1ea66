"""Opens the house for one command: settings read, database at hand and of the right age."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import make_url
from sqlalchemy.exc import DBAPIError

from addon import migrations
from addon import settings as ground
from addon.app import House
from addon.cli.refusing import Refused, database_sentence
from addon.cli.words import say
from addon.domain.access.sessions import NotMigrated
from addon.domain.access.vault import NoKeys
from addon.settings import Settings


@contextmanager
def house(*, migrated: bool = True) -> Iterator[House]:
    """The house of the settings in the environment; `migrated` refuses a database without today's tables.

    Raises SettingsRefused, NoKeys, WrongKeys, NotMigrated, Refused.
    """
    settings = ground.load()
    if not settings.fernet_keys:
        raise NoKeys
    if migrated:
        _require_a_file(settings)
    opened = House.of(settings)
    try:
        if migrated:
            _require_todays_tables(opened)
            _ = opened.database.secret  # a wrong key is found out before anything is done
        yield opened
    except DBAPIError as trouble:
        sentence = database_sentence(trouble, shown_url(settings))
        if sentence is None:
            raise
        raise Refused(sentence) from trouble
    finally:
        opened.close()


def shown_url(settings: Settings) -> str:
    """The database's address, its password hidden."""
    return make_url(settings.database_url).render_as_string(hide_password=True)


def _require_a_file(settings: Settings) -> None:
    """SQLite would make an empty one, which somebody then takes for theirs."""
    url = make_url(settings.database_url)
    if url.get_backend_name() == "sqlite" and url.database and not Path(url.database).exists():
        raise NotMigrated


def _require_todays_tables(opened: House) -> None:
    found = migrations.current(opened.database.engine)
    if found is None:
        raise NotMigrated
    if found == migrations.newest():
        return
    raise Refused(say("cli.trouble.outdated" if migrations.is_known(found) else "cli.trouble.too_new"))
