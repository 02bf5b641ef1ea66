"""Undo of a chain says each thing that it takes back in a sentence of its own."""

from __future__ import annotations

from addon.domain.undoing.plan import Preview
from addon.i18n import Words
from addon.web.undo_view import sentence
from tests.domain.team_at_work import MONDAY


def test_a_move_and_the_link_it_came_of_are_two_sentences() -> None:
    planned = Preview(
        takes_back=[
            ("undoing.move", {"title": "Ramp", "stage": "Prospecting", "from": "Meeting"}),
            ("undoing.link", {"title": "Ramp"}),
        ]
    )

    assert sentence(planned, Words("en", "UTC"), now=MONDAY) == (
        "Undo takes back all of it. Ramp goes back from Meeting to Prospecting. "
        "The conversation is no longer linked to Ramp."
    )
