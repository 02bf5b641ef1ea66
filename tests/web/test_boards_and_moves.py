"""The board and its moves, as pages and scripts ask for them."""

from __future__ import annotations

import pytest
from werkzeug.test import TestResponse

from addon.domain.access import Viewer
from addon.domain.activity.operations import record
from addon.domain.pipelines import operations as pipelines
from addon.domain.teams import operations as teams
from addon.models import Role, StageKind, User
from tests.web.web_world import MONDAY, World


def drawn(answer: TestResponse) -> str:
    """The columns that an answer draws."""
    return "".join(column.get("html", "") for column in answer.json["columns"])


def other_team(made: World) -> User:
    with made.database.writing(Viewer.operator(0)) as session:
        team_id = teams.create_team(session, "Elsewhere", at=MONDAY).id
    with made.database.writing(Viewer.operator(team_id)) as session:
        return teams.add_user(session, "eve@elsewhere.test", role=Role.REP, at=MONDAY)


def test_the_start_page_is_the_first_board(small_world):
    client = small_world.client()

    assert client.get("/").headers["Location"] == "/board"
    assert client.get("/board").headers["Location"] == f"/board/{small_world.pipeline.id}"


def test_a_team_without_a_pipeline_is_told_what_one_is(small_world):
    stranger = small_world.client(other_team(small_world))

    assert "No pipeline yet" in stranger.get("/board").text


def test_columns_carry_count_value_and_weighted_value_and_never_add_currencies(small_world):
    small_world.deal("One", "Proposal", company="Alfa", amount="1000")
    small_world.deal("Two", "Proposal", company="Beta", amount="500.50", currency="PLN")
    small_world.deal("Three", "Proposal", company="Gamma")

    page = small_world.client().get(f"/board/{small_world.pipeline.id}").text

    assert "€1,000 + PLN\u00a0500.50" in page
    assert "60 % → €600 + PLN\u00a0300.30" in page
    assert "3 deals" in page
    assert "so they are not added" in page


def test_a_deal_without_a_company_is_called_by_its_person_or_its_title(small_world):
    small_world.deal("Pilot", person=("Siti Rahmawati", "siti@gudang.test"))
    small_world.deal("Only a title")

    page = small_world.client().get(f"/board/{small_world.pipeline.id}").text

    assert 'data-name="Siti Rahmawati"' in page
    assert 'data-name="Only a title"' in page


def test_words_that_people_typed_stay_words(small_world):
    deal = small_world.deal("<script>alert(1)</script>", company="<b>Bold</b> & Sons", step='"><img src=x>')

    board = small_world.client().get(f"/board/{small_world.pipeline.id}").text
    page = small_world.client().get(f"/deals/{deal}").text

    for text in (board, page):
        assert "<script>alert" not in text
        assert "<b>Bold" not in text
        assert "<img src=x" not in text


def test_a_script_moves_a_deal_and_gets_the_truth_back(small_world):
    deal = small_world.deal("Pilot", company="Kartonex")

    form = {"stage": small_world.stage("Meeting"), "seen": small_world.seen(deal)}
    answer = small_world.post(f"/deals/{deal}/move", form, json=True)

    assert answer.status_code == 200
    assert answer.json["say"].startswith("Moved Kartonex to Meeting")
    assert "Undo takes back the move, so that it is in Prospecting again." in answer.json["moved"]
    assert f'data-seen="{small_world.seen(deal)}"' in drawn(answer)


def test_a_mover_who_lost_to_a_rule_is_told_of_the_mail_and_of_no_colleague(small_world):
    deal = small_world.deal("Pilot", company="Kartonex")
    seen = small_world.seen(deal)
    small_world.answer_moves(deal, "Proposal", "Please send us a proposal.")

    answer = small_world.post(f"/deals/{deal}/move", {"stage": small_world.stage("Lost"), "seen": seen}, json=True)

    assert answer.status_code == 409
    assert answer.json["text"].startswith("A mail that came in moved this deal first")


def test_the_second_of_two_movers_is_refused_with_the_first_ones_name(small_world):
    deal = small_world.deal("Pilot", company="Kartonex")
    seen = small_world.seen(deal)
    small_world.move(deal, "Proposal", user=small_world.dimas)

    form = {"stage": small_world.stage("Lost"), "seen": seen}
    answer = small_world.post(f"/deals/{deal}/move", form, json=True)
    page = small_world.post(f"/deals/{deal}/move", form)

    assert answer.status_code == 409
    assert answer.json["title"] == "Not moved to Lost."
    assert answer.json["text"].startswith("Dimas Prasetyo moved this deal first")
    assert "It is in Proposal now. Your move was not made." in answer.json["text"]
    assert page.status_code == 409
    assert "Not moved to Lost." in page.text


def test_a_deal_deleted_in_another_tab_is_not_there(small_world):
    deal = small_world.deal("Pilot")
    form = {"stage": small_world.stage("Meeting"), "seen": small_world.seen(deal)}
    small_world.post(f"/deals/{deal}/delete")

    assert small_world.post(f"/deals/{deal}/move", form, json=True).status_code == 404
    assert small_world.client().get(f"/deals/{deal}").status_code == 404


def test_nobody_sees_or_moves_another_teams_deal(small_world):
    deal = small_world.deal("Pilot", company="Kartonex")
    eve = other_team(small_world)
    form = {"stage": small_world.stage("Meeting"), "seen": small_world.seen(deal)}

    assert small_world.client(eve).get(f"/deals/{deal}").status_code == 404
    assert small_world.client(eve).get(f"/board/{small_world.pipeline.id}").status_code == 404
    assert small_world.post(f"/deals/{deal}/move", form, user=eve).status_code == 404


def test_a_move_without_our_own_page_behind_it_is_refused(small_world):
    deal = small_world.deal("Pilot")
    form = {"stage": small_world.stage("Meeting"), "seen": small_world.seen(deal)}

    answer = small_world.client().post(f"/deals/{deal}/move", data=form)

    assert answer.status_code == 400
    assert "This page was open too long" in answer.text
    assert small_world.seen(deal) == form["seen"]


def test_a_stage_of_another_pipeline_is_refused(small_world):
    deal = small_world.deal("Pilot")
    with small_world.database.writing(Viewer.operator(small_world.viewer.team_id)) as session:
        drafts = [pipelines.StageDraft(str(kind), kind=kind) for kind in StageKind]
        stage = pipelines.create(session, "Other", drafts, at=MONDAY).stages[0].id

    answer = small_world.post(f"/deals/{deal}/move", {"stage": stage, "seen": small_world.seen(deal)}, json=True)

    assert answer.status_code == 409
    assert "another pipeline" in answer.json["text"]


@pytest.mark.parametrize("form", [{}, {"stage": "x", "seen": "1"}, {"stage": "1"}])
def test_a_move_that_makes_no_sense_changes_nothing(small_world, form):
    deal = small_world.deal("Pilot")

    assert small_world.post(f"/deals/{deal}/move", form).status_code == 400


def test_a_script_that_knows_the_board_gets_nothing_new(small_world):
    client, path = small_world.client(), f"/board/{small_world.pipeline.id}/state"
    known = client.get(path).json["print"]

    assert client.get(f"{path}?known={known}").status_code == 204

    small_world.deal("Pilot", company="Kartonex")

    assert "Kartonex" in drawn(client.get(f"{path}?known={known}"))


def test_a_script_of_somebody_signed_out_is_told_so(small_world):
    answer = small_world.stranger().get(
        f"/board/{small_world.pipeline.id}/state", headers={"Accept": "application/json"}
    )

    assert answer.status_code == 401


def test_an_undo_is_an_act_and_can_be_undone(small_world):
    deal = small_world.deal("Pilot", company="Kartonex")
    moved = small_world.move(deal, "Meeting")

    back = small_world.post(f"/undo/{moved}", {"back": f"/deals/{deal}"})
    page = small_world.client().get(f"/deals/{deal}").text

    assert back.headers["Location"] == f"/deals/{deal}"
    assert "You took back" in page
    assert "Undo the undo" in page


def test_an_undo_that_others_overtook_says_what_changed_since(small_world):
    deal = small_world.deal("Pilot", company="Kartonex")
    moved = small_world.move(deal, "Meeting")
    small_world.move(deal, "Proposal", user=small_world.dimas)

    answer = small_world.post(f"/undo/{moved}", {"back": "//evil.test"})

    assert answer.status_code == 409
    assert "It was moved again since" in answer.text
    assert "evil.test" not in answer.text


def test_what_cannot_be_taken_back_says_so(small_world):
    deal = small_world.deal("Pilot")
    with small_world.database.writing(small_world.viewer) as session:
        mail = record(session, "mail.received", ("deal", deal), at=MONDAY).id

    answer = small_world.post(f"/undo/{mail}")

    assert answer.status_code == 409
    assert "cannot be taken back" in answer.text


def test_the_line_of_what_just_happened_survives_a_reload_until_it_is_taken_back(small_world):
    deal = small_world.deal("Pilot", company="Kartonex")
    moved = small_world.move(deal, "Meeting")
    path = f"/board/{small_world.pipeline.id}?done={moved}"

    assert "Moved Kartonex to Meeting" in small_world.client().get(path).text

    small_world.post(f"/undo/{moved}")

    assert "Moved Kartonex to Meeting" not in small_world.client().get(path).text
    assert small_world.client().get(f"/board/{small_world.pipeline.id}?done=999").status_code == 200
