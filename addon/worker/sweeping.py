"""Deleting drafts of ours that nobody's permit names: what dead attempts left behind, now or later."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import getaddresses

from addon.domain.outgoing import sweeping
from addon.domain.ports.mailbox import Draft, MailHead, Missing
from addon.worker.recovering import REF_HEADER, delete_stray
from addon.worker.turn import Turn

MOST_READ = 50
"""Drafts read a turn at most: twenty units each, and mails are waiting."""

_foreign: set[tuple[int, str]] = set()
"""(mailbox, message id) of drafts that were read and are not ours; saves reading a rep's own drafts again."""


def sweep(turn: Turn, *, early: bool = False) -> None:
    """Look for the drafts of dead attempts whose time has come; `early`: of all that are open.

    Their attempts were closed in the database before, so that none can still become a permit.
    """
    with turn.reading() as session:
        attempts = sweeping.open_attempts(session, turn.mailbox_id, only_due=not early)
        known = [(dead.draft_id, dead.ref) for dead in attempts if dead.draft_id]
        due = [dead.id for dead in sweeping.open_attempts(session, turn.mailbox_id, only_due=True)]
    if not attempts:
        return
    for draft_id, ref in known:
        delete_stray(turn, draft_id, ref)
    if _all_looked_at(turn):
        with turn.writing() as session:
            sweeping.swept(session, due, sweeps=turn.settings.sweeps)


def _all_looked_at(turn: Turn) -> bool:
    """Look at the drafts that nobody looked at yet; False where more are left than one turn may read."""
    page: str | None = None
    read = 0
    there: set[str] = set()
    while True:
        listing = turn.before_call("drafts").drafts(page=page)
        there.update(draft.draft_id for draft in listing.drafts)
        for draft in listing.drafts:
            if (turn.mailbox_id, draft.message_id) in _foreign:
                continue
            if read == MOST_READ or turn.is_over():
                return False
            read += 1
            _look_at(turn, draft)
        page = listing.next_page
        if page is None:
            with turn.writing() as session:
                sweeping.forget_unmarked(session, turn.mailbox_id, there)
            return True


def _look_at(turn: Turn, draft: Draft) -> None:
    try:
        seen = turn.before_call("draft").draft(draft.draft_id)
    except Missing:
        return
    ref = seen.head.header(REF_HEADER)
    if not ref:
        _note_if_ours(turn, draft.draft_id, seen.head)
        _foreign.add((turn.mailbox_id, draft.message_id))
        return
    with turn.reading() as session:
        stray = sweeping.is_stray(session, turn.mailbox_id, draft.draft_id, ref)
    if stray:
        delete_stray(turn, draft.draft_id, ref)


def _note_if_ours(turn: Turn, draft_id: str, head: MailHead) -> None:
    """Gmail may have dropped our mark from a draft of ours: it is noted for a person to look at, never deleted."""
    to = [address for _, address in getaddresses(head.headers.get("to", ())) if "@" in address]
    if len(to) != 1:  # ours are to one person each
        return
    written = datetime.fromtimestamp(head.received_ms / 1000, UTC)
    with turn.reading() as session:
        attempt_id = sweeping.may_be_ours(session, turn.mailbox_id, draft_id, to=to[0], written=written)
    if attempt_id is not None:
        with turn.writing() as session:
            sweeping.note_unmarked(session, attempt_id, draft_id)
