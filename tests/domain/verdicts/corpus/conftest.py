"""The tests on real mails are left out, not skipped, where those mails are not at hand; and that is said."""

from __future__ import annotations

import os
from pathlib import Path

_BESIDE = Path(__file__).resolve().parents[4].parent / "shared" / "corpora"
_FOLDER = Path(os.environ["DEALTHREAD_CORPUS"]) if os.environ.get("DEALTHREAD_CORPUS") else _BESIDE
_IS_THERE = (_FOLDER / "expected.jsonl").is_file()

collect_ignore_glob = [] if _IS_THERE else ["test_*.py"]


def pytest_terminal_summary(terminalreporter):
    if not _IS_THERE:
        terminalreporter.write_line(f"Left out: the tests on real mails, for there are none in {_FOLDER}.")
