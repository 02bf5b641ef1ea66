"""Acts that the list of law 1 does not hold, each on its own: stages, choices, addresses, members."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from addon.domain.contacts import addressing, companies
from addon.domain.deals import playbook
from addon.domain.fields import operations as fields
from addon.domain.fields import options
from addon.domain.ladder import operations as ladder
from addon.domain.ladder import removing, twins
from addon.domain.pipelines import members, shaping
from addon.domain.pipelines.operations import StageDraft
from addon.domain.undoing import operations as undoing
from addon.domain.views import operations as views
from addon.models import Activity, Company, Contact, Deal, Field, FieldOption, Stage, Subject, View
from tests.domain.team_at_work import BEN, MONDAY, TeamAtWork

LATER = MONDAY + timedelta(hours=1)
Act = Callable[[Session, TeamAtWork], Any]


def first(session: Session, model: Any, *where: Any) -> int:
    """The id of the oldest."""
    found: int = session.scalars(select(model.id).where(*where).order_by(model.id)).first()
    return found


def _stages(session: Session, team: TeamAtWork) -> list[int]:
    query = select(Stage.id).where(Stage.pipeline_id == team.pipeline_id, Stage.archived_at.is_(None))
    return list(session.scalars(query.order_by(Stage.position)))


def _turned(ids: Sequence[int]) -> list[int]:
    return [*ids[1::-1], *ids[2:]]


def stages(session: Session, team: TeamAtWork) -> None:
    shaping.add_stage(session, team.pipeline_id, StageDraft("Extra", 5), at=MONDAY)
    shaping.edit_stage(session, team.stages["Offer"], {"probability": 42, "checklist": ["Call"]}, at=MONDAY)
    shaping.reorder_stages(session, team.pipeline_id, _turned(_stages(session, team)), at=MONDAY)


def stage_goes(session: Session, team: TeamAtWork) -> None:
    made = shaping.add_stage(session, team.pipeline_id, StageDraft("Extra", 5), at=MONDAY)
    removing.remove_stage(session, made.id, at=MONDAY)


def stage_comes_back(session: Session, team: TeamAtWork) -> None:
    made = shaping.add_stage(session, team.pipeline_id, StageDraft("Extra", 5), at=MONDAY)
    removing.remove_stage(session, made.id, at=MONDAY)
    shaping.restore_stage(session, made.id, at=LATER)


def joins(session: Session, team: TeamAtWork) -> None:
    members.add(session, team.pipeline_id, team.users[BEN], at=MONDAY)
    members.close_to_members(session, team.pipeline_id, at=MONDAY)


def leaves(session: Session, team: TeamAtWork) -> None:
    joins(session, team)
    members.remove(session, team.pipeline_id, team.users[BEN], at=LATER)
    members.open_to_team(session, team.pipeline_id, at=LATER)


def choices(session: Session, team: TeamAtWork) -> None:
    size = first(session, Field, Field.name == "Size")
    ids = list(session.scalars(select(FieldOption.id).where(FieldOption.field_id == size).order_by(FieldOption.id)))
    options.order(session, size, _turned(ids), at=MONDAY)
    options.edit(session, ids[0], name="Small", at=MONDAY)


def choice_goes(session: Session, team: TeamAtWork) -> None:
    options.delete(session, first(session, FieldOption), at=MONDAY)


def choice_comes_back(session: Session, team: TeamAtWork) -> None:
    choice_goes(session, team)
    options.restore(session, first(session, FieldOption), at=LATER)


def field_order(session: Session, team: TeamAtWork) -> None:
    live = select(Field.id).where(Field.subject == Subject.DEAL, Field.deleted_at.is_(None))
    ids = session.scalars(live.order_by(Field.position, Field.id)).all()
    fields.order(session, Subject.DEAL, _turned(ids), at=MONDAY)


def ticks(session: Session, team: TeamAtWork) -> None:
    deal = first(session, Deal)
    stage = session.get_one(Deal, deal).stage_id
    shaping.edit_stage(session, stage, {"checklist": [{"id": "a", "text": "Call"}]}, at=MONDAY)
    playbook.tick(session, deal, stage, "a", at=MONDAY)


def unticks(session: Session, team: TeamAtWork) -> None:
    ticks(session, team)
    deal = first(session, Deal)
    playbook.untick(session, deal, session.get_one(Deal, deal).stage_id, "a", at=LATER)


def addresses(session: Session, team: TeamAtWork) -> None:
    person = first(session, Contact)
    addressing.add(session, person, "second@acme.example", at=MONDAY)
    held = list(session.get_one(Contact, person).addresses)
    addressing.make_first(session, person, held[-1].id, at=MONDAY)


def address_goes(session: Session, team: TeamAtWork) -> None:
    person = first(session, Contact)
    addressing.take_away(session, person, session.get_one(Contact, person).addresses[0].id, at=LATER)


def companies_change(session: Session, team: TeamAtWork) -> None:
    made = companies.create(session, "Quagga", at=MONDAY).id
    companies.edit(session, made, {"domain": "quagga.example"}, at=MONDAY)


def company_goes(session: Session, team: TeamAtWork) -> None:
    companies.delete(session, first(session, Company), at=MONDAY)


def company_comes_back(session: Session, team: TeamAtWork) -> None:
    company_goes(session, team)
    companies.restore(session, first(session, Company), at=LATER)


def view_kept_apart(session: Session, team: TeamAtWork) -> None:
    ref = session.get_one(View, first(session, View)).ref
    views.share(session, ref, True, at=MONDAY)
    views.share(session, ref, False, at=LATER)


def twin(session: Session, team: TeamAtWork) -> None:
    won = first(session, Deal, Deal.title == "Road")
    twins.open_twin(session, won, at=MONDAY)


def twin_closed(session: Session, team: TeamAtWork) -> None:
    twin(session, team)
    opened = first(session, Activity, Activity.kind == "deal.twin_opened")
    undoing.undo(session, opened, at=LATER)


def moved_on(session: Session, team: TeamAtWork) -> None:
    ladder.move(session, first(session, Deal), team.stages["Offer"], seen=None, at=LATER)


MORE: Sequence[Act] = (
    *(
        stages,
        stage_goes,
        stage_comes_back,
        joins,
        leaves,
        choices,
        choice_goes,
        choice_comes_back,
        ticks,
        unticks,
        addresses,
        address_goes,
    ),
    *(companies_change, company_goes, company_comes_back, view_kept_apart, twin, twin_closed, moved_on, field_order),
)
