"""The little HTML that Google lets into a card's texts, and nothing else."""

from __future__ import annotations

import html
import re

import nh3
from markupsafe import Markup

_TAGS = {"b", "strong", "i", "em", "u", "s", "strike", "font", "a", "br"}
_ATTRIBUTES = {"a": {"href"}, "font": {"color"}}


def rich(text: str) -> Markup:
    """A card's text, safe to show: bold, italics, underline, strike, colour, links and line breaks."""
    clean = nh3.clean(
        text.replace("\n", "<br>"),
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer",
        set_tag_attribute_values={"a": {"target": "_blank"}},
    )
    return Markup(clean)


def bare(text: str) -> str:
    """A card's text without its HTML.

    >>> bare("<b>Budi &amp; Co</b>")
    'Budi & Co'
    """
    return html.unescape(nh3.clean(text, tags=set()))


_QUOTED = re.compile(r"[“\"]([^”\"]{12,300})[”\"]")


def quotes(text: str) -> list[str]:
    """What stands between quotation marks in a card's text, if it is long enough to be a sentence.

    >>> quotes("<i>“Yes, I'd like to see it.”</i> and “no”")
    ["Yes, I'd like to see it."]
    """
    return [found.strip() for found in _QUOTED.findall(bare(text))]
