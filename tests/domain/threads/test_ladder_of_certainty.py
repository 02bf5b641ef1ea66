"""Law 8: a mail is linked for a reason, asked about where several deals fit, and never by a guess."""

from __future__ import annotations

import pytest

from addon.domain.threads.matching import Ask, Decision, LinkFacts, Nothing, decide
from addon.models import LinkedHow

LIVE = Decision(LinkedHow.EXPLICIT, 1)


@pytest.mark.parametrize(
    ("facts", "outcome"),
    [
        (LinkFacts(), Nothing()),
        (LinkFacts(linked=LIVE, by_reference=[2], by_campaign=3, open_deals=[4]), LIVE),
        (LinkFacts(by_reference=[2], by_campaign=3, open_deals=[4]), Decision(LinkedHow.REFERENCES, 2)),
        (LinkFacts(by_campaign=3, open_deals=[4, 5]), Decision(LinkedHow.CAMPAIGN, 3)),
        (LinkFacts(open_deals=[4]), Decision(LinkedHow.ONLY_DEAL, 4)),
        (LinkFacts(open_deals=[5, 4]), Ask((4, 5))),
        (LinkFacts(by_reference=[7, 2, 2], open_deals=[4]), Ask((2, 7))),
    ],
)
def test_the_surest_reason_decides(facts: LinkFacts, outcome: object) -> None:
    assert decide(facts) == outcome


def test_a_newsletter_is_not_linked_by_its_sender() -> None:
    assert decide(LinkFacts(open_deals=[4], conversation=False)) == Nothing()


def test_a_bounce_is_linked_by_the_campaign_that_it_answers() -> None:
    assert decide(LinkFacts(by_campaign=3, conversation=False)) == Decision(LinkedHow.CAMPAIGN, 3)


def test_a_deal_that_a_person_took_the_thread_from_is_not_chosen_again() -> None:
    assert decide(LinkFacts(open_deals=[4], refused=[4])) == Nothing()
    assert decide(LinkFacts(open_deals=[4, 5], refused=[4])) == Decision(LinkedHow.ONLY_DEAL, 5)


def test_a_person_who_said_no_deal_is_believed() -> None:
    assert decide(LinkFacts(by_reference=[2], by_campaign=3, open_deals=[4], dismissed=True)) == Nothing()
