"""Ways to ask a small world's pages for views, and to read what scripts are answered."""

from __future__ import annotations

from typing import Any

from werkzeug.test import TestResponse

from addon.domain.access import Viewer
from addon.domain.fields import operations as fields
from addon.domain.pipelines import shaping
from addon.models import FieldKind, Subject
from tests.web.web_world import MONDAY, World


def board(made: World) -> str:
    """The address of the pipeline's standard board."""
    return f"/board/{made.pipeline.id}"


def field(made: World, kind: FieldKind, name: str, *options: str) -> str:
    """The key of a new field of deals."""
    with made.database.writing(Viewer.operator(made.viewer.team_id)) as session:
        return f"f{fields.create(session, Subject.DEAL, kind, name, at=MONDAY, options=options).id}"


def requires(made: World, stage: str, *keys: str) -> None:
    with made.database.writing(Viewer.operator(made.viewer.team_id)) as session:
        shaping.edit_stage(session, made.stage(stage), {"required_to_enter": list(keys)}, at=MONDAY)


def drop(made: World, deal: int, column: object, at: str = "", **more: Any) -> TestResponse:
    """As a board's script drops a card."""
    form = {"at": at or board(made), "card": deal, "column": str(column), "seen": made.seen(deal), "left": "", **more}
    return made.post("/board/drop", form, json=True, **({"user": form.pop("user")} if "user" in form else {}))


def drawn(answer: TestResponse) -> str:
    """The columns that an answer draws."""
    return "".join(column.get("html", "") for column in answer.json["columns"])


def save(made: World, name: str, at: str, **form: Any) -> str:
    """The address of a view that is saved of what `at` shows."""
    answer = made.post("/views", {"name": name, "at": at, **form})
    assert answer.status_code == 302, answer.text
    return str(answer.headers["Location"])
