"""The ladder of certainty: to which deal does a mail belong? Never a guess (law 8). Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from addon.models import LinkedHow


@dataclass(frozen=True, kw_only=True)
class LinkFacts:
    """What is known of a mail and its thread. All numbers are ids of deals that still exist."""

    linked: Decision | None = None
    """The thread's live link: a person's word, or what an earlier mail decided."""
    by_reference: Collection[int] = ()
    """Deals of linked mails that this mail answers, or of the same mail seen in a colleague's mailbox."""
    by_campaign: int | None = None
    """The deal that answers to the campaign mail belong to."""
    open_deals: Collection[int] = ()
    """Open deals of the people outside who wrote it, or whom it was written to."""
    refused: Collection[int] = ()
    """Deals from which this thread was taken away before: only a person links it to them again."""
    dismissed: bool = False
    """A person said that this thread belongs to no deal: that word stands until a person takes it back."""
    conversation: bool = True
    """Whether people talk here. Newsletters and machines are linked by chain, never by their sender."""


@dataclass(frozen=True)
class Decision:
    how: LinkedHow
    deal_id: int


@dataclass(frozen=True)
class Ask:
    """Several deals fit, in rising order: the rep is asked, and the answer is remembered."""

    candidates: tuple[int, ...]


@dataclass(frozen=True)
class Nothing:
    """No deal is known to fit."""


def decide(facts: LinkFacts) -> Decision | Ask | Nothing:
    """Explicit link > reply chain > campaign recipient > the person's single open deal > ask.

    >>> decide(LinkFacts(by_campaign=7, open_deals=[3, 7]))
    Decision(how=<LinkedHow.CAMPAIGN: 'campaign'>, deal_id=7)
    >>> decide(LinkFacts(open_deals=[7, 3]))
    Ask(candidates=(3, 7))
    """
    if facts.linked is not None:
        return facts.linked
    if facts.dismissed:
        return Nothing()
    campaign = [] if facts.by_campaign is None else [facts.by_campaign]
    person = facts.open_deals if facts.conversation else ()
    for how, deals in (
        (LinkedHow.REFERENCES, facts.by_reference),
        (LinkedHow.CAMPAIGN, campaign),
        (LinkedHow.ONLY_DEAL, person),
    ):
        fitting = sorted(set(deals) - set(facts.refused))
        if len(fitting) == 1:
            return Decision(how, fitting[0])
        if fitting:
            return Ask(tuple(fitting))
    return Nothing()
