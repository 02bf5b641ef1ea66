"""A person at the browser who allows everything: `python consenting.py ADDRESS` answers the consent page there.

BROWSER names this, so that a program's own sign-in runs to its end.
"""

from __future__ import annotations

import sys
from html.parser import HTMLParser
from urllib.parse import urlencode, urljoin
from urllib.request import ProxyHandler, build_opener

open_page = build_opener(ProxyHandler({})).open


class Form(HTMLParser):
    """What the page's form would send when Allow is clicked."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.action = ""
        self.values = [("decision", "allow")]
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        if tag == "form":
            self.action = given["action"]
        kind = given.get("type")
        if tag == "input" and (kind == "hidden" or (kind in ("radio", "checkbox") and "checked" in given)):
            self.values.append((given["name"], given["value"]))


def main(address: str) -> None:
    with open_page(address, timeout=20) as answer:
        form = Form(answer.read().decode())
    with open_page(urljoin(address, form.action), urlencode(form.values).encode(), timeout=20) as answer:
        answer.read()


if __name__ == "__main__":
    main(sys.argv[1])
