"""One card of a board as words: a deal, a person or a company."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from addon.domain.deals import queries as deals
from addon.domain.teams import queries as teams
from addon.domain.views.scene import Row
from addon.i18n import Words
from addon.models import Activity, ActorKind, Contact, Deal, Stage, StageKind, User
from addon.web.seat import Person, owner

_SLICE = 500


@dataclass(frozen=True, kw_only=True)
class CardView:
    id: int
    subject: str
    url: str
    seen: int = 0
    """Number of the deal's last move: what a mover on this board has seen."""
    who: str
    what: str = ""
    """The deal's title where the company's name stands above it."""
    owner: Person | None = None
    amount: str = ""
    stage: str = ""
    """Where it stands, on a board whose columns do not say so."""
    moved_by_mail: bool = False
    late: str = ""
    next_step: str = ""
    next_step_on: str = ""
    overdue: bool = False
    steps: bool = False
    """Whether it has a next step at all: deals do."""


@dataclass(frozen=True)
class CardMaker:
    """Makes cards for one reader; what all cards need is read once."""

    say: Words
    now: datetime
    by_stage: bool
    stages: dict[int, Stage]
    by_mail: Collection[int]
    people: dict[int, User]

    def card(self, row: Row) -> CardView:
        if isinstance(row, Deal):
            return self._deal(row)
        owned = self.people.get(row.owner_id) if row.owner_id else None
        kind, what = ("people", _whose(row)) if isinstance(row, Contact) else ("companies", row.domain or "")
        return CardView(
            id=row.id,
            subject="contact" if isinstance(row, Contact) else "company",
            url=f"/{kind}/{row.id}",
            who=row.name or what or self.say("board.nameless"),
            what=what if row.name else "",
            owner=owner(owned) if owned else None,
        )

    def _deal(self, deal: Deal) -> CardView:
        say, value, name = self.say, deals.value(deal), who(deal)
        stage = self.stages[deal.stage_id]
        return CardView(
            id=deal.id,
            subject="deal",
            url=f"/deals/{deal.id}",
            seen=deal.last_move,
            who=name,
            what=deal.title if deal.title != name else "",
            owner=owner(deal.owner),
            amount=say.money(value.amount, value.currency) if value else "",
            stage="" if self.by_stage else stage.name,
            moved_by_mail=deal.id in self.by_mail,
            late=late(deal, stage, say, now=self.now),
            next_step=deal.next_step,
            next_step_on=say.day(deal.next_step_on, today=say.today(self.now)) if deal.next_step_on else "",
            overdue=deal.next_step_on is not None and deal.next_step_on < say.today(self.now) and not deal.closed_at,
            steps=True,
        )


def maker(session: Session, rows: Sequence[Row], say: Words, *, now: datetime, by_stage: bool) -> CardMaker:
    """Few statements, however many cards."""
    found = [row for row in rows if isinstance(row, Deal)]
    wanted = sorted({deal.stage_id for deal in found})
    stages = {stage.id: stage for stage in session.scalars(select(Stage).where(Stage.id.in_(wanted)))}
    others = len(found) < len(rows)
    people = {user.id: user for user in teams.people(session)} if others else {}
    by_mail = _moved_by_mail(session, [deal.id for deal in found])
    return CardMaker(say, now, by_stage, stages, by_mail, people)


def who(deal: Deal) -> str:
    """What a card is called by: the company, else the person, else the deal's own title."""
    if deal.company is not None:
        return deal.company.name
    return deal.contact.name if deal.contact is not None and deal.contact.name else deal.title


def late(deal: Deal, stage: Stage, say: Words, *, now: datetime) -> str:
    """Where a deal stands longer than its stage allows: how long, and the limit."""
    limit, days = stage.now.age_limit_days, (now - deal.entered_stage_at).days
    if limit is None or stage.kind != StageKind.OPEN or days <= limit:
        return ""
    return say("web.board.late", n=days, limit=limit)


def card_words(say: Words) -> dict[str, str]:
    return {
        "moved_by_mail": say("web.board.moved_by_mail"),
        "no_next_step": say("web.board.no_next_step"),
        "select": say("board.select"),
        "edit": say("board.edit_card"),
        "late_step": say("board.late_step"),
        "add": say("board.add.button"),
        "all_rows": say("board.all_rows"),
        "more": say("board.more"),
        "nobody": say("board.no_cards"),
    }


def _whose(person: Contact) -> str:
    if person.company is not None:
        return person.company.name
    return person.addresses[0].email if person.addresses else ""


def _moved_by_mail(session: Session, ids: Sequence[int]) -> set[int]:
    """Those of these deals whose last move was a rule's."""
    last_move = (Activity.subject_id == Deal.id) & (Activity.number == Deal.last_move)
    by_rule = last_move & (Activity.subject_kind == "deal") & (Activity.actor_kind == ActorKind.RULE)
    moved: set[int] = set()
    for start in range(0, len(ids), _SLICE):
        query = select(Deal.id).join(Activity, by_rule).where(Deal.id.in_(ids[start : start + _SLICE]))
        moved.update(session.scalars(query))
    return moved


__all__ = ["CardMaker", "CardView", "card_words", "late", "maker", "who"]
