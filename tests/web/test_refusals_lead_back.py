"""A refusal is no dead end: it keeps the navigation and leads back to what it was about."""

from __future__ import annotations

import pytest

from addon.models import CampaignState, OutgoingState
from tests.web.test_campaign_pages import launched, mails, state_of
from tests.web.web_world import World


def over(made: World) -> int:
    """A campaign that was cancelled with all its mails out."""
    campaign = launched(made)
    mails(made, campaign, OutgoingState.SENT, OutgoingState.SENT)
    made.post(f"/campaigns/{campaign}/cancel")
    return campaign


@pytest.mark.parametrize(("act", "said"), [("pause", "Too late to pause."), ("resume", "Nothing to resume.")])
def test_a_button_pressed_too_late_leads_back_to_the_campaign(small_world, act, said):
    campaign = over(small_world)
    before = state_of(small_world, campaign)

    answer = small_world.post(f"/campaigns/{campaign}/{act}", follow_redirects=True)

    assert answer.status_code == 200
    assert answer.request.path == f"/campaigns/{campaign}"
    assert said in answer.text
    assert state_of(small_world, campaign) == before != CampaignState.SENDING


def test_nothing_is_asked_about_cancelling_what_is_over(small_world):
    answer = small_world.client().get(f"/campaigns/{over(small_world)}/cancel", follow_redirects=True)

    assert "Too late to cancel." in answer.text


def test_a_refusal_leads_back_to_what_it_was_about(small_world):
    campaign = launched(small_world)

    answer = small_world.post(f"/campaigns/{campaign}/pause", user=small_world.dimas)

    assert answer.status_code == 403
    assert f'href="/campaigns/{campaign}"' in answer.text


def test_error_pages_keep_the_navigation_of_whoever_is_signed_in(small_world):
    assert "dt-nav" in small_world.client().get("/nope").text
    assert "dt-nav" in small_world.client().get("/deals/999").text
    assert "dt-nav" not in small_world.stranger().get("/nope").text
