"""What the answers to a campaign led to, as its page tells it."""

from __future__ import annotations

import re
from datetime import timedelta

from sqlalchemy import select

from addon.domain.suppressions import operations as suppressions
from addon.models import (
    Activity,
    Campaign,
    Message,
    MessageFacts,
    Outgoing,
    OutgoingState,
    Reaction,
    SuppressionReason,
    SuppressionScope,
)
from tests.web.test_campaign_pages import launched, mails
from tests.web.web_world import MONDAY, World

SENTENCE = "Could you send us a proposal for 40 seats by Thursday?"


def answered(made: World, *, kind: str = "human") -> tuple[int, int]:
    """A campaign whose first mail was answered by a mail that moved a deal; the campaign and the deal."""
    campaign = launched(made)
    first, _ = mails(made, campaign, OutgoingState.SENT, OutgoingState.SENT)
    deal = made.deal("Pilot")
    move = made.answer_moves(deal, "Proposal", SENTENCE, at=MONDAY + timedelta(minutes=1))
    with made.database.writing(made.viewer) as session:
        message = session.scalars(select(Message)).one()
        message.answers_id = first
        session.add(
            MessageFacts(message_id=message.id, kind=kind, language="en", classifier=1, facts={}, read_at=MONDAY)
        )
        rule = session.get_one(Activity, move).rule_id
        session.add(Reaction(deal_id=deal, message_id=message.id, rule_id=rule, activity_id=move))
    return campaign, deal


def leaves(made: World, campaign: int, place: int) -> None:
    """A recipient presses the link in the mail."""
    with made.database.writing(made.viewer) as session:
        run = session.get_one(Campaign, campaign).run_id
        keys = session.scalars(select(Outgoing.address_key).where(Outgoing.run_id == run).order_by(Outgoing.id)).all()
        scope, reason = SuppressionScope.CAMPAIGNS, SuppressionReason.UNSUBSCRIBED
        suppressions.suppress(session, keys[place], scope=scope, reason=reason, at=MONDAY, run_id=run)


def asked_to_stop(page: str) -> str:
    found = re.search(r"Asked to stop</th><td[^>]*>(\d+)</td>", page)
    assert found is not None
    return found[1]


def test_an_answer_that_moved_a_deal_says_where_to_and_marks_the_sentence(small_world):
    campaign, deal = answered(small_world)

    page = small_world.client().get(f"/campaigns/{campaign}").text

    assert f'<mark class="dt-mark">{SENTENCE}</mark>' in page
    assert "Moved the deal to Proposal." in page
    assert f'href="/deals/{deal}"' in page


def test_a_move_that_was_taken_back_leaves_a_plain_quote(small_world):
    campaign, _ = answered(small_world)
    with small_world.database.writing(small_world.viewer) as session:
        session.scalars(select(Reaction)).one().barred_at = MONDAY

    page = small_world.client().get(f"/campaigns/{campaign}").text

    assert "dt-mark" not in page
    assert SENTENCE in page
    assert "Moved the deal" not in page


def test_whoever_presses_the_link_asked_to_stop(small_world):
    campaign = launched(small_world)
    mails(small_world, campaign, OutgoingState.SENT, OutgoingState.SENT)
    leaves(small_world, campaign, 0)

    assert asked_to_stop(small_world.client().get(f"/campaigns/{campaign}").text) == "1"


def test_somebody_who_asks_in_a_mail_and_by_the_link_counts_once(small_world):
    campaign, _ = answered(small_world, kind="unsubscribe")
    leaves(small_world, campaign, 0)
    leaves(small_world, campaign, 1)

    assert asked_to_stop(small_world.client().get(f"/campaigns/{campaign}").text) == "2"
