"""Shaping pipelines: stages are added, named, ordered and taken away; what was true before stays true."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from addon.domain.access import Viewer
from addon.domain.deals import operations as deals
from addon.domain.deals import totals
from addon.domain.errors import NotAllowed, NotFound
from addon.domain.fields import operations as fields
from addon.domain.fields.keys import key_of
from addon.domain.ladder import operations as ladder
from addon.domain.ladder import removing, twins
from addon.domain.pipelines import members, operations, queries, shaping, templates
from addon.domain.pipelines.operations import PipelineNeedsStages, StageDraft
from addon.domain.pipelines.shaping import StageHoldsDeals
from addon.domain.undoing import operations as undoing
from addon.models import Activity, Deal, FieldKind, Stage, StageKind, Subject
from tests.domain.team_at_work import ANNA, BEN, MONDAY, TeamAtWork

LATER = MONDAY + timedelta(hours=1)
TUESDAY = MONDAY + timedelta(days=1)


@contextmanager
def shaping_it(team: TeamAtWork) -> Iterator[Session]:
    with team.database.writing(Viewer.operator(team.team_id)) as session:
        yield session


def names(team: TeamAtWork) -> list[str]:
    with team.looking() as session:
        return [stage.name for stage in queries.stages(session, team.pipeline_id)]


def last(session: Session, kind: str) -> Activity:
    return session.scalars(select(Activity).where(Activity.kind == kind).order_by(Activity.id.desc())).all()[0]


def test_every_ready_template_makes_a_pipeline(team: TeamAtWork) -> None:
    with shaping_it(team) as session:
        for key, template in templates.READY.items():
            made = operations.create(session, key, templates.drafts(key, lambda text: text), at=MONDAY)
            found = queries.stages(session, made.id)
            assert [stage.kind for stage in found][-2:] == [StageKind.WON, StageKind.LOST]
            assert [stage.name for stage in found] == [f"stages.{stage.key}" for stage in template]


def test_stages_are_added_named_and_ordered_and_old_times_keep_their_names(team: TeamAtWork) -> None:
    with shaping_it(team) as session:
        shaping.add_stage(session, team.pipeline_id, StageDraft("Trial", 55), at=TUESDAY)
        shaping.add_stage(session, team.pipeline_id, StageDraft("Lead", 5), at=TUESDAY, before=team.stages["New"])
        shaping.edit_stage(session, team.stages["New"], {"name": "Fresh", "probability": 15}, at=TUESDAY)
        shaping.edit_stage(session, team.stages["New"], {"name": "Brand new"}, at=TUESDAY)
    assert names(team) == ["Lead", "Brand new", "Talking", "Offer", "Trial", "Won", "Lost"]

    with shaping_it(team) as session:
        order = [team.stages["Offer"], team.stages["New"]]
        shaping.reorder_stages(session, team.pipeline_id, order, at=TUESDAY + timedelta(days=1))
        entry = last(session, "stages.reordered")
        assert entry.after["order"][:2] == order
        assert sorted(entry.before["order"]) == sorted(entry.after["order"])
        new = session.get_one(Stage, team.stages["New"])
        assert [said.name for said in new.definitions] == ["New", "Brand new"]
        assert queries.definition_at(new, MONDAY).name == "New"
        assert queries.definition_at(new, MONDAY - timedelta(days=9)).name == "New"
        assert (queries.definition_at(new, TUESDAY).probability, queries.definition_at(new, TUESDAY).position) == (
            15,
            2,
        )
        edits = session.scalars(select(Activity).where(Activity.kind == "stage.edited").order_by(Activity.id)).all()
        assert [entry.before for entry in edits] == [{"stage_id": new.id, "probability": 10}, {"stage_id": new.id}]
        assert edits[0].detail is not None
        assert edits[0].detail.texts["before"] == {"name": "New"}
    assert names(team)[:3] == ["Offer", "Brand new", "Lead"]


def test_a_stage_that_holds_deals_goes_only_where_they_have_another(team: TeamAtWork) -> None:
    kept, gone = team.deal(), team.deal("Gone", person="x@acme.example")
    with team.acting() as session:
        deals.delete(session, gone, at=MONDAY)
    with shaping_it(team) as session, pytest.raises(StageHoldsDeals) as refused:
        removing.remove_stage(session, team.stages["New"], at=LATER)
    assert refused.value.params == {"stage": "New", "n": 1}

    with shaping_it(team) as session:
        entry = removing.remove_stage(session, team.stages["New"], at=LATER, target_id=team.stages["Talking"])
        root = entry.id

    assert names(team) == ["Talking", "Offer", "Won", "Lost"]
    assert team.stage(kept) == team.stage(gone) == "Talking"
    for deal_id in (kept, gone):
        move = team.diary(deal_id)[-1]
        assert (move.kind, move.cause_id, move.after["quietly"]) == ("deal.moved", root, True)
        assert move.detail is not None
        assert (move.detail.texts["left"], move.detail.texts["entered"]) == ("New", "Talking")
    with team.looking() as session:
        assert session.get_one(Deal, kept).last_move == team.diary(kept)[-1].number
        assert totals.of_pipeline(session, team.pipeline_id) == totals.recount(session, team.pipeline_id)
    with team.acting() as session, pytest.raises(ladder.StageGone):
        ladder.move(session, kept, team.stages["New"], seen=None, at=LATER)
    with shaping_it(team) as session:
        shaping.restore_stage(session, team.stages["New"], at=TUESDAY)
    assert names(team)[0] == "New"


def test_deleted_deals_never_keep_a_stage_and_too_many_live_ones_are_counted(
    team: TeamAtWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(removing, "AT_ONCE", 2)
    kept = [team.deal(f"Kept {number}") for number in range(3)]
    gone = [team.deal(f"Gone {number}") for number in range(5)]
    with team.acting() as session:
        for deal_id in gone:
            deals.delete(session, deal_id, at=MONDAY)
    target = team.stages["Offer"]
    with shaping_it(team) as session, pytest.raises(removing.TooManyAtOnce) as refused:
        removing.remove_stage(session, team.stages["New"], at=LATER, target_id=target)
    assert refused.value.params == {"stage": "New", "count": 3, "limit": 2}
    team.move(kept[0], "Talking")

    with shaping_it(team) as session:
        entry = removing.remove_stage(session, team.stages["New"], at=LATER, target_id=target)
        root, moved = entry.id, entry.after["moved"]

    assert moved == 2
    assert {team.stage(deal_id) for deal_id in (*kept[1:], *gone)} == {"Offer"}
    for deal_id in gone:
        move = team.diary(deal_id)[-1]
        assert (move.kind, move.after["quietly"], move.cause_id) == ("deal.moved", True, None)
    with team.looking() as session:
        assert [session.get_one(Deal, key).last_move for key in gone] == [team.diary(key)[-1].number for key in gone]
        assert totals.of_pipeline(session, team.pipeline_id) == totals.recount(session, team.pipeline_id)
    with shaping_it(team) as session:
        undoing.undo(session, root, at=TUESDAY)
    assert [team.stage(deal_id) for deal_id in kept] == ["Talking", "New", "New"]
    with team.acting() as session:
        undoing.undo(session, team.diary(gone[0])[-2].id, at=TUESDAY)
        assert session.get_one(Deal, gone[0]).deleted_at is None
    assert team.stage(gone[0]) == "Offer"


def test_a_pipeline_keeps_a_stage_of_each_kind(team: TeamAtWork) -> None:
    deal_id = team.deal()
    for act in (
        lambda session: removing.remove_stage(session, team.stages["Won"], at=LATER),
        lambda session: shaping.edit_stage(session, team.stages["Lost"], {"kind": StageKind.OPEN}, at=LATER),
    ):
        with shaping_it(team) as session, pytest.raises(PipelineNeedsStages):
            act(session)
    with shaping_it(team) as session, pytest.raises(StageHoldsDeals):
        shaping.edit_stage(session, team.stages["New"], {"kind": StageKind.LOST}, at=LATER)
    with shaping_it(team) as session:
        shaping.edit_stage(session, team.stages["Talking"], {"kind": StageKind.LOST}, at=LATER)
    team.move(deal_id, "Talking")
    with team.looking() as session:
        assert session.get_one(Deal, deal_id).closed_at is not None


def test_five_hundred_stages_work(team: TeamAtWork) -> None:
    drafts = [StageDraft(f"Stage {n}") for n in range(498)]
    ends = [StageDraft("Won", kind=StageKind.WON), StageDraft("Lost", kind=StageKind.LOST)]
    with shaping_it(team) as session:
        made = operations.create(session, "Long", [*drafts, *ends], at=MONDAY)
        found = [stage.id for stage in queries.stages(session, made.id)]
        shaping.reorder_stages(session, made.id, [found[497]], at=LATER)
        shaping.add_stage(session, made.id, StageDraft("One more"), at=LATER, before=found[0])
        assert [stage.name for stage in queries.stages(session, made.id)][:3] == ["Stage 497", "One more", "Stage 0"]


def test_only_admins_and_managers_shape(team: TeamAtWork) -> None:
    acts = [
        lambda s: operations.create(s, "Mine", [], at=LATER),
        lambda s: operations.edit(s, team.pipeline_id, {"name": "Mine"}, at=LATER),
        lambda s: operations.reorder(s, [team.pipeline_id], at=LATER),
        lambda s: operations.archive(s, team.pipeline_id, at=LATER),
        lambda s: shaping.add_stage(s, team.pipeline_id, StageDraft("Mine"), at=LATER),
        lambda s: shaping.edit_stage(s, team.stages["New"], {"name": "Mine"}, at=LATER),
        lambda s: shaping.reorder_stages(s, team.pipeline_id, [], at=LATER),
        lambda s: removing.remove_stage(s, team.stages["New"], at=LATER),
        lambda s: members.add(s, team.pipeline_id, team.users[ANNA], at=LATER),
        lambda s: members.close_to_members(s, team.pipeline_id, at=LATER),
    ]
    for act in acts:
        with team.acting() as session, pytest.raises(NotAllowed):
            act(session)


def test_members_come_and_go_and_a_pipeline_opens_and_closes(team: TeamAtWork) -> None:
    with shaping_it(team) as session:
        assert members.add(session, team.pipeline_id, team.users[BEN], at=LATER)
        assert members.add(session, team.pipeline_id, team.users[BEN], at=LATER) is None
        assert [user.email for user in members.of(session, team.pipeline_id)] == [BEN]
        members.close_to_members(session, team.pipeline_id, at=LATER)
    with team.looking(ANNA) as session, pytest.raises(NotFound):
        queries.get(session, team.pipeline_id)
    with team.looking(BEN) as session:
        assert queries.get(session, team.pipeline_id)
    with shaping_it(team) as session:
        members.remove(session, team.pipeline_id, team.users[BEN], at=LATER)
        members.open_to_team(session, team.pipeline_id, at=LATER)
    with team.looking(ANNA) as session:
        assert queries.get(session, team.pipeline_id)


class TestWhatAStageAsksFor:
    def test_a_deal_goes_on_only_with_its_fields_and_the_refusal_names_them(self, team: TeamAtWork) -> None:
        deal_id = team.deal()
        with shaping_it(team) as session:
            need = fields.create(session, Subject.DEAL, FieldKind.TEXT, "Need", at=MONDAY)
            key = key_of(need.id)
            asked = {"required_to_enter": ["next_step", key], "required_to_leave": ["value"]}
            shaping.edit_stage(session, team.stages["Talking"], asked, at=MONDAY)
        with team.acting() as session, pytest.raises(ladder.FieldsMissing) as refused:
            ladder.move(session, deal_id, team.stages["Talking"], seen=None, at=LATER)
        assert refused.value.params["fields"] == [{"key": "next_step", "name": ""}, {"key": key, "name": "Need"}]

        with team.acting() as session:
            deals.edit(session, deal_id, {"next_step": "Call", key: "Ramps"}, at=LATER)
            assert ladder.move(session, deal_id, team.stages["Talking"], seen=None, at=LATER)
        with team.acting() as session, pytest.raises(ladder.FieldsMissing) as refused:
            ladder.move(session, deal_id, team.stages["Won"], seen=None, at=LATER)
        assert (refused.value.params["leaving"], refused.value.params["fields"][0]["key"]) == (True, "value")
        for stage in ("New", "Talking", "Lost", "New"):
            with team.acting() as session:
                ladder.move(session, deal_id, team.stages[stage], seen=None, at=LATER, quietly=stage == "Talking")

    def test_a_stage_leads_where_it_says_and_nowhere_else_but_by_undo(self, team: TeamAtWork) -> None:
        deal_id = team.deal()
        with shaping_it(team) as session:
            for stage, ways in (("New", ["Talking"]), ("Talking", ["Lost", "Offer"]), ("Lost", ["Talking"])):
                leads = [team.stages[way] for way in ways]
                shaping.edit_stage(session, team.stages[stage], {"leads_to": leads}, at=MONDAY)
        with team.acting() as session, pytest.raises(ladder.NotFromHere) as refused:
            ladder.move(session, deal_id, team.stages["Offer"], seen=None, at=LATER)
        assert refused.value.params["leads_to"] == ["Talking"]
        for stage, closed in (("New", "Lost"), ("Talking", "New"), ("Lost", "New"), ("Talking", "Won")):
            if team.stage(deal_id) != stage:
                team.move(deal_id, stage)
            with team.acting() as session, pytest.raises(ladder.NotFromHere):
                ladder.move(session, deal_id, team.stages[closed], seen=None, at=LATER)
            with team.looking() as session:
                deal, now = session.get_one(Deal, deal_id), session.get_one(Stage, team.stages[stage])
                assert not ladder.is_forward(deal, now, session.get_one(Stage, team.stages[closed]))
        with team.acting() as session:
            undoing.undo(session, team.diary(deal_id)[-1].id, at=LATER)
        assert team.stage(deal_id) == "Lost"
        team.move(deal_id, "Talking")
        with shaping_it(team) as session:
            for stage in ("Talking", "Lost"):
                shaping.edit_stage(session, team.stages[stage], {"leads_to": None}, at=LATER)
        team.move(deal_id, "New")
        with shaping_it(team) as session:
            removing.remove_stage(session, team.stages["Talking"], at=LATER)
        team.move(deal_id, "Offer")

    def test_a_lost_deal_says_why_and_coming_back_keeps_it_in_the_diary(self, team: TeamAtWork) -> None:
        deal_id = team.deal()
        with team.acting() as session, pytest.raises(ladder.ReasonNeeded):
            ladder.move(session, deal_id, team.stages["Lost"], seen=None, at=LATER, lost_reason=" ", asks_reason=True)
        with team.acting() as session:
            ladder.move(
                session, deal_id, team.stages["Lost"], seen=None, at=LATER, lost_reason="Too dear", asks_reason=True
            )
        with team.looking() as session:
            assert session.get_one(Deal, deal_id).lost_reason == "Too dear"
        reopened = team.move(deal_id, "New", at=TUESDAY)
        with team.acting() as session:
            deal = session.get_one(Deal, deal_id)
            assert (deal.lost_reason, deal.closed_at) == ("", None)
            entry = session.get_one(Activity, reopened)
            ladder.move(session, deal_id, team.stages["Lost"], seen=None, at=TUESDAY, undoes=entry, quietly=True)
            assert deal.lost_reason == "Too dear"
        texts = [move.detail.texts for move in team.diary(deal_id) if move.kind == "deal.moved" and move.detail]
        assert [text.get("lost_reason") for text in texts] == [None, "Too dear", None, "Too dear"]


def test_a_deal_goes_to_another_pipeline_and_back_and_a_won_one_has_a_twin(team: TeamAtWork) -> None:
    deal_id = team.deal()
    with shaping_it(team) as session:
        ends = [StageDraft("Kept", kind=StageKind.WON), StageDraft("Gone", kind=StageKind.LOST)]
        after = operations.create(session, "After sales", [StageDraft("Onboarding"), *ends], at=MONDAY)
        operations.edit(session, team.pipeline_id, {"after_sales_id": after.id}, at=MONDAY)
        first = queries.stages(session, after.id)[0].id
    with team.acting() as session:
        entry = ladder.move_to_pipeline(session, deal_id, first, seen=None, at=LATER)
        assert entry is not None
        assert (entry.before["pipeline_id"], entry.after["pipeline_id"]) == (team.pipeline_id, after.id)
        assert session.get_one(Deal, deal_id).pipeline_id == after.id
        ladder.move(session, deal_id, entry.before["stage_id"], seen=None, at=LATER, undoes=entry, quietly=True)
    team.move(deal_id, "Won")
    with team.acting() as session:
        twin = twins.open_twin(session, deal_id, at=LATER)
        assert (twin.pipeline_id, twin.stage_id, twin.twin_of_id) == (after.id, first, deal_id)
        for line in (team.pipeline_id, after.id):
            assert totals.of_pipeline(session, line) == totals.recount(session, line)
    assert team.kinds(deal_id)[-1] == "deal.twin_opened"
