"""The words that HTML shows, in time that grows with its length only, however its tags are broken."""

from __future__ import annotations

import html
import re

_OPENING = re.compile(r"<(?:(script|style|head|title)\b|!--)", re.IGNORECASE)
_CLOSING = {
    "": re.compile("-->"),
    **{name: re.compile(rf"</{name}\s*>", re.IGNORECASE) for name in ("script", "style", "head", "title")},
}
_TAG = re.compile(r"<[^<>]*>")


def shown_words(markup: str) -> str:
    """The markup without tags, and without what nobody sees: comments, scripts, styles, the head.

    >>> " ".join(shown_words("<style>b{}</style><p>Buy&nbsp;<b>now</b>").split())
    'Buy now'
    """
    kept: list[str] = []
    place = start = 0
    unclosed: set[str] = set()
    while opening := _OPENING.search(markup, start):
        name = (opening[1] or "").lower()
        closing = None if name in unclosed else _CLOSING[name].search(markup, opening.end())
        if closing is None:
            unclosed.add(name)
            start = opening.end()
        else:
            kept += [markup[place : opening.start()], " "]
            place = start = closing.end()
    kept.append(markup[place:])
    return html.unescape(_TAG.sub(" ", "".join(kept)))
