"""Writes a migration from the difference between the models and what the migrations make so far: for developers.

python -m addon.migrations.drafting "Record when the password was set"

A migration that a release carried is never written anew: somebody's rows went through it.
"""

from __future__ import annotations

import argparse
import re
from pathlib import Path
from typing import Any, Literal

from alembic.autogenerate import produce_migrations, render_python_code
from alembic.autogenerate.api import AutogenContext
from alembic.runtime.migration import MigrationContext
from sqlalchemy import JSON, Connection, DefaultClause, create_engine, event
from sqlalchemy.sql.elements import False_, True_

from addon import migrations
from addon.models import Model, UtcDateTime
from addon.models.base import Fixed

_VERSIONS = Path(__file__).parent / "versions"
_LONG = "# ruff: noqa: E501 (conditions stand as the database keeps them)\n\n"
_WIDTH = 120

_PAGE = '''"""{message}."""

{long}from __future__ import annotations

import sqlalchemy as sa
from alembic import op
{imports}
revision = "{revision}"
down_revision = {down}
branch_labels = None
depends_on = None


def upgrade() -> None:
    {body}
'''


def render_item(kind: str, thing: Any, _context: AutogenContext) -> str | Literal[False]:
    """A migration names SQL types, not ours: ours may change, what it made has happened."""
    if kind == "type" and isinstance(thing, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(thing, Fixed):
        return "sa.BigInteger()"
    if kind == "type" and isinstance(thing, JSON):
        return 'sa.JSON().with_variant(postgresql.JSONB(), "postgresql")'
    if kind == "server_default" and isinstance(thing, DefaultClause) and isinstance(thing.arg, True_ | False_):
        return f"sa.{thing.arg}()"  # SQLite would say 1, which PostgreSQL refuses
    return False


def draft(connection: Connection, *, revision: str, message: str, down: str | None) -> str:
    """The text of a migration that takes the database behind the connection to the models."""
    context = MigrationContext.configure(
        connection,
        opts={
            "target_metadata": Model.metadata,
            "render_item": render_item,
            "user_module_prefix": "sa.",
            "render_as_batch": down is not None,  # SQLite alters a table by copying it
        },
    )
    made = produce_migrations(context, Model.metadata)
    assert made.upgrade_ops is not None
    body = render_python_code(made.upgrade_ops, render_item=render_item, migration_context=context)
    body = re.sub(r" *# ###.*\n?", "", body).strip()
    imports = "from sqlalchemy.dialects import postgresql\n" if "postgresql." in body else ""
    return _PAGE.format(
        message=message.rstrip("."),
        revision=revision,
        down=f'"{down}"' if down else "None",
        body=body or "pass",
        imports=imports,
        long=_LONG if any(len(line) > _WIDTH for line in body.splitlines()) else "",
    )


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m addon.migrations.drafting", description=__doc__)
    parser.add_argument("message", help="what changes, in a short sentence")
    given = parser.parse_args()

    engine = create_engine("sqlite://")
    event.listen(engine, "connect", lambda connection, _record: setattr(connection, "isolation_level", None))
    with engine.begin() as connection:
        migrations.upgrade(connection)
        down = migrations.newest()
        revision = f"{int(down) + 1:04}"
        text = draft(connection, revision=revision, message=given.message, down=down)
    engine.dispose()
    slug = re.sub(r"\W+", "_", given.message.lower()).strip("_")[:50]
    (_VERSIONS / f"{revision}_{slug}.py").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
