"""A list of people comes in: by slices, each row judged, nobody twice."""

from __future__ import annotations

import csv
import io

import pytest
from sqlalchemy import func, select

from addon.domain.access import Viewer
from addon.domain.errors import NotFound
from addon.domain.fields import operations as fields
from addon.domain.fields import stored
from addon.domain.fields.queries import specs
from addon.domain.imports import mapping, operations, queries
from addon.domain.imports.refusals import Begun, MappingRefused, NotMapped
from addon.models import Activity, Address, Contact, FieldKind, ImportFile, ImportState, RowState, Subject
from tests.domain.team_at_work import ANNA, BEN, MONDAY

LIST = (
    "E-mail;Imię;Nazwisko;Firma;Telefon;Opiekun\n"
    "ana@acme.example;Ana;Nowak;Acme;+48 22 123 45 67;Ben\n"
    "bob@globex.example;Bob;Kowalski;Globex;;\n"
)


def eight_hundred() -> str:
    lines = ["email,name,company"]
    for number in range(800):
        address = "no address" if number % 20 == 7 else f"p{number}@acme{number % 50}.example"
        lines.append(f"{address},Person {number},Company {number % 50}")
    return "\n".join(lines)


def test_headings_in_a_reader_s_language_are_understood(importing):
    with importing.team.acting() as session:
        made = operations.start(session, Subject.CONTACT, "list.csv", LIST.encode(), at=MONDAY)
        suggested = mapping.suggest(session, made.id)

    assert suggested == {
        **{"e_mail": "email", "imię": "first_name", "nazwisko": "last_name", "firma": "company"},
        **{"telefon": "phone", "opiekun": "owner"},
    }


def test_rows_become_people_with_their_companies_and_owners(importing):
    _, progress = importing.take(LIST)

    ana, bob = importing.people()
    assert (ana.name, ana.phone, ana.owner_id) == ("Ana Nowak", "+48 22 123 45 67", importing.team.users[BEN])
    assert (bob.name, bob.owner_id) == ("Bob Kowalski", None)
    assert [company.name for company in importing.companies()] == ["Acme", "Globex"]
    assert ana.company_id == importing.companies()[0].id
    assert (progress.state, progress.created, progress.at, progress.rows) == (ImportState.DONE, 2, 2, 2)


def test_eight_hundred_rows_with_forty_bad_ones_come_in_and_the_bad_ones_are_listed(importing):
    import_id, progress = importing.take(eight_hundred())

    assert (progress.created, progress.bad, progress.at) == (760, 40, 800)
    assert len(importing.people()) == 760
    assert len(importing.companies()) == 50
    with importing.team.looking() as session:
        bad = queries.bad_rows(session, import_id)
        assert [row.number for row in bad[:2]] == [9, 29]
        assert bad[0].problems == [["email", "imports.not_an_address", {"given": "no address"}]]
        text = queries.bad_rows_csv(session, import_id, lambda code, params: f"{code} {params['given']}", "Why")
    lines = list(csv.reader(io.StringIO(text)))
    assert lines[0] == ["email", "name", "company", "Why"]
    assert lines[1] == ["no address", "Person 7", "Company 7", "imports.not_an_address no address"]
    assert len(lines) == 41


def test_the_diary_says_that_the_import_did_it(importing):
    import_id, _ = importing.take(LIST)

    with importing.team.looking() as session:
        [begun] = session.scalars(select(Activity).where(Activity.kind == "import.begun"))
        assert (begun.subject_kind, begun.subject_id) == ("import", import_id)
        caused = session.scalars(select(Activity.kind).where(Activity.cause_id == begun.id).order_by(Activity.id)).all()
    assert sorted(caused) == ["company.created"] * 2 + ["contact.created"] * 2 + ["import.done"]


def test_the_file_is_erased_once_all_of_it_is_in(importing):
    importing.take(LIST)

    with importing.team.looking() as session:
        assert session.scalar(select(func.count(ImportFile.id))) == 0


def test_a_second_import_of_the_same_list_changes_nothing(importing):
    importing.take(eight_hundred())
    _, progress = importing.take(eight_hundred())

    assert (progress.created, progress.updated, progress.unchanged) == (0, 0, 760)
    assert len(importing.people()) == 760
    assert len(importing.companies()) == 50


def test_a_second_import_updates_and_an_empty_cell_changes_nothing(importing):
    importing.take(LIST)
    _, progress = importing.take(
        "email,first name,last name,phone,company\n"
        "ANA+news@acme.example,Anna,Nowak,,\n"
        "bob@globex.example,Bob,Kowalski,+1 555 0100,Initech\n"
    )

    ana, bob = importing.people()
    assert progress.updated == 2
    assert (ana.name, ana.phone) == ("Anna Nowak", "+48 22 123 45 67")
    assert bob.phone == "+1 555 0100"
    assert importing.companies()[2].name == "Initech"
    with importing.team.looking() as session:
        [edited] = session.scalars(
            select(Activity).where(Activity.kind == "contact.edited", Activity.subject_id == ana.id)
        )
        assert edited.detail.texts["before"] == {"first_name": "Ana", "name": "Ana Nowak"}
        assert edited.detail.texts["after"] == {"first_name": "Anna", "name": "Anna Nowak"}


def test_two_rows_of_one_person_make_one_person(importing):
    import_id, progress = importing.take(
        "email,name,phone\nJ.Doe@gmail.com,Jane Doe,\njdoe+x@googlemail.com,Jane Doe,+1 555 0101\n"
    )

    assert [person.phone for person in importing.people()] == ["+1 555 0101"]
    assert [row.state for row in importing.rows(import_id)] == [RowState.CREATED, RowState.UPDATED]
    assert progress.created == 1


def test_a_row_may_hold_several_addresses(importing):
    importing.take(
        "email,mail 2,name\nana@acme.example,ana@home.example,Ana\n",
        chosen={"email": "email", "mail_2": "email", "name": "name"},
    )
    _, progress = importing.take("email,name\nana@home.example,Ana\n")

    assert progress.unchanged == 1
    with importing.team.looking() as session:
        rows = session.scalars(select(Address).order_by(Address.position)).all()
        assert [row.email for row in rows] == ["ana@acme.example", "ana@home.example"]


def test_people_without_an_address_are_known_by_their_exact_name(importing):
    importing.take("name,phone\nAna Nowak,\nBob Kowalski,\n")
    _, progress = importing.take("name,phone\nAna Nowak,+48 22 123\n,+48 22 124\n")

    assert (progress.updated, progress.created, progress.bad) == (1, 0, 1)
    assert len(importing.people()) == 2


def test_custom_fields_are_filled_and_refused_by_name(importing):
    with importing.team.database.writing(Viewer.operator(importing.team.team_id)) as session:
        plan = fields.create(session, Subject.CONTACT, FieldKind.SELECT, "Plan", options=["Gold", "Silver"], at=MONDAY)
        since = fields.create(session, Subject.CONTACT, FieldKind.DATE, "Customer since", at=MONDAY)

    import_id, progress = importing.take(
        "email,plan,Customer since\na@acme.example,gold,3/9/2026\nb@acme.example,Bronze,3/25/2026\nc@acme.example,,\n"
    )

    assert (progress.created, progress.bad) == (2, 1)
    [bad] = [row for row in importing.rows(import_id) if row.state == RowState.BAD]
    assert bad.problems[0][:2] == ["plan", "fields.no_such_option"]
    with importing.team.looking() as session:
        values = stored.read_many(session, Subject.CONTACT, [importing.people()[0].id], specs(session, Subject.CONTACT))
        [held] = values.values()
        assert str(held[f"f{since.id}"]) == "2026-03-09"
        assert f"f{plan.id}" in held


def test_a_mapping_is_remembered_for_these_headings(importing):
    importing.take("who,reach\nAna,ana@acme.example\n", chosen={"who": "name", "reach": "email"})

    with importing.team.acting() as session:
        made = operations.start(session, Subject.CONTACT, "b.csv", b"who,reach\nBob,bob@acme.example\n", at=MONDAY)
        assert mapping.suggest(session, made.id) == {"who": "name", "reach": "email"}


def test_a_column_of_addresses_is_known_by_what_it_holds(importing):
    with importing.team.acting() as session:
        made = operations.start(session, Subject.CONTACT, "b.csv", b"x,y\nBob,bob@acme.example\n", at=MONDAY)
        assert mapping.suggest(session, made.id) == {"x": "", "y": "email"}


def test_a_mapping_that_names_nobody_or_a_field_twice_is_refused(importing):
    with importing.team.acting() as session:
        made = operations.start(session, Subject.CONTACT, "b.csv", b"a,b,c\n1,2,3\n", at=MONDAY)
        with pytest.raises(MappingRefused) as refused:
            mapping.choose(session, made.id, {"a": "phone", "b": "phone", "d": "job", "c": "f99"}, at=MONDAY)
        with pytest.raises(NotMapped):
            operations.begin(session, made.id, at=MONDAY)

    assert [code for code, _ in refused.value.problems] == [
        *("imports.unknown_column", "imports.unknown_field", "imports.doubled_field", "imports.no_name_column")
    ]


def test_what_has_begun_is_not_read_otherwise(importing):
    import_id, _ = importing.take(LIST)

    with importing.team.acting() as session, pytest.raises(Begun):
        operations.choose(session, import_id, {"header": False})


def test_a_choice_reads_the_file_anew(importing):
    with importing.team.acting() as session:
        made = operations.start(session, Subject.CONTACT, "b.csv", b"Ana,Rome\nBob,Bonn\n", at=MONDAY)
        assert operations.choose(session, made.id, {"header": False}).rows == 2
        assert queries.preview(session, made.id).count == 2


def test_a_colleague_does_not_see_somebody_s_import(importing):
    import_id = importing.draft(LIST)

    with importing.team.looking(BEN) as session:
        assert queries.mine(session) == []
        with pytest.raises(NotFound):
            queries.preview(session, import_id)


def test_formulas_in_a_csv_stay_texts_on_the_way_in_and_out(importing):
    import_id, _ = importing.take('email,name\nana@acme.example,\'=1+1\nbad,=HYPERLINK(1)\nx@acme.example,="007"\n')

    assert [person.name for person in importing.people()] == ["=1+1", "007"]
    with importing.team.looking() as session:
        text = queries.bad_rows_csv(session, import_id, lambda code, params: code, "Why")
    assert "'=HYPERLINK(1)" in text


@pytest.mark.parametrize("encoding", ["utf-16", "cp1250", "utf-8-sig"])
def test_odd_encodings_come_in_as_they_read(importing, encoding):
    importing.take("sep=;\nemail;name\nana@acme.example;Łucja Wąż\n".encode(encoding))

    assert [person.name for person in importing.people()] == ["Łucja Wąż"]


def test_a_draft_that_is_given_up_leaves_no_file(importing):
    import_id = importing.draft(LIST)

    with importing.team.acting() as session:
        operations.give_up(session, import_id, at=MONDAY)

    with importing.team.looking(ANNA) as session:
        assert session.scalar(select(func.count(ImportFile.id))) == 0
        assert session.scalar(select(func.count(Contact.id))) == 0
