"""Who is at the other end of a mail, by its header. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from email.utils import getaddresses

from addon.domain.contacts.addresses import canonical
from addon.domain.ports.mailbox import MailHead
from addon.domain.verdicts.mails.headers import decode_words

_LONGEST = 20_000


@dataclass(frozen=True)
class Person:
    name: str
    email: str
    """Lower case."""


def other_end(head: MailHead, *, ours: Collection[str]) -> Person | None:
    """The first person outside: who wrote it, else whom it went to. None where only our own people are on it.

    `ours` are the addresses of the team, in any spelling.
    """
    own = {canonical(address) for address in ours}
    for name in ("from", "to", "cc"):
        for person in people(head.headers.get(name, ())):
            if canonical(person.email) not in own:
                return person
    return None


def people(values: Sequence[str]) -> list[Person]:
    """Everybody whom the values of a header name; what has no address is nobody.

    >>> people(['"Doe, Jane" <j@x.test>, =?utf-8?q?Bj=C3=B6rn?= <b@x.test>, undisclosed-recipients:;'])
    [Person(name='Doe, Jane', email='j@x.test'), Person(name='Björn', email='b@x.test')]
    """
    try:
        pairs = getaddresses([value[:_LONGEST] for value in values])
    except (ValueError, IndexError, RecursionError):  # comments nested a thousand deep, for one
        return []
    return [Person(_clean(name), address.strip().lower()[:320]) for name, address in pairs if _is_address(address)]


def _is_address(text: str) -> bool:
    local, _, domain = text.strip().rpartition("@")
    return bool(local and domain) and " " not in text.strip()


def _clean(name: str) -> str:
    return " ".join(decode_words(name).split()).strip("\"' ")[:200]
