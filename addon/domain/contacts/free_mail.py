"""Domains where anybody has an address: they say nothing about a company. Pure."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path

_FILE = Path(__file__).with_suffix(".toml")
_ENDING = re.compile(r"(?:com|net|org|eu|[a-z]{2}|com?\.[a-z]{2})")


def is_free_mail(domain: str) -> bool:
    """Whether it is known as one; no list has them all.

    >>> is_free_mail("Yahoo.co.uk"), is_free_mail("live.it"), is_free_mail("yahoo.acme.com")
    (True, True, False)
    """
    brands, domains = _known()
    low = domain.strip().rstrip(".").lower()
    first, _, ending = low.partition(".")
    return low in domains or (first in brands and _ENDING.fullmatch(ending) is not None)


@cache
def _known() -> tuple[frozenset[str], frozenset[str]]:
    read = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    domains = {domain for some in read["domains"].values() for domain in some.split()}
    domains.update(f"{word}.{ending}" for word, endings in read["endings"].items() for ending in endings.split())
    return frozenset(read["brands"].split()), frozenset(domains)
