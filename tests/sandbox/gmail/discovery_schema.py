"""Google's discovery document, patched to this machine, and a client whose every answer is checked once it is read.

What the simulator does inside is checked everywhere (tests/discovery_checked.py); this is what came over the wire.
"""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import httplib2

from tests import discovery
from tests.discovery import answered, patched

__all__ = ["CheckedHttp", "answered", "patched"]

_PATH = re.compile(r"(?:/upload)?/gmail/v1/users/[^/]+/(.*)")


@cache
def _methods() -> list[tuple[str, re.Pattern[str], discovery.Method]]:
    return [
        (verb, re.compile(path.replace(".", r"\.").replace("*", "[^/]+")), method)
        for (verb, path), method in discovery.methods().items()
    ]


def check(verb: str, url: str, content: bytes) -> None:
    """Fail where a good answer is not what Google's schema says of this method."""
    found = _PATH.fullmatch(urlsplit(url).path)
    for method_verb, pattern, method in _methods() if found else ():
        if method_verb == verb and method.response and found and pattern.fullmatch(found[1]):
            wrong = answered(method.response, json.loads(content))
            assert not wrong, wrong
            return


class CheckedHttp(httplib2.Http):
    """httplib2 as it is, but no answer passes unchecked."""

    def request(self, uri: str, method: str = "GET", *args: Any, **options: Any) -> Any:
        response, content = super().request(uri, method, *args, **options)
        if response.status == 200 and content and response.get("content-type", "").startswith("application/json"):
            check(method, uri, content)
        return response, content
