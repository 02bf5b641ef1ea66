"""`python -m addon.sandbox.gmail`: the simulated Gmail alone, in a process of its own, until it is told to stop."""

from __future__ import annotations

import argparse
import logging
import signal
import sys
import threading
from collections.abc import Sequence

from addon import clock, settings
from addon.sandbox.gmail.gmail import Gmail
from addon.sandbox.gmail.store import StoreInUse
from addon.sandbox.gmail.wire.server import PortInUse, serve


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until SIGINT or SIGTERM; 1 with one sentence on stderr where that cannot be."""
    asked = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s")
    try:
        known = settings.load()
        clock.follow(known.clock_path)
        gmail = Gmail(asked.data)
    except (settings.SettingsRefused, StoreInUse) as refused:
        return _failed(str(refused))
    gmail.pushes.url = asked.push_url
    gmail.pushes.service_account = known.pubsub_service_account or gmail.pushes.service_account
    for email in asked.mailbox:
        gmail.accounts.add(email)
    if known.google_client_id:
        back = [known.url(path) for path in asked.redirect_path]
        gmail.clients.add(known.google_client_id, known.google_client_secret.get_secret_value(), back)
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    try:
        with serve(gmail, asked.port, host=asked.host) as server:
            sys.stdout.write(f"Gmail on this machine listens at {server.url}\n")
            sys.stdout.flush()
            stop.wait()
    except PortInUse as taken:
        return _failed(str(taken))
    finally:
        gmail.close()
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m addon.sandbox.gmail", description=__doc__)
    parser.add_argument("--port", type=_port, default=8025, help="0 takes any free one (default: %(default)s)")
    parser.add_argument("--host", default="127.0.0.1", help="where to listen (default: %(default)s)")
    parser.add_argument("--data", default="gmail.sqlite", help="the file that keeps everything (default: %(default)s)")
    parser.add_argument("--push-url", default="", help="where Pub/Sub's pushes go; without it nothing is pushed")
    parser.add_argument(
        "--mailbox", action="append", default=[], metavar="EMAIL", help="open this mailbox (repeatable)"
    )
    parser.add_argument(
        "--redirect-path",
        action="append",
        default=[],
        metavar="PATH",
        help="a path below DEALTHREAD_PUBLIC_URL to which DEALTHREAD_GOOGLE_CLIENT_ID may have people sent back",
    )
    return parser


def _port(text: str) -> int:
    if not text.isdigit() or int(text) > 65_535:
        raise argparse.ArgumentTypeError(f"{text} is not a port (0 to 65535)")
    return int(text)


def _failed(sentence: str) -> int:
    sys.stderr.write(sentence + "\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
