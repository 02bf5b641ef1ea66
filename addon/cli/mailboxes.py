"""`mailbox add` connects a Gmail account without a browser; `mailbox drafts` lists what faults left behind in one."""

from __future__ import annotations

import dataclasses
import json
from datetime import UTC, datetime
from typing import TextIO

import click

from addon import clock
from addon.app import House
from addon.cli import opening
from addon.cli.refusing import Refused
from addon.cli.words import say
from addon.domain.access import Viewer, doors
from addon.domain.access.doors import UnknownUser
from addon.domain.mailboxes import operations as mailboxes
from addon.domain.outgoing import sweeping
from addon.domain.ports.mailbox import AnswerLost, GrantLost, MailboxTrouble, RefusedForNow, TokenRefused

OUR_FAULT = frozenset({"invalid_client", "invalid_request", "unsupported_grant_type", "refused"})
"""OAuth's words for a request that no token would have helped."""


@click.group(help=say("cli.mailbox.help"))
def mailbox() -> None:
    pass


@mailbox.command("add", help=say("cli.mailbox.add.help"))
@click.argument("email")
@click.option(
    "--refresh-token-file",
    "token_file",
    required=True,
    type=click.File("r", encoding="utf-8"),
    metavar="FILE",
    help=say("cli.mailbox.add.token"),
)
@click.option("--owner", metavar="USER", help=say("cli.mailbox.add.owner"))
def add(email: str, token_file: TextIO, owner: str | None) -> None:
    email, owner = email.strip().lower(), (owner or email).strip().lower()
    token = token_file.read().strip()
    if not token or not token.isascii():
        raise Refused(say("cli.mailbox.add.no_token"))
    with opening.house() as house:
        viewer = _owner(house, owner)
        assert viewer.user_id is not None
        _check(house, email, token)
        with house.database.writing(viewer) as session:
            mailboxes.connect(
                session, owner_id=viewer.user_id, email=email, refresh_token=token, scopes="", at=clock.now()
            )
    click.echo(say("cli.mailbox.add.done", email=email, owner=owner))


@mailbox.command("drafts", help=say("cli.mailbox.drafts.help"))
@click.argument("email")
@click.option("--json", "as_json", is_flag=True, help=say("cli.mailbox.drafts.json"))
def drafts(email: str, as_json: bool) -> None:
    with opening.house() as house:
        machine = doors.mailbox_by_address(house.database, email)
        assert machine.mailbox_id is not None
        with house.database.reading(machine) as session:
            found = sweeping.left_behind(session, machine.mailbox_id)
    if as_json:
        click.echo(json.dumps([dataclasses.asdict(draft) for draft in found], indent=2))
        return
    for draft in found:
        since = datetime.fromtimestamp(draft.since, UTC).isoformat(timespec="seconds")
        ours = say("cli.mailbox.drafts.ours" if draft.marked else "cli.mailbox.drafts.unmarked")
        click.echo("  ".join((draft.email, since, ours)))
    if not found:
        click.echo(say("cli.mailbox.drafts.none", email=email))


def _owner(house: House, email: str) -> Viewer:
    try:
        return doors.user_by_address(house.database, email)
    except UnknownUser:
        raise Refused(say("cli.mailbox.add.no_owner", email=email)) from None


def _check(house: House, email: str, token: str) -> None:
    """The token opens this mailbox and no other. Where Google cannot be reached, say that nobody looked."""
    try:
        found = _opened_by(house, token)
    except (AnswerLost, RefusedForNow) as trouble:
        if trouble.code in OUR_FAULT:
            raise Refused(say("cli.mailbox.add.misconfigured", code=trouble.code)) from None
        click.echo(say("cli.mailbox.add.unverified", email=email), err=True)
        return
    except (GrantLost, TokenRefused) as refused:
        raise Refused(say("cli.mailbox.add.refused", code=refused.code)) from None
    except MailboxTrouble as trouble:
        raise Refused(say("cli.mailbox.add.misconfigured", code=trouble.code)) from None
    if found != email:
        raise Refused(say("cli.mailbox.add.other_account", found=found, email=email))


def _opened_by(house: House, token: str) -> str:
    """The address that Gmail says the token is for."""
    access = house.google.accounts.refresh(token)
    opened = house.google.accounts.mailbox(access.token)
    try:
        return opened.profile().email.lower()
    finally:
        opened.close()
