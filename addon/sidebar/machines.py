"""Mail that no person wrote: delivery reports and automatic answers, told by their heads. Nobody is added from one."""

from __future__ import annotations

from sqlalchemy.orm import Session

from addon.domain.outgoing import queries as outgoing
from addon.domain.ports.mailbox import MailHead
from addon.sidebar import conversation
from addon.sidebar.correspondents import Person, people
from addon.sidebar.visit import Visit

_MAILERS = frozenset({"mailer-daemon", "postmaster"})


def is_report(head: MailHead) -> bool:
    """Whether a mail server writes what became of a mail."""
    locals_ = {person.email.rpartition("@")[0] for person in people(head.headers.get("from", ()))}
    kind = head.header("content-type").lower()
    return bool(locals_ & _MAILERS or head.header("x-failed-recipients")) or kind.startswith("multipart/report")


def is_automatic(head: MailHead) -> bool:
    """Whether a machine answers for a person, such as while they are away."""
    said = head.header("auto-submitted").strip().lower()
    return bool(said) and not said.startswith("no")


def concerned(session: Session, visit: Visit, head: MailHead) -> Person | None:
    """Whom a report is about: whom our mail of this thread went to, else whom the report names; None where neither."""
    mailbox = conversation.own_mailbox(session, visit)
    ours = outgoing.of_thread(session, mailbox.id, head.thread_id.lower()) if mailbox else None
    if ours is not None:
        return Person("", ours.address.email)
    return next(iter(people(head.headers.get("x-failed-recipients", ()))), None)
