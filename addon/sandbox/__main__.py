"""`python -m addon.sandbox`: everything on this machine, until it is told to stop."""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

import click
import structlog
from sqlalchemy.exc import OperationalError

from addon import settings
from addon.domain.access.vault import WrongKeys
from addon.i18n import Words
from addon.sandbox import demo
from addon.sandbox.folder import Folder, FolderRefused, usual
from addon.sandbox.gmail.store import StoreInUse
from addon.sandbox.own_mail.choice import choose
from addon.sandbox.own_mail.parts import MailRefused
from addon.sandbox.own_mail.telling import Line

LAST_RESORT = 3.5
"""Seconds after which a demo that was told to stop is gone, whatever still runs."""

say = Words()


class Refused(click.ClickException):
    """One clear sentence on stderr, and 1."""

    def show(self, file: object = None) -> None:
        click.echo(self.message, err=True)


@click.command(help=say("sandbox.demo.help"))
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help=say("sandbox.demo.port"))
@click.option("--data", type=click.Path(path_type=Path, file_okay=False), help=say("sandbox.demo.data"))
@click.option("--mail", type=click.Path(path_type=Path), help=say("sandbox.demo.mail"))
@click.option("--me", default="", metavar="EMAIL", help=say("sandbox.demo.me"))
def main(port: int, data: Path | None, mail: Path | None, me: str) -> None:
    with contextlib.ExitStack() as stack, _in_words(port):
        listening = stack.enter_context(demo.listen(port))
        folder = Folder.open(data or usual(own_mail=mail is not None), _database_url())
        stack.callback(folder.close)
        stack.enter_context(_logging_to(folder.log))
        own = choose(folder, mail, me)
        running = demo.start(listening, folder, own)
        stack.callback(running.close)
        with _told_to_stop(running):
            click.echo(say("sandbox.demo.open", url=running.address))
            if running.mail is not None:
                running.mail.start(Line(sys.stderr, say))
            running.serve()


def _database_url() -> str:
    """The one that is named from outside; empty for the folder's own."""
    return settings.load().database_url if os.environ.get("DEALTHREAD_DATABASE_URL") else ""


@contextlib.contextmanager
def _in_words(port: int) -> Iterator[None]:
    try:
        yield
    except demo.PortTaken as taken:
        raise Refused(say("sandbox.demo.port_taken", port=port, why=taken)) from None
    except (FolderRefused, MailRefused) as refused:
        raise Refused(say(f"sandbox.demo.{refused.code}", **refused.params)) from None
    except (demo.StrangeDatabase, WrongKeys):
        raise Refused(say("sandbox.demo.strange_database")) from None
    except OperationalError as trouble:
        raise Refused(say("sandbox.demo.no_database", why=str(trouble.orig).splitlines()[0])) from None
    except (settings.SettingsRefused, StoreInUse) as refused:
        raise Refused(str(refused)) from None


@contextlib.contextmanager
def _logging_to(file: Path) -> Iterator[None]:
    """The log goes to a file, so that the screen holds one line."""
    with file.open("a", encoding="utf-8", buffering=1) as log:
        handler = logging.StreamHandler(log)
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
        logging.getLogger().addHandler(handler)
        structlog.configure(
            processors=[
                structlog.processors.add_log_level,
                structlog.processors.TimeStamper(fmt="iso"),
                structlog.processors.JSONRenderer(),
            ],
            logger_factory=structlog.WriteLoggerFactory(file=log),
        )
        try:
            yield
        finally:
            structlog.reset_defaults()
            logging.getLogger().removeHandler(handler)


@contextlib.contextmanager
def _told_to_stop(running: demo.Demo) -> Iterator[None]:
    """Ctrl-C and SIGTERM end the demo: turns end between two mails, and after some seconds nothing is left."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)
        last_resort = threading.Timer(LAST_RESORT, os._exit, (0,))
        last_resort.daemon = True
        last_resort.start()
        running.worker.stop()
        raise SystemExit(0)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    yield


if __name__ == "__main__":
    main(prog_name="python -m addon.sandbox")
    sys.exit(0)
