"""People with a part in a deal, and the playbook of the stage it stands in."""

from __future__ import annotations

import pytest

from tests.web.deal_world import shaped


@pytest.fixture
def deal(small_world):
    return small_world.deal("Pilot", person=("Siti Rahmawati", "siti@gudang.test"))


def page(made, deal_id):
    return made.client().get(f"/deals/{deal_id}").text


class TestPeople:
    def test_a_new_address_is_a_new_person_with_a_role(self, small_world, deal):
        given = {"person": "pawel@bursztyn.test", "role": "signs the contract"}

        small_world.post(f"/deals/{deal}/people", given)

        assert "signs the contract" in page(small_world, deal)
        assert "You added pawel" in page(small_world, deal)
        assert "Undo takes back that they take part." in page(small_world, deal)

    def test_somebody_known_is_found_by_name(self, small_world, deal):
        other = small_world.deal("Other")

        small_world.post(f"/deals/{other}/people", {"person": "Siti Rahmawati"})

        assert "siti@gudang.test" in page(small_world, other)

    @pytest.mark.parametrize(
        ("given", "said"),
        [
            ("", "Type a mail address, or the name"),
            ("Nobody Known", "Nobody called “Nobody Known” is known."),
            ("siti@gudang.test", "Siti Rahmawati is there already."),
        ],
    )
    def test_what_is_wrong_is_said_and_stays_typed(self, small_world, deal, given, said):
        answer = small_world.post(f"/deals/{deal}/people", {"person": given, "role": "buyer"})

        assert answer.status_code == 422
        assert said in answer.text
        assert 'value="buyer"' in answer.text

    def test_a_role_that_is_too_long_is_refused(self, small_world, deal):
        answer = small_world.post(f"/deals/{deal}/people", {"person": "a@b.test", "role": "r" * 101})

        assert answer.status_code == 422
        assert "Role holds up to 100 characters" in answer.text

    def test_a_role_is_changed_and_told_before_and_after(self, small_world, deal):
        small_world.post(f"/deals/{deal}/people", {"person": "pawel@bursztyn.test", "role": "IT"})

        small_world.post(f"/deals/{deal}/people/2/role", {"role": "signs"})

        assert "You changed what pawel does here: the role from IT to signs" in page(small_world, deal)

    def test_somebody_is_taken_away_and_undo_brings_them_back(self, small_world, deal):
        small_world.post(f"/deals/{deal}/people", {"person": "pawel@bursztyn.test", "role": "IT"})
        small_world.post(f"/deals/{deal}/people/2/remove")
        assert "You took pawel away" in page(small_world, deal)
        undo = page(small_world, deal).partition('action="/undo/')[2].partition('"')[0]

        small_world.post(f"/undo/{undo}", {"back": f"/deals/{deal}"})

        assert "pawel@bursztyn.test" in page(small_world, deal)

    def test_the_main_contact_can_be_taken_away_too(self, small_world, deal):
        small_world.post(f"/deals/{deal}/people/1/remove")

        assert "siti@gudang.test" not in page(small_world, deal)


class TestPlaybook:
    ITEMS = ({"id": "a", "text": "Ask who <signs>"}, {"id": "b", "text": "Send references"})

    def test_is_shown_and_ticked_off(self, small_world, deal):
        shaped(small_world, "Prospecting", help="Be brief.", checklist=list(self.ITEMS))
        assert "Be brief." in page(small_world, deal)
        assert "0 of 2 done" in page(small_world, deal)

        stage = small_world.stage("Prospecting")
        small_world.post(f"/deals/{deal}/ticks", {"stage": stage, "item": "a", "done": "1"})

        assert "1 of 2 done" in page(small_world, deal)
        assert "You ticked off “Ask who &lt;signs&gt;”" in page(small_world, deal)
        small_world.post(f"/deals/{deal}/ticks", {"stage": stage, "item": "a"})
        assert "0 of 2 done" in page(small_world, deal)

    def test_an_item_that_is_gone_is_refused(self, small_world, deal):
        stage = small_world.stage("Prospecting")

        answer = small_world.post(f"/deals/{deal}/ticks", {"stage": stage, "item": "gone", "done": "1"})

        assert answer.status_code == 409

    def test_a_stage_without_one_shows_none(self, small_world, deal):
        assert "dt-help" not in page(small_world, deal)


def test_the_diary_is_narrowed_to_moves(small_world, deal):
    small_world.move(deal, "Meeting")
    small_world.post(f"/deals/{deal}/people", {"person": "pawel@bursztyn.test"})

    moves = small_world.client().get(f"/deals/{deal}?show=moves").text.partition('id="diary"')[2]
    mails = small_world.client().get(f"/deals/{deal}?show=mails").text.partition('id="diary"')[2]

    assert "Prospecting → Meeting" in moves
    assert "You added pawel" not in moves.partition("dt-side")[0]
    assert "No mail of this deal yet." in mails
