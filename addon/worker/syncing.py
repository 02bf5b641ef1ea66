"""Keeping a mailbox covered (law 9): from the first look-back on, every mail is looked at once and none is missed.

The network answers between transactions, never within one. Mails are read in small slices and stored slice by slice;
what was stored is never read again, and the cursor moves only in the transaction that stores the last of what it
covers. Whatever dies in between, the next turn lists the same span again and goes on after the mails it knows.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from addon import clock
from addon.domain.inbox import queries as inbox
from addon.domain.outgoing import proving
from addon.domain.ports.mailbox import AnswerLost, HistoryExpired, MailboxTrouble, MailHead, Missing, RefusedForGood
from addon.domain.threads import forgetting
from addon.domain.threads import queries as threads
from addon.domain.threads.queries import Unread
from addon.models import Mailbox
from addon.worker.reading import Looked, Reader
from addon.worker.turn import Over, Turn, Wait

SLICE = 10
"""Mails stored in one transaction: few enough to leave the database to others, many enough to share a commit."""

_MOST_THREADS = 3
"""Linked threads that a turn reads."""
_MOST_UNREAD = 50
_MOST_MAILS = 100
"""Of each, the newest."""
_BEGUN: set[Unread] = set()
"""Linked threads of which some mails are stored and others not, because a turn ended. Forgotten with the process."""
_TRIED: set[Unread] = set()
"""Linked threads that need no second look, whatever was in them. Forgotten with the process."""

_MOST_EXPIRED = 2
_MOST_CLASHES = 3


class Overtaken(Exception):
    """Another worker moved this mailbox's cursor meanwhile: what it covers need not be covered twice."""


@dataclass
class Synced:
    """What a sync came to. Mails that were known, drafts, spam and trash are in none of the counts."""

    looked: int = 0
    kept: int = 0
    """Mails of which more than the id is kept."""
    moved: int = 0
    """Deals that moved by themselves."""


@dataclass(frozen=True)
class _Place:
    """Where the mailbox stands: the cursor, and a look-back under way."""

    cursor: int | None
    to: int | None
    page: str | None
    days: int


def sync(turn: Turn) -> Synced:
    """Read the mailbox to its end. Raises Over and Wait where the turn ends before, and any MailboxTrouble."""
    synced = Synced()
    with turn.reading() as session:
        reader = Reader(turn, inbox.own_addresses(session))
    for _ in range(_MOST_EXPIRED + 1):
        try:
            _look_back(turn, reader, synced)
            _read_linked(turn, reader, synced)
            _follow_history(turn, reader, synced)
        except HistoryExpired:
            _begin_look_back(turn)
        except Overtaken:
            raise Over from None
        else:
            return synced
    raise HistoryExpired("history_expired")


# ---- the first look-back, and the one after a lost cursor ----------------------------------------------------------


def _look_back(turn: Turn, reader: Reader, synced: Synced) -> None:
    """List the days before history begins, page by page. Each page is remembered, so that the next turn goes on."""
    if _place(turn).cursor is None and _place(turn).to is None:
        _begin_look_back(turn)
    while (place := _place(turn)).to is not None:
        listed, following = _listing(turn, place)
        for part, is_last in _slices(turn, listed):
            looked, trouble = _look_at(turn, reader, part)
            ends_page = is_last and trouble is None
            _keep(turn, reader, place, looked, synced, partial(_turn_page, following) if ends_page else None)
            if trouble is not None:
                raise trouble


def _begin_look_back(turn: Turn) -> None:
    """History goes on from here once the listing is done: asked *before* the first listing, so that nothing is missed.

    The old cursor stays until then.
    """
    history_id = turn.before_call("profile").profile().history_id
    with turn.writing() as session:
        mailbox = _hold(session, turn.mailbox_id)
        mailbox.lookback_to, mailbox.lookback_page = history_id, None


def _listing(turn: Turn, place: _Place) -> tuple[Sequence[MailHead], str | None]:
    """A page of the look-back, its oldest mail first, and the page that follows."""
    if place.days == 0:
        return [], None
    query = f"newer_than:{place.days}d"
    try:
        page = turn.before_call("mails").mails(query, page=place.page)
    except RefusedForGood:
        if place.page is None:
            raise
        # Gmail forgets where a listing stood; the mails that were looked at are known, so listing anew costs little.
        page = turn.before_call("mails").mails(query)
    heads = [MailHead(gmail_id, thread_id, frozenset()) for gmail_id, thread_id in reversed(page.mails)]
    return heads, page.next_page


def _turn_page(following: str | None, session: Session, mailbox: Mailbox) -> None:
    mailbox.lookback_page = following
    if following is None:
        mailbox.cursor, mailbox.lookback_to = mailbox.lookback_to, None
        proving.note_gone(session, mailbox.id, None)


# ---- history ---------------------------------------------------------------------------------------------------------


def _follow_history(turn: Turn, reader: Reader, synced: Synced) -> None:
    """Follow every page since the cursor; it moves with the last of them."""
    place = _place(turn)
    covered: int | None = None
    following: str | None = None
    gone: set[str] = set()
    while place.cursor is not None:
        page = turn.before_call("history").history(place.cursor, page=following)
        # What arrives while pages are read may stand in none of them: only what the first answer knew is covered.
        covered = page.history_id if covered is None else min(covered, page.history_id)
        following = page.next_page
        gone.update(page.gone)
        for part, is_last in _slices(turn, page.added):
            looked, trouble = _look_at(turn, reader, part)
            ends_span = is_last and trouble is None and following is None
            _keep(turn, reader, place, looked, synced, partial(_cover, covered, gone) if ends_span else None)
            if trouble is not None:
                raise trouble
        if following is None:
            return


def _cover(history_id: int, gone: Collection[str], session: Session, mailbox: Mailbox) -> None:
    mailbox.cursor = max(history_id, mailbox.cursor or 0)
    mailbox.synced_at = clock.real_now()
    session.flush()
    proving.note_gone(session, mailbox.id, gone)
    forgetting.forget_unanswered(session, mailbox.id, at=clock.now())


# ---- threads that a person linked ----------------------------------------------------------------------------------


def _read_linked(turn: Turn, reader: Reader, synced: Synced) -> None:
    """Read what stood in threads before a person linked them; what came later, history tells."""
    with turn.reading() as session:
        unread = threads.unread(session, turn.mailbox_id, limit=_MOST_UNREAD)
    begun = [thread for thread in _BEGUN if thread.mailbox_id == turn.mailbox_id]
    fresh = [thread for thread in unread if thread not in _BEGUN and thread not in _TRIED]
    for thread in [*begun, *fresh][:_MOST_THREADS]:
        try:
            heads = turn.before_call("thread").thread(thread.gmail_thread_id)
        except (Missing, RefusedForGood, AnswerLost) as trouble:
            _end(thread)
            if isinstance(trouble, AnswerLost):
                raise
            continue
        _BEGUN.add(thread)
        _read_old(turn, reader, thread, heads, synced)
        _end(thread)


def _read_old(turn: Turn, reader: Reader, thread: Unread, heads: Sequence[MailHead], synced: Synced) -> None:
    linked_ms = thread.linked_at.timestamp() * 1000
    old = [head for head in heads if head.received_ms < linked_ms][-_MOST_MAILS:]
    with turn.reading() as session:
        kept = inbox.kept(session, turn.mailbox_id, [head.gmail_id for head in old])
    missing = [head for head in old if head.gmail_id not in kept]
    for start in range(0, len(missing), SLICE):
        if turn.is_over():
            raise Over
        looked, trouble = _look_at(turn, reader, missing[start : start + SLICE])
        _keep(turn, reader, _place(turn), [replace(one, old=True) for one in looked], synced, None)
        if trouble is not None:
            raise trouble


def _end(thread: Unread) -> None:
    _BEGUN.discard(thread)
    _TRIED.add(thread)


# ---- both ----------------------------------------------------------------------------------------------------------


def _slices(turn: Turn, listed: Iterable[MailHead]) -> Iterator[tuple[Sequence[MailHead], bool]]:
    """The mails of a page that nobody looked at yet, a few at a time, and whether these are the last: always one slice.

    Raises Over between slices where the turn is over.
    """
    once = {mail.gmail_id: mail for mail in listed}
    with turn.reading() as session:
        known = inbox.seen(session, turn.mailbox_id, list(once))
    fresh = [mail for gmail_id, mail in once.items() if gmail_id not in known]
    for start in range(0, max(len(fresh), 1), SLICE):
        if start and turn.is_over():
            raise Over
        yield fresh[start : start + SLICE], start + SLICE >= len(fresh)


def _look_at(
    turn: Turn, reader: Reader, mails: Sequence[MailHead]
) -> tuple[Sequence[Looked], MailboxTrouble | Over | Wait | None]:
    """Read what may be read of these mails. Where trouble ends that early, what was read before it is not lost."""
    looked: list[Looked] = []
    reader.begin_slice()
    try:
        for mail in mails:
            if (found := reader.look(mail)) is not None:
                looked.append(found)
    except (MailboxTrouble, Over, Wait) as trouble:
        return looked, trouble
    return looked, None


def _keep(
    turn: Turn,
    reader: Reader,
    place: _Place,
    looked: Sequence[Looked],
    synced: Synced,
    ending: Callable[[Session, Mailbox], None] | None,
) -> None:
    """Store a slice in one transaction, and with the last one what it ends. Raises Overtaken.

    On PostgreSQL two mailboxes may hold the same mails, people and deals against each other; whoever is sent away by
    the database does the same again, for storing again changes nothing.
    """
    for attempt in range(_MOST_CLASHES + 1):
        try:
            with turn.writing() as session:
                mailbox = _hold(session, turn.mailbox_id, place)
                received = [reader.store(session, mailbox, mail, at=clock.now()) for mail in looked]
                if ending is not None:
                    ending(session, mailbox)
        except (IntegrityError, OperationalError):
            if attempt == _MOST_CLASHES:
                raise
        else:
            synced.looked += len(received)
            synced.kept += sum(one.message_id is not None and not one.again for one in received)
            synced.moved += sum(one.moved for one in received)
            return


def _hold(session: Session, mailbox_id: int, place: _Place | None = None) -> Mailbox:
    """The mailbox, ours until the transaction ends. Raises Overtaken where it does not stand at `place` any more."""
    mailbox = session.scalars(
        select(Mailbox).where(Mailbox.id == mailbox_id).with_for_update().execution_options(populate_existing=True)
    ).one()
    if place is not None and (mailbox.cursor, mailbox.lookback_to) != (place.cursor, place.to):
        raise Overtaken
    return mailbox


def _place(turn: Turn) -> _Place:
    with turn.reading() as session:
        mailbox = session.get_one(Mailbox, turn.mailbox_id)
    days = turn.settings.lookback_days
    if mailbox.synced_at is not None:
        # A cursor that Gmail forgot: nothing since the last sync may be missed, a day added for the edges.
        days = min(365, max(days, (clock.real_now() - mailbox.synced_at).days + 2))
    return _Place(mailbox.cursor, mailbox.lookback_to, mailbox.lookback_page, days)
