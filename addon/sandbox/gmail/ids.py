"""The numbers that Gmail gives out: messages and threads in 16 hex digits, drafts as `r` and digits.

New numbers grow with the wall's clock (milliseconds, then 20 random bits), never with the world's, so that none is
given twice when a simulated week is played again.
"""

from __future__ import annotations

import random
import re
import threading

from addon import clock

_HEX = re.compile(r"[0-9a-f]{1,16}")
_EVENT = re.compile(r"(?:msg|thread)-f:([0-9]{1,19})")
_MOST_DIGITS = 20
_last = 0
_lock = threading.Lock()


def mint() -> int:
    """A number never given before in this process, above all earlier ones."""
    global _last
    with _lock:
        fresh = (int(clock.real_now().timestamp() * 1000) << 20) | random.getrandbits(20)
        _last = max(fresh, _last + random.randint(1, 4096))
        return _last


def minted_since(seconds: float) -> int:
    """The lowest number that may have been given in the last so many real seconds; older ones are lower."""
    return int((clock.real_now().timestamp() - seconds) * 1000) << 20


def never_below(number: int) -> None:
    """Give out no number up to this one: a file may come from a machine whose clock was ahead."""
    global _last
    with _lock:
        _last = max(_last, number)


def shown(number: int) -> str:
    """A message or thread id as the REST interface shows it.

    >>> shown(1784256312533705459)
    '18c2f3a9b0d1e2f3'
    """
    return f"{number:016x}"


def number_of(text: str) -> int | None:
    """The number behind a shown id; None if it is no such id."""
    return int(text, 16) if _HEX.fullmatch(text) else None


def whole(text: str) -> int | None:
    """The number that plain digits write, as far as 64 bits may need them; None for any other text.

    >>> whole("42"), whole("-1"), whole("\u00b2"), whole("9" * 5000)
    (42, None, None, None)
    """
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS else None


def number_of_event(text: str) -> int | None:
    """The number behind a `msg-f:`/`thread-f:` id, as add-on events carry them; None if it is none."""
    found = _EVENT.fullmatch(text)
    return int(found[1]) if found else None


def shown_draft(number: int) -> str:
    """A draft's id as the REST interface shows it."""
    return f"r{number}"


def number_of_draft(text: str) -> int | None:
    """The number behind a draft's id; None if it is no such id."""
    return int(text[1:]) if re.fullmatch(r"r[0-9]{1,19}", text) else None
