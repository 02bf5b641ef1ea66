"""Who is using the inbox: chosen on its first page, remembered in its own cookie. Sandbox only, so nobody proves it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from flask import session

from addon.sandbox.inbox.reading import Person

_KEY = "person"


@dataclass(frozen=True)
class Cast:
    """The people whose mailboxes can be opened here."""

    people: Sequence[Person]
    roles: Mapping[str, str] = field(default_factory=dict)
    """What each is in the team, by address: admin, manager, rep. Somebody may be none of them."""

    def of(self, email: str) -> Person | None:
        return next((person for person in self.people if person.email == email), None)

    def numbered(self, person: Person) -> Person:
        """With their number, where it is one of these."""
        known = self.of(person.email.lower())
        return replace(person, number=known.number) if known else person

    def seated(self) -> Person | None:
        """Who was chosen; None before that."""
        return self.of(str(session.get(_KEY, "")))

    def seat(self, email: str) -> bool:
        """Choose somebody; False where there is no such mailbox."""
        if self.of(email) is None:
            return False
        session[_KEY] = email
        return True
