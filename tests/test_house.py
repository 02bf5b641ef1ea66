"""The house keeps its shape: what the import contracts and the linter cannot see."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCES = sorted(path.relative_to(ROOT) for path in (ROOT / "addon").rglob("*.py"))

ASKS_FOR_THE_TIME = {"now", "utcnow", "today"}
SAYS_NOTHING = {"utils", "util", "helpers", "helper", "common", "misc"}
LONGEST = 300


def tree(path: Path) -> ast.Module:
    return ast.parse((ROOT / path).read_text(encoding="utf-8"))


def calls(path: Path) -> Iterator[tuple[str, str, int]]:
    """Each call of an attribute: on what (its last word), which, and in which line."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            on = node.func.value
            owner = on.id if isinstance(on, ast.Name) else on.attr if isinstance(on, ast.Attribute) else ""
            yield owner, node.func.attr, node.lineno


def is_below(path: Path, *folders: str) -> bool:
    return any(path.is_relative_to(folder) for folder in folders)


def test_every_folder_with_python_is_seen_by_the_import_contracts():
    unseen = {path.parent for path in SOURCES if not (ROOT / path.parent / "__init__.py").is_file()}

    assert not unseen, "a folder without __init__.py is invisible to import-linter"


def test_no_statement_slips_past_the_walk_that_holds_the_teams_apart():
    """`session.connection()`, the bulk methods and driver SQL pass neither hook of domain/access."""
    slips = [
        f"{path}:{line} {name}"
        for path in SOURCES
        if not is_below(path, "addon/migrations", "addon/domain/access/sessions.py", "addon/sandbox/gmail")
        for _, name, line in calls(path)
        if name in ("connection", "exec_driver_sql") or name.startswith("bulk_")
    ]

    assert not slips


def test_only_the_clock_asks_for_the_time():
    askers = [
        f"{path}:{line} {owner}.{name}"
        for path in SOURCES
        if path != Path("addon/clock.py")
        for owner, name, line in calls(path)
        if (owner in ("datetime", "date") and name in ASKS_FOR_THE_TIME)
        or (owner == "time" and name in ("time", "time_ns"))
    ]

    assert not askers, "use clock.now() for the world's time, clock.real_now() for the wall's"


def test_in_the_domain_only_rendering_knows_the_template_engine():
    knowers = {
        str(path)
        for path in SOURCES
        if is_below(path, "addon/domain")
        for node in ast.walk(tree(path))
        if isinstance(node, (ast.Import, ast.ImportFrom))
        for module in ([node.module or ""] if isinstance(node, ast.ImportFrom) else [name.name for name in node.names])
        if module.split(".")[0] == "jinja2"
    }

    assert knowers <= {"addon/domain/templates/rendering.py"}


def test_no_file_outgrows_one_ability():
    written = [path for path in SOURCES if not is_below(path, "addon/migrations/versions")]  # those are records
    long = {str(path): lines for path in written if (lines := (ROOT / path).read_text().count("\n")) > LONGEST}

    assert not long, "split by ability"


def test_every_file_is_named_for_what_it_does():
    nameless = [str(path) for path in SOURCES if SAYS_NOTHING & {path.stem, *path.parent.parts}]

    assert not nameless


@pytest.mark.parametrize("record", sorted(path.name for path in (ROOT / "addon" / "decisions").glob("*.md")))
def test_a_decision_says_why_and_what_follows(record: str):
    text = (ROOT / "addon" / "decisions" / record).read_text(encoding="utf-8")

    assert record[:4].isdigit()
    for part in ("## Context", "## Decision", "## Consequences"):
        assert part in text
