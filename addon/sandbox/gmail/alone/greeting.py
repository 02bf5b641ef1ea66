"""What the simulator says once it listens: a few lines for people, or one line of JSON for programs."""

from __future__ import annotations

import json
from collections.abc import Sequence

from addon.sandbox.gmail.alone.papers import Papers, TokenFile


def for_people(url: str, papers: Papers, mailboxes: Sequence[TokenFile], *, kept: bool) -> str:
    """The address in the first line, then the mailboxes with their tokens."""
    lines = [f"Gmail on this machine listens at {url}", ""]
    for mailbox in mailboxes:
        lines += [f"  {mailbox.email}", f"    token  {mailbox.token}", f"    file   {mailbox.path}", ""]
    lines += [
        f"Client secrets:  {papers.credentials}",
        f"A program that knows Gmail's own address only runs here after:  . {papers.environment_file}",
        "All of it is kept." if kept else "All of it is gone when this ends (--data FOLDER keeps it).",
    ]
    return "\n".join(lines) + "\n"


def for_programs(url: str, papers: Papers, mailboxes: Sequence[TokenFile]) -> str:
    """The same, and the environment, as one line of JSON. Times are RFC 3339."""
    said = {
        "address": url,
        "discovery": url + "/$discovery/rest?version=v1",
        "proxy": url,
        "certificate": str(papers.certificate),
        "credentials": str(papers.credentials),
        "environment": dict(papers.environment()),
        "mailboxes": [
            {
                "email": mailbox.email,
                "token": mailbox.token,
                "expires": mailbox.expires.isoformat(timespec="seconds"),
                "refresh_token": mailbox.refresh_token,
                "file": str(mailbox.path),
            }
            for mailbox in mailboxes
        ],
    }
    return json.dumps(said) + "\n"
