"""Undo of a chain says each thing that it takes back in a sentence of its own."""

from __future__ import annotations

from addon.domain.undoing.plan import Preview
from addon.i18n import Words
from addon.web.diary.act_names import Names
from addon.web.diary.undo_view import sentence
from tests.web.web_world import MONDAY, World


def test_a_move_and_the_link_it_came_of_are_two_sentences(small_world: World) -> None:
    planned = Preview(
        takes_back=[
            ("undoing.move", {"title": "Ramp", "stage": "Prospecting", "from": "Meeting"}),
            ("undoing.link", {"title": "Ramp"}),
        ]
    )

    with small_world.database.reading(small_world.viewer) as session:
        told = sentence(planned, Names(session, Words("en", "UTC"), MONDAY))

    assert told == (
        "Undo takes back all of it. Ramp goes back from Meeting to Prospecting. "
        "The conversation is no longer linked to Ramp."
    )
