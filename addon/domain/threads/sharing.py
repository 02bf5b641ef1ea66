"""What colleagues see of a mailbox's linked mail. The owner chooses, per mailbox and per link (law 10). Pure."""

from __future__ import annotations

from addon.models import Sharing

_RISING = (Sharing.HAPPENED, Sharing.SUBJECT, Sharing.QUOTE, Sharing.ALL)


def level(*, owner_id: int, viewer_id: int | None, mailbox: str, link: str | None) -> Sharing:
    """The owner sees all; everybody else what the link says, or the mailbox where the link says nothing.

    >>> level(owner_id=1, viewer_id=2, mailbox="quote", link="happened")
    <Sharing.HAPPENED: 'happened'>
    """
    if viewer_id == owner_id:
        return Sharing.ALL
    return Sharing(link or mailbox)


def allows(granted: Sharing, wanted: Sharing) -> bool:
    """Whether a level shows what another one shows."""
    return _RISING.index(granted) >= _RISING.index(wanted)


def widest(levels: list[Sharing]) -> Sharing:
    """Of the same mail in several mailboxes the most that any owner shares; nothing but that it happened otherwise."""
    return max(levels, key=_RISING.index, default=Sharing.HAPPENED)
