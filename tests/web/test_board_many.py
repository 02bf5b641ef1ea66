"""Acts on many cards: each as if it were done alone, the refused ones listed with their reasons, undone as one."""

from __future__ import annotations

import re

from werkzeug.test import TestResponse

from addon.domain.fields import queries as field_queries
from addon.domain.fields import stored
from addon.models import Deal, FieldKind, Subject
from tests.web.test_boards_and_moves import other_team
from tests.web.views_world import board, field, requires
from tests.web.web_world import World


def many(made: World, act: str, value: object, *deals: int, **form: object) -> TestResponse:
    ids = ",".join(f"{deal}:{made.seen(deal)}" for deal in deals)
    return made.post("/board/many", {"at": board(made), "act": act, "value": value, "ids": ids, **form}, json=True)


def stages(made: World, *deals: int) -> list[str]:
    with made.database.reading(made.viewer) as session:
        return [session.get_one(Deal, deal).stage.name for deal in deals]


def test_many_are_moved_at_once_and_back_at_once(small_world):
    one, two = small_world.deal("One", company="Alfa"), small_world.deal("Two", company="Beta")

    answer = many(small_world, "move", small_world.stage("Meeting"), one, two)

    assert "Moved 2 deals to Meeting." in answer.json["moved"]
    assert "dt-toast" in answer.json["moved"]
    assert stages(small_world, one, two) == ["Meeting", "Meeting"]
    undo = re.search(r'action="(/undo/\d+)"', answer.json["moved"])
    assert undo is not None
    back = small_world.post(undo[1], {"back": board(small_world)}, json=True)
    assert back.status_code == 200, back.text
    assert stages(small_world, one, two) == ["Prospecting", "Prospecting"]


def test_those_that_may_not_go_stay_and_are_named_with_the_reason(small_world):
    one, two = small_world.deal("One", company="Alfa"), small_world.deal("Two", company="Beta", amount="5")
    requires(small_world, "Meeting", "value")

    answer = many(small_world, "move", small_world.stage("Meeting"), one, two)

    assert "Moved 1 deal to Meeting. 1 stays as it is:" in answer.json["moved"]
    assert "<b>Alfa</b> It needs “Value”. Nothing was changed." in answer.json["moved"]
    assert stages(small_world, one, two) == ["Prospecting", "Meeting"]


def test_who_was_moved_meanwhile_stays_where_the_other_put_it(small_world):
    deal = small_world.deal("One", company="Alfa")
    ids = f"{deal}:{small_world.seen(deal)}"
    small_world.move(deal, "Proposal", user=small_world.dimas)

    form = {"at": board(small_world), "act": "move", "value": small_world.stage("Meeting"), "ids": ids}
    answer = small_world.post("/board/many", form, json=True)

    assert "Nothing was changed." in answer.json["moved"]
    assert "Dimas Prasetyo moved this deal first" in answer.json["moved"]
    assert "Undo" not in answer.json["moved"]


def test_many_are_assigned_tagged_lost_and_deleted(small_world):
    one, two = small_world.deal("One", company="Alfa"), small_world.deal("Two", company="Beta")
    tags = field(small_world, FieldKind.MULTI_SELECT, "Tags", "Hot", "Cold")
    with small_world.database.reading(small_world.viewer) as session:
        spec = field_queries.spec(session, Subject.DEAL, tags)
    hot, cold = (option.id for option in spec.options)

    assert many(small_world, "assign", small_world.dimas.id, one, two).status_code == 200
    assert many(small_world, "tag", f"{tags}:{hot}", one, two).status_code == 200
    assert many(small_world, "tag", f"{tags}:{cold}", one).status_code == 200
    assert many(small_world, "move", small_world.stage("Lost"), two, lost_reason="Too dear").status_code == 200
    assert many(small_world, "delete", "", one).status_code == 200

    with small_world.database.reading(small_world.viewer) as session:
        held = stored.read_many(session, Subject.DEAL, [one, two], [spec])
        first, second = session.get_one(Deal, one), session.get_one(Deal, two)
        assert {first.owner_id, second.owner_id} == {small_world.dimas.id}
        assert held == {one: {tags: frozenset({hot, cold})}, two: {tags: frozenset({hot})}}
        assert second.lost_reason == "Too dear"
        assert first.deleted_at is not None


def test_nobody_acts_on_another_teams_deals_or_with_nonsense(small_world):
    deal = small_world.deal("One", company="Alfa")
    eve = other_team(small_world)
    form = {"at": board(small_world), "act": "delete", "ids": f"{deal}:1"}

    assert small_world.post("/board/many", form, json=True, user=eve).status_code in (404, 409)
    assert small_world.post("/board/many", {**form, "ids": ""}, json=True).status_code == 409
    assert small_world.post("/board/many", {**form, "ids": "x"}, json=True).status_code == 400
    assert small_world.post("/board/many", {**form, "act": "burn"}, json=True).status_code == 400
    assert stages(small_world, deal) == ["Prospecting"]
    with small_world.database.reading(small_world.viewer) as session:
        assert session.get_one(Deal, deal).deleted_at is None
