"""`python -m addon.sandbox.gmail`: the simulated Gmail alone, in a process of its own, until it is told to stop."""

from __future__ import annotations

import logging
import signal
import sys
import tempfile
import threading
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from addon import clock, settings
from addon.sandbox.gmail.alone import arguments, greeting
from addon.sandbox.gmail.alone.arguments import Asked
from addon.sandbox.gmail.alone.papers import Papers
from addon.sandbox.gmail.gmail import Gmail
from addon.sandbox.gmail.store import StoreInUse
from addon.sandbox.gmail.wire.authority import Authority
from addon.sandbox.gmail.wire.server import PortInUse, Server, serve

_SOMEBODY = "you@mailbox.example"


def main(given: Sequence[str] | None = None) -> int:
    """Serve until SIGINT or SIGTERM; 1 with one sentence on stderr where that cannot be."""
    asked = arguments.read(given)
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s")
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    try:
        with ExitStack() as open_things:
            _run(asked, open_things, stop)
    except (settings.SettingsRefused, StoreInUse, PortInUse) as refused:
        sys.stderr.write(f"{refused}\n")
        return 1
    except OSError as trouble:
        sys.stderr.write(f"{trouble.filename or asked.data}: {trouble.strerror}.\n")
        return 1
    return 0


def _run(asked: Asked, open_things: ExitStack, stop: threading.Event) -> None:
    known = settings.load()
    clock.follow(known.clock_path)
    folder = asked.data or Path(open_things.enter_context(tempfile.TemporaryDirectory(prefix="gmail-")))
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    gmail = Gmail(folder / "gmail.sqlite")
    open_things.callback(gmail.close)
    _furnish(gmail, asked, known)
    authority = Authority()
    server = open_things.enter_context(serve(gmail, asked.port, host=asked.host, authority=authority))
    sys.stdout.write(_greeting(asked, Papers(folder, gmail, server.url), gmail, authority, server))
    sys.stdout.flush()
    stop.wait()


def _furnish(gmail: Gmail, asked: Asked, known: settings.Settings) -> None:
    """Open the mailboxes, and let in the program that the settings name."""
    if asked.quota:
        gmail.quota.as_google()
    gmail.pushes.url = asked.push_url
    gmail.pushes.service_account = known.pubsub_service_account or gmail.pushes.service_account
    for email, name in asked.mailboxes:
        gmail.accounts.add(email, name=name)
    if not list(gmail.accounts):
        gmail.accounts.add(_SOMEBODY)
    if known.google_client_id:
        back = [known.url(path) for path in asked.redirect_paths]
        gmail.clients.add(known.google_client_id, known.google_client_secret.get_secret_value(), back)


def _greeting(asked: Asked, papers: Papers, gmail: Gmail, authority: Authority, server: Server) -> str:
    papers.write_credentials()
    papers.write_certificate(authority.certificate)
    papers.write_environment()
    mailboxes = [papers.write_token(account) for account in gmail.accounts]
    if asked.json:
        return greeting.for_programs(server.url, papers, mailboxes)
    return greeting.for_people(server.url, papers, mailboxes, kept=asked.data is not None)


if __name__ == "__main__":
    sys.exit(main())
