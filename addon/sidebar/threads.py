"""Saying to which deal a conversation belongs, and that it belongs to none."""

from __future__ import annotations

from collections.abc import Sequence

from addon.domain.contacts import queries as contacts
from addon.domain.deals import queries as deals
from addon.domain.errors import NotFound
from addon.domain.threads import operations as threads
from addon.domain.threads import queries
from addon.domain.threads.operations import NotLinked
from addon.models import LinkedHow, LinkQuestion, Message
from addon.sidebar import acting, conversation, replies, talk
from addon.sidebar.correspondents import Person
from addon.sidebar.rooms import Room
from addon.sidebar.visit import Visit
from addon.sidebar.widgets import Json

room = Room()


@room.action("link_thread")
def link_thread(visit: Visit) -> Json:
    """The primary button where one deal fits."""
    return _linked(visit, acting.named(visit, "deal"))


@room.action("answer_question")
def answer_question(visit: Visit) -> Json:
    """One of several deals was chosen; the answer is remembered as an explicit link."""
    return _linked(visit, acting.chosen(visit, "deal"))


@room.action("dismiss_question")
def dismiss_question(visit: Visit) -> Json:
    """None of them: what was kept of the conversation goes, and nobody is asked again."""
    here = talk.of_press(visit.asked)
    with visit.writing() as session:
        thread = threads.ensure_thread(session, acting.mailbox(session, visit).id, here.thread, at=visit.now)
        if queries.question(session, thread.id) is None:
            # The mail may not have been synced yet; the answer is remembered all the same.
            contact = contacts.by_email(session, here.email)
            fitting = deals.of_contact(session, contact.id, only_open=True) if contact else []
            threads.ask(session, thread, None, [deal.id for deal in fitting], at=visit.now)
        threads.dismiss_question(session, thread, at=visit.now)
    return acting.redrawn(visit, here, visit.say("sidebar.done.dismissed"))


@room.action("unlink")
def unlink(visit: Visit) -> Json:
    here, deal_id = talk.of_press(visit.asked), acting.named(visit, "deal")
    with visit.writing() as session:
        thread = queries.by_gmail(session, acting.mailbox(session, visit).id, here.thread)
        live = queries.live_link(session, thread.id) if thread else None
        if thread is None or live is None or live.deal_id != deal_id:
            raise NotLinked
        threads.unlink(session, thread, at=visit.now)
        title = live.deal.title
    return acting.redrawn(visit, here, visit.say("sidebar.done.unlinked", title=title))


@room.action("open_question")
def open_question(visit: Visit) -> Json:
    """From the homepage: the conversation that a question is about, laid on top."""
    with visit.reading() as session:
        question = _own_question(visit, queries.open_questions(session))
        sender, subject = None, ""
        message = session.get(Message, question.message_id) if question.message_id else None
        if message is not None:
            subject = message.subject
            if message.from_email not in conversation.ours(session):
                sender = Person(message.from_name, message.from_email)
        here = conversation.talk_of_question(session, question, sender, subject)
        return replies.push(conversation.card(session, visit, here))


def _linked(visit: Visit, deal_id: int) -> Json:
    here = talk.of_press(visit.asked)
    with visit.writing() as session:
        thread = threads.ensure_thread(session, acting.mailbox(session, visit).id, here.thread, at=visit.now)
        threads.link(session, thread, deal_id, how=LinkedHow.EXPLICIT, at=visit.now)
        title = deals.get(session, deal_id).title
    return acting.redrawn(visit, here, visit.say("sidebar.done.linked", title=title))


def _own_question(visit: Visit, found: Sequence[LinkQuestion]) -> LinkQuestion:
    """One that is still open and this person's to answer. Raises NotFound."""
    wanted = acting.named(visit, "question")
    question = next((question for question in found if question.id == wanted), None)
    if question is None:
        raise NotFound(what="question", given=wanted)
    return question
