"""Names that run from right to left stand in a sentence without turning it around; all others stand as they are."""

from __future__ import annotations

import pytest

from addon.domain.contacts import companies
from addon.domain.contacts import operations as contacts
from addon.domain.fields import operations as fields
from addon.domain.fields.keys import key_of
from addon.i18n import Words
from addon.models import FieldKind, Subject
from addon.web.diary.act_letters import all_apart, apart
from addon.web.diary.act_names import Names
from addon.web.diary.acts import Teller
from addon.web.diary.undo_view import undo_view
from tests.web import deal_world
from tests.web.web_world import MONDAY

HEBREW, ARABIC = "שם פרטי", "شركة البحر 40"


@pytest.mark.parametrize("text", ["", "Acme", "Żegluga „Bałtycka” 🚢", "Спедиция", "日本", "12", "Jangka waktu"])
def test_what_runs_with_the_sentence_stands_as_it_is(text):
    assert apart(text) == text


@pytest.mark.parametrize("text", [HEBREW, ARABIC, f"40 {HEBREW}", "turned \u202e around"])
def test_what_runs_against_it_is_set_apart(text):
    assert apart(text) == f"\u2068{text}\u2069"
    assert all_apart({"name": text, "n": 4}) == {"name": f"\u2068{text}\u2069", "n": 4}


def test_the_diary_and_its_undo_set_names_and_values_apart(small_world):
    with small_world.database.writing(deal_world.admin(small_world)) as session:
        key = key_of(fields.create(session, Subject.CONTACT, FieldKind.TEXT, HEBREW, at=MONDAY).id)
        person = contacts.create(session, "dana@kartonex.test", name="Dana", at=MONDAY).id
        contacts.edit(session, person, {key: ARABIC}, at=MONDAY)
        entry = contacts.edit(session, person, {key: "Dana"}, at=MONDAY)
        firm = companies.create(session, ARABIC, at=MONDAY).id
        gone = companies.delete(session, firm, at=MONDAY)
        session.flush()
        say = Words("en", "UTC")
        teller, names = Teller(session, say, small_world.anna.id, MONDAY), Names(session, say, MONDAY)
        with small_world.app.test_request_context():
            undo, back = undo_view(entry, names, back="/"), undo_view(gone, names, back="/")

        assert teller.tell(entry).whole == f"You changed “\u2068{HEBREW}\u2069” from \u2068{ARABIC}\u2069 to Dana"
        assert undo is not None
        assert undo.sentence == f"Undo: “\u2068{HEBREW}\u2069” is \u2068{ARABIC}\u2069 again."
        assert back is not None
        assert back.sentence == f"Undo: \u2068{ARABIC}\u2069 comes back to the companies."
