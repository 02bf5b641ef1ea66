"""A machine that opens every link of a mail as it arrives, as filters of large companies do: HEAD, then GET.

It asks this machine and nobody else, follows links no further than that, and never sends a form: whoever it looks at
must not be unsubscribed by it.
"""

from __future__ import annotations

import contextlib
import email
import re
from collections.abc import Callable
from email.message import EmailMessage
from email.policy import default
from html import unescape
from ipaddress import ip_address
from urllib.parse import urljoin, urlsplit

import requests

from addon.sandbox.gmail.mailbox.mime import Mail

_MOST_LINKS = 30
_MOST_STEPS = 4
_PATIENCE = (0.5, 2.0)
"""Seconds to connect and to answer."""
_READS = 65_536
_LINK = re.compile(r"https?://[^\s<>\"')\]]+", re.IGNORECASE)
_AGENT = "Mozilla/5.0 (compatible; SafeLinkScanner/4.2)"


def links(raw: bytes) -> list[str]:
    """Every web address in a mail, those of its header too, each once."""
    mail = email.message_from_bytes(raw, policy=default)
    assert isinstance(mail, EmailMessage)
    texts = [Mail(raw).first("List-Unsubscribe")]
    texts += [part.get_content() for part in mail.walk() if part.get_content_type() in ("text/plain", "text/html")]
    found = (unescape(link).rstrip(".,;:!?") for text in texts for link in _LINK.findall(text))
    return list(dict.fromkeys(found))[:_MOST_LINKS]


def is_here(link: str) -> bool:
    """Whether a link leads to this machine."""
    try:
        parts = urlsplit(link)
        host = parts.hostname or ""
        return parts.scheme in ("http", "https") and (host == "localhost" or ip_address(host).is_loopback)
    except ValueError:
        return False


def scan(raw: bytes, stopped: Callable[[], bool] = lambda: False) -> int:
    """Open every link that leads to this machine; how many answered. Ends early once `stopped` says so."""
    opened = 0
    with requests.Session() as web:
        web.trust_env = False  # no proxy and no credentials of whoever runs the demo
        web.headers["User-Agent"] = _AGENT
        for link in links(raw):
            for method in ("HEAD", "GET"):
                if stopped():
                    return opened
                opened += _open(web, method, link)
    return opened


def _open(web: requests.Session, method: str, link: str) -> bool:
    answered = False
    with contextlib.suppress(requests.RequestException, ValueError):
        for _ in range(_MOST_STEPS):
            if not is_here(link):
                break
            with web.request(method, link, timeout=_PATIENCE, allow_redirects=False, stream=True) as answer:
                next(answer.iter_content(_READS), b"")
                answered = True
                if not answer.is_redirect:
                    break
                link = urljoin(link, answer.headers["Location"])
    return answered
