"""Which faults there are: what each looks like to a caller, when it strikes, and what one may say about it.

The catalogue is what a panel draws and what a request for a fault is checked against.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Literal

from addon.sandbox.gmail.errors import REASONS

PUSH = "push"
"""The method name under which pushes go wrong."""
SENDS = "sends"
"""The group of the two methods by which a mail leaves."""

DAILY_LIMIT_SECONDS = 4 * 3600.0


class Kind(StrEnum):
    """How a fault looks. BEFORE: nothing happened. AFTER: it happened, the answer is lost or wrong.

    TIMEOUT_LATE: nothing has happened when the caller gives up; it happens `seconds` later all the same.
    """

    ERROR = "error"
    ERROR_AFTER = "error_after"
    TIMEOUT_BEFORE = "timeout_before"
    TIMEOUT_AFTER = "timeout_after"
    TIMEOUT_LATE = "timeout_late"
    HANGUP_BEFORE = "hangup_before"
    HANGUP_AFTER = "hangup_after"
    SLOW_BEFORE = "slow_before"
    SLOW_AFTER = "slow_after"
    TRUNCATED = "truncated"
    GARBLED = "garbled"
    HTML_BEFORE = "html_before"
    HTML_AFTER = "html_after"
    DAILY_LIMIT = "daily_limit"
    TOKEN_EXPIRED = "token_expired"
    TOKEN_REVOKED = "token_revoked"
    HISTORY_EXPIRED = "history_expired"
    HISTORY_LATE = "history_late"
    SEARCH_LATE = "search_late"
    THREAD_CHANGES = "thread_changes"
    HEADER_DROPPED = "header_dropped"
    LIMIT_BOUNCE = "limit_bounce"
    PUSH_LOST = "push_lost"
    PUSH_DOUBLED = "push_doubled"
    PUSH_LATE = "push_late"
    PUSH_OUT_OF_ORDER = "push_out_of_order"
    PUSH_SAME_ID = "push_same_id"
    PUSH_TEXT_ID = "push_text_id"


When = Literal["before", "after", "late", "meanwhile", "within", "push"]
"""before or after the effect of a call, `late` behind the caller's back; `within`: the effect itself is another one;
`meanwhile`: not a call is struck, but the mailbox is so as long as the fault stands; `push`: on the way of a push."""


@dataclass(frozen=True)
class Parameter:
    """What one may say about a fault. `type` is text, number, whole or choice; `least` and `most` include the edges."""

    name: str
    type: Literal["text", "number", "whole", "choice"]
    default: str | float | None = None
    least: float | None = None
    most: float | None = None
    choices: tuple[str, ...] = ()

    def refusal(self, value: Any) -> str:
        """Why this value will not do, as a sentence; empty where it will."""
        if self.type == "choice":
            return "" if value in self.choices else f"{self.name} must be one of {', '.join(self.choices)}"
        if self.type == "text":
            return "" if isinstance(value, str) else f"{self.name} must be a text"
        whole = self.type == "whole"
        if isinstance(value, bool) or not isinstance(value, int if whole else (int, float)):
            return f"{self.name} must be a {'whole ' if whole else ''}number"
        inside = (self.least is None or value >= self.least) and (self.most is None or value <= self.most)
        return "" if inside else f"{self.name} must lie {self._range()}"

    def _range(self) -> str:
        return f"between {self.least:g} and {self.most:g}" if self.most is not None else f"at or above {self.least:g}"


@dataclass(frozen=True)
class KindOfFault:
    """An entry of the catalogue. `methods` are those it can strike ("*": any), the first is the one it strikes unless
    told otherwise; empty where it strikes no method."""

    kind: Kind
    parameters: tuple[Parameter, ...]
    when: When
    methods: tuple[str, ...]
    sentence: str

    def parameter(self, name: str) -> Parameter | None:
        """The parameter of this name, if this kind has it."""
        return next((each for each in self.parameters if each.name == name), None)


_MAILBOX = Parameter("mailbox", "text", "")
_LASTS = Parameter("lasts", "number", least=0.001, most=30 * 86400)
_HOW_OFTEN = (
    Parameter("times", "whole", least=1),
    Parameter("nth", "whole", least=1),
    Parameter("every", "whole", least=1),
    Parameter("probability", "number", least=0, most=1),
    Parameter("seed", "whole", 0),
    _LASTS,
)
_METHOD = Parameter("method", "text", "*")
_STRIKING = (_METHOD, _MAILBOX, *_HOW_OFTEN)
_SECONDS = Parameter("seconds", "number", 1.0, least=0, most=86400)
_TEN_SECONDS = replace(_SECONDS, default=10.0)
_STATUSES = (400, 599)
_ERROR = (
    Parameter("status", "whole", least=_STATUSES[0], most=_STATUSES[1]),
    Parameter("reason", "choice", "", choices=("", *sorted(REASONS))),
    Parameter("message", "text", ""),
    Parameter("retry_after", "whole", least=0, most=30 * 86400),
    Parameter("retry_in", "choice", "header", choices=("header", "text", "both")),
)
_SENDING = (SENDS, "drafts.send", "messages.send")
_PUSHING = (_MAILBOX, *_HOW_OFTEN)


def _striking(
    kind: Kind, when: When, sentence: str, *more: Parameter, methods: tuple[str, ...] = ("*",)
) -> KindOfFault:
    parameters = (replace(_METHOD, default=methods[0]), *_STRIKING[1:], *more)
    return KindOfFault(kind, parameters, when, methods, sentence)


def _pushing(kind: Kind, sentence: str, *more: Parameter) -> KindOfFault:
    return KindOfFault(kind, (*_PUSHING, *more), "push", (PUSH,), sentence)


_ALL = (
    _striking(Kind.ERROR, "before", "Refused, and nothing happened.", *_ERROR),
    _striking(Kind.ERROR_AFTER, "after", "It happened, and the answer says that it was refused.", *_ERROR),
    _striking(Kind.TIMEOUT_BEFORE, "before", "No answer until the caller gives up; nothing happened."),
    _striking(Kind.TIMEOUT_AFTER, "after", "It happened; no answer until the caller gives up."),
    _striking(Kind.TIMEOUT_LATE, "late", "No answer; it happens so many seconds after the caller gave up.", _SECONDS),
    _striking(Kind.HANGUP_BEFORE, "before", "The connection is closed without an answer; nothing happened."),
    _striking(Kind.HANGUP_AFTER, "after", "It happened; the connection is closed without an answer."),
    _striking(
        Kind.SLOW_BEFORE, "before", "It happens so many seconds late, and is answered if anybody still waits.", _SECONDS
    ),
    _striking(Kind.SLOW_AFTER, "after", "It happens at once; the answer comes so many seconds later.", _SECONDS),
    _striking(Kind.TRUNCATED, "after", "It happened; the connection breaks in the middle of the answer."),
    _striking(Kind.GARBLED, "after", "It happened; the answer is a 200 with broken JSON."),
    _striking(Kind.HTML_BEFORE, "before", "A front end's 502 in HTML; nothing happened."),
    _striking(Kind.HTML_AFTER, "after", "It happened; a front end's 502 in HTML comes back."),
    _striking(
        Kind.DAILY_LIMIT,
        "before",
        "The mailbox has sent its mails for today: 429 until the limit ends, and the answer says when.",
        replace(_LASTS, default=DAILY_LIMIT_SECONDS),
        methods=_SENDING,
    ),
    _striking(
        Kind.TOKEN_EXPIRED,
        "before",
        "The caller's access token dies early: 401 until it gets a fresh one.",
        methods=("api",),
    ),
    _striking(
        Kind.TOKEN_REVOKED, "before", "The refresh token is not good any more: invalid_grant.", methods=("token",)
    ),
    _striking(
        Kind.HISTORY_EXPIRED, "before", "The cursor is older than what Gmail remembers: 404.", methods=("history.list",)
    ),
    KindOfFault(
        Kind.HISTORY_LATE,
        (_MAILBOX, _TEN_SECONDS, _LASTS),
        "meanwhile",
        (),
        "What happens is told by history, and counted in history ids, only so many seconds later.",
    ),
    KindOfFault(
        Kind.SEARCH_LATE,
        (_MAILBOX, _TEN_SECONDS, _LASTS),
        "meanwhile",
        (),
        "A mail is found by searching only so many seconds after it came.",
    ),
    _striking(
        Kind.THREAD_CHANGES,
        "within",
        "What is sent (or drafted) ends up in a new thread.",
        methods=(*_SENDING, "drafts.create"),
    ),
    _striking(
        Kind.HEADER_DROPPED,
        "within",
        "Headers whose names begin so are lost on the way in.",
        Parameter("header", "text", "X-"),
        methods=(*_SENDING, "drafts.create", "drafts.update"),
    ),
    _striking(
        Kind.LIMIT_BOUNCE,
        "within",
        "Answered with 200, but nobody gets it: a report says that the limit for sending mail is reached.",
        methods=_SENDING,
    ),
    _pushing(Kind.PUSH_LOST, "A push never comes."),
    _pushing(Kind.PUSH_DOUBLED, "A push comes twice."),
    _pushing(Kind.PUSH_LATE, "A push comes so many seconds late.", _TEN_SECONDS),
    _pushing(
        Kind.PUSH_OUT_OF_ORDER,
        "A push comes after the mailbox's next one, or so many seconds late.",
        _TEN_SECONDS,
    ),
    _pushing(Kind.PUSH_SAME_ID, "A push carries the message id of the one before it."),
    _pushing(Kind.PUSH_TEXT_ID, "A push gives its history id as a text."),
)


def _distinct(entry: KindOfFault) -> KindOfFault:
    """Of two parameters of one name the later counts, in the place of the first."""
    return replace(entry, parameters=tuple({each.name: each for each in entry.parameters}.values()))


CATALOGUE: Mapping[Kind, KindOfFault] = {entry.kind: _distinct(entry) for entry in _ALL}
