"""The stage of a deal changed in its row of a table: it goes through the ladder, with the refusals that a board has."""

from __future__ import annotations

import re

from werkzeug.test import TestResponse

from addon.domain.access import Viewer
from addon.domain.pipelines import operations as pipelines
from addon.domain.pipelines.operations import StageDraft
from addon.models import Deal, FieldKind, StageKind
from tests.web.test_boards_and_moves import other_team
from tests.web.views_world import board, field, requires
from tests.web.web_world import MONDAY, World


def choose(made: World, deal: int, stage: object, at: str = "/deals", **more: object) -> TestResponse:
    form = {"at": at, "keys": "stage", "stage": stage, "seen": made.seen(deal), "part": "1"}
    return made.post(f"/cells/{deal}", {**form, **more}, json=True)


def stage_of(made: World, deal: int) -> str:
    with made.database.reading(made.viewer) as session:
        return session.get_one(Deal, deal).stage.name


def test_the_cell_offers_the_stages_of_the_deals_own_pipeline(small_world):
    deal = small_world.deal("Pilot", "Meeting", company="Kartonex")
    with small_world.database.writing(Viewer.operator(small_world.viewer.team_id)) as session:
        ends = [StageDraft("Won", kind=StageKind.WON), StageDraft("Lost", kind=StageKind.LOST)]
        drafts = [StageDraft("Onboarding"), *ends]
        pipelines.create(session, "After-sales", drafts, at=MONDAY)

    table = small_world.client().get("/deals").text
    form = small_world.client().get(f"/cells/{deal}?at=/deals&keys=stage&part=1").text

    assert 'data-edit="stage"' in table
    assert re.findall(r"<option[^>]*>([^<]+)", form) == [
        "Prospecting", "Lead qualification", "Meeting", "Proposal", "Negotiation", "Won", "Lost",
    ]  # fmt: skip
    assert re.search(r"<option[^>]* selected>Meeting", form)


def test_choosing_another_moves_the_deal(small_world):
    deal = small_world.deal("Pilot", company="Kartonex")

    answer = choose(small_world, deal, small_world.stage("Proposal"))

    assert answer.status_code == 200
    assert "Proposal" in answer.json["moved"]
    assert "data-undo" in answer.json["moved"]
    assert stage_of(small_world, deal) == "Proposal"


def test_without_a_script_it_is_a_page_that_leads_back_to_the_table(small_world):
    deal = small_world.deal("Pilot", company="Kartonex")
    assert "<h1" in small_world.client().get(f"/cells/{deal}?at=/deals&keys=stage").text

    form = {"at": "/deals", "keys": "stage", "stage": small_world.stage("Meeting"), "seen": small_world.seen(deal)}
    answer = small_world.post(f"/cells/{deal}", form)

    assert answer.headers["Location"].startswith("/deals?")
    assert stage_of(small_world, deal) == "Meeting"


def test_a_stage_that_asks_for_fields_says_so_and_leads_to_the_form(small_world):
    deal = small_world.deal("Pilot", company="Kartonex")
    needed = field(small_world, FieldKind.TEXT, "Decision maker")
    requires(small_world, "Meeting", needed)

    answer = choose(small_world, deal, small_world.stage("Meeting"))

    assert answer.status_code == 422
    assert "It needs “Decision maker”. Nothing was changed." in answer.text
    assert f'href="/deals/{deal}/edit?need={needed}#{needed}"' in answer.text
    assert stage_of(small_world, deal) == "Prospecting"


def test_lost_asks_why(small_world):
    deal, lost = small_world.deal("Pilot", company="Kartonex"), small_world.stage("Lost")

    asked = choose(small_world, deal, lost)
    empty = choose(small_world, deal, lost, lost_reason=" ")
    told = choose(small_world, deal, lost, lost_reason="Too dear")

    assert (asked.status_code, empty.status_code, told.status_code) == (422, 422, 200)
    assert 'name="lost_reason"' in asked.text
    assert "dt-err" not in asked.text, "nobody was asked yet"
    assert "dt-err" in empty.text
    assert re.search(r"<option[^>]* selected>Lost", asked.text)
    with small_world.database.reading(small_world.viewer) as session:
        assert session.get_one(Deal, deal).lost_reason == "Too dear"


def test_who_was_first_wins_and_is_named(small_world):
    deal = small_world.deal("Pilot", company="Kartonex")
    seen = small_world.seen(deal)
    small_world.move(deal, "Proposal", user=small_world.dimas)

    answer = choose(small_world, deal, small_world.stage("Meeting"), seen=seen)

    assert answer.status_code == 422
    assert "Dimas Prasetyo moved this deal first" in answer.text
    assert re.search(r"<option[^>]* selected>Proposal", answer.text), "where it stands now"
    assert stage_of(small_world, deal) == "Proposal"


def test_nobody_moves_another_teams_deal_nor_the_stage_of_a_person(small_world):
    deal = small_world.deal("Pilot", company="Kartonex", person=("Jane", "jane@x.test"))
    eve = other_team(small_world)
    form = {"at": "/deals", "keys": "stage", "stage": small_world.stage("Meeting"), "seen": "1"}

    assert small_world.client(eve).get(f"/cells/{deal}?at=/deals&keys=stage").status_code == 404
    assert small_world.post(f"/cells/{deal}", form, user=eve).status_code == 404
    assert small_world.client().get(f"/cells/{deal}?at=/people&keys=stage").status_code == 404
    assert small_world.post(f"/cells/{deal}", {**form, "stage": "x"}).status_code == 400
    assert small_world.client().get(f"/cells/{deal}?at={board(small_world)}&keys=stage,pipeline").status_code == 404
    assert stage_of(small_world, deal) == "Prospecting"
