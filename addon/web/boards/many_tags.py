"""Tags for the ticked cards: those that there are, and the one that somebody means, which may be new."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sqlalchemy.orm import Session

from addon import clock
from addon.domain.errors import DomainError, NotAllowed
from addon.domain.fields import operations as fields
from addon.domain.fields import options
from addon.domain.fields.folding import fold
from addon.domain.fields.keys import FieldSpec, Kind
from addon.domain.views import asking
from addon.i18n import Words
from addon.models import FieldKind
from addon.web.fields.field_words import label
from addon.web.views.asked import Asked

READY = "tags"
_CHOSEN = re.compile(r"(f[1-9]\d{0,9}):([1-9]\d{0,9})", re.ASCII)


class NoSuchTag(DomainError):
    """Params: given."""

    code = "board.many.no_such_tag"


class NotYoursToMake(NoSuchTag):
    """Whoever shapes the team's fields can add it. Params: given."""

    code = "board.many.not_yours_to_make"


def names(session: Session, at: Asked, say: Words) -> list[str]:
    """All that can be put on what the page shows, as one types them."""
    return [_called(spec, one.name, say) for spec in _several(session, at) for one in spec.choices]


def meant(session: Session, at: Asked, typed: str, say: Words, *, new: bool) -> tuple[str, int]:
    """The field's key and the option's id that `key:id`, `Field: tag` or `tag` names.

    One that is not there is made where it may be `new`; in a team without tags the field is made with it.
    Raises NoSuchTag, and what the field refuses.
    """
    if chosen := _CHOSEN.fullmatch(typed):
        return chosen[1], int(chosen[2])
    several, wanted = _several(session, at), fold(typed)
    known = [(spec, one) for spec in several for one in spec.choices]
    whole = [(spec, one) for spec, one in known if fold(_called(spec, one.name, say)) == wanted]
    found = whole or [(spec, one) for spec, one in known if fold(one.name) == wanted]
    if len(found) == 1 or whole:
        return found[0][0].key, found[0][1].id
    if found or not new or not wanted:
        raise NoSuchTag(given=typed[:100])
    try:
        return _made(session, at, several, typed, say)
    except NotAllowed:
        raise NotYoursToMake(given=typed[:100]) from None


def _made(session: Session, at: Asked, several: Sequence[FieldSpec], typed: str, say: Words) -> tuple[str, int]:
    field, name = next((found for spec in several if (found := _within(spec, typed, say))), (None, typed))
    field = field or next((spec for spec in several if spec.ready_set == READY), several[0] if several else None)
    if field is not None and field.field_id is not None:
        return field.key, options.add(session, field.field_id, name, at=clock.now()).id
    called = say(f"fields.ready.{READY}.{READY}")
    made = fields.create(
        session, at.ask.subject, FieldKind.MULTI_SELECT, called, at=clock.now(), options=[name], ready_set=READY
    )
    return f"f{made.id}", made.options[0].id


def _within(spec: FieldSpec, typed: str, say: Words) -> tuple[FieldSpec, str] | None:
    """A new tag may say whose it is: `Field: tag`."""
    begin = _called(spec, "", say)
    name = typed[len(begin) :].strip() if fold(typed[: len(begin)]) == fold(begin) else ""
    return (spec, name) if name else None


def _several(session: Session, at: Asked) -> list[FieldSpec]:
    known = asking.specs(session, at.ask.subject, at.ask.pipeline_id)
    return [spec for spec in known.values() if spec.kind == Kind.MULTI_SELECT]


def _called(spec: FieldSpec, name: str, say: Words) -> str:
    return say("board.many.tag", field=label(spec, say), tag=name)
