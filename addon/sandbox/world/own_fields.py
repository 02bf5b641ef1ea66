"""Reads what stands in the team's own fields, told by name in the world's files, as a person's typing is read."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy.orm import Session

from addon.domain.fields import finding, queries
from addon.domain.fields.checking import Typed
from addon.domain.fields.keys import FieldSpec, Kind
from addon.domain.fields.values import read
from addon.models import Subject
from addon.sandbox.world.data import World


class OwnFields:
    """For one session. `keys` are the keys that the product gave to the fields, by their names in the files."""

    def __init__(self, session: Session, world: World, keys: Mapping[str, str]) -> None:
        self._session = session
        self._world = world
        self._keys = keys
        self._reading = finding.reading(session)
        self._specs: dict[Subject, Mapping[str, FieldSpec]] = {}

    def typed(self, subject: Subject, told: Mapping[str, object]) -> dict[str, Typed | None]:
        """By key, as the rooms take them. Raises Refused, KeyError."""
        if told and subject not in self._specs:
            self._specs[subject] = queries.by_key(self._session, subject, list(self._keys.values()))
        return {
            key: self._one(self._specs[subject][key], value)
            for key, value in ((self._keys[name], value) for name, value in told.items())
        }

    def _one(self, spec: FieldSpec, told: object) -> Typed | None:
        """A day is told as a number of days from today."""
        if spec.kind == Kind.DATE and isinstance(told, int):
            return self._world.day_in(told)
        return read(spec, "yes" if told is True else str(told), self._reading)
