"""`serve` and `worker`: the two processes of an installation."""

from __future__ import annotations

import errno
import signal
import socket
from types import FrameType
from typing import Any

import click
from waitress.server import create_server

from addon import app
from addon.cli import opening
from addon.cli.refusing import Refused
from addon.cli.words import say

THREADS = 8
"""Requests that one serving process answers at once."""
BACKLOG = 1024
"""Connections that wait to be taken."""
LAST_SECONDS = 4.0
"""How long a worker that was told to end waits for the mails under way."""


@click.command(help=say("cli.serve.help"))
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help=say("cli.serve.port"))
@click.option("--host", default="127.0.0.1", show_default=True, help=say("cli.serve.host"))
def serve(port: int, host: str) -> None:
    with opening.house() as house:
        server = _listen(app.create_app(house), host, port)
        signal.signal(signal.SIGTERM, _leave)
        click.echo(
            say(
                "cli.serve.ready",
                host=host,
                port=server.effective_port,
                public_url=house.settings.public_url,
            ),
            err=True,
        )
        try:
            server.run()  # returns on SystemExit and on Ctrl+C
        finally:
            server.close()


@click.command(help=say("cli.worker.help"))
@click.option("--until-idle", is_flag=True, help=say("cli.worker.until_idle"))
def worker(until_idle: bool) -> None:
    with opening.house() as house:
        works, jobs = app.create_worker(house)

        def end(_number: int, _frame: FrameType | None) -> None:
            works.stop()

        before = {number: signal.signal(number, end) for number in (signal.SIGTERM, signal.SIGINT)}
        jobs.start()
        click.echo(say("cli.worker.ready"), err=True)
        try:
            works.run_until_idle() if until_idle else works.run()
        finally:
            works.stop()
            jobs.stop(LAST_SECONDS)
            for number, handler in before.items():
                signal.signal(number, handler)


def _listen(application: Any, host: str, port: int) -> Any:
    """A server on a socket that is bound by now, so that a port in use is found out before anything is started."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listening = socket.create_server((host, port), family=family, backlog=BACKLOG)
    except OSError as trouble:
        if trouble.errno == errno.EADDRINUSE:
            raise Refused(say("cli.serve.port_in_use", port=port)) from None
        reason = trouble.strerror or str(trouble)
        raise Refused(say("cli.serve.cannot_listen", host=host, port=port, reason=reason)) from None
    return create_server(application, sockets=[listening], threads=THREADS, ident="dealthread")


def _leave(_number: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)
