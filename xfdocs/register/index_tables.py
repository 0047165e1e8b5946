"""The tables of the case index: what reports count and group by, one row a record and one a repeated part of it.

They are a cache of the records: deleting every row and refreshing gives the same rows, and nothing
official rests on them.  **What tells who somebody is, and whatever a clerk or a petitioner wrote in words, does not
stand here**: no name, address, telephone, subject, claim, fact, reason, opinion.  Who needs that reads the record.

Codes are the words of the record's own code lists (`xfdocs.record.codes`), kinds of events their element names.
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
)

from xfdocs.register.tables import LONG, METADATA


def _yes() -> Boolean:
    return Boolean(create_constraint=False)


RECORDS = Table(
    "indexed_records",
    METADATA,
    Column("id", LONG, primary_key=True, autoincrement=False),
    # --- the file, and how it was read
    Column("path", Text, nullable=False, unique=True),
    Column("size", LONG, nullable=False),
    Column("mtime_ns", LONG, nullable=False),
    Column("settled", _yes(), nullable=False),
    Column("sha256", Text, nullable=False),
    Column("rules", Text, nullable=False),
    Column("attached", Integer, nullable=False),
    Column("attachments", Text, nullable=False),
    Column("verdict", Text, nullable=False),
    Column("case_id", Text, nullable=False),
    Column("twin", Text, nullable=False),
    Column("quiet_from", Date),
    # --- how it arrived
    Column("received", Date),
    Column("registered", Date),
    Column("entered", Date),
    Column("presented", Date),
    Column("postmark", Date),
    Column("opened", Date),
    Column("organ", Text),
    Column("first_handler", Text),
    Column("channel", Text),
    Column("subchannel", Text),
    Column("repeat", Text),
    Column("urgency", Text),
    # --- how many, and whether they can be told
    Column("petitioners", Integer),
    Column("headcount", Integer),
    Column("visitors", Integer),
    Column("affected", Integer),
    Column("signatories", Integer),
    Column("anonymous", _yes()),
    Column("reachable", _yes()),
    Column("protected", _yes()),
    Column("secrecy", Text),
    # --- what it is about, and whose it is
    Column("claims", Integer),
    Column("purpose", Text),
    Column("way", Text),
    Column("category", Text),
    Column("locus", Text),
    Column("unit", Text),
    # --- how far it has come; of each act the day of the first
    Column("status", Text),
    Column("sent", Date),
    Column("told", Date),
    Column("accepted", Date),
    Column("extended", Date),
    Column("replied", Date),
    Column("served", Date),
    Column("review_requested", Date),
    Column("reviewed", Date),
    Column("recheck_requested", Date),
    Column("rechecked", Date),
    Column("closed", Date),
    Column("withdrawn", Date),
)
"""One record's file.

*path* is relative to the office folder if inside it (POSIX), else absolute.  *settled*: the file was at rest for a
while when it was read, so that its size and time of change tell whether it is the same.  *rules* is a digest of
what it was read under, *attachments* one of the attached files (`xfdocs.register.index_stamp`); *attached* is how
many there are.  *twin* is the path of another file with the same 编号 that comes first (C18), else empty.
*quiet_from*: from that day on no clock runs (`xfdocs.record.quiet`).  The facts are NULL for a file that is
no case by the schema, and where the record does not say.  *reachable*: a petitioner has a name and an address
(条例22 23·2).  *entered* is 登记日期 or, where that was not noted, 收到日期: the day by which records are counted.
*claims* is how many there are; *purpose*, *way* (办理路径), *category* and *locus* are those of the first by 序号.
*unit* (责任单位) leads in the first 转送 or 交办, empty if there was none: what happens later does not change it.  *told* is the day of the first notice, acceptance or reply, *served* that on which the petitioner received
the first reply, *sent* that of the first 转送, 交办 or 报请.
"""
Index("ix_indexed_records_case_id", RECORDS.c.case_id)
Index("ix_indexed_records_entered", RECORDS.c.entered)
for _step in ("accepted", "replied", "closed", "withdrawn"):
    Index(f"ix_indexed_records_{_step}", RECORDS.c[_step])  # the days by which reports count what was done


def _of_record() -> Column[int]:
    return Column("record", LONG, ForeignKey("indexed_records.id", ondelete="CASCADE"), nullable=False)


CLAIMS = Table(
    "indexed_claims",
    METADATA,
    _of_record(),
    Column("seq", Integer, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("path", Text),
    Column("category", Text),
    Column("locus", Text),
    PrimaryKeyConstraint("record", "seq"),
    sqlite_with_rowid=False,
)
"""One 诉求."""

SOURCES = Table(
    "indexed_sources",
    METADATA,
    _of_record(),
    Column("seq", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("organ", Text, nullable=False),
    Column("number", Text),
    Column("date", Date, nullable=False),
    Column("received", Date),
    Column("feedback_due", Date),
    PrimaryKeyConstraint("record", "seq"),
    sqlite_with_rowid=False,
)
"""One 来源, from 1 in the order of the record: the letters that brought the matter here."""

RELATED = Table(
    "indexed_related",
    METADATA,
    _of_record(),
    Column("seq", Integer, nullable=False),
    Column("other", Text, nullable=False),
    PrimaryKeyConstraint("record", "seq"),
    sqlite_with_rowid=False,
)
"""One 关联编号."""

EVENTS = Table(
    "indexed_events",
    METADATA,
    _of_record(),
    Column("seq", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("date", Date, nullable=False),
    Column("organ", Text, nullable=False),
    Column("about", Integer),
    Column("code", Text),
    Column("manner", Text),
    Column("ground", Text),
    Column("target", Text),
    Column("number", Text),
    Column("received", Date),
    Column("due", Date),
    Column("days", Integer),
    PrimaryKeyConstraint("record", "seq"),
    sqlite_with_rowid=False,
)
"""One event of 办理.

*organ* acted; *about* is the 序 of the event it is about; *code* what it decides or is, *manner* how it was done, *ground* the
codes of its legal ground, *target* the unit it is addressed to or comes from; for 评价 *target* is who was evaluated.
Which field of which event stands where: `xfdocs.register.index_facts`.
"""

DESTINATIONS = Table(
    "indexed_destinations",
    METADATA,
    _of_record(),
    Column("event", Integer, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("organ", Text, nullable=False),
    Column("lead", Text, nullable=False),
    Column("received", Date),
    PrimaryKeyConstraint("record", "event", "seq"),
    sqlite_with_rowid=False,
)
"""One 去向 of a 转送 or 交办."""

OPINIONS = Table(
    "indexed_opinions",
    METADATA,
    _of_record(),
    Column("event", Integer, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("claim", Integer, nullable=False),
    Column("conclusion", Text, nullable=False),
    Column("execute_by", Date),
    PrimaryKeyConstraint("record", "event", "seq"),
    sqlite_with_rowid=False,
)
"""One 意见 of a 答复."""

ISSUED = Table(
    "indexed_documents",
    METADATA,
    _of_record(),
    Column("seq", Integer, nullable=False),
    Column("event", Integer),
    Column("kind", Text, nullable=False),
    Column("number", Text),
    Column("date", Date, nullable=False),
    Column("copies", Integer),
    Column("void", _yes(), nullable=False),
    PrimaryKeyConstraint("record", "seq"),
    sqlite_with_rowid=False,
)
"""One 文书 as the record has it; what was issued stands in ``documents``."""

LIMITS = Table(
    "indexed_limits",
    METADATA,
    _of_record(),
    Column("seq", Integer, nullable=False),
    Column("limit", Text, nullable=False),
    Column("national", _yes(), nullable=False),
    Column("organ", Text, nullable=False),
    Column("start", Date),
    Column("due", Date),
    Column("met", Date),
    Column("ended", Date),
    Column("event", Integer),
    PrimaryKeyConstraint("record", "seq"),
    sqlite_with_rowid=False,
)
"""One duty with a limit that the case has had (`xfdocs.record.obligation`), by all that the record says today.

*limit* is its id; *national* is false for the limit of a local regulation, which stands beside the national one.  *organ*
must act, or 信访人.  *due* is the plain last day, an extension included; NULL where nobody can say.  *met* and *ended*: on
which day it was met, or fell away without that; at most one of them is there, and neither while it is open.
*event* is the 序 of the event that caused it, NULL if the arrival of the matter did.
"""
Index("ix_indexed_limits_limit_due", LIMITS.c.limit, LIMITS.c.due)
Index("ix_indexed_events_kind_date", EVENTS.c.kind, EVENTS.c.date)
"""Reports ask for one kind in a window of days, a hundred times over: each question costs a tenth of a look at every row."""

PARTS = (CLAIMS, SOURCES, RELATED, EVENTS, DESTINATIONS, OPINIONS, ISSUED, LIMITS)
"""The tables of the repeated parts."""
