"""From the names that Takeout and mail programs use, in several languages, to Gmail's own labels and the person's."""

from __future__ import annotations

import csv
import functools
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

_FILE = Path(__file__).parent / "labels.toml"
_QUOTES = "\"'„“”«»‚‘’‹›:： \u00a0"
_WITHOUT_LABEL = frozenset({"ARCHIVE", "OPENED", "NOTHING"})
_FLAG = "imap_"
"""Takeout writes the keywords that other mail programs had set as labels of their own."""


@dataclass(frozen=True)
class Labels:
    """`ids` are Gmail's own labels, `names` those that the person made (nested by `/`)."""

    ids: tuple[str, ...] = ()
    names: tuple[str, ...] = ()

    def also(self, *ids: str) -> Labels:
        """With these of Gmail's own, too."""
        return Labels(tuple(dict.fromkeys((*self.ids, *ids))), self.names)

    def settled(self) -> Labels:
        """As Gmail would have them: what is in the bin or is spam is in no inbox, a draft is nowhere else."""
        if "DRAFT" in self.ids:
            return Labels(tuple(one for one in ("DRAFT", "TRASH") if one in self.ids))
        if {"SPAM", "TRASH"} & set(self.ids):
            return Labels(tuple(one for one in self.ids if one != "INBOX"), self.names)
        return self


def of_takeout(header: str) -> Labels:
    """What `X-Gmail-Labels` says, decoded: names between commas, quoted where a name has one itself.

    >>> of_takeout('Posteingang,Ungelesen,"Müller, Söhne",Kunden/Nord')
    Labels(ids=('INBOX', 'UNREAD'), names=('Müller, Söhne', 'Kunden/Nord'))
    """
    ids: list[str] = []
    names: list[str] = []
    for name in _split(header):
        known = _known(_folded(name))
        if known is None:
            names.append(" ".join(name.split()))
        elif known not in _WITHOUT_LABEL and known:
            ids.append(known)
    return Labels(tuple(dict.fromkeys(ids)), tuple(dict.fromkeys(names)))


def of_folder(path: str) -> Labels:
    """What a folder's place says: its last name may be one of Gmail's own, else the whole path is a label.

    >>> of_folder("Local Folders/Sent"), of_folder("Kunden/Nord"), of_folder("Archiv")
    (Labels(ids=('SENT',), names=()), Labels(ids=(), names=('Kunden/Nord',)), Labels(ids=(), names=()))
    """
    known = _tables()["labels"].get(_folded(path.rpartition("/")[2]))
    if known is not None:
        return Labels(() if known in _WITHOUT_LABEL else (known,))
    return Labels(names=(path,)) if path else Labels()


def is_gmails_own(path: str) -> bool:
    """Whether a folder at this place is an inbox, an archive or the like, and no label of the person's."""
    return _folded(path.rpartition("/")[2]) in _tables()["labels"]


def _split(header: str) -> Iterable[str]:
    fields = next(csv.reader([header.replace("\r", " ").replace("\n", " ")], skipinitialspace=True), [])
    return [field.strip() for field in fields if field.strip()]


def _known(folded: str) -> str | None:
    """One of Gmail's own labels, empty for what is no label at all, None for a name of the person's."""
    tables = _tables()
    if found := tables["labels"].get(folded) or tables["marks"].get(folded):
        return found
    word, _, category = folded.partition(" ")
    if word.strip(_QUOTES) in tables["words"] and category:
        return tables["categories"].get(category.strip(_QUOTES), "")
    return "" if folded.startswith(_FLAG) else None


def _folded(name: str) -> str:
    return " ".join(name.replace("\u00a0", " ").split()).casefold()


@functools.cache
def _tables() -> Mapping[str, Mapping[str, str]]:
    read = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    words = read["categories"].pop("words")
    tables = {
        kind: {name.casefold(): label for label, names in lists.items() for name in names}
        for kind, lists in read.items()
    }
    return {**tables, "words": dict.fromkeys(words, "")}
