"""Everything that Dealthread remembers."""

# ruff: noqa: E501 (conditions stand as the database keeps them)

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "installation",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sealed_secret", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_installation_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_installation")),
    )
    op.create_table(
        "team",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "company",
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("domain", sa.String(length=253), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_company_team_id_team"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_company")),
        sa.UniqueConstraint("team_id", "domain", name=op.f("uq_company_team_id_domain")),
        sa.UniqueConstraint("team_id", "id", name=op.f("uq_company_team_id_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_company_team_id"), "company", ["team_id"], unique=False)
    op.create_table(
        "pipeline",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_pipeline_team_id_team"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pipeline")),
        sa.UniqueConstraint("team_id", "id", name=op.f("uq_pipeline_team_id_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_pipeline_team_id"), "pipeline", ["team_id"], unique=False)
    op.create_table(
        "run",
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("ref", sa.String(length=36), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('campaign', 'enrolment')", name=op.f("ck_run_kind_known")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_run_team_id_team"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_run")),
        sa.UniqueConstraint("ref", name=op.f("uq_run_ref")),
        sa.UniqueConstraint("team_id", "id", name=op.f("uq_run_team_id_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_run_team_id"), "run", ["team_id"], unique=False)
    op.create_table(
        "suppression",
        sa.Column("address_key", sa.String(length=64), nullable=False),
        sa.Column("scope", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "reason IN ('unsubscribed', 'bounced', 'complained', 'by_hand')", name=op.f("ck_suppression_reason_known")
        ),
        sa.CheckConstraint("scope IN ('everything', 'campaigns', 'sequence')", name=op.f("ck_suppression_scope_known")),
        sa.ForeignKeyConstraint(
            ["team_id"], ["team.id"], name=op.f("fk_suppression_team_id_team"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suppression")),
        sa.UniqueConstraint("team_id", "id", name=op.f("uq_suppression_team_id_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_suppression_team_id"), "suppression", ["team_id"], unique=False)
    op.create_index(
        "uq_suppression_live",
        "suppression",
        ["team_id", "address_key", "scope"],
        unique=True,
        sqlite_where=sa.text("lifted_at IS NULL"),
        postgresql_where=sa.text("lifted_at IS NULL"),
    )
    op.create_table(
        "user",
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("google_sub", sa.String(length=64), nullable=True),
        sa.Column("active", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("dark", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("locale", sa.String(length=16), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("role IN ('admin', 'manager', 'rep')", name=op.f("ck_user_role_known")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_user_team_id_team"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user")),
        sa.UniqueConstraint("email", name=op.f("uq_user_email")),
        sa.UniqueConstraint("google_sub", name=op.f("uq_user_google_sub")),
        sa.UniqueConstraint("team_id", "id", name=op.f("uq_user_team_id_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_user_team_id"), "user", ["team_id"], unique=False)
    op.create_table(
        "contact",
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("first_name", sa.String(length=150), nullable=False),
        sa.Column("last_name", sa.String(length=150), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("phone", sa.String(length=64), nullable=False),
        sa.Column("locale", sa.String(length=16), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["team_id", "company_id"],
            ["company.team_id", "company.id"],
            name=op.f("fk_contact_team_id_company_id_company"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_contact_team_id_team"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact")),
        sa.UniqueConstraint("team_id", "id", name=op.f("uq_contact_team_id_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_contact_company_id"), "contact", ["company_id"], unique=False)
    op.create_index(op.f("ix_contact_team_id"), "contact", ["team_id"], unique=False)
    op.create_table(
        "mailbox",
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("sharing", sa.String(length=32), nullable=False),
        sa.Column("sealed_refresh_token", sa.LargeBinary(), nullable=True),
        sa.Column("sealed_access_token", sa.LargeBinary(), nullable=True),
        sa.Column("access_token_ends", sa.DateTime(timezone=True), nullable=True),
        sa.Column("scopes", sa.String(length=2000), nullable=False),
        sa.Column("cursor", sa.BigInteger(), nullable=True),
        sa.Column("lookback_page", sa.String(length=500), nullable=True),
        sa.Column("lookback_to", sa.BigInteger(), nullable=True),
        sa.Column("pushed_to", sa.BigInteger(), nullable=True),
        sa.Column("synced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("watch_ends", sa.DateTime(timezone=True), nullable=True),
        sa.Column("daily_cap", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("sharing IN ('happened', 'subject', 'quote', 'all')", name=op.f("ck_mailbox_sharing_known")),
        sa.CheckConstraint("state IN ('connected', 'reconnect')", name=op.f("ck_mailbox_state_known")),
        sa.ForeignKeyConstraint(
            ["team_id", "owner_id"],
            ["user.team_id", "user.id"],
            name=op.f("fk_mailbox_team_id_owner_id_user"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_mailbox_team_id_team"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mailbox")),
        sa.UniqueConstraint("email", name=op.f("uq_mailbox_email")),
        sa.UniqueConstraint("team_id", "id", name=op.f("uq_mailbox_team_id_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_mailbox_team_id"), "mailbox", ["team_id"], unique=False)
    op.create_table(
        "rule",
        sa.Column("pipeline_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["team_id", "pipeline_id"],
            ["pipeline.team_id", "pipeline.id"],
            name=op.f("fk_rule_team_id_pipeline_id_pipeline"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_rule_team_id_team"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule")),
        sa.UniqueConstraint("team_id", "id", name=op.f("uq_rule_team_id_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_rule_pipeline_id"), "rule", ["pipeline_id"], unique=False)
    op.create_index(op.f("ix_rule_team_id"), "rule", ["team_id"], unique=False)
    op.create_table(
        "stage",
        sa.Column("pipeline_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('open', 'won', 'lost')", name=op.f("ck_stage_kind_known")),
        sa.ForeignKeyConstraint(
            ["team_id", "pipeline_id"],
            ["pipeline.team_id", "pipeline.id"],
            name=op.f("fk_stage_team_id_pipeline_id_pipeline"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_stage_team_id_team"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stage")),
        sa.UniqueConstraint("team_id", "id", name=op.f("uq_stage_team_id_id")),
        sa.UniqueConstraint("team_id", "pipeline_id", "id", name=op.f("uq_stage_team_id_pipeline_id_id")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_stage_order", "stage", ["pipeline_id", "position"], unique=False)
    op.create_index(op.f("ix_stage_team_id"), "stage", ["team_id"], unique=False)
    op.create_table(
        "address",
        sa.Column("contact_id", sa.Integer(), nullable=True),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("bounced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["team_id", "contact_id"],
            ["contact.team_id", "contact.id"],
            name=op.f("fk_address_team_id_contact_id_contact"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_address_team_id_team"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_address")),
        sa.UniqueConstraint("team_id", "email", name=op.f("uq_address_team_id_email")),
        sa.UniqueConstraint("team_id", "id", name=op.f("uq_address_team_id_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_address_contact_id"), "address", ["contact_id"], unique=False)
    op.create_index("ix_address_key", "address", ["team_id", "key"], unique=False)
    op.create_index(op.f("ix_address_team_id"), "address", ["team_id"], unique=False)
    op.create_table(
        "campaign",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("mailbox_id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("columns", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("paused_for", sa.String(length=32), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("launched_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "paused_for IN ('by_hand', 'reconnect', 'daily_limit')", name=op.f("ck_campaign_paused_for_known")
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'sending', 'paused', 'done', 'cancelled')", name=op.f("ck_campaign_state_known")
        ),
        sa.ForeignKeyConstraint(
            ["team_id", "mailbox_id"],
            ["mailbox.team_id", "mailbox.id"],
            name=op.f("fk_campaign_team_id_mailbox_id_mailbox"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["team_id", "owner_id"],
            ["user.team_id", "user.id"],
            name=op.f("fk_campaign_team_id_owner_id_user"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["team_id", "run_id"],
            ["run.team_id", "run.id"],
            name=op.f("fk_campaign_team_id_run_id_run"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_campaign_team_id_team"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign")),
        sa.UniqueConstraint("run_id", name=op.f("uq_campaign_run_id")),
        sa.UniqueConstraint("team_id", "id", name=op.f("uq_campaign_team_id_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_campaign_mailbox_id"), "campaign", ["mailbox_id"], unique=False)
    op.create_index(op.f("ix_campaign_team_id"), "campaign", ["team_id"], unique=False)
    op.create_table(
        "deal",
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("pipeline_id", sa.Integer(), nullable=False),
        sa.Column("stage_id", sa.Integer(), nullable=False),
        sa.Column("entered_stage_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_move", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=True),
        sa.Column("company_id", sa.Integer(), nullable=True),
        sa.Column("amount", sa.Numeric(precision=18, scale=2), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=True),
        sa.Column("product", sa.String(length=200), nullable=False),
        sa.Column("channel", sa.String(length=200), nullable=False),
        sa.Column("referred_by_id", sa.Integer(), nullable=True),
        sa.Column("expected_close", sa.Date(), nullable=True),
        sa.Column("next_step", sa.String(length=300), nullable=False),
        sa.Column("next_step_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("(amount IS NULL) = (currency IS NULL)", name=op.f("ck_deal_amount_with_currency")),
        sa.ForeignKeyConstraint(
            ["team_id", "company_id"],
            ["company.team_id", "company.id"],
            name=op.f("fk_deal_team_id_company_id_company"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["team_id", "contact_id"],
            ["contact.team_id", "contact.id"],
            name=op.f("fk_deal_team_id_contact_id_contact"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["team_id", "owner_id"],
            ["user.team_id", "user.id"],
            name=op.f("fk_deal_team_id_owner_id_user"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["team_id", "pipeline_id", "stage_id"],
            ["stage.team_id", "stage.pipeline_id", "stage.id"],
            name="fk_deal_stage_of_pipeline",
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["team_id", "pipeline_id"],
            ["pipeline.team_id", "pipeline.id"],
            name=op.f("fk_deal_team_id_pipeline_id_pipeline"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["team_id", "referred_by_id"],
            ["contact.team_id", "contact.id"],
            name=op.f("fk_deal_team_id_referred_by_id_contact"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_deal_team_id_team"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deal")),
        sa.UniqueConstraint("team_id", "id", name=op.f("uq_deal_team_id_id")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_deal_board", "deal", ["team_id", "pipeline_id", "stage_id"], unique=False)
    op.create_index(op.f("ix_deal_company_id"), "deal", ["company_id"], unique=False)
    op.create_index(op.f("ix_deal_contact_id"), "deal", ["contact_id"], unique=False)
    op.create_index(op.f("ix_deal_owner_id"), "deal", ["owner_id"], unique=False)
    op.create_index(op.f("ix_deal_team_id"), "deal", ["team_id"], unique=False)
    op.create_table(
        "mailbox_lease",
        sa.Column("mailbox_id", sa.Integer(), nullable=False),
        sa.Column("holder", sa.String(length=100), nullable=True),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("ends", sa.Float(), nullable=False),
        sa.Column("wanted", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["team_id", "mailbox_id"],
            ["mailbox.team_id", "mailbox.id"],
            name=op.f("fk_mailbox_lease_team_id_mailbox_id_mailbox"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["team_id"], ["team.id"], name=op.f("fk_mailbox_lease_team_id_team"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mailbox_lease")),
        sa.UniqueConstraint("mailbox_id", name=op.f("uq_mailbox_lease_mailbox_id")),
        sa.UniqueConstraint("team_id", "id", name=op.f("uq_mailbox_lease_team_id_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_mailbox_lease_team_id"), "mailbox_lease", ["team_id"], unique=False)
    op.create_table(
        "mailbox_quota",
        sa.Column("mailbox_id", sa.Integer(), nullable=False),
        sa.Column("spent", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("wait_until", sa.Float(), nullable=False),
        sa.Column("daily_wait", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["team_id", "mailbox_id"],
            ["mailbox.team_id", "mailbox.id"],
            name=op.f("fk_mailbox_quota_team_id_mailbox_id_mailbox"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["team_id"], ["team.id"], name=op.f("fk_mailbox_quota_team_id_team"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mailbox_quota")),
        sa.UniqueConstraint("mailbox_id", name=op.f("uq_mailbox_quota_mailbox_id")),
        sa.UniqueConstraint("team_id", "id", name=op.f("uq_mailbox_quota_team_id_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_mailbox_quota_team_id"), "mailbox_quota", ["team_id"], unique=False)
    op.create_table(
        "rule_version",
        sa.Column("rule_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("from_stage_id", sa.Integer(), nullable=True),
        sa.Column("to_stage_id", sa.Integer(), nullable=False),
        sa.Column("conditions", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["team_id", "from_stage_id"],
            ["stage.team_id", "stage.id"],
            name=op.f("fk_rule_version_team_id_from_stage_id_stage"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["team_id", "rule_id"],
            ["rule.team_id", "rule.id"],
            name=op.f("fk_rule_version_team_id_rule_id_rule"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["team_id", "to_stage_id"],
            ["stage.team_id", "stage.id"],
            name=op.f("fk_rule_version_team_id_to_stage_id_stage"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["team_id"], ["team.id"], name=op.f("fk_rule_version_team_id_team"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule_version")),
        sa.UniqueConstraint("team_id", "id", name=op.f("uq_rule_version_team_id_id")),
        sa.UniqueConstraint("team_id", "rule_id", "version", name=op.f("uq_rule_version_team_id_rule_id_version")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_rule_version_team_id"), "rule_version", ["team_id"], unique=False)
    op.create_table(
        "stage_definition",
        sa.Column("stage_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("probability", sa.Integer(), nullable=False),
        sa.Column("age_limit_days", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("probability BETWEEN 0 AND 100", name=op.f("ck_stage_definition_probability_percent")),
        sa.ForeignKeyConstraint(
            ["team_id", "stage_id"],
            ["stage.team_id", "stage.id"],
            name=op.f("fk_stage_definition_team_id_stage_id_stage"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["team_id"], ["team.id"], name=op.f("fk_stage_definition_team_id_team"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stage_definition")),
        sa.UniqueConstraint("team_id", "id", name=op.f("uq_stage_definition_team_id_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_stage_definition_team_id"), "stage_definition", ["team_id"], unique=False)
    op.create_index(
        "uq_stage_definition_current",
        "stage_definition",
        ["stage_id"],
        unique=True,
        sqlite_where=sa.text("until IS NULL"),
        postgresql_where=sa.text("until IS NULL"),
    )
    op.create_table(
        "thread",
        sa.Column("mailbox_id", sa.Integer(), nullable=False),
        sa.Column("gmail_thread_id", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["team_id", "mailbox_id"],
            ["mailbox.team_id", "mailbox.id"],
            name=op.f("fk_thread_team_id_mailbox_id_mailbox"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_thread_team_id_team"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_thread")),
        sa.UniqueConstraint("mailbox_id", "gmail_thread_id", name=op.f("uq_thread_mailbox_id_gmail_thread_id")),
        sa.UniqueConstraint("team_id", "id", name=op.f("uq_thread_team_id_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_thread_team_id"), "thread", ["team_id"], unique=False)
    op.create_table(
        "deal_contact",
        sa.Column("deal_id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["team_id", "contact_id"],
            ["contact.team_id", "contact.id"],
            name=op.f("fk_deal_contact_team_id_contact_id_contact"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["team_id", "deal_id"],
            ["deal.team_id", "deal.id"],
            name=op.f("fk_deal_contact_team_id_deal_id_deal"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["team_id"], ["team.id"], name=op.f("fk_deal_contact_team_id_team"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deal_contact")),
        sa.UniqueConstraint("deal_id", "contact_id", name=op.f("uq_deal_contact_deal_id_contact_id")),
        sa.UniqueConstraint("team_id", "id", name=op.f("uq_deal_contact_team_id_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_deal_contact_contact_id"), "deal_contact", ["contact_id"], unique=False)
    op.create_index(op.f("ix_deal_contact_team_id"), "deal_contact", ["team_id"], unique=False)
    op.create_table(
        "recipient",
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("address_id", sa.Integer(), nullable=True),
        sa.Column("address_key", sa.String(length=64), nullable=True),
        sa.Column("contact_id", sa.Integer(), nullable=True),
        sa.Column("deal_id", sa.Integer(), nullable=True),
        sa.Column("values", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("skipped", sa.String(length=32), nullable=True),
        sa.Column("skipped_detail", sa.String(length=300), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["team_id", "address_id"],
            ["address.team_id", "address.id"],
            name=op.f("fk_recipient_team_id_address_id_address"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["team_id", "campaign_id"],
            ["campaign.team_id", "campaign.id"],
            name=op.f("fk_recipient_team_id_campaign_id_campaign"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["team_id", "contact_id"],
            ["contact.team_id", "contact.id"],
            name=op.f("fk_recipient_team_id_contact_id_contact"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["team_id", "deal_id"],
            ["deal.team_id", "deal.id"],
            name=op.f("fk_recipient_team_id_deal_id_deal"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_recipient_team_id_team"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recipient")),
        sa.UniqueConstraint("team_id", "id", name=op.f("uq_recipient_team_id_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_recipient_contact_id"), "recipient", ["contact_id"], unique=False)
    op.create_index(op.f("ix_recipient_deal_id"), "recipient", ["deal_id"], unique=False)
    op.create_index("ix_recipient_row", "recipient", ["campaign_id", "row"], unique=False)
    op.create_index(op.f("ix_recipient_team_id"), "recipient", ["team_id"], unique=False)
    op.create_index(
        "uq_recipient_once",
        "recipient",
        ["campaign_id", "address_key"],
        unique=True,
        sqlite_where=sa.text("skipped IS NULL"),
        postgresql_where=sa.text("skipped IS NULL"),
    )
    op.create_table(
        "rule_evidence",
        sa.Column("rule_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('sentence', 'header', 'report', 'calendar', 'clock', 'form')",
            name=op.f("ck_rule_evidence_kind_known"),
        ),
        sa.ForeignKeyConstraint(
            ["team_id", "rule_id", "version"],
            ["rule_version.team_id", "rule_version.rule_id", "rule_version.version"],
            name="fk_rule_evidence_version",
        ),
        sa.ForeignKeyConstraint(
            ["team_id"], ["team.id"], name=op.f("fk_rule_evidence_team_id_team"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule_evidence")),
        sa.UniqueConstraint("team_id", "id", name=op.f("uq_rule_evidence_team_id_id")),
        sa.UniqueConstraint(
            "team_id", "rule_id", "version", "kind", name=op.f("uq_rule_evidence_team_id_rule_id_version_kind")
        ),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_rule_evidence_team_id"), "rule_evidence", ["team_id"], unique=False)
    op.create_table(
        "thread_link",
        sa.Column("thread_id", sa.Integer(), nullable=False),
        sa.Column("deal_id", sa.Integer(), nullable=False),
        sa.Column("how", sa.String(length=32), nullable=False),
        sa.Column("sharing", sa.String(length=32), nullable=True),
        sa.Column("linked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("unlinked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "how IN ('explicit', 'references', 'campaign', 'only_deal')", name=op.f("ck_thread_link_how_known")
        ),
        sa.CheckConstraint(
            "sharing IN ('happened', 'subject', 'quote', 'all')", name=op.f("ck_thread_link_sharing_known")
        ),
        sa.ForeignKeyConstraint(
            ["team_id", "deal_id"],
            ["deal.team_id", "deal.id"],
            name=op.f("fk_thread_link_team_id_deal_id_deal"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["team_id", "thread_id"],
            ["thread.team_id", "thread.id"],
            name=op.f("fk_thread_link_team_id_thread_id_thread"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["team_id"], ["team.id"], name=op.f("fk_thread_link_team_id_team"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_thread_link")),
        sa.UniqueConstraint("team_id", "id", name=op.f("uq_thread_link_team_id_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_thread_link_deal_id"), "thread_link", ["deal_id"], unique=False)
    op.create_index(op.f("ix_thread_link_team_id"), "thread_link", ["team_id"], unique=False)
    op.create_index(
        "uq_thread_link_live",
        "thread_link",
        ["thread_id"],
        unique=True,
        sqlite_where=sa.text("unlinked_at IS NULL"),
        postgresql_where=sa.text("unlinked_at IS NULL"),
    )
    op.create_table(
        "outgoing",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("address_key", sa.String(length=64), nullable=False),
        sa.Column("address_id", sa.Integer(), nullable=False),
        sa.Column("mailbox_id", sa.Integer(), nullable=False),
        sa.Column("recipient_id", sa.Integer(), nullable=True),
        sa.Column("ref", sa.String(length=36), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("permitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("draft_id", sa.String(length=64), nullable=True),
        sa.Column("draft_message_id", sa.String(length=32), nullable=True),
        sa.Column("draft_thread_id", sa.String(length=32), nullable=True),
        sa.Column("gmail_message_id", sa.String(length=32), nullable=True),
        sa.Column("gmail_thread_id", sa.String(length=32), nullable=True),
        sa.Column("rfc_message_id", sa.String(length=998), nullable=False),
        sa.Column("gone_since", sa.Float(), nullable=True),
        sa.Column("look_at", sa.Float(), nullable=False),
        sa.Column("looked", sa.Integer(), nullable=False),
        sa.Column("error", sa.String(length=200), nullable=False),
        sa.Column("by_hand", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state <> 'permitted' OR draft_id IS NOT NULL", name=op.f("ck_outgoing_permit_names_a_draft")
        ),
        sa.CheckConstraint(
            "state <> 'sent' OR gmail_message_id IS NOT NULL OR by_hand", name=op.f("ck_outgoing_sent_names_a_message")
        ),
        sa.CheckConstraint(
            "state IN ('due', 'claimed', 'permitted', 'sent', 'drafted', 'held', 'uncertain', 'withdrawn', 'stopped', 'failed')",
            name=op.f("ck_outgoing_state_known"),
        ),
        sa.ForeignKeyConstraint(
            ["team_id", "address_id"],
            ["address.team_id", "address.id"],
            name=op.f("fk_outgoing_team_id_address_id_address"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["team_id", "mailbox_id"],
            ["mailbox.team_id", "mailbox.id"],
            name=op.f("fk_outgoing_team_id_mailbox_id_mailbox"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["team_id", "recipient_id"],
            ["recipient.team_id", "recipient.id"],
            name=op.f("fk_outgoing_team_id_recipient_id_recipient"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["team_id", "run_id"],
            ["run.team_id", "run.id"],
            name=op.f("fk_outgoing_team_id_run_id_run"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_outgoing_team_id_team"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outgoing")),
        sa.UniqueConstraint("mailbox_id", "draft_id", name=op.f("uq_outgoing_mailbox_id_draft_id")),
        sa.UniqueConstraint("ref", name=op.f("uq_outgoing_ref")),
        sa.UniqueConstraint("team_id", "id", name=op.f("uq_outgoing_team_id_id")),
        sa.UniqueConstraint(
            "team_id", "run_id", "step", "address_key", name=op.f("uq_outgoing_team_id_run_id_step_address_key")
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_outgoing_person", "outgoing", ["mailbox_id", "address_key"], unique=False)
    op.create_index(op.f("ix_outgoing_recipient_id"), "outgoing", ["recipient_id"], unique=False)
    op.create_index("ix_outgoing_rfc", "outgoing", ["mailbox_id", "rfc_message_id"], unique=False)
    op.create_index("ix_outgoing_run_state", "outgoing", ["run_id", "state"], unique=False)
    op.create_index("ix_outgoing_sent", "outgoing", ["mailbox_id", "sent_at"], unique=False)
    op.create_index(op.f("ix_outgoing_team_id"), "outgoing", ["team_id"], unique=False)
    op.create_index("ix_outgoing_thread", "outgoing", ["mailbox_id", "gmail_thread_id"], unique=False)
    op.create_index("ix_outgoing_work", "outgoing", ["mailbox_id", "state", "due_at"], unique=False)
    op.create_table(
        "dead_attempt",
        sa.Column("outgoing_id", sa.Integer(), nullable=False),
        sa.Column("mailbox_id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=60), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("draft_id", sa.String(length=64), nullable=True),
        sa.Column("died", sa.Float(), nullable=False),
        sa.Column("sweeps", sa.Integer(), nullable=False),
        sa.Column("next_sweep", sa.Float(), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["team_id", "mailbox_id"],
            ["mailbox.team_id", "mailbox.id"],
            name=op.f("fk_dead_attempt_team_id_mailbox_id_mailbox"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["team_id", "outgoing_id"],
            ["outgoing.team_id", "outgoing.id"],
            name=op.f("fk_dead_attempt_team_id_outgoing_id_outgoing"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["team_id"], ["team.id"], name=op.f("fk_dead_attempt_team_id_team"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dead_attempt")),
        sa.UniqueConstraint("outgoing_id", "attempt", name=op.f("uq_dead_attempt_outgoing_id_attempt")),
        sa.UniqueConstraint("team_id", "id", name=op.f("uq_dead_attempt_team_id_id")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_dead_attempt_next", "dead_attempt", ["mailbox_id", "next_sweep"], unique=False)
    op.create_index(op.f("ix_dead_attempt_ref"), "dead_attempt", ["ref"], unique=False)
    op.create_index(op.f("ix_dead_attempt_team_id"), "dead_attempt", ["team_id"], unique=False)
    op.create_table(
        "message",
        sa.Column("identity", sa.String(length=64), nullable=False),
        sa.Column("rfc_message_id", sa.String(length=998), nullable=False),
        sa.Column("references", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("from_email", sa.String(length=320), nullable=False),
        sa.Column("from_name", sa.String(length=300), nullable=False),
        sa.Column("subject", sa.String(length=998), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answers_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["team_id", "answers_id"],
            ["outgoing.team_id", "outgoing.id"],
            name=op.f("fk_message_team_id_answers_id_outgoing"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_message_team_id_team"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
        sa.UniqueConstraint("team_id", "id", name=op.f("uq_message_team_id_id")),
        sa.UniqueConstraint("team_id", "identity", name=op.f("uq_message_team_id_identity")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_message_answers_id"), "message", ["answers_id"], unique=False)
    op.create_index("ix_message_rfc", "message", ["team_id", "rfc_message_id"], unique=False)
    op.create_index(op.f("ix_message_team_id"), "message", ["team_id"], unique=False)
    op.create_table(
        "evidence",
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=True),
        sa.Column("quote", sa.String(length=300), nullable=True),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=True),
        sa.Column("act_id", sa.Integer(), nullable=True),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind <> 'clock' OR (on_date IS NOT NULL AND act_id IS NOT NULL)", name=op.f("ck_evidence_clock_has_a_date")
        ),
        sa.CheckConstraint(
            "kind <> 'sentence' OR (message_id IS NOT NULL AND position IS NOT NULL)",
            name=op.f("ck_evidence_sentence_has_a_place"),
        ),
        sa.CheckConstraint(
            "kind IN ('sentence', 'header', 'report', 'calendar', 'clock', 'form')", name=op.f("ck_evidence_kind_known")
        ),
        sa.ForeignKeyConstraint(
            ["team_id", "message_id"],
            ["message.team_id", "message.id"],
            name=op.f("fk_evidence_team_id_message_id_message"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_evidence_team_id_team"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
        sa.UniqueConstraint("team_id", "id", "kind", name=op.f("uq_evidence_team_id_id_kind")),
        sa.UniqueConstraint("team_id", "id", name=op.f("uq_evidence_team_id_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_evidence_message_id"), "evidence", ["message_id"], unique=False)
    op.create_index(op.f("ix_evidence_team_id"), "evidence", ["team_id"], unique=False)
    op.create_table(
        "link_question",
        sa.Column("thread_id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=True),
        sa.Column("candidates", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dismissed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["team_id", "message_id"],
            ["message.team_id", "message.id"],
            name=op.f("fk_link_question_team_id_message_id_message"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["team_id", "thread_id"],
            ["thread.team_id", "thread.id"],
            name=op.f("fk_link_question_team_id_thread_id_thread"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["team_id"], ["team.id"], name=op.f("fk_link_question_team_id_team"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_question")),
        sa.UniqueConstraint("team_id", "id", name=op.f("uq_link_question_team_id_id")),
        sa.UniqueConstraint("thread_id", name=op.f("uq_link_question_thread_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_link_question_team_id"), "link_question", ["team_id"], unique=False)
    op.create_table(
        "message_facts",
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("classifier", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("facts", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("reply_digest", sa.String(length=64), nullable=False),
        sa.Column("asked_only", sa.Boolean(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["team_id", "message_id"],
            ["message.team_id", "message.id"],
            name=op.f("fk_message_facts_team_id_message_id_message"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["team_id"], ["team.id"], name=op.f("fk_message_facts_team_id_team"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_facts")),
        sa.UniqueConstraint("message_id", name=op.f("uq_message_facts_message_id")),
        sa.UniqueConstraint("team_id", "id", name=op.f("uq_message_facts_team_id_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_message_facts_team_id"), "message_facts", ["team_id"], unique=False)
    op.create_table(
        "sighting",
        sa.Column("mailbox_id", sa.Integer(), nullable=False),
        sa.Column("gmail_id", sa.String(length=32), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=True),
        sa.Column("thread_id", sa.Integer(), nullable=True),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["team_id", "mailbox_id"],
            ["mailbox.team_id", "mailbox.id"],
            name=op.f("fk_sighting_team_id_mailbox_id_mailbox"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["team_id", "message_id"],
            ["message.team_id", "message.id"],
            name=op.f("fk_sighting_team_id_message_id_message"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["team_id", "thread_id"],
            ["thread.team_id", "thread.id"],
            name=op.f("fk_sighting_team_id_thread_id_thread"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_sighting_team_id_team"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sighting")),
        sa.UniqueConstraint("mailbox_id", "gmail_id", name=op.f("uq_sighting_mailbox_id_gmail_id")),
        sa.UniqueConstraint("team_id", "id", name=op.f("uq_sighting_team_id_id")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_sighting_message", "sighting", ["team_id", "message_id"], unique=False)
    op.create_index(op.f("ix_sighting_team_id"), "sighting", ["team_id"], unique=False)
    op.create_index(op.f("ix_sighting_thread_id"), "sighting", ["thread_id"], unique=False)
    op.create_table(
        "activity",
        sa.Column("subject_kind", sa.String(length=32), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_kind", sa.String(length=32), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("mailbox_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("before", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("after", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("cause_id", sa.Integer(), nullable=True),
        sa.Column("undoes_id", sa.Integer(), nullable=True),
        sa.Column("rule_id", sa.Integer(), nullable=True),
        sa.Column("rule_version", sa.Integer(), nullable=True),
        sa.Column("evidence_id", sa.Integer(), nullable=True),
        sa.Column("evidence_kind", sa.String(length=32), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "actor_kind IN ('user', 'machine', 'rule', 'operator', 'guest')", name=op.f("ck_activity_actor_kind_known")
        ),
        sa.CheckConstraint(
            "evidence_kind IN ('sentence', 'header', 'report', 'calendar', 'clock', 'form')",
            name=op.f("ck_activity_evidence_kind_known"),
        ),
        sa.CheckConstraint(
            "kind <> 'deal.moved' OR actor_kind <> 'rule' OR (rule_id IS NOT NULL AND rule_version IS NOT NULL AND evidence_id IS NOT NULL AND evidence_kind IS NOT NULL)",
            name=op.f("ck_activity_rule_shows_evidence"),
        ),
        sa.CheckConstraint("number > 0", name=op.f("ck_activity_number_from_one")),
        sa.ForeignKeyConstraint(
            ["team_id", "actor_id"],
            ["user.team_id", "user.id"],
            name=op.f("fk_activity_team_id_actor_id_user"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["team_id", "cause_id"],
            ["activity.team_id", "activity.id"],
            name=op.f("fk_activity_team_id_cause_id_activity"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["team_id", "evidence_id", "evidence_kind"],
            ["evidence.team_id", "evidence.id", "evidence.kind"],
            name="fk_activity_evidence",
        ),
        sa.ForeignKeyConstraint(
            ["team_id", "mailbox_id"],
            ["mailbox.team_id", "mailbox.id"],
            name=op.f("fk_activity_team_id_mailbox_id_mailbox"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["team_id", "rule_id", "rule_version", "evidence_kind"],
            ["rule_evidence.team_id", "rule_evidence.rule_id", "rule_evidence.version", "rule_evidence.kind"],
            name="fk_activity_rule_may_use_evidence",
        ),
        sa.ForeignKeyConstraint(
            ["team_id", "undoes_id"],
            ["activity.team_id", "activity.id"],
            name=op.f("fk_activity_team_id_undoes_id_activity"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_activity_team_id_team"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity")),
        sa.UniqueConstraint("team_id", "id", name=op.f("uq_activity_team_id_id")),
        sa.UniqueConstraint(
            "team_id",
            "subject_kind",
            "subject_id",
            "number",
            name=op.f("uq_activity_team_id_subject_kind_subject_id_number"),
        ),
        sa.UniqueConstraint("undoes_id", name=op.f("uq_activity_undoes_id")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_activity_cause", "activity", ["team_id", "cause_id"], unique=False)
    op.create_index(op.f("ix_activity_team_id"), "activity", ["team_id"], unique=False)
    op.create_table(
        "activity_detail",
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("texts", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["team_id", "activity_id"],
            ["activity.team_id", "activity.id"],
            name=op.f("fk_activity_detail_team_id_activity_id_activity"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["team_id"], ["team.id"], name=op.f("fk_activity_detail_team_id_team"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity_detail")),
        sa.UniqueConstraint("activity_id", name=op.f("uq_activity_detail_activity_id")),
        sa.UniqueConstraint("team_id", "id", name=op.f("uq_activity_detail_team_id_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_activity_detail_team_id"), "activity_detail", ["team_id"], unique=False)
    op.create_table(
        "reaction",
        sa.Column("deal_id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("rule_id", sa.Integer(), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("barred_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["team_id", "activity_id"],
            ["activity.team_id", "activity.id"],
            name=op.f("fk_reaction_team_id_activity_id_activity"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["team_id", "deal_id"],
            ["deal.team_id", "deal.id"],
            name=op.f("fk_reaction_team_id_deal_id_deal"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["team_id", "message_id"],
            ["message.team_id", "message.id"],
            name=op.f("fk_reaction_team_id_message_id_message"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["team_id", "rule_id"],
            ["rule.team_id", "rule.id"],
            name=op.f("fk_reaction_team_id_rule_id_rule"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_reaction_team_id_team"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reaction")),
        sa.UniqueConstraint("team_id", "deal_id", "message_id", name=op.f("uq_reaction_team_id_deal_id_message_id")),
        sa.UniqueConstraint("team_id", "id", name=op.f("uq_reaction_team_id_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_reaction_team_id"), "reaction", ["team_id"], unique=False)
