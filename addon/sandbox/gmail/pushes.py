"""Gmail's pushes by way of Pub/Sub: a watched mailbox changed, so the subscriber's address is told.

At most one push a second and mailbox, the latest state in it; an answer other than 2xx is tried again a few times with
growing pauses and the same message id. Everything happens in one background thread, which starts with the first push.
"""

from __future__ import annotations

import base64
import heapq
import http.client
import itertools
import json
import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from addon import clock
from addon.sandbox.gmail.faults import PUSH, Fault, Faults, Kind
from addon.sandbox.gmail.ids import mint
from addon.sandbox.gmail.mailbox.accounts import Accounts
from addon.sandbox.gmail.mailbox.history import Change
from addon.sandbox.gmail.mailbox.watches import Watches

_log = logging.getLogger(__name__)


@dataclass(order=True)
class _Push:
    at: float
    order: int
    email: str = field(compare=False)
    history: int = field(compare=False)
    id: str = field(compare=False)
    tries: int = field(compare=False, default=0)
    drawn: bool = field(compare=False, default=False)
    """Whether a fault has had its chance to strike it."""
    as_text: bool = field(compare=False, default=False)
    settled: bool = field(compare=False, default=False)
    """It was delivered before its turn: a later push overtook it."""


class Pushes:
    """Where pushes go and as whom they are signed. `url` may be set later; without one nothing is pushed.

    `interval` is the least number of seconds between two pushes of a mailbox, `backoff` the pauses before each repeat.
    """

    def __init__(
        self, accounts: Accounts, watches: Watches, faults: Faults, sign: Callable[[dict[str, object]], str]
    ) -> None:
        self._accounts, self._watches, self._faults, self._sign = accounts, watches, faults, sign
        self.url = ""
        self.service_account = "gmail-push@sandbox.iam.gserviceaccount.com"
        self.interval = 1.0
        self.backoff: tuple[float, ...] = (0.2, 1.0, 5.0, 10.0)
        self.timeout = 10.0
        self._wake = threading.Condition()
        self._queue: list[_Push] = []
        self._waiting: dict[str, _Push] = {}
        self._last: dict[str, float] = {}
        self._last_id: dict[str, str] = {}
        self._overtaken: dict[str, _Push] = {}
        self._order = itertools.count()
        self._thread: threading.Thread | None = None
        self._closed = False

    def changed(self, change: Change) -> None:
        """Push this change if its mailbox is watched for such labels."""
        if self.url and self._watches.covers(change.account, change.labels):
            self.push(self._accounts.by_number(change.account).email, change.id)

    def push(self, email: str, history: int) -> None:
        """Tell the subscriber that this mailbox has reached this history id."""
        with self._wake:
            if waiting := self._waiting.get(email):
                waiting.history = max(waiting.history, history)
                return
            at = max(time.monotonic(), self._last.get(email, 0.0) + self.interval)
            push = _Push(at, next(self._order), email, history, str(mint()))
            self._waiting[email] = push
            self._enqueue(push)

    def close(self) -> None:
        """Stop; what was not delivered is lost, as pushes may be."""
        with self._wake:
            self._closed = True
            self._wake.notify_all()
        if self._thread is not None:
            self._thread.join(self.timeout + 1)

    def _enqueue(self, push: _Push) -> None:
        heapq.heappush(self._queue, push)
        if self._thread is None and not self._closed:
            self._thread = threading.Thread(target=self._run, name="gmail-pushes", daemon=True)
            self._thread.start()
        self._wake.notify_all()

    def _run(self) -> None:
        while (push := self._next()) is not None:
            fault = None if push.drawn else self._faults.draw(PUSH, push.email)
            push.drawn = True
            if push.settled or (fault is not None and self._held_up(push, fault)):
                continue
            self._attempt(push)
            if fault is not None and fault.kind is Kind.PUSH_DOUBLED:
                self._deliver(push)
            if overtaken := self._overtaken.pop(push.email, None):
                overtaken.settled = True
                if overtaken is not push:
                    self._attempt(overtaken)

    def _held_up(self, push: _Push, fault: Fault) -> bool:
        """Whether the fault keeps this push from going out now; others change it only."""
        match fault.kind:
            case Kind.PUSH_LOST:
                return True
            case Kind.PUSH_LATE | Kind.PUSH_OUT_OF_ORDER:
                if fault.kind is Kind.PUSH_OUT_OF_ORDER:
                    self._overtaken[push.email] = push
                push.at = time.monotonic() + fault.seconds
                with self._wake:
                    self._enqueue(push)
                return True
            case Kind.PUSH_SAME_ID:
                push.id = self._last_id.get(push.email, push.id)
            case Kind.PUSH_TEXT_ID:
                push.as_text = True
        return False

    def _attempt(self, push: _Push) -> None:
        """Deliver it, or have it tried again later with the same id."""
        self._last_id[push.email] = push.id
        if not self._deliver(push) and push.tries < len(self.backoff):
            push.at = time.monotonic() + self.backoff[push.tries]
            push.tries, push.settled = push.tries + 1, False
            with self._wake:
                self._enqueue(push)

    def _next(self) -> _Push | None:
        """The push that is due, waited for; None when closed."""
        with self._wake:
            while not self._closed:
                pause = self._queue[0].at - time.monotonic() if self._queue else None
                if pause is not None and pause <= 0:
                    push = heapq.heappop(self._queue)
                    if self._waiting.get(push.email) is push:
                        del self._waiting[push.email]
                        self._last[push.email] = time.monotonic()
                    return push
                self._wake.wait(pause)
            return None

    def _deliver(self, push: _Push) -> bool:
        try:
            return 200 <= self._post(self.url, self._body(push)) < 300
        except (OSError, http.client.HTTPException) as trouble:
            _log.info("A push was not taken: %s", type(trouble).__name__)
            return False

    def _body(self, push: _Push) -> bytes:
        history = str(push.history) if push.as_text else push.history
        data = json.dumps({"emailAddress": push.email, "historyId": history}).encode()
        published = clock.real_now().isoformat(timespec="milliseconds").replace("+00:00", "Z")
        message = {
            "data": base64.b64encode(data).decode(),
            "messageId": push.id,
            "message_id": push.id,
            "publishTime": published,
            "publish_time": published,
            "attributes": {},
        }
        return json.dumps({"message": message, "subscription": "projects/sandbox/subscriptions/gmail"}).encode()

    def _post(self, url: str, body: bytes) -> int:
        parts = urlsplit(url)
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        connection = kind(parts.netloc, timeout=self.timeout)
        token = self._sign({"aud": url, "azp": self.service_account, "sub": "1", "email": self.service_account})
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
        try:
            connection.request("POST", (parts.path or "/") + (f"?{parts.query}" if parts.query else ""), body, headers)
            answer = connection.getresponse()
            answer.read()
            return answer.status
        finally:
            connection.close()
