"""Series, runs, documents, files, journal and its head."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_LONG = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Create the tables of the register."""
    op.create_table(
        "series",
        sa.Column("form", sa.Text, nullable=False),
        sa.Column("year", sa.Integer, nullable=False),
        sa.Column("first", sa.Integer, nullable=False),
        sa.Column("last", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("form", "year", name="pk_series"),
        sa.CheckConstraint("first >= 1 AND last >= first - 1", name="ck_series_order"),
    )
    op.create_table(
        "runs",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("seq", _LONG, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("templates", sa.Text, nullable=False),
        sa.Column("started_at", sa.Text, nullable=False),
        sa.Column("ended_at", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_runs"),
        sa.UniqueConstraint("seq", name="uq_runs_seq"),
        sa.CheckConstraint("state IN ('running', 'done', 'interrupted')", name="ck_runs_state"),
    )
    op.create_table(
        "documents",
        sa.Column("id", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("case_id", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("kind_title", sa.Text, nullable=False),
        sa.Column("event", sa.Integer, nullable=False),
        sa.Column("ordinal", sa.Integer, nullable=False),
        sa.Column("form", sa.Text, nullable=False),
        sa.Column("year", sa.Integer, nullable=False),
        sa.Column("n", sa.Integer, nullable=False),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("date", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("issuer", sa.Text, nullable=False),
        sa.Column("recipients", sa.Text, nullable=False),
        sa.Column("signer", sa.Text, nullable=False),
        sa.Column("copies", sa.Integer, nullable=False),
        sa.Column("record", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("recorded", sa.Boolean(create_constraint=False), nullable=False),
        sa.Column("record_sha256", sa.Text, nullable=False),
        sa.Column("run", sa.Text, nullable=False),
        sa.Column("reserved_at", sa.Text, nullable=False),
        sa.Column("issued_at", sa.Text, nullable=False),
        sa.Column("voided_at", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_documents"),
        sa.ForeignKeyConstraint(["run"], ["runs.id"], name="fk_documents_run"),
        sa.UniqueConstraint(
            "case_id", "kind", "event", "ordinal", name="uq_documents_case_id_kind_event_ordinal"
        ),
        sa.CheckConstraint("state IN ('reserved', 'issued', 'void')", name="ck_documents_state"),
        sa.CheckConstraint("(state = 'void') = (why <> '')", name="ck_documents_why"),
        sa.CheckConstraint("n >= 0 AND (n = 0) = (number = '')", name="ck_documents_number"),
        sa.CheckConstraint("ordinal >= 1", name="ck_documents_ordinal"),
    )
    for name, columns, unique, where in (
        ("uq_documents_form_year_n", ["form", "year", "n"], True, "n > 0"),
        ("uq_documents_number", ["number"], True, "n > 0"),
        ("uq_documents_case_id_kind_event", ["case_id", "kind", "event"], True, "state <> 'void'"),
        ("ix_documents_reserved", ["run"], False, "state = 'reserved'"),
        ("ix_documents_unconfirmed", ["id"], False, "NOT recorded"),
    ):
        partial = sa.text(where)
        op.create_index(
            name, "documents", columns, unique=unique, sqlite_where=partial, postgresql_where=partial
        )
    op.create_table(
        "files",
        sa.Column("document", sa.Integer, nullable=False),
        sa.Column("format", sa.Text, nullable=False),
        sa.Column("path", sa.Text, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("size", _LONG, nullable=False),
        sa.PrimaryKeyConstraint("document", "format", name="pk_files"),
        sa.ForeignKeyConstraint(["document"], ["documents.id"], name="fk_files_document"),
        sa.UniqueConstraint("path", name="uq_files_path"),
        sa.CheckConstraint("size >= 0", name="ck_files_size"),
    )
    op.create_table(
        "journal",
        sa.Column("seq", _LONG, autoincrement=False, nullable=False),
        sa.Column("at", sa.Text, nullable=False),
        sa.Column("action", sa.Text, nullable=False),
        sa.Column("document", sa.Integer, nullable=False),
        sa.Column("payload", sa.Text, nullable=False),
        sa.Column("previous", sa.Text, nullable=False),
        sa.Column("hash", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_journal"),
    )
    op.create_index("ix_journal_document", "journal", ["document", "seq"])
    head = op.create_table(
        "head",
        sa.Column("id", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("seq", _LONG, nullable=False),
        sa.Column("hash", sa.Text, nullable=False),
        sa.Column("documents", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_head"),
        sa.CheckConstraint("id = 1", name="ck_head_one"),
    )
    op.bulk_insert(head, [{"id": 1, "seq": 0, "hash": "0" * 64, "documents": 0}])
