"""Every text that the sidebar says is in the catalogue, and the catalogue holds nothing that it never says."""

from __future__ import annotations

import re
from pathlib import Path

from addon.i18n import catalogue

SOURCES = Path(__file__).parents[2] / "addon" / "sidebar"
SAID_BY_RULE = ("sidebar.refused.", "sidebar.happened.")
"""Beginnings of keys that are made up of a code: of a refusal, of an act."""


def said() -> set[str]:
    text = "\n".join(path.read_text(encoding="utf-8") for path in SOURCES.rglob("*.py"))
    return set(re.findall(r'["\'](sidebar\.[a-z_.]+[a-z_])["\']', text))


def test_every_text_is_there():
    assert said() - set(catalogue("en")) == set()


def test_no_text_is_left_over():
    held = {key for key in catalogue("en") if key.startswith("sidebar.")}

    assert {key for key in held - said() if not key.startswith(SAID_BY_RULE)} == set()
