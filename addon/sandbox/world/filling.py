"""Writes the world into the product's database, through the same rooms that people use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from addon.domain.access import Database, Viewer
from addon.domain.contacts import operations as contacts
from addon.domain.contacts import queries as known
from addon.domain.deals import operations as deals
from addon.domain.deals.draft import DealDraft
from addon.domain.errors import NotFound
from addon.domain.ladder import operations as ladder
from addon.domain.mailboxes import operations as mailboxes
from addon.domain.money import Money
from addon.domain.pipelines import operations as pipelines
from addon.domain.pipelines.operations import StageDraft
from addon.domain.rules import operations as rules
from addon.domain.rules.matching import Conditions
from addon.domain.teams import operations as teams
from addon.domain.teams import queries as team_queries
from addon.domain.threads import operations as threads
from addon.domain.verdicts import Kind
from addon.models import Contact, Deal, EvidenceKind, LinkedHow, Mailbox, Pipeline, Role, StageKind
from addon.sandbox.world.data import World
from addon.sandbox.world.post import Kept

NOBODY_YET = Viewer.operator(0)
"""Whoever makes a team has none."""


def exists(database: Database, name: str) -> bool:
    """Whether this database holds a team of this name."""
    with database.reading(NOBODY_YET) as session:
        try:
            team_queries.team_by_name(session, name)
        except NotFound:
            return False
    return True


def fill(database: Database, world: World, grants: Mapping[str, str], scopes: str, post: Sequence[Kept]) -> None:
    """Make the team and all it has. `grants`: a refresh token of each rep's mailbox, by address."""
    with database.writing(NOBODY_YET) as session:
        team = teams.create_team(
            session,
            world.team["name"],
            at=world.days_ago(200),
            currency=world.team["currency"],
            zone=world.team["zone"],
        )
    with database.writing(Viewer.operator(team.id)) as session:
        viewers = _people_of_the_team(session, world)
        ladders = {pipeline["key"]: _pipeline(session, pipeline, world) for pipeline in world.pipelines}
        for rule in world.rules:
            _rule(session, ladders[rule["pipeline"]], rule, world)
    made: dict[str, int] = {}
    for rep in world.reps:
        with database.writing(viewers[rep.key]) as session:
            mailbox = mailboxes.connect(
                session,
                owner_id=viewers[rep.key].user_id or 0,
                email=rep.email,
                refresh_token=grants[rep.email],
                scopes=scopes,
                at=world.days_ago(100),
            )
            _contacts(session, world, rep.key)
            made |= _deals(session, world, rep.key, ladders)
            _links(session, mailbox, [kept for kept in post if kept.mailbox == rep.email and kept.deal], made, world)


def _people_of_the_team(session: Session, world: World) -> dict[str, Viewer]:
    at = world.days_ago(200)
    return {
        rep.key: Viewer.of(teams.add_user(session, rep.email, role=Role(rep.role), name=rep.name, at=at))
        for rep in world.reps
    }


def _pipeline(session: Session, wanted: Mapping[str, Any], world: World) -> dict[str, int]:
    """The ids of a new pipeline and its stages; the pipeline's own under an empty name."""
    stages = [
        StageDraft(name, percent, days or None, StageKind(kind)) for name, percent, days, kind in wanted["stages"]
    ]
    pipeline: Pipeline = pipelines.create(
        session, wanted["name"], stages, at=world.days_ago(199), currency=world.team["currency"]
    )
    return {"": pipeline.id, **{stage.name: stage.id for stage in pipeline.stages}}


def _rule(session: Session, ladder_ids: Mapping[str, int], wanted: Mapping[str, Any], world: World) -> None:
    rules.create_rule(
        session,
        ladder_ids[""],
        wanted["name"],
        from_stage_id=ladder_ids[wanted["from"]],
        to_stage_id=ladder_ids[wanted["to"]],
        conditions=Conditions(
            kinds=frozenset({Kind.HUMAN}),
            said=frozenset(wanted.get("said", ())),
            not_said=frozenset(wanted.get("not_said", ())),
            answer=True,
        ),
        evidence_kinds=[EvidenceKind.SENTENCE],
        at=world.days_ago(198),
    )


def _contacts(session: Session, world: World, owner: str) -> None:
    for person in world.people:
        if person["owner"] == owner:
            at = world.days_ago(125)
            contacts.create(
                session,
                person["email"],
                name=person["name"],
                title=person["title"],
                locale=person["locale"],
                company=contacts.company_named(session, person["company"], at=at),
                at=at,
            )


def _deals(session: Session, world: World, owner: str, ladders: Mapping[str, Mapping[str, int]]) -> dict[str, int]:
    return {
        wanted["key"]: _deal(session, world, wanted, ladders[wanted.get("pipeline", "outbound")]).id
        for wanted in world.deals
        if wanted["owner"] == owner
    }


def _deal(session: Session, world: World, wanted: Mapping[str, Any], stages: Mapping[str, int]) -> Deal:
    person = _known(session, wanted["with"])
    amount, currency = wanted["value"].split()
    step, due = wanted.get("next", ("", None))
    user = team_queries.me(session)
    opened = world.days_ago(wanted["age"])
    draft = DealDraft(
        title=wanted["title"],
        owner_id=user.id,
        contact_id=person.id,
        company_id=person.company_id,
        value=Money(Decimal(amount), currency),
        product=wanted["product"],
        channel=wanted.get("channel", ""),
        expected_close=world.day_in(wanted.get("close")),
        next_step=step,
        next_step_on=world.day_in(due),
    )
    deal = ladder.open_deal(session, draft, at=opened, pipeline_id=stages[""])
    for stage, at in _way(wanted, stages, opened, world.days_ago(wanted["here"])):
        ladder.move(session, deal.id, stages[stage], seen=None, at=at)
    for email in wanted.get("also", ()):
        deals.add_person(session, deal.id, _known(session, email), at=world.days_ago(wanted["here"]))
    return deal


def _way(
    wanted: Mapping[str, Any], stages: Mapping[str, int], opened: datetime, entered: datetime
) -> list[tuple[str, datetime]]:
    """Every stage that a deal entered after its first, up to where it stands, at even distances."""
    names = [name for name in stages if name]
    target = names.index(wanted["stage"])
    closed = target >= len(names) - 2
    passed = names[1 : len(names) - 2 if closed else target]
    between = (entered - opened) / (len(passed) + 1)
    way = [(name, opened + between * number) for number, name in enumerate(passed, 1)]
    if target:
        way.append((wanted["stage"], max(entered, opened + timedelta(minutes=1))))
    return way


def _links(session: Session, mailbox: Mailbox, post: Sequence[Kept], made: Mapping[str, int], world: World) -> None:
    for kept in post:
        at = world.days_ago(3)
        thread = threads.ensure_thread(session, mailbox.id, kept.thread_id, at=at)
        threads.link(session, thread, made[kept.deal], how=LinkedHow.EXPLICIT, at=at)


def _known(session: Session, email: str) -> Contact:
    found = known.by_email(session, email)
    if found is None:
        raise NotFound(what="contact", given=email)
    return found
