"""Lists of companies, and of deals with the people and companies they are about."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import select

from addon.domain.access import Viewer
from addon.domain.contacts import companies
from addon.domain.deals import totals
from addon.domain.fields import operations as fields
from addon.domain.fields import stored
from addon.domain.fields.queries import specs
from addon.domain.imports import queries
from addon.domain.ladder import hooks
from addon.domain.ladder import operations as ladder
from addon.domain.pipelines import operations as pipelines
from addon.domain.pipelines import queries as pipeline_queries
from addon.domain.pipelines.operations import StageDraft
from addon.models import Activity, FieldKind, ImportState, RowState, StageKind, Subject
from tests.domain.team_at_work import ANNA, BEN, MONDAY

DEALS = (
    "Deal name;Stage;Value;Currency;Owner;Company;Contact email;Contact name;Close date\n"
    "Ramp;Talking;1.200,50;PLN;Ben;Acme;jane@acme.example;Jane Doe;31.12.2026\n"
    "Dock;;900,00;;;Acme;jane@acme.example;Jane Doe;\n"
    "Bay;Won;10;EUR;;Globex;;;\n"
    "Pier;Nowhere;x;EUR;;Globex;;;\n"
)


def test_companies_are_known_by_domain_or_exact_name(importing):
    importing.take("name,domain\nAcme,https://www.acme.example/en\nGlobex,\nMailers,gmail.com\n", Subject.COMPANY)
    _, progress = importing.take("name,domain\nAcme Inc,acme.example\nGlobex,globex.example\n", Subject.COMPANY)

    assert progress.updated == 2
    assert [(company.name, company.domain) for company in importing.companies()] == [
        *(("Acme Inc", "acme.example"), ("Globex", "globex.example"), ("Mailers", None))
    ]


def test_a_company_without_a_name_or_with_a_bad_domain_is_listed(importing):
    import_id, progress = importing.take("name,domain\n,\nAcme,not a domain\nx,\n", Subject.COMPANY)

    assert (progress.created, progress.bad) == (1, 1)
    assert importing.rows(import_id)[0].problems[0][1] == "imports.not_a_domain"


def test_deals_come_with_their_people_and_companies(importing):
    import_id, progress = importing.take(DEALS, Subject.DEAL)

    ramp, dock, bay = importing.deals()
    assert (progress.state, progress.created, progress.bad) == (ImportState.DONE, 3, 1)
    assert (ramp.amount, ramp.currency, ramp.owner_id) == (Decimal("1200.50"), "PLN", importing.team.users[BEN])
    assert (dock.amount, dock.owner_id) == (Decimal("900.00"), importing.team.users[ANNA])
    assert str(ramp.expected_close) == "2026-12-31"
    assert [importing.team.stage(deal.id) for deal in (ramp, dock, bay)] == ["Talking", "New", "Won"]
    assert bay.closed_at is not None
    [jane] = importing.people()
    assert ramp.contact_id == dock.contact_id == jane.id
    assert [company.name for company in importing.companies()] == ["Acme", "Globex"]
    [bad] = [row for row in importing.rows(import_id) if row.state == RowState.BAD]
    assert [problem[0] for problem in bad.problems] == ["stage", "value"]


def test_an_amount_that_the_file_leaves_unclear_is_asked_about_and_none_is_rounded(importing):
    rows = "".join(
        f'{name},"{value}"\n' for name, value in (("A", "1.250"), ("B", "0.125"), ("C", "7"), ("D", "1,250"))
    )

    import_id, _ = importing.take(f"Deal name,Value\n{rows}", Subject.DEAL)

    assert [(deal.title, deal.amount) for deal in importing.deals()] == [("C", Decimal(7)), ("D", Decimal(1250))]
    bad = [row.problems[0][1] for row in importing.rows(import_id) if row.state == RowState.BAD]
    assert bad == ["fields.unclear", "fields.too_many_places"]


def test_what_a_row_of_deals_says_of_people_and_companies_is_judged_and_never_cut(importing):
    heads = {
        **{"title": "title", "company": "company", "mail": "contact.email", "name": "contact.name"},
        **{"first": "contact.first_name", "job": "contact.job", "phone": "contact.phone"},
    }
    rows = [
        *(f"A,{'c' * 301},,,,,", f"B,,b@acme.example,{'n' * 301},,,", f"C,,c@acme.example,,{'f' * 151},,"),
        *(f"D,,d@acme.example,,,{'j' * 301},", "E,,e@acme.example,,,,call me", f"F,,f@acme.example,,,,{'1' * 65}"),
        f"G,{'c' * 300},g@acme.example,{'n' * 300},,,+48 22 123 45 67",
    ]
    import_id, progress = importing.take("\n".join([",".join(heads), *rows]), Subject.DEAL, heads)

    assert (progress.created, progress.bad) == (1, 6)
    problems = [row.problems[0] for row in importing.rows(import_id) if row.state == RowState.BAD]
    assert [(column, code) for column, code, _ in problems] == [
        *(("company", "fields.too_long"), ("name", "fields.too_long"), ("first", "fields.too_long")),
        *(("job", "fields.too_long"), ("phone", "fields.not_a_phone"), ("phone", "fields.too_long")),
    ]
    assert [company.name for company in importing.companies()] == ["c" * 300]
    assert [(person.name, person.phone) for person in importing.people()] == [("n" * 300, "+48 22 123 45 67")]


def test_the_company_of_a_row_of_people_is_not_cut_either(importing):
    import_id, progress = importing.take(f"email,company\na@acme.example,{'c' * 301}\n")

    assert (progress.bad, importing.companies(), importing.people()) == (1, [], [])
    assert importing.rows(import_id)[0].problems[0][:2] == ["company", "fields.too_long"]


def test_deals_enter_quietly_and_are_counted(importing, monkeypatch):
    entered = []
    monkeypatch.setattr(hooks, "ENTRY", [lambda session, step: entered.append(step)])

    importing.take(DEALS, Subject.DEAL)

    assert entered == []
    with importing.team.looking() as session:
        pipeline = importing.team.pipeline_id
        assert totals.of_pipeline(session, pipeline) == totals.recount(session, pipeline)


def test_a_second_import_of_deals_updates_by_title_and_person_or_company(importing):
    importing.take(DEALS, Subject.DEAL)
    _, progress = importing.take(DEALS.replace("900,00", "950,00").replace("Bay;Won", "Bay;Lost"), Subject.DEAL)

    assert (progress.created, progress.updated, progress.unchanged) == (0, 2, 1)
    _, dock, bay = importing.deals()
    assert dock.amount == Decimal("950.00")
    assert importing.team.stage(bay.id) == "Lost"


def test_companies_are_known_whatever_their_capitals(importing):
    importing.take("name,domain\nŁódź Works,\n", Subject.COMPANY)
    importing.take("email,company\na@acme.example,ACME\nb@acme.example,Acme\nc@acme.example,łódź WORKS\n")
    _, progress = importing.take("name,domain\nacme,\nAcMe,acme.example\n", Subject.COMPANY)

    assert (progress.created, progress.updated) == (0, 2)
    works, acme = importing.companies()
    assert (works.name, acme.name, acme.domain) == ("Łódź Works", "AcMe", "acme.example")
    assert [person.company_id for person in importing.people()] == [acme.id, acme.id, works.id]


def test_a_deal_that_went_on_to_another_pipeline_is_not_made_again(importing):
    importing.take(DEALS, Subject.DEAL)
    dock = importing.deals()[1].id
    with importing.team.database.writing(Viewer.operator(importing.team.team_id)) as session:
        drafts = [
            StageDraft("Onboarding"),
            StageDraft("Happy", kind=StageKind.WON),
            StageDraft("Gone", kind=StageKind.LOST),
        ]
        after_sales = pipelines.create(session, "After sales", drafts, at=MONDAY)
        stage = pipeline_queries.entry_stage(session, after_sales.id).id
        ladder.move_to_pipeline(session, dock, stage, seen=None, at=MONDAY)
    import_id, progress = importing.take(DEALS.replace("Dock;;900,00", "Dock;Talking;950,00"), Subject.DEAL)

    assert (progress.created, progress.updated, len(importing.deals())) == (0, 1, 3)
    assert (importing.deals()[1].amount, importing.deals()[1].stage_id) == (Decimal("950.00"), stage)
    with importing.team.looking() as session:
        [noted] = queries.noted_rows(session, import_id)
        assert (noted.number, noted.problems) == (3, [["stage", "imports.elsewhere", {"pipeline": "After sales"}]])


def test_a_domain_that_is_not_taken_is_said_of_its_row(importing):
    importing.take("name,domain\nAcme,acme.example\n", Subject.COMPANY)
    import_id, progress = importing.take(
        "name,domain\nMailers,gmail.com\nOther,acme.example\nGlobex,globex.example\nOther,globex.example\n",
        Subject.COMPANY,
    )

    assert progress.bad == 0
    with importing.team.looking() as session:
        noted = queries.noted_rows(session, import_id)
        assert [(row.number, row.problems) for row in noted] == [
            (2, [["domain", "imports.free_mail", {"given": "gmail.com"}]])
        ]


def test_a_domain_that_another_company_has_is_said_of_its_row(importing):
    importing.take("name,domain\nAcme,acme.example\nGlobex,\n", Subject.COMPANY)
    with importing.team.acting() as session:
        companies.delete(session, importing.companies()[0].id, at=MONDAY)
        deleted = companies.create(session, "Acme", domain="acme.example", at=MONDAY)
        session.flush()
        deleted.deleted_at = MONDAY
    chosen = {"id": "id", "domain": "domain"}
    globex = importing.companies()[0].id
    import_id, progress = importing.take(f"id,domain\n{globex},acme.example\n", Subject.COMPANY, chosen)

    assert (progress.unchanged, importing.companies()[0].domain) == (1, None)
    with importing.team.looking() as session:
        [noted] = queries.noted_rows(session, import_id)
        assert noted.problems == [["domain", "imports.domain_taken", {"given": "acme.example"}]]

    import_id, _ = importing.take(
        "email,company,domain\nx@y.example,New,acme.example\n",
        chosen={"email": "email", "company": "company", "domain": "company.domain"},
    )
    with importing.team.looking() as session:
        [noted] = queries.noted_rows(session, import_id)
        assert noted.problems == [["domain", "imports.domain_taken", {"given": "acme.example"}]]


def test_deals_are_known_by_the_id_that_we_gave_out(importing):
    importing.take(DEALS, Subject.DEAL)
    first = importing.deals()[0].id
    _, progress = importing.take(f"id,title\n{first},Ramp and stairs\n999,Nothing\n", Subject.DEAL)

    assert (progress.updated, progress.bad) == (1, 1)
    assert importing.deals()[0].title == "Ramp and stairs"


def test_custom_fields_of_deals_are_filled_and_the_import_is_undone(importing):
    with importing.team.database.writing(Viewer.operator(importing.team.team_id)) as session:
        plan = fields.create(session, Subject.DEAL, FieldKind.NUMBER, "Seats", at=MONDAY)

    import_id, _ = importing.take("title,company,seats\nRamp,Acme,12\n", Subject.DEAL)

    [ramp] = importing.deals()
    with importing.team.looking() as session:
        held = stored.read_many(session, Subject.DEAL, [ramp.id], specs(session, Subject.DEAL))
        assert held == {ramp.id: {f"f{plan.id}": Decimal(12)}}
    importing.take_back(import_id)
    assert (importing.deals(), importing.companies()) == ([], [])


def test_undoing_an_import_of_deals_takes_edits_and_moves_back(importing):
    importing.take(DEALS, Subject.DEAL)
    import_id, _ = importing.take(
        DEALS.replace("900,00", "950,00").replace("Ramp;Talking", "Ramp;Offer").replace("Bay", "Quay"), Subject.DEAL
    )

    importing.take_back(import_id)

    ramp, dock, bay = importing.deals()
    assert (importing.team.stage(ramp.id), dock.amount, bay.title) == ("Talking", Decimal("900.00"), "Bay")
    with importing.team.looking() as session:
        back = session.scalars(select(Activity).where(Activity.undoes_id.is_not(None), Activity.kind == "deal.moved"))
        assert [entry.after["quietly"] for entry in back] == [True]
