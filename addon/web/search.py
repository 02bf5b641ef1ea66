"""The one box: deals, people and companies by words. And names that fill a control while it is typed into."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup, escape

from addon.domain.contacts import queries as contacts
from addon.domain.search.finding import Hit, find
from addon.i18n import Words
from addon.models import Subject
from addon.web.deals.marking import marked
from addon.web.seat import reading, seat

bp = Blueprint("search", __name__)

MOST = 30
"""Hits of each kind on the page."""
QUICK = 4
"""Of each kind under the box."""
SUGGESTED = 12
LONGEST = 200
"""Characters of what is looked for."""

ROOMS = {Subject.DEAL: "deals", Subject.CONTACT: "people", Subject.COMPANY: "companies"}
ICONS = {Subject.DEAL: "board", Subject.CONTACT: "people", Subject.COMPANY: "calendar"}


@dataclass(frozen=True)
class HitView:
    url: str
    title: Markup
    subtitle: Markup


@dataclass(frozen=True)
class GroupView:
    key: str
    words: str
    icon: str
    hits: Sequence[HitView]
    more: bool
    """There are more than are shown."""


@bp.get("/search")
def page() -> ResponseReturnValue:
    """`part` in the address: the few best, for the list under the box."""
    given = request.args.get("q", "").strip()[:LONGEST]
    part = "part" in request.args
    groups = _groups(given, QUICK if part else MOST, seat().words) if given else []
    page = "web/_found.html" if part else "web/search.html"
    return render_template(page, given=given, groups=groups)


@bp.get("/suggest/company")
def company() -> ResponseReturnValue:
    """Names of companies, for a list of suggestions."""
    with reading() as session:
        given = request.args.get("q", "").strip()[:LONGEST]
        if given:
            names = [hit.title for hit in find(session, given, limit=SUGGESTED, subject=Subject.COMPANY)]
        else:
            names = [each.name for each in contacts.companies(session, limit=SUGGESTED)]
    return jsonify([{"value": name, "label": ""} for name in dict.fromkeys(names)])


@bp.get("/suggest/person")
def person() -> ResponseReturnValue:
    """People by address, which is theirs alone, with their names; those without one by name."""
    with reading() as session:
        given = request.args.get("q", "").strip()[:LONGEST]
        if given:
            found = [(hit.id, hit.title) for hit in find(session, given, limit=SUGGESTED, subject=Subject.CONTACT)]
        else:
            found = [(each.id, each.name) for each in contacts.everybody(session, limit=SUGGESTED)]
        mails = contacts.with_addresses(session, [number for number, _ in found])
        named = [(mails[number][0].email if mails.get(number) else name, name) for number, name in found]
    return jsonify([{"value": value, "label": name if name != value else ""} for value, name in named])


def _groups(given: str, limit: int, say: Words) -> list[GroupView]:
    with reading() as session:
        found = [(subject, find(session, given, limit=limit + 1, subject=subject)) for subject in Subject]
    return [
        GroupView(
            subject.value,
            say(f"search.{ROOMS[subject]}"),
            ICONS[subject],
            [_hit(hit) for hit in hits[:limit]],
            len(hits) > limit,
        )
        for subject, hits in found
        if hits
    ]


def _hit(hit: Hit) -> HitView:
    return HitView(f"/{ROOMS[hit.subject]}/{hit.id}", _marked(hit.title, hit), _marked(hit.subtitle, hit))


def _marked(text: str, hit: Hit) -> Markup:
    return Markup("").join(
        Markup("<b>{}</b>").format(part) if meant else escape(part) for part, meant in marked(text, hit.words)
    )
