"""Two people edit one deal: nobody's words are lost without being told."""

from __future__ import annotations

import html
import re

from addon.domain.deals import queries as deals
from addon.models import Deal
from tests.web.web_world import World


def opened(made: World, deal_id: int) -> dict[str, str]:
    """The form as a browser would send it back untouched."""
    page = made.client().get(f"/deals/{deal_id}/edit").text
    inputs = re.findall(r'<input[^>]* name="([^"]+)"[^>]*? value="([^"]*)"', page)
    chosen = re.findall(r'<select[^>]* name="([^"]+)".*?<option value="([^"]*)" selected', page, re.DOTALL)
    return {name: html.unescape(value) for name, value in [*inputs, *chosen] if name != "csrf_token"}


def found(made: World, deal_id: int) -> Deal:
    with made.database.reading(made.viewer) as session:
        deal = deals.get(session, deal_id)
        _ = deal.company
        return deal


def test_a_form_writes_only_what_was_touched(small_world):
    deal = small_world.deal("Pilot", company="Kartonex", amount="100")
    first, second = opened(small_world, deal), opened(small_world, deal)

    small_world.post(f"/deals/{deal}/edit", first | {"amount": "250", "company": "Bursztyn"}, user=small_world.dimas)
    answer = small_world.post(f"/deals/{deal}/edit", second | {"channel": "Trade fair"})

    assert answer.status_code == 302
    after = found(small_world, deal)
    assert (after.amount, after.channel) == (250, "Trade fair")
    assert after.company is not None
    assert after.company.name == "Bursztyn"


def test_a_field_that_both_changed_keeps_the_newer_words_and_tells_who_was_first(small_world):
    deal = small_world.deal("Pilot", amount="100")
    first, second = opened(small_world, deal), opened(small_world, deal)
    small_world.post(f"/deals/{deal}/edit", first | {"amount": "250"}, user=small_world.dimas)

    answer = small_world.post(f"/deals/{deal}/edit", second | {"amount": "300", "channel": "Trade fair"})

    assert answer.status_code == 409
    assert "Dimas Prasetyo changed this deal first, just now." in answer.text
    assert "It is “250” now." in answer.text
    assert 'value="300"' in answer.text
    assert 'value="Trade fair"' in answer.text
    assert found(small_world, deal).amount == 250
    assert found(small_world, deal).channel == ""


def test_after_a_lost_race_saving_again_puts_it_in_place(small_world):
    deal = small_world.deal("Pilot", amount="100")
    first, second = opened(small_world, deal), opened(small_world, deal)
    small_world.post(f"/deals/{deal}/edit", first | {"amount": "250"}, user=small_world.dimas)

    small_world.post(f"/deals/{deal}/edit", second | {"amount": "300"})
    small_world.post(f"/deals/{deal}/edit", second | {"amount": "300", "was_amount": "250"})

    assert found(small_world, deal).amount == 300


def test_opening_a_form_changes_no_owner_who_has_left(small_world):
    deal = small_world.deal("Pilot", owner=small_world.dimas)
    with small_world.database.writing(small_world.viewer) as session:
        session.get_one(type(small_world.dimas), small_world.dimas.id).active = False

    answer = small_world.post(f"/deals/{deal}/edit", opened(small_world, deal) | {"channel": "Trade fair"})

    assert answer.status_code == 302
    assert found(small_world, deal).owner_id == small_world.dimas.id
