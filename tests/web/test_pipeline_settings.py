"""Pipelines are made, shaped, put away and brought back on their pages, by those who may; reps are told so."""

from __future__ import annotations

import html
import re

import pytest

from addon.domain.access import Viewer
from addon.domain.pipelines import members, queries
from addon.domain.teams import operations as teams
from addon.models import Deal, Pipeline, Role, Sight, User
from tests.web.web_world import MONDAY, World

NAUGHTY = "<script>alert(1)</script> Żółć 🚀 ‏שלום " + "W" * 150


@pytest.fixture
def shop(small_world: World) -> World:
    """Anna is an admin, Dimas a rep."""
    with small_world.database.writing(Viewer.operator(small_world.anna.team_id)) as session:
        session.get_one(User, small_world.anna.id).role = Role.ADMIN
    small_world.anna.role = Role.ADMIN
    return small_world


def text(made: World, path: str, **more: object) -> str:
    answer = made.client(**more).get(path)  # type: ignore[arg-type]
    assert answer.status_code == 200, path
    return html.unescape(answer.get_data(as_text=True))


def names(made: World, pipeline_id: int | None = None) -> list[str]:
    with made.database.reading(made.viewer) as session:
        return [stage.name for stage in queries.stages(session, pipeline_id or made.pipeline.id)]


def follow(made: World, answer: object) -> str:
    assert answer.status_code == 302, answer.get_data(as_text=True)[-500:]  # type: ignore[attr-defined]
    return text(made, answer.location)  # type: ignore[attr-defined]


def test_a_pipeline_is_made_from_a_ready_set_with_one_press_and_undone_with_another(shop):
    ready = text(shop, "/settings/pipelines/new")
    assert "Lead qualification" in ready
    assert "Onboarding" in ready

    answer = shop.post("/settings/pipelines", {"template": "after_sales"})

    page = follow(shop, answer)
    assert "The pipeline After-sales is made." in page
    undo = re.search(r'action="(/undo/\d+)"', page)
    assert undo
    back = re.search(r'name="back" value="([^"]+)"', page)
    assert back
    page = follow(shop, shop.post(undo[1], {"back": back[1]}))
    assert "Taken back: it is as it was before." in page
    assert "Undo the undo" in page
    with shop.database.reading(shop.viewer) as session:
        assert [line.name for line in queries.live(session)] == ["Outbound"]


def test_a_second_pipeline_from_the_same_set_is_numbered(shop):
    for _ in range(3):
        shop.post("/settings/pipelines", {"template": "outbound"})
    with shop.database.reading(shop.viewer) as session:
        assert [line.name for line in queries.live(session)] == ["Outbound", "Outbound 2", "Outbound 3", "Outbound 4"]


def test_an_empty_pipeline_needs_a_name_and_keeps_what_was_typed(shop):
    refused = shop.post("/settings/pipelines", {"template": "empty", "currency": "PLN"})

    assert refused.status_code == 422
    page = refused.get_data(as_text=True)
    assert "A pipeline needs a name" in page
    assert 'value="PLN"' in page
    bad = shop.post("/settings/pipelines", {"template": "empty", "name": "Nowy", "currency": "zł"})
    assert bad.status_code == 422
    assert "is not a currency" in bad.get_data(as_text=True)
    made = shop.post("/settings/pipelines", {"template": "empty", "name": NAUGHTY, "currency": "pln"})
    page = shop.client().get(made.location).get_data(as_text=True)
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


def test_pipelines_are_ordered_put_away_and_brought_back(shop):
    shop.post("/settings/pipelines", {"template": "ladder"})
    with shop.database.reading(shop.viewer) as session:
        first, second = (line.id for line in queries.live(session))

    page = follow(shop, shop.post("/settings/pipelines/order", {"order": [first, second], "down": first}))
    assert page.index("Ladder") < page.index(">Outbound")
    assert re.search(rf'name="down" value="{first}"[^>]*autofocus', page), "the pressed button keeps the focus"
    page = follow(shop, shop.post(f"/settings/pipelines/{second}/archive"))
    assert "Ladder is put away" in page
    page = follow(shop, shop.post(f"/settings/pipelines/{second}/restore"))
    assert "Ladder is back" in page


def test_stages_are_added_renamed_and_ordered(shop):
    address = f"/settings/pipelines/{shop.pipeline.id}"
    page = follow(shop, shop.post(f"{address}/stages", {"name": "Demo", "probability": "50 %", "age_limit_days": "7"}))
    assert "The stage Demo was added." in page
    assert names(shop) == [
        "Prospecting",
        "Lead qualification",
        "Meeting",
        "Proposal",
        "Negotiation",
        "Demo",
        "Won",
        "Lost",
    ]
    ids = [int(found) for found in re.findall(r'name="order" value="(\d+)"', page)]

    shop.post(f"{address}/stages/order", {"order": [ids[5], *ids[:5], *ids[6:]]})

    assert names(shop)[0] == "Demo"
    shop.post(f"{address}/stages/order", {"order": [ids[5], *ids[:5], *ids[6:]], "down": ids[5]})
    assert names(shop)[:2] == ["Prospecting", "Demo"]


def test_all_that_a_stage_expects_is_set_on_its_page(shop):
    shop.post("/settings/fields/deal", {"name": "Seats", "kind": "number"})
    stage, other = shop.stage("Meeting"), shop.stage("Proposal")
    address = f"/settings/pipelines/{shop.pipeline.id}/stages/{stage}"
    form = {
        "name": "First meeting",
        "probability": "45",
        "age_limit_days": "",
        "kind": "open",
        "help": "Listen.",
        "item_id": ["", "", ""],
        "item": ["Agenda", "", "Notes"],
        "enter": ["f1"],
        "leave": ["value", "company"],
        "leads": "some",
        "leads_to": [other],
    }

    page = follow(shop, shop.post(address, form))

    assert "The stage First meeting was changed." in page
    with shop.database.reading(shop.viewer) as session:
        now = queries.get_stage(session, stage).now
        assert (now.name, now.probability, now.age_limit_days, now.help) == ("First meeting", 45, None, "Listen.")
        assert [item["text"] for item in now.checklist] == ["Agenda", "Notes"]
        assert (now.required_to_enter, now.required_to_leave, now.leads_to) == (["f1"], ["value", "company"], [other])
        ids = [item["id"] for item in now.checklist]

    kept = form | {"item_id": [*ids, ""], "item": ["Agenda, two days before", "Notes", ""], "checklist": "down-0"}
    page = follow(shop, shop.post(address, kept))

    with shop.database.reading(shop.viewer) as session:
        now = queries.get_stage(session, stage).now
        assert [(item["id"], item["text"]) for item in now.checklist] == [
            (ids[1], "Notes"),
            (ids[0], "Agenda, two days before"),
        ], "a point keeps its id, whatever it is called and wherever it stands"


def test_what_was_typed_stays_where_a_stage_is_refused(shop):
    address = f"/settings/pipelines/{shop.pipeline.id}/stages/{shop.stage('Meeting')}"
    form = {
        "name": "Typed",
        "probability": "lots",
        "help": "Kept",
        "item_id": [""],
        "item": ["Kept point"],
        "enter": "value",
    }

    refused = shop.post(address, form)

    assert refused.status_code == 422
    page = refused.get_data(as_text=True)
    assert "is no probability" in page
    assert all(kept in page for kept in ('value="Typed"', 'value="lots"', "Kept</textarea>", 'value="Kept point"'))
    assert 'name="enter" value="value" checked' in page
    assert "Meeting" in names(shop)


def test_deleting_a_stage_with_deals_says_how_many_asks_for_a_target_and_moves_them_quietly(shop):
    deals = [shop.deal(f"Deal {n}", "Meeting") for n in range(3)]
    address = f"/settings/pipelines/{shop.pipeline.id}"
    stage = shop.stage("Meeting")
    page = text(shop, f"{address}/stages/{stage}")
    assert "3 deals stand here." in page
    assert "Delete the stage and move 3 deals" in page

    refused = shop.post(f"{address}/stages/{stage}/delete")
    assert refused.status_code == 422
    assert "Choose the stage they move to" in refused.get_data(as_text=True)
    page = follow(shop, shop.post(f"{address}/stages/{stage}/delete", {"target": shop.stage("Proposal")}))

    assert "The stage Meeting was deleted; 3 deals moved to Proposal." in page
    with shop.database.reading(shop.viewer) as session:
        assert {session.get_one(Deal, deal).stage_id for deal in deals} == {shop.stage("Proposal")}
    undo = re.search(r'action="(/undo/\d+)"', page)
    assert undo
    shop.post(undo[1], {"back": address})
    with shop.database.reading(shop.viewer) as session:
        assert {session.get_one(Deal, deal).stage_id for deal in deals} == {stage}


def test_a_deleted_stage_is_brought_back(shop):
    address = f"/settings/pipelines/{shop.pipeline.id}"
    page = follow(shop, shop.post(f"{address}/stages/{shop.stage('Meeting')}/delete"))
    assert "1 deleted stage" in page

    page = follow(shop, shop.post(f"{address}/stages/{shop.stage('Meeting')}/restore"))

    assert "The stage Meeting is back." in page
    assert "Meeting" in names(shop)


def test_a_stage_of_another_pipeline_is_not_found_here(shop):
    shop.post("/settings/pipelines", {"template": "ladder"})
    stage = shop.stage("Meeting")
    with shop.database.reading(shop.viewer) as session:
        other = queries.live(session)[1].id
    for path in (f"/settings/pipelines/{other}/stages/{stage}", "/settings/pipelines/999"):
        assert shop.client().get(path).status_code == 404
    assert shop.post(f"/settings/pipelines/{other}/stages/{stage}/delete").status_code == 404
    assert "Meeting" in names(shop)


def test_a_pipeline_is_closed_to_its_members_and_opened_again(shop):
    address = f"/settings/pipelines/{shop.pipeline.id}"
    page = follow(shop, shop.post(f"{address}/members", {"user": shop.dimas.id}))
    assert "Dimas Prasetyo works in Outbound now." in page
    page = follow(shop, shop.post(f"{address}/open", {"to": "members"}))
    assert "Only its members and admins see this pipeline" in page
    page = follow(shop, shop.post(f"{address}/members/{shop.dimas.id}/remove"))
    assert "no longer works in Outbound" in page
    assert shop.client(shop.dimas).get(f"/board/{shop.pipeline.id}").status_code == 404
    follow(shop, shop.post(f"{address}/open", {"to": "team"}))
    with shop.database.reading(shop.viewer) as session:
        assert not session.get_one(Pipeline, shop.pipeline.id).members_only


def test_what_follows_a_won_deal_is_chosen_and_cannot_be_itself(shop):
    shop.post("/settings/pipelines", {"template": "after_sales"})
    with shop.database.reading(shop.viewer) as session:
        after = queries.live(session)[1].id
    address = f"/settings/pipelines/{shop.pipeline.id}"
    form = {"name": "Outbound", "currency": "PLN", "after_sales": after}

    page = follow(shop, shop.post(address, form))

    assert "Outbound was changed." in page
    with shop.database.reading(shop.viewer) as session:
        assert session.get_one(Pipeline, shop.pipeline.id).after_sales_id == after
    refused = shop.post(address, form | {"after_sales": shop.pipeline.id})
    assert refused.status_code == 422
    assert "own after-sales" in refused.get_data(as_text=True)


@pytest.mark.parametrize(
    "path",
    [
        "/settings/pipelines",
        "/settings/pipelines/new",
        "/settings/pipelines/{id}",
        "/settings/pipelines/{id}/stages/{stage}",
        "/settings/fields/deal",
        "/settings/fields/contact",
        "/settings/roles",
    ],
)
def test_a_rep_is_told_in_words_that_they_shape_nothing(shop, path):
    where = path.format(id=shop.pipeline.id, stage=shop.stage("Meeting"))
    answer = shop.client(shop.dimas).get(where)

    assert answer.status_code == 403
    assert "You may not open this page" in answer.get_data(as_text=True)


def test_a_rep_changes_nothing_by_posting(shop):
    address = f"/settings/pipelines/{shop.pipeline.id}"
    for path in ("", "/archive", "/stages", f"/stages/{shop.stage('Meeting')}/delete", "/open"):
        form = {"name": "Mine", "currency": "EUR", "to": "members", "probability": "1"}
        assert shop.post(f"{address}{path}", form, user=shop.dimas).status_code == 403, path
    assert shop.post("/settings/pipelines", {"template": "ladder"}, user=shop.dimas).status_code == 403


def test_settings_lead_only_where_one_may_go(shop):
    assert "/settings/pipelines" in text(shop, "/settings")
    for_rep = text(shop, "/settings", user=shop.dimas)
    assert "/settings/pipelines" not in for_rep
    assert "/settings/roles" not in for_rep
    assert "/imports" in for_rep


def test_a_manager_who_sees_only_some_of_the_deals_does_not_shape_the_pipeline(shop):
    with shop.database.writing(shop.viewer) as session:
        teams.change_role(session, shop.dimas.id, Role.MANAGER, at=MONDAY)
        teams.set_sight(session, Role.MANAGER, Sight.PIPELINES, at=MONDAY)
    page = text(shop, "/settings/pipelines", user=shop.dimas)
    assert "you see only some of its deals" in page
    assert shop.client(shop.dimas).get(f"/settings/pipelines/{shop.pipeline.id}").status_code == 403
    with shop.database.writing(shop.viewer) as session:
        members.add(session, shop.pipeline.id, shop.dimas.id, at=MONDAY)
    assert shop.client(shop.dimas).get(f"/settings/pipelines/{shop.pipeline.id}").status_code == 200


def test_a_stage_that_was_deleted_under_an_open_page_is_told_of_and_nothing_changes(shop):
    address = f"/settings/pipelines/{shop.pipeline.id}/stages/{shop.stage('Meeting')}"
    shop.post(f"{address}/delete")

    late = shop.post(address, {"name": "Too late", "probability": "1"})

    assert late.status_code == 409
    assert "Meeting" in late.get_data(as_text=True)
    assert "Nothing was changed." in late.get_data(as_text=True)
    assert shop.post(f"{address}/delete").status_code == 409


def test_a_pipeline_of_another_team_is_not_there(shop):
    with shop.database.writing(Viewer.operator(0)) as session:
        team = teams.create_team(session, "Others", at=MONDAY)
    with shop.database.writing(Viewer.operator(team.id)) as session:
        teams.add_user(session, "stranger@others.test", role=Role.ADMIN, at=MONDAY)
        stranger = session.query(User).one()
    client = shop.client(stranger)
    for path in ("", f"/stages/{shop.stage('Meeting')}"):
        assert client.get(f"/settings/pipelines/{shop.pipeline.id}{path}").status_code == 404
    assert "Outbound" not in html.unescape(client.get("/settings/pipelines").get_data(as_text=True))
    assert "Dimas" not in client.get("/settings/roles").get_data(as_text=True)
    assert shop.post(f"/settings/pipelines/{shop.pipeline.id}/archive", user=stranger).status_code == 404
    assert shop.post(f"/settings/roles/people/{shop.dimas.id}", {"role": "admin"}, user=stranger).status_code == 404
