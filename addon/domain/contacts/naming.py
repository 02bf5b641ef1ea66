"""A person's whole name and its parts, kept in step. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from addon.domain.errors import DomainError
from addon.models import Contact


class OddLocale(DomainError):
    """Not a language such as `en` or `pt-BR`. Params: given."""

    code = "contacts.odd_locale"


def whole_name(name: str, first: str, last: str) -> str:
    """The name as given, else put together from its parts."""
    return name.strip() or f"{first} {last}".strip()


def with_names(contact: Contact | None, found: Mapping[str, Any]) -> dict[str, Any]:
    """What is to be changed, with what follows from it: a new name is parted, new parts make a new name."""
    changed = dict(found)
    parts = {"first_name", "last_name"} & changed.keys()
    if changed.get("name") and not parts and (contact is None or changed["name"] != contact.name):
        first, _, last = changed["name"].partition(" ")
        changed |= {"first_name": first[:150], "last_name": last.strip()[:150]}
    elif parts and "name" not in changed and contact is not None:
        now = [changed.get(part, getattr(contact, part)) for part in ("first_name", "last_name")]
        changed["name"] = whole_name("", *now)[:300] or contact.name
    if changed.get("locale") and not _is_language(changed["locale"]):
        raise OddLocale(given=changed["locale"])
    return changed


def _is_language(text: str) -> bool:
    """Such as `en`, `pt-BR` or `zh_Hant_TW`."""
    first, *more = text.replace("_", "-").split("-")
    plain = text.isascii() and all(part.isalnum() for part in more)
    return plain and first.isalpha() and 2 <= len(first) <= 3 and all(2 <= len(part) <= 8 for part in more)
