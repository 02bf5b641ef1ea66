"""HTML as Gmail keeps it in signatures and answers: marks and links stay, whatever could act is taken out."""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser

_GONE = frozenset(
    {"script", "style", "iframe", "object", "embed", "form", "head", "title", "svg", "math", "template", "noscript"}
    | {"textarea", "select", "video", "audio", "frameset", "applet"}
)
_LOST = frozenset({"html", "body", "input", "button", "meta", "link", "base"})
_ADDRESSES = frozenset({"href", "src", "background", "cite", "longdesc"})
_NAME = re.compile(r"[a-z][a-z0-9-]*")
_SAFE = re.compile(r"\s*(?:https?:|mailto:|tel:|cid:|data:image/|[^:]*\Z)", re.IGNORECASE)
_LOADING = re.compile(r"url\s*\(|expression|@import|\\", re.IGNORECASE)
"""What makes a style fetch or run something."""

_TAG = re.compile(r"<[^<>]*>")


def sanitized(markup: str) -> str:
    """The markup without scripts, styles, forms, handlers and addresses that run something.

    >>> sanitized('<b onclick="x()">Anna</b><script>x()</script>')
    '<b>Anna</b>'
    """
    if "<" not in markup:
        return markup
    reader = _Reader()
    reader.feed(markup)
    reader.close()
    return "".join(reader.kept)


def plain(markup: str) -> str:
    """The words of some markup, a line for each block."""
    lined = re.sub(r"<br\s*/?>|</(?:p|div|li|h\d)>", "\n", markup, flags=re.IGNORECASE)
    return html.unescape(_TAG.sub("", lined)).strip()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.kept: list[str] = []
        self._inside: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag in _GONE:
            self._inside.append(tag)
        elif self._keeps(tag):
            self.kept.append(f"<{tag}{''.join(_attribute(*pair) for pair in attributes if _harmless(*pair))}>")

    def handle_startendtag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag not in _GONE:
            self.handle_starttag(tag, attributes)

    def handle_endtag(self, tag: str) -> None:
        if tag in _GONE:
            if tag in self._inside:
                del self._inside[self._inside.index(tag) :]
        elif self._keeps(tag):
            self.kept.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if not self._inside:
            self.kept.append(data.replace("<", "&lt;"))

    def handle_entityref(self, name: str) -> None:
        self.handle_data(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.handle_data(f"&#{name};")

    def _keeps(self, tag: str) -> bool:
        return not self._inside and tag not in _LOST and _NAME.fullmatch(tag) is not None


def _harmless(name: str, value: str | None) -> bool:
    if name.startswith("on") or name in ("srcset", "style") or not _NAME.fullmatch(name):
        return name == "style" and not _LOADING.search(value or "")
    return name not in _ADDRESSES or bool(_SAFE.match(value or ""))


def _attribute(name: str, value: str | None) -> str:
    return f" {name}" if value is None else f' {name}="{html.escape(value, quote=True)}"'
