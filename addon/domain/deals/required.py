"""Fields that a stage asks for: which of them hold nothing."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy.orm import Session

from addon.domain.errors import DomainError
from addon.domain.fields import editing, queries, stored
from addon.domain.fields.keys import FieldSpec
from addon.models import Deal, Subject


class RequiredHere(DomainError):
    """The stage in which the deal stands asks for this field. Params: key, field, stage."""

    code = "deals.required_here"


def missing(session: Session, deal: Deal, keys: Collection[str], *, pipeline_id: int | None = None) -> list[FieldSpec]:
    """Those of these fields that hold nothing, in the order of `keys`.

    A deleted field asks for nothing; nor does one of another pipeline than that whose stage asks: `pipeline_id`, the
    deal's own unless named.
    """
    if not keys:
        return []
    specs = queries.by_key(session, Subject.DEAL, keys)
    custom = [spec for spec in specs.values() if spec.custom]
    held = stored.read_many(session, Subject.DEAL, [deal.id], custom)[deal.id] if custom else {}
    return [
        spec
        for key in dict.fromkeys(keys)
        if (spec := specs.get(key)) is not None
        and spec.pipeline_id in (None, pipeline_id or deal.pipeline_id)
        and (key not in held if spec.custom else editing.empty(deal, spec))
    ]


def check_may_be_emptied(session: Session, deal: Deal, emptied: Collection[str]) -> None:
    """What the deal's stage asked for on entering stays filled while it stands there. Raises RequiredHere.

    Called with the fields that an edit leaves without anything, by key.
    """
    asked = [key for key in deal.stage.now.required_to_enter if key in emptied]
    for key, spec in queries.by_key(session, Subject.DEAL, asked).items():
        raise RequiredHere(key=key, field=spec.label, stage=deal.stage.name)
