"""Law 9: every mail is looked at once and none is missed; what is not ours to read is not read."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from addon import clock
from addon.domain.threads import operations as threads
from addon.integrations.gmail import client
from addon.models import LinkedHow, MailboxLease, Message, Outgoing, OutgoingState, Sighting
from addon.worker import syncing
from tests.domain.team_at_work import ANNA, BEN, JANE, mail
from tests.worker.covered import Covered, an_hour_ago


@pytest.fixture
def known(inbox: Covered) -> Covered:
    """Jane has an open deal, so that her mail is read and kept."""
    inbox.team.deal(at=an_hour_ago())
    return inbox


@pytest.fixture
def followed(known: Covered) -> Covered:
    """The same, with the first sync behind it."""
    known.sync()
    known.gmail.calls.reset()
    return known


class TestTheFirstLookBack:
    def test_reads_what_concerns_us_and_leaves_private_mail_alone(self, known: Covered) -> None:
        hers, private = known.arrive(), known.arrive(sender="mum@home.example")

        known.sync()

        assert known.looked_at() == {hers, private}
        assert known.kept() == {"Mail 1"}
        assert known.gmail.calls["messages.get"] == 3, "two heads, one whole"

    def test_goes_back_as_many_days_as_are_set(self, known: Covered) -> None:
        known.arrive(at=clock.now() - timedelta(days=20))
        recent = known.arrive(at=clock.now() - timedelta(days=3))

        known.sync()

        assert known.looked_at() == {recent}

    def test_a_mail_that_arrives_meanwhile_is_not_missed(self, known: Covered) -> None:
        late: list[str] = []

        def arrives(name: str) -> None:
            if name in ("mails", "head") and len(late) < 2:
                late.append(known.arrive())

        first = known.arrive()
        known.before_call = arrives

        known.sync()

        assert known.looked_at() == {first, *late}

    def test_goes_on_where_it_stopped(self, known: Covered, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(client, "MOST_A_PAGE", 3)
        everything = {known.arrive() for _ in range(10)}
        known.gmail.faults.add(method="messages.list", kind="503", nth=3)

        with pytest.raises(syncing.MailboxTrouble):
            known.sync()
        assert len(known.looked_at()) == 6
        place = known.mailbox().lookback_page
        known.gmail.calls.reset()
        known.sync()

        assert place is not None
        assert known.looked_at() == everything
        assert known.gmail.calls["messages.list"] == 2, "the two pages that were left"

    def test_a_listing_that_gmail_forgot_is_listed_anew(self, known: Covered) -> None:
        everything = {known.arrive() for _ in range(3)}
        known.sync()
        known.forget_everything()
        with known.team.acting() as session:
            mailbox = session.merge(known.mailbox())
            mailbox.lookback_to, mailbox.lookback_page = 1_000, "no such page"
            mailbox.lookback_to = known.gmail.history.latest(known.gmail.accounts.get(ANNA))

        known.sync()

        assert known.looked_at() == everything

    def test_no_days_mean_that_only_new_mail_is_looked_at(self, known: Covered) -> None:
        known.settings = known.settings.model_copy(update={"lookback_days": 0})
        known.arrive()
        known.sync()
        new = known.arrive()

        known.sync()

        assert known.looked_at() == {new}


class TestHistory:
    def test_a_poll_with_nothing_new_is_one_call(self, followed: Covered) -> None:
        before = followed.mailbox().synced_at

        followed.sync()

        assert followed.gmail.calls.all() == {"history.list": 1}
        after = followed.mailbox().synced_at
        assert before is not None
        assert after is not None
        assert after > before

    def test_new_mail_is_two_reads_and_in_a_known_thread_one(self, followed: Covered) -> None:
        followed.arrive(message_id="<first@acme.example>", subject="Ramps")
        followed.sync()
        assert followed.gmail.calls["messages.get"] == 2
        followed.gmail.calls.reset()

        followed.arrive(message_id="<2@acme.example>", subject="Re: Ramps", answers="<first@acme.example>")
        followed.sync()

        assert followed.gmail.calls["messages.get"] == 1

    def test_all_pages_are_followed(self, followed: Covered, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(client, "MOST_A_PAGE", 2)
        new = {followed.arrive() for _ in range(7)}

        followed.sync()

        assert new <= followed.looked_at()
        assert followed.gmail.calls["history.list"] == 4

    def test_mail_that_arrives_between_pages_is_not_missed(
        self, followed: Covered, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(client, "MOST_A_PAGE", 2)
        new = {followed.arrive() for _ in range(5)}

        def arrives(name: str) -> None:
            if name == "history" and len(new) < 8:
                new.add(followed.arrive())

        followed.before_call = arrives
        followed.sync()
        followed.before_call = lambda name: None
        followed.sync()

        assert new <= followed.looked_at()

    def test_the_cursor_waits_for_the_last_page(self, followed: Covered, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(client, "MOST_A_PAGE", 2)
        new = {followed.arrive() for _ in range(5)}
        cursor = followed.mailbox().cursor
        followed.gmail.faults.add(method="history.list", kind="503", nth=2)

        with pytest.raises(syncing.MailboxTrouble):
            followed.sync()
        assert followed.mailbox().cursor == cursor
        reads = followed.gmail.calls["messages.get"]
        followed.sync()

        assert new <= followed.looked_at()
        assert followed.gmail.calls["messages.get"] == reads + 3 * 2, "what was stored is not read again"
        moved = followed.mailbox().cursor
        assert cursor is not None
        assert moved is not None
        assert moved > cursor

    def test_drafts_spam_trash_and_chat_are_not_read_at_all(self, followed: Covered) -> None:
        for label in ("DRAFT", "SPAM", "TRASH", "CHAT"):
            followed.lie(label)

        followed.sync()

        assert followed.gmail.calls.all() == {"history.list": 1}
        assert followed.looked_at() == set()

    @pytest.mark.parametrize("hidden", ["SPAM", "TRASH"])
    def test_a_mail_rescued_from_spam_or_trash_is_read_then(self, followed: Covered, hidden: str) -> None:
        lost = followed.lie(hidden)
        followed.sync()
        assert followed.looked_at() == set()

        followed.gmail.messages.modify(followed.gmail.accounts.get(ANNA), [int(lost, 16)], ["INBOX"], [hidden])
        followed.sync()

        assert followed.looked_at() == {lost}
        assert followed.kept() == {"Mail 1"}

    def test_a_mail_that_is_gone_by_now_is_passed_over(self, followed: Covered) -> None:
        followed.arrive()
        stays = followed.arrive()
        followed.gmail.faults.add(method="messages.get", kind="404")

        followed.sync()

        assert followed.looked_at() == {stays}

    def test_the_mails_of_one_new_conversation_are_all_kept(self, followed: Covered) -> None:
        followed.arrive(message_id="<first@acme.example>", subject="Ramps")
        followed.arrive(
            message_id="<second@acme.example>",
            subject="Re: Ramps",
            answers="<first@acme.example>",
            sender="boss@acme.example",
        )

        followed.sync()

        assert followed.kept() == {"Ramps", "Re: Ramps"}, "her boss was unknown before her own mail of this very page"

    def test_one_mail_in_two_colleagues_mailboxes_is_one_message(self, followed: Covered) -> None:
        raw = mail(to=f"{ANNA}, {BEN}", at=clock.now())
        followed.gmail.deliver(raw, [ANNA, BEN])

        followed.sync(ANNA)
        followed.sync(BEN)

        assert (followed.count(Message), followed.count(Sighting)) == (1, 2)


class TestAnExpiredCursor:
    def test_means_a_bounded_look_back_without_gap_or_doubles(self, followed: Covered) -> None:
        old = followed.arrive()
        followed.sync()
        missed = followed.arrive()
        followed.gmail.history.expire(followed.gmail.accounts.get(ANNA))
        followed.gmail.calls.reset()

        followed.sync()

        assert followed.looked_at() == {old, missed}
        assert followed.count(Message) == 2
        assert followed.gmail.calls["messages.get"] == 2, "the mail that was known is not read again"
        assert followed.gmail.calls["messages.list"] == 1

    def test_in_the_middle_of_the_pages_too(self, followed: Covered, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(client, "MOST_A_PAGE", 2)
        new = {followed.arrive() for _ in range(5)}
        followed.gmail.faults.add(method="history.list", kind="history_expired", nth=2)

        followed.sync()

        assert new == followed.looked_at()
        assert followed.count(Message) == 5

    def test_reaches_back_to_the_last_sync_however_long_ago(self, followed: Covered) -> None:
        with followed.team.acting() as session:
            session.merge(followed.mailbox()).synced_at = clock.real_now() - timedelta(days=40)
        long_ago = followed.arrive(at=clock.now() - timedelta(days=39))
        followed.gmail.history.expire(followed.gmail.accounts.get(ANNA))

        followed.sync()

        assert long_ago in followed.looked_at()

    def test_that_keeps_expiring_is_said_and_not_tried_for_ever(self, followed: Covered) -> None:
        followed.gmail.faults.add(method="history.list", kind="history_expired", times=50)

        with pytest.raises(syncing.HistoryExpired):
            followed.sync()

        assert followed.gmail.calls["history.list"] == 3


class TestOurOwnSends:
    def test_are_skipped_by_their_known_id_before_any_read(self, followed: Covered) -> None:
        ours = followed.lie("SENT", sender=ANNA, to=JANE)
        followed.team.sent(gmail_id=ours)

        followed.sync()

        assert followed.gmail.calls.all() == {"history.list": 1}

    def test_that_the_ledger_forgot_settle_it_by_their_header(self, followed: Covered) -> None:
        row = followed.team.sent()
        with followed.team.acting() as session:
            lost = session.get_one(Outgoing, row.id)
            lost.state, lost.gmail_message_id, lost.gmail_thread_id = OutgoingState.UNCERTAIN, None, None
        ours = followed.lie("SENT", sender=ANNA, to=JANE, headers={"X-Dealthread-Ref": f"{row.ref}.1"})

        followed.sync()

        with followed.team.looking() as session:
            settled = session.get_one(Outgoing, row.id)
        assert (settled.state, settled.gmail_message_id) == (OutgoingState.SENT, ours)
        assert followed.gmail.calls["messages.get"] == 1, "its header is proof enough"
        assert followed.count(Message) == 0

    def test_get_their_message_id_read_when_a_reply_is_found_by_nothing_else(self, followed: Covered) -> None:
        ours = followed.lie("SENT", sender=ANNA, to="joe@other.example", message_id="<CAF=7@mail.gmail.com>")
        row = followed.team.sent("joe@other.example", gmail_id=ours, thread="dead")

        followed.arrive(sender="joe@other.example", subject="Ramps?", answers="<CAF=7@mail.gmail.com>")
        followed.sync()

        with followed.team.looking() as session:
            assert session.scalars(select(Message.answers_id)).one() == row.id
            assert session.get_one(Outgoing, row.id).rfc_message_id == "<CAF=7@mail.gmail.com>"

    def test_by_hand_to_a_person_with_a_deal_are_kept(self, followed: Covered) -> None:
        followed.lie("SENT", sender=ANNA, to=JANE, subject="By hand")

        followed.sync()

        assert followed.kept() == {"By hand"}


class TestAThreadLinkedByHand:
    """A stranger's mail was passed over; then a person says to which deal it belongs."""

    ASKED = "<n1@else.example>"

    @pytest.fixture
    def linked(self, followed: Covered) -> Covered:
        followed.team.standard_rule()
        raw = mail(
            "Yes, please send us the offer.",
            sender="new@else.example",
            message_id=self.ASKED,
            subject="Ramps",
            answers="<asked@halyard.example>",
        )
        [first] = followed.gmail.deliver(raw, [ANNA])
        followed.sync()
        assert followed.kept() == set()
        followed.deal_id = followed.team.deal(person="new@else.example", at=an_hour_ago())
        with followed.team.acting() as session:
            thread = threads.ensure_thread(session, followed.team.mailboxes[ANNA], first.thread_id, at=clock.now())
            # Gmail counts in whole seconds.
            later = clock.now() + timedelta(seconds=2)
            threads.link(session, thread, followed.deal_id, how=LinkedHow.EXPLICIT, at=later)
            wanted = session.scalars(select(MailboxLease.wanted)).all()
        assert any(wanted), "it is read soon"
        followed.gmail.calls.reset()
        return followed

    def test_is_read_with_what_is_in_it_and_that_moves_no_deal(self, linked: Covered) -> None:
        linked.sync()

        assert linked.kept() == {"Ramps"}
        assert linked.team.stage(linked.deal_id) == "New", "old mail"
        assert linked.count(Sighting) == 1, "the sighting that was there holds it now"

    def test_is_read_once(self, linked: Covered) -> None:
        linked.sync()
        linked.gmail.calls.reset()

        linked.sync()

        assert linked.gmail.calls.all() == {"history.list": 1}

    def test_is_read_from_then_on(self, linked: Covered) -> None:
        linked.arrive(
            sender="new@else.example",
            subject="Re: Ramps",
            answers=self.ASKED,
            at=clock.now() + timedelta(seconds=5),
        )

        linked.sync()

        assert linked.kept() == {"Ramps", "Re: Ramps"}

    def test_lets_a_colleagues_reply_to_it_be_found(self, linked: Covered) -> None:
        linked.sync()
        linked.arrive(
            to=BEN, sender="boss@else.example", subject="Re: Ramps", answers=self.ASKED, message_id="<n2@else.example>"
        )

        linked.sync(BEN)

        assert linked.kept() == {"Ramps", "Re: Ramps"}

    def test_that_is_gone_is_asked_for_once(self, linked: Covered) -> None:
        linked.gmail.faults.add(method="threads.get", kind="404")

        linked.sync()
        linked.sync()

        assert linked.gmail.calls["threads.get"] == 1

    def test_that_gmail_does_not_answer_for_blocks_nothing(self, linked: Covered) -> None:
        linked.gmail.faults.add(method="threads.get", kind="503", times=9)
        with pytest.raises(syncing.MailboxTrouble):
            linked.sync()

        linked.sync()

        assert linked.gmail.calls["threads.get"] == 1

    def test_is_read_to_its_end_where_a_turn_ends_within(self, linked: Covered) -> None:
        linked.gmail.faults.add(method="messages.get", kind="503")
        with pytest.raises(syncing.MailboxTrouble):
            linked.sync()

        linked.sync()

        assert linked.kept() == {"Ramps"}
