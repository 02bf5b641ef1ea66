"""What the forms of imports bring: the file or pasted rows, and how they are to be read."""

from __future__ import annotations

from typing import Any

from flask import request

from addon.domain import tables
from addon.models import Subject
from addon.web.seat import seat

LARGE_FORMS = frozenset({"web.imports.start"})
"""Endpoints whose forms carry a file."""

LARGEST = tables.MAX_BYTES
"""Bytes of a file."""

LARGEST_PASTE = 10 * 1024 * 1024
"""Bytes of pasted rows."""


def make_room() -> None:
    """For this request: so much it may bring and no more; what says that it is larger is not read."""
    request.max_content_length = LARGEST + 64 * 1024
    request.max_form_memory_size = LARGEST_PASTE


def brought() -> tuple[Subject, str, bytes]:
    """What the rows are, the file's name, its bytes; none where nothing was chosen."""
    given = request.form.get("subject", "")
    subject = Subject(given) if given in set(Subject) else Subject.CONTACT
    file = request.files.get("file")
    if file is not None and file.filename:
        return subject, file.filename, file.stream.read(LARGEST + 1)
    pasted = request.form.get("rows", "")
    return subject, seat().words("importing.pasted"), pasted.encode() if pasted.strip() else b""


def chosen() -> dict[str, Any]:
    """How a file is to be read, as a person says."""
    form = request.form
    found: dict[str, Any] = {name: form[name] for name in ("encoding", "sheet", "decimal") if form.get(name)}
    if form.get("delimiter"):
        found["delimiter"] = "\t" if form["delimiter"] == "tab" else form["delimiter"]
    if form.get("header") in ("yes", "no"):
        found["header"] = form["header"] == "yes"
    if form.get("dates") in ("day", "month"):
        found["month_first"] = form["dates"] == "month"
    return found


def bad_name(file_name: str) -> str:
    """What the file of the rows that were left out is called.

    >>> bad_name("people.xlsx")
    'people left out.csv'
    """
    stem = file_name.rpartition(".")[0] or file_name
    return f"{stem} left out.csv"
