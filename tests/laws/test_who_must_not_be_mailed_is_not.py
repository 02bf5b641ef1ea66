"""Law 6: no mail is permitted after a suppression's commit, and it holds whatever becomes of the person's rows.

What Gmail and the worker do with a stopped mail is told in tests/sending.
"""

from __future__ import annotations

import functools
import threading
from datetime import timedelta

from sqlalchemy import delete, select, update

from addon.domain import tables
from addon.domain.access import Viewer
from addon.domain.campaigns import importing, unsubscribing
from addon.domain.campaigns import queries as campaigns
from addon.domain.contacts import addresses
from addon.domain.contacts import operations as contacts
from addon.domain.mailboxes import leases
from addon.domain.mailboxes.leases import Lease
from addon.domain.outgoing import claiming, permitting
from addon.domain.outgoing import operations as outgoing
from addon.domain.outgoing.permitting import Go, Permit
from addon.domain.ports.mailbox import Draft
from addon.domain.suppressions import operations as suppressions
from addon.domain.suppressions import queries as suppression_queries
from addon.models import Address, Contact, Outgoing, OutgoingState, Run, RunKind, SuppressionReason, SuppressionScope
from tests.domain.team_at_work import ANNA, MONDAY, TeamAtWork

JANE = "Jane.Doe@gmail.com"
SPELLINGS = ["janedoe@gmail.com", "JANE.DOE@GMAIL.COM", "j.a.n.e.doe+spring@googlemail.com"]
LATER = MONDAY + timedelta(hours=1)
PATIENCE = 20


def suppress(team: TeamAtWork, email: str = JANE, *, scope: SuppressionScope = SuppressionScope.CAMPAIGNS) -> None:
    with team.acting() as session:
        key = addresses.key_of(session, email)
        suppressions.suppress(session, key, scope=scope, reason=SuppressionReason.UNSUBSCRIBED, at=LATER)


def due(team: TeamAtWork, email: str, *, kind: RunKind = RunKind.CAMPAIGN) -> None:
    """A mail to this address is due, whatever anybody thinks of it."""
    with team.acting() as session:
        address = contacts.ensure_address(session, email, at=MONDAY)
        box = team.mailboxes[ANNA]
        mail = outgoing.Due(address_id=address.id, address_key=address.key, mailbox_id=box, due_at=MONDAY)
        outgoing.put_due(session, outgoing.begin_run(session, kind, at=MONDAY), [mail])


def claim(team: TeamAtWork) -> tuple[Lease, list[Outgoing]]:
    """C0."""
    with team.acting() as session:
        lease = leases.take(session, team.mailboxes[ANNA], "worker", seconds=60)
        assert lease is not None
        return lease, list(claiming.claim(session, lease, at_most=9, at=LATER))


DRAFT = Draft("d1", "m1", "t1")


def permit(team: TeamAtWork, lease: Lease, row: Outgoing, *, draft: str = DRAFT.draft_id) -> Permit:
    """C1."""
    created = Draft(draft, DRAFT.message_id, DRAFT.thread_id)
    with team.acting() as session:
        return permitting.permit(session, row.id, row.attempt, lease, created, at=LATER, sweeps=(0.0,))


def states(team: TeamAtWork) -> set[str]:
    with team.looking() as session:
        return set(session.scalars(select(Outgoing.state)))


def test_any_spelling_of_the_address_is_stopped_at_the_permit(team: TeamAtWork) -> None:
    for spelling in SPELLINGS:
        due(team, spelling)
    lease, rows = claim(team)
    suppress(team)

    assert len(rows) == len(SPELLINGS)
    assert {permit(team, lease, row) for row in rows} == {Permit.REFUSED}
    assert states(team) == {OutgoingState.STOPPED}


def test_somebody_else_with_a_name_like_it_is_not(team: TeamAtWork) -> None:
    due(team, "jane.doe@acme.example")
    lease, [row] = claim(team)
    suppress(team)
    suppress(team, "janedoe@acme.example")

    assert permit(team, lease, row) is Permit.GRANTED


def test_it_outlives_the_person_and_every_row_of_the_address(team: TeamAtWork) -> None:
    with team.acting() as session:
        contacts.create(session, JANE, name="Jane Doe", at=MONDAY)
    suppress(team)
    with team.acting() as session:
        session.execute(delete(Address).where(Address.email == JANE))
        session.execute(update(Contact).where(Contact.name == "Jane Doe").values(deleted_at=LATER))

    rows = "".join(f"{spelling},Jane\n" for spelling in SPELLINGS)
    table = tables.read(f"email,first name\n{rows}joe@acme.example,Joe\n".encode())
    draft = importing.Draft(mailbox_id=team.mailboxes[ANNA], name="Spring", subject="Hi", body="Hi", table=table)
    campaign_id = importing.create_campaign(functools.partial(team.database.writing, team.viewer()), draft, at=LATER)

    with team.looking() as session:
        skipped = [(line.email, line.skipped) for line in campaigns.skipped(session, campaign_id)]
    assert skipped == [(spelling, "suppressed") for spelling in SPELLINGS]
    for spelling in SPELLINGS:
        due(team, spelling)
    _, claimed = claim(team)
    assert (claimed, states(team)) == ([], {OutgoingState.STOPPED})


def test_a_list_never_lifts_it_and_lifting_keeps_the_proof(team: TeamAtWork) -> None:
    suppress(team)
    with team.acting() as session:
        contacts.create(session, JANE, at=LATER)
        key = addresses.key_of(session, JANE)
        [live] = suppression_queries.of_key(session, key)
        assert live.lifted_at is None
        suppressions.lift(session, live, at=LATER)
    suppress(team)

    with team.looking() as session:
        proof = [(row.reason, row.lifted_at) for row in suppression_queries.of_key(session, key)]
    assert proof == [("unsubscribed", LATER), ("unsubscribed", None)]


SCOPES = [
    (SuppressionScope.EVERYTHING, RunKind.CAMPAIGN, Permit.REFUSED),
    (SuppressionScope.EVERYTHING, RunKind.ENROLMENT, Permit.REFUSED),
    (SuppressionScope.CAMPAIGNS, RunKind.CAMPAIGN, Permit.REFUSED),
    (SuppressionScope.CAMPAIGNS, RunKind.ENROLMENT, Permit.GRANTED),
    (SuppressionScope.SEQUENCE, RunKind.CAMPAIGN, Permit.GRANTED),
    (SuppressionScope.SEQUENCE, RunKind.ENROLMENT, Permit.REFUSED),
]


def test_it_reaches_as_far_as_its_scope(team: TeamAtWork) -> None:
    for number, (_, kind, _) in enumerate(SCOPES):
        due(team, f"person{number}@acme.example", kind=kind)
    lease, rows = claim(team)
    for number, (scope, _, _) in enumerate(SCOPES):
        suppress(team, f"person{number}@acme.example", scope=scope)

    assert [permit(team, lease, row, draft=f"d{row.id}") for row in rows] == [answer for _, _, answer in SCOPES]


def test_an_unsubscribe_under_way_makes_the_permit_wait_and_refuses_it(team: TeamAtWork) -> None:
    due(team, JANE)
    lease, [row] = claim(team)
    with team.looking() as session:
        guest = Viewer.guest(team.team_id, addresses.key_of(session, JANE), session.scalars(select(Run.ref)).one())
    answers: list[Permit] = []
    about_to = threading.Event()

    def worker() -> None:
        about_to.set()
        answers.append(permit(team, lease, row))

    sender = threading.Thread(target=worker)
    with team.database.writing(guest) as session:
        unsubscribing.unsubscribe(session, at=LATER)
        sender.start()
        assert about_to.wait(PATIENCE)
        sender.join(0.1)
        assert answers == [], "nobody permits what is being ended"
    sender.join(PATIENCE)

    assert answers == [Permit.REFUSED]
    assert states(team) == {OutgoingState.STOPPED}


def test_an_unsubscribe_after_the_permit_is_seen_at_the_take_over(team: TeamAtWork) -> None:
    due(team, JANE)
    lease, [row] = claim(team)
    done = threading.Event()
    waits: list[bool] = []

    def person() -> None:
        suppress(team)
        done.set()

    with team.acting() as session:
        granted = permitting.permit(session, row.id, row.attempt, lease, DRAFT, at=LATER, sweeps=(0.0,))
        unsubscriber = threading.Thread(target=person)
        unsubscriber.start()
        waits.append(not done.wait(0.1))
    unsubscriber.join(PATIENCE)
    with team.acting() as session:
        go = permitting.take_over(session, row.id, DRAFT.draft_id, lease)

    assert (granted, waits, done.is_set()) == (Permit.GRANTED, [True], True)
    assert go is Go.STOP
