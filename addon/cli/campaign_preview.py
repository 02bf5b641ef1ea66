"""`campaign preview`: a person's real mail, as it will leave."""

from __future__ import annotations

import dataclasses
import json

import click
from sqlalchemy.orm import Session

from addon.cli import opening
from addon.cli.campaign_id import LARGEST, the_campaign
from addon.cli.refusing import Refused
from addon.cli.words import say
from addon.domain.access import doors
from addon.domain.campaigns import composing, queries
from addon.domain.campaigns.composing import Mail
from addon.domain.campaigns.queries import Line
from addon.domain.errors import NotFound


@click.command(help=say("cli.campaign.preview.help"))
@the_campaign
@click.option("--row", type=click.IntRange(1, LARGEST), metavar="N", help=say("cli.campaign.preview.row"))
@click.option("--json", "as_json", is_flag=True, help=say("cli.campaign.create.json"))
def preview(campaign_id: int, row: int | None, as_json: bool) -> None:
    with opening.house() as house:
        operator = doors.campaign_by_id(house.database, campaign_id)
        with house.database.reading(operator) as session:
            sender = queries.get(session, campaign_id).mailbox.email
            mail = _mail(session, campaign_id, row)
    if as_json:
        told = dataclasses.asdict(mail)
        del told["recipient_id"]  # a number of the database's, which means nothing outside
        click.echo(json.dumps({"campaign": campaign_id, "from": sender, **told}, indent=2))
        return
    to = f"{mail.to_name} <{mail.to}>" if mail.to_name else mail.to
    for key, value in (("row", mail.row), ("from", sender), ("to", to), ("subject", mail.subject)):
        click.echo(f"{say(f'cli.campaign.preview.{key}_line')} {value}")
    click.echo(f"\n{mail.body.rstrip()}\n\n-- \n{say('mail.unsubscribe')} {say('cli.campaign.preview.own_link')}")


def _mail(session: Session, campaign_id: int, row: int | None) -> Mail:
    """Raises Refused with the reason where that row gets none."""
    try:
        return composing.preview(session, campaign_id, row=row)
    except NotFound:
        if row is None:
            raise Refused(say("cli.campaign.preview.nobody")) from None
    line = next(iter(queries.skipped(session, campaign_id, after_row=row - 1, limit=1)), None)
    if line is None or line.row != row:
        raise Refused(say("cli.campaign.preview.no_row", row=row))
    raise Refused(f"{skipped_sentence(line)} {say('cli.campaign.preview.no_mail')}")


def skipped_sentence(line: Line) -> str:
    """Who gets no mail, and why."""
    reason = say(f"campaigns.skip.{line.skipped}", detail=line.skipped_detail)
    return say(
        "cli.campaign.create.skipped",
        row=line.row,
        email=line.email or say("cli.campaign.create.no_address"),
        reason=reason,
    )
