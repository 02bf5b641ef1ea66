"""After making, changing or deleting a deal, the page one lands on says so."""

from __future__ import annotations

from tests.web.test_deal_edit_race import opened


def test_a_new_deal_is_confirmed_on_the_board(small_world):
    form = {"title": "Pilot", "currency": "EUR", "owner_id": str(small_world.anna.id)}

    answer = small_world.post(f"/board/{small_world.pipeline.id}/new", form, follow_redirects=True)

    assert "Made “Pilot”, just now." in answer.text


def test_a_deleted_deal_is_confirmed_on_the_board(small_world):
    deal = small_world.deal("Pilot")

    answer = small_world.post(f"/deals/{deal}/delete", follow_redirects=True)

    assert answer.status_code == 200
    assert "Deleted “Pilot”, just now." in answer.text
    assert "Undo: The deal Pilot comes back." in answer.text
    entry = answer.text.partition('action="/undo/')[2].partition('"')[0]
    small_world.post(f"/undo/{entry}")
    assert small_world.client().get(f"/deals/{deal}").status_code == 200, "as the page said that asked first"


def test_a_change_is_confirmed_on_the_deals_page(small_world):
    deal = small_world.deal("Pilot", amount="100")

    form = opened(small_world, deal) | {"channel": "Trade fair"}
    answer = small_world.post(f"/deals/{deal}/edit", form, follow_redirects=True)

    assert "Saved, just now: You changed the channel to Trade fair." in answer.text
