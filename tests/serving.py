"""A web application behind a real port, for as long as a test looks at it with a browser."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.serving import make_server
from werkzeug.wrappers import Response

PAGE_PATIENCE = 20_000
"""Milliseconds that a test of one page waits for what it expects."""


@contextmanager
def served(app: Callable[..., Any], *, below: str = "") -> Iterator[str]:
    """Its address. `below` is the path that it is mounted at, such as `/mail`; nothing answers beside it."""
    whole = DispatcherMiddleware(Response("", 404), {below: app}) if below else app
    server = make_server("127.0.0.1", 0, whole, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}{below}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
