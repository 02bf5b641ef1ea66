"""`team add`, `user add`."""

from __future__ import annotations

from contextlib import suppress

import click
from sqlalchemy.orm import Session

from addon import clock
from addon.cli import opening
from addon.cli.words import say
from addon.domain.access import Database, Viewer
from addon.domain.pipelines import operations as pipelines
from addon.domain.pipelines import queries as pipeline_queries
from addon.domain.pipelines.operations import StageDraft
from addon.domain.pipelines.templates import FRESH
from addon.domain.rules import operations as rules
from addon.domain.teams import operations as teams
from addon.domain.teams import queries as team_queries
from addon.domain.teams.operations import TeamExists
from addon.models import Role

NO_TEAM_YET = Viewer.operator(0)
"""Sees no team's rows: enough to find a team by its name, or to make one."""


@click.group(help=say("cli.team.help"))
def team() -> None:
    pass


@team.command("add", help=say("cli.team.add.help"))
@click.argument("name")
def add_team(name: str) -> None:
    with opening.house() as house:
        _make_team(house.database, name)
    click.echo(say("cli.team.add.done", name=name.strip()))


@click.group(help=say("cli.user.help"))
def user() -> None:
    pass


@user.command("add", help=say("cli.user.add.help"))
@click.argument("email")
@click.option("--team", "team_name", required=True, metavar="NAME", help=say("cli.user.add.team"))
@click.option("--role", required=True, type=click.Choice([role.value for role in Role]), help=say("cli.user.add.role"))
def add_user(email: str, team_name: str, role: str) -> None:
    with opening.house() as house:
        with house.database.reading(NO_TEAM_YET) as session:
            operator = Viewer.operator(team_queries.team_by_name(session, team_name).id)
        with house.database.writing(operator) as session:
            added = teams.add_user(session, email, role=Role(role), at=clock.now())
            email = added.email
    click.echo(say("cli.user.add.done", email=email, team=team_name, role=role))


def _make_team(database: Database, name: str) -> None:
    """A team and what it begins with. Where an earlier run was interrupted between the two, the rest is made."""
    exists: TeamExists | None = None
    try:
        with database.writing(NO_TEAM_YET) as session:
            teams.create_team(session, name, at=clock.now())
    except TeamExists as refused:
        exists = refused
    with database.reading(NO_TEAM_YET) as session:
        operator = Viewer.operator(team_queries.team_by_name(session, name).id)
    with database.writing(operator) as session:
        with suppress(pipeline_queries.NoPipeline):
            pipeline_queries.first(session)
            if exists is not None:
                raise exists
            return
        _furnish(session)


def _furnish(session: Session) -> None:
    """The first pipeline and its standard rule."""
    stages = [
        StageDraft(say(f"stages.{stage.key}"), stage.probability, stage.age_limit_days, stage.kind) for stage in FRESH
    ]
    pipeline = pipelines.create(session, say("pipelines.first_name"), stages, at=clock.now())
    rules.create_standard_rule(session, pipeline.id, say("rules.standard_name"), at=clock.now())
