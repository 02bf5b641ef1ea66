"""How bad a bounce is, from the status code and the words that came with it."""

from __future__ import annotations

import re

from addon.domain.verdicts.facts import Severity

STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
_REPLY_CODE = re.compile(r"(?<![\d.])([45]\d\d)(?=[ \-])(?![\d.])")

_BLOCKED = re.compile(
    r"spam|black ?list|block ?list|blocked|rbl\b|dnsbl|reputation|policy|policies|banned|virus|malware|"
    r"content (?:rejected|filter)|"
    r"not (?:authorized|permitted|allowed)|relay(?:ing)? (?:denied|access)|unable to relay|relay not|"
    r"access denied|dmarc|dkim|\bspf\b|too large|"
    r"too big|exceeds? (?:the )?(?:size|maximum|fixed|limit)|size limit|message size|listed (?:in|at|by|on)|"
    r"prohibited|forbidden|"
    r"client host|reverse dns|\bptr\b|unsolicited|junk|sender (?:denied|rejected|address rejected|verify)|"
    r"authentication required|"
    r"rejected (?:by|for) (?:policy|content)|message (?:refused|rejected)|attachment|tls (?:is )?required|"
    r"rfc ?\d|not rfc",
    re.IGNORECASE,
)
_SOFT = re.compile(
    r"mailbox (?:is )?full|over ?quota|quota|inbox is full|disk (?:space|full|usage)|"
    r"insufficient (?:system )?(?:storage|disk)|no space|"
    r"greylist|grey-list|try again later|temporar|timed? ?out|time limit|connection (?:refused|reset|closed|"
    r"lost)|too many|rate limit|"
    r"expired|retry|unreachable|network|deferred|too busy|not responding|could not connect|host is down|"
    r"4\.\d\.\d|storage|"
    r"loop|hop count|too long|system (?:error|problem)|resources|expiration|giving up|keep trying|full\b|exceeded",
    re.IGNORECASE,
)
_HARD = re.compile(
    r"user (?:unknown|not found|doesn't|does not|is unknown)|unknown (?:user|recipient|local|address)|"
    r"no such (?:user|address|recipient|mailbox|person|domain)|no (?:valid recipients|mx record)|(?:check if|"
    r"verify) (?:the )?address|"
    r"(?:mailbox|recipient|address|account|user|email|e-mail)[^.\n]{0,80}(?:does(?:n't| not) exist|not exist|"
    r"not found|unavailable|unknown|disabled|"
    r"inactive|invalid|rejected|no longer|unrouteable|suspended|deactivated|not listed|not known)|"
    r"invalid (?:recipient|mailbox|address|user)|"
    r"not our customer|unrouteable|host (?:or domain name )?(?:unknown|not found)|domain (?:name )?(?:not found|"
    r"does not exist)|"
    r"does not like recipient|not a (?:valid|known)|no mailbox|bad destination|name service error|has moved|"
    r"not (?:listed in|in) (?:domino|directory)|"
    r"isn't in my|this account|couldn't be found|wasn't found|does not exist|unknown or illegal|nullmx|null mx|"
    r"does not accept mail",
    re.IGNORECASE,
)
_BY_STATUS = (
    (re.compile(r"5\.(?:7\.|3\.4|2\.3|6\.)"), Severity.BLOCKED),
    (re.compile(r"4\.|5\.2\.2|5\.4\.[7167]|5\.3\.|5\.5\."), Severity.SOFT),
    (re.compile(r"5\.1\.(?:[012346]|10)$|5\.2\.1|5\.4\.4|5\.1\."), Severity.HARD),
)
# The surest words first: a full mailbox exists, and who is on a list is refused whoever the recipient is.
_BY_WORDS = (
    (Severity.SOFT, re.compile(r"mailbox (?:is )?full|over ?quota|quota|inbox is (?:full|out)|5\.2\.2", re.IGNORECASE)),
    (
        Severity.BLOCKED,
        re.compile(
            r"black ?list|block ?list|spamhaus|spamcop|rbl\b|sender[^.\n]{0,40}(?:denied|rejected)|reputation|"
            r"virus|spam\b|5\.1\.[78]|"
            r"5\.7\.(?:25|26|27|509)|not allowed to send",
            re.IGNORECASE,
        ),
    ),
    (Severity.HARD, _HARD),
    (Severity.BLOCKED, _BLOCKED),
    (Severity.SOFT, _SOFT),
)


def severity_of(status: str, words: str) -> Severity | None:
    """The severity that a status (`5.1.1`, or "") and the words of a report tell; None where they tell nothing."""
    words = words[:2_000]
    # 5.0.0 and 5.1.1 are what relays say when they do not care to say; the server's own words know better.
    told = status_in(words)
    status = told if told and not told.endswith(".0.0") else status or told
    by_words = next((severity for severity, pattern in _BY_WORDS if pattern.search(words)), None)
    if status.startswith("4."):
        return Severity.BLOCKED if by_words is Severity.BLOCKED else Severity.SOFT
    by_status = next((severity for pattern, severity in _BY_STATUS if pattern.match(status)), None)
    return by_words or by_status


def status_in(words: str) -> str:
    """The first status in a text: `5.1.1`, or one made of a reply code (`550` -> `5.0.0`), or ""."""
    found = STATUS.search(words)
    if found and not found[1].startswith("2"):
        return found[1]
    code = _REPLY_CODE.search(words)
    return f"{code[1][0]}.0.0" if code else ""
