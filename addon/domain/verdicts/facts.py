"""What is known of a mail once it was judged. MessageFacts is what may be stored; it holds no body."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from addon.domain.verdicts.mails.envelope import Envelope

CLASSIFIER = 4
"""Raised whenever the same mail may be judged otherwise than before."""

QUOTE = 300
"""Characters at most of any quoted header, field or sentence."""


class Kind(StrEnum):
    """What a mail is; where it is several things, the first of these."""

    OWN = "own"
    BOUNCE = "bounce"
    DELAY = "delay"
    DELIVERED = "delivered"
    READ = "read"
    COMPLAINT = "complaint"
    CALENDAR_ACCEPTED = "calendar_accepted"
    CALENDAR_DECLINED = "calendar_declined"
    CALENDAR_TENTATIVE = "calendar_tentative"
    CALENDAR_OTHER = "calendar_other"
    OUT_OF_OFFICE = "out_of_office"
    AUTO_REPLY = "auto_reply"
    UNSUBSCRIBE = "unsubscribe"
    BULK = "bulk"
    HUMAN = "human"


class Severity(StrEnum):
    """How bad a bounce is: the address is dead; try later; refused for what was sent or by whom."""

    HARD = "hard"
    SOFT = "soft"
    BLOCKED = "blocked"


class What(StrEnum):
    """What a person can say. An answer that says none of it is left to the rep."""

    REMOVE_ME = "remove_me"
    NOT_INTERESTED = "not_interested"
    WRONG_PERSON = "wrong_person"
    CONTRACT = "contract"
    MEETING = "meeting"
    OFFER = "offer"
    PRICE = "price"
    INTERESTED = "interested"
    LATER = "later"
    QUESTION = "question"


class EvidenceKind(StrEnum):
    HEADER = "header"
    REPORT = "report"
    CALENDAR = "calendar"
    SENTENCE = "sentence"


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """Why. `name` is the header or field, or the phrase found; `position` (sentences) counts characters of the text."""

    kind: EvidenceKind
    name: str
    text: str
    position: int | None = None


@dataclass(frozen=True, kw_only=True)
class HeaderSeen:
    name: str
    value: str


@dataclass(frozen=True, kw_only=True)
class FailedRecipient:
    """One whom the mail did not (or not yet) reach. `status` is `5.1.1` or "", `action` the report's own word."""

    address: str
    severity: Severity | None = None
    status: str = ""
    action: str = ""


@dataclass(frozen=True, kw_only=True)
class CalendarFacts:
    """`starts` is None where the file names no zone that is known; words are as in the file, upper case."""

    uid: str
    method: str
    partstat: str = ""
    starts: datetime | None = None
    attendee: str = ""


@dataclass(frozen=True, kw_only=True)
class Attachment:
    """`size` in bytes, once decoded, to within a few."""

    filename: str
    content_type: str
    size: int


@dataclass(frozen=True, kw_only=True)
class Named:
    """Somebody whom a mail names: a stand-in, the person who is in charge. One of the two may be empty."""

    name: str = ""
    address: str = ""


@dataclass(frozen=True, kw_only=True)
class Said:
    """One thing said, with the phrase that told it and its sentence, which begins at `position` of the reply text.

    `when`: the day that `later` names, the first where it names a span. `refers_to`: whom `wrong_person` names.
    """

    what: What
    phrase: str
    sentence: str
    position: int
    when: date | None = None
    refers_to: Named | None = None


@dataclass(frozen=True, kw_only=True)
class MessageFacts:
    """The facts of one mail.

    `language`: en it id pl de es fr, or "". `headers`: those that decided. `original_ids`: Message-IDs, in angle
    brackets, of the mails that a bounce or an automatic reply speaks of; `original_ref`: the X-Dealthread-Ref found in
    the returned headers. `returns`: the first day somebody is back; `stand_ins`: whom an absence note names instead.
    `reply_digest`: SHA-256, hex, of the reply text.
    """

    kind: Kind
    classifier: int = CLASSIFIER
    language: str = ""
    headers: tuple[HeaderSeen, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    recipients: tuple[FailedRecipient, ...] = ()
    original_ids: tuple[str, ...] = ()
    original_ref: str = ""
    returns: date | None = None
    stand_ins: tuple[Named, ...] = ()
    calendar: CalendarFacts | None = None
    attachments: tuple[Attachment, ...] = ()
    reply_digest: str = ""
    said: tuple[Said, ...] = ()
    understood: bool = True
    """Whether what is not in `said` was not said: False for a longer text in a language that nobody here reads."""

    @property
    def severity(self) -> Severity | None:
        """The worst that befell a recipient: dead before refused before later."""
        found = {recipient.severity for recipient in self.recipients}
        return next(
            (severity for severity in (Severity.HARD, Severity.BLOCKED, Severity.SOFT) if severity in found), None
        )


@dataclass(frozen=True, kw_only=True)
class Judged:
    """A judgement and what it was drawn from. Only `facts` may be stored."""

    facts: MessageFacts
    reply_text: str
    envelope: Envelope
