"""What the ids in the diary are called, for a reader: only what they may see has a name."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from addon.domain.contacts import queries as contacts
from addon.domain.errors import NotFound
from addon.domain.fields import queries as fields
from addon.domain.fields.keys import FieldSpec, Kind, field_id_of
from addon.domain.fields.noting import typed
from addon.domain.pipelines import queries as pipelines
from addon.domain.teams import queries as teams
from addon.domain.views.table import Cell, Named
from addon.i18n import Words
from addon.models import Company, Deal, Field, FieldOption, Subject, View
from addon.web.fields import field_words

_POINTS = {Kind.PERSON: "user", Kind.CONTACT: "contact", Kind.COMPANY: "company"}


@dataclass(frozen=True)
class Names:
    """Asks for each name once a page."""

    session: Session
    say: Words
    now: datetime
    _known: dict[tuple[str, Any], Any] = field(default_factory=dict)

    def called(self, what: str, number: int | None) -> str:
        """Of a user, contact, company, stage, pipeline, deal, field, option or view; empty where it has no name."""
        if not number:
            return ""
        if (what, number) not in self._known:
            self._known[what, number] = self._find(what, number)
        return str(self._known[what, number])

    def user(self, user_id: int | None) -> str:
        return self.called("user", user_id) or self.say("web.acts.who.somebody")

    def contact(self, contact_id: int | None) -> str:
        return self.called("contact", contact_id) or self.say("web.acts.who.somebody")

    def day(self, value: str) -> str:
        return self.say.day(date.fromisoformat(value), today=self.say.today(self.now))

    def custom(self, subject: Subject, key: str) -> FieldSpec | None:
        """A custom field, deleted ones too; None for other keys."""
        if field_id_of(key) is None:
            return None
        if (subject, key) not in self._known:
            self._known[subject, key] = fields.by_key(self.session, subject, [key], deleted=True).get(key)
        found: FieldSpec | None = self._known[subject, key]
        return found

    def standing(self, spec: FieldSpec, noted: Any) -> str:
        """What the diary noted of a custom field, as a person reads it."""
        value = typed(spec.kind, noted)
        if value in (None, ""):
            return ""
        return field_words.words(self._cell(spec, value), self.say, now=self.now)

    def worth(self, amount: Any, currency: str | None) -> str:
        if amount is None:
            return ""
        number = Decimal(amount)
        return self.say.money(number, currency) if currency else f"{number:,.2f}".removesuffix(".00")

    def _cell(self, spec: FieldSpec, value: Any) -> Cell:
        if spec.kind in _POINTS:
            return self.called(_POINTS[spec.kind], value) or self.say("web.acts.who.somebody")
        if spec.kind in (Kind.SELECT, Kind.MULTI_SELECT):
            chosen = value if isinstance(value, frozenset) else {value}
            return tuple(Named(one.id, one.name) for one in spec.options if one.id in chosen)
        cell: Cell = value
        return cell

    def _find(self, what: str, number: int) -> str:
        try:
            match what:
                case "user":
                    user = teams.get_user(self.session, number)
                    return user.name or user.email
                case "contact":
                    return contacts.get(self.session, number).name
                case "stage":
                    return pipelines.get_stage(self.session, number).name
                case "pipeline":
                    return pipelines.get(self.session, number, archived=True).name
        except NotFound:
            return ""
        model: Any = {"company": Company, "deal": Deal, "field": Field, "option": FieldOption, "view": View}[what]
        row = self.session.get(model, number)
        return str(getattr(row, "title" if what == "deal" else "name")) if row is not None else ""
