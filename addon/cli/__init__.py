"""The command line, for admins, cron and scripts.

Answers go to standard output, everything else to standard error. Exit codes: 0 done, 1 refused with a sentence that
says why, 2 not understood.
"""

from __future__ import annotations

import logging
import sys

import click
import structlog

from addon.cli import campaigns, explaining, installation, mailboxes, people, reindexing, running
from addon.cli.refusing import Refusing
from addon.cli.words import say


@click.group(cls=Refusing, help=say("cli.help"), context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="dealthread", message=say("cli.version", version="%(version)s"))
def cli() -> None:
    _log_to_standard_error()


for command in (
    installation.migrate,
    running.serve,
    running.worker,
    installation.settings,
    installation.manifest,
    people.team,
    people.user,
    mailboxes.mailbox,
    campaigns.campaign,
    explaining.explain_mail,
    reindexing.reindex,
):
    cli.add_command(command)


def main() -> None:
    cli(prog_name="dealthread")


def _log_to_standard_error() -> None:
    """Standard output is for answers: a script reads it."""
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(levelname)s %(name)s %(message)s")
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.LogfmtRenderer(key_order=["timestamp", "level", "event"]),
        ],
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
    )
