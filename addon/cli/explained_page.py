"""What was made of one mail as a page for a terminal, the sentences that decided marked in its text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from addon.cli.words import say
from addon.domain.verdicts import CalendarFacts, Evidence, EvidenceKind, Judged, Kind, Named, Said

Mark = Callable[[str], str]

# A mail may hold what moves a terminal's cursor, renames its window or turns its letters round.
_UNSHOWN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def page(file: str, judged: Judged, *, marked: Mark | None = None) -> str:
    """Several lines, with a blank one at the end. `marked` shows a sentence as marked; without it, »so«."""
    facts, envelope = judged.facts, judged.envelope
    lines = [
        f"{shown(file)}: {say(f'verdict.kind.{facts.kind}')}",
        f"  {say(f'verdict.because.{facts.kind}')}",
        *_section("from", [f"{envelope.from_name} <{envelope.from_address}>".strip()]),
        *_section("subject", [envelope.subject]),
        *_section("why", map(_why, facts.evidence)),
        *_section("recipients", (_recipient(one.address, one.severity, one.status) for one in facts.recipients)),
        *_section("returns", [facts.returns.isoformat()] if facts.returns else []),
        *_section("stand_ins", map(_named, facts.stand_ins)),
        *_section("calendar", [_meeting(facts.calendar)] if facts.calendar else []),
        *_section("said", map(_said, facts.said)),
        *_section("reply", _reply(judged, marked or _in_guillemets).split("\n")),
    ]
    return "\n".join(lines) + "\n"


def shown(text: str) -> str:
    """Without the characters that would do something to a terminal."""
    return _UNSHOWN.sub("\ufffd", text)


def _section(name: str, lines: Iterable[str]) -> Iterator[str]:
    told = list(lines)
    if not any(line.strip() for line in told):
        return
    yield f"  {say(f'cli.explain.{name}')}"
    yield from (f"    {line}".rstrip() for line in told)


def _why(evidence: Evidence) -> str:
    kind = say(f"verdict.evidence.{evidence.kind}")
    if evidence.kind is EvidenceKind.SENTENCE:
        return f"{kind}: “{shown(evidence.text)}”"
    return f"{kind} {shown(evidence.name)}: {shown(evidence.text)}"


def _recipient(address: str, severity: str | None, status: str) -> str:
    told = ": " + say(f"verdict.severity.{severity}") if severity else ""
    return shown(f"{address}{told}{f' ({status})' if status else ''}")


def _named(named: Named) -> str:
    return shown(" ".join(part for part in (named.name, f"<{named.address}>" if named.address else "") if part))


def _meeting(meeting: CalendarFacts) -> str:
    starts = meeting.starts.strftime("%Y-%m-%d %H:%M UTC") if meeting.starts else say("cli.explain.no_time")
    told = say("cli.explain.calendar_by", attendee=meeting.attendee, starts=starts, uid=meeting.uid)
    return shown(told.removeprefix(" · "))


def _said(hit: Said) -> str:
    told = say(f"verdict.said.{hit.what}")
    if hit.when:
        told = say("cli.explain.said_until", what=told, day=hit.when.isoformat())
    if hit.refers_to:
        told = say("cli.explain.said_refers", what=told, who=_named(hit.refers_to))
    return f"{told}: “{shown(hit.sentence)}”"


def _reply(judged: Judged, mark: Mark) -> str:
    """The reply text, the sentences that decided marked; that there is none is told of people's mail only."""
    text = judged.reply_text
    if not text:
        return say("cli.explain.no_reply") if judged.facts.kind is Kind.HUMAN else ""
    written, place = "", 0
    for start, end in sorted(set(_spans(judged))):
        if start >= place:
            written += shown(text[place:start]) + mark(shown(text[start:end]))
            place = end
    return written + shown(text[place:])


def _spans(judged: Judged) -> Iterator[tuple[int, int]]:
    facts, text = judged.facts, judged.reply_text
    told = [(hit.sentence, hit.position) for hit in facts.said]
    told += [(one.text, one.position) for one in facts.evidence if one.position is not None]
    for sentence, position in told:
        # A quotation is on one line and may be cut; the text it came from may have been broken anywhere.
        words = map(re.escape, sentence.removesuffix("…").split())
        found = re.compile(r"\s+".join(words)).match(text, position)
        if found and sentence:
            yield found.start(), found.end()


def _in_guillemets(text: str) -> str:
    return f"»{text}«"
