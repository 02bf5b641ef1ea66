"""Law 1: every change writes the diary in its own transaction; entries are numbered, share a cause, hold no words."""

from __future__ import annotations

import ast
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from addon.domain import tables
from addon.domain.access import Viewer
from addon.domain.activity import operations as activity
from addon.domain.activity import queries as diary
from addon.domain.campaigns import audience, filling, unsubscribing
from addon.domain.campaigns import operations as campaigns
from addon.domain.contacts import addresses
from addon.domain.contacts import operations as contacts
from addon.domain.deals import operations as deals
from addon.domain.deals.moving import DealDraft
from addon.domain.ladder import operations as ladder
from addon.domain.mailboxes import operations as mailboxes
from addon.domain.money import Money
from addon.domain.outgoing import operations as outgoing
from addon.domain.pipelines import operations as pipelines
from addon.domain.pipelines.operations import StageDraft
from addon.domain.rules import operations as rules
from addon.domain.suppressions import operations as suppressions
from addon.domain.teams import operations as teams
from addon.domain.threads import operations as threads
from addon.domain.threads import queries as thread_queries
from addon.domain.undoing import operations as undoing
from addon.models import (
    Activity,
    ActivityDetail,
    Address,
    Deal,
    LinkedHow,
    Outgoing,
    OutgoingState,
    Role,
    Sharing,
    Sight,
    StageKind,
    Suppression,
    SuppressionReason,
    SuppressionScope,
    Thread,
)
from tests.domain.team_at_work import ANNA, BEN, JANE, MONDAY, TeamAtWork, mail
from tests.laws import acts_on_records, whole_database

DOMAIN = Path(__file__).parents[2] / "addon" / "domain"
LATER = MONDAY + timedelta(hours=1)
W = "Quaggaword"
"""Stands in every name and text that a person gives here."""

STAGES = [StageDraft(f"{W} new"), StageDraft("Won", kind=StageKind.WON), StageDraft("Lost", kind=StageKind.LOST)]
LIST = f"email,first name\n{W}@acme.example,{W}\n".encode()
Act = Callable[[Session, TeamAtWork], Any]


def deal(session: Session) -> Deal:
    return session.scalars(select(Deal).order_by(Deal.id)).first()  # type: ignore[return-value]


def thread(session: Session, team: TeamAtWork) -> Thread:
    return threads.ensure_thread(session, team.mailboxes[ANNA], "t1", at=MONDAY)


def linked(session: Session, team: TeamAtWork) -> Activity:
    entry = threads.link(session, thread(session, team), deal(session).id, how=LinkedHow.EXPLICIT, at=MONDAY)
    assert entry is not None
    return entry


def edited(session: Session, word: str, amount: int) -> Activity | None:
    """Every field that holds words, and some that do not."""
    words = dict.fromkeys(["title", "product", "channel", "next_step"], word)
    rest = {"next_step_on": date(2026, 4, amount), "value": Money(Decimal(amount), "EUR"), "contact_id": None}
    return deals.edit(session, deal(session).id, {**words, **rest}, at=MONDAY)


def moved(session: Session, team: TeamAtWork) -> Activity:
    entry = ladder.move(session, deal(session).id, team.stages["Offer"], seen=None, at=LATER)
    assert entry is not None
    return entry


def campaign(session: Session, team: TeamAtWork) -> int:
    """One that is being sent."""
    table, box = tables.read(LIST), team.mailboxes[ANNA]
    made = campaigns.create(session, mailbox_id=box, name=f"{W} go", subject=W, body=W, table=table, at=MONDAY)
    filling.take(session, made, list(audience.prospects(table, W, W)), at=MONDAY, cause=None)
    campaigns.finish(session, made.id, at=MONDAY)
    return made.id


def launched(session: Session, team: TeamAtWork) -> int:
    campaign_id = campaign(session, team)
    assert campaigns.launch(session, campaign_id, at=MONDAY)
    return campaign_id


def uncertain(session: Session, team: TeamAtWork) -> int:
    row = session.scalars(select(Outgoing)).one()
    row.state = OutgoingState.UNCERTAIN
    session.flush()
    return row.id


def bad_address(session: Session) -> Address:
    return session.scalars(select(Address).where(Address.email == JANE)).one()


def suppressed(session: Session, **more: Any) -> Suppression:
    return suppressions.suppress(
        session,
        addresses.key_of(session, f"{W}@acme.example"),
        scope=SuppressionScope.CAMPAIGNS,
        reason=SuppressionReason.BY_HAND,
        at=MONDAY,
    )


ACTS: dict[str, tuple[Act, set[str]]] = {
    "teams.add_user": (
        lambda s, t: teams.add_user(s, f"{W}@halyard.example", role=Role.REP, name=W, at=MONDAY),
        {"user.added"},
    ),
    "teams.change_role": (
        lambda s, t: teams.change_role(s, t.users[BEN], Role.MANAGER, at=MONDAY),
        {"user.role_changed"},
    ),
    "teams.deactivate": (lambda s, t: teams.deactivate(s, t.users[BEN], at=MONDAY), {"user.deactivated"}),
    "teams.reactivate": (
        lambda s, t: (teams.deactivate(s, t.users[BEN], at=MONDAY), teams.reactivate(s, t.users[BEN], at=LATER)),
        {"user.deactivated", "user.reactivated"},
    ),
    "teams.set_sight": (lambda s, t: teams.set_sight(s, Role.REP, Sight.OWN, at=MONDAY), {"sight.set"}),
    "pipelines.create": (lambda s, t: pipelines.create(s, f"{W} line", STAGES, at=MONDAY), {"pipeline.created"}),
    "pipelines.edit": (
        lambda s, t: pipelines.edit(s, t.pipeline_id, {"name": W, "currency": "PLN"}, at=MONDAY),
        {"pipeline.edited"},
    ),
    "pipelines.reorder": (
        lambda s, t: pipelines.reorder(s, [pipelines.create(s, W, STAGES, at=MONDAY).id], at=MONDAY),
        {"pipeline.created", "pipelines.reordered"},
    ),
    "pipelines.archive": (lambda s, t: pipelines.archive(s, t.pipeline_id, at=MONDAY), {"pipeline.archived"}),
    "pipelines.restore": (
        lambda s, t: (pipelines.archive(s, t.pipeline_id, at=MONDAY), pipelines.restore(s, t.pipeline_id, at=LATER)),
        {"pipeline.archived", "pipeline.restored"},
    ),
    "mailboxes.connect": (
        lambda s, t: mailboxes.connect(s, owner_id=t.users[ANNA], email=ANNA, refresh_token=W, at=MONDAY),
        {"mailbox.connected"},
    ),
    "mailboxes.lose_grant": (
        lambda s, t: mailboxes.lose_grant(s, t.mailboxes[ANNA], "revoked", at=MONDAY),
        {"mailbox.grant_lost"},
    ),
    "mailboxes.share": (
        lambda s, t: mailboxes.share(s, t.mailboxes[ANNA], Sharing.ALL, at=MONDAY),
        {"mailbox.shared"},
    ),
    "mailboxes.disconnect": (
        lambda s, t: mailboxes.disconnect(s, t.mailboxes[ANNA], at=MONDAY),
        {"mailbox.disconnected"},
    ),
    "contacts.create": (
        lambda s, t: contacts.create(s, f"{W}@acme.example", name=W, title=W, phone=W, at=MONDAY),
        {"contact.created"},
    ),
    "contacts.ensure_address": (
        lambda s, t: contacts.ensure_address(s, f"jane+{W}@acme.example", at=MONDAY),
        {"address.added"},
    ),
    "contacts.create_company": (
        lambda s, t: contacts.create_company(s, W, domain=f"{W}.example", at=MONDAY),
        {"company.created"},
    ),
    "contacts.company_named": (lambda s, t: contacts.company_named(s, W, at=MONDAY), {"company.created"}),
    "contacts.mark_bounced": (
        lambda s, t: contacts.mark_bounced(s, bad_address(s), at=MONDAY),
        {"address.bounced"},
    ),
    "suppressions.suppress": (lambda s, t: suppressed(s), {"suppression.added"}),
    "suppressions.lift": (
        lambda s, t: suppressions.lift(s, suppressed(s), at=LATER),
        {"suppression.added", "suppression.lifted"},
    ),
    "ladder.open_deal": (
        lambda s, t: ladder.open_deal(s, DealDraft(title=W, owner_id=t.users[ANNA], next_step=W), at=MONDAY),
        {"deal.created", "deal.moved"},
    ),
    "ladder.move": (moved, {"deal.moved"}),
    "ladder.move_to_pipeline": (
        lambda s, t: ladder.move_to_pipeline(s, deal(s).id, t.stages["Lost"], seen=None, at=LATER),
        {"deal.moved"},
    ),
    "deals.edit": (lambda s, t: (edited(s, W, 5), edited(s, f"{W} again", 7)), {"deal.edited"}),
    "deals.add_person": (
        lambda s, t: deals.add_person(s, deal(s).id, contacts.create(s, f"{W}@b.example", at=MONDAY), at=MONDAY),
        {"contact.created", "deal.person_added"},
    ),
    "deals.delete": (lambda s, t: deals.delete(s, deal(s).id, at=MONDAY), {"deal.deleted"}),
    "threads.link": (linked, {"thread.linked"}),
    "threads.unlink": (
        lambda s, t: (linked(s, t), threads.unlink(s, thread(s, t), at=LATER)),
        {"thread.linked", "thread.unlinked"},
    ),
    "threads.ask": (lambda s, t: threads.ask(s, thread(s, t), None, [1, 2], at=MONDAY), {"thread.asked"}),
    "threads.dismiss_question": (
        lambda s, t: (
            threads.ask(s, thread(s, t), None, [1, 2], at=MONDAY),
            threads.dismiss_question(s, thread(s, t), at=LATER),
        ),
        {"thread.asked", "thread.question_dismissed"},
    ),
    "threads.share": (
        lambda s, t: (
            linked(s, t),
            threads.share(s, thread_queries.of_deal(s, deal(s).id)[0], Sharing.ALL, at=LATER),
        ),
        {"thread.linked", "thread.shared"},
    ),
    "rules.create_rule": (
        lambda s, t: rules.create_standard_rule(s, t.pipeline_id, f"{W} rule", at=MONDAY),
        {"rule.created"},
    ),
    "rules.switch": (
        lambda s, t: rules.switch(
            s,
            rules.create_standard_rule(s, t.pipeline_id, W, at=MONDAY).id,
            False,
            at=LATER,  # type: ignore[union-attr]
        ),
        {"rule.created", "rule.switched_off"},
    ),
    "undoing.undo": (
        lambda s, t: undoing.undo(s, moved(s, t).id, at=LATER),
        {"deal.moved"},
    ),
    "campaigns.create": (lambda s, t: campaign(s, t), {"campaign.created", "campaign.filled", "contact.created"}),
    "campaigns.launch": (
        lambda s, t: launched(s, t),
        {"campaign.created", "campaign.filled", "contact.created", "campaign.launched"},
    ),
    "campaigns.pause": (
        lambda s, t: campaigns.pause(s, launched(s, t), at=LATER),
        {"campaign.created", "campaign.filled", "contact.created", "campaign.launched", "campaign.paused"},
    ),
    "campaigns.resume": (
        lambda s, t: (c := launched(s, t), campaigns.pause(s, c, at=LATER), campaigns.resume(s, c, at=LATER)),
        {
            "campaign.created",
            "campaign.filled",
            "contact.created",
            "campaign.launched",
            "campaign.paused",
            "campaign.resumed",
        },
    ),
    "campaigns.cancel": (
        lambda s, t: campaigns.cancel(s, launched(s, t), at=LATER),
        {"campaign.created", "campaign.filled", "contact.created", "campaign.launched", "campaign.cancelled"},
    ),
    "outgoing.look_again": (
        lambda s, t: outgoing.look_again(s, uncertain(s, t), at=LATER),
        {"outgoing.looked_for"},
    ),
    "outgoing.treat_as_sent": (
        lambda s, t: outgoing.treat_as_sent(s, uncertain(s, t), at=LATER),
        {"outgoing.treated_as_sent"},
    ),
    "outgoing.send_anyway": (
        lambda s, t: outgoing.send_anyway(s, uncertain(s, t), at=LATER),
        {"outgoing.sent_anyway"},
    ),
    **acts_on_records.ACTS,
}

SAID_ELSEWHERE = {
    **acts_on_records.SAID_ELSEWHERE,
    "activity": "it is the diary",
    "deals.check_value": "asks",
    "inbox": "a mail is noted by what it does: mail.received, thread.linked ... (tests/domain/inbox)",
    "mailboxes.keep_access_token": "a token of an hour",
    "mailboxes.drop_access_token": "a token of an hour",
    "mailboxes.note_push": "news from Gmail, not an act",
    "mailboxes.note_watch": "news from Gmail, not an act",
    "mailboxes.want": "wakes a worker",
    "outgoing.begin_run": "part of the campaign that begins",
    "outgoing.put_due": "the ledger, which keeps every state by itself",
    "outgoing.pause_run": "part of campaign.paused",
    "outgoing.resume_run": "part of campaign.resumed",
    "outgoing.stop_run": "part of campaign.cancelled",
    "outgoing.stop_key": "part of suppression.added",
    "outgoing.note_sent_seen": "the ledger",
    "campaigns.finish": "in campaigns.create here",
    "campaigns.put_due": "part of campaign.launched",
    "campaigns.settle": "tests/domain/campaigns",
    "ladder.is_forward": "asks",
    "ladder.held_stage": "holds rows",
    "pipelines.hold": "holds rows",
    "rules.create_standard_rule": "in rules.create_rule here",
    "rules.react": "the move of a rule: below",
    "rules.bar": "part of the undo",
    "suppressions.lock_key": "holds rows",
    "teams.create_team": "there is no team yet whose diary could say so",
    "teams.prefer_dark": "a taste",
    "threads.ensure_thread": "Gmail's thread, which was there",
    "undoing.preview": "asks",
}
"""Operations of the rooms that write no entry of their own, each with its reason."""


def test_every_operation_of_every_room_is_either_here_or_says_why_not() -> None:
    named = {
        f"{path.parent.name}.{node.name}"
        for path in DOMAIN.glob("*/operations.py")
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
    }

    unsaid = {name for name in named if name not in ACTS and not {name, name.partition(".")[0]} & set(SAID_ELSEWHERE)}

    assert not unsaid
    assert set(ACTS) <= named


@pytest.fixture
def busy(team: TeamAtWork) -> TeamAtWork:
    """With a deal of Jane's and a mail that went to her."""
    team.deal()
    team.sent()
    return team


def acting(team: TeamAtWork, name: str) -> AbstractContextManager[Session]:
    """As Anna, or as the command line where only an admin may."""
    for_admins = name.startswith(("teams.", "pipelines.", "fields."))
    return team.database.writing(Viewer.operator(team.team_id) if for_admins else team.viewer())


def tried(team: TeamAtWork, name: str) -> list[tuple[str, str]]:
    """(kind, what cannot be erased) of the entries that an act wrote; then it is taken back."""
    with acting(team, name) as session:
        last = session.scalar(select(func.max(Activity.id))) or 0
        ACTS[name][0](session, team)
        session.flush()
        entries = session.scalars(select(Activity).where(Activity.id > last)).all()
        written = [(entry.kind, f"{entry.before}{entry.after}".lower()) for entry in entries]
        session.rollback()
    return written


def test_the_entry_is_written_with_the_change_and_goes_with_it(busy: TeamAtWork) -> None:
    before = whole_database.state(busy.database)

    written = {name: {kind for kind, _ in tried(busy, name)} for name in ACTS}

    assert written == {name: kinds for name, (_, kinds) in ACTS.items()}
    assert whole_database.state(busy.database) == before, "taken back whole"


def test_what_cannot_be_erased_holds_no_names_and_no_texts(busy: TeamAtWork) -> None:
    telling = {name: [kind for kind, held in tried(busy, name) if W.lower() in held] for name in ACTS}

    assert {name: kinds for name, kinds in telling.items() if kinds} == {}


def test_the_words_of_an_entry_can_be_erased_and_it_says_so(busy: TeamAtWork) -> None:
    with busy.acting() as session:
        ladder.open_deal(session, DealDraft(title=W, owner_id=busy.users[ANNA]), at=MONDAY)
        created = session.scalars(select(Activity).where(Activity.kind == "deal.created").order_by(Activity.id)).all()[
            -1
        ]
        texts = session.scalars(select(ActivityDetail.texts).where(ActivityDetail.activity_id == created.id)).one()
        assert texts == {"title": W}

    with busy.acting() as session:
        activity.erase_detail(session, diary.get(session, created.id), at=LATER)
        deals.edit(session, created.subject_id, {"title": "Another"}, at=LATER)

    with busy.looking() as session:
        entry = diary.get(session, created.id)
        assert entry.detail is not None
        assert (entry.detail.texts, entry.detail.erased_at) == ({}, LATER)
        assert (entry.kind, entry.number, entry.at) == ("deal.created", 1, MONDAY)


class TestNumbers:
    def test_rise_by_one_within_each_subject(self, busy: TeamAtWork) -> None:
        deal_id = busy.deal("Another")
        for stage in ("Talking", "Offer", "Talking"):
            busy.move(deal_id, stage)
        with busy.acting() as session:
            deals.edit(session, deal_id, {"title": "Renamed"}, at=LATER)

        assert [entry.number for entry in busy.diary(deal_id)] == [1, 2, 3, 4, 5, 6]
        with busy.looking() as session:
            assert session.get_one(Deal, deal_id).last_move == 5, "an edit is no move"

    def test_of_one_subject_are_refused_twice_by_the_database(self, busy: TeamAtWork) -> None:
        with busy.looking() as session:
            first = session.scalars(select(Activity).order_by(Activity.id)).first()
            assert first is not None
            again = {column.name: getattr(first, column.name) for column in Activity.__table__.columns}
        del again["id"]

        with pytest.raises(IntegrityError), busy.database.engine.begin() as connection:
            connection.execute(insert(Activity.__table__).values(again))

    def test_are_given_to_writers_at_once_one_after_the_other(self, busy: TeamAtWork) -> None:
        deal_id = busy.deal("Crowded")
        gate = threading.Barrier(4)
        failed: list[BaseException] = []

        def write() -> None:
            try:
                gate.wait(10)
                for _ in range(5):
                    with busy.database.writing(Viewer.operator(busy.team_id)) as session:
                        activity.record(session, "deal.noted", ("deal", deal_id), at=LATER)
            except BaseException as trouble:
                failed.append(trouble)

        writers = [threading.Thread(target=write) for _ in range(4)]
        for writer in writers:
            writer.start()
        for writer in writers:
            writer.join(120)

        assert failed == []
        assert [entry.number for entry in busy.diary(deal_id)] == list(range(1, 23))


class TestCauses:
    def test_all_that_one_mail_did_has_one_root(self, team: TeamAtWork) -> None:
        team.standard_rule()
        deal_id = team.deal()
        team.sent(thread="t7", deal_id=deal_id)

        team.receive(mail("Yes, please send the offer.", answers="<asked@halyard.example>"), thread="t7")

        entries = {entry.kind: entry for entry in team.diary(deal_id)[2:]}
        assert set(entries) == {"thread.linked", "mail.received", "deal.moved"}
        root = entries.pop("thread.linked")
        assert root.cause_id is None
        assert {entry.cause_id for entry in entries.values()} == {root.id}

    def test_a_cause_of_a_cause_is_its_root(self, busy: TeamAtWork) -> None:
        with busy.acting() as session:
            root = activity.record(session, "deal.noted", ("deal", 1), at=MONDAY)
            child = activity.record(session, "deal.noted", ("deal", 1), at=MONDAY, cause=root)
            grandchild = activity.record(session, "deal.noted", ("deal", 1), at=MONDAY, cause=child)
            assert grandchild.cause_id == root.id
            assert [entry.id for entry in diary.caused_by(session, child)] == [root.id, child.id, grandchild.id]


def test_an_unsubscribe_stands_there_too(busy: TeamAtWork) -> None:
    with busy.looking() as session:
        key = addresses.key_of(session, JANE)
    with busy.database.writing(Viewer.guest(busy.team_id, key, None)) as session:
        unsubscribing.unsubscribe(session, at=LATER)

    with busy.looking() as session:
        entry = session.scalars(select(Activity).where(Activity.kind == "suppression.added")).one()
        assert (entry.actor_kind, entry.actor_id) == ("guest", None)


def test_nothing_ever_changes_an_entry(busy: TeamAtWork) -> None:
    """The whole life of a deal, and what was written first stands as it stood."""

    def entries() -> list[tuple[Any, ...]]:
        return sorted(whole_database.tables(busy.database)["activity"], key=repr)

    seen = entries()
    with busy.acting() as session:
        link_id, move_id = linked(session, busy).id, moved(session, busy).id
    for step in (
        lambda s: undoing.undo(s, move_id, at=LATER),
        lambda s: undoing.undo(s, link_id, at=LATER),
        lambda s: deals.edit(s, deal(s).id, {"title": W}, at=LATER),
        lambda s: activity.erase_detail(s, diary.get(s, link_id), at=LATER),
        lambda s: deals.delete(s, deal(s).id, at=LATER),
    ):
        with busy.acting() as session:
            step(session)
        now = entries()
        assert set(map(repr, seen)) <= set(map(repr, now))
        seen = now
