"""What a stage says about itself: its help, and the checklist to tick off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from addon import clock
from addon.domain.deals import playbook
from addon.models import Deal
from addon.web.fields.forms import number, typed
from addon.web.seat import writing

bp = Blueprint("deal_playbook", __name__)


@dataclass(frozen=True)
class ItemView:
    id: str
    text: str
    done: bool


@dataclass(frozen=True)
class PlaybookView:
    stage_id: int
    stage: str
    help: str
    items: Sequence[ItemView]

    @property
    def done(self) -> int:
        return sum(item.done for item in self.items)


def playbook_view(session: Session, deal: Deal) -> PlaybookView | None:
    """Of the stage in which the deal stands; None where it says nothing."""
    now, ticked = deal.stage.now, playbook.ticked(session, deal.id)
    items = [
        ItemView(str(each["id"]), str(each["text"]), (deal.stage_id, str(each["id"])) in ticked)
        for each in now.checklist
        if each.get("id") and each.get("text")
    ]
    return PlaybookView(deal.stage_id, now.name, now.help, items) if items or now.help else None


@bp.post("/deals/<int:deal_id>/ticks")
def tick(deal_id: int) -> ResponseReturnValue:
    """Form: stage, item, and done where it is."""
    stage_id, item = number("stage"), typed(request.form, "item")
    act = playbook.tick if "done" in request.form else playbook.untick
    with writing() as session:
        act(session, deal_id, stage_id, item, at=clock.now())
    return redirect(url_for("web.deals.page", deal_id=deal_id, _anchor="playbook"))
