"""Law 4: an undo is an act. It says what it takes back, is refused where things changed since, and can be undone."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from addon.domain.deals import operations as deals
from addon.domain.errors import NotFound, NotYet
from addon.domain.ladder import hooks
from addon.domain.ladder import operations as ladder
from addon.domain.threads import operations as threads
from addon.domain.threads import queries as thread_queries
from addon.domain.undoing import operations
from addon.domain.undoing.operations import CannotUndo
from addon.domain.undoing.plan import Preview
from addon.models import Activity, Deal, LinkedHow, Reaction
from tests.domain.team_at_work import ANNA, BEN, MONDAY, TeamAtWork, mail

LATER = MONDAY + timedelta(hours=2)
ASKED = "<asked-1@halyard.example>"


def undo(team: TeamAtWork, activity_id: int, *, by: str = ANNA) -> int:
    with team.acting(by) as session:
        return operations.undo(session, activity_id, at=LATER).id


def preview(team: TeamAtWork, activity_id: int) -> Preview:
    with team.looking() as session:
        return operations.preview(session, activity_id)


def link(team: TeamAtWork, deal_id: int) -> int:
    with team.acting() as session:
        thread = threads.ensure_thread(session, team.mailboxes[ANNA], "t1", at=MONDAY)
        entry = threads.link(session, thread, deal_id, how=LinkedHow.EXPLICIT, at=MONDAY)
        assert entry is not None
        return entry.id


def unlink(team: TeamAtWork) -> int:
    with team.acting() as session:
        thread = thread_queries.by_gmail(session, team.mailboxes[ANNA], "t1")
        assert thread is not None
        return threads.unlink(session, thread, at=MONDAY).id


def linked_to(team: TeamAtWork) -> int | None:
    with team.looking() as session:
        thread = thread_queries.by_gmail(session, team.mailboxes[ANNA], "t1")
        live = thread_queries.live_link(session, thread.id) if thread else None
        return live.deal_id if live else None


class TestOfAMove:
    def test_the_deal_goes_back_to_where_it_stood(self, team: TeamAtWork) -> None:
        deal_id = team.deal()
        move_id = team.move(deal_id, "Offer")

        undone_id = undo(team, move_id)

        assert team.stage(deal_id) == "New"
        last = team.diary(deal_id)[-1]
        assert (last.id, last.undoes_id) == (undone_id, move_id)

    def test_it_says_beforehand_what_it_takes_back_and_changes_nothing_by_saying_so(self, team: TeamAtWork) -> None:
        deal_id = team.deal()
        move_id = team.move(deal_id, "Offer")

        told = preview(team, move_id)

        assert told.possible
        [(code, params)] = told.takes_back
        assert (code, params["stage"], params["from"]) == ("undoing.move", "New", "Offer")
        assert team.stage(deal_id) == "Offer"

    def test_the_undo_can_be_undone_again_and_again(self, team: TeamAtWork) -> None:
        deal_id = team.deal()
        last = team.move(deal_id, "Offer")

        stages = []
        for _ in range(4):
            last = undo(team, last)
            stages.append(team.stage(deal_id))

        assert stages == ["New", "Offer", "New", "Offer"]

    def test_the_stages_clock_runs_on_as_if_the_deal_had_never_left(self, team: TeamAtWork) -> None:
        deal_id = team.deal()

        def since() -> datetime:
            with team.looking() as session:
                return session.get_one(Deal, deal_id).entered_stage_at

        undone_id = undo(team, team.move(deal_id, "Offer", at=MONDAY + timedelta(hours=1)))
        assert since() == MONDAY, "a warning that it is late stays"

        undo(team, undone_id)
        assert since() == MONDAY + timedelta(hours=1)

    def test_nothing_is_taken_back_twice(self, team: TeamAtWork) -> None:
        move_id = team.move(team.deal(), "Offer")
        undo(team, move_id)

        with pytest.raises(CannotUndo) as refused:
            undo(team, move_id, by=BEN)

        [(code, params)] = refused.value.params["reasons"]
        assert (code, params["who"]) == ("undoing.already", "Anna")

    def test_it_is_refused_with_the_moves_that_came_since(self, team: TeamAtWork) -> None:
        deal_id = team.deal()
        move_id = team.move(deal_id, "Talking")
        team.move(deal_id, "Offer", by=BEN)

        with pytest.raises(CannotUndo) as refused:
            undo(team, move_id)

        [(code, params)] = refused.value.params["reasons"]
        assert (code, params["who"], params["stage"]) == ("undoing.moved_since", "Ben", "Offer")
        assert team.stage(deal_id) == "Offer"

    def test_moves_that_were_taken_back_since_do_not_stand_in_the_way(self, team: TeamAtWork) -> None:
        deal_id = team.deal()
        first = team.move(deal_id, "Talking")
        second = team.move(deal_id, "Offer")
        undo(team, second)

        undo(team, first)

        assert team.stage(deal_id) == "New"

    def test_a_move_that_was_taken_back_and_made_again_does(self, team: TeamAtWork) -> None:
        deal_id = team.deal()
        first = team.move(deal_id, "Talking")
        undo(team, undo(team, team.move(deal_id, "Offer")))

        assert [code for code, _ in preview(team, first).refused] == ["undoing.moved_since"]

    def test_an_undo_is_a_move_like_any_other_so_a_mover_who_did_not_see_it_loses(self, team: TeamAtWork) -> None:
        deal_id = team.deal()
        move_id = team.move(deal_id, "Offer")
        seen = team.diary(deal_id)[-1].number
        undo(team, move_id)

        with pytest.raises(ladder.LostRace), team.acting(BEN) as session:
            ladder.move(session, deal_id, team.stages["Talking"], seen=seen, at=LATER)

    def test_it_moves_quietly_and_the_diary_says_so(self, team: TeamAtWork, monkeypatch: pytest.MonkeyPatch) -> None:
        steps: list[str] = []
        deal_id = team.deal()
        move_id = team.move(deal_id, "Offer")
        monkeypatch.setattr(hooks, "EXIT", [lambda session, step: steps.append(f"out of {step.stage.name}")])
        monkeypatch.setattr(hooks, "ENTRY", [lambda session, step: steps.append(f"into {step.stage.name}")])

        undo(team, undo(team, move_id))

        assert steps == []
        assert [entry.after["quietly"] for entry in team.diary(deal_id)[-3:]] == [False, True, True]

    def test_a_mail_that_moved_the_deal_since_is_not_called_by_its_readers_name(self, team: TeamAtWork) -> None:
        team.standard_rule()
        deal_id = team.deal()
        first = team.move(deal_id, "Offer")
        team.move(deal_id, "New")
        seen = team.diary(deal_id)[-1].number
        team.receive(mail(answers=ASKED))
        assert team.stage(deal_id) == "Talking"

        with pytest.raises(CannotUndo) as refused:
            undo(team, first)
        with pytest.raises(ladder.LostRace) as lost, team.acting(BEN) as session:
            ladder.move(session, deal_id, team.stages["Offer"], seen=seen, at=LATER)

        assert [params["who"] for _, params in refused.value.params["reasons"]] == ["Anna", ""]
        assert lost.value.params["who"] == ""

    def test_a_deleted_deal_does_not_come_back_by_it(self, team: TeamAtWork) -> None:
        deal_id = team.deal()
        move_id = team.move(deal_id, "Offer")
        with team.acting() as session:
            deals.delete(session, deal_id, at=LATER)

        with pytest.raises(CannotUndo) as refused:
            undo(team, move_id)

        assert [code for code, _ in refused.value.params["reasons"]] == ["undoing.deal_deleted"]

    def test_a_persons_undo_bars_the_mail_that_moved_the_deal(self, team: TeamAtWork) -> None:
        team.standard_rule()
        deal_id = team.deal()
        raw = mail(answers=ASKED, to=f"{ANNA}, {BEN}")
        team.receive(raw)
        assert team.stage(deal_id) == "Talking"

        undo(team, team.diary(deal_id)[-1].id)
        team.receive(raw, mailbox=BEN, thread="b1", at=LATER + timedelta(days=1))

        assert team.stage(deal_id) == "New", "not for the same mail, wherever it is seen"
        with team.looking() as session:
            assert session.scalars(select(Reaction.barred_at)).one() == LATER


class TestOfALink:
    def test_the_thread_belongs_to_no_deal_again_and_back(self, team: TeamAtWork) -> None:
        deal_id = team.deal()

        undone_id = undo(team, link(team, deal_id))
        assert linked_to(team) is None

        undo(team, undone_id)
        assert linked_to(team) == deal_id

    def test_an_unlinked_thread_is_linked_again_as_it_was(self, team: TeamAtWork) -> None:
        deal_id = team.deal()
        team.receive(mail())

        undo(team, unlink(team))

        with team.looking() as session:
            [live] = thread_queries.of_deal(session, deal_id)
            assert live.how == LinkedHow.ONLY_DEAL

    @pytest.mark.parametrize("diary_of", ["first", "second"])
    def test_a_thread_that_changed_deals_goes_back_whichever_diary_it_is_undone_from(
        self, team: TeamAtWork, diary_of: str
    ) -> None:
        deal_ids = {"first": team.deal("First"), "second": team.deal("Second")}
        link(team, deal_ids["first"])
        link(team, deal_ids["second"])

        undone_id = undo(team, team.diary(deal_ids[diary_of])[-1].id)
        assert linked_to(team) == deal_ids["first"]

        undo(team, undone_id)
        assert linked_to(team) == deal_ids["second"]

    def test_it_is_refused_where_the_thread_went_elsewhere_since(self, team: TeamAtWork) -> None:
        first, second = team.deal("First"), team.deal("Second")
        link_id = link(team, first)
        link(team, second)

        with pytest.raises(CannotUndo) as refused:
            undo(team, link_id)

        [(code, params)] = refused.value.params["reasons"]
        assert (code, params["title"]) == ("undoing.linked_since", "Second")
        assert linked_to(team) == second

    def test_the_next_mail_does_not_link_it_again_by_itself(self, team: TeamAtWork) -> None:
        team.deal()
        team.receive(mail())
        deal_id = linked_to(team)
        assert deal_id is not None
        [entry] = [entry for entry in team.diary(deal_id) if entry.kind == "thread.linked"]
        undo(team, entry.id)

        team.receive(mail(message_id="<answer-2@acme.example>"))

        assert linked_to(team) is None

    def test_taking_back_the_link_takes_back_the_move_that_came_of_it(self, team: TeamAtWork) -> None:
        team.standard_rule()
        deal_id = team.deal()
        team.receive(mail(answers=ASKED))
        [entry] = [entry for entry in team.diary(deal_id) if entry.kind == "thread.linked"]
        told = preview(team, entry.id)
        assert [code for code, _ in told.takes_back] == ["undoing.move", "undoing.link"], "newest first"

        undone_id = undo(team, entry.id)
        assert (linked_to(team), team.stage(deal_id)) == (None, "New")

        undo(team, undone_id)
        assert (linked_to(team), team.stage(deal_id)) == (deal_id, "Talking")

    def test_what_was_taken_back_alone_is_not_taken_back_again(self, team: TeamAtWork) -> None:
        team.standard_rule()
        deal_id = team.deal()
        team.receive(mail(answers=ASKED))
        entries = {entry.kind: entry.id for entry in team.diary(deal_id)}
        undo(team, entries["deal.moved"])

        told = preview(team, entries["thread.linked"])

        assert [code for code, _ in told.takes_back] == ["undoing.link"]
        undo(team, entries["thread.linked"])
        assert team.stage(deal_id) == "New"


def test_what_is_no_act_says_not_yet(team: TeamAtWork) -> None:
    deal_id = team.deal()
    [entered] = [entry for entry in team.diary(deal_id) if entry.kind == "deal.moved"]

    assert [code for code, _ in preview(team, entered.id).refused] == [NotYet.code], "it goes with the deal"
    with pytest.raises(NotYet):
        undo(team, entered.id)


def test_an_act_of_another_team_is_not_there(team: TeamAtWork) -> None:
    with pytest.raises(NotFound):
        undo(team, 4711)
    with team.looking() as session:
        assert session.scalars(select(Activity).where(Activity.undoes_id.is_not(None))).all() == []
