"""Anna's deal with a linked mail that lies in her Gmail on this machine, which gave us a grant."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select
from werkzeug.test import TestResponse

from addon.domain.mailboxes import operations as mailboxes
from addon.domain.threads import operations as threads
from addon.domain.verdicts import judge, to_json
from addon.integrations.google.consent import SCOPES
from addon.models import Activity, LinkedHow, Mailbox, Message, MessageFacts, Sharing, Sighting
from tests.domain.verdicts.mails import multipart
from tests.web.google_nearby import ANNA, GoogleNearby
from tests.web.web_world import MONDAY, World

SECRET = "The quokka budget is forty"
TEXT = f"{SECRET} <b>tyres</b>.\r\n\r\nOn Mon, 2 Mar 2026, Anna <{ANNA}> wrote:\r\n> How many?\r\n"
RAW = multipart(
    ("text/plain; charset=utf-8", TEXT),
    ('application/pdf; name="terms.pdf"\r\nContent-Disposition: attachment; filename="terms.pdf"', "x" * 3000),
    subject="Tyres for spring",
)


@dataclass
class Office:
    made: World
    google: GoogleNearby
    deal: int = 0
    mail: int = 0

    def show(self, **more: object) -> TestResponse:
        return self.made.post(f"/deals/{self.deal}/mails/{self.mail}", **more)

    def share(self, level: Sharing) -> None:
        with self.made.database.writing(self.made.viewer) as session:
            mailboxes.share(session, self.made.mailbox.id, level, at=MONDAY)

    def noted(self) -> int:
        with self.made.database.reading(self.made.viewer) as session:
            return len(session.scalars(select(Activity).where(Activity.kind == "mail.shown")).all())

    def mailbox(self) -> Mailbox:
        with self.made.database.reading(self.made.viewer) as session:
            return session.get_one(Mailbox, self.made.mailbox.id)


def office(made: World, google: GoogleNearby) -> Office:
    office = Office(made, google, made.deal("Forty tyres"))
    [found] = google.gmail.deliver(RAW, [ANNA], at=MONDAY - timedelta(hours=3))
    with made.database.writing(made.viewer) as session:
        token = google.gmail.grants.issue(ANNA, SCOPES)
        mailboxes.connect(session, owner_id=made.anna.id, email=ANNA, refresh_token=token, at=MONDAY)
        thread = threads.ensure_thread(session, made.mailbox.id, found.thread_id, at=MONDAY)
        threads.link(session, thread, office.deal, how=LinkedHow.EXPLICIT, at=MONDAY)
        at = MONDAY - timedelta(hours=3)
        message = Message(identity="1" * 64, from_email="ana@acme.test", from_name="Ana Rossi", received_at=at)
        session.add(message)
        session.flush()
        place = {"mailbox_id": made.mailbox.id, "gmail_id": found.message_id, "thread_id": thread.id}
        session.add(Sighting(message_id=message.id, seen_at=MONDAY, **place))
        facts = judge(RAW).facts
        stored = {"classifier": facts.classifier, "kind": facts.kind, "facts": to_json(facts)}
        session.add(MessageFacts(message_id=message.id, read_at=MONDAY, **stored))
    office.mail = message.id
    return office
