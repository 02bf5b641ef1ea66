"""The state and the icon of an act in the diary, by its kind."""

from __future__ import annotations

from collections.abc import Mapping

QUIET = ("quiet", "pencil")

ICONS: Mapping[str, tuple[str, str]] = {
    "deal.created": ("open", "plus"),
    "deal.moved": ("won", "check"),
    "deal.edited": QUIET,
    "deal.ticked": ("won", "check"),
    "deal.unticked": ("quiet", "check"),
    "deal.twin_opened": ("open", "forward"),
    "task.done": ("won", "check"),
    "thread.linked": ("open", "link"),
    "thread.unlinked": ("quiet", "link"),
    "thread.shared": ("quiet", "eye"),
    "thread.asked": ("unsure", "question"),
    "mail.received": ("open", "mail"),
    "mail.sent": ("quiet", "send"),
    "mail.shown": ("quiet", "eye"),
    "address.bounced": ("lost", "warning"),
    "mailbox.grant_lost": ("lost", "warning"),
}

_ROOMS: Mapping[str, tuple[str, str]] = {
    "task": ("open", "clock"),
    "view": ("quiet", "eye"),
    "user": ("quiet", "people"),
    "sight": ("quiet", "eye"),
    "pipeline": ("quiet", "board"),
    "pipelines": ("quiet", "board"),
    "stage": ("quiet", "board"),
    "stages": ("quiet", "board"),
    "campaign": ("quiet", "send"),
    "outgoing": ("quiet", "send"),
    "mailbox": ("quiet", "mail"),
    "suppression": ("quiet", "no"),
    "address": ("quiet", "mail"),
    "rule": ("quiet", "bolt"),
}

_ENDS: tuple[tuple[str, tuple[str, str]], ...] = (
    (".created", ("open", "plus")),
    (".added", ("open", "plus")),
    (".restored", ("quiet", "undo")),
    (".undone", ("quiet", "undo")),
    (".deleted", ("lost", "no")),
    ("person_added", ("quiet", "people")),
    ("person_removed", ("quiet", "people")),
    ("role_changed", ("quiet", "people")),
)


def icon(kind: str) -> tuple[str, str]:
    """What is not named is drawn quietly."""
    by_end = next((drawn for end, drawn in _ENDS if kind.endswith(end)), None)
    return ICONS.get(kind) or by_end or _ROOMS.get(kind.partition(".")[0], QUIET)
