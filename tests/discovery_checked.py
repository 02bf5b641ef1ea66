"""Every call of the simulated Gmail in any test's own process is held against Google's discovery document.

Good answers, and the requests that got them, by the document's schemas; refusals by the shape of Google's errors. What
was refused may have been wrong on purpose. The test during which something wrong passed fails.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from addon.sandbox.gmail.wire import calling
from tests import discovery

_MOST = 20


class Watch:
    """Collects what is wrong, from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._wrong: list[str] = []

    def note(self, wrong: Iterator[str] | list[str]) -> None:
        for each in wrong:
            with self._lock:
                if len(self._wrong) < _MOST:
                    self._wrong.append(each)

    def take(self) -> list[str]:
        """What was noted since the last time."""
        with self._lock:
            taken, self._wrong = self._wrong, []
        return taken


def watched_perform(perform: Callable[..., Any], watch: Watch) -> Callable[..., Any]:
    """`calling.perform`, with every call that succeeds checked."""

    def checked(gmail: Any, access: Any, route: Any, values: Any, query: Any, body: Any, media: Any) -> Any:
        answer = perform(gmail, access, route, values, query, body, media)
        method = discovery.method(route.verb, route.path)
        if method is None or method.id != route.method:
            watch.note([f"{route.verb} {route.path} ({route.method}) is no method of Google's"])
        else:
            watch.note(method.asked(query._values, body))
            watch.note(method.answered(answer.body))
        return answer

    return checked


def watched_refusal(refusal: Callable[..., Any], watch: Watch) -> Callable[..., Any]:
    """`calling.refusal`, with every body checked."""

    def checked(error: Any) -> Any:
        watch.note(discovery.refused(error.status, error.body()))
        return refusal(error)

    return checked


everywhere = Watch()


def pytest_configure() -> None:
    calling.perform = watched_perform(calling.perform, everywhere)
    calling.refusal = watched_refusal(calling.refusal, everywhere)


@pytest.fixture(autouse=True)
def _gmail_speaks_as_google_does() -> Iterator[None]:
    everywhere.take()
    yield
    wrong = everywhere.take()
    assert not wrong, "Google's discovery document says otherwise:\n" + "\n".join(wrong)
