"""Every file has the program that made it; those that are there already have none."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add the column."""
    op.add_column("files", sa.Column("maker", sa.Text, nullable=False, server_default=""))
