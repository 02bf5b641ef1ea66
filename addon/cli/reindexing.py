"""`reindex`: puts the index of the search box right, beside everything that is at work."""

from __future__ import annotations

import click

from addon.cli import opening
from addon.cli.words import say
from addon.worker.indexing import Indexer


@click.command(help=say("cli.reindex.help"))
def reindex() -> None:
    with opening.house() as house:
        indexer = Indexer(house.database)
        seen = sum(indexer.renew(team_id) for team_id in indexer.teams())
    click.echo(say("cli.reindex.done", n=seen))
