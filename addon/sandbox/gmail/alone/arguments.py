"""What the command line asks for."""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from dataclasses import dataclass
from email.utils import parseaddr
from pathlib import Path

_ADDRESS = re.compile(r"[^\s@<>,;\"/\\]+@[^\s@<>,;\"/\\]+")

_DESCRIPTION = "A Gmail on this machine, in a process of its own, until Ctrl-C or SIGTERM."
_EPILOG = (
    "Each mailbox gets an access token for a week. The folder also gets credentials.json, a token file for each mailbox"
    " and gmail.env: a program that knows Gmail's real address only is led here by `. FOLDER/gmail.env`."
)


@dataclass(frozen=True)
class Asked:
    """The arguments, checked. `data` None means: keep nothing."""

    port: int
    host: str
    data: Path | None
    mailboxes: tuple[tuple[str, str], ...]
    json: bool
    quota: bool
    push_url: str
    redirect_paths: tuple[str, ...]


def read(arguments: Sequence[str] | None) -> Asked:
    """The arguments of this process, or these. Ends the process with a sentence where they make no sense."""
    given = _parser().parse_args(arguments)
    return Asked(
        port=given.port,
        host=given.host,
        data=given.data,
        mailboxes=tuple(given.mailbox),
        json=given.json,
        quota=given.quota,
        push_url=given.push_url,
        redirect_paths=tuple(given.redirect_path),
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m addon.sandbox.gmail", description=_DESCRIPTION, epilog=_EPILOG)
    parser.add_argument("--port", type=_port, default=8025, help="0 takes any free one (default: %(default)s)")
    parser.add_argument("--host", default="127.0.0.1", help="where to listen (default: %(default)s)")
    parser.add_argument(
        "--data", type=_folder, metavar="FOLDER", help="keeps everything, and is made if need be; without it, all goes"
    )
    parser.add_argument(
        "--mailbox",
        action="append",
        type=_mailbox,
        default=[],
        metavar="EMAIL",
        help='open this mailbox, as anna@halyard.example or "Anna <anna@halyard.example>" (repeatable)',
    )
    parser.add_argument("--json", action="store_true", help="say everything in one line of JSON")
    parser.add_argument(
        "--quota", action=argparse.BooleanOptionalAction, default=False, help="Google's: 429 and 403 once it is spent"
    )
    parser.add_argument("--push-url", default="", help="where Pub/Sub's pushes go; without it nothing is pushed")
    parser.add_argument(
        "--redirect-path",
        action="append",
        default=[],
        metavar="PATH",
        help="a path below DEALTHREAD_PUBLIC_URL to which DEALTHREAD_GOOGLE_CLIENT_ID may have people sent back",
    )
    return parser


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or int(text) > 65_535:
        raise argparse.ArgumentTypeError(f"{text} is not a port (0 to 65535)")
    return int(text)


def _folder(text: str) -> Path:
    path = Path(text)
    if path.exists() and not path.is_dir():
        raise argparse.ArgumentTypeError(f"{text} is a file; name a folder")
    return path


def _mailbox(text: str) -> tuple[str, str]:
    name, email = parseaddr(text)
    if not _ADDRESS.fullmatch(email):
        raise argparse.ArgumentTypeError(f"{text} is not an email address")
    return email, name
