"""New deals and new people, from the mail that they come with; and what comes next."""

from __future__ import annotations

from sqlalchemy.orm import Session

from addon.domain import money
from addon.domain.contacts import operations as contacts
from addon.domain.contacts import queries as known
from addon.domain.deals import operations as deals
from addon.domain.deals.draft import DealDraft, filled
from addon.domain.errors import DomainError
from addon.domain.fields import finding, values
from addon.domain.fields.builtin import VALUE
from addon.domain.fields.refusals import NotAnAmount, Refused
from addon.domain.ladder import operations as ladder
from addon.domain.money import Money
from addon.domain.threads import operations as threads
from addon.domain.threads import queries as thread_queries
from addon.models import Contact, LinkedHow, Thread
from addon.sidebar import acting, conversation, new_deal_asks, replies, talk
from addon.sidebar.cards import unlinked
from addon.sidebar.rooms import Room
from addon.sidebar.talk import Talk
from addon.sidebar.visit import Visit
from addon.sidebar.widgets import Json

room = Room()


class NobodyToAdd(DomainError):
    """The mail has nobody outside on it."""

    code = "sidebar.nobody"


@room.action("new_deal")
def new_deal(visit: Visit) -> Json:
    """The form for one more deal, laid on top."""
    here = talk.of_press(visit.asked)
    with visit.reading() as session:
        contact = known.by_email(session, here.email)
        pen = visit.pen.carrying(here.parameters())
        form = conversation.new_deal_form(session, pen, here, contact)
        person = conversation.person_view(here, contact)
        if person is not None and not person.known:
            return replies.push(unlinked.stranger(person, form, pen))
        return replies.push(unlinked.without_deal(person, form, pen))


@room.action("create_deal")
def create_deal(visit: Visit) -> Json:
    """A deal, its person where they are new, and the link of the conversation, in one transaction.

    A conversation that belongs to a deal already gets no second one: so a double click makes one deal.
    """
    here = talk.of_press(visit.asked)
    try:
        with visit.writing() as session:
            thread = _held(session, visit, here)
            live = thread_queries.live_link(session, thread.id)
            if live is not None and live.deal.deleted_at is None:
                words = visit.say("sidebar.done.linked_already", title=live.deal.title)
            else:
                title = _create(session, visit, here, thread)
                words = visit.say("sidebar.done.created", title=title)
    except ladder.FieldsMissing as error:
        return new_deal_asks.ask(visit, here, error)
    return acting.redrawn(visit, here, words)


@room.action("add_person")
def add_person(visit: Visit) -> Json:
    """Remember who wrote; in a linked conversation they get a part in its deal."""
    here = talk.of_press(visit.asked)
    with visit.writing() as session:
        contact = _person(session, visit, here)
        if contact is None:
            raise NobodyToAdd
        deal_id = visit.asked.number("deal")
        if deal_id is not None:
            deals.add_person(session, deal_id, contact, at=visit.now)
        name = contact.name
    return acting.redrawn(visit, here, visit.say("sidebar.done.person", name=name))


@room.action("next_step")
def next_step(visit: Visit) -> Json:
    here, deal_id = talk.of_press(visit.asked), acting.named(visit, "deal")
    changes = {"next_step": visit.asked.typed("step"), "next_step_on": visit.asked.day("step_on")}
    with visit.writing() as session:
        deals.edit(session, deal_id, changes, at=visit.now)
    return acting.redrawn(visit, here, visit.say("sidebar.done.step"))


def _create(session: Session, visit: Visit, here: Talk, thread: Thread) -> str:
    contact, asked = _person(session, visit, here), visit.asked
    pipeline = new_deal_asks.chosen(session, visit)
    value = _value(session, visit, asked.typed("amount"), pipeline.currency)
    draft = DealDraft(
        title=asked.typed("title"),
        owner_id=visit.user_id,
        contact_id=contact.id if contact else None,
        company_id=contact.company_id if contact else None,
        value=value,
    )
    draft = filled(draft, new_deal_asks.given(session, visit, pipeline))
    deal = ladder.open_deal(session, draft, at=visit.now, pipeline_id=pipeline.id)
    threads.link(session, thread, deal.id, how=LinkedHow.EXPLICIT, at=visit.now)
    return deal.title


def _person(session: Session, visit: Visit, here: Talk) -> Contact | None:
    """The person at the other end, added where we do not know them; None where there is nobody."""
    contact = known.by_email(session, here.email)
    if contact is not None or not here.email:
        return contact
    wanted = visit.asked.typed("company") or visit.asked.parameter("company")
    company = known.company_by_domain(session, here.email) if wanted else None
    name = visit.asked.typed("name") or here.name
    return contacts.create(session, here.email, name=name, company=company, at=visit.now)


def _held(session: Session, visit: Visit, here: Talk) -> Thread:
    """The conversation's row, ours until the transaction ends, so that two presses take turns."""
    thread = threads.ensure_thread(session, acting.mailbox(session, visit).id, here.thread, at=visit.now)
    session.refresh(thread, with_for_update=True)
    return thread


def _value(session: Session, visit: Visit, typed: str, currency: str) -> Money | None:
    """Raises what says that nothing was created."""
    try:
        return values.amount_in(VALUE, typed, finding.reading(session, currency=currency))
    except NotAnAmount:
        raise money.NotAnAmount(given=typed) from None
    except Refused as error:
        error.params["field"] = visit.say("fields.deal.value")
        raise
