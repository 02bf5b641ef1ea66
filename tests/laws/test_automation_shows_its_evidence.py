"""Law 7, in the database: a rule's move names its rule, its version and evidence of a kind that it may use.

That rules are careful (in doubt nothing moves, never backwards, never a closed deal) is told in tests/domain/rules.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from addon.domain.undoing import operations as undoing
from addon.models import Activity, Evidence, EvidenceKind, Model, Reaction, Rule
from tests.domain.team_at_work import BEN, MONDAY, TeamAtWork, mail

ASKED = "<asked-1@halyard.example>"
LATER = MONDAY + timedelta(hours=2)


@dataclass
class Moved:
    team: TeamAtWork
    deal_id: int
    move: dict[str, Any]
    """The row of the rule's move."""
    header_id: int
    """Evidence that this rule may not use."""

    def write(self, table: type[Model], row: dict[str, Any]) -> None:
        """Past every session."""
        with self.team.database.engine.begin() as connection:
            connection.execute(insert(table.__table__).values(row))  # type: ignore[arg-type]

    def again(self, **changed: Any) -> None:
        """The same move once more, but for this."""
        self.write(Activity, {**self.move, "number": self.move["number"] + 1, **changed})


@pytest.fixture
def moved(team: TeamAtWork) -> Moved:
    """An answer of Jane's moved her deal."""
    team.standard_rule()
    deal_id = team.deal()
    received = team.receive(mail(answers=ASKED))
    assert received.moved
    with team.acting() as session:
        header = Evidence(kind=EvidenceKind.HEADER, message_id=received.message_id, name="Auto-Submitted", quote="no")
        session.add(header)
        session.flush()
    entry = team.diary(deal_id)[-1]
    row = {column.name: getattr(entry, column.name) for column in Activity.__table__.columns if column.name != "id"}
    return Moved(team, deal_id, row, header.id)


def test_a_move_with_all_of_it_is_taken(moved: Moved) -> None:
    moved.again()

    assert moved.move["actor_kind"] == "rule"
    assert None not in [moved.move[name] for name in ("rule_id", "rule_version", "evidence_id", "evidence_kind")]


def test_a_move_without_one_part_is_refused(moved: Moved) -> None:
    for missing in ("rule_id", "rule_version", "evidence_id", "evidence_kind"):
        with pytest.raises(IntegrityError):
            moved.again(**{missing: None})


def test_so_is_a_version_that_never_was(moved: Moved) -> None:
    with pytest.raises(IntegrityError):
        moved.again(rule_version=2)


def test_so_is_evidence_of_a_kind_that_the_rule_may_not_use(moved: Moved) -> None:
    with pytest.raises(IntegrityError):
        moved.again(evidence_id=moved.header_id, evidence_kind="header")


def test_nor_can_one_kind_be_passed_off_as_another(moved: Moved) -> None:
    with pytest.raises(IntegrityError):
        moved.again(evidence_id=moved.header_id)


BARE: dict[str, dict[str, Any]] = {
    "a sentence of no mail": {"kind": "sentence", "position": 4, "quote": "Yes."},
    "a sentence of no place": {"kind": "sentence", "message_id": 1, "quote": "Yes."},
    "a clock that counts from nothing": {"kind": "clock", "on_date": date(2026, 3, 2)},
    "a clock without a date": {"kind": "clock", "act_id": 1},
    "hearsay": {"kind": "hearsay", "message_id": 1},
}


def test_evidence_says_where_it_can_be_seen(moved: Moved) -> None:
    for row in BARE.values():
        with pytest.raises(IntegrityError):
            moved.write(Evidence, {"team_id": moved.team.team_id, "name": "", **row})


def test_one_mail_moves_a_deal_by_itself_once(moved: Moved) -> None:
    with moved.team.looking() as session:
        reaction = session.scalars(select(Reaction)).one()
        row = {name: getattr(reaction, name) for name in ("team_id", "deal_id", "message_id", "rule_id", "activity_id")}

    with pytest.raises(IntegrityError):
        moved.write(Reaction, row)


def test_what_a_person_took_back_stays_so_whatever_brings_the_mail_again(moved: Moved) -> None:
    team = moved.team
    with team.acting(BEN) as session:
        undoing.undo(session, team.diary(moved.deal_id)[-1].id, at=LATER)
    with team.acting() as session:
        for rule in session.scalars(select(Rule)):
            rule.name = "Renamed since"
    for number, mailbox in enumerate([BEN, BEN]):
        again = mail(answers=ASKED)
        team.receive(again, mailbox=mailbox, thread=f"b{number}", at=LATER + timedelta(days=1 + number))

    assert team.stage(moved.deal_id) == "New"
    with team.looking() as session:
        assert session.scalars(select(Reaction.barred_at)).one() == LATER


def test_a_later_mail_is_another_matter(moved: Moved) -> None:
    team = moved.team
    with team.acting() as session:
        undoing.undo(session, team.diary(moved.deal_id)[-1].id, at=LATER)

    team.receive(mail(answers=ASKED, message_id="<answer-2@acme.example>"), at=LATER + timedelta(days=1))

    assert team.stage(moved.deal_id) == "Talking"
