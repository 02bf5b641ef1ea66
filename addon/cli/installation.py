"""`migrate`, `settings`, `manifest`: what an installation consists of."""

from __future__ import annotations

import json

import click
from pydantic import SecretStr

from addon import migrations
from addon import settings as ground
from addon.cli import opening
from addon.cli.words import say
from addon.settings import Settings
from addon.sidebar.deployment import deployment


@click.command(help=say("cli.migrate.help"))
def migrate() -> None:
    with opening.house(migrated=False) as house:
        house.migrate()
        _ = house.database.secret
    click.echo(say("cli.migrate.done", revision=migrations.newest()))


@click.command(help=say("cli.settings.help"))
def settings() -> None:
    loaded = ground.load()
    for name, field in Settings.model_fields.items():
        click.echo(f"DEALTHREAD_{name.upper()} = {_shown(loaded, name)}")
        click.echo(f"    {field.description}")


@click.command(help=say("cli.manifest.help"))
@click.option("--public-url", required=True, metavar="URL", help=say("cli.manifest.public_url"))
def manifest(public_url: str) -> None:
    click.echo(json.dumps(deployment(public_url), indent=2))


def _shown(loaded: Settings, name: str) -> str:
    value = getattr(loaded, name)
    if isinstance(value, SecretStr):
        return say("cli.settings.secret") if value.get_secret_value() else say("cli.settings.none")
    if name == "database_url":
        return opening.shown_url(loaded)
    return say("cli.settings.none") if value == "" else str(value)
