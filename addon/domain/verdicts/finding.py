"""What one look at a mail found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from addon.domain.verdicts.facts import CalendarFacts, Evidence, EvidenceKind, FailedRecipient, HeaderSeen, Kind, Named


@dataclass(frozen=True, kw_only=True)
class Finding:
    """A kind, why, and the facts that come with it."""

    kind: Kind
    evidence: tuple[Evidence, ...] = ()
    recipients: tuple[FailedRecipient, ...] = ()
    calendar: CalendarFacts | None = None
    returns: date | None = None
    stand_ins: tuple[Named, ...] = ()
    original_ids: tuple[str, ...] = ()
    original_ref: str = ""
    words: str = ""
    """What a person wrote into an answer that a program sent."""

    @property
    def headers(self) -> tuple[HeaderSeen, ...]:
        """The headers among the evidence."""
        return tuple(HeaderSeen(name=e.name, value=e.text) for e in self.evidence if e.kind is EvidenceKind.HEADER)
