"""Words about files and rows: why a file cannot be read, what is wrong with a row, what a column becomes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from addon.domain.imports.mapping import Target
from addon.domain.tables import TableRefused
from addon.i18n import Words
from addon.models import Subject


def why_refused(refused: TableRefused, say: Words) -> str:
    """What is wrong with a file and what to do."""
    return problem(refused.code, refused.params, say)


def problem(code: str, params: Mapping[str, Any], say: Words, *, field: str = "") -> str:
    """What is wrong, of a row or a file. `field`: what the field is called in the reader's language."""
    spoken = {name: _spoken(name, value, say) for name, value in params.items()}
    if field and "field" in spoken:
        spoken["field"] = field
    own = f"importing.refused.{code.replace('.', '_')}"
    for key in (own, code):
        if say.has(key):
            return say(key, **spoken) if spoken else say(key)
    return say("importing.refused.other")


def target_words(target: Target, subject: Subject, say: Words) -> str:
    """What a column may become, in words."""
    if target.name:
        return target.name
    own = f"importing.target.{target.key.replace('.', '_')}"
    return say(own) if say.has(own) else say(f"fields.{subject}.{target.key}")


def _spoken(name: str, value: Any, say: Words) -> Any:
    if name in ("size", "limit") and isinstance(value, int) and value >= 1024 * 1024:
        return f"{value / (1024 * 1024):,.0f} MB"
    if isinstance(value, (list, tuple)):
        return ", ".join(map(str, value))
    if name == "kind" and say.has(f"web.list.kind_{value}"):
        return say(f"web.list.kind_{value}")
    return say(f"importing.encoding.{value}") if say.has(f"importing.encoding.{value}") else value
