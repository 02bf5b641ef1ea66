"""Where a quotation begins: the line above it, the block of fields of the quoted mail, the marks before its lines."""

from __future__ import annotations

import re
from collections.abc import Sequence

from addon.domain.verdicts.language.lexicon import folded
from addon.domain.verdicts.mails.markup import QUOTE_BEGINS
from addon.domain.verdicts.replies.mail_programs import programs

# `>`, a bar, and the initials of The Bat: `AR> Shall we talk?`.
_MARK = re.compile(r"\s*(?:>(?!.*<<\s*$)|\|\s[^|]*$|\|\s*$|[^\W\d_]{1,3}>(?:\s|$))")
_GROUPWISE = re.compile(r"\s*>>> .{1,200}>>>\s*$")
_UNSEEN = dict.fromkeys(map(ord, "\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"), " ")
_UNSEEN |= dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2015"), "-")
_LONGEST_LINE = 1_000
_LONGEST_INTRODUCTION = 500
_MOST_LINES = 6

# Bounded, and no letter can belong to two of their parts: "a@a@a@..." must not hold up a mailbox.
_ADDRESS = re.compile(
    r"[<(\[\"']\s?[^\s<>@]{1,200}@[^\s<>@]{1,250}|(?<![^\s<>@])[^\s<>@]{1,200}@[^\s<>@]{1,250}\s?[>)\]]"
)
_ENDS_IN_ADDRESS = re.compile(r"[<(]\s?(?:mailto:)?[^\s<>@]{1,200}@[^<>]{1,250}[>)]\s*[:：]\s*$")
_CLOCK = re.compile(r"\d{1,2} ?[:.h] ?\d{2}")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_STAMP = re.compile(rf"{_CLOCK.pattern}|{_YEAR.pattern}|\d{{1,2}}[./-]\d{{1,2}}")
_DAY_FIRST = re.compile(r"\d|\w{2,13}[.,]{0,2}\s+(?:\w{1,12}\.?\s+)?\d")
# Gmail of old: a date, a zone, a name; and no word for "wrote", nor a colon.
_DATED = re.compile(
    r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}\b.{0,80}?(?:<\s?\S+@[^\s<>]+>\s*$|gmt[+-]\d\d:?\d\d\s.{1,80}$)|"
    r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}\s\d{1,2}:\d\d\s<\s?\S+@\S+>"
)
_BESIDE = re.compile(r"(.{1,2000}?\S)\s+(-{2,}\s*)?on \w{3},? .{5,200}? wrote:(.*)$")
_DECORATION = "-_=*#~+•>|[].─:： \t"
_RULE = re.compile(r"\s*(?:_{10,}|-{20,})\s*$")
_FIELD = re.compile(r"[\s>*|_]*([^\W\d][^:：\d@<>]{0,28}?)[\s*]?[:：][*_\s]*(.*)$")
_FIELD_LINES = 24


def plain(line: str) -> str:
    """A line for comparing, as long as before: folded, dashes made one, unseen marks of direction blanked."""
    return folded(line[:_LONGEST_LINE].translate(_UNSEEN))


def is_marked(line: str) -> bool:
    """Whether a line is marked as quoted, by `>` or a bar that is no table's."""
    return bool(_MARK.match(line)) and not _GROUPWISE.match(line)


def introduction(lines: Sequence[str], place: int) -> int:
    """How many of the plain lines from here introduce a quotation; 0 where none does."""
    line = lines[place].strip()
    if not line:
        return 0
    if line == QUOTE_BEGINS or _is_separator(line) or _GROUPWISE.match(line):
        return 1
    if _RULE.match(line):
        behind = next((i for i in range(place + 1, min(place + 4, len(lines))) if lines[i].strip()), 0)
        length = _fields(lines, behind) if behind else 0
        return behind - place + length if length else 0
    return _wrote(lines, place) or _fields(lines, place)


def beside(line: str) -> tuple[str, str] | None:
    """Of a plain line, what stands before and behind an `On ..., Ana wrote:` in its midst; None where none does."""
    found = _BESIDE.match(line) if " wrote:" in line else None
    if not found or programs().opens.match(line.strip()):
        return None
    return found[1].rstrip(" -"), found[3]


def _is_separator(line: str) -> bool:
    """`-----Original Message-----`, `Begin forwarded message:`, `---- Ana wrote ----`."""
    core = line.strip(_DECORATION)
    if not core or len(core) > 200:
        return False
    decorated = line[:2] in ("--", "__", "==", "**", "##", "~~", "- ", "> ", "──", "[-") and line[0] != ">"
    found = programs().separators.match(core)
    if found and (decorated or (found.end() == len(core) and (line.endswith((":", "：")) or "above" in core))):
        return True
    return decorated and line.endswith("--") and programs().tells_who_wrote(core)


def _wrote(lines: Sequence[str], place: int) -> int:
    """`On ..., Ana wrote:`, which mail programs break over several lines."""
    joined = ""
    for length, line in enumerate(lines[place : place + _MOST_LINES], start=1):
        told = line.strip()
        is_open = joined.count("<") > joined.count(">")
        if (not told and not _goes_on(lines, place + length)) or (is_marked(told) and not is_open):
            return 0
        joined = f"{joined} {told}".strip()[:_LONGEST_INTRODUCTION]
        if length == 1 and not _may_introduce(joined):
            return 0
        if told.endswith((":", "：", ">")) or length == 1:
            marked = place + length < len(lines) and _is_quoted_soon(lines, place + length)
            if _introduces(joined, marked=marked):
                # The lines above may only seem to belong to it.
                inner = range(place + 1, place + length)
                return (
                    0 if any(_begins_itself(lines[each].strip()) and _wrote(lines, each) for each in inner) else length
                )
            if told.endswith((":", "：")):
                return 0
    return 0


def _goes_on(lines: Sequence[str], place: int) -> bool:
    return place < len(lines) and lines[place].strip().startswith("<")


def _is_quoted_soon(lines: Sequence[str], place: int) -> bool:
    following = [line for line in lines[place : place + 3] if line.strip()]
    return bool(following) and is_marked(following[0])


def _may_introduce(line: str) -> bool:
    return bool(
        _DAY_FIRST.match(line)
        or programs().opens.match(line)
        or _ADDRESS.search(line)
        or (len(line) < 80 and programs().tells_who_wrote(line))
    )


def _begins_itself(line: str) -> bool:
    return bool((_DAY_FIRST.match(line) or programs().opens.match(line)) and _STAMP.search(line))


def _introduces(joined: str, *, marked: bool) -> bool:
    if _DATED.match(joined):
        return True
    if not joined.rstrip(" *_>").endswith((":", "：")):
        return False
    if _ENDS_IN_ADDRESS.search(joined) and _CLOCK.search(joined):
        return True
    if not programs().tells_who_wrote(joined):
        return False
    return marked or bool(_ADDRESS.search(joined)) or bool(_STAMP.search(joined))


def _fields(lines: Sequence[str], place: int) -> int:
    """A block `From: ... Sent: ... To: ... Subject: ...`: its lines; 0 where it is something else."""
    names = programs().fields
    kinds: dict[str, str] = {}
    length = 0
    for number, line in enumerate(lines[place : place + _FIELD_LINES], start=1):
        found = _FIELD.match(line)
        kind = names.get(found[1].strip(" *")) if found else None
        if found and kind:
            kinds[kind] = kinds.get(kind, "") + found[2]
            kinds |= {each: found[2] for each in _in_one_line(found[2]) if each not in kinds}
            length = number
        elif not kinds or number - length > 3:
            break
    return length if _is_head(kinds) else 0


def _in_one_line(value: str) -> list[str]:
    """Fields that a page put on one line."""
    if ":" not in value:
        return []
    found = (piece.split()[-1] if piece.split() else "" for piece in value.split(":")[:-1])
    return [programs().fields[name] for name in found if name in programs().fields]


def _is_head(kinds: dict[str, str]) -> bool:
    """Whether these are the fields of a mail, not somebody's journey from one place to another."""
    real = kinds.keys() - {"copy"}
    has_address = any("@" in value for value in kinds.values())
    sent = kinds.get("sent", "")
    has_stamp = bool(_STAMP.search(sent))
    if len(real) >= 3:
        return "subject" in real or has_address or bool(_CLOCK.search(sent) and _YEAR.search(sent))
    return has_address and (real == {"from", "subject"} or (has_stamp and real in ({"from", "sent"}, {"sent", "to"})))
