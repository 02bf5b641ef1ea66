"""An import that began: one sentence of where it stands, its true progress, the rows left out, what Undo would do."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from sqlalchemy.orm import Session

from addon.domain.imports import clearing, mapping, queries, undo
from addon.domain.imports.queries import Progress
from addon.domain.teams import queries as teams
from addon.i18n import Words
from addon.models import Company, Contact, Deal, Import, ImportRow, ImportState, RowState, Subject
from addon.web.imports.import_words import problem, target_words
from addon.web.progress_bar import Bar, Part, shapes
from addon.web.seat import Seat

TAGS = {
    ImportState.DRAFT: ("unsure", "question"),
    ImportState.RUNNING: ("open", "play"),
    ImportState.DONE: ("won", "check"),
    ImportState.STOPPED: ("late", "pause"),
    ImportState.UNDOING: ("open", "undo"),
    ImportState.UNDONE: ("quiet", "undo"),
}
UNDER_WAY = (ImportState.RUNNING, ImportState.UNDOING)
LISTED = 100


@dataclass(frozen=True)
class Tag:
    state: str
    icon: str
    words: str


@dataclass(frozen=True, kw_only=True)
class ListedImport:
    id: int
    name: str
    tag: Tag
    say: str
    facts: str
    bar: Bar | None


@dataclass(frozen=True, kw_only=True)
class ImportView:
    id: int
    subject: str
    file: str
    state: str
    say: str
    lead: str
    tag: Tag
    bar: Bar | None
    print: str
    """Changes when the truth does."""
    gone: bool
    """Its file was erased, so it cannot go on."""
    days: int
    """So long its file waits for somebody to go on."""


@dataclass(frozen=True)
class BadRow:
    number: int
    cells: str
    why: Sequence[str]


@dataclass(frozen=True)
class KeptRow:
    number: int
    name: str
    url: str


@dataclass(frozen=True, kw_only=True)
class RowsView:
    bad: Sequence[BadRow]
    bad_count: int
    next_after: int | None
    kept: Sequence[KeptRow]
    kept_count: int
    noted: Sequence[BadRow]
    """Rows that came in but for something in them."""
    erased: bool
    """What was said of rows is gone."""
    undo_says: str
    """Empty where nothing can be taken back."""
    stays: Sequence[KeptRow]
    stays_count: int


def rows(session: Session, me: Seat, *, now: datetime) -> list[ListedImport]:
    """The newest first."""
    return [_listed(session, found, me, now) for found in queries.mine(session)]


def import_view(session: Session, import_id: int, say: Words, *, now: datetime) -> ImportView:
    found, progress = queries.get(session, import_id), queries.progress(session, import_id)
    return ImportView(
        id=found.id,
        subject=found.subject,
        file=found.file_name,
        state=found.state,
        say=sentence(found, progress, say),
        lead=_lead(session, found, say, now),
        tag=_tag(found, say),
        bar=_bar(progress, say) if found.rows else None,
        print=hashlib.sha256(repr((progress, found.finished_at)).encode()).hexdigest()[:16],
        gone=found.state == ImportState.STOPPED and found.finished_at is not None,
        days=clearing.DAYS,
    )


def rows_view(session: Session, found: Import, say: Words, *, after: int) -> RowsView:
    progress = queries.progress(session, found.id)
    bad = queries.bad_rows(session, found.id, limit=LISTED, after=after)
    called = _called(session, found, say)
    undoable = undo.undoable(session, found.id)
    kept = queries.kept_rows(session, found.id, limit=LISTED) if progress.kept else ()
    return RowsView(
        bad=[] if clearing.is_erased(found) else [_bad(row, found, called, say) for row in bad],
        noted=[_bad(row, found, called, say) for row in queries.noted_rows(session, found.id, limit=LISTED)],
        erased=clearing.is_erased(found),
        bad_count=progress.bad,
        next_after=bad[-1].number if len(bad) == LISTED and not clearing.is_erased(found) else None,
        kept=_kept(session, found, kept),
        kept_count=progress.kept,
        undo_says=say("importing.undo_says", n=undoable.count) if undoable.count else "",
        stays=_kept(session, found, undoable.kept),
        stays_count=undoable.kept_count,
    )


def sentence(found: Import, progress: Progress, say: Words) -> str:
    """What became of it: "760 people came in, 12 were updated, 40 rows were left out." """
    if progress.state is ImportState.DRAFT:
        return say("importing.waiting", n=progress.rows)
    if progress.state is ImportState.RUNNING:
        return say("importing.running", at=progress.at, n=progress.rows)
    if progress.state is ImportState.UNDOING:
        return say("importing.undoing", at=progress.at, n=progress.rows)
    if progress.state is ImportState.UNDONE:
        kept = [say("importing.part.kept", n=progress.kept)] if progress.kept else []
        return _joined([say("importing.part.undone", n=progress.undone), *kept])
    parts = [say(f"importing.part.created_{found.subject}", n=progress.created)] if progress.created else []
    for name in ("updated", "unchanged", "bad"):
        if count := getattr(progress, name):
            first = "" if parts or name == "bad" else "first_"
            parts.append(say(f"importing.part.{first}{name}", n=count))
    done = _joined(parts) if parts else say("importing.part.nothing")
    stopped = progress.state is ImportState.STOPPED
    return f"{say('importing.stopped', at=progress.at, n=progress.rows)} {done}" if stopped else done


def _joined(parts: Sequence[str]) -> str:
    whole = ", ".join(parts)
    return f"{whole[:1].upper()}{whole[1:]}."


def _listed(session: Session, found: Import, me: Seat, now: datetime) -> ListedImport:
    progress, say = queries.progress(session, found.id), me.words
    facts = [say(f"settings.subject.{found.subject}"), say.ago(found.created_at, now=now)]
    if found.owner_id != me.user_id:
        facts.append(say("importing.by", who=teams.get_user(session, found.owner_id).name))
    return ListedImport(
        id=found.id,
        name=found.file_name,
        tag=_tag(found, say),
        say=sentence(found, progress, say),
        facts=" · ".join(facts),
        bar=_bar(progress, say) if progress.state in UNDER_WAY else None,
    )


def _lead(session: Session, found: Import, say: Words, now: datetime) -> str:
    when = say.moment(found.finished_at or found.created_at, now=now)
    who = teams.get_user(session, found.owner_id).name
    return say("importing.finished" if found.finished_at else "importing.brought", when=when, who=who)


def _tag(found: Import, say: Words) -> Tag:
    state = ImportState(found.state)
    return Tag(*TAGS[state], say(f"importing.state.{state}"))


def _bar(progress: Progress, say: Words) -> Bar:
    undoing = progress.state in (ImportState.UNDOING, ImportState.UNDONE)
    good = progress.created + progress.updated + progress.unchanged
    parts = (
        [Part("open", "undone", progress.at)]
        if undoing
        else [Part("won", "good", good), Part("lost", "bad", progress.bad)]
    )
    whole = max(progress.rows, 1)
    told = "importing.bar_bad" if progress.bad and not undoing else "importing.bar"
    label = say(told, at=progress.at, n=progress.rows, bad=progress.bad)
    return Bar(label=label, shapes=shapes([part for part in parts if part.count], whole), key=())


def _called(session: Session, found: Import, say: Words) -> dict[str, str]:
    """What each of its columns became, in words."""
    names = {each.key: target_words(each, Subject(found.subject), say) for each in mapping.targets(session, found)}
    return {column: names[key] for column, key in found.mapping.items() if key in names}


def _bad(row: ImportRow, found: Import, called: dict[str, str], say: Words) -> BadRow:
    said = []
    for column, code, params in row.problems:
        field = called.get(column, "")
        words = problem(code, params, say, field=field)
        said.append(words if not field or field in words else f"{field}: {words}")
    cells = [cell for cell in row.values.get("cells", ()) if cell]
    if row.state != RowState.BAD:
        return BadRow(row.number, "", said)
    shown = " · ".join(cell if len(cell) <= 60 else cell[:59] + "…" for cell in cells[:5])
    return BadRow(row.number, shown or say("importing.empty_row"), said)


def _kept(session: Session, found: Import, rows: Sequence[ImportRow]) -> list[KeptRow]:
    return [shown for row in rows if (shown := _kept_row(session, found, row)) is not None]


def _kept_row(session: Session, found: Import, row: ImportRow) -> KeptRow | None:
    """What the row made or changed, as its page is called; None where that is no longer to be seen."""
    if found.subject == Subject.DEAL:
        deal = session.get(Deal, row.deal_id)
        return None if deal is None else KeptRow(row.number, deal.title, url_for("web.deals.page", deal_id=deal.id))
    if found.subject == Subject.CONTACT:
        person = session.get(Contact, row.contact_id)
        return None if person is None else KeptRow(row.number, person.name, f"/people/{person.id}")
    company = session.get(Company, row.company_id)
    return None if company is None else KeptRow(row.number, company.name, f"/companies/{company.id}")
