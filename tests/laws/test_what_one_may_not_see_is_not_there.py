"""Who sees what: a record that is kept from somebody is in no list, count, total or diary of theirs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import event, exists, func, literal, select, union_all, update
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from addon.domain.access import Database, Viewer
from addon.domain.activity import queries as diary
from addon.domain.contacts import operations as contacts
from addon.domain.contacts import queries as contact_queries
from addon.domain.deals import operations as deals
from addon.domain.deals import queries as deal_queries
from addon.domain.deals import totals
from addon.domain.deals.draft import DealDraft
from addon.domain.deals.twins import HasHiddenTwin
from addon.domain.errors import NotAllowed, NotFound
from addon.domain.ladder import operations as ladder
from addon.domain.ladder import twins
from addon.domain.money import Money
from addon.domain.pipelines import members
from addon.domain.pipelines import operations as pipelines
from addon.domain.pipelines import queries as pipeline_queries
from addon.domain.pipelines.operations import StageDraft
from addon.domain.teams import operations as teams
from addon.domain.threads import operations as threads
from addon.domain.threads import queries as thread_queries
from addon.models import (
    Activity,
    ChecklistTick,
    Company,
    Contact,
    Deal,
    DealContact,
    DealTotal,
    LinkedHow,
    LinkQuestion,
    Pipeline,
    PipelineMember,
    Role,
    Sight,
    Stage,
    StageDefinition,
    StageKind,
    Task,
    Thread,
    ThreadLink,
    User,
)
from tests.domain.team_at_work import ANNA, BEN, MONDAY, TeamAtWork, mail

LATER = MONDAY + timedelta(hours=1)
OTHER_TEAM = "Sextant"


@dataclass
class Office:
    """Anna and Ben, and who sees everything; deals of each in the open pipeline and in Ben's own one."""

    database: Database
    team_id: int
    users: dict[str, int]
    pipelines: dict[str, int] = field(default_factory=dict)
    deals: dict[str, int] = field(default_factory=dict)
    """By title: whose and where, such as "anna open"."""
    people: dict[str, int] = field(default_factory=dict)
    companies: dict[str, int] = field(default_factory=dict)

    def viewer(self, name: str) -> Viewer:
        with self.database.reading(Viewer.operator(self.team_id)) as session:
            return Viewer.of(session.get_one(User, self.users[name]))

    @contextmanager
    def looking(self, name: str) -> Iterator[Session]:
        with self.database.reading(self.viewer(name)) as session:
            yield session

    @contextmanager
    def acting(self, name: str = "") -> Iterator[Session]:
        with self.database.writing(self.viewer(name) if name else Viewer.operator(self.team_id)) as session:
            yield session

    def allow(self, role: Role, sight: Sight) -> None:
        with self.acting() as session:
            teams.set_sight(session, role, sight, at=MONDAY)


@pytest.fixture
def office(team: TeamAtWork) -> Office:
    made = Office(team.database, team.team_id, {"anna": team.users[ANNA], "ben": team.users[BEN]})
    with made.acting() as session:
        made.users["mia"] = teams.add_user(session, "mia@halyard.example", role=Role.MANAGER, at=MONDAY).id
        made.users["ada"] = teams.add_user(session, "ada@halyard.example", role=Role.ADMIN, at=MONDAY).id
        stages = [StageDraft("In"), StageDraft("Won", kind=StageKind.WON), StageDraft("Lost", kind=StageKind.LOST)]
        closed = pipelines.create(session, "Ben's own", stages, at=MONDAY)
        closed.members_only = True
        session.add(PipelineMember(pipeline_id=closed.id, user_id=made.users["ben"], created_at=MONDAY))
        made.pipelines = {"open": team.pipeline_id, "closed": closed.id}
        for owner in ("anna", "ben"):
            for where, pipeline_id in made.pipelines.items():
                _fill(made, session, f"{owner} {where}", made.users[owner], pipeline_id)
        for name in ("nobody's", "mia's"):
            made.companies[name] = contacts.create_company(session, name, at=MONDAY).id
            person = contacts.create(session, f"{name.partition(chr(39))[0]}@acme.example", name=name, at=MONDAY)
            made.people[name] = person.id
        session.get_one(Contact, made.people["mia's"]).owner_id = made.users["mia"]
        session.get_one(Company, made.companies["mia's"]).owner_id = made.users["mia"]
    return made


def _fill(made: Office, session: Session, title: str, owner_id: int, pipeline_id: int) -> None:
    address = title.replace(" ", ".")
    company = contacts.create_company(session, title, at=MONDAY)
    employer = contacts.create_company(session, f"{title} employer", at=MONDAY)
    person = contacts.create(session, f"{address}@acme.example", name=title, company=employer, at=MONDAY)
    beside = contacts.create(session, f"beside.{address}@acme.example", name=f"{title} beside", at=MONDAY)
    draft = DealDraft(
        title=title,
        owner_id=owner_id,
        contact_id=person.id,
        company_id=company.id,
        value=Money(Decimal(10), "EUR"),
    )
    deal = ladder.open_deal(session, draft, at=MONDAY, pipeline_id=pipeline_id)
    deals.add_person(session, deal.id, beside, at=MONDAY)
    session.add(Task(title=title, deal_id=deal.id, assignee_id=owner_id, created_at=MONDAY))
    session.add(Task(title=title, contact_id=beside.id, assignee_id=owner_id, created_at=MONDAY))
    session.add(ChecklistTick(deal_id=deal.id, stage_id=deal.stage_id, item="a", user_id=owner_id, created_at=MONDAY))
    session.flush()
    made.deals[title] = deal.id
    made.people |= {title: person.id, f"{title} beside": beside.id}
    made.companies |= {title: company.id, f"{title} employer": employer.id}


ALL = {"anna open", "ben open", "anna closed", "ben closed"}
SIGHTS: list[tuple[str, Role, Sight, set[str]]] = [
    ("anna", Role.REP, Sight.ALL, {"anna open", "ben open"}),
    ("anna", Role.REP, Sight.OWN, {"anna open"}),
    ("anna", Role.REP, Sight.PIPELINES, {"anna open"}),
    ("ben", Role.REP, Sight.ALL, ALL),
    ("ben", Role.REP, Sight.OWN, {"ben open", "ben closed"}),
    ("ben", Role.REP, Sight.PIPELINES, {"ben open", "anna closed", "ben closed"}),
    ("mia", Role.MANAGER, Sight.ALL, {"anna open", "ben open"}),
    ("mia", Role.MANAGER, Sight.OWN, set()),
    ("mia", Role.MANAGER, Sight.PIPELINES, set()),
    ("ada", Role.ADMIN, Sight.OWN, ALL),
]


def numbers(session: Session, query: Any) -> set[Any]:
    return set(session.scalars(query))


D, C, K = aliased(Deal), aliased(Contact), aliased(Company)
DEALS: dict[str, Callable[[Session], set[str]]] = {
    "a model": lambda s: {deal.title for deal in s.scalars(select(Deal))},
    "a column": lambda s: numbers(s, select(Deal.title)),
    "an alias": lambda s: numbers(s, select(D.title)),
    "a join": lambda s: numbers(s, select(Deal.title).join(Stage, Stage.id == Deal.stage_id)),
    "joined loading": lambda s: {d.title for d in s.scalars(select(Deal).options(joinedload(Deal.contact))).unique()},
    "a subquery": lambda s: numbers(s, select(select(Deal.title).subquery().c.title)),
    "a CTE": lambda s: numbers(s, select(select(Deal.title).cte().c.title)),
    "a union": lambda s: numbers(s, union_all(select(Deal.title), select(D.title))),
    "from people": lambda s: numbers(s, select(Deal.title).join(Contact, Contact.id == Deal.contact_id)),
    "from a part": lambda s: numbers(s, select(Deal.title).join(DealContact, DealContact.deal_id == Deal.id)),
    "parts": lambda s: numbers(
        s, select(D.title).where(D.id.in_(select(DealContact.deal_id)), D.id.in_(select(ChecklistTick.deal_id)))
    ),
    "EXISTS": lambda s: numbers(s, select(D.title).where(exists(select(Deal.id).where(Deal.id == D.id)))),
    "tasks": lambda s: numbers(s, select(Task.title).where(Task.deal_id.is_not(None))),
    "tasks of people": lambda s: numbers(s, select(Task.title).join(Contact, Contact.id == Task.contact_id)),
    "the diary": lambda s: {
        e.detail.texts["title"] for e in s.scalars(select(Activity).where(Activity.kind == "deal.created")) if e.detail
    },
    "boards": lambda s: {
        deal.title for pipeline in pipeline_queries.live(s) for deal in deal_queries.on_board(s, pipeline.id)
    },
}

COUNTS: dict[str, Any] = {
    "rows": select(func.count()).select_from(Deal),
    "a scalar subquery": select(literal(1) * select(func.count(Deal.id)).scalar_subquery()),
    "totals": select(func.sum(DealTotal.deals)),
    "amounts": select(func.sum(DealTotal.amount)),
}
PEOPLE: dict[str, Callable[[Session], set[str]]] = {
    "a column": lambda s: numbers(s, select(Contact.name)),
    "an alias": lambda s: numbers(s, select(C.name)),
    "a join of deals": lambda s: numbers(s, select(Contact.name).outerjoin(Deal, Deal.contact_id == Contact.id)),
    "an alias in a union": lambda s: numbers(s, union_all(select(C.name), select(Contact.name))),
    "IN": lambda s: numbers(s, select(C.name).where(C.id.in_(select(Contact.id)))),
}
FIRMS: dict[str, Callable[[Session], set[str]]] = {
    "a column": lambda s: numbers(s, select(Company.name)),
    "an alias": lambda s: numbers(s, select(K.name)),
    "a join": lambda s: numbers(s, select(K.name).outerjoin(Contact, Contact.company_id == K.id)),
}
EMPLOYERS: list[Callable[[Session], Sequence[Contact]]] = [
    lambda s: s.scalars(select(Contact).options(selectinload(Contact.company))).all(),
    lambda s: s.scalars(select(Contact).options(joinedload(Contact.company))).unique().all(),
    lambda s: s.scalars(select(C).execution_options(populate_existing=True)).all(),
]


def test_what_is_kept_from_somebody_is_in_no_list_and_no_count(office: Office) -> None:
    for name, role, sight, seen in SIGHTS:
        office.allow(role, sight)
        with office.looking(name) as session:
            expected = dict.fromkeys(DEALS, seen)
            if sight is Sight.ALL:  # who sees the deals of all sees all people, and what is to be done for them
                expected["tasks of people"] = ALL
            assert {shape: ask(session) for shape, ask in DEALS.items()} == expected, (name, sight)
            assert {shape: session.scalar(ask) or 0 for shape, ask in COUNTS.items()} == {
                shape: len(seen) * (10 if shape == "amounts" else 1) for shape in COUNTS
            }
            for pipeline_id in office.pipelines.values():
                assert totals.of_pipeline(session, pipeline_id) == totals.recount(session, pipeline_id)


def test_nor_are_the_people_and_companies_of_deals_that_are_kept(office: Office) -> None:
    for name, role, sight, seen in SIGHTS:
        office.allow(role, sight)
        people = seen | {f"{title} beside" for title in seen} | {"nobody's"}
        companies = seen | {f"{title} employer" for title in seen} | {"nobody's"}
        if sight is Sight.ALL or name == "ada":
            people, companies = set(office.people), set(office.companies)
        elif name == "mia":
            people, companies = people | {"mia's"}, companies | {"mia's"}
        with office.looking(name) as session:
            assert {shape: ask(session) for shape, ask in PEOPLE.items()} == dict.fromkeys(PEOPLE, people), name
            assert {shape: ask(session) for shape, ask in FIRMS.items()} == dict.fromkeys(FIRMS, companies), name
            for ask in EMPLOYERS:
                employers = {person.company.name for person in ask(session) if person.company}
                assert employers == {company for company in companies if company.endswith("employer")}
            kinds = {"contact.created": len(people), "company.created": len(companies), "deal.created": len(seen)}
            for kind, count in kinds.items():
                assert session.scalar(select(func.count(Activity.id)).where(Activity.kind == kind)) == count, kind


def test_and_it_is_not_found_by_its_id_as_if_it_never_was(office: Office) -> None:
    for name, role, sight, seen in SIGHTS:
        office.allow(role, sight)
        for title in sorted(ALL - seen):
            for act in ACTS:
                assert refusal(office, name, act, office.deals[title]) == refusal(office, name, act, 987654)
            with office.looking(name) as session:
                assert session.get(Deal, office.deals[title]) is None
                assert not diary.of_subject(session, "deal", office.deals[title])
                for person in (title, f"{title} beside") if sight is not Sight.ALL else ():
                    with pytest.raises(NotFound):
                        contact_queries.get(session, office.people[person])
            with office.acting(name) as session:
                session.execute(update(Deal).where(Deal.id == office.deals[title]).values(product="theirs"))
    with office.acting() as session:
        assert {deal.title for deal in session.scalars(select(Deal).where(Deal.product == ""))} == ALL


ACTS: list[Callable[[Session, int], Any]] = [
    deal_queries.get,
    lambda session, deal_id: deals.edit(session, deal_id, {"title": "x"}, at=LATER),
    lambda session, deal_id: deals.delete(session, deal_id, at=LATER),
    lambda session, deal_id: ladder.move(session, deal_id, 1, seen=None, at=LATER),
]


def refusal(office: Office, name: str, act: Callable[[Session, int], Any], deal_id: int) -> tuple[str, dict[str, Any]]:
    """What they are told, but for the number that they gave themselves."""
    with office.acting(name) as session, pytest.raises(NotFound) as refused:
        act(session, deal_id)
    params = refused.value.params
    assert params.pop("given") == deal_id
    return refused.value.code, params


def test_a_pipeline_of_members_is_there_for_them_and_admins_alone(office: Office) -> None:
    for name, sees in (("anna", False), ("mia", False), ("ben", True), ("ada", True)):
        with office.looking(name) as session:
            pipeline_id = office.pipelines["closed"]
            assert (pipeline_id in [found.id for found in pipeline_queries.live(session)]) is sees
            assert (session.get(Pipeline, pipeline_id) is not None) is sees
            assert bool(pipeline_queries.stages(session, pipeline_id)) is sees
            names = numbers(session, select(StageDefinition.name))
            assert ("In" in names) is sees
            assert bool(session.scalars(select(PipelineMember)).all()) is sees
            entries = session.scalars(select(Activity).where(Activity.kind == "pipeline.created"))
            assert (len(entries.all()) == 2) is sees
        if not sees:
            draft = DealDraft(title="Mine", owner_id=office.users[name])
            with office.acting(name) as session, pytest.raises(NotFound):
                ladder.open_deal(session, draft, at=LATER, pipeline_id=pipeline_id)


def test_a_stranger_of_another_team_finds_nothing(office: Office) -> None:
    with office.database.writing(Viewer.operator(0)) as session:
        other = teams.create_team(session, OTHER_TEAM, at=MONDAY).id
    with office.database.writing(Viewer.operator(other)) as session:
        stranger = teams.add_user(session, "eve@sextant.example", role=Role.REP, at=MONDAY)
        teams.set_sight(session, Role.REP, Sight.OWN, at=MONDAY)
        session.flush()
        viewer = Viewer.of(stranger)

    with office.database.reading(viewer) as session:
        assert {shape: ask(session) for shape, ask in DEALS.items()} == {shape: set() for shape in DEALS}
        for model in (Contact, Company, Pipeline, Stage, DealTotal, Task):
            assert not session.scalars(select(model)).all()
        assert viewer.sees is not None


def test_who_gives_a_deal_away_writes_that_down_and_sees_it_no_more(office: Office) -> None:
    office.allow(Role.REP, Sight.OWN)

    with office.acting("anna") as session:
        deals.edit(session, office.deals["anna open"], {"owner_id": office.users["ben"]}, at=LATER)

    with office.looking("anna") as session, pytest.raises(NotFound):
        deal_queries.get(session, office.deals["anna open"])
    with office.looking("ben") as session:
        entries = diary.of_subject(session, "deal", office.deals["anna open"])
        assert [entry.number for entry in entries] == list(range(len(entries), 0, -1))
        assert totals.of_pipeline(session, office.pipelines["open"]) == totals.recount(
            session, office.pipelines["open"]
        )


def test_who_sees_everything_asks_no_more_questions_for_it(office: Office) -> None:
    """Without a restriction the statements are what they were: no conditions, no other statements."""
    asked: list[str] = []
    with office.acting() as session:
        session.scalars(select(Pipeline).where(Pipeline.members_only)).one().members_only = False
    viewer = office.viewer("anna")
    assert viewer.sees is None
    event.listen(office.database.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    with office.database.reading(viewer) as session:
        session.scalars(select(Deal.title)).all()

    assert len([sql for sql in asked if "FROM deal" in sql]) == 1
    assert "owner_id" not in asked[-1]
    assert "role_sight" not in "".join(asked)


def test_a_thread_of_a_deal_that_one_may_not_see_stays_there(office: Office, team: TeamAtWork) -> None:
    with office.acting("ben") as session:
        thread = threads.ensure_thread(session, team.mailboxes[ANNA], "t9", at=MONDAY)
        thread_id = thread.id
    with office.acting() as session:
        thread = session.get_one(Thread, thread_id)
        threads.link(session, thread, office.deals["ben open"], how=LinkedHow.EXPLICIT, at=MONDAY)
    office.allow(Role.REP, Sight.OWN)

    with office.acting("anna") as session:
        thread = session.get_one(Thread, thread_id)
        with pytest.raises(NotAllowed):
            threads.link(session, thread, office.deals["anna open"], how=LinkedHow.EXPLICIT, at=LATER)


def test_a_mail_is_not_linked_by_guessing_because_its_owner_sees_one_deal_of_two(
    office: Office, team: TeamAtWork
) -> None:
    """Law 8: the machine counts all open deals of a person, whoever sees them; the owner is asked, of what they see."""
    office.allow(Role.REP, Sight.OWN)
    with office.acting() as session:
        person = session.get_one(Contact, office.people["anna open"])
        deals.add_person(session, office.deals["ben open"], person, at=MONDAY)

    team.receive(mail(sender="anna.open@acme.example"))

    with office.acting() as session:
        assert not session.scalars(select(ThreadLink)).all()
        asked = session.scalars(select(LinkQuestion)).one()
        assert set(asked.candidates) == {office.deals["anna open"], office.deals["ben open"]}
    with office.looking("anna") as session:
        seen = session.scalars(select(Deal.title).where(Deal.id.in_(asked.candidates))).all()
        assert seen == ["anna open"]
        assert thread_queries.fitting(session, session.get_one(LinkQuestion, asked.id)) == 1, "what the sidebar counts"


def test_a_twin_that_is_kept_from_somebody_is_not_doubled_and_not_named(office: Office, team: TeamAtWork) -> None:
    deal_id = office.deals["anna open"]
    with office.acting() as session:
        pipelines.edit(session, team.pipeline_id, {"after_sales_id": office.pipelines["closed"]}, at=MONDAY)
        members.open_to_team(session, office.pipelines["closed"], at=MONDAY)
        ladder.move(session, deal_id, team.stages["Won"], seen=None, at=MONDAY)
        twin = twins.open_twin(session, deal_id, at=MONDAY, title="Quokka care")
        deals.edit(session, twin.id, {"owner": office.users["ben"]}, at=MONDAY)
    office.allow(Role.REP, Sight.OWN)

    with pytest.raises(HasHiddenTwin) as refused, office.acting("anna") as session:
        twins.open_twin(session, deal_id, at=LATER)

    assert refused.value.params == {"title": "anna open"}
