"""From the HTML that an add-on puts into a draft to the plain text of our compose window. Pure."""

from __future__ import annotations

import re
from html.parser import HTMLParser

_PARAGRAPHS = {"p", "ul", "ol", "blockquote", "table", "h1", "h2", "h3", "h4", "h5", "h6", "pre"}
_LINES = {"div", "tr", "li", "section", "article", "header", "footer"}
_UNSEEN = {"script", "style", "title", "head"}


def plain(html: str) -> str:
    """The words with their paragraphs, list items and links; how blocks begin and end shows as line breaks.

    >>> plain('<p>Hi Anna,</p><p>see <a href="https://a.example/x">our offer</a>.</p>').strip()
    'Hi Anna,\\n\\nsee our offer (https://a.example/x).'
    """
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return re.sub(r"\n{3,}", "\n\n", re.sub(r" *\n *", "\n", "".join(reader.words)))


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self._unseen = 0
        self._links: list[tuple[str, int]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in _UNSEEN:
            self._unseen += 1
        elif tag == "a":
            self._links.append((given.get("href") or "", len(self.words)))
        elif tag == "img":
            self.words.append(given.get("alt") or "")
        elif tag in ("td", "th"):
            self._space()
        else:
            self._break(tag)
        if tag == "li":
            self.words.append("- ")

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN:
            self._unseen = max(0, self._unseen - 1)
        elif tag == "a" and self._links:
            self._name_link(*self._links.pop())
        elif tag != "br":
            self._break(tag)

    def handle_data(self, data: str) -> None:
        if self._unseen:
            return
        words = re.sub(r"\s+", " ", data)
        if not self.words or self.words[-1].endswith(("\n", " ")):
            words = words.lstrip()
        self.words.append(words)

    def _name_link(self, url: str, since: int) -> None:
        shown = "".join(self.words[since:]).strip()
        address = url.removeprefix("mailto:")
        if address.startswith(("http://", "https://")) or url.startswith("mailto:"):
            if not shown:
                self.words.append(address)
            elif shown.rstrip("/") not in (address.rstrip("/"), re.sub(r"^https?://", "", address).rstrip("/")):
                self.words.append(f" ({address})")

    def _break(self, tag: str) -> None:
        if tag == "br":
            self.words.append("\n")
        elif tag in _PARAGRAPHS:
            self.words.append("\n\n")
        elif tag in _LINES and self.words and not self.words[-1].endswith("\n"):
            self.words.append("\n")

    def _space(self) -> None:
        if self.words and not self.words[-1].endswith(("\n", " ")):
            self.words.append(" ")
