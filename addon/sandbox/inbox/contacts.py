"""Who a person has been writing with, gathered from the mails that were shown, for suggesting addresses."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable

from addon.sandbox.inbox.reading import Mail, Person

_MOST = 300
_MACHINES = ("mailer-daemon@", "postmaster@", "noreply@", "no-reply@", "donotreply@")


class Contacts:
    """For each mailbox, people by address. Kept as long as the sandbox runs; the oldest are forgotten first."""

    def __init__(self) -> None:
        self._known: dict[str, OrderedDict[str, Person]] = {}
        self._lock = threading.Lock()

    def note(self, me: Person, mails: Iterable[Mail]) -> None:
        """Remember everybody in these mails but the mailbox's own person, and machines."""
        with self._lock:
            known = self._known.setdefault(me.email, OrderedDict())
            for mail in mails:
                for person in [mail.sender, *mail.to, *mail.cc]:
                    _note(known, me, person)
            while len(known) > _MOST:
                known.popitem(last=False)

    def of(self, me: Person) -> list[Person]:
        """By name, as they are offered."""
        with self._lock:
            known = list(self._known.get(me.email, {}).values())
        return sorted(known, key=lambda person: person.shown.casefold())


def _note(known: OrderedDict[str, Person], me: Person, person: Person) -> None:
    email = person.email.lower()
    if email == me.email or "@" not in email or email.startswith(_MACHINES):
        return
    if person.name or email not in known:
        known[email] = Person(person.name or (known[email].name if email in known else ""), person.email)
    known.move_to_end(email)
