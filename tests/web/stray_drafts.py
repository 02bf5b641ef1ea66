"""A draft that a fault left behind, written into the ledger."""

from __future__ import annotations

from datetime import datetime

from addon.domain.access import Database, Viewer
from addon.domain.contacts import operations as contacts
from addon.domain.outgoing import operations as outgoing
from addon.domain.outgoing import sweeping
from addon.models import DeadAttempt, Outgoing, RunKind


def leave(
    database: Database, viewer: Viewer, mailbox_id: int, email: str, *, at: datetime, marked: bool = False
) -> None:
    """To this person; `marked`: it carries our mark and will be deleted."""
    with database.writing(viewer) as session:
        address = contacts.ensure_address(session, email, at=at)
        run = outgoing.begin_run(session, RunKind.CAMPAIGN, at=at)
        due = outgoing.Due(address_id=address.id, address_key=address.key, mailbox_id=mailbox_id, due_at=at)
        outgoing.put_due(session, run, [due])
        row = session.query(Outgoing).filter_by(run_id=run.id).one()
        sweeping.note_dead(session, row.id, 1, draft_id="r1" if marked else None, sweeps=(60.0,))
        if not marked:
            sweeping.note_unmarked(session, session.query(DeadAttempt).filter_by(outgoing_id=row.id).one().id, "r2")
