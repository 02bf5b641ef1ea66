"""What the stages ahead of a deal ask for that is still empty."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from addon.domain.deals import required
from addon.domain.fields.keys import FieldSpec
from addon.domain.ladder import asking, demands
from addon.i18n import Words
from addon.models import Deal, Stage, StageKind
from addon.web.fields import field_words


@dataclass(frozen=True)
class Needs:
    by_key: Mapping[str, str]
    """Empty field -> the first stage that asks for it."""
    by_stage: Mapping[int, str]
    """Stage -> the names of the empty fields it asks for."""


def ahead(session: Session, deal: Deal, stages: Sequence[Stage], say: Words) -> Needs:
    """Of the stages that the deal may go on to. Leaving the present one is part of entering the next."""
    way = [stage for stage in stages if stage.id != deal.stage_id and demands.goes_on(deal.stage, stage)]
    asked = {stage.id: asking.asked_for(deal.stage, stage) for stage in way}
    empty = {
        spec.key: spec for spec in required.missing(session, deal, [key for keys in asked.values() for key in keys])
    }
    by_key: dict[str, str] = {}
    by_stage: dict[int, str] = {}
    for stage in sorted(way, key=lambda stage: (stage.kind != StageKind.OPEN, stage.position)):
        found = [empty[key] for key in asked[stage.id] if key in empty]
        for spec in found:
            by_key.setdefault(spec.key, stage.name)
        if found:
            by_stage[stage.id] = say("deal.needs", fields=named(found, say))
    return Needs(by_key, by_stage)


def named(specs: Sequence[FieldSpec], say: Words) -> str:
    return ", ".join(f"“{field_words.label(spec, say)}”" for spec in specs)
