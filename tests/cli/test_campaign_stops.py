"""`campaign pause | resume | cancel`: said twice is done once, and what cannot be done is refused with its reason."""

from __future__ import annotations

import pytest


@pytest.fixture
def sending(office, create):
    """A launched campaign with two mails due."""
    number = office.json(*create("email,first_name\na@x.test,A\nb@x.test,B\n"))["campaign"]
    office.done("campaign", "send", number)
    return number


def test_a_paused_campaign_waits_and_goes_on_when_resumed(office, sending):
    assert office.done("campaign", "pause", sending).startswith("Paused. 0 sent so far, 2 waiting.")
    assert office.json("campaign", "status", sending)["state"] == "paused"

    assert "2 waiting" in office.done("campaign", "resume", sending)
    assert office.json("campaign", "status", sending)["state"] == "sending"


def test_a_cancelled_campaign_stops_its_mails_for_good(office, sending):
    assert "nothing more goes out" in office.done("campaign", "cancel", sending)

    status = office.json("campaign", "status", sending)
    assert (status["state"], status["stopped"], status["pending"]) == ("cancelled", 2, 0)
    assert "over (cancelled)" in office.refused("campaign", "send", sending)
    assert "not under way (cancelled)" in office.refused("campaign", "pause", sending)
    assert "not under way (cancelled)" in office.refused("campaign", "resume", sending)


@pytest.mark.parametrize("act", ["pause", "resume", "cancel"])
def test_saying_it_twice_changes_nothing_the_second_time(office, sending, act):
    if act == "resume":
        office.done("campaign", "pause", sending)
    office.done("campaign", act, sending)

    assert "Nothing was changed" in office.done("campaign", act, sending)


@pytest.mark.parametrize("act", ["pause", "resume"])
def test_a_draft_is_neither_paused_nor_resumed(office, create, act):
    number = office.json(*create("email,first_name\na@x.test,A\n"))["campaign"]

    assert "not under way (draft)" in office.refused("campaign", act, number)


@pytest.mark.parametrize("act", ["pause", "resume", "cancel"])
def test_an_unknown_campaign_is_refused_by_name(office, act):
    assert "There is no campaign 9" in office.refused("campaign", act, 9)
