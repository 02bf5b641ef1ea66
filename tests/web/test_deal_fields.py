"""Custom fields on a deal's page and in its forms: every kind, errors that name the field, nobody's words lost."""

from __future__ import annotations

import html
import re

import pytest

from addon.domain.deals import queries as deals
from addon.domain.fields import queries as fields
from addon.domain.fields import stored
from addon.models import Subject
from tests.web.deal_world import INDONESIAN, KINDS, POLISH, shaped, with_fields
from tests.web.test_deal_edit_race import opened


@pytest.fixture
def keys(small_world):
    return with_fields(small_world)


def held(made, deal_id):
    with made.database.reading(made.viewer) as session:
        specs = fields.specs(session, Subject.DEAL)
        names = {spec.key: spec.name for spec in specs if spec.custom}
        found = stored.read_many(session, Subject.DEAL, [deal_id], specs)[deal_id]
        return {names[key]: value for key, value in found.items()}


def filled(keys):
    return {
        keys[POLISH]: "12",
        keys[INDONESIAN]: "30 hari",
        keys["Notes"]: "First line\nsecond <b>line</b>",
        keys["Licence"]: "PLN 1200,50",
        keys["Go-live"]: "2027-01-04",
        keys["Site"]: "bursztyn.test",
        keys["Reception"]: "+48 58 123 45 67",
        keys["Signed NDA"]: "yes",
        keys["Decision maker"]: "siti@gudang.test",
    }


def test_a_deal_is_made_with_fields_of_every_kind_and_shows_them(small_world, keys):
    form = {"title": "Pilot", "currency": "EUR", "owner_id": "1", "person": "Siti", "email": "siti@gudang.test"}
    small_world.post(f"/board/{small_world.pipeline.id}/new", form)

    answer = small_world.post(f"/board/{small_world.pipeline.id}/new", form | filled(keys))
    page = small_world.client().get("/deals/2").text

    assert answer.status_code == 302
    assert set(held(small_world, 2)) == {POLISH, INDONESIAN, *["Notes", "Licence", "Go-live", "Site", "Reception"]} | {
        "Signed NDA",
        "Decision maker",
    }
    for words in ("second &lt;b&gt;line&lt;/b&gt;", "PLN\u00a01,200.50", "Mon 4 Jan", 'href="https://bursztyn.test"'):
        assert words in page
    assert 'href="tel:+48581234567"' in page
    assert 'href="/people/1">Siti</a>' in page


def test_an_untouched_form_changes_nothing_whatever_stands_in_it(small_world, keys):
    deal = small_world.deal("Pilot", person=("Siti", "siti@gudang.test"))
    small_world.post(f"/deals/{deal}/edit", filled(keys))
    before = held(small_world, deal)
    assert len(before) == 9

    notes = "First line\r\nsecond <b>line</b>"
    form = opened(small_world, deal) | {keys["Notes"]: notes, f"was_{keys['Notes']}": notes}
    form.pop(keys["Tags"])  # drawn, and not ticked

    answer = small_world.post(f"/deals/{deal}/edit", form)

    assert answer.status_code == 302
    assert held(small_world, deal) == before


def test_a_box_that_was_shown_ticked_and_is_sent_without_is_emptied(small_world, keys):
    deal, box = small_world.deal("Pilot"), keys["Signed NDA"]
    small_world.post(f"/deals/{deal}/edit", {box: "yes"})
    assert held(small_world, deal) == {"Signed NDA": True}

    small_world.post(f"/deals/{deal}/edit", {f"was_{box}": "yes"})

    assert held(small_world, deal) == {}


@pytest.mark.parametrize(
    ("name", "given", "said"),
    [
        (POLISH, "twelve", "“twelve” can&#39;t be read as a number"),
        ("Licence", "much", "Licence: “much” can&#39;t be read as an amount"),
        ("Go-live", "soon", "Go-live: “soon”"),
        ("Site", "javascript:alert(1)", "is not a web address"),
        ("Decision maker", "Nobody Known", "nobody and nothing called “Nobody Known” is known here"),
        (INDONESIAN, "x" * 1001, "holds up to 1000 characters"),
    ],
)
def test_what_cannot_be_read_names_its_field_and_stays(small_world, keys, name, given, said):
    deal = small_world.deal("Pilot")

    answer = small_world.post(f"/deals/{deal}/edit", {keys[name]: given, "channel": "Trade fair"})

    assert answer.status_code == 422
    assert said in answer.text
    assert html.escape(given) in answer.text
    assert 'value="Trade fair"' in answer.text
    assert held(small_world, deal) == {}


def test_built_in_words_that_are_too_long_are_refused_and_never_cut(small_world):
    deal = small_world.deal("Pilot")

    answer = small_world.post(f"/deals/{deal}/edit", {"product": "P" * 201, "title": "T" * 10_000})

    assert answer.status_code == 422
    assert "Product holds up to 200 characters, and this has 201." in answer.text
    assert "Title holds up to 300 characters, and this has 10000." in answer.text
    assert "P" * 201 in answer.text
    assert 'maxlength="200"' in small_world.client().get(f"/deals/{deal}/edit").text


def test_a_company_named_in_a_form_that_is_refused_is_not_made(small_world, keys):
    deal = small_world.deal("Pilot")
    shaped(small_world, "Prospecting", required_to_enter=["channel"])
    small_world.post(f"/deals/{deal}/edit", {"channel": "Fair"})

    answer = small_world.post(f"/deals/{deal}/edit", {"channel": "", "company": "Never Made"})

    assert answer.status_code == 422
    assert "Channel may not be emptied while the deal stands in Prospecting." in answer.text
    assert small_world.client().get("/suggest/company?q=never").json == []


def test_the_first_stage_says_what_a_new_deal_needs(small_world, keys):
    shaped(small_world, "Prospecting", required_to_enter=[keys["Plan"], "value"])
    path = f"/board/{small_world.pipeline.id}/new"
    form = {"title": "Pilot", "currency": "EUR", "owner_id": "1", "channel": "Fair"}

    answer = small_world.post(path, form)

    assert re.search(rf'<select[^>]* id="{keys["Plan"]}"[^>]* required', small_world.client().get(path).text)
    assert answer.status_code == 422
    assert answer.text.count("Prospecting needs this. Nothing was changed.") == 2
    assert 'value="Fair"' in answer.text


class TestOneFact:
    @pytest.mark.parametrize("name", sorted(KINDS))
    def test_every_kind_has_a_form_of_its_own(self, small_world, keys, name):
        deal = small_world.deal("Pilot")
        client = small_world.client()

        whole, part = (client.get(f"/deals/{deal}/facts/{keys[name]}{end}").text for end in ("", "?part=1"))

        assert f'name="{keys[name]}"' in whole
        assert "<h1" in whole
        assert part.lstrip().startswith("<form")

    def test_is_changed_in_its_place_and_told(self, small_world, keys):
        deal = small_world.deal("Pilot")

        answer = small_world.post(f"/deals/{deal}/facts/{keys[POLISH]}", {keys[POLISH]: "12"}, follow_redirects=True)

        assert f"You changed “{POLISH}” to 12." in answer.text
        assert held(small_world, deal) == {POLISH: 12}

    def test_that_is_refused_stays_typed(self, small_world):
        deal = small_world.deal("Pilot", amount="5")

        answer = small_world.post(f"/deals/{deal}/facts/value", {"value": "much"})

        assert answer.status_code == 422
        assert 'value="much"' in answer.text
        assert "Value: “much” can&#39;t be read as an amount." in answer.text

    def test_that_somebody_changed_meanwhile_is_not_written_over(self, small_world):
        deal = small_world.deal("Pilot")
        first = {"channel": "Fair", "was_channel": ""}
        small_world.post(f"/deals/{deal}/facts/channel", first, user=small_world.dimas)

        answer = small_world.post(f"/deals/{deal}/facts/channel", {"channel": "Web", "was_channel": ""})

        assert answer.status_code == 409
        assert "Dimas Prasetyo changed this deal first" in answer.text
        assert "It is “Fair” now." in answer.text
        with small_world.database.reading(small_world.viewer) as session:
            assert deals.get(session, deal).channel == "Fair"

    @pytest.mark.parametrize("key", ["stage", "pipeline", "created", "f999", "nonsense"])
    def test_that_nobody_types_has_no_form(self, small_world, key):
        deal = small_world.deal("Pilot")

        assert small_world.client().get(f"/deals/{deal}/facts/{key}").status_code == 404

    def test_a_company_is_made_by_being_named(self, small_world):
        deal = small_world.deal("Pilot")

        page = small_world.post(f"/deals/{deal}/facts/company", {"company": "Kartonex"}, follow_redirects=True).text

        assert 'href="/companies/1">Kartonex</a>' in page


def test_a_fields_old_name_does_not_matter_to_the_diary(small_world, keys):
    deal = small_world.deal("Pilot")
    small_world.post(f"/deals/{deal}/facts/{keys['Plan']}", {keys["Plan"]: "#2"})
    small_world.post(f"/deals/{deal}/facts/{keys['Plan']}", {keys["Plan"]: "#1"})

    assert "You changed “Plan” from Plus to Basic" in small_world.client().get(f"/deals/{deal}").text


class TestWhoCameToFillSomethingIn:
    def test_finds_it_first_and_the_rest_folded(self, small_world):
        key = with_fields(small_world)[POLISH]
        deal = small_world.deal("Pilot")

        page = small_world.client().get(f"/deals/{deal}/edit?need={key},expected_close").text

        folded = page.index("The other fields")
        assert page.index(f'id="{key}"') < folded
        assert page.index('id="expected_close"') < folded < page.index('id="title"')

    def test_sees_what_is_wrong_in_the_rest(self, small_world):
        key = with_fields(small_world)[POLISH]
        deal = small_world.deal("Pilot", amount="5")

        path = f"/deals/{deal}/edit"
        form = opened(small_world, deal) | {key: "12", "amount": "much"}
        answer = small_world.post(f"{path}?need={key}", form)

        assert answer.status_code == 422
        rest = answer.text.partition('<details class="dt-adder" open>')[2]
        assert "“much” is not an amount" in rest

    def test_is_not_sent_on_by_a_field_that_is_not_there(self, small_world):
        deal = small_world.deal("Pilot")

        page = small_world.client().get(f"/deals/{deal}/edit?need=f999,nothing").text

        assert "The other fields" not in page
