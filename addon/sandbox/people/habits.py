"""What one person does about the mails that reach them. Pure: the same mails lead to the same steps, after any restart.

A person answers a conversation, not a mail: the first mail gets their kind of answer, the next one their second text,
and a mail that comes while an answer is still being thought about gets none of its own.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum

from addon.sandbox.gmail.mailbox.mime import Mail
from addon.sandbox.gmail.mailbox.outside import OutsideMail
from addon.sandbox.people.cast import Kind, Persona
from addon.sandbox.people.meetings import asks_for_a_meeting

NOTE_AGAIN = timedelta(days=4)
"""A vacation responder tells a sender this seldom."""
BACK_AT = time(9, 5)
"""The hour at which people are back, in their zone."""


class Part(StrEnum):
    """What a step is. Its value stands in the step's key, which is kept: never change one."""

    ANSWER = "reply"
    NOTE = "note"
    FAILED = "bounce"
    DELAYED = "delay"
    RSVP = "rsvp"
    SCAN = "scan"


@dataclass(frozen=True, order=True)
class Step:
    """One thing that happens at a moment of the world's time because of one mail."""

    at: datetime
    number: int
    """Of the mail in the world outside."""
    part: Part
    persona: Persona = field(compare=False)
    mail: OutsideMail = field(compare=False)
    text: str = field(compare=False, default="")
    """Template of what the person writes."""
    day: datetime | None = field(compare=False, default=None)
    """The day that the text names: of being back, or of being ready."""

    @property
    def key(self) -> str:
        """Names this step among all, for ever."""
        return f"{self.part}.{self.number}"

    @property
    def message_id(self) -> str:
        """Of the letter that it leads to: the same each time it is written."""
        known = hashlib.sha256(f"{self.key} {self.mail.rfc_id} {self.persona.email}".encode()).hexdigest()
        if self.part in (Part.FAILED, Part.DELAYED) and self.persona.report == "gmail":
            return f"<{known[:24]}.{self.number}@mx.google.com>"
        return f"<{known[:32]}.{self.number}@{self.persona.domain}>"


@dataclass
class _Talk:
    """A conversation, from this person's side."""

    turns: int = 0
    busy_until: datetime | None = None
    ready_on: datetime | None = None
    put_off: bool = False


class Habit:
    """Takes a person's mails one by one, in their order."""

    def __init__(self, persona: Persona) -> None:
        self._persona = persona
        self._talks: dict[str, _Talk] = {}
        self._place: dict[str, str] = {}
        """Message-ID, or sender and topic -> the conversation's key."""
        self._back: datetime | None = None
        self._noted: dict[str, datetime] = {}

    def react(self, mail: OutsideMail) -> list[Step]:
        """What happens because of this mail, soonest first."""
        steps = sorted(self._steps(mail))
        return steps

    def _steps(self, mail: OutsideMail) -> Iterator[Step]:
        persona, sent, read = self._persona, datetime.fromtimestamp(mail.date / 1000, UTC), Mail(mail.raw)
        if persona.kind is Kind.BOUNCE:
            yield Step(sent + persona.after, mail.number, Part.FAILED, persona, mail)
            return
        if persona.kind is Kind.SCANNER:
            yield Step(sent, mail.number, Part.SCAN, persona, mail)
        if read.first("Auto-Submitted").lower() not in ("", "no"):
            return  # a robot that answers robots never ends
        talk = self._talk(mail, read)
        if persona.kind is Kind.AWAY:
            yield from self._away(mail, talk, sent)
        elif persona.kind is Kind.SOFT_BOUNCE and not talk.turns:
            yield Step(sent + persona.after, mail.number, Part.DELAYED, persona, mail)
            yield from self._answer(mail, talk, sent, persona.answers_after)
        else:
            yield from self._answer(mail, talk, sent, persona.after)

    def _away(self, mail: OutsideMail, talk: _Talk, sent: datetime) -> Iterator[Step]:
        persona = self._persona
        back = self._back = self._back or _workday(sent, persona)
        if sent >= back:
            yield from self._answer(mail, talk, sent, persona.after + timedelta(minutes=1))
            return
        if mail.sender not in self._noted or sent - self._noted[mail.sender] >= NOTE_AGAIN:
            self._noted[mail.sender] = sent
            yield Step(sent + persona.after, mail.number, Part.NOTE, persona, mail, persona.first, back)
        yield from self._answer(mail, talk, sent, back + timedelta(minutes=mail.number % 40) - sent)

    def _answer(self, mail: OutsideMail, talk: _Talk, sent: datetime, after: timedelta) -> Iterator[Step]:
        if talk.busy_until is not None and sent < talk.busy_until:
            return
        persona = self._persona
        if asks_for_a_meeting(mail.raw) or (persona.kind is Kind.MEETING and not talk.turns):
            step = Step(sent + after, mail.number, Part.RSVP, persona, mail)
        else:
            text = self._text(talk, sent)
            if not text:
                return
            step = Step(sent + after, mail.number, Part.ANSWER, persona, mail, text, talk.ready_on)
        talk.turns += 1
        talk.busy_until = step.at
        self._place[step.message_id] = self._place[mail.rfc_id]
        yield step

    def _text(self, talk: _Talk, sent: datetime) -> str:
        persona = self._persona
        if persona.kind is Kind.LATER:
            return self._text_of_later(talk, sent)
        if persona.kind is Kind.REMOVE_ME:
            return persona.then if talk.turns else persona.first
        first = persona.on_return if persona.kind is Kind.AWAY else persona.first
        return {0: first, 1: persona.then}.get(talk.turns, "")

    def _text_of_later(self, talk: _Talk, sent: datetime) -> str:
        persona = self._persona
        if talk.ready_on is None:
            talk.ready_on = _workday(sent, persona)
            return persona.first
        if sent < talk.ready_on:
            text = "" if talk.put_off else persona.early
            talk.put_off = True
            return text
        return persona.then if talk.turns < (3 if talk.put_off else 2) else ""

    def _talk(self, mail: OutsideMail, read: Mail) -> _Talk:
        """The conversation that the mail belongs to: by its reply chain, else, for an answer, by its subject.

        Whoever asked to be left alone takes everything from one sender for one conversation.
        """
        topic = f"{mail.sender} {read.topic}"
        known = [self._place[id] for id in reversed(read.references) if id in self._place]
        if self._persona.kind is Kind.REMOVE_ME:
            key = mail.sender
        elif known:
            key = known[0]
        else:
            key = self._place.get(topic, mail.rfc_id) if read.references else mail.rfc_id
        self._place[mail.rfc_id] = self._place[topic] = key
        return self._talks.setdefault(key, _Talk())


def _workday(sent: datetime, persona: Persona) -> datetime:
    """The morning that the person names: so many days from a mail, and never on a weekend."""
    day = sent.astimezone(persona.zone).date() + timedelta(days=persona.days)
    day += timedelta(days={5: 2, 6: 1}.get(day.weekday(), 0))
    return datetime.combine(day, BACK_AT, persona.zone).astimezone(UTC)
