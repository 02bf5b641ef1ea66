"""A message is opened: who wrote, which deal, what next."""

from __future__ import annotations

from addon.domain.ports.mailbox import MailHead
from addon.sidebar import conversation, correspondents, machines, open_mail, replies, talk
from addon.sidebar.cards.trouble import trouble
from addon.sidebar.correspondents import Person
from addon.sidebar.rooms import Room
from addon.sidebar.visit import Visit
from addon.sidebar.widgets import Json

room = Room()


@room.trigger("message")
def message(visit: Visit) -> Json:
    drawn = _drawn(visit)
    return replies.show(drawn) if isinstance(drawn, dict) else replies.ask_scopes([open_mail.SCOPE])


@room.action("refresh")
def refresh(visit: Visit) -> Json:
    """Draw anew, also after a trouble: then the message is read again."""
    drawn = _drawn(visit)
    return replies.replace(drawn) if isinstance(drawn, dict) else replies.ask_scopes([open_mail.SCOPE])


def _drawn(visit: Visit) -> Json | None:
    """The card of the open message; None where the headers have to be asked for first."""
    say = visit.say
    try:
        head = open_mail.head(visit.services, visit.asked)
    except open_mail.NoMailOpen:
        return trouble(visit.pen, say("sidebar.mail.none"), say("sidebar.mail.none_text"))
    except open_mail.HeadersNotGranted:
        return None
    except open_mail.OutOfReach:
        return trouble(visit.pen, say("sidebar.mail.reopen"), say("sidebar.mail.reopen_text"), home=False)
    except open_mail.GmailSilent:
        return trouble(visit.pen, say("sidebar.mail.silent"), say("sidebar.mail.silent_text"), again=True)
    return _card(visit, head)


def _card(visit: Visit, head: MailHead) -> Json:
    with visit.reading() as session:
        person = correspondents.other_end(head, ours=conversation.ours(session) | {visit.email})
        if machines.is_report(head):
            person = machines.concerned(session, visit, head)
        return conversation.card(session, visit, talk.of_mail(head, person), machine=_machine(visit, head, person))


def _machine(visit: Visit, head: MailHead, about: Person | None) -> str:
    """What the mail is where no person wrote it; empty where one did."""
    if machines.is_report(head) and about is not None:
        return visit.say("sidebar.machine.report_about", email=about.email)
    if machines.is_report(head):
        return visit.say("sidebar.machine.report")
    return visit.say("sidebar.machine.automatic") if machines.is_automatic(head) else ""
