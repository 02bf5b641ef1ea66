"""The card beside a mail being written, as things are now. Reads only."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from addon.domain.campaigns import own_texts
from addon.domain.campaigns.own_texts import Offer
from addon.domain.contacts import calling
from addon.domain.contacts import queries as contacts
from addon.domain.contacts.addresses import canonical
from addon.domain.deals import queries as deals
from addon.models import Contact, Deal
from addon.sidebar import conversation
from addon.sidebar.cards import compose as cards
from addon.sidebar.cards.views import DealView, PersonView, SharedDeal, TextLine, WritingView
from addon.sidebar.deal_view import deal_line, deal_view
from addon.sidebar.recipients import Recipients
from addon.sidebar.visit import Visit
from addon.sidebar.widgets import Json

SHOWN_DEALS, SHOWN_TEXTS = 3, 5
"""With the person, how many deals more there are, the buttons and the line above the texts: twelve widgets."""


def card(session: Session, visit: Visit) -> Json:
    """About the first recipient whom we know; where we know none, what to do."""
    recipients = visit.asked.recipients or Recipients()
    outside = _outside(session, visit, recipients)
    for email in outside:
        contact = contacts.by_email(session, email)
        if contact is not None:
            return cards.writing_to(_view(session, visit, contact, email), visit.pen)
    return cards.nobody_known(_hint(visit, recipients, outside), visit.pen)


def address_of(session: Session, contact: Contact, recipients: Recipients) -> str:
    """The address under which this person gets the mail, else their first one; empty where they have none."""
    theirs = {canonical(address.email): address.email for address in contact.addresses}
    here = next((email for email in recipients.all if canonical(email) in theirs), "")
    return here or next(iter(theirs.values()), "")


def _outside(session: Session, visit: Visit, recipients: Recipients) -> Sequence[str]:
    own = {canonical(address) for address in conversation.ours(session) | {visit.email}}
    return [email for email in recipients.all if canonical(email) not in own]


def _hint(visit: Visit, recipients: Recipients, outside: Sequence[str]) -> str:
    if not recipients.all:
        return visit.say("sidebar.compose.nobody_yet")
    if not outside:
        return visit.say("sidebar.compose.only_ours")
    return visit.say("sidebar.compose.unknown", email=outside[0], n=len(outside))


def _view(session: Session, visit: Visit, contact: Contact, email: str) -> WritingView:
    found = deals.of_contact(session, contact.id, only_open=True)
    return WritingView(
        contact_id=contact.id,
        person=_person(contact, email),
        deal=_single(session, found, visit),
        deals=[_shared(session, deal, contact, visit) for deal in found[:SHOWN_DEALS]],
        more_deals=max(0, len(found) - SHOWN_DEALS),
        texts=[_text(each, visit) for each in _offers(session, visit, contact, email)],
    )


def _person(contact: Contact, email: str) -> PersonView:
    return PersonView(
        name=contact.name if calling.has_name(contact) else "",
        email=email,
        known=True,
        title=contact.title,
        company=contact.company.name if contact.company else "",
    )


def _single(session: Session, found: Sequence[Deal], visit: Visit) -> DealView | None:
    if len(found) != 1:
        return None
    return deal_view(session, found[0], visit.pen, user_id=visit.user_id, own=(visit.email,), thread_id=None)


def _shared(session: Session, deal: Deal, contact: Contact, visit: Visit) -> SharedDeal:
    others = any(person.id != contact.id for person in deals.people(session, deal))
    return SharedDeal(deal_line(deal, visit.pen), others)


def _offers(session: Session, visit: Visit, contact: Contact, email: str) -> Sequence[Offer]:
    return own_texts.offers(session, visit.user_id, contact, email, limit=SHOWN_TEXTS)


def _text(offer: Offer, visit: Visit) -> TextLine:
    """With the subject that it would give the mail, or what is lacking for it."""
    lacks = visit.say("sidebar.compose.lacks", fields=", ".join(offer.lacks)) if offer.lacks else ""
    made = visit.pen.day(offer.campaign.created_at)
    detail = " · ".join(part for part in (lacks or offer.subject, made) if part)
    return TextLine(offer.campaign.id, offer.campaign.name, detail)
