"""What Undo takes back, one whole sentence a thing: "the owner is Anna again", not only that something was changed."""

from __future__ import annotations

from collections.abc import Sequence

from addon.domain.undoing.plan import Line, Preview
from addon.i18n import Words
from addon.models import Activity
from addon.web.diary.act_changes import CHANGING, Changes
from addon.web.diary.act_letters import all_apart
from addon.web.diary.act_names import Names

SHOWN = 5
"""Of acts on many things: what is told one by one. The rest is counted."""


def told(planned: Preview, names: Names) -> list[str]:
    """A sentence for each of the first things that go back, and how many more do."""
    acts = {entry.id: entry for entry in planned.entries}
    several = len(planned.takes_back) > 1
    said = [_sentence(line, acts, names, several=several) for line in planned.takes_back[:SHOWN]]
    return said + _rest(planned.takes_back, names.say)


def once(lines: list[str], say: Words) -> list[str]:
    """What does not go back, each reason once: many things often stay for the same one."""
    each = list(dict.fromkeys(lines))
    return each[:SHOWN] + _rest(each, say)


def sentence_of(line: Line, planned: Preview, names: Names) -> str:
    """One thing that goes back, by its name."""
    return _sentence(line, {entry.id: entry for entry in planned.entries}, names, several=True)


def _rest(every: Sequence[object], say: Words) -> list[str]:
    more = len(every) - SHOWN
    return [say("acts.back.more", n=more)] if more > 0 else []


def _sentence(line: Line, acts: dict[int, Activity], names: Names, *, several: bool) -> str:
    code, params = line[0], all_apart(line[1])
    entry = acts.get(params.get("entry", 0))
    own = _of_act(entry, str(params.get("title", "")), names, several=several) if entry is not None else ""
    return own or names.say(code, **params)


def _of_act(entry: Activity, title: str, names: Names, *, several: bool) -> str:
    """From what stands in the diary; empty where its words were erased."""
    say = names.say
    if entry.kind == "sight.set":
        role, sight = entry.after["role"], entry.before["sight"]
        return say("acts.back.sight", title=say(f"acts.back.roles.{role}"), sight=say(f"acts.back.sights.{sight}"))
    if entry.kind in CHANGING:
        changes, key = Changes(names).put_back(entry), "of" if several and title else "only"
        return say(f"acts.back.{key}", title=title, changes=changes) if changes else ""
    kind = f"acts.back.kinds.{entry.kind.replace('.', '_')}"
    return say(kind, title=title) if say.has(kind) else ""
