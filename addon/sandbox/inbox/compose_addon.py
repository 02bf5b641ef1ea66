"""Between the compose window and the add-on: whom the mail goes to, and what an answer makes of the draft."""

from __future__ import annotations

from collections.abc import Mapping
from email.utils import getaddresses
from typing import Any

from addon.sandbox.inbox.events import Compose
from addon.sandbox.inbox.host_actions import DraftUpdate

_FIELDS = ("to", "cc", "bcc")
PREFIX = "draft."
"""In what the page posts, before the names of the compose window's fields."""


def is_posted(form: Mapping[str, str]) -> bool:
    """Whether the page told what stands in the compose window."""
    return any(PREFIX + field in form for field in _FIELDS)


def written(form: Mapping[str, str], *, shown: bool) -> Compose:
    """The recipients as they stand in the compose window; what is no address yet is left out."""
    to, cc, bcc = (
        tuple(email for _, email in getaddresses([form.get(PREFIX + field, "")]) if "@" in email) for field in _FIELDS
    )
    return Compose(to, cc, bcc, shown)


def as_json(update: DraftUpdate) -> dict[str, Any]:
    """For the page's script, which alone knows where the cursor stands."""
    return {"fields": update.fields, "place": update.place, "text": update.text}
