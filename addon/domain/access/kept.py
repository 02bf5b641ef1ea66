"""What is kept from somebody who does not see everything: a condition for each table, added to whatever they ask.

The conditions look at bare tables under names of their own: no criteria reach into them, so "takes part in no deal"
means no deal of the team, not none that is seen, and no question that joins the same table changes what they mean.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, FromClause, and_, exists, false, inspect, or_, select, true
from sqlalchemy.orm import with_loader_criteria
from sqlalchemy.sql.elements import True_

from addon.domain.access.sees import Sees
from addon.models import (
    Activity,
    ChecklistTick,
    Company,
    CompanyValue,
    Contact,
    ContactValue,
    Deal,
    DealContact,
    DealTotal,
    DealValue,
    Field,
    FieldOption,
    Import,
    Pipeline,
    PipelineMember,
    Rule,
    SearchPlace,
    Sight,
    Stage,
    StageDefinition,
    Task,
    ThreadLink,
    View,
)

Condition = ColumnElement[bool]


def _table(model: type, name: str) -> FromClause:
    return inspect(model).local_table.alias(f"kept_{name}")


_deal, _other_deal = _table(Deal, "deal"), _table(Deal, "other_deal")
_part, _other_part = _table(DealContact, "part"), _table(DealContact, "other_part")
_contact, _company, _person = _table(Contact, "contact"), _table(Company, "company"), _table(Contact, "person")
_stage, _rule, _field = _table(Stage, "stage"), _table(Rule, "rule"), _table(Field, "field")
_view, _import = _table(View, "view"), _table(Import, "import")


@functools.lru_cache(maxsize=4096)
def criteria(sees: Sees) -> Mapping[str, Any]:
    """Options for the statements of a session with this sight, by the table that each is about."""
    return {
        inspect(model).local_table.name: with_loader_criteria(
            model, condition, include_aliases=True, propagate_to_loaders=False
        )
        for model, condition in _conditions(sees).items()
        if not isinstance(condition, True_)
    }


def _conditions(sees: Sees) -> dict[type, Condition]:
    deal = _deal_is_seen(sees)
    found: dict[type, Condition] = {
        Deal: _seen(Deal, sees),
        DealTotal: _seen(DealTotal, sees),
        DealContact: deal(DealContact.deal_id),
        DealValue: deal(DealValue.deal_id),
        ChecklistTick: deal(ChecklistTick.deal_id),
        ThreadLink: deal(ThreadLink.deal_id),
        Pipeline: _open(Pipeline.id, sees),
        PipelineMember: _open(PipelineMember.pipeline_id, sees),
        Rule: _open(Rule.pipeline_id, sees),
        Stage: _open(Stage.pipeline_id, sees),
        StageDefinition: _stage_is_open(sees),
        Field: or_(Field.pipeline_id.is_(None), _open(Field.pipeline_id, sees)),
        FieldOption: _field_is_open(sees),
        View: and_(
            or_(View.shared, View.owner_id == sees.user_id),
            or_(View.pipeline_id.is_(None), _open(View.pipeline_id, sees)),
        ),
    }
    return found | _of_people(sees) | _of_many_kinds(sees)


def _of_people(sees: Sees) -> dict[type, Condition]:
    """Nothing is kept of people and companies from who sees the deals of all."""
    if sees.sight is Sight.ALL:
        return {}
    return {
        Contact: _contact_is_seen(Contact, sees),
        ContactValue: exists(
            select(_contact.c.id).where(_contact.c.id == ContactValue.contact_id, _contact_is_seen(_contact.c, sees))
        ).correlate_except(_contact),
        Company: _company_is_seen(Company, sees),
        CompanyValue: _company_by_id(CompanyValue.company_id, sees),
    }


def _of_many_kinds(sees: Sees) -> dict[type, Condition]:
    """Rows that are about a deal, a person or a company, whichever it is."""
    deal, contact, company = _deal_is_seen(sees), _contact_by_id(sees), functools.partial(_company_by_id, sees=sees)
    return {
        Task: and_(
            or_(Task.deal_id.is_(None), deal(Task.deal_id)),
            or_(Task.contact_id.is_(None), contact(Task.contact_id)),
        ),
        SearchPlace: and_(
            or_(SearchPlace.deal_id.is_(None), deal(SearchPlace.deal_id)),
            or_(SearchPlace.contact_id.is_(None), contact(SearchPlace.contact_id)),
            or_(SearchPlace.company_id.is_(None), company(SearchPlace.company_id)),
        ),
        Activity: and_(
            or_(Activity.subject_kind != "deal", deal(Activity.subject_id)),
            or_(Activity.subject_kind != "contact", contact(Activity.subject_id)),
            or_(Activity.subject_kind != "company", company(Activity.subject_id)),
            *_diary_of_what_is_somebodys_own(sees),
            *_diary_of_what_is_in_pipelines(sees),
        ),
    }


def _diary_of_what_is_somebodys_own(sees: Sees) -> list[Condition]:
    private = select(_view.c.id).where(_view.c.shared.is_(False), _view.c.owner_id != sees.user_id)
    others = select(_import.c.id).where(_import.c.owner_id != sees.user_id)
    return [
        or_(Activity.subject_kind != "view", Activity.subject_id.not_in(private)),
        or_(Activity.subject_kind != "import", true() if sees.imports else false(), Activity.subject_id.not_in(others)),
    ]


def _diary_of_what_is_in_pipelines(sees: Sees) -> list[Condition]:
    if not sees.closed:
        return []
    rule_ids = select(_rule.c.id).where(_rule.c.pipeline_id.in_(sorted(sees.closed)))
    field_ids = select(_field.c.id).where(_field.c.pipeline_id.in_(sorted(sees.closed)))
    return [
        or_(Activity.subject_kind != "pipeline", _open(Activity.subject_id, sees)),
        or_(Activity.subject_kind != "rule", Activity.subject_id.not_in(rule_ids)),
        or_(Activity.subject_kind != "field", Activity.subject_id.not_in(field_ids)),
    ]


# ---- deals and pipelines ---------------------------------------------------------------------------------------------


def _open(column: Any, sees: Sees) -> Condition:
    return column.not_in(sorted(sees.closed)) if sees.closed else true()


def _stage_is_open(sees: Sees) -> Condition:
    if not sees.closed:
        return true()
    found = select(_stage.c.id).where(_stage.c.id == StageDefinition.stage_id, _open(_stage.c.pipeline_id, sees))
    return exists(found).correlate_except(_stage)


def _field_is_open(sees: Sees) -> Condition:
    if not sees.closed:
        return true()
    ids = select(_field.c.id).where(_field.c.pipeline_id.in_(sorted(sees.closed)))
    return FieldOption.field_id.not_in(ids)


def _seen(columns: Any, sees: Sees) -> Condition:
    """Of a deal, or of the totals of deals: it has an owner and a pipeline."""
    is_open = _open(columns.pipeline_id, sees)
    own = columns.owner_id == sees.user_id
    if sees.sight is Sight.OWN:
        return and_(own, is_open)
    if sees.sight is Sight.PIPELINES:
        return and_(or_(own, columns.pipeline_id.in_(sorted(sees.member_of))), is_open)
    return is_open


def _deal_is_seen(sees: Sees) -> Any:
    def of(column: Any) -> Condition:
        found = select(_deal.c.id).where(_deal.c.id == column, _seen(_deal.c, sees))
        return exists(found).correlate_except(_deal)

    return of


# ---- people and companies --------------------------------------------------------------------------------------------


def _contact_by_id(sees: Sees) -> Any:
    def of(column: Any) -> Condition:
        if sees.sight is Sight.ALL:
            return true()
        found = select(_contact.c.id).where(_contact.c.id == column, _contact_is_seen(_contact.c, sees))
        return exists(found).correlate_except(_contact)

    return of


def _contact_is_seen(columns: Any, sees: Sees) -> Condition:
    """Theirs, with a part in a deal that they see, or nobody's and with a part in no deal at all."""
    mine = _takes_part(columns.id, _deal, _part, _seen(_deal.c, sees))
    any_deal = _takes_part(columns.id, _other_deal, _other_part, true())
    return or_(columns.owner_id == sees.user_id, mine, and_(columns.owner_id.is_(None), ~any_deal))


def _takes_part(contact_id: Any, deal: FromClause, part: FromClause, seen: Condition) -> Condition:
    about = select(deal.c.id).where(deal.c.contact_id == contact_id, deal.c.deleted_at.is_(None), seen)
    beside = (
        select(part.c.id)
        .select_from(part.join(deal, deal.c.id == part.c.deal_id))
        .where(part.c.contact_id == contact_id, deal.c.deleted_at.is_(None), seen)
    )
    return or_(exists(about).correlate_except(deal), exists(beside).correlate_except(deal, part))


def _company_by_id(column: Any, sees: Sees) -> Condition:
    if sees.sight is Sight.ALL:
        return true()
    found = select(_company.c.id).where(_company.c.id == column, _company_is_seen(_company.c, sees))
    return exists(found).correlate_except(_company)


def _company_is_seen(columns: Any, sees: Sees) -> Condition:
    """Theirs, of a deal that they see or of the person it is about, or nobody's and of no deal at all."""
    mine = _is_dealt_with(columns.id, _deal, _seen(_deal.c, sees))
    any_deal = _is_dealt_with(columns.id, _other_deal, true())
    return or_(columns.owner_id == sees.user_id, mine, and_(columns.owner_id.is_(None), ~any_deal))


def _is_dealt_with(company_id: Any, deal: FromClause, seen: Condition) -> Condition:
    of_deal = select(deal.c.id).where(deal.c.company_id == company_id, deal.c.deleted_at.is_(None), seen)
    of_person = (
        select(_person.c.id)
        .select_from(_person.join(deal, deal.c.contact_id == _person.c.id))
        .where(_person.c.company_id == company_id, deal.c.deleted_at.is_(None), seen)
    )
    return or_(exists(of_deal).correlate_except(deal), exists(of_person).correlate_except(deal, _person))
