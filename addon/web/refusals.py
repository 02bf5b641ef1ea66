"""The words of a refusal: the domain gives a code and its parameters, the catalogue the sentence."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from addon import clock
from addon.domain.errors import DomainError
from addon.i18n import Words


def refusal(say: Words, error: DomainError) -> str:
    """One sentence a salesperson understands. The page's own text for a code beats the one all entrances share."""
    params = {name: _spoken(say, value) for name, value in error.params.items()}
    # Nobody did it: a rule, or a person whose words were erased. Or the reader did.
    ending = "_own" if params.get("own") else "_nobody" if params.get("who") == "" else ""
    own_words = (f"web.refused.{error.code}{ending}", f"{error.code}{ending}")
    for key in (*own_words, f"web.refused.{error.code}", error.code):
        if say.has(key):
            return _filled(say, key, params)
    return say("web.refused.other")


def _filled(say: Words, key: str, params: Mapping[str, Any]) -> str:
    return say(key, **params) if params else say(key)


def _spoken(say: Words, value: Any) -> Any:
    return say.ago(value, now=clock.now()) if isinstance(value, datetime) else value
