"""Drafts left behind and what history told."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("dead_attempt", sa.Column("unmarked_draft_id", sa.String(length=64), nullable=True))
    op.add_column("outgoing", sa.Column("gone_told", sa.Float(), nullable=True))
    op.add_column("outgoing", sa.Column("doubted", sa.Boolean(), nullable=False, server_default=sa.false()))
