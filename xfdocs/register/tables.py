"""The tables of the register: what stands in them, and what the database itself guards.

The migrations in ``migrations/versions`` bring a database to exactly this; a test holds them to it.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    text,
)

VERSION = "0004"
"""The newest migration; a database at this version is opened without loading Alembic."""

METADATA = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    }
)

LONG = BigInteger().with_variant(Integer, "sqlite")
"""64 bits on every database: SQLite's INTEGER has them, and a key must be called that."""

SERIES = Table(
    "series",
    METADATA,
    Column("form", Text, nullable=False),
    Column("year", Integer, nullable=False),
    Column("first", Integer, nullable=False),
    Column("last", Integer, nullable=False),
    PrimaryKeyConstraint("form", "year"),
    CheckConstraint("first >= 1 AND last >= first - 1", name="order"),
)
"""One series of numbers: a form and a year, the first number and the last one taken."""

RUNS = Table(
    "runs",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("seq", LONG, nullable=False, unique=True),
    Column("state", Text, nullable=False),
    Column("templates", Text, nullable=False),
    Column("started_at", Text, nullable=False),
    Column("ended_at", Text, nullable=False),
    CheckConstraint("state IN ('running', 'done', 'interrupted')", name="state"),
)
"""One run of ``issue``.  *seq* is the journal's line that began it: it says which run came first, not the clock.
*templates* is JSON.  A run that died stays ``running`` until the next one finds it."""

DOCUMENTS = Table(
    "documents",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("case_id", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("kind_title", Text, nullable=False),
    Column("event", Integer, nullable=False),
    Column("ordinal", Integer, nullable=False),
    Column("form", Text, nullable=False),
    Column("year", Integer, nullable=False),
    Column("n", Integer, nullable=False),
    Column("number", Text, nullable=False),
    Column("date", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("issuer", Text, nullable=False),
    Column("recipients", Text, nullable=False),
    Column("signer", Text, nullable=False),
    Column("copies", Integer, nullable=False),
    Column("record", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("recorded", Boolean(create_constraint=False), nullable=False),
    Column("record_sha256", Text, nullable=False),
    Column("run", Text, ForeignKey("runs.id"), nullable=False),
    Column("reserved_at", Text, nullable=False),
    Column("issued_at", Text, nullable=False),
    Column("voided_at", Text, nullable=False),
    UniqueConstraint("case_id", "kind", "event", "ordinal"),
    CheckConstraint("state IN ('reserved', 'issued', 'void')", name="state"),
    CheckConstraint("(state = 'void') = (why <> '')", name="why"),
    CheckConstraint("n >= 0 AND (n = 0) = (number = '')", name="number"),
    CheckConstraint("ordinal >= 1", name="ordinal"),
)
"""One document, from the moment its number is taken.  *recipients* is a JSON list; *date* is written as in
ISO 8601, so that the row, the journal and the eye see the same on every database."""

Index(
    "uq_documents_form_year_n",
    DOCUMENTS.c.form,
    DOCUMENTS.c.year,
    DOCUMENTS.c.n,
    unique=True,
    sqlite_where=text("n > 0"),
    postgresql_where=text("n > 0"),
)
Index(
    "uq_documents_number",
    DOCUMENTS.c.number,
    unique=True,
    sqlite_where=text("n > 0"),
    postgresql_where=text("n > 0"),
)
Index(
    "uq_documents_case_id_kind_event",
    DOCUMENTS.c.case_id,
    DOCUMENTS.c.kind,
    DOCUMENTS.c.event,
    unique=True,
    sqlite_where=text("state <> 'void'"),
    postgresql_where=text("state <> 'void'"),
)
Index(
    "ix_documents_reserved",
    DOCUMENTS.c.run,
    sqlite_where=text("state = 'reserved'"),
    postgresql_where=text("state = 'reserved'"),
)
Index(
    "ix_documents_unconfirmed",
    DOCUMENTS.c.id,
    sqlite_where=text("NOT recorded"),
    postgresql_where=text("NOT recorded"),
)

FILES = Table(
    "files",
    METADATA,
    Column("document", Integer, ForeignKey("documents.id"), nullable=False),
    Column("format", Text, nullable=False),
    Column("path", Text, nullable=False, unique=True),
    Column("sha256", Text, nullable=False),
    Column("size", LONG, nullable=False),
    Column("maker", Text, nullable=False, server_default=""),
    PrimaryKeyConstraint("document", "format"),
    CheckConstraint("size >= 0", name="size"),
)
"""The files of issued documents; paths are relative to the office folder.  *maker* is empty for what was issued before it
was kept."""

JOURNAL = Table(
    "journal",
    METADATA,
    Column("seq", LONG, primary_key=True, autoincrement=False),
    Column("at", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("document", Integer, nullable=False),
    Column("payload", Text, nullable=False),
    Column("previous", Text, nullable=False),
    Column("hash", Text, nullable=False),
)
"""Every change, in order; each line carries the hash of the one before it.  *document* 0: of none."""
Index("ix_journal_document", JOURNAL.c.document, JOURNAL.c.seq)

HEAD = Table(
    "head",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("seq", LONG, nullable=False),
    Column("hash", Text, nullable=False),
    Column("documents", Integer, nullable=False),
    CheckConstraint("id = 1", name="one"),
)
"""One row: the end of the journal and the latest 登记号."""
