"""Whether a mail that is just coming in fits a search, before it is stored: this is what filters ask.

It reads the same trees as the search box. A mail that comes in now is newer than anything a search can name, so what
asks for newer mail holds and what asks for older mail does not.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from functools import cached_property

from addon.sandbox.gmail.mailbox.mime import Mail
from addon.sandbox.gmail.mailbox.payload import body_text, filenames
from addon.sandbox.gmail.mailbox.search.grammar import All, Either, Node, Not, Term

_HEADERS: Mapping[str, tuple[str, ...]] = {
    "from": ("From",),
    "to": ("To", "Cc", "Bcc"),
    "cc": ("Cc",),
    "bcc": ("Bcc",),
    "subject": ("Subject",),
    "list": ("List-Id",),
    "deliveredto": ("Delivered-To",),
}
_WORD = re.compile(r"[^\W_]+")
_SIZE = re.compile(r"(\d{1,12})([km]?)b?", re.IGNORECASE)
_BYTES = {"": 1, "k": 1024, "m": 1024 * 1024}
_NEWER = frozenset({"after", "newer", "newer_than"})
_NAMES = {"drafts": "draft"}


class Arriving:
    """A mail on its way in and the labels that it would carry without any filter."""

    def __init__(self, mail: Mail, labels: tuple[str, ...]) -> None:
        self.mail, self._labels = mail, labels

    @cached_property
    def raw(self) -> bytes:
        """The whole mail."""
        return self.mail.raw()

    @cached_property
    def files(self) -> list[str]:
        """The names of what is attached."""
        return filenames(self.raw)

    def fits(self, node: Node) -> bool:
        """Whether the search holds for it; what this does not know does not."""
        if isinstance(node, Term):
            return self._term(node)
        if isinstance(node, Not):
            return not self.fits(node.node)
        if isinstance(node, All):
            return all(self.fits(child) for child in node.nodes)
        return isinstance(node, Either) and any(self.fits(child) for child in node.nodes)

    def _term(self, term: Term) -> bool:
        if not term.field:
            return _says(self._everything, term.value)
        if term.field in _HEADERS:
            return any(_says(_words(text), term.value) for name in _HEADERS[term.field] for text in self.mail.all(name))
        special = self._special.get(term.field)
        return special(term.value) if special else term.field in _NEWER

    @cached_property
    def _special(self) -> Mapping[str, Callable[[str], bool]]:
        return {
            "filename": lambda value: any(_says(_words(name), value) for name in self.files),
            "has": lambda value: value.lower() == "attachment" and bool(self.files),
            "larger": lambda value: self._compared(value) > 0,
            "smaller": lambda value: self._compared(value) < 0,
            "rfc822msgid": lambda value: self.mail.message_id.strip("<>") == value.strip("<>"),
            "in": self._carries,
            "is": self._carries,
            "label": self._carries,
        }

    def _carries(self, value: str) -> bool:
        name = value.lower()
        if name == "read":
            return "UNREAD" not in self._labels
        return name == "anywhere" or _NAMES.get(name, name).upper() in self._labels

    def _compared(self, value: str) -> int:
        found = _SIZE.fullmatch(value)
        return len(self.raw) - int(found[1]) * _BYTES[found[2].lower()] if found else 0

    @cached_property
    def _everything(self) -> str:
        headers = [text for names in _HEADERS.values() for name in names for text in self.mail.all(name)]
        return _words(" \n ".join([*headers, body_text(self.raw), *self.files]))


def _says(words: str, wanted: str) -> bool:
    """Whether the wanted words stand in the text, side by side and whole."""
    phrase = _words(wanted)
    return phrase.strip() != "" and phrase in words


def _words(text: str) -> str:
    bare = "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
    return " " + " ".join(_WORD.findall(bare.casefold())) + " "
