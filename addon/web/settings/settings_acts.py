"""Acts of the settings pages: done at once; then the page says what happened, with Undo, or why nothing did."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from addon import clock
from addon.domain.activity import queries as activity
from addon.domain.errors import DomainError, NotAllowed, NotFound
from addon.domain.undoing import operations as undoing
from addon.domain.undoing import plan
from addon.i18n import Words
from addon.models import Activity, Field, Pipeline, Stage, User
from addon.web.boards.moved_view import MovedView
from addon.web.diary import undo_words
from addon.web.diary.act_names import Names
from addon.web.diary.undo_view import UndoView, line
from addon.web.refusals import refusal
from addon.web.seat import seat, writing

TOLD = frozenset({"pipeline", "field", "user", "team"})
"""Subjects of acts that the line of a settings page tells of."""


@dataclass(frozen=True)
class Refused:
    """Why a form's act was not done; what was typed into it stays."""

    form: str = ""
    text: str = ""
    given: Mapping[str, str] = field(default_factory=dict)

    def typed(self, form: str, name: str, standing: object = "") -> str:
        """What a control shows: what was typed, where this form was refused, else what stands there."""
        shown = "" if standing is None else str(standing)
        return self.given.get(name, shown) if form == self.form else shown


NOTHING = Refused()


def act(
    do: Callable[[Session], Activity | None], *, to: str, form: str, draw: Callable[[Refused], str]
) -> ResponseReturnValue:
    """Do it and go `to` a page that tells of it; where it is refused, draw the page with the reason."""
    try:
        with writing() as session:
            entry = do(session)
            done = entry.id if entry is not None else None
    except (NotFound, NotAllowed):
        raise
    except DomainError as error:
        return draw(Refused(form, refusal(seat().words, error), request.form.to_dict())), 422
    return redirect(told(to, done))


def told(address: str, done: int | None) -> str:
    """The address of a page that tells of an act."""
    return address if done is None else f"{address}{'&' if '?' in address else '?'}done={done}"


def newest(session: Session, kind: str, subject_id: int) -> Activity | None:
    """The entry that an act wrote which returns what it made."""
    found = activity.of_subject(session, kind, subject_id, newest=1)
    return found[0] if found else None


def wanted_order(form: MultiDict[str, str]) -> list[int]:
    """Of a list that was dragged, or one of whose `up` and `down` buttons was pressed."""
    order = form.getlist("order", type=int)
    for name, step in (("up", -1), ("down", 1)):
        moved = form.get(name, type=int)
        if moved in order:
            here = order.index(moved)
            there = min(max(here + step, 0), len(order) - 1)
            order[here], order[there] = order[there], order[here]
    return order


def moved(form: MultiDict[str, str]) -> str:
    """Which button of a list was pressed, so that the next page has the focus there."""
    return next((f"{name}-{form[name]}" for name in ("up", "down") if form.get(name)), "")


def happened(session: Session, *, back: str) -> MovedView | None:
    """What was done last on the way to this page, or taken back, until the next act."""
    done, undone = request.args.get("done", type=int), request.args.get("undone", type=int)
    try:
        entry = activity.get(session, done or undone or 0)
    except NotFound:
        return None
    if entry.subject_kind not in TOLD:
        return None
    taken_back, say = activity.undone_by(session, entry), seat().words
    if done is not None:
        if taken_back is not None:
            return None
        return MovedView("check", _words(session, entry, say), _undo(session, entry, say, back=back))
    if taken_back is None or activity.undone_by(session, taken_back) is not None:
        return None
    return MovedView("undo", say("settings.done.taken_back"), _undo(session, taken_back, say, back=back))


def _undo(session: Session, entry: Activity, say: Words, *, back: str) -> UndoView | None:
    """Beforehand it says what the act itself was, and how much goes with it: a field may have hundreds of choices."""
    if not plan.can_be_offered(entry):
        return None
    planned = undoing.preview(session, entry.id)
    if not planned.possible:
        return None
    now = clock.now()
    names = Names(session, say, now)
    said = [say("settings.undo_says", what=undo_words.sentence_of(planned.takes_back[-1], planned, names))]
    if more := len(planned.takes_back) - 1:
        said.append(say("settings.undo_more", n=more))
    said += [line(say, code, params, now=now) for code, params in planned.stays]
    return UndoView(
        action=url_for("web.moves.undo", activity_id=entry.id),
        label=say("web.undo.undo_the_undo" if entry.undoes_id is not None else "web.undo.undo"),
        sentence=" ".join(said),
        back=f"{back}?undone={entry.id}",
    )


def _words(session: Session, entry: Activity, say: Words) -> str:
    key = f"settings.done.{entry.kind.replace('.', '_')}"
    params = _params(session, entry, say)
    return say(key if say.has(key) else "settings.done.other", **params)


def _params(session: Session, entry: Activity, say: Words) -> dict[str, str | int]:
    texts = entry.detail.texts if entry.detail else {}
    stage = entry.after.get("stage_id")
    found: dict[str, str | int] = {
        "title": _title(session, entry),
        "stage": session.get_one(Stage, stage).name if stage else texts.get("stage", ""),
        "target": texts.get("target", ""),
        "n": entry.after.get("moved", 0),
        "person": _person(session, entry),
        "option": str(texts.get("option") or texts.get("name") or ""),
    }
    for name in ("role", "sight"):
        value = entry.after.get(name)
        found[name] = say(f"settings.roles.{name}.{value}") if value else ""
    return found


def _title(session: Session, entry: Activity) -> str:
    found: Pipeline | Field | User | None = None
    if entry.subject_kind == "pipeline":
        found = session.get(Pipeline, entry.subject_id)
    elif entry.subject_kind == "field":
        found = session.get(Field, entry.subject_id)
    elif entry.subject_kind == "user":
        found = session.get(User, entry.subject_id)
    return found.name if found is not None else ""


def _person(session: Session, entry: Activity) -> str:
    user_id = entry.after.get("user_id") or entry.before.get("user_id")
    user = session.get(User, user_id) if user_id else None
    return user.name if user is not None else ""


def first_of(entries: Sequence[Activity | None]) -> Activity | None:
    """Of acts that were done together: the one that stands for them."""
    return next((entry for entry in entries if entry is not None), None)
