"""Every text that the sandbox shows is in the catalogue, and every text in the catalogue is shown somewhere."""

from __future__ import annotations

import re
from pathlib import Path

from addon.i18n import catalogue
from addon.sandbox.gmail.faults import Faults
from addon.sandbox.inbox.devices import PLATFORMS
from addon.sandbox.inbox.fault_form import HOW_OFTEN
from addon.sandbox.inbox.fault_stories import STORIES
from addon.sandbox.inbox.gmail import FOLDERS
from addon.sandbox.inbox.labels import HUES
from addon.sandbox.inbox.searching import SPANS
from addon.sandbox.inbox.world_panel import SPANS as LEAPS
from addon.sandbox.world import data

ROOT = Path(__file__).parents[2]
SOURCES = [*(ROOT / "addon" / "sandbox").rglob("*.py"), *(ROOT / "templates" / "sandbox").rglob("*.html")]
KEYS = {key for key in catalogue("en") if key.startswith("sandbox.")}


def _said() -> str:
    return "\n".join(file.read_text(encoding="utf-8") for file in SOURCES)


def _built() -> set[str]:
    """Keys whose last part is a value: a folder, a trouble's code, a refused folder's code."""
    said = _said()
    codes = re.findall(r"(?:AddonTrouble|NoAnswer|UnknownAnswer)\(\s*\"(\w+)\"", said)
    refused = re.findall(r"(?:FolderRefused|MailRefused)\(\s*\"(\w+)\"", said)
    return {
        *(f"sandbox.{kind}.{folder}" for kind in ("folder", "empty") for folder in FOLDERS),
        *(f"sandbox.hue.{hue}" for hue in HUES),
        *(f"sandbox.span.{span}" for span in SPANS),
        *(f"sandbox.role.{rep.role}" for rep in data.reps()),
        *(f"sandbox.phone.{platform.lower()}" for platform in PLATFORMS),
        *(f"sandbox.world.jump.{jump}" for jump in (*LEAPS, "monday", "answer")),
        *(f"sandbox.world.{kind}.{story.key}" for kind in ("story", "story_say") for story in STORIES),
        *(f"sandbox.world.often.{often}" for often in HOW_OFTEN),
        *(f"sandbox.world.when.{kind.when}" for kind in Faults.kinds()),
        *(f"sandbox.world.field.{field}" for field in re.findall(r"sandbox\.world\.field\.(\w+)", said)),
        *(f"sandbox.trouble.{code}" for code in codes),
        *(f"sandbox.demo.{code}" for code in refused),
    }


def test_every_text_that_is_asked_for_is_there() -> None:
    spelled = {key.rstrip(".") for key in re.findall(r"[\"'](sandbox\.[a-z_]+\.[a-z_]+)[\"']", _said())}

    assert spelled | _built() <= KEYS


def test_no_text_is_there_for_nothing() -> None:
    spelled = set(re.findall(r"[\"'](sandbox\.[a-z_]+\.[a-z_]+)[\"']", _said()))
    scopes = {key for key in KEYS if key.startswith("sandbox.scope.")}

    assert KEYS - spelled - _built() - scopes == set()
