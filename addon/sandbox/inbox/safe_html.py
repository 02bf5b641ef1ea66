"""A mail's HTML, made safe to stand in the page: no script, no style, no form, and no picture from outside. Pure."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import nh3
from markupsafe import Markup

_TAGS = {
    "a", "abbr", "address", "b", "big", "blockquote", "br", "caption", "center", "cite", "code", "col",
    "colgroup", "dd", "del", "div", "dl", "dt", "em", "font", "h1", "h2", "h3", "h4", "h5", "h6", "hr",
    "i", "img", "ins", "kbd",
    "li", "ol", "p", "pre", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "table", "tbody", "td",
    "tfoot", "th", "thead", "tr", "tt", "u", "ul",
}  # fmt: skip
_ATTRIBUTES = {
    "*": {"dir", "lang"},
    "a": {"href", "title"},
    "img": {"src", "alt", "width", "height"},
    "div": {"class"},
    "ol": {"start"},
    "td": {"colspan", "rowspan", "align", "valign"},
    "th": {"colspan", "rowspan", "align", "valign"},
}
_GONE = {"script", "style", "title", "head", "template", "noscript", "iframe", "object", "svg", "math"}
_LINKS = ("http://", "https://", "mailto:", "tel:")
_DATA = re.compile(r"data:image/(?:png|jpe?g|gif|webp);base64,", re.IGNORECASE)
_QUOTE = "mx-gq"


@dataclass(frozen=True)
class Shown:
    """What may stand in the page: the new words, the earlier mail beneath them, and what was left out."""

    body: Markup
    quoted: Markup
    left_out: int
    """Pictures from outside this machine."""
    used: frozenset[str]
    """Content ids of the mail's own pictures that stand in its text."""


def shown(text: str, pictures: Mapping[str, str], *, from_outside: bool = False) -> Shown:
    """The mail's HTML. `pictures` holds an address for each content id; others come only if `from_outside`."""
    filtering = _Filtering(pictures, from_outside)
    clean = nh3.clean(
        text,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        attribute_filter=filtering,
        clean_content_tags=_GONE,
        url_schemes={"http", "https", "mailto", "tel", "cid", "data"},
        link_rel="noopener noreferrer",
        set_tag_attribute_values={"a": {"target": "_blank"}, "img": {"referrerpolicy": "no-referrer"}},
    )
    clean = re.sub(r"<(/?)h[1-6]\b[^>]*>", lambda tag: "</div>" if tag[1] else '<div class="mx-big">', clean)
    clean = re.sub(r"<img\b[^>]*>", lambda tag: _picture(tag[0]), clean)
    start, end = _quoted(clean)
    body, quoted = (clean[:start] + clean[end:], clean[start:end]) if start < end else (clean, "")
    return Shown(Markup(body), Markup(quoted), filtering.left_out, frozenset(filtering.used))


class _Filtering:
    def __init__(self, pictures: Mapping[str, str], from_outside: bool) -> None:
        self._pictures, self._from_outside = pictures, from_outside
        self.left_out, self.used = 0, set[str]()

    def __call__(self, tag: str, attribute: str, value: str) -> str | None:
        if attribute == "src":
            return self._source(value.strip())
        if attribute == "class":
            return _QUOTE if "gmail_quote" in value.split() else None
        if attribute == "href":
            return value if value.strip().lower().startswith(_LINKS) else None
        return value

    def _source(self, value: str) -> str | None:
        if value.lower().startswith("cid:"):
            known = self._pictures.get(value[4:])
            self.used |= {value[4:]} if known else set()
            return known
        if _DATA.match(value):
            return value
        if value.lower().startswith("https://") and self._from_outside:
            return value
        self.left_out += 1
        return None


def _picture(tag: str) -> str:
    """A picture, or its words where it has no address; a reader's program is told that it has none."""
    words = re.search(r'\salt="([^"]*)"', tag)
    if ' src="' not in tag:
        return f'<span class="mx-nopic">{words[1]}</span>' if words and words[1].strip() else ""
    return tag if words else tag.replace("<img", '<img alt=""', 1)


def _quoted(clean: str) -> tuple[int, int]:
    """Where the earlier mail stands, if nothing but blank follows it; equal numbers where there is none."""
    open_tags: list[tuple[int, bool]] = []
    found = (0, 0)
    for tag in re.finditer(r"<(/?)(div|blockquote)\b([^>]*)>", clean):
        if not tag[1]:
            open_tags.append((tag.start(), tag[2] == "blockquote" or _QUOTE in tag[3]))
        elif open_tags:
            start, is_quote = open_tags.pop()
            if is_quote and not any(outer for _, outer in open_tags):
                found = (start, tag.end())
    rest = re.sub(r"<[^>]*>|&nbsp;", "", clean[found[1] :])
    return found if not rest.strip() and clean[: found[0]].strip() else (0, 0)


def with_marks(body: Markup, sentences: Iterable[str]) -> tuple[Markup, bool]:
    """The sentences in the marker, whatever tags stand between their words; whether any was found."""
    text, hit = str(body), False
    for sentence in sentences:
        words = [re.escape(html.escape(word, quote=False)) for word in sentence.split()]
        found = re.search(r"(?:\s|&nbsp;|<[^>]*>)+".join(words), text) if words else None
        if found is not None:
            hit = True
            text = text[: found.start()] + _marked(found[0]) + text[found.end() :]
    return Markup(text), hit


def _marked(piece: str) -> str:
    """Each run of words between tags in a mark of its own, so that tags stay well nested."""

    def mark(words: str) -> str:
        return f'<mark class="dt-mark">{words}</mark>' if words.strip() else words

    return "".join(part if part.startswith("<") else mark(part) for part in re.split(r"(<[^>]*>)", piece))
