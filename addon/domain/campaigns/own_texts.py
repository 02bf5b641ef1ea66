"""The texts of a person's own campaigns, for a single mail that they write by hand. Reads only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from addon.domain.campaigns.filling import NAMES
from addon.domain.contacts import calling
from addon.domain.errors import DomainError, NotFound
from addon.domain.templates import rendering
from addon.domain.templates.language import MissingField
from addon.models import Campaign, Contact, Mailbox

_COMPANY = ("company", "company_name", "organisation", "organization", "account", "firma", "azienda", "perusahaan")
_EMAIL = ("email", "e_mail", "email_address", "mail", "adres_email", "surel")


class FieldsUnknown(DomainError):
    """The text needs merge fields of which nothing is known for this person; `fields` as their list called them."""

    code = "campaigns.fields_unknown"

    def __init__(self, text: str, who: str, fields: Sequence[str]) -> None:
        super().__init__(text=text, who=who, fields=", ".join(fields))
        self.fields = fields


@dataclass(frozen=True)
class Text:
    """Subject on one line, and body as plain text, with every field filled."""

    name: str
    subject: str
    body: str


@dataclass(frozen=True)
class Offer:
    """A text that may be used; `subject` is filled, and empty where `lacks` names fields of which nothing is known."""

    campaign: Campaign
    subject: str
    lacks: Sequence[str] = ()


def offers(session: Session, user_id: int, contact: Contact, email: str, *, limit: int) -> Sequence[Offer]:
    """Texts of campaigns that this person makes from a mailbox of their own, newest first, for somebody."""
    newest = session.scalars(_of(user_id).order_by(Campaign.id.desc()).limit(limit)).all()
    values = values_of(contact, email)
    return [_offer(campaign, values) for campaign in newest]


def filled(session: Session, user_id: int, campaign_id: int, contact: Contact, email: str) -> Text:
    """The text of one of this person's campaigns, for somebody at this address.

    Nothing is taken from the campaign's list, whose rows may be old: only what is known of the person now.
    Raises NotFound, FieldsUnknown, TextRefused, MailTooLong.
    """
    campaign = session.scalar(_of(user_id).where(Campaign.id == campaign_id))
    if campaign is None:
        raise NotFound(what="campaign", given=campaign_id)
    values = values_of(contact, email)
    try:
        return _rendered(campaign, values)
    except MissingField as missing:
        raise FieldsUnknown(campaign.name, contact.name or email, _lacking(campaign, values, missing)) from None


def _offer(campaign: Campaign, values: Mapping[str, str]) -> Offer:
    try:
        return Offer(campaign, _rendered(campaign, values).subject)
    except MissingField as missing:
        return Offer(campaign, "", _lacking(campaign, values, missing))
    except DomainError:  # a text that cannot be used; whoever tries is told why
        return Offer(campaign, "")


def _rendered(campaign: Campaign, values: Mapping[str, str]) -> Text:
    subject = rendering.render_line(campaign.subject, values)
    return Text(campaign.name, subject, rendering.render(campaign.body, values).strip())


def _lacking(campaign: Campaign, values: Mapping[str, str], missing: MissingField) -> list[str]:
    """Every field that is needed and unknown, as the list called it; rendering stops at the first."""
    labels = {str(key): str(label) for key, label in campaign.columns}
    fields = dict.fromkeys(_needed(campaign, values)) or {missing.field: None}
    return [labels.get(field, field) for field in fields]


def values_of(contact: Contact, email: str) -> dict[str, str]:
    """What is known of a person, under every name that a list may have for it."""
    known = {name: str(getattr(contact, name)) for name in NAMES}
    if not calling.has_name(contact):
        known |= {"name": "", "first_name": "", "last_name": ""}
    values = {column: known[name] for name, columns in NAMES.items() for column in columns}
    values |= dict.fromkeys(_COMPANY, contact.company.name if contact.company else "")
    values |= dict.fromkeys(_EMAIL, email)
    return {column: value for column, value in values.items() if value.strip()}


def _of(user_id: int) -> Select[Campaign]:
    return (
        select(Campaign)
        .join(Mailbox, Mailbox.id == Campaign.mailbox_id)
        .where(Campaign.owner_id == user_id, Mailbox.owner_id == user_id)
    )


def _needed(campaign: Campaign, values: Mapping[str, str]) -> Iterator[str]:
    for text in (campaign.subject, campaign.body):
        for problem in rendering.check(text, values):
            if problem.blocking and "field" in problem.params:
                yield str(problem.params["field"])
