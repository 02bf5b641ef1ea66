"""Controls of fields: what a form shows is read back as the same, whatever things are called and whoever left."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from addon.domain.access import Database, Viewer
from addon.domain.contacts import companies
from addon.domain.contacts import operations as contacts
from addon.domain.fields import operations as fields
from addon.domain.fields import options, queries
from addon.domain.fields.builtin import BUILTIN
from addon.domain.fields.checking import Typed, check
from addon.domain.fields.keys import FieldSpec, Kind, key_of
from addon.domain.money import Money
from addon.domain.teams import operations as teams
from addon.i18n import Words
from addon.models import FieldKind, Role, Subject
from addon.web.fields import field_inputs
from addon.web.fields.forms import FieldView
from tests.web.web_world import MONDAY

SAY = Words()
OPTIONS = ["Red", "Green, pale", "#2", "1;2", "Żółty", "", "<b>bold</b>"]

words = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=60)
figures = st.one_of(
    st.decimals(-(10**12), 10**12, places=4),
    st.decimals(-(10**6), 10**6, places=3),
    st.integers(-5, 5).map(Decimal),
    st.sampled_from([Decimal("1.234"), Decimal("0.125"), Decimal("-12.500"), Decimal("1E+3"), Decimal(0)]),
)
currencies = st.sampled_from(["EUR", "PLN", "IDR", "USD", "CAD", "CHF", "JPY", "SEK", "CZK"])
values = st.fixed_dictionaries(
    {
        "text": words,
        "long_text": st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r"), max_size=200),
        "number": figures,
        "money": st.builds(Money, st.decimals(-(10**12), 10**12, places=2), currencies),
        "date": st.dates(),
        "link": st.sampled_from(["https://acme.example/a?b=c#d", "http://münchen.example", "https://1.example:8080/"]),
        "phone": st.from_regex(r"\+[1-9][0-9]{6,12}", fullmatch=True),
        "checkbox": st.booleans(),
        "select": st.integers(0, 5),
        "multi_select": st.sets(st.integers(0, 5)),
    }
)


@dataclass
class Made:
    database: Database
    viewer: Viewer
    specs: Mapping[str, FieldSpec]


@pytest.fixture
def made(sqlite: Database) -> Made:
    """A field of each kind, by kind."""
    with sqlite.writing(Viewer.operator(0)) as session:
        team_id = teams.create_team(session, "Halyard", at=MONDAY).id
    viewer = Viewer.operator(team_id)
    with sqlite.writing(viewer) as session:
        named = [name for name in OPTIONS if name]
        for kind in FieldKind:
            choices = named if "select" in kind else []
            fields.create(session, Subject.CONTACT, kind, f"My {kind}", options=choices, at=MONDAY)
        specs = {str(spec.kind): spec for spec in queries.specs(session, Subject.CONTACT) if spec.custom}
    return Made(sqlite, viewer, specs)


def sent(controls: Iterable[FieldView]) -> MultiDict[str, str]:
    """What a browser sends of a form that nobody touched."""
    return MultiDict([(control.name, value) for control in controls for value in _sent(control)])


def _sent(control: FieldView) -> list[str]:
    offered = [value for value, _ in control.choices]
    if control.kind == "check":
        return ["yes"] if control.value == "yes" else []
    if control.kind == "checks":
        return [value for value in offered if value in control.value.split(";")]
    if control.kind == "select":
        return [control.value if control.value in offered else offered[0]]
    if control.kind == "area":
        return [control.value.replace("\n", "\r\n")]
    return ["".join(control.value.splitlines())]


def back(session: Session, specs: Iterable[FieldSpec], standing: Mapping[str, Typed]) -> field_inputs.Posted:
    """What a form that was opened and sent is understood as."""
    listed = list(specs)
    shown = field_inputs.given(session, listed, standing)
    form = sent(field_inputs.controls(session, listed, shown, SAY))
    return field_inputs.read(session, listed, form, SAY, currency="EUR")


def kept(spec: FieldSpec, value: Any) -> Typed | None:
    """In its normal form; None where it is refused."""
    if spec.kind is Kind.SELECT:
        value = spec.options[value].id
    if spec.kind is Kind.MULTI_SELECT:
        value = frozenset(spec.options[each].id for each in value)
    try:
        return check(spec, value)
    except Exception:
        return None


def test_what_a_form_shows_is_read_back_as_the_same(made):
    with made.database.reading(made.viewer) as session:

        @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
        @given(values)
        def unchanged(found: dict[str, Any]) -> None:
            wanted = {made.specs[kind].key: kept(made.specs[kind], value) for kind, value in found.items()}
            standing = {key: value for key, value in wanted.items() if value is not None}
            specs = [made.specs[kind] for kind in found]

            posted = back(session, specs, standing)

            assert posted.errors == {}
            assert posted.values == wanted

        unchanged()


@pytest.mark.parametrize(
    "number", [Decimal(0), Decimal("1.234"), Decimal("-0.125"), Decimal("12345.678"), Decimal("1000"), Decimal("0.5")]
)
def test_numbers_with_three_places_and_a_zero_stay_what_they_are(made, number):
    spec = made.specs["number"]
    with made.database.reading(made.viewer) as session:
        posted = back(session, [spec], {spec.key: number})

    assert posted.values == {spec.key: number}


def test_a_zero_is_a_number_and_an_unticked_box_is_nothing(made):
    assert check(made.specs["number"], Decimal(0)) == Decimal(0)
    assert check(made.specs["number"], Decimal(0)) is not None
    assert check(made.specs["money"], Money(Decimal(0), "EUR")) == Money(Decimal(0), "EUR")
    assert check(made.specs["checkbox"], False) is None


def test_an_amount_is_read_in_the_currency_that_it_shows(made):
    spec = made.specs["money"]
    with made.database.reading(made.viewer) as session:
        shown = field_inputs.given(session, [spec], {spec.key: Money(Decimal("1234.50"), "PLN")})
        posted = back(session, [spec], {spec.key: Money(Decimal("1234.50"), "PLN")})

    assert shown == {spec.key: "PLN 1234.50"}
    assert posted.values == {spec.key: Money(Decimal("1234.50"), "PLN")}


def test_a_ticked_box_is_read_as_ticked_and_an_unticked_one_as_nothing(made):
    spec = made.specs["checkbox"]
    with made.database.reading(made.viewer) as session:
        ticked = back(session, [spec], {spec.key: True})
        unticked = back(session, [spec], {})

    assert ticked.values == {spec.key: True}
    assert unticked.values == {spec.key: None}


def test_a_choice_that_was_deleted_stays_where_it_was_chosen_and_is_offered_to_nobody_else(made):
    one, several = made.specs["select"], made.specs["multi_select"]
    with made.database.writing(made.viewer) as session:
        for spec in (one, several):
            options.delete(session, spec.options[0].id, at=MONDAY)
        one, several = (queries.spec(session, Subject.CONTACT, spec.key) for spec in (one, several))
        gone, live = several.options[-1], several.options[0]
        standing: dict[str, Typed] = {
            one.key: one.options[-1].id,
            several.key: frozenset({gone.id, live.id}),
        }

        posted = back(session, [one, several], standing)
        offered = field_inputs.controls(session, [one, several], {}, SAY)

    assert gone.name == "Red"
    assert posted.values == standing
    assert all("Red" not in [words for _, words in control.choices] for control in offered)


def test_a_colleague_who_left_stays_where_they_stand(made):
    spec = made.specs["person"]
    with made.database.writing(made.viewer) as session:
        gone = teams.add_user(session, "gone@halyard.test", role=Role.REP, name="", at=MONDAY)
        gone.active, gone.name = False, ""
        session.flush()

        posted = back(session, [spec], {spec.key: gone.id})
        shown = field_inputs.controls(session, [spec], {spec.key: f"#{gone.id}"}, SAY)[0]
        others = field_inputs.controls(session, [spec], {}, SAY)[0]

    assert posted.values == {spec.key: gone.id}
    assert (f"#{gone.id}", "gone@halyard.test") in shown.choices
    assert f"#{gone.id}" not in dict(others.choices)


def test_companies_and_people_who_are_called_the_same_are_not_mixed_up(made):
    firm, person = made.specs["company"], made.specs["contact"]
    with made.database.writing(made.viewer) as session:
        first = companies.create(session, "Kartonex", at=MONDAY)
        second = companies.create(session, "Kartonex", at=MONDAY)
        alone = companies.create(session, "Bursztyn", at=MONDAY)
        nameless = contacts.create_unaddressed(session, {"name": "Anna"}, at=MONDAY)
        written = contacts.create(session, "anna@kartonex.test", name="Anna", at=MONDAY)

        for company in (first, second, alone):
            assert back(session, [firm], {firm.key: company.id}).values == {firm.key: company.id}
        for who in (nameless, written):
            assert back(session, [person], {person.key: who.id}).values == {person.key: who.id}
        shown = field_inputs.given(session, [firm, person], {firm.key: alone.id, person.key: written.id})

    assert shown == {firm.key: "Bursztyn", person.key: "anna@kartonex.test"}


def test_a_company_and_a_person_that_were_deleted_stay_where_they_stand(made):
    firm, person = made.specs["company"], made.specs["contact"]
    with made.database.writing(made.viewer) as session:
        company = companies.create(session, "Kartonex", at=MONDAY)
        who = contacts.create(session, "anna@kartonex.test", name="Anna", at=MONDAY)
        companies.delete(session, company.id, at=MONDAY)
        contacts.delete(session, who.id, at=MONDAY)

        posted = back(session, [firm, person], {firm.key: company.id, person.key: who.id})

    assert posted.values == {firm.key: company.id, person.key: who.id}


def test_a_refused_value_names_its_field_and_the_others_are_read(made):
    number, day = made.specs["number"], made.specs["date"]
    form = MultiDict({number.key: "a lot", day.key: "2026-11-27"})
    with made.database.reading(made.viewer) as session:
        posted = field_inputs.read(session, [number, day], form, SAY)

    assert posted.values == {day.key: date(2026, 11, 27)}
    assert "My number" in posted.errors[number.key]


def test_every_built_in_field_that_can_be_typed_has_a_control_and_a_name(made):
    with made.database.reading(made.viewer) as session:
        for subject in Subject:
            specs = [spec for spec in BUILTIN[subject] if spec.editable]
            shown = field_inputs.controls(session, specs, {}, SAY, needed=["owner"])

            assert [control.name for control in shown] == [spec.key for spec in specs]
            assert all(control.label for control in shown)
            assert key_of(1) not in {control.name for control in shown}
