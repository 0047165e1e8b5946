"""The case index learns of limits, of a record's first claim, its unit and the day it counts for, and finds them by day."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_LONG = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Add the columns and the table.  The index is emptied and fills again: its rows would say less than they seem to."""
    op.execute("DELETE FROM indexed_records")
    op.drop_index("ix_indexed_records_received", "indexed_records")
    for column in (
        sa.Column("entered", sa.Date),
        sa.Column("claims", sa.Integer),
        sa.Column("purpose", sa.Text),
        sa.Column("way", sa.Text),
        sa.Column("category", sa.Text),
        sa.Column("locus", sa.Text),
        sa.Column("unit", sa.Text),
    ):
        op.add_column("indexed_records", column)
    op.create_table(
        "indexed_limits",
        sa.Column("record", _LONG, nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("limit", sa.Text, nullable=False),
        sa.Column("national", sa.Boolean(create_constraint=False), nullable=False),
        sa.Column("organ", sa.Text, nullable=False),
        sa.Column("start", sa.Date),
        sa.Column("due", sa.Date),
        sa.Column("met", sa.Date),
        sa.Column("ended", sa.Date),
        sa.Column("event", sa.Integer),
        sa.PrimaryKeyConstraint("record", "seq", name="pk_indexed_limits"),
        sa.ForeignKeyConstraint(
            ["record"], ["indexed_records.id"], name="fk_indexed_limits_record", ondelete="CASCADE"
        ),
        sqlite_with_rowid=False,
    )
    for day in ("entered", "accepted", "replied", "closed", "withdrawn"):
        op.create_index(f"ix_indexed_records_{day}", "indexed_records", [day])
    op.create_index("ix_indexed_limits_limit_due", "indexed_limits", ["limit", "due"])
    op.create_index("ix_indexed_events_kind_date", "indexed_events", ["kind", "date"])
