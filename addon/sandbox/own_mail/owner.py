"""Whose mail an export is: the address that its mails were delivered to, and that wrote those that were sent."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from itertools import takewhile

from addon.sandbox.gmail.mailbox.accounts import fold
from addon.sandbox.gmail.mailbox.mime import Mail
from addon.sandbox.own_mail.labels import of_folder, of_takeout
from addon.sandbox.own_mail.reading import LABELS
from addon.sandbox.own_mail.source import Found

_BYTES = 24 << 20
_MAILS = 2000
_ADDRESS = re.compile(r"[^@\s<>,;\"]+@[^@\s<>,;\"]+\.[^@\s<>,;\".]+")
_OWN_SENT = 3
"""Who wrote a sent mail says more than whom one was delivered to: lists and aliases are delivered to as well."""


def owner_of(found: Iterable[Found]) -> tuple[str, str]:
    """(address, name) of whoever the beginning of an export speaks for; both empty where nothing tells."""
    told: Counter[str] = Counter()
    present: Counter[str] = Counter()
    names: dict[str, Counter[str]] = {}
    for number, (mail, folder) in enumerate(_beginning(found)):
        if number >= _MAILS:
            break
        for address in {_plain(address) for _, address in mail.addresses("Delivered-To")}:
            told[address] += 1
        senders = {_plain(address) for _, address in mail.addresses("From")}
        if "SENT" in (of_takeout(mail.first(LABELS)).ids or of_folder(folder).ids):
            told.update({address: _OWN_SENT for address in senders})
        everybody = [*mail.addresses("To", "Cc"), *mail.addresses("From")]
        present.update(dict.fromkeys((_plain(address) for _, address in everybody), 1))
        for name, address in everybody:
            if name and "@" not in name:
                names.setdefault(_plain(address), Counter())[name.strip("'\" ")] += 1
    address = _most(told) or _most(present)
    return address, _most(names.get(address, Counter())) if address else ""


def name_from(address: str) -> str:
    """A name for somebody of whom nothing is known but this address.

    >>> name_from("jan.nowak+list@firma.example")
    'Jan Nowak'
    """
    return " ".join(re.split(r"[._-]+", address.partition("@")[0].partition("+")[0])).title().strip() or address


def is_address(text: str) -> bool:
    return _ADDRESS.fullmatch(text) is not None


def _beginning(found: Iterable[Found]) -> Iterable[tuple[Mail, str]]:
    for one in takewhile(lambda one: one.done <= _BYTES or one.at == 0, found):
        if one.raw is not None:
            yield Mail(one.raw.partition(b"\n\n")[0].partition(b"\r\n\r\n")[0] + b"\n\n"), one.part.folder


def _plain(address: str) -> str:
    local, _, domain = fold(address).rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"


def _most(counted: Counter[str]) -> str:
    """The most frequent one that can be an address or a name; of equals, whoever was met first as a reader."""
    return next((one for one, _ in counted.most_common() if "@" not in one or is_address(one)), "")
