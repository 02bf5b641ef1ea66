"""What the names in a folder of mail mean: Maildirs, Thunderbird's `.sbd`, Apple's `.mbox` folders, IMAP's UTF-7."""

from __future__ import annotations

import base64
import binascii
import re
from pathlib import PurePosixPath

_ENDING = re.compile(r"\.(?:mbox|mbx|sbd)$", re.IGNORECASE)
_SHIFTED = re.compile(r"&([A-Za-z0-9+,]*)-")
_FLAGS = re.compile(r"[:;!]2,([A-Za-z]*)$")
_KEEPING = {"cur", "new", "tmp"}


def label_of(name: str, *, in_maildir: bool) -> str:
    """The folder that a file belongs to, as a label's path; empty for one that lies at the top.

    `name` is the file's place below the top, `/` between names. A file of one mail belongs to the folder that it lies
    in (`in_maildir`: to the one around `cur` and `new`), an mbox is a folder itself: give its name without the file's
    for a mail, with it for an mbox.

    >>> label_of("Work.sbd/Clients", in_maildir=False), label_of(".Entw&APw-rfe.2026/cur", in_maildir=True)
    ('Work/Clients', 'Entwürfe/2026')
    """
    names = list(PurePosixPath(name).parts)
    if in_maildir and names and names[-1] in _KEEPING:
        names.pop()
    if names and names[-1].lower() == "mbox":  # Apple Mail writes Name.mbox/mbox
        names.pop()
    return "/".join(shown for one in names if (shown := _shown(one, in_maildir)))


def flags_of(name: str) -> str:
    """The flags at the end of a file's name in a Maildir: S seen, F flagged, T trashed, D draft."""
    found = _FLAGS.search(name)
    return found[1].upper() if found else ""


def _shown(name: str, in_maildir: bool) -> str:
    name = _ENDING.sub("", name)
    if in_maildir and name.startswith("."):  # Maildir++ nests by dots in one name
        name = name[1:].replace(".", "/")
    readable = _SHIFTED.sub(lambda found: _unshifted(found[1]), name)
    return readable.encode("utf-8", "replace").decode("utf-8").strip()


def _unshifted(text: str) -> str:
    if not text:
        return "&"
    try:
        return base64.b64decode(text.replace(",", "/") + "=" * (-len(text) % 4)).decode("utf-16-be")
    except (binascii.Error, UnicodeDecodeError):
        return f"&{text}-"
