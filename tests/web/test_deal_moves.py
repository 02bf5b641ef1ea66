"""Moving a deal from its page: what a stage asks for, why a deal is lost, other pipelines, the after-sales twin."""

from __future__ import annotations

from decimal import Decimal

import pytest

from addon.domain.deals import queries as deals
from addon.domain.deals.operations import edit as edit_deal
from addon.domain.fields import operations as fields
from addon.domain.fields.keys import key_of
from addon.domain.pipelines import queries as pipelines
from addon.domain.pipelines import shaping
from addon.domain.pipelines.operations import StageDraft
from addon.models import Deal, FieldKind, Subject
from tests.web.deal_world import POLISH, admin, after_sales, shaped, with_fields
from tests.web.test_deal_fields import held
from tests.web.web_world import MONDAY


@pytest.fixture
def keys(small_world):
    return with_fields(small_world)


def stands(made, deal_id) -> Deal:
    with made.database.reading(made.viewer) as session:
        deal = deals.get(session, deal_id)
        _ = (deal.stage.name, deal.pipeline.name)
        return deal


def go(made, deal_id, stage, **given):
    seen = given.pop("seen", made.seen(deal_id))
    stage_id = made.stage(stage) if isinstance(stage, str) else stage
    return made.post(f"/deals/{deal_id}/to/{stage_id}", {"seen": seen, **given})


class TestWhatAStageAsksFor:
    def test_is_said_beside_the_stage_and_the_fact(self, small_world, keys):
        shaped(small_world, "Meeting", required_to_enter=[keys[POLISH]])

        page = small_world.client().get(f"/deals/{small_world.deal('Pilot')}").text

        assert f"needs “{POLISH}”" in page
        assert "needed for Meeting" in page

    def test_is_filled_in_and_the_deal_moved_in_one_go(self, small_world, keys):
        shaped(small_world, "Meeting", required_to_enter=[keys[POLISH], "channel"])
        deal = small_world.deal("Pilot")

        refused = go(small_world, deal, "Meeting")
        moved = go(small_world, deal, "Meeting", **{keys[POLISH]: "12", "channel": "Trade fair"})

        assert refused.status_code == 422
        assert f"Meeting needs “{POLISH}”, “Channel”." in refused.text
        assert refused.text.count("form-control") >= 2
        assert moved.status_code == 302
        assert (stands(small_world, deal).stage.name, held(small_world, deal)) == ("Meeting", {POLISH: 12})

    def test_what_cannot_be_read_stays_typed_and_nothing_is_changed(self, small_world, keys):
        shaped(small_world, "Meeting", required_to_enter=[keys[POLISH], "channel"])
        deal = small_world.deal("Pilot")

        answer = go(small_world, deal, "Meeting", **{keys[POLISH]: "many", "channel": "Fair"})

        assert answer.status_code == 422
        assert "“many” can&#39;t be read as a number" in answer.text
        assert 'value="Fair"' in answer.text
        assert (stands(small_world, deal).stage.name, stands(small_world, deal).channel) == ("Prospecting", "")

    def test_a_field_left_empty_again_is_marked(self, small_world, keys):
        shaped(small_world, "Prospecting", required_to_leave=[keys[POLISH]])
        deal = small_world.deal("Pilot")

        answer = go(small_world, deal, "Meeting", **{f"asked_{keys[POLISH]}": "1"})

        assert 'aria-invalid="true"' in answer.text
        assert "Prospecting needs this. Nothing was changed." in answer.text

    def test_who_was_first_is_told(self, small_world):
        deal = small_world.deal("Pilot")
        seen = small_world.seen(deal)
        small_world.move(deal, "Proposal", user=small_world.dimas)

        answer = go(small_world, deal, "Meeting", seen=seen)

        assert answer.status_code == 409
        assert "Dimas Prasetyo moved this deal first" in answer.text
        assert stands(small_world, deal).stage.name == "Proposal"


class TestLost:
    def test_asks_why_with_earlier_reasons_and_tells_it_in_the_diary(self, small_world):
        first, second = small_world.deal("First"), small_world.deal("Second")
        go(small_world, first, "Lost", lost_reason="Too expensive")

        dialog = small_world.client().get(f"/deals/{second}").text.partition("<dialog")[2]
        silent = go(small_world, second, "Lost")
        go(small_world, second, "Lost", lost_reason="No budget")

        assert "data-reason>Too expensive<" in dialog
        assert silent.status_code == 422
        assert '<option value="Too expensive">' in silent.text
        page = small_world.client().get(f"/deals/{second}").text
        assert "by you: No budget" in page
        assert "Why it was lost" in page

    def test_can_be_reopened_and_keeps_its_history(self, small_world):
        deal = small_world.deal("Pilot", "Meeting")
        go(small_world, deal, "Lost", lost_reason="No budget")
        assert "Reopen in Prospecting" in small_world.client().get(f"/deals/{deal}").text

        go(small_world, deal, "Prospecting")

        page = small_world.client().get(f"/deals/{deal}").text
        assert stands(small_world, deal).closed_at is None
        assert "Meeting → Lost" in page
        assert "No budget" in page


class TestOtherPipelines:
    def test_a_deal_goes_to_another_pipeline_and_back_by_undo(self, small_world):
        after_sales(small_world)
        deal = small_world.deal("Pilot")
        page = small_world.client().get(f"/deals/{deal}/elsewhere").text
        assert "After-sales › Onboarding" in page
        assert "Gone" not in page, "nothing is lost on the way"
        onboarding = page.split("After-sales › Onboarding")[0].rpartition('value="')[2].partition('"')[0]

        small_world.post(f"/deals/{deal}/elsewhere", {"stage": onboarding, "seen": small_world.seen(deal)})

        assert stands(small_world, deal).pipeline.name == "After-sales"
        assert "in After-sales" in small_world.client().get(f"/deals/{deal}").text

    def test_what_its_stage_asks_for_is_asked_and_filled_in_on_the_way(self, small_world):
        line = after_sales(small_world)
        with small_world.database.writing(admin(small_world)) as session:
            own = fields.create(session, Subject.DEAL, FieldKind.TEXT, "Umowa", at=MONDAY, pipeline_id=line)
            onboarding = pipelines.stages(session, line)[0].id
            needed = [key_of(own.id), "channel"]
            shaping.edit_stage(session, onboarding, {"required_to_enter": needed}, at=MONDAY)
        deal, key = small_world.deal("Pilot"), needed[0]

        asked = small_world.post(f"/deals/{deal}/elsewhere", {"stage": onboarding, "seen": small_world.seen(deal)})
        assert asked.status_code == 422
        assert "Onboarding needs “Umowa”, “Channel”." in asked.text
        assert stands(small_world, deal).pipeline.name != "After-sales"
        empty = go(small_world, deal, onboarding, **{f"asked_{key}": "1", "channel": "Fair"})
        assert "Onboarding needs this. Nothing was changed." in empty.text
        assert stands(small_world, deal).channel == ""

        moved = go(small_world, deal, onboarding, **{key: "2026/7", "channel": "Fair"})

        assert moved.status_code == 302
        assert stands(small_world, deal).pipeline.name == "After-sales"
        assert "2026/7" in small_world.client().get(f"/deals/{deal}").text

    def test_without_one_it_says_so(self, small_world):
        deal = small_world.deal("Pilot")

        assert "elsewhere" not in small_world.client().get(f"/deals/{deal}").text
        assert "no other pipeline" in small_world.client().get(f"/deals/{deal}/elsewhere").text


class TestTwins:
    def test_a_won_deal_opens_its_twin_once_linked_both_ways(self, small_world):
        after_sales(small_world)
        deal = small_world.deal("Pilot", "Negotiation", person=("Siti", "siti@gudang.test"), amount="50")
        client = small_world.client()
        assert "Won later, it can go on in After-sales" in client.get(f"/deals/{deal}").text
        small_world.move(deal, "Won")
        assert "Open it in After-sales" in client.get(f"/deals/{deal}").text

        first = small_world.post(f"/deals/{deal}/twin")
        again = small_world.post(f"/deals/{deal}/twin")

        assert first.location == again.location != f"/deals/{deal}"
        won, twin = client.get(f"/deals/{deal}").text, client.get(first.location).text
        assert f'href="{first.location}">Pilot</a>' in won
        assert "Open it in After-sales" not in won
        assert f'href="/deals/{deal}">Pilot</a>' in twin
        assert "Siti" in twin

    def test_what_is_still_missing_is_asked_for_and_the_twin_opened_in_one_go(self, small_world, keys):
        line = after_sales(small_world)
        with small_world.database.writing(admin(small_world)) as session:
            own = key_of(
                fields.create(session, Subject.DEAL, FieldKind.NUMBER, "Seats", at=MONDAY, pipeline_id=line).id
            )
            needed = [keys[POLISH], own, "next_step"]
            first = pipelines.stages(session, line)[0].id
            shaping.edit_stage(session, first, {"required_to_enter": needed}, at=MONDAY)
        deal = small_world.deal("Pilot", "Negotiation")
        with small_world.database.writing(small_world.viewer) as session:
            edit_deal(session, deal, {keys[POLISH]: Decimal(12)}, at=MONDAY)
        small_world.move(deal, "Won")
        path = f"/deals/{deal}/twin"

        asked = small_world.post(path)
        shown = {f"asked_{own}": "1", "asked_next_step": "1"}
        odd = small_world.post(path, {**shown, own: "many", "next_step": "Call"})
        half = small_world.post(path, {**shown, own: "40"})
        done = small_world.post(path, {**shown, own: "40", "next_step": "Call"})

        assert (asked.status_code, odd.status_code, half.status_code) == (422, 422, 422)
        assert "Onboarding needs “Seats”, “Next step”. Fill it in here" in asked.text
        assert f'name="asked_{own}"' in asked.text
        assert f'name="asked_{keys[POLISH]}"' not in asked.text
        assert "“many” can&#39;t be read as a number" in odd.text
        assert 'value="Call"' in odd.text
        assert "Onboarding needs this. Nothing was changed." in half.text
        assert 'value="40"' in half.text
        assert done.status_code == 302
        twin = int(done.location.rpartition("/")[2])
        assert held(small_world, twin) == {POLISH: 12}
        assert "40" in small_world.client().get(f"/deals/{twin}/facts/{own}").text
        assert stands(small_world, twin).next_step == "Call"

    def test_a_deal_that_is_not_won_opens_none(self, small_world):
        after_sales(small_world)
        deal = small_world.deal("Pilot")

        assert small_world.post(f"/deals/{deal}/twin").status_code == 409


def test_a_long_way_shows_what_lies_around_the_deal(small_world):
    with small_world.database.writing(admin(small_world)) as session:
        for number in range(12):
            shaping.add_stage(session, small_world.pipeline.id, StageDraft(f"Extra {number}"), at=MONDAY)

    page = small_world.client().get(f"/deals/{small_world.deal('Pilot')}").text

    assert page.partition("dt-stages")[2].partition("</ol>")[0].count("<li") == 9


@pytest.mark.parametrize("path", ["", "/edit", "/elsewhere", "/facts/title", "/to/{stage}"])
def test_nobody_opens_a_deal_that_is_not_there(small_world, path):
    address = "/deals/99" + path.format(stage=small_world.stage("Won"))

    assert small_world.client().get(address).status_code == 404
