"""Moving a deal, and taking acts back."""

from __future__ import annotations

from addon.domain.activity import queries as activity
from addon.domain.deals import queries as deals
from addon.domain.fields.refusals import Refused
from addon.domain.ladder import operations as ladder
from addon.domain.ladder.operations import FieldsMissing, LostRace, ReasonNeeded
from addon.domain.pipelines import queries as pipelines
from addon.domain.undoing import operations as undoing
from addon.models import ActorKind
from addon.sidebar import acting, stage_asks, talk
from addon.sidebar.rooms import Room
from addon.sidebar.visit import Visit
from addon.sidebar.widgets import Json

room = Room()


@room.action("move")
def move(visit: Visit) -> Json:
    """The primary button: the next stage."""
    return _moved(visit, acting.named(visit, "stage"))


@room.action("move_to")
def move_to(visit: Visit) -> Json:
    """Any other stage, from the list."""
    return _moved(visit, acting.chosen(visit, f"stage_{visit.asked.parameter('seen')}"))


@room.action("undo")
def undo(visit: Visit) -> Json:
    here = talk.of_press(visit.asked)
    with visit.writing() as session:
        done = undoing.undo(session, acting.named(visit, "activity"), at=visit.now)
        words = visit.say("sidebar.done.undone")
        if done.kind == "deal.moved":
            words = visit.say("sidebar.done.moved_back", stage=done.detail.texts["entered"] if done.detail else "")
    return acting.redrawn(visit, here, words)


def _moved(visit: Visit, stage_id: int) -> Json:
    """Where the stage asks for something, a card for it is laid on top; its button moves the deal in the same go."""
    here, deal_id = talk.of_press(visit.asked), acting.named(visit, "deal")
    try:
        with visit.writing() as session:
            name = pipelines.get_stage(session, stage_id).name
            stage_asks.fill(session, visit, deal_id, stage_id)
            seen, reason = acting.named(visit, "seen"), visit.asked.typed(stage_asks.REASON)
            ladder.move(session, deal_id, stage_id, seen=seen, at=visit.now, lost_reason=reason, asks_reason=True)
    except LostRace:
        if not _is_own_move(visit, deal_id, stage_id):
            raise
    except (FieldsMissing, ReasonNeeded):
        return stage_asks.ask(visit, here, deal_id, stage_id)
    except Refused as refused:
        return stage_asks.ask(visit, here, deal_id, stage_id, refused)
    return acting.redrawn(visit, here, visit.say("sidebar.done.moved", stage=name))


def _is_own_move(visit: Visit, deal_id: int, stage_id: int) -> bool:
    """Whether the winner of the race is this very press, sent twice: a double click, or Google's repetition."""
    with visit.reading() as session:
        deal = deals.get(session, deal_id)
        if deal.stage_id != stage_id:
            return False
        entries = activity.of_subject(session, "deal", deal_id)
        last = next((entry for entry in entries if entry.number == deal.last_move), None)
        return last is not None and last.actor_kind == ActorKind.USER and last.actor_id == visit.user_id
