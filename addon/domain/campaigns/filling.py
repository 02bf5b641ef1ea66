"""Takes rows into a campaign that is being made, a slice at a time.

A slice is one short transaction: its people become contacts, its rows recipients, each with the reason where it is
skipped. Rows that are there already are passed over, so that a slice may be given again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from addon.domain.access import viewer_of
from addon.domain.campaigns.audience import Prospect, Skip
from addon.domain.contacts import addresses, many
from addon.domain.deals import only_open
from addon.domain.suppressions import queries as suppressions
from addon.models import Activity, Address, Campaign, Mailbox, Recipient

SLICE = 200
"""Rows a transaction."""

NAMES = {
    "name": ("name", "full_name", "contact_name", "imię_i_nazwisko", "nome_completo", "nama"),
    "first_name": ("first_name", "firstname", "given_name", "imię", "nome", "vorname", "nama_depan"),
    "last_name": ("last_name", "lastname", "surname", "family_name", "nazwisko", "cognome", "nachname"),
    "title": ("title", "job_title", "position", "role"),
    "phone": ("phone", "phone_number", "mobile", "telephone", "telefon", "telefono", "telepon"),
}
"""What columns are called that say something about a person."""

_Fate = tuple[Skip | None, str]


def take(
    session: Session, campaign: Campaign, rows: Sequence[Prospect], *, at: datetime, cause: Activity | None
) -> None:
    """Add these rows to the campaign."""
    have = set(
        session.scalars(
            select(Recipient.row).where(
                Recipient.campaign_id == campaign.id, Recipient.row.in_([prospect.row for prospect in rows])
            )
        )
    )
    fresh = [prospect for prospect in rows if prospect.row not in have]
    if not fresh:
        return
    keys = {p.row: addresses.key_of(session, p.address) for p in fresh if p.address is not None}
    known = many.with_keys(session, set(keys.values()))
    fates = _fates(session, campaign, fresh, keys, known)
    chosen = [p for p in fresh if fates[p.row][0] is None]
    people = many.ensure(session, [_person(p, keys[p.row]) for p in chosen], at=at, cause=cause)
    deals = only_open.of_contacts(session, {person.contact_id for person in people.values()})
    team_id = viewer_of(session).team_id
    session.execute(
        insert(Recipient),
        [
            {
                "team_id": team_id,
                "campaign_id": campaign.id,
                "row": p.row,
                "email": p.email,
                "address_key": keys.get(p.row),
                "values": dict(p.values),
                "skipped": fates[p.row][0],
                "skipped_detail": fates[p.row][1],
                **_places(keys.get(p.row), known, people, deals),
            }
            for p in fresh
        ],
    )


def _fates(
    session: Session,
    campaign: Campaign,
    rows: Sequence[Prospect],
    keys: Mapping[int, str],
    known: Mapping[str, Sequence[Address]],
) -> dict[int, _Fate]:
    """By row: why it is skipped, and the detail; (None, "") for those who get the mail."""
    own = addresses.key_of(session, session.get_one(Mailbox, campaign.mailbox_id).email)
    suppressed = suppressions.reasons(session, set(keys.values()))
    taken = _taken(session, campaign.id, set(keys.values()))
    fates: dict[int, _Fate] = {}
    for prospect in rows:
        key = keys.get(prospect.row, "")
        if not key or key == own:
            fates[prospect.row] = (Skip.OWN_ADDRESS if key else Skip.BAD_ADDRESS, "")
        elif key in suppressed:
            fates[prospect.row] = (Skip.SUPPRESSED, suppressed[key])
        elif _bounced(known.get(key, ())):
            fates[prospect.row] = (Skip.BOUNCED, "")
        elif prospect.skip is not None:
            fates[prospect.row] = (prospect.skip, prospect.detail)
        elif key in taken:
            fates[prospect.row] = (Skip.DUPLICATE, str(taken[key]))
        else:
            taken[key] = prospect.row
            fates[prospect.row] = (None, "")
    return fates


def _taken(session: Session, campaign_id: int, keys: set[str]) -> dict[str, int]:
    """Which address keys earlier rows have, and which row that is."""
    return {
        key: row
        for key, row in session.execute(
            select(Recipient.address_key, Recipient.row).where(
                Recipient.campaign_id == campaign_id, Recipient.address_key.in_(keys), Recipient.skipped.is_(None)
            )
        )
        if key is not None
    }


def _bounced(rows: Sequence[Address]) -> bool:
    return any(row.bounced_at is not None for row in rows)


def _person(prospect: Prospect, key: str) -> many.Person:
    said = {
        name: next((prospect.values[column] for column in columns if prospect.values.get(column)), "")
        for name, columns in NAMES.items()
    }
    assert prospect.address is not None
    return many.Person(email=prospect.address, key=key, **said)


def _places(
    key: str | None,
    known: Mapping[str, Sequence[Address]],
    people: Mapping[str, many.Known],
    deals: Mapping[int, int],
) -> dict[str, int | None]:
    """Address, contact and deal of a recipient; of a skipped one what was known before."""
    person = people.get(key or "")
    if person is not None:
        return {
            "address_id": person.address_id,
            "contact_id": person.contact_id,
            "deal_id": deals.get(person.contact_id),
        }
    rows = known.get(key or "", ())
    return {
        "address_id": rows[0].id if rows else None,
        "contact_id": next((row.contact_id for row in rows if row.contact_id), None),
        "deal_id": None,
    }
