"""The header row: names that serve as merge fields, and the column that holds the addresses."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from addon.domain.tables.addresses import looks_like_address
from addon.domain.tables.refusals import TableRefused
from addon.domain.tables.table import Column

# Words of the template language: a column may not be called so.
_RESERVED = frozenset(
    {"and", "or", "not", "if", "else", "elif", "in", "is", "true", "false", "none", "for", "loop", "self", "from"}
)
_NOT_WORD = re.compile(r"\W+")
_DATA = re.compile(r"[+(]?[\d\s().,:/€$£%-]*\d[\d\s().,:/€$£%-]*")
_MAIL_NAMES = (
    *("email", "e_mail", "email_address", "e_mail_address", "mail", "mail_address", "emailaddress"),
    *("work_email", "business_email", "primary_email", "contact_email", "email_1", "email1", "e_mail_1_value"),
    *("adres_e_mail", "adres_email", "adres_mailowy", "poczta", "surel", "alamat_email", "alamat_surel"),
    *("indirizzo_email", "indirizzo_e_mail", "posta_elettronica", "e_mail_adresse", "email_adresse", "mailadresse"),
    *("correo", "correo_electronico", "correo_electrónico", "courriel", "adresse_e_mail", "adresse_email"),
    *("adresse_mail", "adresse_électronique", "recipient", "to"),
)


def key_of(label: str, position: int) -> str:
    """A merge field's name for a label; `column_3` where the third label has no letters.

    >>> key_of("First name", 1), key_of("Imię", 2), key_of("2nd e-mail", 3), key_of("%", 4)
    ('first_name', 'imię', 'field_2nd_e_mail', 'column_4')
    """
    # NFKC may bring blanks and signs of its own, so it comes first.
    key = _NOT_WORD.sub("_", unicodedata.normalize("NFKC", label).casefold()).strip("_")[:60].strip("_")
    if not key:
        return f"column_{position}"
    if key[0].isdigit() or key in _RESERVED:
        key = f"field_{key}"
    return key if key.isidentifier() else f"column_{position}"


def columns_of(header: Sequence[str]) -> tuple[Column, ...]:
    """Named columns; refuses a header that is data (holds an address) or says a name twice."""
    for cell in header:
        if looks_like_address(cell):
            raise TableRefused("tables.no_header", address=cell.strip()[:100])

    labels = [" ".join(cell.split()) for cell in header]
    keys = [key_of(label, position) for position, label in enumerate(labels, start=1)]
    doubled = sorted({labels[i] or key for i, key in enumerate(keys) if keys.count(key) > 1})
    if doubled:
        raise TableRefused("tables.doubled_header", names=doubled)
    return tuple(Column(key=key, label=label or key) for key, label in zip(keys, labels, strict=True))


def columns_numbered(header: Sequence[str]) -> tuple[Column, ...]:
    """Named columns; a name that was there before gets a number: `phone`, `phone_2`."""
    columns: list[Column] = []
    taken: set[str] = set()
    for position, cell in enumerate(header, start=1):
        label = " ".join(cell.split())
        key = key_of(label, position)
        number = 2
        while (own := key if number == 2 and key not in taken else f"{key}_{number}") in taken:
            number += 1
        taken.add(own)
        columns.append(Column(key=own, label=label or own))
    return tuple(columns)


def looks_like_header(first: Sequence[str], body: Sequence[Sequence[str]]) -> bool:
    """Whether the first row names columns: it holds no address, no number, no date, and it is not one of the rows."""
    cells = [cell.strip() for cell in first if cell.strip()]
    if not cells or any(looks_like_address(cell) or _DATA.fullmatch(cell[:60]) for cell in cells):
        return False
    return not any(list(first) == list(row) for row in body[:50])


def email_column(columns: Sequence[Column], records: Sequence[Sequence[str]]) -> str | None:
    """The key of the column with the addresses: by its name, else the one whose values look most like addresses."""
    shares = {column.key: _share(records, place) for place, column in enumerate(columns)}
    for name in _MAIL_NAMES:
        if shares.get(name):
            return name
    best = max(shares, key=lambda key: shares[key], default=None)
    if best is not None and shares[best] >= 0.5:
        return best
    return next((name for name in _MAIL_NAMES if name in shares), None)


def _share(records: Sequence[Sequence[str]], place: int) -> float:
    cells = [record[place] for record in records[:300] if place < len(record) and record[place].strip()]
    return sum(map(looks_like_address, cells)) / len(cells) if cells else 0.0
