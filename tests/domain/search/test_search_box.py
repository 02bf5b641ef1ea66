"""One box: deals, people and companies by words, beginnings and with one slip; never what one may not see."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addon.domain.access import Viewer
from addon.domain.contacts import many
from addon.domain.contacts import operations as contacts
from addon.domain.deals import operations as deals
from addon.domain.fields import operations as fields
from addon.domain.fields.keys import key_of
from addon.domain.ladder import operations as ladder
from addon.domain.search import catching_up, keeping
from addon.domain.search.finding import Hit, find
from addon.domain.search.words import fold, one_slip_apart, slips, typed, words_in
from addon.domain.teams import operations as teams
from addon.models import Company, Contact, Deal, FieldKind, SearchPlace, Subject
from tests.domain.team_at_work import ANNA, JANE, MONDAY, TeamAtWork


def found(team: TeamAtWork, text: str, subject: Subject | None = None) -> list[tuple[str, str]]:
    with team.looking() as session:
        return [(hit.subject, hit.title) for hit in find(session, text, subject=subject)]


def titles(team: TeamAtWork, text: str) -> list[str]:
    return [title for _, title in found(team, text, Subject.DEAL)]


def company(team: TeamAtWork, name: str, domain: str | None = None) -> int:
    with team.acting() as session:
        return contacts.create_company(session, name, at=MONDAY, domain=domain).id


def person(team: TeamAtWork, email: str, name: str) -> int:
    with team.acting() as session:
        return contacts.create(session, email, at=MONDAY, name=name).id


def notes_of(team: TeamAtWork, subject: Subject) -> str:
    """The key of a field for long texts."""
    with team.database.writing(Viewer.operator(team.team_id)) as session:
        return key_of(fields.create(session, subject, FieldKind.LONG_TEXT, "Notes", at=MONDAY).id)


class TestFinding:
    def test_a_deal_is_found_by_its_title_its_person_and_its_company(self, team: TeamAtWork) -> None:
        deal_id = team.deal("Ramp planner")
        company_id = company(team, "Żółta Łódź", "lodz.example")
        with team.acting() as session:
            deals.edit(session, deal_id, {"company_id": company_id}, at=MONDAY)

        for text in ("ramp", "PLANNER ramp", "jane", "zolta", "łódź ramp", "lod", "ramp jan"):
            assert titles(team, text) == ["Ramp planner"], text
        assert found(team, "lodz.exa") == [("company", "Żółta Łódź")]
        assert found(team, "ramp hamster") == []
        assert found(team, "") == found(team, " ·!? ") == []

    def test_a_title_and_names_are_found_however_much_stands_in_the_fields(self, team: TeamAtWork) -> None:
        deal_id = team.deal("Zebra yacht")
        person_id, company_id = person(team, "zoe@yonder.example", "Zoe Young"), company(team, "Zircon Works")
        notes = {subject: notes_of(team, subject) for subject in (Subject.DEAL, Subject.CONTACT)}
        with team.acting() as session:
            long = " ".join(f"a{number}" for number in range(600)) + " aaa"
            deals.edit(session, deal_id, {"company": company_id, notes[Subject.DEAL]: long}, at=MONDAY)
            contacts.edit(session, person_id, {notes[Subject.CONTACT]: long}, at=MONDAY)

        for text in ("zebra", "yacht", "jane", "zircon works", "a0", "a350"):
            assert titles(team, text) == ["Zebra yacht"], text
        for text in ("zoe young", "zoe@yonder.example", "yonder", "a0"):
            assert "Zoe Young" in [title for _, title in found(team, text, Subject.CONTACT)], text
        assert titles(team, "a599") == []  # the end of a text that is too long

    def test_a_person_is_found_by_any_address_in_whole_and_in_parts(self, team: TeamAtWork) -> None:
        with team.acting() as session:
            person = contacts.create(session, "jane.doe@acme.example", at=MONDAY, name="Jane Doe", phone="+48 600 123")
            contacts.ensure_address(session, "j.doe@home.example", at=MONDAY).contact_id = person.id

        for text in ("jane.doe@acme.example", "doe", "acme.example", "j.doe@ho", "home", "48600123", "600123"):
            assert found(team, text) == [("contact", "Jane Doe")], text

    def test_one_slip_in_a_long_word_is_forgiven_and_none_in_a_short_one(self, team: TeamAtWork) -> None:
        team.deal("Presentation for Acme")

        for text in ("presentaton", "presenttaion", "presentatiom", "prresentation", "fro", "acne presentation"):
            assert bool(titles(team, text)) == (text not in ("fro", "acne presentation")), text
        assert titles(team, "presentatoin acm") == ["Presentation for Acme"]
        assert titles(team, "prasentatoin") == []

    def test_whole_words_come_before_beginnings_and_those_before_slips(self, team: TeamAtWork) -> None:
        for number, title in enumerate(("Marta", "Martaban", "Marts", "Marta again")):
            team.deal(title, at=MONDAY + timedelta(hours=number))

        assert titles(team, "marta") == ["Marta again", "Marta", "Martaban", "Marts"]

    def test_common_words_and_many_beginnings_find_the_newest(
        self, team: TeamAtWork, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("addon.domain.search.matching.COUNTED", 3)
        monkeypatch.setattr("addon.domain.search.matching.FEW", 2)
        for number in range(8):
            team.deal(f"Ramp p{number}lan{number % 2}", at=MONDAY + timedelta(hours=number))

        assert titles(team, "ramp p")[:2] == ["Ramp p7lan1", "Ramp p6lan0"]
        assert len(titles(team, "p ramp")) == 0
        assert titles(team, "ramp p3lan1") == ["Ramp p3lan1"]

    def test_what_was_deleted_is_not_found_and_is_again_when_it_is_back(self, team: TeamAtWork) -> None:
        deal_id = team.deal("Ramp")
        with team.acting() as session:
            deals.delete(session, deal_id, at=MONDAY)
        assert titles(team, "ramp") == []

        with team.acting() as session:
            session.get_one(Deal, deal_id).deleted_at = None
        assert titles(team, "ramp") == ["Ramp"]

    def test_another_team_finds_nothing_of_it(self, team: TeamAtWork) -> None:
        team.deal("Secret ramp")
        with team.database.writing(Viewer.operator(0)) as session:
            other = teams.create_team(session, "Others", at=MONDAY).id

        with team.database.reading(Viewer.operator(other)) as session:
            assert [find(session, text) for text in ("secret", "secr", "secrat", "jane")] == [[], [], [], []]


class TestKeeping:
    def test_a_new_name_is_found_at_once_also_on_what_shows_it(self, team: TeamAtWork) -> None:
        deal_id = team.deal("Ramp")
        company_id = company(team, "Acme")
        with team.acting() as session:
            deals.edit(session, deal_id, {"company_id": company_id}, at=MONDAY)
            session.get_one(Contact, session.get_one(Deal, deal_id).contact_id).company_id = company_id

        with team.acting() as session:
            session.get_one(Company, company_id).name = "Borealis"

        assert found(team, "acme") == [("contact", "jane")], "her address is still there"
        assert sorted(found(team, "borealis")) == [("company", "Borealis"), ("contact", "jane"), ("deal", "Ramp")]

    def test_people_who_are_added_by_the_hundred_are_found_by_what_the_diary_says(self, team: TeamAtWork) -> None:
        people = [many.Person(email=f"p{n}@many.example", key=f"{n:064}", name=f"Person N{n}") for n in range(30)]
        with team.acting() as session:
            many.ensure(session, people, at=MONDAY)

        assert found(team, "n17") == [("contact", "Person N17")]
        assert found(team, "p4@many.example") == [("contact", "Person N4")]

    def test_a_move_touches_nothing_of_it(self, team: TeamAtWork) -> None:
        deal_id = team.deal("Ramp")
        with team.acting() as session:
            ladder.move(session, deal_id, team.stages["Offer"], seen=None, at=MONDAY)
            assert not session.info.get(keeping.TOUCHED)

    def test_what_is_taken_back_in_the_middle_leaves_nothing(self, team: TeamAtWork) -> None:
        with team.acting() as session:
            inner = session.begin_nested()
            contacts.create(session, "gone@gone.example", at=MONDAY)
            inner.rollback()
            contacts.create(session, "kept@kept.example", at=MONDAY)

        assert found(team, "gone") == []
        assert found(team, "kept") == [("contact", "kept")]

    def test_what_stood_there_before_is_caught_up(self, team: TeamAtWork) -> None:
        ids = [team.deal(f"Ramp {number}") for number in range(5)]
        with team.acting() as session:
            for place in session.query(SearchPlace).where(SearchPlace.deal_id.in_(ids)):
                session.delete(place)
        assert titles(team, "ramp") == []

        after: int | None = 0
        while after is not None:
            with team.acting() as session:
                after = catching_up.catch_up(session, Subject.DEAL, after=after, limit=2)

        assert len(titles(team, "ramp")) == 5

    def test_whatever_happens_the_index_says_what_stands_there(self, team: TeamAtWork) -> None:
        deal_id = team.deal("One two")
        for title in ("two three", "🎉", "<b>three</b> " + "x" * 280, "שלום עולם", "one"):
            with team.acting() as session:
                deals.edit(session, deal_id, {"title": title}, at=MONDAY)
            for word in ("one", "two", "three", "עולם"):
                assert bool(titles(team, word)) == (word in title), (title, word)


WORDS = st.text("aąbcłß1é", min_size=1, max_size=8)


class TestWords:
    @given(st.lists(WORDS, min_size=1, max_size=5))
    def test_what_was_written_is_what_is_typed(self, words: Sequence[str]) -> None:
        assert set(typed(" ".join(words))) <= words_in([" ".join(words)]).keys()

    @given(WORDS.map(fold), WORDS.map(fold))
    def test_one_slip_is_found_by_forms_with_a_letter_left_out(self, one: str, other: str) -> None:
        if one_slip_apart(one, other):
            assert (slips(one) | {one}) & (slips(other) | {other})
        assert one_slip_apart(one, other) == one_slip_apart(other, one)

    @given(st.text("abcd", min_size=5, max_size=9), st.integers(0, 8), st.sampled_from("xyz"))
    def test_each_single_slip_counts_as_one(self, word: str, place: int, letter: str) -> None:
        place %= len(word)
        assert one_slip_apart(word, word[:place] + letter + word[place:])
        assert one_slip_apart(word, word[:place] + letter + word[place + 1 :])
        assert one_slip_apart(word, word[:place] + word[place + 1 :])


def test_a_hit_says_where_it_stands(team: TeamAtWork) -> None:
    team.deal("Ramp")
    with team.looking() as session:
        assert find(session, "ramp") == [Hit(Subject.DEAL, 1, "Ramp", "New · jane", ("ramp",))]
        [person] = find(session, JANE)
        assert (person.title, person.subtitle) == ("jane", JANE)
    assert ANNA not in str(found(team, "ramp"))
