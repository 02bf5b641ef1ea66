"""Acts on many cards: each as if it were done alone, the refused ones listed with their reasons, undone as one."""

from __future__ import annotations

import re

from werkzeug.test import TestResponse

from addon.domain.access import Viewer
from addon.domain.bulk import operations as bulk
from addon.domain.fields import queries as field_queries
from addon.domain.fields import stored
from addon.domain.ladder import operations as ladder
from addon.domain.pipelines import operations as pipelines
from addon.domain.pipelines.operations import StageDraft
from addon.domain.pipelines.queries import stages as stages_of
from addon.models import Deal, FieldKind, Role, StageKind, Subject, User
from addon.worker.bulk import Bulks
from tests.web.test_boards_and_moves import other_team
from tests.web.views_world import board, field, requires
from tests.web.web_world import MONDAY, World


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


def test_a_fresh_team_makes_its_first_tag_by_typing_it_and_takes_it_off_again(small_world):
    one, two = small_world.deal("One", company="Alfa"), small_world.deal("Two", company="Beta")
    page = small_world.client().get(board(small_world)).text
    assert 'id="many-tag"' in page
    assert 'data-act="untag"' in page
    assert "There is no tag called “Hot”" in many(small_world, "untag", "Hot", one, two).json["text"]
    assert "An admin or a manager can add it" in many(small_world, "tag", "Hot", one, two).json["text"]
    with small_world.database.writing(Viewer.operator(small_world.viewer.team_id)) as session:
        session.get_one(User, small_world.anna.id).role = Role.MANAGER

    assert many(small_world, "tag", " Hot ", one, two).status_code == 200
    assert many(small_world, "tag", "tags: cold", one).status_code == 200
    assert many(small_world, "untag", "HOT", one).status_code == 200

    offered = small_world.client().get("/board/many/tags", query_string={"at": board(small_world)}).text
    assert re.findall(r'value="([^"]+)"', offered) == ["Tags: Hot", "Tags: cold"]
    with small_world.database.reading(small_world.viewer) as session:
        [spec] = [spec for spec in field_queries.specs(session, Subject.DEAL) if spec.custom]
        hot, cold = (option.id for option in spec.options)
        held = stored.read_many(session, Subject.DEAL, [one, two], [spec])
    assert held == {one: {spec.key: frozenset({cold})}, two: {spec.key: frozenset({hot})}}


def test_every_tag_is_offered_however_many_there_are(small_world):
    field(small_world, FieldKind.MULTI_SELECT, "Tags", *(f"T{number}" for number in range(90)))

    offered = small_world.client().get("/board/many/tags", query_string={"at": board(small_world)}).text

    assert offered.count("<option") == 90


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


def test_the_stages_to_move_to_come_when_they_are_asked_for(small_world):
    """A pipeline may have hundreds, and most pages are looked at without moving many."""
    small_world.deal("One", company="Alfa")
    line = long_line(small_world)

    page = small_world.client().get("/deals").text
    here = small_world.client().get(f"/board/many/stages?at={board(small_world)}").text
    everywhere = small_world.client().get("/board/many/stages?at=/deals").text
    table = small_world.client().get(f"/board/{line}?shape=table").text

    assert "Step 77" not in page + table + here
    assert 'data-stages="/board/many/stages"' in page
    assert here.count("<option") == 7
    assert re.search(r"<option[^>]* data-lost>Lost", here)
    assert re.findall(r'<optgroup label="([^"]+)">', everywhere) == [small_world.pipeline.name, "Long"]
    assert "Step 77" in everywhere
    assert small_world.client().get("/board/many/stages?at=/people").text == ""
    assert (
        small_world.client(other_team(small_world)).get(f"/board/many/stages?at={board(small_world)}").status_code
        == 404
    )


def test_on_the_table_of_all_deals_those_of_another_pipeline_stay_and_are_named(small_world):
    one, two = small_world.deal("One", company="Alfa"), small_world.deal("Two", company="Beta")
    line = long_line(small_world)
    with small_world.database.writing(small_world.viewer) as session:
        ladder.move_to_pipeline(session, two, stages_of(session, line)[0].id, seen=None, at=MONDAY)

    answer = many(small_world, "move", small_world.stage("Meeting"), one, two, at="/deals")

    assert "Moved 1 deal to Meeting. 1 stays as it is:" in answer.json["moved"]
    assert "<b>Beta</b> Meeting belongs to another pipeline." in answer.json["moved"]
    assert stages(small_world, one, two) == ["Meeting", "Step 0"]


def test_the_line_of_an_act_that_goes_on_says_so_to_the_script_until_it_is_done(small_world, monkeypatch):
    monkeypatch.setattr(bulk, "AT_ONCE", 1)
    deals = [small_world.deal("One", company="Alfa"), small_world.deal("Two", company="Beta")]

    begun = many(small_world, "assign", small_world.dimas.id, *deals).json
    before = small_world.client().get(f"/board/many/{begun['done']}?at=/deals").json
    bulks = Bulks(small_world.database)
    while waiting := bulks.waiting():
        bulks.turn(*waiting[0])
    after = small_world.client().get(f"/board/many/{begun['done']}?at=/deals").json

    for answer in (begun, before):
        assert f'data-under-way="{begun["done"]}"' in answer["moved"]
        assert "Under way: 0 of 2 deals." in answer["moved"]
    assert "data-under-way" not in after["moved"]
    assert "Changed 2 deals." in after["moved"]
    assert after["reload"] == "/deals"


def long_line(made: World) -> int:
    with made.database.writing(Viewer.operator(made.viewer.team_id)) as session:
        open_ones = [StageDraft(f"Step {n}") for n in range(100)]
        ends = [StageDraft("Won", kind=StageKind.WON), StageDraft("Lost", kind=StageKind.LOST)]
        return pipelines.create(session, "Long", [*open_ones, *ends], at=MONDAY).id
