"""Whatever is typed into a custom field is there again, exactly, on both databases, whatever the field is called."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from addon.domain.access import Database, Viewer
from addon.domain.contacts import operations as contacts
from addon.domain.fields import finding, options, queries, stored
from addon.domain.fields import operations as fields
from addon.domain.fields.checking import check
from addon.domain.fields.keys import FieldSpec, Kind, key_of
from addon.domain.fields.values import Reading, read, token
from addon.domain.money import Money
from addon.models import FieldKind, Subject
from tests.domain.team_at_work import ANNA, MONDAY, TeamAtWork, team_at_work

ROUNDS = 15

words = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=60)
typed = st.fixed_dictionaries(
    {
        "text": words,
        "long_text": st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r"), max_size=200),
        "number": st.decimals(-(10**12), 10**12, places=4),
        "money": st.builds(Money, st.decimals(0, 10**12, places=2), st.sampled_from(["EUR", "PLN", "IDR"])),
        "date": st.dates(),
        "link": st.sampled_from(["https://acme.example/a?b=c#d", "http://münchen.example", "https://1.example:8080/"]),
        "phone": st.from_regex(r"\+[1-9][0-9]{6,12}", fullmatch=True),
        "checkbox": st.booleans(),
        "select": st.integers(0, 2),
        "multi_select": st.sets(st.integers(0, 2)),
    }
)


def made(session: Session) -> dict[str, FieldSpec]:
    """A field of each kind, by kind."""
    found = {}
    for kind in FieldKind:
        choices = ["Red", "Green, pale", "Żółty"] if "select" in kind else []
        made = fields.create(session, Subject.DEAL, kind, f"My {kind}", options=choices, at=MONDAY)
        found[str(kind)] = queries.spec(session, Subject.DEAL, key_of(made.id))
    return found


def chosen(spec: FieldSpec, value: Any) -> Any:
    if spec.kind is Kind.SELECT:
        return spec.options[value].id
    return frozenset(spec.options[each].id for each in value) if spec.kind is Kind.MULTI_SELECT else value


def kept(spec: FieldSpec, value: Any) -> Any:
    """In its normal form; None where the value has characters that no text has."""
    try:
        return check(spec, value)
    except Exception:
        return None


def test_any_values_survive_writing_renaming_deleting_and_restoring(team: TeamAtWork) -> None:
    deal_id = team.deal()
    admin = Viewer.operator(team.team_id)
    with team.database.writing(admin) as session:
        specs = made(session)

    @settings(max_examples=ROUNDS, deadline=None)
    @given(typed, words)
    def survive(values: dict[str, Any], name: str) -> None:
        with team.database.writing(admin) as session:
            wanted = {specs[kind].key: kept(specs[kind], chosen(specs[kind], value)) for kind, value in values.items()}
            stored.set_values(session, Subject.DEAL, deal_id, wanted)
            for spec in specs.values():
                fields.edit(session, spec.field_id or 0, name=f"{spec.kind} {name}"[:200], at=MONDAY)
            fields.delete(session, specs["text"].field_id or 0, at=MONDAY)
            fields.restore(session, specs["text"].field_id or 0, at=MONDAY)
        with team.database.reading(admin) as session:
            there = stored.read_many(session, Subject.DEAL, [deal_id], queries.specs(session, Subject.DEAL))[deal_id]
        assert there == {key: value for key, value in wanted.items() if value is not None}

    survive()


@settings(max_examples=200, deadline=None)
@given(typed, st.sampled_from(["", ".", ","]))
def test_a_form_gives_back_exactly_what_stood_there(values: dict[str, Any], decimal: str) -> None:
    for kind, value in values.items():
        if kind in ("select", "multi_select"):
            continue
        spec = FieldSpec(key="f1", subject=Subject.DEAL, kind=Kind(kind), name="It", longest=300, field_id=1)
        held = kept(spec, value)
        assert read(spec, token(spec, held), Reading(decimal=decimal)) == held


def test_people_companies_and_contacts_as_values_are_read_by_what_they_are_called(team: TeamAtWork) -> None:
    deal_id = team.deal()
    with team.database.writing(Viewer.operator(team.team_id)) as session:
        specs = made(session)
        acme = contacts.create_company(session, "Acme", at=MONDAY, domain="acme.example")
        reading = finding.reading(session)
        values = {
            specs["person"].key: read(specs["person"], "ANNA@halyard.example", reading),
            specs["company"].key: read(specs["company"], "acme.example", reading),
            specs["contact"].key: read(specs["contact"], "Jane@Acme.example", reading),
        }
        stored.set_values(session, Subject.DEAL, deal_id, values)

    assert values[specs["person"].key] == team.users[ANNA]
    assert values[specs["company"].key] == acme.id
    with team.looking() as session:
        assert stored.read_many(session, Subject.DEAL, [deal_id], specs.values())[deal_id] == values


def test_a_deleted_choice_stays_readable_and_can_no_longer_be_chosen(team: TeamAtWork) -> None:
    deal_id = team.deal()
    with team.database.writing(Viewer.operator(team.team_id)) as session:
        spec = made(session)["select"]
        red = spec.options[0].id
        stored.set_values(session, Subject.DEAL, deal_id, {spec.key: red})
        options.delete(session, red, at=MONDAY)

        after = queries.spec(session, Subject.DEAL, spec.key)
        there = stored.read_many(session, Subject.DEAL, [deal_id], [after])[deal_id]

        assert there == {spec.key: red}
        assert [option.name for option in after.options if option.id == red] == ["Red"]
        assert "Red" not in [option.name for option in after.choices]
        with pytest.raises(Exception, match=r"fields\.no_such_option"):
            read(after, "red", Reading())


def test_many_are_read_and_written_in_a_handful_of_statements(sqlite: Database) -> None:
    team = team_at_work(sqlite)
    ids = [team.deal(f"Deal {n}", person=f"p{n}@acme.example") for n in range(12)]
    with team.database.writing(Viewer.operator(team.team_id)) as session:
        spec = made(session)["number"]
        changes = stored.set_many(session, Subject.DEAL, {each: {spec.key: Decimal(each)} for each in ids})
        again = stored.set_many(session, Subject.DEAL, {each: {spec.key: Decimal(each)} for each in ids})
        there = stored.read_many(session, Subject.DEAL, ids, [spec])

    assert all(change.after == {spec.key: Decimal(each)} for each, change in changes.items())
    assert all(not change.after for change in again.values())
    assert there == {each: {spec.key: Decimal(each)} for each in ids}
