"""What the command line says: the words of the catalogue, in English as scripts and logs expect."""

from __future__ import annotations

from typing import Any

from addon import clock
from addon.domain.campaigns.audience import TextProblem, TextsRefused
from addon.domain.errors import DomainError, NotFound
from addon.domain.tables import TableRefused
from addon.i18n import Words

say = Words("en")


def refusal(error: DomainError | TableRefused) -> str:
    """One sentence, or several lines where several things are wrong."""
    params = {name: _spoken(value) for name, value in error.params.items()}
    if isinstance(error, NotFound):
        what = f"cli.not_found.{error.params.get('what')}"
        return say(what if say.has(what) else "cli.not_found.other", **{"given": "", **params})
    head = say(error.code, **params)
    if isinstance(error, TextsRefused):
        return "\n".join([head, *(f"  {problem(found)}" for found in error.problems)])
    return head


def problem(found: TextProblem) -> str:
    """Where in the texts, and what about it."""
    params = found.problem.params
    meant = f"{found.problem.code}_meant"
    text = say(meant if params.get("meant") and say.has(meant) else found.problem.code, **{"line": 1, **params})
    return say("cli.campaign.create.problem", part=part(found), line=found.problem.line, text=text)


def part(found: TextProblem) -> str:
    return say(f"campaigns.part.{found.part}")


def _spoken(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    return say.moment(value, now=clock.now()) if hasattr(value, "astimezone") else value
