"""What a person is called. A name that was only made up from an address is no name to be called by. Pure."""

from __future__ import annotations

from addon.models import Contact


def has_name(contact: Contact) -> bool:
    """Whether somebody ever said how this person is called."""
    made_up = {address.email.partition("@")[0] for address in contact.addresses}
    return bool(contact.name) and contact.name not in made_up


def first_name(contact: Contact) -> str:
    """For a greeting; empty where nobody knows it."""
    return contact.first_name if has_name(contact) else ""
