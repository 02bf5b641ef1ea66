"""What a person types into To, Cc and Bcc, as addresses. Pure."""

from __future__ import annotations

import re
from email.headerregistry import Address
from email.utils import parseaddr

_PIECE = re.compile(r'(?:"(?:\\.|[^"\\])*"|<[^>]*>|[^,;"<>])+')
_ADDRESS = re.compile(r"[^@\s<>(),;:\"\\\[\]]+@[^@\s<>(),;:\"\\.\[\]]+(?:\.[^@\s<>(),;:\"\\.\[\]]+)*")


class NotAnAddress(ValueError):
    """Something that is no mail address, as it was typed; empty where nobody was named."""

    @property
    def typed(self) -> str:
        return str(self)


def addresses(typed: str) -> list[Address]:
    """Everybody named, separated by commas or semicolons. Raises NotAnAddress for the first that is none.

    >>> [str(one) for one in addresses('"Nowak, Jan" <jan@nowak.example>; rina@contoh.example')]
    ['"Nowak, Jan" <jan@nowak.example>', 'rina@contoh.example']
    """
    pieces = [" ".join(piece.split()) for piece in _PIECE.findall(typed)]
    return [_address(piece) for piece in pieces if piece]


def _address(piece: str) -> Address:
    name, email = parseaddr(piece)
    if not _ADDRESS.fullmatch(email) or ("<" not in piece and " " in piece):
        raise NotAnAddress(piece)
    local, _, domain = email.rpartition("@")
    try:
        local.encode("ascii")
        return Address(name, addr_spec=f"{local}@{domain.encode('idna').decode('ascii')}")
    except (ValueError, IndexError):
        raise NotAnAddress(piece) from None
