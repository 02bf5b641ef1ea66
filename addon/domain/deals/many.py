"""Many deals that are to be made: whatever can be wrong with them, asked in a few statements."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from addon.domain.deals.draft import DealDraft
from addon.domain.deals.operations import check_words
from addon.domain.errors import NotFound
from addon.models import Company, Contact, User

SLICE = 500
"""Parameters of one statement."""


def check_drafts(session: Session, drafts: Sequence[DealDraft]) -> None:
    """Like `operations.check_draft`, for many: all of them are right, or this raises what the first of them would."""
    for draft in drafts:
        check_words(draft)
    _check_there(session, "user", User.id, {draft.owner_id for draft in drafts})
    people = {each for draft in drafts for each in (draft.contact_id, draft.referred_by_id) if each is not None}
    _check_there(session, "contact", Contact.id, people, Contact.deleted_at.is_(None))
    firms = {draft.company_id for draft in drafts if draft.company_id is not None}
    _check_there(session, "company", Company.id, firms, Company.deleted_at.is_(None))


def _check_there(session: Session, what: str, column: Any, ids: Collection[int], *live: Any) -> None:
    """Raises NotFound where one is gone, or is not the viewer's to see."""
    wanted = sorted(ids)
    there: set[int] = set()
    for start in range(0, len(wanted), SLICE):
        there.update(session.scalars(select(column).where(column.in_(wanted[start : start + SLICE]), *live)))
    for missing in wanted:
        if missing not in there:
            raise NotFound(what=what, given=missing)
