"""The diary in words: who did what, and the marked sentence that caused it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from addon.domain.threads import queries as threads
from addon.domain.threads import sharing
from addon.i18n import Words
from addon.models import Activity, ActorKind, Campaign, LinkedHow, Message, Outgoing, Recipient, Sharing
from addon.web.diary import act_icons
from addon.web.diary.act_changes import CHANGING, Changes
from addon.web.diary.act_letters import all_apart, apart
from addon.web.diary.act_names import Names


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

    @property
    def whole(self) -> str:
        return " ".join(part for part in (self.lead, self.strong, self.words) if part)


@dataclass(frozen=True)
class Teller:
    """Says entries to one reader."""

    session: Session
    say: Words
    reader_id: int
    now: datetime

    @cached_property
    def names(self) -> Names:
        return Names(self.session, self.say, self.now)

    def tell(self, entry: Activity) -> ActWords:
        """Every kind of entry has words: `acts.<kind>`, or a sentence of its own."""
        if entry.undoes_id is not None:
            return self._took_back(entry)
        if entry.kind == "deal.moved":
            return self._moved(entry)
        if entry.kind in ("mail.received", "mail.sent"):
            return ActWords(words=self._mail(entry))
        return ActWords(words=self._plainly(entry))

    def icon(self, entry: Activity) -> tuple[str, str]:
        if entry.undoes_id is not None:
            return "quiet", "undo"
        if entry.actor_kind == ActorKind.RULE:
            return "won", "bolt"
        return act_icons.icon(entry.kind)

    def actor(self, entry: Activity) -> str:
        """Who did it, as the subject of a sentence."""
        if entry.actor_kind in (ActorKind.RULE, ActorKind.MACHINE, ActorKind.GUEST, ActorKind.OPERATOR):
            return self.say(f"web.acts.who.{entry.actor_kind}")
        if entry.actor_id == self.reader_id:
            return self.say("web.acts.who.you")
        return self.names.user(entry.actor_id)

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

    def _plainly(self, entry: Activity) -> str:
        params = all_apart({"who": self.actor(entry), **self._details(entry)})
        if entry.kind in CHANGING:
            params["changes"] = Changes(self.names).told(entry) or self.say("acts.in_sentence.other")
        name = entry.kind.replace(".", "_")
        by_hand = entry.kind == "thread.linked" and entry.after.get("how") == LinkedHow.EXPLICIT
        keys = ([f"web.acts.{name}_by_hand"] if by_hand else []) + [f"acts.{entry.kind}", f"web.acts.{name}"]
        return self.say(next((key for key in keys if self.say.has(key)), "web.acts.other"), **params)

    def _moved(self, entry: Activity) -> ActWords:
        texts = self._texts(entry)
        left, entered = texts.get("left", ""), texts.get("entered", "")
        if not left:
            return ActWords(words=self.say("web.acts.entered", stage=entered, who=self.actor(entry)))
        by = "by_rule" if entry.actor_kind == ActorKind.RULE else "by"
        if entry.after.get("quietly"):
            by = "by_quietly"
        said = self.say(f"web.acts.{by}", who=self._object(entry))
        lines = entry.before.get("pipeline_id"), entry.after.get("pipeline_id")
        if all(lines) and lines[0] != lines[1]:
            said = self.say("acts.moved_over", how=said, pipeline=self.names.called("pipeline", lines[1]))
        if texts.get("lost_reason"):
            said = self.say("acts.moved_because", how=said, reason=apart(texts["lost_reason"]))
        return ActWords(strong=f"{apart(left)} → {apart(entered)}", words=said)

    def _mail(self, entry: Activity) -> str:
        """That it came or went, and whose it is: so much every colleague may see."""
        if entry.after.get("outgoing_id"):
            return self._campaign_mail(entry.after["outgoing_id"])
        message_id = entry.after.get("message_id")
        message = self.session.get(Message, message_id) if message_id else None
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
        who = self.names.contact(contact_id) if contact_id else self.say("web.acts.who.somebody_object")
        return self.say("web.acts.mail.campaign", campaign=campaign, who=who)

    def _took_back(self, entry: Activity) -> ActWords:
        who = self.actor(entry)
        if entry.kind == "deal.moved":
            texts = self._texts(entry)
            back = f"{apart(texts.get('entered', ''))} → {apart(texts.get('left', ''))}"
            return ActWords(lead=self.say("web.acts.took_back", who=who), strong=back)
        key = f"web.acts.took_back_{entry.kind.replace('.', '_')}"
        if self.say.has(key):
            return ActWords(words=self.say(key, who=who))
        before = self.session.get(Activity, entry.undoes_id)
        redone = self.session.get(Activity, before.undoes_id) if before is not None and before.undoes_id else None
        meant = redone or before
        if meant is None or meant.undoes_id is not None:
            return ActWords(words=self.say("web.acts.took_back_other", who=who))
        return ActWords(words=self.say("acts.redone" if redone else "acts.undone", who=who, act=self.tell(meant).whole))

    def _object(self, entry: Activity) -> str:
        if entry.actor_kind == ActorKind.USER and entry.actor_id == self.reader_id:
            return self.say("web.acts.who.you_object")
        return self.actor(entry)

    def _details(self, entry: Activity) -> dict[str, Any]:
        """What fills the sentences, of any kind."""
        texts, held = self._texts(entry), {**entry.before, **entry.after}
        title = next((texts[key] for key in ("title", "name", "file", "email", "text") if _is_text(texts.get(key))), "")
        contact_id, user_id = held.get("contact_id"), held.get("user_id")
        if entry.subject_kind == "user":
            user_id = entry.subject_id
        return {
            "title": title or self._subject(entry),
            "stage": texts.get("stage", "") or self.names.called("stage", held.get("stage_id")),
            "target": texts.get("target", ""),
            "what": self._subject(entry),
            "person": self.names.contact(contact_id) if contact_id else "",
            "user": self.names.user(user_id) if user_id else "",
            "role": texts.get("role", "") if _is_text(texts.get("role")) else "",
            "pipeline": self.names.called("pipeline", held.get("pipeline_id")),
            "n": int(held.get("count") or held.get("at") or held.get("rows") or held.get("moved") or 0),
            "how": self.say(f"web.acts.how.{entry.after['how']}") if entry.after.get("how") else "",
        }

    def _subject(self, entry: Activity) -> str:
        known = entry.subject_kind in ("deal", "contact", "company", "pipeline", "field", "view", "user")
        return self.names.called(entry.subject_kind, entry.subject_id) if known else ""

    @staticmethod
    def _texts(entry: Activity) -> Mapping[str, Any]:
        return entry.detail.texts if entry.detail else {}


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value)
