"""Why a deal is not moved or opened. Nothing was changed."""

from __future__ import annotations

from addon.domain.errors import DomainError


class StageOfAnotherPipeline(DomainError):
    code = "ladder.stage_of_another_pipeline"


class StageGone(DomainError):
    code = "ladder.stage_gone"


class LostRace(DomainError):
    """Somebody moved this deal after the mover looked. Params: who, at (datetime), stage (where it is now).

    `own` says that it was the mover's own act, in another window.
    """

    code = "ladder.lost_race"


class FieldsMissing(DomainError):
    """The stages ask for fields that hold nothing. Params: title, stage, leaving (bool), fields.

    `fields` is a list of {"key", "name"}; the name of a built-in field is empty, its text belongs to the entrance.
    """

    code = "ladder.fields_missing"


class NotFromHere(DomainError):
    """The stage does not lead to that one. Params: title, stage, wanted, leads_to (names)."""

    code = "ladder.not_from_here"


class ReasonNeeded(DomainError):
    """A person who loses a deal says why. Params: title, stage."""

    code = "ladder.reason_needed"
