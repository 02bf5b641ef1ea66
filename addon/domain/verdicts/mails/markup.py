"""HTML mail as text: paragraphs as lines, quotations marked as plain text marks them."""

from __future__ import annotations

import html
import re

QUOTE_BEGINS = "\x01"
"""Stands on a line of its own where a mail program wrapped all that follows as a quotation."""

_UNREAD = (
    ("<!--", "-->"),
    ("<style", "</style"),
    ("<script", "</script"),
    ("<head>", "</head"),
    ("<head ", "</head"),
    ("<title", "</title"),
)
_TOKEN = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:]*)([^<>]*)>|<[!?/][^<>]*>")
_WRAPS_QUOTE = re.compile(
    r"gmail_(?:quote|attr)(?!_)|gmail_quote_container|yahoo_quoted|yqt\d{3,}|moz-(?:cite-prefix|forward-container)|"
    r"divRplyFwdMsg|OLK_SRC_BODY_SECTION|appendonsend|stopSpelling|zwchr|zmail_extra|protonmail_quote|tutanota_quote|"
    r"WordSection-reply|hmmessage-quote|reply_?message|reply-intro|replySplit|mail-editor-reference-message|"
    r"ms-outlook-mobile-reference|front-blockquote|freshdesk_quote|"
    r"border-top: ?solid #(?:E1E1E1|B5C4DF)|border-top-color: ?rgb\(229, ?229, ?229\)",
    re.IGNORECASE,
)
_WRAPS_SIGNATURE = re.compile(
    r"gmail_signature|moz-signature|ms-outlook-mobile-signature|ymail_signature|yahoo_signature|"
    r"protonmail_signature_block(?!-empty)|id=[\"']?(?:x_)?(?:mail_app_)?signature\b",
    re.IGNORECASE,
)
_SIGNATURE = "-- "
_LINES = frozenset({"br", "tr", "li", "dd", "dt", "option"})
_BLOCKS = frozenset(
    {"p", "div", "table", "ul", "ol", "dl", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "blockquote", "pre", "section"}
)
_BLANKS = re.compile(r"[ \t\r\n\xa0\u200b\ufeff]+")
_MANY_LINES = re.compile(r"\n{3,}")


def to_text(markup: str) -> str:
    """The text of a page. Scripts, styles, comments and the head are left out; unclosed ones end the text."""
    for opening, closing in _UNREAD:
        markup = _without(markup, opening, closing)
    writer = _Writer()
    place = 0
    for tag in _TOKEN.finditer(markup):
        writer.words(markup[place : tag.start()])
        place = tag.end()
        if tag[2]:
            writer.tag(tag[2].lower(), tag[3], closing=bool(tag[1]))
    writer.words(markup[place:])
    return writer.text()


class _Writer:
    def __init__(self) -> None:
        self._lines: list[str] = []
        self._line = ""
        self._quoted = 0

    def words(self, markup: str) -> None:
        if not markup:
            return
        words = _BLANKS.sub(" ", html.unescape(markup))
        self._line += words.lstrip() if not self._line else words

    def tag(self, name: str, attributes: str, *, closing: bool) -> None:
        if name in _LINES:
            if name != "br" or not closing:
                self._end_line(force=name == "br")
        elif name in _BLOCKS:
            self._end_line(force=False)
            if name == "p" and closing:
                self._lines.append(self._mark())
        if not closing and _WRAPS_QUOTE.search(attributes):
            self._end_line(force=False)
            self._lines.append(QUOTE_BEGINS)
        elif not closing and _WRAPS_SIGNATURE.search(attributes):
            self._end_line(force=False)
            self._lines.append(self._mark() or _SIGNATURE)
        if name == "blockquote":
            self._quoted = max(0, self._quoted + (-1 if closing else 1))

    def text(self) -> str:
        self._end_line(force=False)
        return _MANY_LINES.sub("\n\n", "\n".join(self._lines)).strip()

    def _end_line(self, *, force: bool) -> None:
        if self._line.strip() or force:
            self._lines.append((self._mark() + " " + self._line.rstrip()).strip())
        self._line = ""

    def _mark(self) -> str:
        return ">" * min(self._quoted, 5)


def _without(markup: str, opening: str, closing: str) -> str:
    lowered = markup.lower()
    if len(lowered) != len(markup):  # a few letters change length in lower case, and offsets with them
        lowered = markup
    kept, place = [], 0
    while (start := lowered.find(opening, place)) >= 0:
        kept.append(markup[place:start])
        end = lowered.find(closing, start)
        if end < 0:
            return "".join(kept)
        place = markup.find(">", end) + 1 or len(markup)
    return "".join(kept) + markup[place:]
