"""How bad a bounce is, from the status code and the words that came with it."""

from __future__ import annotations

import re

from addon.domain.verdicts.bounces.refusals import Refusal, refusal_in
from addon.domain.verdicts.facts import Severity

STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
_REPLY_CODE = re.compile(r"(?<![\d.])([45]\d\d)(?=[ \-])(?![\d.])")

# RFC 3463 and what the large providers made of it. The first that fits decides.
_BY_STATUS = (
    (re.compile(r"5\.1\.(?:[5789]|20)$"), Severity.BLOCKED),
    (re.compile(r"5\.1\.(?!0$)|5\.4\.(?:4|310)$|5\.7\.1[78]$"), Severity.HARD),
    (re.compile(r"5\.7\.|5\.6\.|5\.3\.4$|5\.2\.3$"), Severity.BLOCKED),
    (re.compile(r"5\.2\.[124]$|5\.3\.1$|5\.4\.[2-7]$"), Severity.SOFT),
)
_NO_SUCH_ADDRESS = re.compile(r"[45]\.1\.(?:[1236]|10)$")
# The server had taken the recipient and refused once it knew the mail: whatever it calls that, somebody is there.
_AFTER_THE_MAIL = re.compile(
    r"(?:in reply to|after) (?:the )?(?:end of )?(?:data|text|message)\b|"
    r"command:?\s{0,4}data\b|for (?:data|text) command",
    re.IGNORECASE,
)
_EDGE = re.compile(r"recipient\s+address\s+rejected:\s+access\s+denied", re.IGNORECASE)


def severity_of(status: str, said: str, *about: str, final: bool = True) -> Severity:
    """The severity that a status (`5.1.1`, or "") and the words that came with it tell.

    `said`: the server's own words. `about`: what else is written of the address, heard where these and the status tell
    nothing sure. Soft where nothing is told: nobody is given up for a bounce that names no reason. `final` is whether
    the server gave up; while it still tries, no address is dead.
    """
    status = _telling(status, (said, *about))
    by_status = next((severity for pattern, severity in _BY_STATUS if pattern.match(status)), None)
    severity = _by_words(said, status) or by_status or _by_rest(about, refusal_in(said))
    if severity is not Severity.HARD:
        return severity
    lasting = final and (not status.startswith("4.") or bool(_NO_SUCH_ADDRESS.match(status)))
    return Severity.HARD if lasting else Severity.SOFT


def _by_words(said: str, status: str) -> Severity | None:
    """What the server's words tell for sure."""
    if status == "5.4.1" and _EDGE.search(said):
        return Severity.HARD  # so says Microsoft's edge of addresses that its directory does not know
    refusal = refusal_in(said)
    if refusal is None or refusal.weak:
        return None
    if refusal.severity is Severity.HARD and not _NO_SUCH_ADDRESS.match(status) and _AFTER_THE_MAIL.search(said):
        return Severity.BLOCKED
    return refusal.severity


def _by_rest(about: tuple[str, ...], weak: Refusal | None) -> Severity:
    """What the other texts tell for sure, the first that does; else the first weak reason of all."""
    for text in about:
        refusal = refusal_in(text)
        if refusal and not refusal.weak:
            return refusal.severity
        weak = weak or refusal
    return weak.severity if weak else Severity.SOFT


def _telling(status: str, texts: tuple[str, ...]) -> str:
    """The status the server's own words name: 5.0.0 and 5.1.1 are what relays say when they do not care to say."""
    told = (status_in(text) for text in texts)
    return next((found for found in told if found and not found.endswith(".0.0")), status or "")


def status_in(words: str) -> str:
    """The first status in a text: `5.1.1`, or one made of a reply code (`550` -> `5.0.0`), or ""."""
    found = STATUS.search(words)
    if found and not found[1].startswith("2"):
        return found[1]
    code = _REPLY_CODE.search(words)
    return f"{code[1][0]}.0.0" if code else ""
