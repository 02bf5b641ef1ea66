"""A mail is being written: whom it goes to, where their deal stands, and presses that put something into it.

Nothing here writes to the database: what becomes of the draft is Gmail's and its writer's. So no act stands in the
diary, and a text of a campaign goes without its line to unsubscribe: this is one person's own mail to another.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlalchemy.orm import Session

from addon.domain.campaigns import own_texts
from addon.domain.contacts import calling
from addon.domain.contacts import queries as contacts
from addon.domain.deals import copying
from addon.domain.deals import queries as deals
from addon.domain.deals.copying import Copies, LeftOut
from addon.domain.errors import DomainError
from addon.i18n import Words
from addon.sidebar import acting, draft_changes, open_mail, replies, writing
from addon.sidebar.recipients import Recipients
from addon.sidebar.refusals import refusal
from addon.sidebar.rooms import Room
from addon.sidebar.visit import Visit
from addon.sidebar.widgets import Json

room = Room()

SCOPE = "https://www.googleapis.com/auth/gmail.addons.current.action.compose"
"""Google changes a draft only for an add-on that was granted this."""

_WHY = {
    LeftOut.UNSUBSCRIBED: "sidebar.compose.left.unsubscribed",
    LeftOut.BOUNCED: "sidebar.compose.left.bounced",
    LeftOut.UNWANTED: "sidebar.compose.left.unwanted",
    LeftOut.NO_ADDRESS: "sidebar.compose.left.no_address",
}


class RecipientsUnknown(DomainError):
    """Gmail did not say who is on the mail: a list of recipients that replaces theirs might lose somebody."""

    code = "sidebar.compose.recipients_unknown"


@room.trigger("compose")
def compose(visit: Visit) -> Json:
    if scopes := _missing(visit):
        return replies.ask_scopes(scopes)
    with visit.reading() as session:
        return replies.show(writing.card(session, visit))


@room.action("look_again")
def look_again(visit: Visit) -> Json:
    """After recipients were typed: Gmail does not call us by itself."""
    return _pressed(visit, lambda session: replies.replace(writing.card(session, visit)))


@room.action("insert_greeting")
def insert_greeting(visit: Visit) -> Json:
    """In the language of the person who is greeted."""

    def greet(session: Session) -> Json:
        contact = contacts.get(session, acting.named(visit, "contact"))
        words, name = Words(contact.locale), calling.first_name(contact)
        said = words("sidebar.compose.dear", name=name) if name else words("sidebar.compose.hello")
        return replies.write(draft_changes.greeting(said), notice=visit.say("sidebar.compose.greeted"))

    return _pressed(visit, greet)


@room.action("copy_in")
def copy_in(visit: Visit) -> Json:
    """The others on the deal get a copy; who had one keeps it."""

    def copied(session: Session) -> Json:
        deal = deals.get(session, acting.named(visit, "deal"))
        there = visit.asked.recipients
        if there is None:
            raise RecipientsUnknown
        found = copying.copies(session, deal, [*there.all, visit.email])
        if not found.added:
            key = "sidebar.compose.nobody_copied" if found.left_out else "sidebar.compose.all_there"
            return replies.notify(_told(visit, visit.say(key), found))
        names = visit.say("sidebar.compose.copied", names=", ".join(copy.name for copy in found.added))
        cc = [*there.cc, *(copy.email for copy in found.added)]
        return replies.write(draft_changes.copies(cc), notice=_told(visit, names, found))

    return _pressed(visit, copied)


@room.action("use_text")
def use_text(visit: Visit) -> Json:
    """The text of a campaign of one's own, filled with what is known of the person; whole or not at all."""

    def used(session: Session) -> Json:
        contact = contacts.get(session, acting.named(visit, "contact"))
        email = writing.address_of(session, contact, visit.asked.recipients or Recipients())
        text = own_texts.filled(session, visit.user_id, acting.named(visit, "campaign"), contact, email)
        notice = visit.say("sidebar.compose.inserted", name=text.name)
        return replies.write(draft_changes.text(text.subject, text.body), notice=notice)

    return _pressed(visit, used)


def _pressed(visit: Visit, answer: Callable[[Session], Json]) -> Json:
    """A refusal is said above the card as things are now; nothing is put into the mail."""
    if scopes := _missing(visit):
        return replies.ask_scopes(scopes)
    with visit.reading() as session:
        try:
            return answer(session)
        except DomainError as refused:
            return replies.replace(writing.card(session, visit), notice=refusal(visit.pen, refused))


def _missing(visit: Visit) -> Sequence[str]:
    """Permissions to be asked for. The one for headers only where Gmail keeps the recipients from us."""
    asked, missing = visit.asked, []
    if asked.scopes is not None and SCOPE not in asked.scopes:
        missing.append(SCOPE)
    if asked.recipients is None and not open_mail.may_read_headers(asked):
        missing.append(open_mail.SCOPE)
    return missing


def _told(visit: Visit, words: str, found: Copies) -> str:
    """With everybody who was left out, and why."""
    if not found.left_out:
        return words
    names = [visit.say("sidebar.compose.left.one", name=name, why=visit.say(_WHY[why])) for name, why in found.left_out]
    return f"{words} {visit.say('sidebar.compose.left_out', names=', '.join(names))}"
