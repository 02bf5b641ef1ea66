"""`campaign pause | resume | cancel`: each says what it did, and how many mails are out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import click
from sqlalchemy.orm import Session

from addon import clock
from addon.cli import opening
from addon.cli.campaign_id import the_campaign
from addon.cli.words import say
from addon.domain.access import doors
from addon.domain.campaigns import operations, queries
from addon.models import Activity

Act = Callable[[Session, int, datetime], Activity | None]


@click.command(help=say("cli.campaign.pause.help"))
@the_campaign
def pause(campaign_id: int) -> None:
    _carry_out(campaign_id, "pause", lambda session, number, at: operations.pause(session, number, at=at))


@click.command(help=say("cli.campaign.resume.help"))
@the_campaign
def resume(campaign_id: int) -> None:
    _carry_out(campaign_id, "resume", lambda session, number, at: operations.resume(session, number, at=at))


@click.command(help=say("cli.campaign.cancel.help"))
@the_campaign
def cancel(campaign_id: int) -> None:
    _carry_out(campaign_id, "cancel", lambda session, number, at: operations.cancel(session, number, at=at))


def _carry_out(campaign_id: int, name: str, act: Act) -> None:
    """A second time changes nothing and says so; refusals are the domain's own."""
    with opening.house() as house:
        operator = doors.campaign_by_id(house.database, campaign_id)
        with house.database.writing(operator) as session:
            done = act(session, campaign_id, clock.now())
        with house.database.reading(operator) as session:
            progress = queries.progress(session, campaign_id)
    key = "done" if done is not None else "again"
    click.echo(say(f"cli.campaign.{name}.{key}", sent=progress.sent, pending=progress.pending))
