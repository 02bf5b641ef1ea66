"""Tasks on a deal's page and on the page of one's own: made, done, moved on, taken back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from addon.domain.contacts import operations as contacts
from addon.domain.tasks import operations as tasks
from tests.web.web_world import MONDAY


def task(made, title, *, days=None, user=None, deal_id=None) -> int:
    due = (MONDAY + timedelta(days=days)).date() if days is not None else None
    with made.database.writing(made.viewer) as session:
        whose = (user or made.anna).id
        return tasks.create(session, title, assignee_id=whose, due_on=due, deal_id=deal_id, at=MONDAY).id


def listed(made, path="/tasks") -> str:
    return made.client().get(path).text


def test_ones_own_are_listed_by_day(small_world):
    task(small_world, "Late one", days=-2)
    task(small_world, "Now one", days=0)
    task(small_world, "Week one", days=3)
    task(small_world, "Later one", days=30)
    task(small_world, "Some day one")
    task(small_world, "Of Dimas", user=small_world.dimas)

    page = listed(small_world)

    order = ["Overdue", "Late one", "Today", "Now one", "This week", "Week one", "Later", "Later one", "Some day one"]
    places = [page.index(f">{words}<") for words in order]
    assert places == sorted(places)
    assert "5 tasks to do" in page
    assert "Of Dimas" not in page


def test_one_press_does_it_and_undo_takes_it_back(small_world):
    number = task(small_world, "Call")

    done = small_world.post(f"/tasks/{number}/done", follow_redirects=True).text
    undo = done.partition('action="/undo/')[2].partition('"')[0]
    small_world.post(f"/undo/{undo}", {"back": "/tasks"})

    assert "You finished “Call”, just now." in done
    assert "done today" in done
    assert "1 task to do" in listed(small_world)


def test_a_task_is_added_on_a_deals_page_and_told_in_its_diary(small_world):
    deal = small_world.deal("Pilot")
    form = {"title": "Send it", "due_on": "2026-11-26", "assignee_id": small_world.dimas.id, "back": f"/deals/{deal}"}

    page = small_world.post(f"/deals/{deal}/tasks", form, follow_redirects=True).text

    assert "You added the task “Send it”, just now." in page
    assert "Thu 26 Nov · Dimas Prasetyo" in page
    assert f'href="/deals/{deal}"><bdi>Pilot</bdi></a>' in small_world.client(small_world.dimas).get("/tasks").text


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"title": " "}, "Task may not be empty."),
        ({"title": "x" * 301}, "Task holds up to 300 characters, and this has 301."),
        ({"due_on": "soon"}, "“soon” is not a date."),
        ({"assignee_id": "99"}, "Choose somebody of your team."),
        ({"assignee_id": "nobody"}, "Choose somebody of your team."),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(small_world, wrong, said):
    deal = small_world.deal("Pilot")
    form = {"title": "Send it", "due_on": "", "assignee_id": "1"} | wrong

    made, kept = small_world.post(f"/deals/{deal}/tasks", form), small_world.post("/tasks", form)

    for answer in (made, kept):
        assert answer.status_code == 422
        assert said in answer.text
        assert f'value="{form["title"].strip()}"' in answer.text


def test_a_task_is_edited_and_the_diary_says_from_what_to_what(small_world):
    deal = small_world.deal("Pilot")
    number = task(small_world, "Call", deal_id=deal, days=1)

    assert 'value="Call"' in listed(small_world, f"/tasks/{number}")
    small_world.post(f"/tasks/{number}", {"title": "Write", "due_on": "", "assignee_id": small_world.dimas.id})

    page = listed(small_world, f"/deals/{deal}")
    assert "the title from Call to Write" in page
    assert "the person from Anna Kowalczyk to Dimas Prasetyo" in page
    assert "the day from Tue 24 Nov to nothing" in page


def test_a_deleted_task_comes_back_by_undo(small_world):
    deal = small_world.deal("Pilot")
    number = task(small_world, "Call", deal_id=deal)

    page = small_world.post(f"/tasks/{number}/delete", {"back": f"/deals/{deal}"}, follow_redirects=True).text
    undo = page.partition('action="/undo/')[2].partition('"')[0]
    small_world.post(f"/undo/{undo}", {"back": f"/deals/{deal}"})

    assert "Undo takes back the deletion of the task." in page
    assert f'action="/tasks/{number}/done"' in listed(small_world, f"/deals/{deal}")


def test_nobody_is_sent_to_another_site(small_world):
    number = task(small_world, "Call")

    assert small_world.post(f"/tasks/{number}/done", {"back": "https://evil.test/"}).location == "/"


def test_an_empty_page_says_what_to_do_first(small_world):
    assert "No task yet. Add one here" in listed(small_world)


@pytest.mark.parametrize("path", ["/tasks/9", "/tasks/9/done"])
def test_nobody_touches_a_task_that_is_not_there(small_world, path):
    assert small_world.post(path).status_code == 404


@pytest.mark.parametrize("nobody", ["99999", "0", "-1", "Anna", "999999999999", ""])
@pytest.mark.parametrize("path", ["/tasks", "/deals/{deal}/tasks"])
def test_a_task_for_nobody_of_the_team_is_refused_with_what_was_typed(small_world, path, nobody):
    address = path.format(deal=small_world.deal("Pilot"))

    answer = small_world.post(address, {"title": "Call them", "assignee_id": nobody})

    assert answer.status_code == 422
    assert "Choose somebody of your team." in answer.text
    assert 'value="Call them"' in answer.text


@pytest.mark.parametrize("nobody", ["99999", "Anna"])
def test_a_task_given_to_nobody_stays_as_it_was(small_world, nobody):
    number = task(small_world, "Call")

    answer = small_world.post(f"/tasks/{number}", {"title": "Call", "assignee_id": nobody})

    assert answer.status_code == 422
    assert "Choose somebody of your team." in answer.text


@pytest.mark.parametrize("nobody", ["99999", "Anna", ""])
def test_a_persons_task_for_nobody_is_refused_too(small_world, nobody):
    with small_world.database.writing(small_world.viewer) as session:
        person = contacts.create(session, "jane@kartonex.test", at=MONDAY).id

    answer = small_world.post(f"/people/{person}/tasks", {"title": "Call Jane", "assignee_id": nobody})

    assert answer.status_code == 422
    assert "Choose somebody of your team." in answer.text
    assert 'value="Call Jane"' in answer.text
