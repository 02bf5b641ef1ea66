"""What a board or a table was asked for by its address: a pipeline's standard view, a saved one, or everything.

What somebody changed and did not save stands in the query string, so that any page of the kind is an address to send.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit

from sqlalchemy.orm import Session

from addon.domain.errors import NotFound
from addon.domain.pipelines import queries as pipelines
from addon.domain.views import asking
from addon.domain.views import queries as views
from addon.domain.views.asking import Ask
from addon.models import Shape, Subject, View

CHANGED = "changed"
"""In an address: the query says all that is asked for, though it may say nothing."""
OFFSET = "from"
"""In an address: where a table's page begins."""

_WORDS = frozenset({"shape", "filter", "group", "hide", "sort", "columns", CHANGED})
_BOARD = re.compile(r"/board/([1-9]\d{0,9})", re.ASCII)
_SAVED = re.compile(r"/views/([0-9a-f-]{36})", re.ASCII)
_WHOLE = {"/deals": Subject.DEAL, "/people": Subject.CONTACT, "/companies": Subject.COMPANY}


@dataclass(frozen=True)
class Asked:
    ask: Ask
    standard: Ask
    """What the page shows where nobody changed anything."""
    path: str
    view: View | None = None
    """The saved view that it is; only within the session that read it."""

    @property
    def changed(self) -> bool:
        return self.ask != self.standard

    @property
    def here(self) -> str:
        """The address of the page as it stands."""
        return self.url(self.ask)

    def url(self, ask: Ask, **more: str) -> str:
        """The address of this page asking for something else; `more` are further words of its query."""
        told = asking.to_address(ask) if ask != self.standard else {}
        query = {name: text for name, text in told.items() if name in _WORDS}
        if ask != self.standard and not self.path.startswith("/board/"):
            query[CHANGED] = "1"
        query.update(more)
        return f"{self.path}?{urlencode(query)}" if query else self.path


def of_pipeline(session: Session, pipeline_id: int, given: Mapping[str, str]) -> Asked:
    """Raises NotFound, BadFilter."""
    pipelines.get(session, pipeline_id)
    standard = asking.standard(Subject.DEAL, pipeline_id=pipeline_id)
    return _read(session, standard, given, f"/board/{pipeline_id}")


def of_view(session: Session, ref: str, given: Mapping[str, str]) -> Asked:
    """Raises NotFound, also for somebody else's private view; BadFilter."""
    view = views.get(session, ref)
    return _read(session, asking.of_view(session, view), given, f"/views/{view.ref}", view)


def whole(session: Session, subject: Subject, given: Mapping[str, str], path: str) -> Asked:
    """Everything of a subject, as a table. Raises BadFilter."""
    return _read(session, asking.standard(subject, shape=Shape.TABLE), given, path)


def at(session: Session, address: str) -> Asked:
    """What stands behind an address of one of our own pages, path and query. Raises NotFound, BadFilter."""
    parts = urlsplit(address)
    if parts.netloc or parts.scheme:
        raise NotFound(what="view", given=parts.netloc[:100])
    given = dict(parse_qsl(parts.query[:20_000]))
    if found := _BOARD.fullmatch(parts.path):
        return of_pipeline(session, int(found[1]), given)
    if found := _SAVED.fullmatch(parts.path):
        return of_view(session, found[1], given)
    if parts.path in _WHOLE:
        return whole(session, _WHOLE[parts.path], given, parts.path)
    raise NotFound(what="view", given=parts.path[:100])


def _read(session: Session, standard: Ask, given: Mapping[str, str], path: str, view: View | None = None) -> Asked:
    if not _WORDS & given.keys():
        return Asked(standard, standard, path, view)
    told = {name: given[name] for name in _WORDS & given.keys()}
    told |= {"subject": standard.subject.value, "pipeline": str(standard.pipeline_id or "")}
    return Asked(asking.from_address(session, told), standard, path, view)
