"""The bar above a board or a table: which view it is, its filters, its columns, its order, and what was not saved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from flask import url_for
from sqlalchemy.orm import Session

from addon import clock
from addon.domain.access import viewer_of
from addon.domain.fields.keys import FieldSpec
from addon.domain.pipelines import queries as pipelines
from addon.domain.pipelines import rights
from addon.domain.views import asking, columns, filters, groups
from addon.domain.views import queries as views
from addon.domain.views.asking import Ask
from addon.domain.views.filters import EVERYTHING, Condition, Group
from addon.domain.views.scene import set_up
from addon.i18n import Words
from addon.models import Role, Shape, Subject
from addon.web.fields.field_words import label
from addon.web.views.asked import Asked
from addon.web.views.column_words import column_name
from addon.web.views.filter_words import FilterChip, filter_words

ONLY_OPEN = Condition("stage", "kind_is", ("open",))
"""What a board by something else than the stage shows of a pipeline, unless somebody takes it out."""
MOST_CHOSEN = 60
"""Columns of a board that a list offers to hide."""


@dataclass(frozen=True, kw_only=True)
class Link:
    words: str
    url: str
    current: bool = False
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class ChipView:
    chip: FilterChip
    edit_url: str
    """Empty for what can only be taken out."""
    remove_url: str


@dataclass(frozen=True, kw_only=True)
class Choice:
    key: str
    words: str
    on: bool


@dataclass(frozen=True, kw_only=True)
class ViewBar:
    subject: str
    title: str
    heading: str
    ref: str
    """Of a saved view; empty for a standard one."""
    shared: bool
    own: bool
    """Whether the reader may change it."""
    kinds: Sequence[Link]
    """People and companies, beside each other; empty for deals."""
    switcher: Sequence[tuple[str, Sequence[Link]]]
    shaping: Sequence[Link]
    """Where pipelines are shaped, for who may."""
    pipeline: str
    """Its name; empty for all."""
    pipelines: Sequence[Link]
    board_url: str
    table_url: str
    is_board: bool
    chips: Sequence[ChipView]
    any: bool
    flip_url: str
    """The same conditions, joined the other way; empty where there are not two."""
    fields: Sequence[Link]
    """What one can filter by."""
    grouped_by: str
    groups: Sequence[Link]
    sorted_by: str
    sorts: Sequence[Link]
    columns: Sequence[Choice]
    """Of a table, those that are shown first."""
    shown: Sequence[Choice]
    """Columns of a board that can be hidden."""
    gone: Sequence[str]
    """Names of fields that it asks for and that are no more."""
    import_url: str
    changed: bool
    reset_url: str
    unfiltered_url: str


def view_bar(session: Session, at: Asked, say: Words) -> ViewBar:
    ask, now = at.ask, clock.now()
    known = asking.specs(session, ask.subject, ask.pipeline_id)
    words = filter_words(session, ask, known, say, now=now)
    pipeline = pipelines.get(session, ask.pipeline_id).name if ask.pipeline_id is not None else ""
    viewer, view = viewer_of(session), at.view
    title = view.name if view else pipeline or say(f"views.all.{ask.subject}")
    is_board = ask.shape == Shape.BOARD
    return ViewBar(
        subject=ask.subject.value,
        title=title,
        heading=say("views.heading", name=title, pipeline=pipeline) if view and pipeline else title,
        ref=view.ref if view else "",
        shared=view.shared if view else False,
        own=view is not None and (view.owner_id == viewer.user_id or viewer.role == Role.ADMIN),
        kinds=[] if ask.subject == Subject.DEAL else _kinds(at, say),
        switcher=_switcher(session, at, say),
        shaping=_shaping(session, ask, say) if ask.subject == Subject.DEAL else [],
        pipeline=pipeline,
        pipelines=_pipelines(session, ask) if ask.subject == Subject.DEAL else [],
        board_url=at.url(replace(ask, shape=Shape.BOARD)),
        table_url=at.url(replace(ask, shape=Shape.TABLE)),
        is_board=is_board,
        chips=[_chip(at, known, chip) for chip in words.chips(ask.filter)],
        any=ask.filter.any,
        flip_url=_flipped(at),
        fields=[_link(spec, _edit(at, field=spec.key), say) for spec in known.values()],
        grouped_by=label(known[ask.grouping], say) if ask.grouping in known else say("views.gone_field"),
        groups=[_group(at, spec, say) for spec in known.values() if spec.grouped],
        sorted_by=_sorted_by(ask, known, say),
        sorts=[_sort(at, spec, say) for spec in known.values()],
        columns=[] if is_board else _columns(ask, known, say),
        shown=_shown(session, ask, known, say) if is_board else [],
        gone=[words.deleted.get(key) or say("views.gone_field") for key in asking.gone(ask, known)],
        import_url=url_for("web.imports.new", subject=ask.subject.value),
        changed=at.changed,
        reset_url=at.path,
        unfiltered_url=at.url(replace(ask, filter=EVERYTHING)),
    )


def first_pipeline(session: Session) -> int | None:
    found = pipelines.live(session)
    return found[0].id if found else None


def without_part(group: Group, place: int) -> Group:
    parts = tuple(part for number, part in enumerate(group.parts) if number != place)
    return replace(group, parts=parts) if parts else EVERYTHING


def grouped_by(ask: Ask, key: str) -> Ask:
    """By another field. By the stage Won and Lost are narrow; by anything else they would fill the columns."""
    if ask.subject != Subject.DEAL:
        return replace(ask, group_by=key, hidden=(), shape=Shape.BOARD)
    parts = ask.filter.parts
    if key == "stage":
        kept = tuple(part for part in parts if part != ONLY_OPEN)
        found = ask.filter if len(kept) == len(parts) else replace(ask.filter, parts=kept)
    elif ask.grouping == "stage" and not any(c.field == "stage" for c in filters.conditions(ask.filter)):
        found = Group(False, (ask.filter, ONLY_OPEN) if ask.filter.any else (*parts, ONLY_OPEN))
    else:
        found = ask.filter
    group_by = "" if key == "stage" else key
    return replace(ask, group_by=group_by, hidden=(), filter=found if found.parts else EVERYTHING, shape=Shape.BOARD)


def _kinds(at: Asked, say: Words) -> list[Link]:
    found = ((Subject.CONTACT, "/people"), (Subject.COMPANY, "/companies"))
    return [Link(words=say(f"views.all.{each}"), url=url, current=at.ask.subject == each) for each, url in found]


def _switcher(session: Session, at: Asked, say: Words) -> list[tuple[str, Sequence[Link]]]:
    ask, me = at.ask, viewer_of(session).user_id
    saved = views.for_switcher(session, ask.subject)

    def links(mine: bool) -> list[Link]:
        found = [view for view in saved if (view.owner_id == me) == mine]
        return [
            Link(
                words=view.name, url=url_for("web.boards.saved", ref=view.ref), current=f"/views/{view.ref}" == at.path
            )
            for view in found
        ]

    standard = []
    if ask.subject == Subject.DEAL:
        standard = [
            Link(words=each.name, url=f"/board/{each.id}", current=at.path == f"/board/{each.id}")
            for each in pipelines.live(session)
        ]
    path = {Subject.DEAL: "/deals", Subject.CONTACT: "/people", Subject.COMPANY: "/companies"}[ask.subject]
    standard.append(Link(words=say(f"views.all.{ask.subject}"), url=path, current=at.path == path))
    told = [
        (say("views.mine"), links(True)),
        (say("views.shared_ones"), links(False)),
        (say("views.standard"), standard),
    ]
    return [(heading, found) for heading, found in told if found]


def _shaping(session: Session, ask: Ask, say: Words) -> list[Link]:
    found = []
    if ask.pipeline_id is not None and rights.may_shape(session, ask.pipeline_id):
        url = url_for("web.pipelines.page", pipeline_id=ask.pipeline_id)
        found.append(Link(words=say("views.shape"), url=url))
    if rights.may_shape(session):
        found.append(Link(words=say("views.new_pipeline"), url=url_for("web.pipelines.new")))
    return found


def _pipelines(session: Session, ask: Ask) -> list[Link]:
    return [
        Link(words=each.name, url=f"/board/{each.id}", current=each.id == ask.pipeline_id)
        for each in pipelines.live(session)
    ]


def _chip(at: Asked, known: Mapping[str, FieldSpec], chip: FilterChip) -> ChipView:
    removed = without_part(at.ask.filter, int(chip.place))
    part = at.ask.filter.parts[int(chip.place)]
    editable = isinstance(part, Condition) and not chip.gone
    return ChipView(
        chip=chip,
        edit_url=_edit(at, place=chip.place) if editable else "",
        remove_url=at.url(replace(at.ask, filter=removed)),
    )


def _edit(at: Asked, *, field: str | None = None, place: str | None = None) -> str:
    return url_for("web.filters.edit", at=at.here, field=field, place=place)


def _flipped(at: Asked) -> str:
    found = at.ask.filter
    if len(found.parts) < 2:
        return ""
    return at.url(replace(at.ask, filter=replace(found, any=not found.any)))


def _link(spec: FieldSpec, url: str, say: Words) -> Link:
    return Link(words=label(spec, say), url=url)


def _group(at: Asked, spec: FieldSpec, say: Words) -> Link:
    url = at.url(grouped_by(at.ask, spec.key))
    return Link(words=label(spec, say), url=url, current=at.ask.grouping == spec.key)


def _sorted_by(ask: Ask, known: Mapping[str, FieldSpec], say: Words) -> str:
    named = [(label(known[key], say), way) for key, way in ask.sort if key in known]
    if not named:
        return say("views.usual_order")
    return ", ".join(say("views.falling", field=name) if way == "desc" else name for name, way in named)


def _sort(at: Asked, spec: FieldSpec, say: Words) -> Link:
    """Once for rising, again for falling, once more for the usual order."""
    way = dict(at.ask.sort).get(spec.key)
    if way is None:
        sort: asking.Sort = ((spec.key, "asc"),)
    else:
        sort = ((spec.key, "desc"),) if way == "asc" else ()
    note = "" if way is None else say(f"views.way.{way}")
    url = at.url(replace(at.ask, sort=sort))
    return Link(words=label(spec, say), url=url, current=way is not None, note=note)


def _columns(ask: Ask, known: Mapping[str, FieldSpec], say: Words) -> list[Choice]:
    shown = [key for key in ask.shown if key in known]
    rest = [key for key in known if key not in shown]
    return [Choice(key=key, words=label(known[key], say), on=key in shown) for key in (*shown, *rest)]


def _shown(session: Session, ask: Ask, known: Mapping[str, FieldSpec], say: Words) -> list[Choice]:
    """Columns that are there whatever stands in them, and the hidden ones."""
    if ask.grouping not in known:
        return []
    spec = known[ask.grouping]
    scene = set_up(session, replace(ask, hidden=()), clock.now())
    by = groups.grouping(session, scene)
    there = columns.places(session, scene, by, {}) if by is not None and spec.kind in groups.CLOSED else []
    named = {place.key: place.name for place in there}
    named.update({key: "" for key in ask.hidden if key not in named})
    return [
        Choice(key=key, words=column_name(spec, key, name or key, say), on=key not in ask.hidden)
        for key, name in list(named.items())[:MOST_CHOSEN]
    ]
