"""The diary in words: who did what, and the marked sentence that caused it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from addon.domain.contacts import queries as contacts
from addon.domain.errors import NotFound
from addon.domain.teams import queries as teams
from addon.domain.threads import queries as threads
from addon.domain.threads import sharing
from addon.i18n import Words
from addon.models import Activity, ActorKind, Campaign, Company, LinkedHow, Message, Outgoing, Recipient, Sharing

ICONS = {
    "deal.created": ("open", "plus"),
    "deal.moved": ("won", "check"),
    "deal.edited": ("quiet", "pencil"),
    "deal.person_added": ("quiet", "people"),
    "deal.deleted": ("lost", "no"),
    "thread.linked": ("open", "link"),
    "thread.unlinked": ("quiet", "link"),
    "thread.shared": ("quiet", "eye"),
    "mail.received": ("open", "mail"),
    "mail.sent": ("quiet", "send"),
}
"""State and icon by kind; what is not named here is drawn quietly."""


@dataclass(frozen=True)
class QuoteView:
    text: str
    source: str = ""


@dataclass(frozen=True, kw_only=True)
class ActWords:
    """A sentence with one strong part: before, strong, after."""

    lead: str = ""
    strong: str = ""
    words: str = ""


@dataclass(frozen=True)
class Teller:
    """Says entries to one reader."""

    session: Session
    say: Words
    reader_id: int
    now: datetime

    def tell(self, entry: Activity) -> ActWords:
        if entry.undoes_id is not None:
            return self._took_back(entry)
        if entry.kind == "deal.moved":
            return self._moved(entry)
        key = f"web.acts.{entry.kind.replace('.', '_')}"
        if entry.kind == "deal.edited":
            return ActWords(words=self._edited(entry))
        if entry.kind in ("mail.received", "mail.sent"):
            return ActWords(words=self._mail(entry))
        if not self.say.has(key):
            return ActWords(words=self.say("web.acts.other", who=self.actor(entry)))
        if entry.after.get("how") == LinkedHow.EXPLICIT:
            key += "_by_hand"
        return ActWords(words=self.say(key, who=self.actor(entry), **self._details(entry)))

    def icon(self, entry: Activity) -> tuple[str, str]:
        if entry.undoes_id is not None:
            return "quiet", "undo"
        if entry.actor_kind == ActorKind.RULE:
            return "won", "bolt"
        return ICONS.get(entry.kind, ("quiet", "pencil"))

    def actor(self, entry: Activity) -> str:
        """Who did it, as the subject of a sentence."""
        if entry.actor_kind in (ActorKind.RULE, ActorKind.MACHINE, ActorKind.GUEST, ActorKind.OPERATOR):
            return self.say(f"web.acts.who.{entry.actor_kind}")
        if entry.actor_id == self.reader_id:
            return self.say("web.acts.who.you")
        return self._user(entry.actor_id)

    def quote(self, entry: Activity) -> QuoteView | None:
        """The sentence that caused it, where the reader may see it."""
        evidence = entry.evidence
        if evidence is None or evidence.message_id is None:
            return None
        message = self.session.get(Message, evidence.message_id)
        if message is None:
            return None
        level = threads.level_of_message(self.session, message.id)
        if evidence.quote is None or evidence.erased_at is not None or not sharing.allows(level, Sharing.QUOTE):
            return None
        return QuoteView(evidence.quote, self._source(message))

    def from_whom(self, entry: Activity) -> str:
        """Whose mail made a rule act; empty where no mail did."""
        message_id = entry.evidence.message_id if entry.evidence else None
        message = self.session.get(Message, message_id) if message_id else None
        return (message.from_name or message.from_email) if message else ""

    def _source(self, message: Message) -> str:
        who = message.from_name or message.from_email
        when = self.say.moment(message.received_at, now=self.now)
        return self.say("web.acts.quote_source", who=who, when=when, subject=message.subject)

    def _moved(self, entry: Activity) -> ActWords:
        texts = self._texts(entry)
        left, entered = texts.get("left", ""), texts.get("entered", "")
        if not left:
            return ActWords(words=self.say("web.acts.entered", stage=entered, who=self.actor(entry)))
        by = "by_rule" if entry.actor_kind == ActorKind.RULE else "by"
        if entry.after.get("quietly"):
            by = "by_quietly"
        return ActWords(strong=f"{left} → {entered}", words=self.say(f"web.acts.{by}", who=self._object(entry)))

    def _mail(self, entry: Activity) -> str:
        """That it came or went, and whose it is: so much every colleague may see."""
        if entry.after.get("outgoing_id"):
            return self._campaign_mail(entry.after["outgoing_id"])
        message = self.session.get(Message, entry.after.get("message_id"))
        who = (message.from_name or message.from_email) if message else self.say("web.acts.who.somebody")
        key = f"web.acts.mail.{entry.after.get('kind')}"
        return self.say(key if self.say.has(key) else "web.acts.mail.other", who=who)

    def _campaign_mail(self, outgoing_id: int) -> str:
        found = self.session.execute(
            select(Campaign.name, Recipient.contact_id)
            .join(Recipient, Recipient.campaign_id == Campaign.id)
            .join(Outgoing, Outgoing.recipient_id == Recipient.id)
            .where(Outgoing.id == outgoing_id)
        ).one_or_none()
        campaign, contact_id = found or ("", None)
        who = self._contact(contact_id) if contact_id else self.say("web.acts.who.somebody_object")
        return self.say("web.acts.mail.campaign", campaign=campaign, who=who)

    def _took_back(self, entry: Activity) -> ActWords:
        if entry.kind == "deal.moved":
            texts = self._texts(entry)
            back = f"{texts.get('entered', '')} → {texts.get('left', '')}"
            return ActWords(lead=self.say("web.acts.took_back", who=self.actor(entry)), strong=back)
        key = f"web.acts.took_back_{entry.kind.replace('.', '_')}"
        key = key if self.say.has(key) else "web.acts.took_back_other"
        return ActWords(words=self.say(key, who=self.actor(entry)))

    def _object(self, entry: Activity) -> str:
        if entry.actor_kind == ActorKind.USER and entry.actor_id == self.reader_id:
            return self.say("web.acts.who.you_object")
        return self.actor(entry)

    def _details(self, entry: Activity) -> dict[str, str]:
        contact_id = entry.after.get("contact_id")
        return {
            "title": self._texts(entry).get("title", ""),
            "person": self._contact(contact_id) if contact_id else "",
            "how": self.say(f"web.acts.how.{entry.after['how']}") if entry.after.get("how") else "",
        }

    def _edited(self, entry: Activity) -> str:
        texts = self._texts(entry)
        before = {**entry.before, **texts.get("before", {})}
        after = {**entry.after, **texts.get("after", {})}
        if set(after) & {"amount", "currency"}:
            before["value"], after["value"] = self._value(before, after), self._value(after, before)
            for name in ("amount", "currency"):
                before.pop(name, None), after.pop(name, None)
        changes = [self._change(name, before.get(name), new) for name, new in after.items()]
        return self.say("web.acts.deal_edited", who=self.actor(entry), changes="; ".join(changes))

    def _change(self, name: str, old: Any, new: Any) -> str:
        field = self.say(f"web.fields.in_sentence.{name}")
        was, now = self._shown(name, old), self._shown(name, new)
        if not was:
            return self.say("web.acts.set", field=field, new=now)
        return self.say("web.acts.changed" if now else "web.acts.emptied", field=field, old=was, new=now)

    def _shown(self, name: str, value: Any) -> str:
        if value in (None, ""):
            return ""
        show = self._lookups().get(name)
        return show(value) if show else str(value)

    def _lookups(self) -> Mapping[str, Callable[[Any], str]]:
        return {
            "owner_id": self._user,
            "contact_id": self._contact,
            "referred_by_id": self._contact,
            "company_id": self._company,
            "expected_close": self._day,
            "next_step_on": self._day,
        }

    def _value(self, mine: Mapping[str, Any], other: Mapping[str, Any]) -> str:
        """An entry holds only what changed, so the currency may stand on one side, or on none."""
        amount = mine.get("amount", other.get("amount"))
        if amount is None:
            return ""
        currency = mine.get("currency") or other.get("currency")
        return self.say.money(Decimal(amount), currency) if currency else f"{Decimal(amount):,.2f}".removesuffix(".00")

    def _day(self, value: str) -> str:
        return self.say.day(date.fromisoformat(value), today=self.say.today(self.now))

    def _user(self, user_id: int | None) -> str:
        try:
            return teams.get_user(self.session, user_id).name if user_id else self.say("web.acts.who.somebody")
        except NotFound:
            return self.say("web.acts.who.somebody")

    def _contact(self, contact_id: int) -> str:
        try:
            return contacts.get(self.session, contact_id).name
        except NotFound:
            return self.say("web.acts.who.somebody")

    def _company(self, company_id: int) -> str:
        company = self.session.get(Company, company_id)
        return company.name if company else ""

    @staticmethod
    def _texts(entry: Activity) -> Mapping[str, Any]:
        return entry.detail.texts if entry.detail else {}
