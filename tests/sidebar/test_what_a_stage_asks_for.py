"""Moving in the sidebar: what the stage asks for is filled in on a card, and the deal moves in the same go."""

from __future__ import annotations

from sqlalchemy import select

from addon.domain.access import Viewer
from addon.domain.deals import operations as deals
from addon.domain.fields import operations as fields
from addon.domain.fields import queries, stored
from addon.domain.fields.keys import key_of
from addon.domain.pipelines import shaping
from addon.models import Deal, FieldKind, Subject
from tests.sidebar.beside_gmail import BesideGmail
from tests.sidebar.test_acting_on_a_deal import NOON, linked


def asking(desk: BesideGmail, *kinds: FieldKind) -> list[str]:
    """Fields that the stage Talking asks for, by key."""
    with desk.team.database.writing(Viewer.operator(desk.team.team_id)) as session:
        made = [
            fields.create(session, Subject.DEAL, kind, f"Field {kind}", options=["Small", "Large"], at=NOON)
            for kind in kinds
        ]
        keys = [key_of(field.id) for field in made]
        shaping.edit_stage(session, desk.team.stages["Talking"], {"required_to_enter": keys}, at=NOON)
        return keys


def held(desk: BesideGmail, deal_id: int) -> dict[str, object]:
    with desk.team.database.reading(Viewer.operator(desk.team.team_id)) as session:
        specs = queries.specs(session, Subject.DEAL)
        return stored.read_many(session, Subject.DEAL, [deal_id], specs)[deal_id]


def test_empty_fields_are_asked_for_and_written_with_the_move(desk: BesideGmail):
    number, choice = asking(desk, FieldKind.NUMBER, FieldKind.SELECT)
    deal_id, card, delivered = linked(desk)

    asked = desk.press(card, "Move to Talking", delivered)
    option = asked.input(f"need_{choice}")["items"][2]
    moved = desk.press(
        asked, "Move to Talking", delivered, **{f"need_{number}": "12", f"need_{choice}": option["value"]}
    )

    assert "Talking needs this." in asked.words
    assert option["text"] == "Large"
    assert moved.notice == "Moved to Talking."
    assert desk.team.stage(deal_id) == "Talking"
    assert held(desk, deal_id)[number] == 12


def test_what_cannot_be_read_stays_typed_and_moves_nothing(desk: BesideGmail):
    number, words = asking(desk, FieldKind.NUMBER, FieldKind.TEXT)
    deal_id, card, delivered = linked(desk)
    asked = desk.press(card, "Move to Talking", delivered)

    again = desk.press(asked, "Move to Talking", delivered, **{f"need_{number}": "many", f"need_{words}": "Kept"})

    assert again.notice.startswith("Field number: “many” can't be read as a number.")
    assert again.input(f"need_{words}")["value"] == "Kept"
    assert desk.team.stage(deal_id) != "Talking"
    assert held(desk, deal_id) == {}


def test_a_reason_is_asked_for_with_earlier_ones_beside_it(desk: BesideGmail):
    deal_id, card, delivered = linked(desk)
    other = desk.team.deal("Other")
    with desk.team.acting() as session:
        deals.edit(session, other, {"lost_reason": "Too expensive"}, at=NOON)

    asked = desk.press(card, "Move", delivered, **{card.input("stage_")["name"]: desk.team.stages["Lost"]})
    empty = desk.press(asked, "Move to Lost", delivered)
    moved = desk.press(empty, "Move to Lost", delivered, lost_reason="No budget")

    assert "goes to Lost once you say why" in asked.words
    assert asked.input("lost_reason")["initialSuggestions"] == {"items": [{"text": "Too expensive"}]}
    assert empty.primary == ["Move to Lost"]
    assert moved.notice == "Moved to Lost."
    with desk.team.database.reading(Viewer.operator(desk.team.team_id)) as session:
        assert session.get_one(Deal, deal_id).lost_reason == "No budget"


def test_a_new_deal_is_asked_for_what_its_first_stage_needs_and_keeps_what_was_typed(desk: BesideGmail):
    number, words = asking(desk, FieldKind.NUMBER, FieldKind.TEXT)
    with desk.team.database.writing(Viewer.operator(desk.team.team_id)) as session:
        shaping.edit_stage(session, desk.team.stages["New"], {"required_to_enter": [number, words]}, at=NOON)
    delivered = desk.deliver()
    card = desk.open(delivered)

    typed = {"name": "Jane Doe", "title": "Ramp", "amount": "50"}
    asked = desk.press(card, "Add and create deal", delivered, **typed)
    half = desk.press(asked, "Create deal", delivered, **typed, **{f"need_{number}": "12"})
    filled = {f"need_{number}": "12", f"need_{words}": "Dock"}
    made = desk.press(half, "Create deal", delivered, **typed, **filled)

    assert "New needs this. Fill it in, and Ramp is created at once." in asked.words
    assert asked.input("title")["value"] == "Ramp"
    assert half.input(f"need_{number}")["value"] == "12"
    assert made.notice == "Created Ramp and linked this thread."
    with desk.team.looking() as session:
        deal = session.scalars(select(Deal)).one()
        assert (deal.contact.name if deal.contact else "", deal.amount) == ("Jane Doe", 50)
    assert held(desk, deal.id) == {number: 12, words: "Dock"}
