"""The card of a conversation: linked, fitting one deal, fitting several, or new. Reads only; every act ends in it."""

from __future__ import annotations

from sqlalchemy.orm import Session

from addon.domain.contacts import queries as contacts
from addon.domain.deals import queries as deals
from addon.domain.errors import NotFound
from addon.domain.inbox import queries as inbox
from addon.domain.mailboxes import queries as mailboxes
from addon.domain.pipelines import queries as pipelines
from addon.domain.threads import queries as threads
from addon.domain.verdicts.mails.envelope import bare
from addon.models import Contact, Deal, LinkQuestion, Mailbox, MailboxState, Thread, ThreadLink
from addon.sidebar import happened
from addon.sidebar.cards import deal as deal_cards
from addon.sidebar.cards import unlinked
from addon.sidebar.cards.views import DealView, NewDealView, NoteView, PersonView, PipelineView, Top
from addon.sidebar.correspondents import Person
from addon.sidebar.deal_view import deal_line, deal_view
from addon.sidebar.pen import Pen
from addon.sidebar.talk import Talk
from addon.sidebar.visit import Visit
from addon.sidebar.widgets import Json


def own_mailbox(session: Session, visit: Visit) -> Mailbox | None:
    """The mailbox beside the sidebar, where it is connected: the one of the person's own verified address."""
    owned = mailboxes.of_owner(session, visit.user_id)
    return next((mailbox for mailbox in owned if mailbox.email == visit.email), None)


def card(session: Session, visit: Visit, talk: Talk, *, note: str = "", machine: str = "") -> Json:
    """What is true of this conversation now. `note` is said above it, in the reader's words.

    `machine` says that no person wrote the open mail, and what it is: then nobody who is not known is to be added.
    """
    pen = visit.pen.carrying(talk.parameters())
    contact = contacts.by_email(session, talk.email)
    mailbox = own_mailbox(session, visit)
    if mailbox is None:
        fitting = deals.of_contact(session, contact.id, only_open=True) if contact else []
        return unlinked.not_connected(
            visit.email, person_view(talk, contact), [deal_line(deal, pen) for deal in fitting], pen
        )
    thread = threads.by_gmail(session, mailbox.id, talk.thread)
    link = threads.live_link(session, thread.id) if thread else None
    said = _note(note or machine, mailbox, link, pen)
    newcomer = contact is None and bool(machine)
    if link is not None and link.deal.deleted_at is None:
        return deal_cards.linked(
            _deal(session, link.deal, visit, pen, thread),
            person_view(talk, contact or _main_contact(link.deal, talk)) if not (newcomer and talk.email) else None,
            pen,
            note=said,
        )
    if newcomer:
        return unlinked.from_machine(pen, top=Top(said))
    return _unlinked(session, visit, pen, talk, contact, thread, said)


def person_view(talk: Talk, contact: Contact | None) -> PersonView | None:
    """The person at the other end; None where nobody outside is on the mail."""
    if contact is not None:
        return PersonView(
            name=contact.name,
            email=talk.email,
            known=True,
            title=contact.title,
            company=contact.company.name if contact.company else "",
        )
    return PersonView(name=talk.name, email=talk.email, known=False) if talk.email else None


def new_deal_form(session: Session, pen: Pen, talk: Talk, contact: Contact | None) -> NewDealView:
    """What a new deal is probably called, and where it may go."""
    found = [PipelineView(p.id, p.name, p.currency) for p in pipelines.live(session)]
    company = contact.company if contact else contacts.company_by_domain(session, talk.email)
    who = (contact.name if contact else "") or talk.name or talk.email
    title = company.name if company else who
    subject = bare(talk.subject)
    return NewDealView(
        title=pen.say("sidebar.new.suggested", who=title, subject=subject) if subject else title,
        pipelines=found,
        company=company.name if company and contact is None else "",
    )


def _unlinked(
    session: Session,
    visit: Visit,
    pen: Pen,
    talk: Talk,
    contact: Contact | None,
    thread: Thread | None,
    note: NoteView | None,
) -> Json:
    person, question = person_view(talk, contact), threads.question(session, thread.id) if thread else None
    fitting = _candidates(session, contact, question)
    dismissed = question is not None and question.dismissed_at is not None
    away = happened.taken_away(session, thread, pen, user_id=visit.user_id) if thread else None
    top = Top(note, away)
    if fitting and (len(fitting) > 1 or dismissed or _was_elsewhere(session, thread, fitting[0])):
        lines = [deal_line(deal, pen) for deal in fitting]
        return unlinked.which(lines, person, pen, dismissed=dismissed, top=top)
    if fitting:
        found = _deal(session, fitting[0], visit, pen, thread)
        return deal_cards.fitting(found, person, pen, top=Top(note, away or found.happened))
    if person is None:
        return unlinked.only_ours(pen, top=top)
    form = new_deal_form(session, pen, talk, contact)
    if contact is None:
        return unlinked.stranger(person, form, pen, top=top)
    earlier = [deal_line(deal, pen) for deal in deals.of_contact(session, contact.id)]
    return unlinked.without_deal(person, form, pen, earlier=earlier[:5], top=top)


def _was_elsewhere(session: Session, thread: Thread | None, deal: Deal) -> bool:
    """Whether the thread belonged to another deal before: then this one is only asked about, not proposed."""
    ever = threads.links_ever(session, thread.id) if thread else []
    return bool(ever) and ever[-1].deal_id != deal.id


def _deal(session: Session, deal: Deal, visit: Visit, pen: Pen, thread: Thread | None) -> DealView:
    thread_id = thread.id if thread else None
    return deal_view(session, deal, pen, user_id=visit.user_id, own=(visit.email,), thread_id=thread_id)


def _candidates(session: Session, contact: Contact | None, question: LinkQuestion | None) -> list[Deal]:
    """Open deals of the person; where a question is open, those that it names."""
    if question is not None and question.answered_at is None and question.dismissed_at is None:
        named = [deal for deal_id in question.candidates if (deal := _existing(session, deal_id))]
        if named:
            return named
    return list(deals.of_contact(session, contact.id, only_open=True)) if contact else []


def _existing(session: Session, deal_id: int) -> Deal | None:
    try:
        return deals.get(session, deal_id)
    except NotFound:
        return None


def _main_contact(deal: Deal, talk: Talk) -> Contact | None:
    """In a conversation among our own people, the person whom the deal is about."""
    return deal.contact if not talk.email else None


def _note(text: str, mailbox: Mailbox, link: ThreadLink | None, pen: Pen) -> NoteView | None:
    """One note at most: an act's own words, else a deal that is gone, else a grant that is gone."""
    if text:
        return NoteView(text)
    if link is not None and link.deal.deleted_at is not None:
        return NoteView(pen.say("sidebar.deal.deleted", title=link.deal.title, day=pen.day(link.deal.deleted_at)))
    return grant_note(mailbox, pen)


def grant_note(mailbox: Mailbox, pen: Pen) -> NoteView | None:
    """What to do where Gmail no longer lets us in."""
    if mailbox.state != MailboxState.RECONNECT:
        return None
    text = pen.say("sidebar.mailbox.lost", email=mailbox.email)
    return NoteView(text, pen.say("sidebar.mailbox.reconnect"), "/mailboxes")


def ours(session: Session) -> frozenset[str]:
    """Addresses of the team: nobody of them is the other end of a mail."""
    return inbox.own_addresses(session)


def talk_of_question(session: Session, question: LinkQuestion, sender: Person | None, subject: str) -> Talk:
    """The conversation that an open question is about."""
    return Talk(
        thread=threads.get(session, question.thread_id).gmail_thread_id,
        email=sender.email if sender else "",
        name=sender.name if sender else "",
        subject=subject,
    )
