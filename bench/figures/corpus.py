"""Real mails, judged: how many rightly, and a table of what is still wrong and why.

Beside it flufl.bounce on the same mails. Left out where there are no such mails.
"""

from __future__ import annotations

import email
import logging
from collections import Counter
from collections.abc import Iterable

from flufl.bounce import all_failures

from bench import scoring
from bench.measuring import Figure, Missing, Size
from bench.mistakes import Mistake
from bench.scoring import Row, Score, share

_ORDER = ("exception", "false alarm", "not found", "recipients", "severity", "auto-reply missed")
_ORDER_AFTER = ("human taken for a robot", "kind", "reply emptied", "reply text")


def corpus(size: Size) -> Figure:
    """Percent of the bounces and delays found."""
    place = scoring.folder()
    if place is None:
        raise Missing("There are no real mails to judge: DEALTHREAD_CORPUS names no folder with an expected.jsonl.")
    mails = list(scoring.labelled(place))[: size.real_mails]
    scored = scoring.score(mails)
    theirs, raised = _detectors(mails)
    return Figure(
        share(scored.found) * 100,
        "% found",
        share(theirs) * 100,
        f"flufl.bounce on the same mails (it raises on {raised})",
        [*_figures(scored), "", *_table(scored.mistakes)],
        _details(scored),
    )


def _details(scored: Score) -> dict[str, float]:
    return {
        "judged": scored.judged,
        "bounces_found": share(scored.found) * 100,
        "right_recipients": share(scored.recipients) * 100,
        "hard_or_soft": share(scored.severities) * 100,
        "false_alarms": scored.count("false alarm"),
        "auto_replies_missed": scored.count("auto-reply missed"),
        "humans_taken_for_robots": scored.count("human taken for a robot"),
        "reply_exact": share(scored.replies) * 100,
        "reply_token_f1": scored.overlap,
        "replies_emptied": scored.count("reply emptied"),
        "exceptions": scored.count("exception"),
    }


def _figures(scored: Score) -> list[str]:
    autos = sum(count for (expected, _), count in scored.kinds.items() if expected == "auto_reply")
    people = sum(count for (expected, _), count in scored.kinds.items() if expected in ("reply", "not_auto"))
    return [
        f"{scored.judged} mails judged, {scored.count('exception')} exceptions",
        _line("bounces and delays found", scored.found),
        _line("right recipients", scored.recipients),
        _line("hard or soft", scored.severities),
        f"{'false alarms':<26} {scored.count('false alarm')} in {scored.others} other mails",
        f"{'auto-replies missed':<26} {scored.count('auto-reply missed')} of {autos}",
        f"{'humans taken for a robot':<26} {scored.count('human taken for a robot')} of {people}",
        _line("reply text exact", scored.replies),
        f"{'reply text, token F1':<26} {scored.overlap:.3f}, {scored.count('reply emptied')} emptied",
        *_replies_by_source(scored),
    ]


def _replies_by_source(scored: Score) -> list[str]:
    return [
        f"  {source:<24} {sum(right for right, _ in told)} of {len(told)} exact, "
        f"F1 {sum(overlap for _, overlap in told) / len(told):.3f}"
        for source, told in sorted(scored.by_source.items())
    ]


def _line(name: str, counted: Counter[bool]) -> str:
    return f"{name:<26} {share(counted):.1%} ({counted[True]} of {counted.total()})"


def _table(mistakes: Iterable[Mistake]) -> list[str]:
    """What is still wrong, by what is wrong about it."""
    order = (*_ORDER, *_ORDER_AFTER)
    ordered = sorted(mistakes, key=lambda mistake: (order.index(mistake.about), mistake.file))
    lines = [
        f"{one.about:<18} {one.file}: {_cut(one.expected)} expected, {_cut(one.told)} told | {one.why}"
        for one in ordered
    ]
    return ["Still wrong, and why:", *lines] if lines else ["Nothing is wrong."]


def _cut(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:57]}..."


def _detectors(mails: Iterable[tuple[Row, bytes]]) -> tuple[Counter[bool], int]:
    """What flufl.bounce finds of the bounces and delays, and on how many of all mails it raises."""
    logging.getLogger("flufl.bounce").setLevel(logging.CRITICAL)
    found: Counter[bool] = Counter()
    raised = 0
    for row, raw in mails:
        try:
            temporary, permanent = all_failures(email.message_from_bytes(raw))
        except Exception:
            temporary = permanent = frozenset()
            raised += 1
        if row["class"] in ("bounce", "delay"):
            found[bool(temporary or permanent)] += 1
    return found, raised
