"""What stands between a deal and a stage: for entrances that ask before they move."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from addon.domain.deals import required
from addon.domain.fields.keys import FieldSpec
from addon.domain.ladder import demands
from addon.models import Deal, Stage


def still_empty(session: Session, deal: Deal, target: Stage) -> Sequence[FieldSpec]:
    """The empty fields that leaving the present stage and entering the other one ask for."""
    if not demands.goes_on(deal.stage, target):
        return ()
    return required.missing(session, deal, asked_for(deal.stage, target), pipeline_id=target.pipeline_id)


def asked_for(left: Stage, entered: Stage) -> list[str]:
    """Keys of fields, empty or not. Another pipeline asks for what it needs on entering alone."""
    leaving = left.now.required_to_leave if left.pipeline_id == entered.pipeline_id else ()
    return list(dict.fromkeys((*leaving, *entered.now.required_to_enter)))
