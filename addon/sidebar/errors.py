"""What the sidebar says when it cannot do what was asked. Always a card or a notice that Google shows, never a 500."""

from __future__ import annotations

import logging
import secrets
import traceback

from addon.domain.errors import DomainError
from addon.sidebar import acting, replies, talk
from addon.sidebar.cards.trouble import trouble
from addon.sidebar.pen import Pen
from addon.sidebar.refusals import refusal
from addon.sidebar.rooms import Endpoint
from addon.sidebar.visit import Visit
from addon.sidebar.widgets import Json

log = logging.getLogger(__name__)

_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""No letter that a person could read as a digit."""


def refused(visit: Visit, endpoint: Endpoint, error: DomainError) -> Json:
    """Anticipated: nothing was changed. The card is drawn anew, as things are now, under the words of the refusal."""
    words = refusal(visit.pen, error)
    if not endpoint.is_trigger:
        try:
            return acting.redrawn(visit, talk.of_press(visit.asked), words, note=words)
        except DomainError:
            pass  # nothing to draw anew: the card is about something else, or from another time
    return answer(visit.pen, endpoint, words, visit.say("sidebar.nothing_changed"))


def broken(pen: Pen, endpoint: Endpoint, error: Exception) -> Json:
    """Ours. Logged with a number that the card shows; neither the event nor the error's own text may be logged."""
    number = _number()
    frames = " < ".join(
        f"{frame.name}:{frame.lineno}" for frame in reversed(traceback.extract_tb(error.__traceback__)[-8:])
    )
    log.error("sidebar %s failed, number %s: %s at %s", endpoint.path, number, type(error).__name__, frames)
    return answer(pen, endpoint, pen.say("sidebar.broken"), pen.say("sidebar.broken_text", number=number))


def answer(pen: Pen, endpoint: Endpoint, *texts: str) -> Json:
    """A card that says so, in the shape that this endpoint's caller reads."""
    card = trouble(pen, *texts)
    return replies.show(card) if endpoint.is_trigger else replies.replace(card, notice=texts[0])


def _number() -> str:
    """Short enough to be read out on the phone: K7-4M2Q."""
    drawn = [secrets.choice(_ALPHABET) for _ in range(6)]
    return "".join(drawn[:2]) + "-" + "".join(drawn[2:])
