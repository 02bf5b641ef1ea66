"""What Undo says before it acts: what it takes back, and what it cannot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for

from addon.domain.undoing import operations as undoing
from addon.domain.undoing import plan
from addon.domain.undoing.plan import Line, Preview
from addon.i18n import Words
from addon.models import Activity
from addon.web.diary import undo_words
from addon.web.diary.act_letters import all_apart
from addon.web.diary.act_names import Names


@dataclass(frozen=True, kw_only=True)
class UndoView:
    action: str
    label: str
    sentence: str
    back: str


def undo_view(entry: Activity, names: Names, *, back: str) -> UndoView | None:
    """None where the act cannot be taken back, or was."""
    if not plan.can_be_offered(entry):
        return None
    planned, say = undoing.preview(names.session, entry.id), names.say
    if not planned.possible:
        return None
    return UndoView(
        action=url_for("web.moves.undo", activity_id=entry.id),
        label=say("web.undo.undo_the_undo" if entry.undoes_id is not None else "web.undo.undo"),
        sentence=sentence(planned, names),
        back=back,
    )


def sentence(planned: Preview, names: Names) -> str:
    """Beforehand: "Undo: the owner is Anna again. The address stays marked as bounced." """
    say, now = names.say, names.now
    stays = undo_words.once([line(say, code, params, now=now) for code, params in planned.stays], say)
    told = undo_words.told(planned, names)
    if len(told) > 1:
        # Each is a sentence of its own: joined into one, nobody could read them.
        return " ".join([say("undoing.several", what=" ".join(told)), *stays])
    if not told:
        return " ".join(stays)
    code, params = planned.takes_back[0]
    if say.has(_own(code)):  # the page's own words are part of a sentence, those that all entrances share are one
        return " ".join([say("web.undo.takes_back", what=line(say, code, params, now=now)), *stays])
    return " ".join([say("deal.undo_does", what=told[0]), *stays])


def refused_because(reasons: Sequence[Line], say: Words, *, now: datetime) -> str:
    """Why an act stays as it is."""
    return " ".join(line(say, code, params, now=now) for code, params in reasons)


def line(say: Words, code: str, params: Mapping[str, Any], *, now: datetime) -> str:
    """One line of a plan; the page's own text for a code beats the one all entrances share."""
    spoken = {
        name: say.ago(value, now=now) if isinstance(value, datetime) else value
        for name, value in all_apart(params).items()
    }
    return say(_own(code) if say.has(_own(code)) else code, **spoken)


def _own(code: str) -> str:
    """The page's own words for a line of a plan."""
    return f"web.undo.lines.{code.replace('.', '_')}"
