"""What somebody is to do by a day: it stands with its deal, is done, and can come back."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from addon.domain.deals import operations as deals
from addon.domain.errors import NotFound
from addon.domain.fields.keys import UnknownField
from addon.domain.fields.refusals import Missing, TooLong
from addon.domain.tasks import operations as tasks
from addon.domain.tasks import queries
from tests.domain.team_at_work import ANNA, BEN, MONDAY, TeamAtWork

LATER = MONDAY + timedelta(hours=1)
TODAY = MONDAY.date()


def test_a_task_is_made_changed_done_and_its_deals_diary_tells(team: TeamAtWork) -> None:
    deal_id, anna, ben = team.deal(), team.users[ANNA], team.users[BEN]
    with team.acting() as session:
        task = tasks.create(session, "Call Jane", assignee_id=anna, deal_id=deal_id, due_on=TODAY, at=MONDAY)
        edited = tasks.edit(session, task.id, {"title": "Write to Jane", "assignee_id": ben, "due_on": None}, at=LATER)
        assert edited is not None
        assert edited.before == {"assignee_id": anna, "due_on": TODAY.isoformat()}
        assert edited.after == {"task_id": task.id, "assignee_id": ben, "due_on": None}
        assert edited.detail is not None
        assert edited.detail.texts == {"before": {"title": "Call Jane"}, "after": {"title": "Write to Jane"}}
        assert tasks.edit(session, task.id, {"title": "Write to Jane"}, at=LATER) is None
        tasks.done(session, task.id, at=LATER)
        assert tasks.done(session, task.id, at=LATER) is None
        tasks.reopen(session, task.id, at=LATER)
        tasks.delete(session, task.id, at=LATER)
        with pytest.raises(NotFound):
            queries.get(session, task.id)
        tasks.restore(session, task.id, at=LATER)
        assert queries.of_deal(session, deal_id) == [task]
    assert team.kinds(deal_id)[-6:] == [
        *("task.created", "task.edited", "task.done", "task.reopened", "task.deleted", "task.restored")
    ]


def test_my_tasks_come_by_their_day_and_those_of_a_deleted_deal_wait(team: TeamAtWork) -> None:
    deal_id, anna = team.deal(), team.users[ANNA]
    with team.acting() as session:
        whole = [
            tasks.create(session, title, assignee_id=anna, deal_id=deal, due_on=day, at=MONDAY).id
            for title, deal, day in (
                ("Some day", None, None),
                ("Tomorrow", None, TODAY + timedelta(days=1)),
                ("Today", deal_id, TODAY),
            )
        ]
        assert [task.id for task in queries.due(session, anna)] == whole[::-1]
        assert [task.title for task in queries.due(session, anna, until=TODAY)] == ["Today"]
        assert queries.open_counts(session, [deal_id]) == {deal_id: 1}
        deals.delete(session, deal_id, at=LATER)
        assert [task.title for task in queries.due(session, anna, until=TODAY)] == []


def test_odd_tasks_are_refused(team: TeamAtWork) -> None:
    anna = team.users[ANNA]
    with team.acting() as session:
        task = tasks.create(session, "Call", assignee_id=anna, at=MONDAY)
        for title, refusal in (("", Missing), ("x" * 10_000, TooLong)):
            with pytest.raises(refusal):
                tasks.create(session, title, assignee_id=anna, at=MONDAY)
        with pytest.raises(NotFound):
            tasks.create(session, "Call", assignee_id=anna, deal_id=99, at=MONDAY)
        with pytest.raises(NotFound):
            tasks.edit(session, task.id, {"assignee_id": 99}, at=LATER)
        with pytest.raises(UnknownField):
            tasks.edit(session, task.id, {"deal_id": 1}, at=LATER)
        assert task.due_on != date.min
