"""An import in the diary is an act like any other: it is taken back there, and that is taken back too."""

from __future__ import annotations

from sqlalchemy import event, func, select

from addon.domain.contacts import operations as contacts
from addon.domain.imports import undo
from addon.domain.undoing import operations as undoing
from addon.models import Activity, Bulk, BulkState, ImportState, Subject
from tests.domain.team_at_work import BEN, MONDAY

LIST = "email,name,company\n" + "".join(f"p{n}@acme.example,Person {n},Company {n % 3}\n" for n in range(12))
DEALS = "title,contact name,contact email,value\n" + "".join(
    f"Deal {n},Ana {n},a{n}@acme.example,{n}00\n" for n in range(6)
)


def act(importing, kind):
    with importing.team.looking() as session:
        return session.scalars(select(Activity.id).where(Activity.kind == kind)).one()


def take_back(importing, import_id):
    """By its entry in the diary; the worker goes on with it."""
    with importing.team.acting() as session:
        assert undoing.undo(session, act(importing, "import.begun"), at=MONDAY).kind == "import.undone"
    more = True
    while more:
        with importing.team.acting() as session:
            more = undo.undo_slice(session, import_id, at=MONDAY, size=5)


def bring_again(importing):
    with importing.team.acting() as session:
        undoing.undo(session, act(importing, "import.undone"), at=MONDAY)
    with importing.team.looking() as session:
        waiting = session.scalars(select(Bulk.id).where(Bulk.state == BulkState.RUNNING)).all()
    for each in waiting:
        more = True
        while more:
            with importing.team.acting() as session:
                more = undoing.run_slice(session, each, at=MONDAY)


def standing(importing):
    return (
        [(row.id, row.name, row.company_id) for row in importing.people()],
        [(row.id, row.name, row.domain) for row in importing.companies()],
        [(row.id, row.title, row.contact_id, row.stage_id, row.amount) for row in importing.deals()],
    )


def test_people_go_and_come_again_with_their_companies(importing):
    import_id, _ = importing.take(LIST)
    before = standing(importing)

    take_back(importing, import_id)
    assert standing(importing) == ([], [], [])
    assert importing.state(import_id) == ImportState.UNDONE

    bring_again(importing)
    assert standing(importing) == before


def test_deals_go_and_come_again_with_their_people(importing):
    import_id, _ = importing.take(DEALS, Subject.DEAL)
    before = standing(importing)

    take_back(importing, import_id)
    assert standing(importing) == ([], [], [])

    bring_again(importing)
    assert standing(importing) == before


def test_the_diary_says_beforehand_what_goes_and_how_many_stay(importing):
    importing.take(LIST)
    with importing.team.acting(BEN) as session:
        contacts.edit(session, importing.people()[4].id, {"job": "CEO"}, at=MONDAY)

    with importing.team.looking() as session:
        said = undoing.preview(session, act(importing, "import.begun"))

    assert said.possible
    assert said.stays == [("undoing.import_stays", {"n": 1})]


def test_taking_back_many_rows_asks_no_more_often_than_few(importing):
    """What it made goes by the hundred: who clicks meanwhile is not kept waiting for each row."""
    import_id, _ = importing.take("email,name\n" + "".join(f"p{n}@acme.example,Person {n}\n" for n in range(60)))
    with importing.team.acting() as session:
        undo.begin(session, import_id, at=MONDAY)
    asked = []

    def count(_connection, _cursor, statement, *_more):
        asked.append(statement)

    engine = importing.team.database.engine
    costs = []
    for size in (10, 50):
        event.listen(engine, "before_cursor_execute", count)
        with importing.team.acting() as session:
            undo.undo_slice(session, import_id, at=MONDAY, size=size)
        event.remove(engine, "before_cursor_execute", count)
        costs.append(len(asked))
        asked.clear()

    with importing.team.looking() as session:
        assert session.scalar(select(func.count(Activity.id)).where(Activity.kind == "contact.deleted")) == 60
    assert costs[1] <= costs[0] + 5, costs
