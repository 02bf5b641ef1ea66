"""Every kind of entry that the product writes has words of its own, and they say what was, and what is."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from addon.domain.activity import operations as activity
from addon.domain.undoing.registry import HANDLERS
from addon.i18n import Words
from addon.models import Activity
from addon.web.diary.act_changes import CHANGING
from addon.web.diary.acts import Teller
from tests.web.web_world import MONDAY

DOMAIN = Path(__file__).parents[2] / "addon" / "domain"
KIND = re.compile(r"[a-z]+\.[a-z_]+")
ROOMS = frozenset(
    {
        *("deal", "task", "contact", "company", "address", "thread", "mail", "mailbox", "campaign", "outgoing"),
        *("field", "fields", "view", "pipeline", "pipelines", "stage", "stages", "bulk", "import", "sight", "user"),
        *("rule", "suppression"),
    }
)
HOSTS = "addresses.py"
WITHOUT = frozenset({"headings.py", "judging.py", "mapping.py", "people.py", "companies.py", "deals.py"})
"""Of the imports: they name columns in the form of a kind."""


def constants(tree: ast.AST) -> Iterator[str]:
    """Words that stand alone: codes of refusals are assigned to `code`, and are none."""
    codes = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and any(getattr(target, "id", "") == "code" for target in node.targets)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in codes:
            yield node.value


def written() -> set[str]:
    """Every kind that the domain writes, undone ones too."""
    found = set(HANDLERS)
    for file in DOMAIN.rglob("*.py"):
        if (
            file.name != HOSTS
            and "verdicts" not in file.parts
            and not ("imports" in file.parts and file.name in WITHOUT)
        ):
            found |= {text for text in constants(ast.parse(file.read_text())) if KIND.fullmatch(text)}
    kinds = {kind for kind in found if kind.partition(".")[0] in ROOMS}
    say = Words("en")
    return {kind for kind in kinds if not say.has(kind)}


@pytest.fixture(scope="module")
def kinds() -> set[str]:
    found = written()
    assert {"deal.moved", "task.done", "stage.removed", "sight.set", "bulk.started", "view.renamed"} <= found
    assert len(found) > 80
    return found


def test_no_kind_of_entry_is_without_words(small_world, kinds):
    with small_world.database.writing(small_world.viewer) as session:
        teller = Teller(session, Words("en", "Europe/Warsaw"), small_world.anna.id, MONDAY)
        for number, kind in enumerate(sorted(kinds), 1):
            entry = activity.record(session, kind, ("nothing", number), at=MONDAY)
            told = teller.tell(entry).whole
            assert told, kind
            assert kind in CHANGING or told != "You changed something", f"{kind} has no words"
        session.rollback()


def recorded() -> set[str]:
    """What stands as a kind where the diary is written; a kind that is put together is among those of undoing."""
    found: set[str] = set()
    for file in DOMAIN.rglob("*.py"):
        if "imports" in file.parts and file.name in WITHOUT:
            continue
        for node in ast.walk(ast.parse(file.read_text())):
            if not isinstance(node, ast.Call):
                continue
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called.lstrip("_").startswith(("record", "note")):
                texts = [arg for arg in [*node.args, *(word.value for word in node.keywords)]]
                found |= {
                    arg.value
                    for arg in texts
                    if isinstance(arg, ast.Constant) and isinstance(arg.value, str) and KIND.fullmatch(arg.value)
                }
    return found


def test_every_kind_that_is_recorded_or_undone_stands_in_the_catalogue(kinds):
    """Not by what a sentence reads like, but by its key: a kind that only an undo writes is among them."""
    say, here = Words("en"), recorded()
    assert {"deal.deleted", "task.done", "pipeline.created", "suppression.added"} <= here
    own = {"deal.moved", "mail.received", "mail.sent"}
    missing = {
        kind
        for kind in (here | set(HANDLERS)) - own
        if not say.has(f"acts.{kind}") and not say.has(f"web.acts.{kind.replace('.', '_')}")
    }
    assert missing == set()
    assert {"deal.twin_closed", "bulk.undone", "import.undone"} <= set(HANDLERS)


def test_what_was_taken_back_is_said_again(small_world):
    with small_world.database.writing(small_world.viewer) as session:
        teller = Teller(session, Words("en", "Europe/Warsaw"), small_world.anna.id, MONDAY)
        done = activity.record(session, "task.done", ("task", 1), at=MONDAY, texts={"title": "Call"})
        undone = activity.record(session, "task.reopened", ("task", 1), at=MONDAY, undoes=done)
        redone = activity.record(session, "task.done", ("task", 1), at=MONDAY, undoes=undone)
        for entry in (done, undone, redone):
            session.refresh(entry)

        assert [teller.tell(entry).whole for entry in (done, undone, redone)] == [
            "You finished “Call”",
            "You took this back: You finished “Call”",
            "You did this again: You finished “Call”",
        ]
        assert session.scalars(select(Activity).where(Activity.undoes_id == done.id)).one() is undone
