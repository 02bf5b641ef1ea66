"""What an act changed, in words: what stood there before, and what after, by field or by setting."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from addon.i18n import Words
from addon.models import Activity, Subject
from addon.web.diary.act_letters import apart
from addon.web.diary.act_names import Names
from addon.web.fields import field_words

_FIELDS = {f"{subject}.edited": subject for subject in Subject}
"""Acts on fields; all others that change something change settings."""

CHANGING = frozenset(
    {
        *_FIELDS,
        *("task.edited", "deal.role_changed", "user.role_changed", "sight.set", "mailbox.shared", "thread.shared"),
        *("pipeline.edited", "stage.edited", "field.edited", "field.option_edited", "view.renamed"),
    }
)
"""Kinds whose sentence says what was changed."""

_LONGEST = 160
"""Characters of a value that a sentence holds."""

_ABOUT = frozenset({"stage_id", "contact_id", "option_id", "task_id", "link_id", "order", "ref"})
"""Of settings: what the act was about, not what it changed."""


@dataclass(frozen=True)
class Changes:
    names: Names

    @property
    def say(self) -> Words:
        return self.names.say

    def told(self, entry: Activity) -> str:
        """Each change: "the owner from Anna to Dimas"; empty where nothing is known of it any more."""
        subject, before, after = self._changed(entry)
        keys = dict.fromkeys((*after, *before))
        return "; ".join(self._change(entry, subject, key, before.get(key), after.get(key)) for key in keys)

    def put_back(self, entry: Activity) -> str:
        """What stands there once it is taken back: "the owner is Anna again"; empty where nothing is known of it."""
        subject, before, after = self._changed(entry)
        keys = dict.fromkeys((*after, *before))
        return "; ".join(self._back(entry, subject, key, before.get(key)) for key in keys)

    def _changed(self, entry: Activity) -> tuple[Subject | None, dict[str, Any], dict[str, Any]]:
        before, after = _sides(entry)
        subject = _FIELDS.get(entry.kind)
        if subject is None:
            before, after = ({k: v for k, v in side.items() if k not in _ABOUT} for side in (before, after))
        if subject and {*before, *after} & {"amount", "currency"}:
            self._put_worth(before, after)
        if entry.kind == "sight.set":
            before.pop("role", None), after.pop("role", None)
        return subject, before, after

    def _put_worth(self, before: dict[str, Any], after: dict[str, Any]) -> None:
        """An entry holds only what changed, so the currency may stand on one side, or on none."""
        for mine, other in ((before, after), (after, before)):
            currency = mine.get("currency") or other.get("currency")
            mine["value"] = self.names.worth(mine.get("amount"), currency)
        for side in (before, after):
            side.pop("amount", None), side.pop("currency", None)

    def _change(self, entry: Activity, subject: Subject | None, key: str, old: Any, new: Any) -> str:
        label = self._label(entry, subject, key)
        if subject is None and (isinstance(old, list | dict) or isinstance(new, list | dict)):
            return label
        was, now = self._shown(subject, key, old), self._shown(subject, key, new)
        if not was:
            return self.say("web.acts.set", field=label, new=_short(now)) if now else label
        if was == now:
            return label
        was, now = _short(was), _short(now)
        return self.say("web.acts.changed" if now else "web.acts.emptied", field=label, old=was, new=now)

    def _back(self, entry: Activity, subject: Subject | None, key: str, old: Any) -> str:
        label = self._label(entry, subject, key)
        if subject is None and isinstance(old, list | dict):
            return self.say("acts.back.as_before", field=label)
        was = self._shown(subject, key, old)
        return self.say("acts.back.set" if was else "acts.back.empty", field=label, old=_short(was))

    def _label(self, entry: Activity, subject: Subject | None, key: str) -> str:
        """In a sentence: "the owner"; what a team calls a field of its own stands as they wrote it: “Liczba miejsc”."""
        if subject is not None:
            spec = self.names.custom(subject, key)
            if spec is not None:
                return self.say("acts.own_field", field=apart(field_words.label(spec, self.say)))
        room = subject or entry.kind.partition(".")[0]
        own = (f"acts.in_sentence.{room}.{key}", f"acts.in_sentence.{key}", f"web.fields.in_sentence.{key}")
        known = next((text for text in own if self.say.has(text)), "")
        return self.say("acts.the", field=self.say(known)) if known else self.say("acts.in_sentence.other")

    def _shown(self, subject: Subject | None, key: str, value: Any) -> str:
        if value in (None, "", [], {}):
            return ""
        spec = self.names.custom(subject, key) if subject is not None else None
        if spec is not None:
            return self.names.standing(spec, value)
        show = self._lookups().get(key)
        return show(value) if show else self._plain(key, value)

    def _plain(self, key: str, value: Any) -> str:
        """Codes have words of their own; a yes is a yes."""
        if isinstance(value, bool):
            return self.say("acts.yes" if value else "acts.no")
        code = f"acts.codes.{key}.{value}"
        return self.say(code) if self.say.has(code) else str(value)

    def _lookups(self) -> Mapping[str, Callable[[Any], str]]:
        names = self.names
        return {
            "owner_id": names.user,
            "assignee_id": names.user,
            "contact_id": names.contact,
            "referred_by_id": names.contact,
            "company_id": lambda value: names.called("company", value),
            "after_sales_id": lambda value: names.called("pipeline", value),
            "expected_close": names.day,
            "next_step_on": names.day,
            "due_on": names.day,
        }


def _sides(entry: Activity) -> tuple[dict[str, Any], dict[str, Any]]:
    texts = entry.detail.texts if entry.detail else {}
    sides = []
    for side, held in (("before", entry.before), ("after", entry.after)):
        words = texts.get(side, {})
        sides.append({**held, **(words if isinstance(words, Mapping) else {"name": words})})
    return sides[0], sides[1]


def _short(words: str) -> str:
    return apart(words if len(words) <= _LONGEST else f"{words[:_LONGEST].rstrip()}…")
