"""Owners of people and companies, twins of deals, amounts in whole cents."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from addon.migrations.remaking import remake

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

DELETED = sa.text("deleted_at IS NULL")


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        _on_sqlite()
    else:
        _on_postgresql()
    op.create_index("ix_company_owner_id", "company", ["owner_id"])
    op.create_index("ix_contact_owner_id", "contact", ["owner_id"])
    op.create_index("ix_deal_twin_of_id", "deal", ["twin_of_id"])
    op.drop_index("ix_deal_board", table_name="deal")
    op.create_index(
        "ix_deal_board",
        "deal",
        ["team_id", "pipeline_id", "stage_id", "entered_stage_at", "id"],
        sqlite_where=DELETED,
        postgresql_where=DELETED,
    )
    _count_what_stands()


def _on_sqlite() -> None:
    owner = "FOREIGN KEY(team_id, owner_id) REFERENCES user (team_id, id) ON DELETE RESTRICT"
    remake(
        "company",
        new=["owner_id INTEGER", "deleted_at DATETIME", f"CONSTRAINT fk_company_team_id_owner_id_user {owner}"],
    )
    remake("contact", new=["owner_id INTEGER", f"CONSTRAINT fk_contact_team_id_owner_id_user {owner}"])
    after_sales = "FOREIGN KEY(team_id, after_sales_id) REFERENCES pipeline (team_id, id) ON DELETE RESTRICT"
    remake(
        "pipeline",
        new=["after_sales_id INTEGER", f"CONSTRAINT fk_pipeline_team_id_after_sales_id_pipeline {after_sales}"],
    )
    twin = "FOREIGN KEY(team_id, twin_of_id) REFERENCES deal (team_id, id) ON DELETE RESTRICT"
    remake(
        "deal",
        new=[
            "twin_of_id INTEGER",
            "lost_reason VARCHAR(300) DEFAULT '' NOT NULL",
            f"CONSTRAINT fk_deal_team_id_twin_of_id_deal {twin}",
        ],
        changed={"amount NUMERIC(18, 2)": "amount BIGINT"},
        copied={"amount": "CAST(ROUND(amount * 100) AS INTEGER)"},
    )


def _on_postgresql() -> None:
    op.add_column("company", sa.Column("owner_id", sa.Integer()))
    op.add_column("company", sa.Column("deleted_at", sa.DateTime(timezone=True)))
    op.add_column("contact", sa.Column("owner_id", sa.Integer()))
    op.add_column("pipeline", sa.Column("after_sales_id", sa.Integer()))
    op.add_column("deal", sa.Column("twin_of_id", sa.Integer()))
    op.add_column("deal", sa.Column("lost_reason", sa.String(length=300), server_default="", nullable=False))
    op.alter_column("deal", "amount", type_=sa.BigInteger(), postgresql_using="(amount * 100)::bigint")
    for table, column, other in (
        ("company", "owner_id", "user"),
        ("contact", "owner_id", "user"),
        ("pipeline", "after_sales_id", "pipeline"),
        ("deal", "twin_of_id", "deal"),
    ):
        op.create_foreign_key(
            f"fk_{table}_team_id_{column}_{other}",
            table,
            other,
            ["team_id", column],
            ["team_id", "id"],
            ondelete="RESTRICT",
        )


def _count_what_stands() -> None:
    """The totals of the deals that there are."""
    op.execute(
        "INSERT INTO deal_total (team_id, pipeline_id, stage_id, owner_id, currency, deals, amount)"
        " SELECT team_id, pipeline_id, stage_id, owner_id, COALESCE(currency, ''), COUNT(*), COALESCE(SUM(amount), 0)"
        " FROM deal WHERE deleted_at IS NULL"
        " GROUP BY team_id, pipeline_id, stage_id, owner_id, COALESCE(currency, '')"
    )
    op.execute(
        "UPDATE stage_definition SET position = (SELECT position FROM stage WHERE stage.id = stage_definition.stage_id)"
    )
