"""What the inbox's pages share during a request: who is seated, their mailbox, their sidebar."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo

from flask import abort, current_app, redirect, url_for

from addon.i18n import Words
from addon.sandbox.inbox import devices
from addon.sandbox.inbox.changing import Undos
from addon.sandbox.inbox.contacts import Contacts
from addon.sandbox.inbox.events import Reader
from addon.sandbox.inbox.fault_stories import Stories
from addon.sandbox.inbox.folders import Folders
from addon.sandbox.inbox.gmail import Mailbox
from addon.sandbox.inbox.labels import Counts
from addon.sandbox.inbox.people import Cast
from addon.sandbox.inbox.reading import Person
from addon.sandbox.inbox.shelf import Shelf
from addon.sandbox.inbox.sidebar import Sidebar

MAIL_SCOPES = ("https://mail.google.com/",)


@dataclass(frozen=True)
class Inbox:
    """The parts of one inbox application."""

    google_url: str
    home: str
    zone: ZoneInfo
    people_file: Path
    cast: Cast
    shelf: Shelf
    words: Words
    folders: Folders
    sidebar: Sidebar
    stories: Stories
    counts: Counts = field(default_factory=Counts)
    undos: Undos = field(default_factory=Undos)

    @property
    def contacts(self) -> Contacts:
        """Whom people write with, as far as their mails were shown."""
        return self.folders.contacts

    def mailbox(self, person: Person) -> Mailbox:
        return Mailbox(self.google_url, self.shelf.access_token(person.email, MAIL_SCOPES))

    def reader(self, person: Person) -> Reader:
        return Reader(person.email, self.words.language, self.zone, devices.platform())


def here() -> Inbox:
    """The inbox whose request this is."""
    inbox: Inbox = current_app.extensions["inbox"]
    return inbox


def seated() -> Person:
    """Who sits here; somebody who has not chosen is sent to choose."""
    person = here().cast.seated()
    if person is None:
        abort(redirect(url_for("mailing.choose")))
    return person
