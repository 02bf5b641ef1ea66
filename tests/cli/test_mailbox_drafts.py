"""`mailbox drafts`: what faults left behind in a mailbox."""

from __future__ import annotations

from addon import clock
from addon.cli import opening
from addon.domain.access import doors
from tests.web import stray_drafts

ANA = "ana@halyard.example"


def test_nothing_was_left_behind(office):
    assert office.done("mailbox", "drafts", ANA).startswith("Nothing of ours was left behind")
    assert office.json("mailbox", "drafts", ANA) == []


def test_each_draft_is_named_by_its_person_and_by_what_becomes_of_it(office):
    with opening.house() as house:
        machine = doors.mailbox_by_address(house.database, ANA)
        assert machine.mailbox_id is not None
        for email, marked in (("jane@acme.example", False), ("joe@acme.example", True)):
            stray_drafts.leave(house.database, machine, machine.mailbox_id, email, at=clock.now(), marked=marked)

    told = office.done("mailbox", "drafts", ANA).splitlines()

    assert [line.split("  ")[0] for line in told] == ["jane@acme.example", "joe@acme.example"]
    assert "a person must look" in told[0]
    assert "deleted as soon as" in told[1]
    assert [draft["marked"] for draft in office.json("mailbox", "drafts", ANA)] == [False, True]


def test_an_unknown_mailbox_is_refused_by_name(office):
    assert "No mailbox nobody@x.test" in office.refused("mailbox", "drafts", "nobody@x.test")
