"""`explain-mail`: what Dealthread makes of mail files, and why. Needs no database; of the settings only the phrases."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from typing import Any

import click

from addon import settings as ground
from addon.app import hear_phrases
from addon.cli.explained_page import page, shown
from addon.cli.words import say
from addon.domain.verdicts import Evidence, Judged, Kind, Said, judge

_LONGEST = 100_000_000
"""Bytes read of one file: twice the longest mail that Gmail takes."""


@click.command("explain-mail", help=say("cli.explain.help"))
@click.argument("paths", nargs=-1, required=True, metavar="FILE_OR_FOLDER...", type=click.Path())
@click.option("--json", "as_json", is_flag=True, help=say("cli.explain.json"))
@click.option("--own", multiple=True, metavar="EMAIL", help=say("cli.explain.own"))
def explain_mail(paths: tuple[str, ...], as_json: bool, own: tuple[str, ...]) -> None:
    """One mail in memory at a time. Ends with 1 where something could not be read; the rest is judged all the same."""
    hear_phrases(ground.load())
    troubles = Troubles()
    for file in (file for path in paths for file in _mails(path, troubles)):
        raw = _read(file, troubles)
        if raw is None:
            continue
        judged = judge(raw, own=own)
        if not file.lower().endswith(".eml") and (no_mail := _no_mail(raw, judged)):
            troubles.add(no_mail, file)
            continue
        if as_json:
            click.echo(json.dumps(_as_json(file, judged)))
        else:
            click.echo(page(_shown(file), judged, marked=_mark_in_terminal if sys.stdout.isatty() else None))
    if troubles.count:
        raise SystemExit(1)


class Troubles:
    """What could not be read; each is told at once."""

    def __init__(self) -> None:
        self.count = 0

    def add(self, key: str, path: str, reason: str = "") -> None:
        self.count += 1
        click.echo(shown(say(key, path=_shown(path), reason=reason)), err=True)

    def add_error(self, path: str, error: Exception) -> None:
        if isinstance(error, FileNotFoundError):
            self.add("cli.explain.no_file", path)
        else:
            self.add("cli.explain.no_access", path, getattr(error, "strerror", "") or str(error))


def _mails(path: str, troubles: Troubles) -> Iterator[str]:
    """The file itself, whatever its name; of a folder its .eml files and those of the folders within, sorted."""
    if not os.path.isdir(path):
        yield path
        return
    closed: list[OSError] = []
    walk = os.walk(path, onerror=closed.append)
    found = sorted(os.path.join(folder, name) for folder, _, names in walk for name in names)
    mails = [name for name in found if name.lower().endswith(".eml")]
    for error in closed:
        troubles.add_error(error.filename or path, error)
    if not mails and not closed:
        troubles.add("cli.explain.no_mails", path)
    yield from mails


def _read(path: str, troubles: Troubles) -> bytes | None:
    try:
        with open(path, "rb") as file:
            # Room is made for as many bytes as are asked for; a pipe does not know its length.
            size = os.fstat(file.fileno()).st_size
            return file.read(min(size, _LONGEST)) if size else file.read()
    except (OSError, ValueError) as error:
        troubles.add_error(path, error)
        return None


def _no_mail(raw: bytes, judged: Judged) -> str:
    """Why a file that does not call itself a mail is none, as a key; "" where it may be one."""
    if raw.startswith(b"From ") and b"\nFrom " in raw:
        return "cli.explain.mailbox_file"
    told = judged.envelope
    return "" if told.from_address or told.subject or told.message_id or told.date else "cli.explain.no_mail"


def _as_json(file: str, judged: Judged) -> dict[str, Any]:
    facts = judged.facts
    return {
        "file": file,
        "kind": facts.kind.value,
        "recipients": [recipient.address for recipient in facts.recipients],
        "severity": facts.severity.value if facts.severity and facts.kind is Kind.BOUNCE else None,
        "evidence": [_evidence(one) for one in facts.evidence],
        "said": [_said(hit) for hit in facts.said],
        "reply_text": judged.reply_text,
    }


def _evidence(one: Evidence) -> dict[str, Any]:
    return {"kind": one.kind.value, "name": one.name, "text": one.text, "position": one.position}


def _said(hit: Said) -> dict[str, Any]:
    refers = hit.refers_to
    return {
        "what": hit.what.value,
        "phrase": hit.phrase,
        "sentence": hit.sentence,
        "position": hit.position,
        "when": hit.when.isoformat() if hit.when else None,
        "refers_to": {"name": refers.name, "address": refers.address} if refers else None,
    }


def _shown(path: str) -> str:
    """A path whose bytes are no text can still be shown."""
    return os.fsencode(path).decode("utf-8", "replace")


def _mark_in_terminal(text: str) -> str:
    return click.style(text, reverse=True)
