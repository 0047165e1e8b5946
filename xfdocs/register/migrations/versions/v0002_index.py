"""The case index: records, and one table for each repeated part of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_LONG = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Create the tables of the index; they fill when it is refreshed."""
    op.create_table(
        "indexed_records",
        sa.Column("id", _LONG, autoincrement=False, nullable=False),
        sa.Column("path", sa.Text, nullable=False),
        sa.Column("size", _LONG, nullable=False),
        sa.Column("mtime_ns", _LONG, nullable=False),
        sa.Column("settled", sa.Boolean(create_constraint=False), nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("rules", sa.Text, nullable=False),
        sa.Column("attached", sa.Integer, nullable=False),
        sa.Column("attachments", sa.Text, nullable=False),
        sa.Column("verdict", sa.Text, nullable=False),
        sa.Column("case_id", sa.Text, nullable=False),
        sa.Column("twin", sa.Text, nullable=False),
        sa.Column("quiet_from", sa.Date),
        sa.Column("received", sa.Date),
        sa.Column("registered", sa.Date),
        sa.Column("presented", sa.Date),
        sa.Column("postmark", sa.Date),
        sa.Column("opened", sa.Date),
        sa.Column("organ", sa.Text),
        sa.Column("first_handler", sa.Text),
        sa.Column("channel", sa.Text),
        sa.Column("subchannel", sa.Text),
        sa.Column("repeat", sa.Text),
        sa.Column("urgency", sa.Text),
        sa.Column("petitioners", sa.Integer),
        sa.Column("headcount", sa.Integer),
        sa.Column("visitors", sa.Integer),
        sa.Column("affected", sa.Integer),
        sa.Column("signatories", sa.Integer),
        sa.Column("anonymous", sa.Boolean(create_constraint=False)),
        sa.Column("reachable", sa.Boolean(create_constraint=False)),
        sa.Column("protected", sa.Boolean(create_constraint=False)),
        sa.Column("secrecy", sa.Text),
        sa.Column("status", sa.Text),
        sa.Column("sent", sa.Date),
        sa.Column("told", sa.Date),
        sa.Column("accepted", sa.Date),
        sa.Column("extended", sa.Date),
        sa.Column("replied", sa.Date),
        sa.Column("served", sa.Date),
        sa.Column("review_requested", sa.Date),
        sa.Column("reviewed", sa.Date),
        sa.Column("recheck_requested", sa.Date),
        sa.Column("rechecked", sa.Date),
        sa.Column("closed", sa.Date),
        sa.Column("withdrawn", sa.Date),
        sa.PrimaryKeyConstraint("id", name="pk_indexed_records"),
        sa.UniqueConstraint("path", name="uq_indexed_records_path"),
    )
    op.create_index("ix_indexed_records_case_id", "indexed_records", ["case_id"])
    op.create_index("ix_indexed_records_received", "indexed_records", ["received"])
    op.create_table(
        "indexed_claims",
        sa.Column("record", _LONG, nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("purpose", sa.Text, nullable=False),
        sa.Column("path", sa.Text),
        sa.Column("category", sa.Text),
        sa.Column("locus", sa.Text),
        sa.PrimaryKeyConstraint("record", "seq", name="pk_indexed_claims"),
        sa.ForeignKeyConstraint(
            ["record"], ["indexed_records.id"], name="fk_indexed_claims_record", ondelete="CASCADE"
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "indexed_sources",
        sa.Column("record", _LONG, nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("organ", sa.Text, nullable=False),
        sa.Column("number", sa.Text),
        sa.Column("date", sa.Date, nullable=False),
        sa.Column("received", sa.Date),
        sa.Column("feedback_due", sa.Date),
        sa.PrimaryKeyConstraint("record", "seq", name="pk_indexed_sources"),
        sa.ForeignKeyConstraint(
            ["record"], ["indexed_records.id"], name="fk_indexed_sources_record", ondelete="CASCADE"
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "indexed_related",
        sa.Column("record", _LONG, nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("other", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("record", "seq", name="pk_indexed_related"),
        sa.ForeignKeyConstraint(
            ["record"], ["indexed_records.id"], name="fk_indexed_related_record", ondelete="CASCADE"
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "indexed_events",
        sa.Column("record", _LONG, nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("date", sa.Date, nullable=False),
        sa.Column("organ", sa.Text, nullable=False),
        sa.Column("about", sa.Integer),
        sa.Column("code", sa.Text),
        sa.Column("manner", sa.Text),
        sa.Column("ground", sa.Text),
        sa.Column("target", sa.Text),
        sa.Column("number", sa.Text),
        sa.Column("received", sa.Date),
        sa.Column("due", sa.Date),
        sa.Column("days", sa.Integer),
        sa.PrimaryKeyConstraint("record", "seq", name="pk_indexed_events"),
        sa.ForeignKeyConstraint(
            ["record"], ["indexed_records.id"], name="fk_indexed_events_record", ondelete="CASCADE"
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "indexed_destinations",
        sa.Column("record", _LONG, nullable=False),
        sa.Column("event", sa.Integer, nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("organ", sa.Text, nullable=False),
        sa.Column("lead", sa.Text, nullable=False),
        sa.Column("received", sa.Date),
        sa.PrimaryKeyConstraint("record", "event", "seq", name="pk_indexed_destinations"),
        sa.ForeignKeyConstraint(
            ["record"], ["indexed_records.id"], name="fk_indexed_destinations_record", ondelete="CASCADE"
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "indexed_opinions",
        sa.Column("record", _LONG, nullable=False),
        sa.Column("event", sa.Integer, nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("claim", sa.Integer, nullable=False),
        sa.Column("conclusion", sa.Text, nullable=False),
        sa.Column("execute_by", sa.Date),
        sa.PrimaryKeyConstraint("record", "event", "seq", name="pk_indexed_opinions"),
        sa.ForeignKeyConstraint(
            ["record"], ["indexed_records.id"], name="fk_indexed_opinions_record", ondelete="CASCADE"
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "indexed_documents",
        sa.Column("record", _LONG, nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("event", sa.Integer),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("number", sa.Text),
        sa.Column("date", sa.Date, nullable=False),
        sa.Column("copies", sa.Integer),
        sa.Column("void", sa.Boolean(create_constraint=False), nullable=False),
        sa.PrimaryKeyConstraint("record", "seq", name="pk_indexed_documents"),
        sa.ForeignKeyConstraint(
            ["record"], ["indexed_records.id"], name="fk_indexed_documents_record", ondelete="CASCADE"
        ),
        sqlite_with_rowid=False,
    )
