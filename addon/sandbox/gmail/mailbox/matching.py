"""Whether a mail that is just coming in fits a search, before it is stored: this is what filters ask.

It reads the same trees as the search box, and compares words in the same way.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property

from addon.sandbox.gmail.mailbox.mime import Mail
from addon.sandbox.gmail.mailbox.payload import body_text, filenames
from addon.sandbox.gmail.mailbox.search import amounts, folding
from addon.sandbox.gmail.mailbox.search.grammar import All, Node, Not, Term

_HEADERS: Mapping[str, tuple[str, ...]] = {
    "from": ("From",),
    "to": ("To", "Cc", "Bcc"),
    "cc": ("Cc",),
    "bcc": ("Bcc",),
    "subject": ("Subject",),
    "list": ("List-Id",),
    "deliveredto": ("Delivered-To",),
}
_PEOPLE = frozenset({"from", "to", "cc", "bcc", "deliveredto"})
_NAMES = {"drafts": "DRAFT"}


class Arriving:
    """A mail on its way in: when it comes (milliseconds), what labels it would carry, whose addresses are `own`."""

    def __init__(self, mail: Mail, labels: tuple[str, ...], *, date: int, own: frozenset[str]) -> None:
        self.mail, self._labels, self._date, self._own = mail, labels, date, own

    @cached_property
    def raw(self) -> bytes:
        """The whole mail."""
        return self.mail.raw()

    @cached_property
    def files(self) -> list[str]:
        """The names of what is attached."""
        return filenames(self.raw)

    def fits(self, node: Node) -> bool:
        """Whether the search holds for it; a term that this does not know does not."""
        if isinstance(node, Term):
            return self._term(node)
        if isinstance(node, Not):
            return not self.fits(node.node)
        if isinstance(node, All):
            return all(self.fits(child) for child in node.nodes)
        return any(self.fits(child) for child in node.nodes)

    def _term(self, term: Term) -> bool:
        if not term.field:
            return _says(self._everything, term.value)
        if term.field in _HEADERS:
            wanted = self._own if term.field in _PEOPLE and term.value.lower() == "me" else {term.value}
            texts = [_words(text) for name in _HEADERS[term.field] for text in self.mail.all(name)]
            return any(_says(text, value) for text in texts for value in wanted)
        special = self._special.get(term.field)
        return special is not None and special(term.value)

    @cached_property
    def _special(self) -> Mapping[str, Callable[[str], bool]]:
        return {
            "filename": lambda value: any(_says(_words(name), value) for name in self.files),
            "has": lambda value: value.lower() == "attachment" and bool(self.files),
            "larger": lambda value: len(self.raw) > (amounts.size(value) or len(self.raw)),
            "size": lambda value: len(self.raw) > (amounts.size(value) or len(self.raw)),
            "smaller": lambda value: len(self.raw) < (amounts.size(value) or 0),
            "rfc822msgid": lambda value: self.mail.message_id.strip("<>") == value.strip("<>"),
            "after": lambda value: self._since(amounts.moment(value)),
            "newer": lambda value: self._since(amounts.moment(value)),
            "newer_than": lambda value: self._since(amounts.since(value)),
            "before": lambda value: self._before(amounts.moment(value)),
            "older": lambda value: self._before(amounts.moment(value)),
            "older_than": lambda value: self._before(amounts.since(value)),
            "in": self._carries,
            "is": self._carries,
            "label": self._carries,
        }

    def _since(self, moment: int | None) -> bool:
        return moment is not None and self._date >= moment

    def _before(self, moment: int | None) -> bool:
        return moment is not None and self._date < moment

    def _carries(self, value: str) -> bool:
        name = value.lower()
        if name == "read":
            return "UNREAD" not in self._labels
        return name == "anywhere" or _NAMES.get(name, name).upper() in self._labels

    @cached_property
    def _everything(self) -> str:
        headers = [text for name in ("From", "To", "Cc", "Bcc", "Subject", "List-Id") for text in self.mail.all(name)]
        return _words(" \n ".join([*headers, body_text(self.raw), *self.files]))


def _says(text: str, wanted: str) -> bool:
    """Whether the wanted words stand in the text, side by side and whole."""
    phrase = _words(wanted)
    return phrase.strip() != "" and phrase in text


def _words(text: str) -> str:
    return f" {' '.join(folding.words(text))} "
