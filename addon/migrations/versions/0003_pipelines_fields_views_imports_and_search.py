"""Pipelines, fields, views, imports and search."""

# ruff: noqa: E501 (conditions stand as the database keeps them)

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "import_mapping",
        sa.Column("subject", sa.String(length=32), nullable=False),
        sa.Column("headings", sa.String(length=64), nullable=False),
        sa.Column("mapping", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("subject IN ('deal', 'contact', 'company')", name=op.f("ck_import_mapping_subject_known")),
        sa.ForeignKeyConstraint(
            ["team_id"], ["team.id"], name=op.f("fk_import_mapping_team_id_team"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_mapping")),
        sa.UniqueConstraint("team_id", "id", name=op.f("uq_import_mapping_team_id_id")),
        sa.UniqueConstraint("team_id", "subject", "headings", name=op.f("uq_import_mapping_team_id_subject_headings")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_import_mapping_team_id"), "import_mapping", ["team_id"], unique=False)
    op.create_table(
        "role_sight",
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("sight", sa.String(length=32), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("role IN ('admin', 'manager', 'rep')", name=op.f("ck_role_sight_role_known")),
        sa.CheckConstraint("sight IN ('own', 'pipelines', 'all')", name=op.f("ck_role_sight_sight_known")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_role_sight_team_id_team"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_sight")),
        sa.UniqueConstraint("team_id", "id", name=op.f("uq_role_sight_team_id_id")),
        sa.UniqueConstraint("team_id", "role", name=op.f("uq_role_sight_team_id_role")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_role_sight_team_id"), "role_sight", ["team_id"], unique=False)
    op.create_table(
        "search_word",
        sa.Column(
            "word",
            sa.String(length=40).with_variant(sa.String(length=40, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["team_id"], ["team.id"], name=op.f("fk_search_word_team_id_team"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_word")),
        sa.UniqueConstraint("team_id", "id", name=op.f("uq_search_word_team_id_id")),
        sa.UniqueConstraint("team_id", "word", name=op.f("uq_search_word_team_id_word")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_search_word_team_id"), "search_word", ["team_id"], unique=False)
    op.create_table(
        "field",
        sa.Column("subject", sa.String(length=32), nullable=False),
        sa.Column("pipeline_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("help", sa.String(length=500), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("ready_set", sa.String(length=32), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("words_from", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('text', 'long_text', 'number', 'money', 'date', 'select', 'multi_select', 'person', 'link', 'phone', 'checkbox', 'company', 'contact')",
            name=op.f("ck_field_kind_known"),
        ),
        sa.CheckConstraint(
            "pipeline_id IS NULL OR subject = 'deal'", name=op.f("ck_field_only_deals_are_in_a_pipeline")
        ),
        sa.CheckConstraint("subject IN ('deal', 'contact', 'company')", name=op.f("ck_field_subject_known")),
        sa.ForeignKeyConstraint(
            ["team_id", "pipeline_id"],
            ["pipeline.team_id", "pipeline.id"],
            name=op.f("fk_field_team_id_pipeline_id_pipeline"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_field_team_id_team"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_field")),
        sa.UniqueConstraint("team_id", "id", name=op.f("uq_field_team_id_id")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_field_subject", "field", ["team_id", "subject", "position"], unique=False)
    op.create_index(op.f("ix_field_team_id"), "field", ["team_id"], unique=False)
    op.create_table(
        "pipeline_member",
        sa.Column("pipeline_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["team_id", "pipeline_id"],
            ["pipeline.team_id", "pipeline.id"],
            name=op.f("fk_pipeline_member_team_id_pipeline_id_pipeline"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["team_id", "user_id"],
            ["user.team_id", "user.id"],
            name=op.f("fk_pipeline_member_team_id_user_id_user"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["team_id"], ["team.id"], name=op.f("fk_pipeline_member_team_id_team"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pipeline_member")),
        sa.UniqueConstraint("pipeline_id", "user_id", name=op.f("uq_pipeline_member_pipeline_id_user_id")),
        sa.UniqueConstraint("team_id", "id", name=op.f("uq_pipeline_member_team_id_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_pipeline_member_team_id"), "pipeline_member", ["team_id"], unique=False)
    op.create_index(op.f("ix_pipeline_member_user_id"), "pipeline_member", ["user_id"], unique=False)
    op.create_table(
        "search_slip",
        sa.Column("word_id", sa.Integer(), nullable=False),
        sa.Column("slip", sa.String(length=40), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["team_id", "word_id"],
            ["search_word.team_id", "search_word.id"],
            name=op.f("fk_search_slip_team_id_word_id_search_word"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["team_id"], ["team.id"], name=op.f("fk_search_slip_team_id_team"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_slip")),
        sa.UniqueConstraint("team_id", "id", name=op.f("uq_search_slip_team_id_id")),
        sa.UniqueConstraint("word_id", "slip", name=op.f("uq_search_slip_word_id_slip")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_search_slip_slip", "search_slip", ["team_id", "slip", "word_id"], unique=False)
    op.create_index(op.f("ix_search_slip_team_id"), "search_slip", ["team_id"], unique=False)
    op.create_table(
        "view",
        sa.Column("ref", sa.String(length=36), nullable=False),
        sa.Column("subject", sa.String(length=32), nullable=False),
        sa.Column("pipeline_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("shape", sa.String(length=32), nullable=False),
        sa.Column("filter", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("group_by", sa.String(length=64), nullable=False),
        sa.Column("hidden", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("sort", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("columns", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("shape IN ('board', 'table')", name=op.f("ck_view_shape_known")),
        sa.CheckConstraint("subject IN ('deal', 'contact', 'company')", name=op.f("ck_view_subject_known")),
        sa.ForeignKeyConstraint(
            ["team_id", "owner_id"],
            ["user.team_id", "user.id"],
            name=op.f("fk_view_team_id_owner_id_user"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["team_id", "pipeline_id"],
            ["pipeline.team_id", "pipeline.id"],
            name=op.f("fk_view_team_id_pipeline_id_pipeline"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_view_team_id_team"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_view")),
        sa.UniqueConstraint("ref", name=op.f("uq_view_ref")),
        sa.UniqueConstraint("team_id", "id", name=op.f("uq_view_team_id_id")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_view_subject", "view", ["team_id", "subject", "owner_id"], unique=False)
    op.create_index(op.f("ix_view_team_id"), "view", ["team_id"], unique=False)
    op.create_table(
        "deal_total",
        sa.Column("pipeline_id", sa.Integer(), nullable=False),
        sa.Column("stage_id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("deals", sa.Integer(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["team_id", "owner_id"],
            ["user.team_id", "user.id"],
            name=op.f("fk_deal_total_team_id_owner_id_user"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["team_id", "pipeline_id"],
            ["pipeline.team_id", "pipeline.id"],
            name=op.f("fk_deal_total_team_id_pipeline_id_pipeline"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["team_id", "stage_id"],
            ["stage.team_id", "stage.id"],
            name=op.f("fk_deal_total_team_id_stage_id_stage"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_deal_total_team_id_team"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deal_total")),
        sa.UniqueConstraint("team_id", "id", name=op.f("uq_deal_total_team_id_id")),
        sa.UniqueConstraint(
            "team_id",
            "pipeline_id",
            "stage_id",
            "owner_id",
            "currency",
            name=op.f("uq_deal_total_team_id_pipeline_id_stage_id_owner_id_currency"),
        ),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_deal_total_team_id"), "deal_total", ["team_id"], unique=False)
    op.create_table(
        "field_option",
        sa.Column("field_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("score BETWEEN 0 AND 100", name=op.f("ck_field_option_score_percent")),
        sa.ForeignKeyConstraint(
            ["team_id", "field_id"],
            ["field.team_id", "field.id"],
            name=op.f("fk_field_option_team_id_field_id_field"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["team_id"], ["team.id"], name=op.f("fk_field_option_team_id_team"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_field_option")),
        sa.UniqueConstraint("team_id", "field_id", "id", name=op.f("uq_field_option_team_id_field_id_id")),
        sa.UniqueConstraint("team_id", "id", name=op.f("uq_field_option_team_id_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_field_option_field_id"), "field_option", ["field_id"], unique=False)
    op.create_index(op.f("ix_field_option_team_id"), "field_option", ["team_id"], unique=False)
    op.create_table(
        "company_value",
        sa.Column("company_id", sa.Integer(), nullable=False),
        sa.Column("field_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("folded", sa.String(length=100), nullable=True),
        sa.Column("number", sa.BigInteger(), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=True),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("option_id", sa.Integer(), nullable=True),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("of_company_id", sa.Integer(), nullable=True),
        sa.Column("of_contact_id", sa.Integer(), nullable=True),
        sa.Column("checked", sa.Boolean(), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("(amount IS NULL) = (currency IS NULL)", name=op.f("ck_company_value_amount_with_currency")),
        sa.ForeignKeyConstraint(
            ["team_id", "company_id"],
            ["company.team_id", "company.id"],
            name=op.f("fk_company_value_team_id_company_id_company"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["team_id", "field_id"],
            ["field.team_id", "field.id"],
            name=op.f("fk_company_value_team_id_field_id_field"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["team_id", "of_company_id"],
            ["company.team_id", "company.id"],
            name=op.f("fk_company_value_team_id_of_company_id_company"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["team_id", "of_contact_id"],
            ["contact.team_id", "contact.id"],
            name=op.f("fk_company_value_team_id_of_contact_id_contact"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["team_id", "option_id"],
            ["field_option.team_id", "field_option.id"],
            name=op.f("fk_company_value_team_id_option_id_field_option"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["team_id", "user_id"],
            ["user.team_id", "user.id"],
            name=op.f("fk_company_value_team_id_user_id_user"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["team_id"], ["team.id"], name=op.f("fk_company_value_team_id_team"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_company_value")),
        sa.UniqueConstraint(
            "company_id", "field_id", "option_id", name=op.f("uq_company_value_company_id_field_id_option_id")
        ),
        sa.UniqueConstraint("team_id", "id", name=op.f("uq_company_value_team_id_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_company_value_amount",
        "company_value",
        ["team_id", "field_id", "amount", "company_id"],
        unique=False,
        sqlite_where=sa.text("amount IS NOT NULL"),
        postgresql_where=sa.text("amount IS NOT NULL"),
    )
    op.create_index(
        "ix_company_value_checked",
        "company_value",
        ["team_id", "field_id", "checked", "company_id"],
        unique=False,
        sqlite_where=sa.text("checked IS NOT NULL"),
        postgresql_where=sa.text("checked IS NOT NULL"),
    )
    op.create_index(op.f("ix_company_value_company_id"), "company_value", ["company_id"], unique=False)
    op.create_index(
        "ix_company_value_day",
        "company_value",
        ["team_id", "field_id", "day", "company_id"],
        unique=False,
        sqlite_where=sa.text("day IS NOT NULL"),
        postgresql_where=sa.text("day IS NOT NULL"),
    )
    op.create_index(
        "ix_company_value_folded",
        "company_value",
        ["team_id", "field_id", "folded", "company_id"],
        unique=False,
        sqlite_where=sa.text("folded IS NOT NULL"),
        postgresql_where=sa.text("folded IS NOT NULL"),
    )
    op.create_index(
        "ix_company_value_number",
        "company_value",
        ["team_id", "field_id", "number", "company_id"],
        unique=False,
        sqlite_where=sa.text("number IS NOT NULL"),
        postgresql_where=sa.text("number IS NOT NULL"),
    )
    op.create_index(
        "ix_company_value_of_company_id",
        "company_value",
        ["team_id", "field_id", "of_company_id", "company_id"],
        unique=False,
        sqlite_where=sa.text("of_company_id IS NOT NULL"),
        postgresql_where=sa.text("of_company_id IS NOT NULL"),
    )
    op.create_index(
        "ix_company_value_of_contact_id",
        "company_value",
        ["team_id", "field_id", "of_contact_id", "company_id"],
        unique=False,
        sqlite_where=sa.text("of_contact_id IS NOT NULL"),
        postgresql_where=sa.text("of_contact_id IS NOT NULL"),
    )
    op.create_index(
        "ix_company_value_option_id",
        "company_value",
        ["team_id", "field_id", "option_id", "company_id"],
        unique=False,
        sqlite_where=sa.text("option_id IS NOT NULL"),
        postgresql_where=sa.text("option_id IS NOT NULL"),
    )
    op.create_index(op.f("ix_company_value_team_id"), "company_value", ["team_id"], unique=False)
    op.create_index(
        "ix_company_value_user_id",
        "company_value",
        ["team_id", "field_id", "user_id", "company_id"],
        unique=False,
        sqlite_where=sa.text("user_id IS NOT NULL"),
        postgresql_where=sa.text("user_id IS NOT NULL"),
    )
    op.create_index(
        "uq_company_value_single",
        "company_value",
        ["company_id", "field_id"],
        unique=True,
        sqlite_where=sa.text("option_id IS NULL"),
        postgresql_where=sa.text("option_id IS NULL"),
    )
    op.create_table(
        "contact_value",
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("field_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("folded", sa.String(length=100), nullable=True),
        sa.Column("number", sa.BigInteger(), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=True),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("option_id", sa.Integer(), nullable=True),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("of_company_id", sa.Integer(), nullable=True),
        sa.Column("of_contact_id", sa.Integer(), nullable=True),
        sa.Column("checked", sa.Boolean(), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("(amount IS NULL) = (currency IS NULL)", name=op.f("ck_contact_value_amount_with_currency")),
        sa.ForeignKeyConstraint(
            ["team_id", "contact_id"],
            ["contact.team_id", "contact.id"],
            name=op.f("fk_contact_value_team_id_contact_id_contact"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["team_id", "field_id"],
            ["field.team_id", "field.id"],
            name=op.f("fk_contact_value_team_id_field_id_field"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["team_id", "of_company_id"],
            ["company.team_id", "company.id"],
            name=op.f("fk_contact_value_team_id_of_company_id_company"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["team_id", "of_contact_id"],
            ["contact.team_id", "contact.id"],
            name=op.f("fk_contact_value_team_id_of_contact_id_contact"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["team_id", "option_id"],
            ["field_option.team_id", "field_option.id"],
            name=op.f("fk_contact_value_team_id_option_id_field_option"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["team_id", "user_id"],
            ["user.team_id", "user.id"],
            name=op.f("fk_contact_value_team_id_user_id_user"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["team_id"], ["team.id"], name=op.f("fk_contact_value_team_id_team"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_value")),
        sa.UniqueConstraint(
            "contact_id", "field_id", "option_id", name=op.f("uq_contact_value_contact_id_field_id_option_id")
        ),
        sa.UniqueConstraint("team_id", "id", name=op.f("uq_contact_value_team_id_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_contact_value_amount",
        "contact_value",
        ["team_id", "field_id", "amount", "contact_id"],
        unique=False,
        sqlite_where=sa.text("amount IS NOT NULL"),
        postgresql_where=sa.text("amount IS NOT NULL"),
    )
    op.create_index(
        "ix_contact_value_checked",
        "contact_value",
        ["team_id", "field_id", "checked", "contact_id"],
        unique=False,
        sqlite_where=sa.text("checked IS NOT NULL"),
        postgresql_where=sa.text("checked IS NOT NULL"),
    )
    op.create_index(op.f("ix_contact_value_contact_id"), "contact_value", ["contact_id"], unique=False)
    op.create_index(
        "ix_contact_value_day",
        "contact_value",
        ["team_id", "field_id", "day", "contact_id"],
        unique=False,
        sqlite_where=sa.text("day IS NOT NULL"),
        postgresql_where=sa.text("day IS NOT NULL"),
    )
    op.create_index(
        "ix_contact_value_folded",
        "contact_value",
        ["team_id", "field_id", "folded", "contact_id"],
        unique=False,
        sqlite_where=sa.text("folded IS NOT NULL"),
        postgresql_where=sa.text("folded IS NOT NULL"),
    )
    op.create_index(
        "ix_contact_value_number",
        "contact_value",
        ["team_id", "field_id", "number", "contact_id"],
        unique=False,
        sqlite_where=sa.text("number IS NOT NULL"),
        postgresql_where=sa.text("number IS NOT NULL"),
    )
    op.create_index(
        "ix_contact_value_of_company_id",
        "contact_value",
        ["team_id", "field_id", "of_company_id", "contact_id"],
        unique=False,
        sqlite_where=sa.text("of_company_id IS NOT NULL"),
        postgresql_where=sa.text("of_company_id IS NOT NULL"),
    )
    op.create_index(
        "ix_contact_value_of_contact_id",
        "contact_value",
        ["team_id", "field_id", "of_contact_id", "contact_id"],
        unique=False,
        sqlite_where=sa.text("of_contact_id IS NOT NULL"),
        postgresql_where=sa.text("of_contact_id IS NOT NULL"),
    )
    op.create_index(
        "ix_contact_value_option_id",
        "contact_value",
        ["team_id", "field_id", "option_id", "contact_id"],
        unique=False,
        sqlite_where=sa.text("option_id IS NOT NULL"),
        postgresql_where=sa.text("option_id IS NOT NULL"),
    )
    op.create_index(op.f("ix_contact_value_team_id"), "contact_value", ["team_id"], unique=False)
    op.create_index(
        "ix_contact_value_user_id",
        "contact_value",
        ["team_id", "field_id", "user_id", "contact_id"],
        unique=False,
        sqlite_where=sa.text("user_id IS NOT NULL"),
        postgresql_where=sa.text("user_id IS NOT NULL"),
    )
    op.create_index(
        "uq_contact_value_single",
        "contact_value",
        ["contact_id", "field_id"],
        unique=True,
        sqlite_where=sa.text("option_id IS NULL"),
        postgresql_where=sa.text("option_id IS NULL"),
    )
    op.create_table(
        "checklist_tick",
        sa.Column("deal_id", sa.Integer(), nullable=False),
        sa.Column("stage_id", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(length=32), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["team_id", "deal_id"],
            ["deal.team_id", "deal.id"],
            name=op.f("fk_checklist_tick_team_id_deal_id_deal"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["team_id", "stage_id"],
            ["stage.team_id", "stage.id"],
            name=op.f("fk_checklist_tick_team_id_stage_id_stage"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["team_id", "user_id"],
            ["user.team_id", "user.id"],
            name=op.f("fk_checklist_tick_team_id_user_id_user"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["team_id"], ["team.id"], name=op.f("fk_checklist_tick_team_id_team"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checklist_tick")),
        sa.UniqueConstraint("deal_id", "stage_id", "item", name=op.f("uq_checklist_tick_deal_id_stage_id_item")),
        sa.UniqueConstraint("team_id", "id", name=op.f("uq_checklist_tick_team_id_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_checklist_tick_team_id"), "checklist_tick", ["team_id"], unique=False)
    op.create_table(
        "deal_value",
        sa.Column("deal_id", sa.Integer(), nullable=False),
        sa.Column("field_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("folded", sa.String(length=100), nullable=True),
        sa.Column("number", sa.BigInteger(), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=True),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("option_id", sa.Integer(), nullable=True),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("of_company_id", sa.Integer(), nullable=True),
        sa.Column("of_contact_id", sa.Integer(), nullable=True),
        sa.Column("checked", sa.Boolean(), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("(amount IS NULL) = (currency IS NULL)", name=op.f("ck_deal_value_amount_with_currency")),
        sa.ForeignKeyConstraint(
            ["team_id", "deal_id"],
            ["deal.team_id", "deal.id"],
            name=op.f("fk_deal_value_team_id_deal_id_deal"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["team_id", "field_id"],
            ["field.team_id", "field.id"],
            name=op.f("fk_deal_value_team_id_field_id_field"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["team_id", "of_company_id"],
            ["company.team_id", "company.id"],
            name=op.f("fk_deal_value_team_id_of_company_id_company"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["team_id", "of_contact_id"],
            ["contact.team_id", "contact.id"],
            name=op.f("fk_deal_value_team_id_of_contact_id_contact"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["team_id", "option_id"],
            ["field_option.team_id", "field_option.id"],
            name=op.f("fk_deal_value_team_id_option_id_field_option"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["team_id", "user_id"],
            ["user.team_id", "user.id"],
            name=op.f("fk_deal_value_team_id_user_id_user"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_deal_value_team_id_team"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deal_value")),
        sa.UniqueConstraint("deal_id", "field_id", "option_id", name=op.f("uq_deal_value_deal_id_field_id_option_id")),
        sa.UniqueConstraint("team_id", "id", name=op.f("uq_deal_value_team_id_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_deal_value_amount",
        "deal_value",
        ["team_id", "field_id", "amount", "deal_id"],
        unique=False,
        sqlite_where=sa.text("amount IS NOT NULL"),
        postgresql_where=sa.text("amount IS NOT NULL"),
    )
    op.create_index(
        "ix_deal_value_checked",
        "deal_value",
        ["team_id", "field_id", "checked", "deal_id"],
        unique=False,
        sqlite_where=sa.text("checked IS NOT NULL"),
        postgresql_where=sa.text("checked IS NOT NULL"),
    )
    op.create_index(
        "ix_deal_value_day",
        "deal_value",
        ["team_id", "field_id", "day", "deal_id"],
        unique=False,
        sqlite_where=sa.text("day IS NOT NULL"),
        postgresql_where=sa.text("day IS NOT NULL"),
    )
    op.create_index(op.f("ix_deal_value_deal_id"), "deal_value", ["deal_id"], unique=False)
    op.create_index(
        "ix_deal_value_folded",
        "deal_value",
        ["team_id", "field_id", "folded", "deal_id"],
        unique=False,
        sqlite_where=sa.text("folded IS NOT NULL"),
        postgresql_where=sa.text("folded IS NOT NULL"),
    )
    op.create_index(
        "ix_deal_value_number",
        "deal_value",
        ["team_id", "field_id", "number", "deal_id"],
        unique=False,
        sqlite_where=sa.text("number IS NOT NULL"),
        postgresql_where=sa.text("number IS NOT NULL"),
    )
    op.create_index(
        "ix_deal_value_of_company_id",
        "deal_value",
        ["team_id", "field_id", "of_company_id", "deal_id"],
        unique=False,
        sqlite_where=sa.text("of_company_id IS NOT NULL"),
        postgresql_where=sa.text("of_company_id IS NOT NULL"),
    )
    op.create_index(
        "ix_deal_value_of_contact_id",
        "deal_value",
        ["team_id", "field_id", "of_contact_id", "deal_id"],
        unique=False,
        sqlite_where=sa.text("of_contact_id IS NOT NULL"),
        postgresql_where=sa.text("of_contact_id IS NOT NULL"),
    )
    op.create_index(
        "ix_deal_value_option_id",
        "deal_value",
        ["team_id", "field_id", "option_id", "deal_id"],
        unique=False,
        sqlite_where=sa.text("option_id IS NOT NULL"),
        postgresql_where=sa.text("option_id IS NOT NULL"),
    )
    op.create_index(op.f("ix_deal_value_team_id"), "deal_value", ["team_id"], unique=False)
    op.create_index(
        "ix_deal_value_user_id",
        "deal_value",
        ["team_id", "field_id", "user_id", "deal_id"],
        unique=False,
        sqlite_where=sa.text("user_id IS NOT NULL"),
        postgresql_where=sa.text("user_id IS NOT NULL"),
    )
    op.create_index(
        "uq_deal_value_single",
        "deal_value",
        ["deal_id", "field_id"],
        unique=True,
        sqlite_where=sa.text("option_id IS NULL"),
        postgresql_where=sa.text("option_id IS NULL"),
    )
    op.create_table(
        "search_place",
        sa.Column("word_id", sa.Integer(), nullable=False),
        sa.Column("deal_id", sa.Integer(), nullable=True),
        sa.Column("contact_id", sa.Integer(), nullable=True),
        sa.Column("company_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["team_id", "company_id"],
            ["company.team_id", "company.id"],
            name=op.f("fk_search_place_team_id_company_id_company"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["team_id", "contact_id"],
            ["contact.team_id", "contact.id"],
            name=op.f("fk_search_place_team_id_contact_id_contact"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["team_id", "deal_id"],
            ["deal.team_id", "deal.id"],
            name=op.f("fk_search_place_team_id_deal_id_deal"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["team_id", "word_id"],
            ["search_word.team_id", "search_word.id"],
            name=op.f("fk_search_place_team_id_word_id_search_word"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["team_id"], ["team.id"], name=op.f("fk_search_place_team_id_team"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_place")),
        sa.UniqueConstraint("team_id", "id", name=op.f("uq_search_place_team_id_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_search_place_company_id",
        "search_place",
        ["team_id", "company_id", "word_id"],
        unique=False,
        sqlite_where=sa.text("company_id IS NOT NULL"),
        postgresql_where=sa.text("company_id IS NOT NULL"),
    )
    op.create_index(
        "uq_search_place_word_company_id",
        "search_place",
        ["team_id", "word_id", "company_id"],
        unique=True,
        sqlite_where=sa.text("company_id IS NOT NULL"),
        postgresql_where=sa.text("company_id IS NOT NULL"),
    )
    op.create_index(
        "ix_search_place_contact_id",
        "search_place",
        ["team_id", "contact_id", "word_id"],
        unique=False,
        sqlite_where=sa.text("contact_id IS NOT NULL"),
        postgresql_where=sa.text("contact_id IS NOT NULL"),
    )
    op.create_index(
        "uq_search_place_word_contact_id",
        "search_place",
        ["team_id", "word_id", "contact_id"],
        unique=True,
        sqlite_where=sa.text("contact_id IS NOT NULL"),
        postgresql_where=sa.text("contact_id IS NOT NULL"),
    )
    op.create_index(
        "ix_search_place_deal_id",
        "search_place",
        ["team_id", "deal_id", "word_id"],
        unique=False,
        sqlite_where=sa.text("deal_id IS NOT NULL"),
        postgresql_where=sa.text("deal_id IS NOT NULL"),
    )
    op.create_index(
        "uq_search_place_word_deal_id",
        "search_place",
        ["team_id", "word_id", "deal_id"],
        unique=True,
        sqlite_where=sa.text("deal_id IS NOT NULL"),
        postgresql_where=sa.text("deal_id IS NOT NULL"),
    )
    op.create_index("ix_search_place_word", "search_place", ["team_id", "word_id"], unique=False)
    op.create_table(
        "task",
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("deal_id", sa.Integer(), nullable=True),
        sa.Column("contact_id", sa.Integer(), nullable=True),
        sa.Column("assignee_id", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["team_id", "assignee_id"],
            ["user.team_id", "user.id"],
            name=op.f("fk_task_team_id_assignee_id_user"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["team_id", "contact_id"],
            ["contact.team_id", "contact.id"],
            name=op.f("fk_task_team_id_contact_id_contact"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["team_id", "deal_id"],
            ["deal.team_id", "deal.id"],
            name=op.f("fk_task_team_id_deal_id_deal"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_task_team_id_team"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task")),
        sa.UniqueConstraint("team_id", "id", name=op.f("uq_task_team_id_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_task_contact_id"), "task", ["contact_id"], unique=False)
    op.create_index(op.f("ix_task_deal_id"), "task", ["deal_id"], unique=False)
    op.create_index("ix_task_due", "task", ["team_id", "assignee_id", "due_on"], unique=False)
    op.create_index(op.f("ix_task_team_id"), "task", ["team_id"], unique=False)
    op.create_table(
        "bulk",
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("subject", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("act_id", sa.Integer(), nullable=False),
        sa.Column("asked", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("ids", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("at", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("refused", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("error", sa.String(length=100), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('move', 'edit', 'delete', 'undo')", name=op.f("ck_bulk_kind_known")),
        sa.CheckConstraint("state IN ('running', 'done')", name=op.f("ck_bulk_state_known")),
        sa.CheckConstraint("subject IN ('deal', 'contact', 'company')", name=op.f("ck_bulk_subject_known")),
        sa.ForeignKeyConstraint(
            ["team_id", "act_id"],
            ["activity.team_id", "activity.id"],
            name=op.f("fk_bulk_team_id_act_id_activity"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["team_id", "owner_id"],
            ["user.team_id", "user.id"],
            name=op.f("fk_bulk_team_id_owner_id_user"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_bulk_team_id_team"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulk")),
        sa.UniqueConstraint("team_id", "id", name=op.f("uq_bulk_team_id_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_bulk_team_id"), "bulk", ["team_id"], unique=False)
    op.create_table(
        "import",
        sa.Column("subject", sa.String(length=32), nullable=False),
        sa.Column("pipeline_id", sa.Integer(), nullable=True),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("act_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("file_name", sa.String(length=300), nullable=False),
        sa.Column("choices", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("mapping", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("at", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("waits_since", sa.Float(), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('draft', 'running', 'done', 'stopped', 'undoing', 'undone')", name=op.f("ck_import_state_known")
        ),
        sa.CheckConstraint("subject IN ('deal', 'contact', 'company')", name=op.f("ck_import_subject_known")),
        sa.ForeignKeyConstraint(
            ["team_id", "act_id"],
            ["activity.team_id", "activity.id"],
            name=op.f("fk_import_team_id_act_id_activity"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["team_id", "owner_id"],
            ["user.team_id", "user.id"],
            name=op.f("fk_import_team_id_owner_id_user"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["team_id", "pipeline_id"],
            ["pipeline.team_id", "pipeline.id"],
            name=op.f("fk_import_team_id_pipeline_id_pipeline"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_import_team_id_team"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import")),
        sa.UniqueConstraint("team_id", "id", name=op.f("uq_import_team_id_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_import_team_id"), "import", ["team_id"], unique=False)
    op.create_table(
        "import_file",
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["team_id", "import_id"],
            ["import.team_id", "import.id"],
            name=op.f("fk_import_file_team_id_import_id_import"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["team_id"], ["team.id"], name=op.f("fk_import_file_team_id_team"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_file")),
        sa.UniqueConstraint("import_id", name=op.f("uq_import_file_import_id")),
        sa.UniqueConstraint("team_id", "id", name=op.f("uq_import_file_team_id_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_import_file_team_id"), "import_file", ["team_id"], unique=False)
    op.create_table(
        "import_row",
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("deal_id", sa.Integer(), nullable=True),
        sa.Column("contact_id", sa.Integer(), nullable=True),
        sa.Column("company_id", sa.Integer(), nullable=True),
        sa.Column("last_number", sa.Integer(), nullable=True),
        sa.Column("problems", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("values", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("undone", sa.String(length=32), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('bad', 'created', 'updated', 'unchanged')", name=op.f("ck_import_row_state_known")
        ),
        sa.CheckConstraint("undone IN ('undone', 'kept')", name=op.f("ck_import_row_undone_known")),
        sa.ForeignKeyConstraint(
            ["team_id", "company_id"],
            ["company.team_id", "company.id"],
            name=op.f("fk_import_row_team_id_company_id_company"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["team_id", "contact_id"],
            ["contact.team_id", "contact.id"],
            name=op.f("fk_import_row_team_id_contact_id_contact"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["team_id", "deal_id"],
            ["deal.team_id", "deal.id"],
            name=op.f("fk_import_row_team_id_deal_id_deal"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["team_id", "import_id"],
            ["import.team_id", "import.id"],
            name=op.f("fk_import_row_team_id_import_id_import"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_import_row_team_id_team"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_row")),
        sa.UniqueConstraint("import_id", "number", name=op.f("uq_import_row_import_id_number")),
        sa.UniqueConstraint("team_id", "id", name=op.f("uq_import_row_team_id_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_import_row_company_id"), "import_row", ["company_id"], unique=False)
    op.create_index(op.f("ix_import_row_contact_id"), "import_row", ["contact_id"], unique=False)
    op.create_index(op.f("ix_import_row_deal_id"), "import_row", ["deal_id"], unique=False)
    op.create_index("ix_import_row_state", "import_row", ["import_id", "state", "number"], unique=False)
    op.create_index(op.f("ix_import_row_team_id"), "import_row", ["team_id"], unique=False)
    op.add_column("address", sa.Column("position", sa.Integer(), server_default="0", nullable=False))
    op.add_column("deal_contact", sa.Column("role", sa.String(length=100), server_default="", nullable=False))
    op.add_column("pipeline", sa.Column("members_only", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("stage_definition", sa.Column("position", sa.Integer(), server_default="0", nullable=False))
    op.add_column("stage_definition", sa.Column("help", sa.Text(), server_default="", nullable=False))
    op.add_column(
        "stage_definition",
        sa.Column(
            "checklist", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), server_default="[]", nullable=False
        ),
    )
    op.add_column(
        "stage_definition",
        sa.Column(
            "required_to_enter",
            sa.JSON().with_variant(postgresql.JSONB(), "postgresql"),
            server_default="[]",
            nullable=False,
        ),
    )
    op.add_column(
        "stage_definition",
        sa.Column(
            "required_to_leave",
            sa.JSON().with_variant(postgresql.JSONB(), "postgresql"),
            server_default="[]",
            nullable=False,
        ),
    )
    op.add_column(
        "stage_definition",
        sa.Column("leads_to", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True),
    )
