"""Which conversation a card is about. It travels in the parameters of every press, so that a click asks Gmail nothing.

Its thread id is one that Gmail's API returned, never the event's. It comes back from the browser, so it is checked for
its shape and only ever looked up in the person's own mailbox.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from addon.domain.errors import DomainError
from addon.domain.ports.mailbox import MailHead
from addon.domain.verdicts.mails.headers import decode_words
from addon.sidebar.correspondents import Person
from addon.sidebar.request import SidebarRequest

_THREAD = re.compile(r"[0-9a-f]{1,16}")


class NoConversation(DomainError):
    """The press does not say which conversation is meant: the card is from another time."""

    code = "sidebar.no_conversation"


@dataclass(frozen=True, kw_only=True)
class Talk:
    thread: str
    """Gmail's own id, hex."""
    email: str
    """Of the person at the other end; empty where there is none."""
    name: str
    subject: str

    def parameters(self) -> dict[str, str]:
        return {"thread": self.thread, "email": self.email, "name": self.name, "subject": self.subject}


def of_mail(head: MailHead, person: Person | None) -> Talk:
    """Of the open mail, as Gmail answered it."""
    subject = " ".join(decode_words(head.header("subject")).split())[:200]
    return Talk(
        thread=head.thread_id.lower(),
        email=person.email if person else "",
        name=person.name if person else "",
        subject=subject,
    )


def of_press(asked: SidebarRequest) -> Talk:
    """Of the pressed button. Raises NoConversation."""
    thread = asked.parameter("thread")
    if not _THREAD.fullmatch(thread):
        raise NoConversation
    return Talk(
        thread=thread,
        email=asked.parameter("email")[:320],
        name=asked.parameter("name")[:200],
        subject=asked.parameter("subject")[:200],
    )
