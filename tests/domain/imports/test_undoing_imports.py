"""An import is taken back as one act; what people changed since stays and is listed."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from addon.domain.contacts import operations as contacts
from addon.domain.deals.draft import DealDraft
from addon.domain.imports import queries, removing, running, undo
from addon.domain.imports.refusals import CannotUndo
from addon.domain.ladder import operations as ladder
from addon.domain.search.finding import find
from addon.models import Activity, Address, ImportState, RowUndone, Subject
from tests.domain.team_at_work import ANNA, BEN, MONDAY

LIST = "email,name,company\n" + "".join(f"p{n}@acme.example,Person {n},Company {n % 3}\n" for n in range(12))


def test_what_an_import_made_goes(importing):
    import_id, _ = importing.take(LIST)

    progress = importing.take_back(import_id, size=5)

    assert (progress.state, progress.undone, progress.kept, progress.at) == (ImportState.UNDONE, 12, 0, 12)
    assert importing.people() == []
    assert importing.companies() == []


def test_what_it_changed_is_as_before(importing):
    importing.take("email,name,phone,company\na@acme.example,Ana,+1 555 0100,Acme\n")
    import_id, _ = importing.take("email,name,phone,company\na@acme.example,Anna Maria,+1 555 0200,Globex\n")

    importing.take_back(import_id)

    [ana] = importing.people()
    assert (ana.name, ana.phone) == ("Ana", "+1 555 0100")
    assert [company.name for company in importing.companies()] == ["Acme"]
    assert ana.company_id == importing.companies()[0].id


def test_addresses_that_it_gave_to_somebody_stand_in_the_diary_and_are_let_go(importing):
    importing.take("email,name\nana@acme.example,Ana\n")
    [ana] = importing.people()
    with importing.team.acting() as session:
        free = contacts.ensure_address(session, "ana@free.example", at=MONDAY).id
    chosen = {"email": "email", "mail_2": "email", "mail_3": "email", "name": "name"}
    import_id, progress = importing.take(
        "email,mail 2,mail 3,name\nana@acme.example,ana@free.example,ana@new.example,Ana\n", chosen=chosen
    )

    assert progress.updated == 1
    with importing.team.looking() as session:
        entries = session.scalars(select(Activity).where(Activity.kind == "contact.address_added")).all()
        assert [(entry.subject_id, entry.detail.texts["email"]) for entry in entries] == [
            *((ana.id, "ana@free.example"), (ana.id, "ana@new.example"))
        ]
        assert entries[0].after["address_id"] == free
        assert len(entries[1].after["order"]) == 3
        held = session.scalars(select(Address).where(Address.contact_id == ana.id).order_by(Address.position)).all()
        assert [row.email for row in held] == ["ana@acme.example", "ana@free.example", "ana@new.example"]
        assert [hit.id for hit in find(session, "ana@new.example", subject=Subject.CONTACT)] == [ana.id]
        assert undo.undoable(session, import_id).count == 1

    assert importing.take_back(import_id).undone == 1
    with importing.team.looking() as session:
        assert session.scalars(select(Address.email).where(Address.contact_id == ana.id)).all() == ["ana@acme.example"]


def test_an_address_that_somebody_used_otherwise_since_stays(importing):
    importing.take("email,name\nana@acme.example,Ana\n")
    chosen = {"email": "email", "mail_2": "email"}
    import_id, _ = importing.take("email,mail 2\nana@acme.example,ana@new.example\n", chosen=chosen)
    with importing.team.acting(BEN) as session:
        contacts.edit(session, importing.people()[0].id, {"phone": "+1 555 0100"}, at=MONDAY)
    with importing.team.looking() as session:
        assert undo.undoable(session, import_id).kept_count == 1

    assert importing.take_back(import_id).kept == 1


def test_what_people_changed_since_stays_and_is_listed(importing):
    import_id, _ = importing.take(LIST)
    changed = importing.people()[4]
    with importing.team.acting(BEN) as session:
        contacts.edit(session, changed.id, {"phone": "+1 555 0100"}, at=MONDAY)
    with importing.team.looking() as session:
        before = undo.undoable(session, import_id)
        assert (before.count, before.kept_count, [row.number for row in before.kept]) == (11, 1, [6])

    progress = importing.take_back(import_id)

    assert (progress.undone, progress.kept) == (11, 1)
    assert [person.id for person in importing.people()] == [changed.id]
    assert [company.name for company in importing.companies()] == ["Company 1"]
    with importing.team.looking() as session:
        assert [row.number for row in queries.kept_rows(session, import_id)] == [6]


def test_who_is_in_a_deal_by_now_stays(importing):
    import_id, _ = importing.take(LIST)
    person = importing.people()[0]
    with importing.team.acting() as session:
        draft = DealDraft(title="Ramp", owner_id=importing.team.users[ANNA], contact_id=person.id)
        ladder.open_deal(session, draft, at=MONDAY, pipeline_id=importing.team.pipeline_id)

    assert importing.take_back(import_id).kept == 1
    assert [left.id for left in importing.people()] == [person.id]


def test_a_person_of_two_rows_that_stays_is_listed_with_both(importing):
    import_id, _ = importing.take("email,name,phone\na@acme.example,Ana,\na@acme.example,Ana,+1 555 0100\n")
    with importing.team.acting() as session:
        contacts.edit(session, importing.people()[0].id, {"job": "CEO"}, at=MONDAY)

    assert importing.take_back(import_id, size=1).kept == 2
    assert [row.undone for row in importing.rows(import_id)] == [RowUndone.KEPT] * 2


def test_undoing_is_one_act_of_which_all_the_others_come(importing):
    import_id, _ = importing.take(LIST)
    importing.take_back(import_id)

    with importing.team.looking() as session:
        [undone] = session.scalars(select(Activity).where(Activity.kind == "import.undone"))
        begun = session.get_one(Activity, undone.undoes_id)
        caused = session.scalars(select(Activity.kind).where(Activity.cause_id == undone.id)).all()
    assert (begun.kind, begun.subject_id) == ("import.begun", import_id)
    assert sorted(caused) == ["company.deleted"] * 3 + ["contact.deleted"] * 12


def test_a_process_killed_while_undoing_leaves_nothing_half_done(importing, monkeypatch):
    import_id, _ = importing.take(LIST)
    with importing.team.acting() as session:
        undo.begin(session, import_id, at=MONDAY)
    with importing.team.acting() as session:
        assert undo.undo_slice(session, import_id, at=MONDAY, size=4)
    remove = removing.remove

    def dies(*args, **named):
        remove(*args, **named)
        raise KeyboardInterrupt

    monkeypatch.setattr(removing, "remove", dies)
    with pytest.raises(KeyboardInterrupt), importing.team.acting() as session:
        undo.undo_slice(session, import_id, at=MONDAY, size=4)

    monkeypatch.undo()
    assert len(importing.people()) == 8
    assert importing.progress(import_id).at == 4
    more = True
    while more:
        with importing.team.acting() as session:
            more = undo.undo_slice(session, import_id, at=MONDAY, size=4)
    assert importing.people() == []


def test_a_stopped_import_is_undone_as_far_as_it_came(importing):
    import_id = importing.draft(LIST)
    importing.begin(import_id)
    with importing.team.acting() as session:
        running.run_slice(session, import_id, at=MONDAY, size=5)
        running.operations.stop(session, import_id, at=MONDAY)

    progress = importing.take_back(import_id)

    assert (progress.undone, progress.rows, importing.people()) == (5, 5, [])


def test_what_runs_or_is_undone_already_is_not_undone(importing):
    import_id = importing.draft(LIST)
    importing.begin(import_id)
    with importing.team.acting() as session, pytest.raises(CannotUndo):
        undo.begin(session, import_id, at=MONDAY)
    importing.go_on(import_id)
    importing.take_back(import_id)

    with importing.team.acting() as session, pytest.raises(CannotUndo):
        undo.begin(session, import_id, at=MONDAY)


def test_the_same_list_can_come_in_again_after_an_undo(importing):
    import_id, _ = importing.take(LIST)
    importing.take_back(import_id)

    _, progress = importing.take(LIST)

    assert progress.created == 12
    assert len(importing.people()) == 12
