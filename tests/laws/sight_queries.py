"""Every question that the domain answers, found by itself, and what each is asked with.

A query is a public function of a `queries.py`, or one of the readers named here. What it takes is told by the names of
its parameters; a name of which nothing is known fails the walk, so that no new query is left out of it.
"""

from __future__ import annotations

import importlib
import inspect
import itertools
import pkgutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import Any

from sqlalchemy import inspect as mapped
from sqlalchemy.orm import Session

import addon.domain
from addon.domain.campaigns import answers
from addon.domain.deals import copying, totals, twins
from addon.domain.errors import DomainError
from addon.domain.fields.keys import Kind
from addon.domain.imports import undo as import_undo
from addon.domain.pipelines import members
from addon.domain.search import finding
from addon.domain.undoing import operations as undoing
from addon.domain.views import asking, board, export, naming, table
from addon.models import Activity, Deal, LinkQuestion, Mailbox, Model, Stage, Subject, Thread, ThreadLink
from tests.domain.team_at_work import MONDAY

Bag = Mapping[str, Any]
"""Ids and words by the names of parameters."""
Query = Callable[..., Any]

READERS: tuple[Query, ...] = (
    answers.of_campaign, answers.counts, copying.copies, totals.of_pipeline, totals.recount, twins.of, twins.origin,
    import_undo.undoable, members.of, finding.find, undoing.preview, asking.from_address, naming.names,
    board.board, board.more, table.page, export.rows,
)  # fmt: skip
"""What pages, cards and exports read besides."""

OF_THE_MACHINE = {
    "inbox.queries": "a mail is linked by what is true of the team, whoever sees it (law 8)",
    "outgoing.queries": "mails that are due go out; who sees a campaign sees its people",
    "suppressions.queries": "who must not be mailed is not, whoever sees them",
    "contacts.queries.addresses_with_key": "asked while a mail is judged",
    "mailboxes.queries.refresh_token": "asked before a call to Google",
    "mailboxes.queries.access_token": "asked before a call to Google",
    "threads.queries.unread": "asked before a mailbox is read",
    "pipelines.queries.standing_in": "a stage that holds deals is not deleted, whoever sees them",
    "teams.queries.team_by_name": "asked by the command line",
}
"""Rooms and queries whose answers nobody is shown."""

_OWN_ROWS: Mapping[str, tuple[type[Model], str]] = {
    "deal": (Deal, "deal_id"), "stage": (Stage, "stage_id"), "entry": (Activity, "activity_id"),
    "move": (Activity, "activity_id"), "question": (LinkQuestion, "question_id"), "link": (ThreadLink, "link_id"),
    "mailbox": (Mailbox, "mailbox_id"), "thread": (Thread, "thread_id"),
}  # fmt: skip
"""Parameters that are rows: one can only hand in one's own."""
_WIDER = ("deleted", "archived", "everywhere")
_USUAL = ("hold", "lock", "limit", "newest", "only_open", "only_active", "states", "after", "after_row", "until",
          "offset")  # fmt: skip
_SUBJECTS = ("deal", "contact", "company", "pipeline", "field", "rule", "import")
"""Of diaries."""
_COLUMNS = ("title", "stage", "company", "contact", "referred_by", "owner", "product", "value", "lost_reason")
_GROUPS = ("company", "referred_by")


def all_of_them() -> dict[str, Query]:
    """By room and name."""
    found: dict[str, Query] = {}
    for module in pkgutil.walk_packages(addon.domain.__path__, "addon.domain."):
        if module.name.rpartition(".")[2] == "queries":
            found |= _public(importlib.import_module(module.name))
    return found | {_name(reader): reader for reader in READERS}


def _public(module: Any) -> dict[str, Query]:
    return {
        _name(value): value
        for name, value in vars(module).items()
        if inspect.isfunction(value) and value.__module__ == module.__name__ and not name.startswith("_")
    }


def _name(query: Query) -> str:
    return f"{query.__module__.removeprefix('addon.domain.')}.{query.__name__}"


def is_of_the_machine(name: str) -> bool:
    return name in OF_THE_MACHINE or name.rpartition(".")[0] in OF_THE_MACHINE


def shown() -> dict[str, Query]:
    """Those whose answers somebody reads; a row that is held is to be written."""
    found = all_of_them()
    return {name: query for name, query in found.items() if not (is_of_the_machine(name) or ".hold" in name)}


def unknown(query: Query) -> list[str]:
    """Parameters that the walk cannot fill."""
    return [name for name in _parameters(query) if name not in _FILLED and name not in _OWN_ROWS]


def asked(session: Session, query: Query, mine: Bag, other: Bag, done: set[str]) -> Iterator[tuple[str, list[str]]]:
    """Each way to ask it, about the ids and words in `other`, and all texts and numbers of its answer or refusal.

    What stands in `done` is not asked again.
    """
    names = _parameters(query)
    for values in itertools.product(*(list(_values(session, name, mine, other)) for name in names)):
        given = dict(zip(names, values, strict=True))
        if "subject_id" in given and given["subject_id"] != other[f"{given['kind']}_id"]:
            continue
        call = f"{_name(query)}{ ({name: value for name, value in given.items() if not isinstance(value, Model)}) }"
        if call in done:
            continue
        done.add(call)
        try:
            told = [*texts(query(*([session] if _needs_session(query) else []), **given))]
        except DomainError as refused:
            told = [refused.code, *texts(refused.params)]
        yield call, told


def _needs_session(query: Query) -> bool:
    return "session" in inspect.signature(query).parameters


def _parameters(query: Query) -> list[str]:
    found = inspect.signature(query).parameters.values()
    return [each.name for each in found if each.name not in ("session", *_USUAL)]


def _values(session: Session, name: str, mine: Bag, other: Bag) -> Iterable[Any]:
    if name in _OWN_ROWS:
        model, part = _OWN_ROWS[name]
        row = session.get(model, mine[part])
        return [row] if row is not None else []
    return _FILLED[name](mine, other)


def _asks(mine: Bag, other: Bag) -> list[asking.Ask]:
    shown = (*_COLUMNS, mine["field_of_contacts"], mine["field_of_companies"])
    made = [asking.Ask(subject=Subject.DEAL, group_by=key, columns=shown, sort=((key, "desc"),)) for key in _GROUPS]
    made.append(asking.Ask(subject=Subject.DEAL, pipeline_id=other["pipeline_id"], columns=("title", other["key"])))
    return [*made, *(asking.standard(subject) for subject in (Subject.CONTACT, Subject.COMPANY))]


def _say(code: str, params: Mapping[str, Any]) -> str:
    return f"{code} {dict(params)}"


def _part(name: str) -> Callable[[Bag, Bag], Sequence[Any]]:
    return lambda mine, other: [other[name]]


_FILLED: Mapping[str, Callable[[Bag, Bag], Sequence[Any]]] = {
    **{
        name: _part(name)
        for name in (
            "activity_id", "bulk_id", "campaign_id", "company_id", "contact_id", "deal_id", "field_id", "import_id",
            "mailbox_id", "message_id", "option_id", "pipeline_id", "ref", "rule_id", "stage_id", "task_id",
            "thread_id", "user_id",
        )
    },
    **{name: lambda mine, other: [True] for name in _WIDER},
    "contact_ids": lambda mine, other: [[other["contact_id"]]],
    "deal_ids": lambda mine, other: [[other["deal_id"]]],
    "deals": lambda mine, other: [[]],
    "email": lambda mine, other: [other["email"], f"new@{other['domain']}"],
    "name": lambda mine, other: [f"{other['people']} GmbH"],
    "text": lambda mine, other: [other["people"].lower(), other["deals"][:4].lower(), other["deals"]],
    "key": lambda mine, other: [other["key"]],
    "keys": lambda mine, other: [[other["key"]]],
    "kind": lambda mine, other: [*_SUBJECTS],
    "subject": lambda mine, other: [*Subject],
    "subject_id": lambda mine, other: [other[f"{kind}_id"] for kind in _SUBJECTS],
    "gmail_thread_id": lambda mine, other: [other["gmail_thread_id"]],
    "at": lambda mine, other: [MONDAY],
    "present": lambda mine, other: [[]],
    "say": lambda mine, other: [_say],
    "why": lambda mine, other: ["why"],
    "given": lambda mine, other: [
        {"pipeline": str(other["pipeline_id"])},
        {"filter": f"all({other['key']}.any_of({other['option_id']}))", "group": other["key"]},
    ],
    "wanted": lambda mine, other: [
        [
            (Kind.CONTACT, other["contact_id"]), (Kind.COMPANY, other["company_id"]),
            (Kind.PIPELINE, other["pipeline_id"]), (Kind.STAGE, other["stage_id"]),
        ]
    ],
    "ask": _asks,
    "headings": lambda mine, other: [{}],
    "yes": lambda mine, other: ["yes"],
    "currency": lambda mine, other: [""],
    "mark": lambda mine, other: [""],
}  # fmt: skip


def texts(value: Any, *, further: int = 0) -> Iterator[str]:
    """All that an answer says, with what its rows lead to, so many steps away."""
    parts: Iterable[Any] = ()
    if isinstance(value, Model):
        yield from _of_row(value, further)
    elif isinstance(value, str | bytes):
        yield value if isinstance(value, str) else value.decode("utf-8", "replace")
    elif isinstance(value, Mapping):
        parts = itertools.chain(value, value.values())
    elif is_dataclass(value) and not isinstance(value, type):
        parts = (getattr(value, part.name) for part in fields(value))
    elif isinstance(value, Iterable):
        parts = value
    elif not callable(value):
        yield str(value)
    for part in parts:
        yield from texts(part, further=further)


def _of_row(row: Model, further: int) -> Iterator[str]:
    kept = mapped(row).mapper
    for column in kept.column_attrs:
        yield from texts(getattr(row, column.key), further=further)
    for relation in kept.relationships if further else ():
        yield from texts(getattr(row, relation.key), further=0)
