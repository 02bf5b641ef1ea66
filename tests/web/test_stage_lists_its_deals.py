"""The number on a rail of the board opens into its deals."""

from __future__ import annotations

from tests.web.web_world import World


def address(made: World, stage: str) -> str:
    return f"/board/{made.pipeline.id}/stages/{made.stage(stage)}"


def test_a_won_deal_is_reached_from_the_board(small_world):
    deal = small_world.deal("Pilot", "Negotiation", company="Kartonex", amount="5000")
    small_world.move(deal, "Won")
    client = small_world.client()

    assert address(small_world, "Won") in client.get(f"/board/{small_world.pipeline.id}").text
    page = client.get(address(small_world, "Won")).text

    assert f'href="/deals/{deal}"' in page
    for told in ("Pilot", "Kartonex", "Anna Kowalczyk", "€5,000", "today", "1 deal · €5,000"):
        assert told in page


def test_a_stage_without_deals_says_how_they_come_there(small_world):
    page = small_world.client().get(address(small_world, "Lost")).text

    assert "No deal in Lost" in page


def test_a_stage_of_no_pipeline_of_ours_is_not_found(small_world):
    assert small_world.client().get(f"/board/{small_world.pipeline.id}/stages/999").status_code == 404
