"""Where a fault left a draft behind, its owner reads of it on the mailboxes page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from tests.databases import on_sqlite
from tests.web import stray_drafts
from tests.web.web_world import MONDAY, World, world


@pytest.fixture
def made(tmp_path: Path, clock: ModuleType) -> Iterator[World]:
    with on_sqlite(tmp_path) as database, world(database) as made:
        yield made


def leave(made: World, email: str, *, marked: bool = False) -> None:
    stray_drafts.leave(made.database, made.viewer, made.mailbox.id, email, at=MONDAY, marked=marked)


def test_without_one_the_page_says_nothing(made):
    assert "may be ours" not in made.client().get("/mailboxes").text


def test_a_draft_that_may_be_ours_is_named_by_its_person_and_colleagues_do_not_see_it(made):
    leave(made, "jane@acme.example")
    leave(made, "joe@acme.example")

    page = made.client().get("/mailboxes").text

    assert "2 drafts may be ours" in page
    assert "To jane@acme.example, " in page
    assert "jane@acme.example" not in made.client(made.dimas).get("/mailboxes").text


def test_one_that_will_be_deleted_says_so(made):
    leave(made, "jane@acme.example", marked=True)

    assert "One draft of ours is still among yours" in made.client().get("/mailboxes").text
