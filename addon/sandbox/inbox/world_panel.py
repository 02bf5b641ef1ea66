"""The world's controls: the clock that may run fast, and what goes wrong at Gmail. A drawer on each page, or a page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, Flask, abort, current_app, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from addon.sandbox import world_clock
from addon.sandbox.gmail.faults import BadFault
from addon.sandbox.inbox import dates, fault_form
from addon.sandbox.inbox.fault_stories import STORIES, lasts
from addon.sandbox.inbox.places import Inbox, here, seated

pages = Blueprint("world", __name__, url_prefix="/world")

SPEEDS = (0, 1, 60, 600, 3600)
SPANS = {"hour": timedelta(hours=1), "day": timedelta(days=1), "days": timedelta(days=3)}
MONDAY_HOUR = 9

Drawn = str | AnyResponse


def expect(app: Flask, next_answer: Callable[[], datetime | None]) -> None:
    """Let this inbox tell when somebody outside answers next; without it, nothing is said of that."""
    app.extensions["next_answer"] = next_answer


@pages.get("")
def panel() -> str:
    """The whole page, or what stands in the drawer where a script asks."""
    me = seated()
    return render_template("sandbox/_world.html" if _by_script() else "sandbox/world.html", me=me, **state(here()))


@pages.post("/clock")
def clock() -> Drawn:
    """Another speed, or a jump ahead."""
    seated()
    inbox = here()
    try:
        if "speed" in request.form:
            _set_speed(inbox, request.form.get("speed", -1.0, type=float))
        else:
            _jump(inbox, request.form.get("jump", ""))
    except ValueError as refused:
        flash(inbox.words("sandbox.world.clock_refused", why=refused), "wrong")
    return _again()


@pages.post("/story")
def story() -> Drawn:
    """Begin or end one of the ready-made stories."""
    seated()
    inbox, key, on = here(), request.form.get("key", ""), request.form.get("on") == "yes"
    if not inbox.stories.switch(key, on=on):
        abort(404)
    said = inbox.words(f"sandbox.world.story.{key}")
    flash(inbox.words("sandbox.world.story_on" if on else "sandbox.world.story_off", story=said))
    return _again()


@pages.post("/fault")
def fault() -> Drawn:
    """A fault of one's own."""
    seated()
    inbox = here()
    try:
        asked = fault_form.wanted(request.form)
        inbox.shelf.gmail.faults.add(**asked)
        flash(inbox.words("sandbox.world.fault_added"))
    except fault_form.NotANumber as field:
        flash(inbox.words("sandbox.world.not_a_number", field=inbox.words(f"sandbox.world.field.{field}")), "wrong")
    except (BadFault, TypeError) as refused:
        flash(inbox.words("sandbox.world.fault_refused", why=refused), "wrong")
    return _again()


@pages.post("/fault/<int:number>/remove")
def remove(number: int) -> Drawn:
    seated()
    inbox = here()
    if inbox.shelf.gmail.faults.remove(number):
        flash(inbox.words("sandbox.world.fault_removed"))
    return _again()


@pages.post("/clear")
def clear() -> Drawn:
    """Nothing goes wrong any more."""
    seated()
    inbox = here()
    inbox.stories.clear()
    flash(inbox.words("sandbox.world.cleared"))
    return _again()


@pages.post("/revoke")
def revoke() -> Drawn:
    """Somebody takes the grant away from Dealthread; it is given anew in the workspace only."""
    seated()
    inbox = here()
    person = inbox.cast.of(request.form.get("email", ""))
    if person is None:
        abort(404)
    inbox.shelf.gmail.grants.revoke(person.email)
    flash(inbox.words("sandbox.world.revoked", email=person.email))
    return _again()


def state(inbox: Inbox) -> dict[str, Any]:
    """What the panel shows now."""
    reading = world_clock.reading()
    stories, told = inbox.stories, inbox.stories.told()
    return {
        "now": dates.on_the_clock(reading.now, zone=inbox.zone, words=inbox.words),
        "zone": inbox.zone.key,
        "speed": reading.speed,
        "speeds": SPEEDS,
        "next_answer": _next_answer(inbox),
        "stories": [(story.key, story.key in told, told.get(story.key)) for story in STORIES],
        "faults": [(fault, stories.of(fault.number)) for fault in stories.standing()],
        "lasts": lasts,
        "spent": stories.spent(),
        "kinds": inbox.shelf.gmail.faults.kinds(),
        "often": fault_form.HOW_OFTEN,
        "people": inbox.cast.people,
        "form": request.form if request.endpoint == "world.fault" else {},
    }


def faults_now(inbox: Inbox) -> int:
    """How many faults may strike."""
    return len(inbox.stories.standing())


def next_monday(now: datetime, zone: ZoneInfo) -> datetime:
    """The Monday at nine that comes next, by the clocks of this zone."""
    local = now.astimezone(zone)
    morning = local.replace(hour=MONDAY_HOUR, minute=0, second=0, microsecond=0)
    ahead = -local.weekday() % 7
    monday = morning + timedelta(days=ahead)
    return monday if monday > local else monday + timedelta(days=7)


def _set_speed(inbox: Inbox, speed: float) -> None:
    world_clock.run(speed)
    usual = "sandbox.world.stands" if speed == 0 else "sandbox.world.as_usual"
    flash(inbox.words(usual if speed in (0, 1) else "sandbox.world.runs", speed=f"{speed:g}"))


def _jump(inbox: Inbox, jump: str) -> None:
    now = world_clock.reading().now
    world_clock.forward(_span(jump, now, inbox.zone))
    now = world_clock.reading().now
    flash(inbox.words("sandbox.world.jumped", now=dates.on_the_clock(now, zone=inbox.zone, words=inbox.words)))


def _span(jump: str, now: datetime, zone: ZoneInfo) -> timedelta:
    if jump == "monday":
        return next_monday(now, zone) - now
    if jump == "answer":
        answer = _awaited()
        return max(timedelta(0), answer - now) if answer is not None else timedelta(0)
    if jump not in SPANS:
        abort(400)
    return SPANS[jump]


def _awaited() -> datetime | None:
    ask: Callable[[], datetime | None] | None = current_app.extensions.get("next_answer")
    return None if ask is None else ask()


def _next_answer(inbox: Inbox) -> str:
    """When somebody outside answers next, in words; empty where nobody is about to."""
    answer = _awaited()
    return "" if answer is None else dates.on_the_clock(answer, zone=inbox.zone, words=inbox.words)


def _by_script() -> bool:
    return request.headers.get("X-Requested-With") == "fetch"


def _again() -> Drawn:
    """The drawer anew for a script, else back to the page."""
    return panel() if _by_script() else redirect(url_for("world.panel"))
