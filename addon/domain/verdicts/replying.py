"""The new text of a reply: without quotation, signature and the like. An answer is never emptied."""

from __future__ import annotations

import re

from addon.domain.verdicts.markup import QUOTE_BEGINS

_LONGEST_LINE = 1_000
_MOST_LINES = 4_000

# "On Monday, Ana wrote:", in the languages people answer in. Bounded, and matched against one to three joined lines.
_WROTE = re.compile(
    r"(?:(?:on|am|le|el|il|op|den|dnia|w dniu|pada|på|dne|em|pe|\w{2,4}\.?,|\w{5,13}, \d{1,2}|"
    r"\d{1,4}[-./]\d{1,2})\s|\d).{0,300}?"
    r"(?:wrote|writes|sent|schrieb|écrit|escribió|escribio|ha scritto|scrisse|schreef|geschreven|skrev|napisał|"
    r"napisała|"
    r"napisał\(a\)|napisał/a|nadesłał|pisze|menulis|escreveu|napsal|написал|пише|пишет|kirjoitti)\b.{0,120}:\s*$",
    re.IGNORECASE,
)
_WROTE_FIRST = re.compile(
    r"(?:.{1,80}<\s?\S+@\S+>\s*(?:wrote|schrieb|(?:a )?écrit|escribió|ha scritto|pisze|napisał).{0,40}:"
    r"|\d{4}[-/.]\d{1,2}[-/.]\d{1,2}\b.{0,60}(?:<\s?\S+@\S+>|GMT[+-]\d\d).{0,80}|[\w .]{1,60} (?:wrote|schrieb|"
    r"writes):)\s*$",
    re.IGNORECASE,
)
_WROTE_BESIDE = re.compile(r"(.{1,200}?\S)\s+On \w{3},? .{5,160} wrote:\s*$")
_ORIGINAL = re.compile(
    r"[\s>]*(?:[-_=*]{2,}\s*(?:original|ursprüngliche|oorspronkelijk|message d'origine|mensaje original|"
    r"messaggio original|"
    r"wiadomość oryginalna|oryginalna wiadomość|pesan asli|pesan terusan|forwarded|weitergeleitete|"
    r"message transféré|"
    r"mensaje reenviado|messaggio inoltrato|reply message|antwort|réponse|in reply to|begin forwarded|reply above|"
    r"przekazana wiadomość|wiadomość przekazana|oprindelig|opprinnelig|ursprungligt)[^\n]{0,80}"
    r"|begin forwarded message:|début du message|anfang der weitergeleiteten|inizio messaggio inoltrato"
    r"|-{2,}.{1,160}\bwrote\s?-{2,}|#{0,3}\s*please (?:type|write) your reply above|reply above this line|"
    r"-{2,} ?reply above).{0,80}",
    re.IGNORECASE,
)
_FIELD = re.compile(
    r"[\s>*|]*(from|sent|to|cc|subject|date|reply-to|von|gesendet|an|betreff|datum|kopie|de|envoyé|à|objet|date|"
    r"enviado(?: el)?|"
    r"para|asunto|fecha|da|inviato|data|a|oggetto|od|wysłano|wysłane|do|temat|dw|dari|dikirim|kepada|perihal|"
    r"tanggal|"
    r"fra|sendt|til|emne|van|verzonden|aan|onderwerp|från|skickat|till|ämne)\s?:[*\s]*(.*)$",
    re.IGNORECASE,
)
_FROM_FIELDS = frozenset({"from", "von", "de", "da", "od", "dari", "van", "från", "fra"})
_RULE = re.compile(r"\s*(?:_{20,}|-{30,})\s*$")
_SIGNATURE = re.compile(r"\s*(?:--|__|—|––)\s*$")
_SENT_FROM = re.compile(
    r"\s*(?:sent (?:from|via|with|by) (?:my |the |a )?\S|sent from|get outlook for|envoyé (?:de|depuis)|"
    r"enviado (?:desde|de)|"
    r"inviato da|envoyé à partir|scarica outlook|gesendet (?:von|mit)|von meinem .{1,20} gesendet|wysłan[eo] z|"
    r"dikirim dari|"
    r"verzonden vanaf|skickat från|sendt fra|télécharger outlook|obtener outlook|holen sie sich outlook)",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"\s*[>|]")


def new_text(text: str) -> str:
    """The text that is new in this mail, blank lines at its ends removed; "" only where nothing was written.

    >>> new_text("Yes, let's talk.\\n\\nOn Mon, 3 Mar 2025, Bob <bob@x.test> wrote:\\n> Shall we talk?\\n")
    "Yes, let's talk."
    """
    lines = [line[:_LONGEST_LINE].rstrip() for line in text.replace("\xa0", " ").split("\n")[:_MOST_LINES]]
    kept = _without_quotation(lines)
    signed = _without_signature(kept)
    if not any(line.strip() for line in kept) and _is_bare_quotation(lines):
        return ""
    for candidate in (
        signed,
        kept,
        [line for line in lines if not _QUOTED.match(line)],
        [_unquoted(line) for line in lines],
    ):
        joined = "\n".join(line for line in candidate if line != QUOTE_BEGINS).strip()
        if joined:
            return re.sub(r"\n{3,}", "\n\n", joined)
    return ""


def _without_quotation(lines: list[str]) -> list[str]:
    kept: list[str] = []
    place = 0
    while place < len(lines):
        line = lines[place]
        if _QUOTED.match(line):
            place += 1
            continue
        if beside := _WROTE_BESIDE.match(line):
            line = beside[1] if not _WROTE.match(line) else line
            lines = [*lines[:place], line, *lines[place + 1 :]] if line != lines[place] else lines
        length = _introduction(lines, place)
        if not length:
            kept.append(line)
            place += 1
        elif _is_marked(lines, place + length):
            place += length
        elif any(one.strip() for one in kept):
            break
        else:
            # Nothing above: the quotation, or the forwarded mail, is all there is.
            place += length
    return kept


def _introduction(lines: list[str], place: int) -> int:
    """How many lines from here introduce a quotation; 0 where none does."""
    line = lines[place].strip()
    if not line:
        return 0
    if line == QUOTE_BEGINS or _ORIGINAL.match(line):
        return 1
    if _RULE.match(line):
        behind = next((i for i in range(place + 1, min(place + 4, len(lines))) if lines[i].strip()), 0)
        return behind - place + _fields(lines, behind) if behind and _fields(lines, behind) else 0
    return _wrote(lines, place) or _fields(lines, place)


def _wrote(lines: list[str], place: int) -> int:
    """`On ... wrote:`, which mail programs break over as many as three lines."""
    joined = ""
    for length, line in enumerate(lines[place : place + 3], start=1):
        if not line.strip() or _QUOTED.match(line):
            return 0
        joined = f"{joined} {line.strip()}".strip()[:500]
        if line.rstrip().endswith((":", ">")) and (_WROTE.match(joined) or _WROTE_FIRST.match(joined)):
            # The line above may only seem to belong to it.
            return length if length == 1 or not _wrote(lines, place + 1) else 0
    return 0


def _fields(lines: list[str], place: int) -> int:
    """A block `From: ... Sent: ... To: ... Subject: ...`: its lines; 0 for less than three fields."""
    names: list[str] = []
    length = 0
    for line in lines[place : place + 12]:
        named = _FIELD.match(line)
        if not named and (not line.strip() or not names):
            break
        if named:
            names.append(named[1].lower())
        length += 1
    if _FROM_FIELDS.isdisjoint(names[:3]) or len(set(names)) < 3:
        return 0
    return length


def _is_bare_quotation(lines: list[str]) -> bool:
    """Whether somebody sent a quotation back, introduced and marked, and wrote nothing."""
    first = next((place for place, line in enumerate(lines) if line.strip()), 0)
    length = _introduction(lines, first)
    return bool(length) and _is_marked(lines, first + length)


def _is_marked(lines: list[str], place: int) -> bool:
    """Whether the quotation from here on is marked with `>`, so that what is unmarked is new."""
    following = [line for line in lines[place : place + 6] if line.strip()]
    return bool(following) and bool(_QUOTED.match(following[0]))


def _without_signature(lines: list[str]) -> list[str]:
    written = False
    for place, line in enumerate(lines):
        if written and (_SIGNATURE.match(line) or (_SENT_FROM.match(line) and len(line) < 120)):
            return lines[:place]
        written = written or bool(line.strip())
    return lines


def _unquoted(line: str) -> str:
    return line.lstrip("> |")
