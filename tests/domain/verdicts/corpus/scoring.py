"""How well the verdicts do on real mails. The table: python tests/domain/verdicts/corpus/scoring.py FOLDER"""

from __future__ import annotations

import json
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[4]))

from addon.domain.verdicts import Kind, judge

FAILING = {Kind.BOUNCE, Kind.DELAY}
ROBOTS = {Kind.OUT_OF_OFFICE, Kind.AUTO_REPLY, Kind.BULK}
PEOPLE = {"reply", "not_auto", "not_bounce"}


@dataclass
class Score:
    """Counts over a folder; `wrong` holds a line for every mail judged otherwise than expected."""

    kinds: Counter[tuple[str, str]] = field(default_factory=Counter)
    recipients: Counter[bool] = field(default_factory=Counter)
    severities: Counter[bool] = field(default_factory=Counter)
    replies: Counter[bool] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    @property
    def judged(self) -> int:
        return self.kinds.total()

    def share_found(self) -> float:
        failing = {pair: count for pair, count in self.kinds.items() if pair[0] in ("bounce", "delay")}
        return sum(count for (_, kind), count in failing.items() if kind in FAILING) / sum(failing.values())


def share(counted: Counter[bool]) -> float:
    return counted[True] / counted.total()


def score(folder: Path) -> Score:
    """Judge every mail that expected.jsonl names."""
    result = Score()
    for line in (folder / "expected.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        _count(result, row, (folder / row["file"]).read_bytes())
    return result


def _count(result: Score, row: dict, raw: bytes) -> None:
    expected, judged = str(row["class"]), judge(raw)
    facts = judged.facts
    result.kinds[expected, facts.kind.value] += 1
    if not _fits(expected, facts.kind):
        result.wrong.append(f"{row['file']}: expected {expected}, judged {facts.kind}")
    if expected in ("bounce", "delay") and row.get("recipient"):
        named = [row["recipient"]] if isinstance(row["recipient"], str) else row["recipient"]
        result.recipients[{name.lower() for name in named} == {one.address for one in facts.recipients}] += 1
    if row["file"].startswith("sisimai") and expected == "bounce" and row.get("severity") in ("hard", "soft"):
        told = "hard" if facts.severity == "hard" else "soft" if facts.severity else ""
        result.severities[told == row["severity"]] += 1
    if row.get("reply_text"):
        result.replies[judged.reply_text.split() == row["reply_text"].split()] += 1


def _fits(expected: str, kind: Kind) -> bool:
    if expected in ("bounce", "delay"):
        return kind in FAILING
    if expected in PEOPLE:
        return kind not in FAILING and (kind is Kind.HUMAN or expected == "not_bounce")
    if expected in ("auto_reply", "auto_generated", "not_human"):
        return kind in ROBOTS
    return {"complaint": kind is Kind.COMPLAINT, "dsn_delivered": kind is Kind.DELIVERED}.get(expected, True)


def table(result: Score) -> str:
    lines = [f"{expected:<16} {kind:<16} {count:>5}" for (expected, kind), count in sorted(result.kinds.items())]
    lines += [
        f"bounces and delays found {result.share_found():.1%}",
        f"right recipients         {share(result.recipients):.1%}",
        f"hard or soft             {share(result.severities):.1%}",
        f"reply text exact         {share(result.replies):.1%}",
    ]
    return "\n".join([*lines, "", *result.wrong])


if __name__ == "__main__":
    sys.stdout.write(table(score(Path(sys.argv[1]))) + "\n")
