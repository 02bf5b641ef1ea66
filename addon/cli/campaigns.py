"""`campaign`: `create`, `send` and `status` are here, the other commands beside."""

from __future__ import annotations

import dataclasses
import functools
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from addon import clock
from addon.cli import campaign_stops, opening
from addon.cli.campaign_id import the_campaign
from addon.cli.campaign_preview import preview, skipped_sentence
from addon.cli.refusing import Refused
from addon.cli.words import problem, say
from addon.domain import tables
from addon.domain.access import Viewer, doors
from addon.domain.campaigns import audience, importing, queries
from addon.domain.campaigns.importing import Draft
from addon.domain.campaigns.queries import Line, Progress
from addon.domain.tables import Table

as_json = click.option("--json", "as_json", is_flag=True, help=say("cli.campaign.create.json"))
a_file = functools.partial(
    click.option, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE"
)


@click.group(help=say("cli.campaign.help"))
def campaign() -> None:
    pass


for command in (preview, campaign_stops.pause, campaign_stops.resume, campaign_stops.cancel):
    campaign.add_command(command)


@campaign.command(help=say("cli.campaign.create.help"))
@click.option("--mailbox", required=True, metavar="EMAIL", help=say("cli.campaign.create.mailbox"))
@click.option("--name", required=True, help=say("cli.campaign.create.name"))
@a_file("--subject-file", help=say("cli.campaign.create.subject"))
@a_file("--body-file", help=say("cli.campaign.create.body"))
@a_file("--recipients", help=say("cli.campaign.create.recipients"))
@as_json
def create(mailbox: str, name: str, subject_file: Path, body_file: Path, recipients: Path, as_json: bool) -> None:
    subject, body = _text(subject_file).strip(), _text(body_file)
    table = tables.read(recipients.read_bytes(), recipients.name)
    with opening.house() as house:
        sender = doors.mailbox_by_address(house.database, mailbox)
        assert sender.mailbox_id is not None
        operator = Viewer.operator(sender.team_id)
        _hint(subject, body, table)
        campaign_id = importing.create_campaign(
            functools.partial(house.database.writing, operator),
            Draft(mailbox_id=sender.mailbox_id, name=name, subject=subject, body=body, table=table),
            at=clock.now(),
        )
        with house.database.reading(operator) as session:
            progress = queries.progress(session, campaign_id)
            skipped = queries.skipped(session, campaign_id)
    if as_json:
        _print_json(
            {
                "campaign": campaign_id,
                "recipients": progress.recipients,
                "skipped": [{"row": line.row, "email": line.email, "reason": line.skipped} for line in skipped],
            }
        )
    else:
        _say_created(campaign_id, progress, skipped)


@campaign.command(help=say("cli.campaign.send.help"))
@the_campaign
def send(campaign_id: int) -> None:
    with opening.house() as house:
        operator = doors.campaign_by_id(house.database, campaign_id)
        writing = functools.partial(house.database.writing, operator)
        begun = importing.launch_campaign(writing, campaign_id, at=clock.now())
        with house.database.reading(operator) as session:
            progress = queries.progress(session, campaign_id)
    if begun:
        click.echo(say("cli.campaign.send.done", n=progress.pending))
    else:
        click.echo(say("cli.campaign.send.again", state=progress.state))


@campaign.command(help=say("cli.campaign.status.help"))
@the_campaign
@click.option("--recipients", is_flag=True, help=say("cli.campaign.status.recipients"))
@as_json
def status(campaign_id: int, recipients: bool, as_json: bool) -> None:
    with opening.house() as house:
        operator = doors.campaign_by_id(house.database, campaign_id)
        with house.database.reading(operator) as session:
            progress = queries.progress(session, campaign_id)
            lines = queries.recipients(session, campaign_id) if recipients else []
    told: dict[str, Any] = dataclasses.asdict(progress)
    del told["recipients"]  # a number there; the name is the list's here
    people = [{"email": line.email, "state": _state(line), "message_id": line.message_id} for line in lines]
    if as_json:
        _print_json({**told, "recipients": people} if recipients else told)
        return
    for name, value in told.items():
        click.echo(f"{name}: {value}")
    for person in people:
        click.echo("  ".join(filter(None, person.values())))


def _text(file: Path) -> str:
    try:
        return file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused(say("cli.campaign.create.not_text", file=file)) from None


def _hint(subject: str, body: str, table: Table) -> None:
    """What the campaign can be made with, but perhaps not as meant."""
    if table.guessed:
        click.echo(say("cli.campaign.create.guessed", encoding=table.encoding), err=True)
    for found in audience.check_texts(subject, body, audience.fields_of(table)):
        if not found.problem.blocking:
            click.echo(problem(found), err=True)


def _say_created(campaign_id: int, progress: Progress, skipped: Sequence[Line]) -> None:
    click.echo(say("cli.campaign.create.done", id=campaign_id, n=progress.recipients, skipped=progress.skipped))
    for line in skipped:
        click.echo(f"  {skipped_sentence(line)}")
    if progress.recipients:
        click.echo(say("cli.campaign.create.then", id=campaign_id))


def _state(line: Line) -> str:
    """Of the mail; before the launch it is the campaign's."""
    return line.state or "draft"


def _print_json(document: dict[str, Any]) -> None:
    click.echo(json.dumps(document, indent=2))
