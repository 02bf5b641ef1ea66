"""Finding out what became of a permitted mail, and taking it back where it may no longer go.

404 is never proof. The draft is looked at; where it is gone, its thread is read for a SENT mail of ours; where there is
none, the row is uncertain until sync has read beyond a quiet minute.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from addon import clock
from addon.domain.outgoing import claiming, permitting, proving, queries, sweeping
from addon.domain.outgoing.permitting import Go
from addon.domain.ports.mailbox import AnswerLost, MailboxTrouble, MailHead, Missing
from addon.models import Outgoing, OutgoingState
from addon.worker.turn import Over, Turn

REF_HEADER = "x-dealthread-ref"
LOOK_IN = (1.0, 2.0, 5.0, 10.0, 15.0)
"""Seconds until the next look at an uncertain mail, by how often one has looked."""
SLOW_LOOK = 300.0
"""Seconds between looks once nothing new is to be expected."""


@dataclass(frozen=True)
class Permitted:
    row_id: int
    draft_id: str
    message_id: str
    """Inside the draft when it was permitted."""
    thread_id: str
    ref: str


Send = Callable[[Turn, Permitted], bool]


def as_permitted(row: Outgoing) -> Permitted:
    return Permitted(
        row.id,
        row.draft_id or "",
        row.draft_message_id or "",
        row.draft_thread_id or "",
        f"{row.ref}.{row.attempt}",
    )


def untouched(turn: Turn, mail: Permitted) -> bool:
    """Look at the draft: True where it is there as permitted. Otherwise the row is settled, or left for later."""
    try:
        seen = turn.before_call("draft").draft(mail.draft_id)
    except Missing:
        seek_proof(turn, mail)
        return False
    except AnswerLost:
        with turn.writing() as session:
            proving.look_later(session, mail.row_id, mail.draft_id, seconds=2.0)
        return False
    if seen.head.gmail_id != mail.message_id:
        with turn.writing() as session:
            proving.hold(session, mail.row_id, mail.draft_id)
        return False
    return True


def seek_proof(turn: Turn, mail: Permitted) -> bool:
    """The draft is gone: True where a SENT mail of ours stands in its thread, else the row is uncertain for now."""
    try:
        heads = turn.before_call("thread").thread(mail.thread_id) if mail.thread_id else ()
    except Missing:
        heads = ()
    except AnswerLost:
        with turn.writing() as session:
            proving.look_later(session, mail.row_id, mail.draft_id, seconds=2.0)
        return False
    proof = _ours(heads, mail)
    with turn.writing() as session:
        if proof is not None:
            proving.record_sent(
                session,
                mail.row_id,
                mail.draft_id,
                gmail_id=proof.gmail_id,
                thread_id=proof.thread_id,
                at=clock.now(),
            )
            return True
        row = session.get(Outgoing, mail.row_id)
        looked = row.looked if row else 0
        pause = LOOK_IN[looked] if looked < len(LOOK_IN) else LOOK_IN[-1]
        gone = proving.gone_without_proof(session, mail.row_id, mail.draft_id, look_in=pause)
        if gone > 3 * max(turn.settings.quiet_seconds, 1.0):
            proving.look_later(session, mail.row_id, mail.draft_id, seconds=SLOW_LOOK)
    _withdraw_if_quiet(turn, mail)
    return False


def _ours(heads: Iterable[MailHead], mail: Permitted) -> MailHead | None:
    """A SENT mail that carries our reference; or one without any, in a thread that our draft itself began."""
    sent = [head for head in heads if "SENT" in head.labels and "DRAFT" not in head.labels]
    for head in sent:
        if head.header(REF_HEADER) == mail.ref:
            return head
    if mail.thread_id == mail.message_id:  # nobody wrote in this thread before our draft did
        return next((head for head in sent if not head.header(REF_HEADER)), None)
    return None


def _withdraw_if_quiet(turn: Turn, mail: Permitted) -> None:
    """Gone, quiet for long enough, history read to the end after that, and no other SENT mail that could be ours."""
    with turn.reading() as session:
        row = session.get(Outgoing, mail.row_id)
        if row is None or row.gone_since is None or row.state != OutgoingState.UNCERTAIN:
            return
        if row.gone_told is None or row.doubted:
            return  # late history that has not told of the deletion has not told of a SENT mail either
        quiet_over = max(row.gone_since + turn.settings.quiet_seconds, row.gone_told)
        email = row.address.email
        since = int(row.permitted_at.timestamp()) - 60 if row.permitted_at else 0
    if turn.synced_from is None or turn.synced_from < quiet_over:
        return
    if _unexplained(turn, f"in:sent to:{email} after:{since}"):
        return
    with turn.writing() as session:
        proving.withdraw(session, mail.row_id, mail.draft_id)


def _unexplained(turn: Turn, query: str) -> bool:
    """Whether the mailbox sent this person something since that no row of ours explains: it might be our mail, its
    header and thread lost on the way. Then nobody can tell, and the row stays uncertain."""
    try:
        found = turn.before_call("mails").mails(query).mails
    except MailboxTrouble:
        return True
    with turn.reading() as session:
        known = queries.settled_ids(session, turn.mailbox_id, [gmail_id for gmail_id, _ in found])
    return any(gmail_id not in known for gmail_id, _ in found)


def recall(turn: Turn, mail: Permitted, go: Go) -> None:
    """Take a permit back: a stop makes the row stopped, a pause makes it due again."""
    into = OutgoingState.DUE if go is Go.TAKE_BACK else OutgoingState.STOPPED
    delete_permitted(turn, mail, into=into)


def delete_permitted(turn: Turn, mail: Permitted, *, into: OutgoingState, error: str = "") -> None:
    """Delete the permitted draft: 204 proves that it was not sent; anything else is no proof."""
    try:
        turn.before_call("delete_draft").delete_draft(mail.draft_id)
    except Missing:
        seek_proof(turn, mail)
    except AnswerLost:
        with turn.writing() as session:
            proving.look_later(session, mail.row_id, mail.draft_id, seconds=1.0)
    else:
        with turn.writing() as session:
            permitting.taken_back(session, mail.row_id, mail.draft_id, into=into, error=error)


def delete_stray(turn: Turn, draft_id: str, ref: str) -> None:
    """Delete a draft of ours that no permit names. Where that fails, the sweeper comes back to it."""
    try:
        turn.before_call("delete_draft").delete_draft(draft_id)
    except Missing:
        pass
    except AnswerLost:
        return
    with turn.writing() as session:
        sweeping.draft_deleted(session, ref)


def recover(turn: Turn, send: Send) -> None:
    """Take over what earlier holders left, and look again at what is uncertain.

    `send` is for a permitted mail that is there, untouched and may go. Raises Wait, Over and MailboxTrouble.
    """
    with turn.writing() as session:
        claiming.take_over_claims(session, turn.lease, sweeps=turn.settings.sweeps)
        left = [as_permitted(row) for row in queries.permitted(session, turn.mailbox_id)]
        unsure = [as_permitted(row) for row in queries.to_look_at(session, turn.mailbox_id)]
    for mail in left:
        if turn.is_over():
            raise Over
        _go_on(turn, mail, send)
    for mail in unsure:
        if turn.is_over():
            raise Over
        seek_proof(turn, mail)


def _go_on(turn: Turn, mail: Permitted, send: Send) -> None:
    with turn.writing() as session:
        go = permitting.take_over(session, mail.row_id, mail.draft_id, turn.lease)
    if go is None:
        return
    if go is Go.SEND and turn.may_send:
        if untouched(turn, mail):
            send(turn, mail)
    else:
        recall(turn, mail, Go.TAKE_BACK if go is Go.SEND else go)
