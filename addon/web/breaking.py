"""Where long words without spaces may end a line: addresses behind their signs, not in the middle of a name."""

from __future__ import annotations

import re

from flask import Flask
from markupsafe import Markup, escape

_ADDRESS = re.compile(r"\S+@\S+|\S+://\S+|\S{12,}\.\S+")
_MAIL = re.compile(r"(?<=@)")
_LINK = re.compile(r"(?<=\w/)(?=\w)|(?=[.?&=_]\w)")
_LONG = 28
"""Letters of a domain that hardly fit into a line."""


def join(app: Flask) -> None:
    app.add_template_filter(breakable)


def breakable(words: str) -> Markup:
    """The words as HTML; an e-mail address or a link may break after its @, or before the dots of what is long.

    >>> breakable("anna@nord.example")
    Markup('anna@<wbr>nord.example')
    """
    told, end = Markup(), 0
    for found in _ADDRESS.finditer(words):
        told += escape(words[end : found.start()]) + Markup("<wbr>").join(_parts(found[0]))
        end = found.end()
    return told + escape(words[end:])


def _parts(address: str) -> list[str]:
    if "@" not in address or len(address.rpartition("@")[2]) > _LONG:
        address = _LINK.sub("\0", address)
    return _MAIL.sub("\0", address).split("\0")
