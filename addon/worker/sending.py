"""Sending one mail after the other, by law 5: claim, create, permit, send, record.

Between the commits Gmail answers, late or never; a worker may die at any line. What a line leaves behind is written in
the row, and `recovering` goes on from there. No call is ever repeated but `drafts.send` of the id that the row names.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NoReturn

from sqlalchemy.orm import Session

from addon import clock
from addon.domain.mailboxes import quota
from addon.domain.outgoing import claiming, permitting, proving
from addon.domain.outgoing.permitting import Go, Permit
from addon.domain.ports.mailbox import (
    UNITS,
    AnswerLost,
    Draft,
    GrantLost,
    MailboxTrouble,
    Missing,
    RefusedForGood,
    RefusedForNow,
    TokenRefused,
)
from addon.models import Outgoing, OutgoingState
from addon.worker import recovering
from addon.worker.recovering import Permitted
from addon.worker.turn import LONG_WAIT, Over, Turn, Wait

MAIL_UNITS = UNITS["create_draft"] + UNITS["send_draft"]
BATCH = 10
"""Rows claimed in one commit."""
MAILS_A_TURN = 50

Compose = Callable[[Session, Outgoing], bytes]
"""The mail of a claimed row, whole. Raises CannotCompose."""


class CannotCompose(Exception):
    """This row's mail cannot be made, whatever one does; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Claim:
    row_id: int
    attempt: int
    ref: str
    """`<ref>.<attempt>`, as the draft carries it."""
    raw: bytes


def send_due(turn: Turn, compose: Compose) -> int:
    """Send what is due until nothing is, or the turn is over: returns how many went.

    Raises Over, Wait, GrantLost and other MailboxTrouble after having left every row in a state that others go on from.
    """
    sent = 0
    while sent < MAILS_A_TURN and not turn.is_over():
        claims = _claim(turn, compose, at_most=min(BATCH, MAILS_A_TURN - sent))
        if not claims:
            break
        for number, claim in enumerate(claims):
            if turn.is_over():
                _unclaim(turn, claims[number:])
                return sent
            try:
                sent += _send_one(turn, claim)
            except (MailboxTrouble, Wait, Over):
                _unclaim(turn, claims[number + 1 :])
                raise
    return sent


def _claim(turn: Turn, compose: Compose, *, at_most: int) -> Sequence[Claim]:
    """C0, with the mails of the rows it takes."""
    claims: list[Claim] = []
    with turn.writing() as session:
        turn.renew_in(session)
        cap = turn.daily_cap - claiming.sent_last_day(session, turn.mailbox_id, at=clock.now())
        wanted = min(at_most, cap)
        if wanted <= 0:
            return claims
        turn.refund_in(session)  # what the sync did not need
        units, wait = quota.reserve(
            session,
            turn.mailbox_id,
            at_least=MAIL_UNITS,
            at_most=wanted * MAIL_UNITS,
            limit=turn.settings.units_per_minute,
        )
        rows = claiming.claim(session, turn.lease, at_most=units // MAIL_UNITS, at=clock.now()) if units else []
        for row in rows:
            try:
                claims.append(Claim(row.id, row.attempt, f"{row.ref}.{row.attempt}", compose(session, row)))
            except CannotCompose as trouble:
                claiming.refuse(session, row.id, row.attempt, turn.lease, code=trouble.code)
        if units:
            quota.refund(session, turn.mailbox_id, units - len(claims) * MAIL_UNITS)
    if not units:
        raise Wait(wait)
    return claims


def _unclaim(turn: Turn, claims: Sequence[Claim]) -> None:
    if claims:
        with turn.writing() as session:
            claiming.unclaim(session, turn.lease, [(claim.row_id, claim.attempt) for claim in claims])
            quota.refund(session, turn.mailbox_id, len(claims) * MAIL_UNITS)


def _send_one(turn: Turn, claim: Claim) -> int:
    draft = _create(turn, claim)
    if draft is None:
        return 0
    with turn.writing() as session:
        turn.renew_in(session)
        verdict = permitting.permit(
            session, claim.row_id, claim.attempt, turn.lease, draft, at=clock.now(), sweeps=turn.settings.sweeps
        )
    if verdict is Permit.REFUSED:
        recovering.delete_stray(turn, draft.draft_id, claim.ref)
        return 0
    mail = Permitted(claim.row_id, draft.draft_id, draft.message_id, draft.thread_id, claim.ref)
    return int(send_permitted(turn, mail))


def _create(turn: Turn, claim: Claim) -> Draft | None:
    """Make the draft; None where this mail is to be tried later, or never. Raises Wait, GrantLost."""
    try:
        return turn.before_call("create_draft", paid=True).create_draft(claim.raw)
    except (RefusedForGood, Missing) as trouble:
        with turn.writing() as session:
            claiming.refuse(session, claim.row_id, claim.attempt, turn.lease, code=trouble.code)
        return None
    except AnswerLost:
        _give_back(turn, claim, wait=min(2.0 ** min(claim.attempt, 6), 60.0))
        return None
    except TokenRefused:
        # Surely not done, says Gmail; a proxy in between may say so too, after the effect. So this attempt is dead.
        _give_back(turn, claim, wait=0.0)
        turn.reopen()
        return None
    except RefusedForNow as trouble:
        _give_back(turn, claim, wait=trouble.wait)
        rest(turn, trouble)
        raise Wait(trouble.wait) from trouble
    except GrantLost:
        _give_back(turn, claim, wait=0.0)
        raise


def _give_back(turn: Turn, claim: Claim, *, wait: float) -> None:
    with turn.writing() as session:
        claiming.give_back(session, claim.row_id, claim.attempt, turn.lease, wait=wait, sweeps=turn.settings.sweeps)


def send_recovered(turn: Turn, mail: Permitted) -> bool:
    """Send a draft that an earlier turn permitted: its units were not taken in this one."""
    return send_permitted(turn, mail, paid=False)


def send_permitted(turn: Turn, mail: Permitted, *, paid: bool = True) -> bool:
    """Send the draft that the row names until Gmail has answered; True where it went. `paid`: C0 took its units.

    Raises Wait, GrantLost; the row stays permitted then.
    """
    for attempt in range(3):
        try:
            sent = turn.before_call("send_draft", paid=paid and attempt == 0).send_draft(mail.draft_id)
        except Missing:
            return recovering.seek_proof(turn, mail)
        except (AnswerLost, TokenRefused, RefusedForNow, RefusedForGood) as trouble:
            if not _may_ask_again(turn, mail, trouble):
                return False
        else:
            with turn.writing() as session:
                proving.record_sent(
                    session,
                    mail.row_id,
                    mail.draft_id,
                    gmail_id=sent.gmail_id,
                    thread_id=sent.thread_id,
                    at=clock.now(),
                )
            return True
    with turn.writing() as session:
        proving.look_later(session, mail.row_id, mail.draft_id, seconds=5.0)
    return False


def _may_ask_again(turn: Turn, mail: Permitted, trouble: MailboxTrouble) -> bool:
    """Whether *the same id* may be sent again after this trouble. Raises Wait, GrantLost."""
    if isinstance(trouble, AnswerLost):
        return recovering.untouched(turn, mail)
    if isinstance(trouble, TokenRefused):
        turn.reopen()
        return not _stops_again(turn, mail)
    if isinstance(trouble, RefusedForNow):
        _refused_for_now(turn, mail, trouble)
    recovering.delete_permitted(turn, mail, into=OutgoingState.FAILED, error=trouble.code)
    return False


def _stops_again(turn: Turn, mail: Permitted) -> bool:
    """Before the same id is asked for again after a refusal: stops are looked at in a commit of their own."""
    with turn.writing() as session:
        go = permitting.take_over(session, mail.row_id, mail.draft_id, turn.lease)
    if go is Go.SEND:
        return False
    if go is not None:
        recovering.recall(turn, mail, go)
    return True


def _refused_for_now(turn: Turn, mail: Permitted, trouble: RefusedForNow) -> NoReturn:
    """The row stays permitted over a short wait; over a long one its draft is taken back. Raises Wait."""
    try:  # before the rest begins: it would keep the deletion waiting too
        if trouble.wait > LONG_WAIT.total_seconds():
            recovering.delete_permitted(turn, mail, into=OutgoingState.DUE)
        else:
            with turn.writing() as session:
                proving.look_later(session, mail.row_id, mail.draft_id, seconds=trouble.wait)
    finally:
        rest(turn, trouble)
    raise Wait(trouble.wait) from trouble


def rest(turn: Turn, trouble: RefusedForNow) -> None:
    """Tell all workers that Gmail wants this mailbox to wait."""
    with turn.writing() as session:
        quota.back_off(session, turn.mailbox_id, seconds=trouble.wait, daily=trouble.daily)
