from __future__ import annotations

import ast
from pathlib import Path

FOLDER = Path(__file__).parents[3] / "addon" / "sandbox" / "gmail"
ALLOWED = ("addon.sandbox.gmail", "addon.clock", "addon.settings")


def test_of_the_house_it_knows_the_clock_and_the_settings_only():
    strangers = set()
    for path in FOLDER.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [f"{node.module}.{alias.name}" for alias in node.names]
            else:
                continue
            strangers |= {name for name in names if name.startswith("addon") and not name.startswith(ALLOWED)}

    assert not strangers
