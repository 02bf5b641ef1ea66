"""Changing what SQLite's ALTER TABLE cannot: a table is made anew under its name, with its rows and indexes.

The steps are SQLite's own (https://sqlite.org/lang_altertable.html, section 7). Foreign keys must be off, which
`migrations.migrate` sees to: dropping the old table would otherwise count as deleting what others point at.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from alembic import op
from sqlalchemy import text


def remake(
    table: str, *, new: Sequence[str], changed: Mapping[str, str] | None = None, copied: Mapping[str, str] | None = None
) -> None:
    """Make an SQLite table again.

    `new`: lines of the definition to be added, columns or constraints, as SQL. `changed`: text of the definition and
    what stands there instead. `copied`: columns whose value is another expression on the old row.
    """
    connection = op.get_bind()
    definition: str = connection.execute(
        text("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = :name"), {"name": table}
    ).scalar_one()
    indexes = connection.execute(
        text("SELECT sql FROM sqlite_master WHERE type = 'index' AND tbl_name = :name AND sql IS NOT NULL"),
        {"name": table},
    )
    remembered = [str(row[0]) for row in indexes]
    columns = [str(row[1]) for row in connection.execute(text(f'PRAGMA table_info("{table}")'))]
    highest = connection.execute(text("SELECT seq FROM sqlite_sequence WHERE name = :name"), {"name": table}).scalar()

    for old, instead in (changed or {}).items():
        if definition.count(old) != 1:
            raise ValueError(f"{table}: {old!r} does not stand there once")
        definition = definition.replace(old, instead)
    head, _, body = definition.partition("(")
    body = body.rstrip().removesuffix(")").rstrip()
    anew = f"{table}_anew"
    columns_first = sorted(new, key=lambda line: line.startswith("CONSTRAINT"))
    added = [line for line in columns_first if not line.startswith("CONSTRAINT")]
    constraints = [line for line in columns_first if line.startswith("CONSTRAINT")]
    body = "".join(f"\n\t{line}, " for line in added) + body + "".join(f", \n\t{line}" for line in constraints)
    connection.execute(text(head.replace(table, anew, 1) + "(" + body.replace(":", "\\:") + "\n)"))

    sources = [(copied or {}).get(column, f'"{column}"') for column in columns]
    into = ", ".join(f'"{column}"' for column in columns)
    connection.execute(text(f'INSERT INTO "{anew}" ({into}) SELECT {", ".join(sources)} FROM "{table}"'))
    connection.execute(text(f'DROP TABLE "{table}"'))
    connection.execute(text(f'ALTER TABLE "{anew}" RENAME TO "{table}"'))
    if highest is not None:
        # An id is never given twice: the diary remembers it.
        connection.execute(
            text("UPDATE sqlite_sequence SET seq = :seq WHERE name = :name"), {"seq": highest, "name": table}
        )
    for index in remembered:
        connection.execute(text(index))
