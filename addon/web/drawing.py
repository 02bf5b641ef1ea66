"""A partial drawn alone, for a script that puts it in place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import current_app, get_template_attribute


def macro(partial: str, name: str) -> Callable[..., Any]:
    """A macro of `templates/web/<partial>.html`."""
    with current_app.app_context():
        found: Callable[..., Any] = get_template_attribute(f"web/{partial}.html", name)
        return found
