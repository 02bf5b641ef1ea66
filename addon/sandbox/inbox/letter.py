"""One mail as the thread's page shows it: its words, safe; the earlier mail beneath; its files. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from addon.sandbox.inbox import safe_html
from addon.sandbox.inbox.attachments import Attachment
from addon.sandbox.inbox.reading import Mail, paragraphs, says, split_quoted


@dataclass(frozen=True)
class Letter:
    """What stands in the page for a mail."""

    body: Markup
    quoted: Markup
    """The earlier mail beneath the new words; empty where there is none."""
    is_html: bool
    marked: bool
    """A sentence of it stands in the marker."""
    left_out: int
    """Pictures from outside that were not asked for."""
    files: Sequence[Attachment]
    """What is not already shown within the words."""


def letter_of(mail: Mail, said: Sequence[str], pictures: Mapping[str, str], *, from_outside: bool) -> Letter:
    """`said` are the sentences to be marked; `pictures` the addresses of the mail's own pictures by content id."""
    if mail.html.strip():
        return _from_html(mail, said, pictures, from_outside=from_outside)
    fresh, quoted = split_quoted(mail.text)
    marked = [quote for quote in said if says(fresh, quote)]
    return Letter(_whole(fresh, marked), _whole(quoted), False, bool(marked), 0, mail.attachments)


def _from_html(mail: Mail, said: Sequence[str], pictures: Mapping[str, str], *, from_outside: bool) -> Letter:
    shown = safe_html.shown(mail.html, pictures, from_outside=from_outside)
    body, marked = safe_html.with_marks(shown.body, said)
    files = [file for file in mail.attachments if not file.cid or file.cid not in shown.used]
    return Letter(body, shown.quoted, True, marked, shown.left_out, files)


def _whole(text: str, marked: Sequence[str] = ()) -> Markup:
    return Markup("\n").join(Markup("<p>{}</p>").format(paragraph) for paragraph in paragraphs(text, marked))
