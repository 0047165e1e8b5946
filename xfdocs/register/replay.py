"""The tables held against the journal, and the journal against its own hashes; memory stays flat.

Documents and their lines are read side by side by 登记号, so a row is compared with what its own lines make
of it, and nothing else is kept.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import groupby, islice
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Row, func, select
from sqlalchemy.sql import Select

from xfdocs.register.faults import Fault, Trouble, broken
from xfdocs.register.journal import GENESIS, Action, Line
from xfdocs.register.rows import PAGE
from xfdocs.register.series import series_name
from xfdocs.register.tables import DOCUMENTS, FILES, HEAD, JOURNAL, RUNS, SERIES

Facts = dict[str, Any]

COLUMNS = {
    "case_id": "信访件编号",
    "kind": "文种",
    "kind_title": "文种名称",
    "event": "事件",
    "ordinal": "第几份",
    "form": "文号写法",
    "year": "年份",
    "n": "序号",
    "number": "文号",
    "date": "成文日期",
    "title": "标题",
    "issuer": "发文机关",
    "recipients": "主送、抄送",
    "signer": "签发人",
    "copies": "份数",
    "record": "案件记录",
    "state": "状态",
    "why": "作废理由",
    "recorded": "是否已写进记录",
    "record_sha256": "案件记录的摘要",
    "run": "所属运行",
    "reserved_at": "取号时间",
    "issued_at": "制发时间",
    "voided_at": "作废时间",
    "files": "文件",
}
"""What the columns of ``documents`` are called, and the files of a document."""

_BEFORE = {"maker": ""}
"""What a line does not say of a file that was written before it was kept."""


def check_journal(connection: Connection) -> Iterator[Fault]:
    """Every hash, every number of a line, and the head."""
    seq, previous = 0, GENESIS
    for row in _streamed(connection, select(JOURNAL).order_by(JOURNAL.c.seq)):
        line = Line(**row._mapping)
        if line.seq != seq + 1:
            gap = f"第 {seq + 1} 行" if line.seq == seq + 2 else f"第 {seq + 1} 至 {line.seq - 1} 行"
            yield broken(Trouble.CHAIN, f"流水缺{gap}。")
        elif line.previous != previous:
            yield broken(Trouble.CHAIN, f"流水第 {line.seq} 行与上一行接不上。")
        if line.reckoned() != line.hash:
            yield broken(Trouble.CHAIN, f"流水第 {line.seq} 行{_about(line)}被改动过：内容与摘要不符。")
        seq, previous = line.seq, line.hash
    head = connection.execute(select(HEAD)).one_or_none()
    if head is None:
        yield broken(Trouble.HEAD, "流水的末端没有了。")
    elif (head.seq, head.hash) != (seq, previous):
        yield broken(
            Trouble.HEAD, f"流水到第 {seq} 行为止，末端却记着第 {head.seq} 行：最后的几行被改动或者删去了。"
        )


def check_rows(connection: Connection) -> Iterator[Fault]:
    """Every document, file, run and series is what the lines of the journal make of it."""
    lines = (JOURNAL.c.document, JOURNAL.c.seq, JOURNAL.c.action, JOURNAL.c.payload)
    latest = 0
    for document, (changes, row, files) in _side_by_side(
        _grouped(connection, select(*lines).order_by(JOURNAL.c.document, JOURNAL.c.seq)),
        _grouped(connection, select(DOCUMENTS).order_by(DOCUMENTS.c.id)),
        _grouped(connection, select(FILES).order_by(FILES.c.document, FILES.c.format)),
    ):
        if document == 0:
            yield from _check_runs_and_series(connection, changes)
            if not (row or files):
                continue
        latest = max(latest, document)
        yield from _check_document(document, changes, row, files)
    head = connection.execute(select(HEAD.c.documents)).scalar()
    if head is not None and head != latest:
        yield broken(Trouble.HEAD, f"登记号用到 {latest}，末端却记着 {head}。")


def check_series(connection: Connection) -> Iterator[Fault]:
    """Every series has each of its numbers, once, from the first to the last.

    What came back from the archive may stand before the first: not all of it need have come back.
    """
    n = DOCUMENTS.c.n
    here = (DOCUMENTS.c.form, DOCUMENTS.c.year)
    came_back = select(JOURNAL.c.document).where(JOURNAL.c.action == Action.RESTORE.value)
    before = (
        select(SERIES.c.first).where(SERIES.c.form == here[0], SERIES.c.year == here[1]).scalar_subquery()
    )
    counts = select(*here, func.count(), func.count(n.distinct()), func.min(n), func.max(n)).where(
        n > 0, ~((n < before) & DOCUMENTS.c.id.in_(came_back))
    )
    taken = {(form, year): rest for form, year, *rest in connection.execute(counts.group_by(*here))}
    for form, year, first, last in connection.execute(select(SERIES)):
        name = series_name(form, year)
        count, different, lowest, highest = taken.pop((form, year), (0, 0, first, first - 1))
        if count != different:
            yield broken(Trouble.SERIES, f"{name} 有重复的号：{_double(connection, form, year)}。")
        if highest != last:
            yield broken(Trouble.SERIES, f"{name} 用到第 {highest} 号，记着的却是第 {last} 号。")
        if (lowest, different) != (first, highest - first + 1):
            yield broken(Trouble.SERIES, f"{name} 缺号：{_missing(connection, form, year, first, highest)}。")
    for form, year in taken:
        name = series_name(form, year)
        yield broken(Trouble.SERIES, f"{name} 这一序列没有登记。")


def _double(connection: Connection, form: str, year: int) -> str:
    n = DOCUMENTS.c.n
    question = select(n).where(DOCUMENTS.c.form == form, DOCUMENTS.c.year == year, n > 0).group_by(n)
    twice = connection.execute(question.having(func.count() > 1).order_by(n).limit(_NAMED)).scalars()
    return "、".join(map(str, twice))


def _missing(connection: Connection, form: str, year: int, first: int, last: int) -> str:
    """The numbers a series lacks, or has before its first one; the first few of them."""
    n = DOCUMENTS.c.n
    question = select(n).where(DOCUMENTS.c.form == form, DOCUMENTS.c.year == year, n > 0).order_by(n)
    there = (row.n for row in _streamed(connection, question))
    return "、".join(map(str, islice(_gaps(there, first, last), _NAMED)))


def _gaps(there: Iterator[int], first: int, last: int) -> Iterator[int]:
    wanted = first
    for n in there:
        if n < first:
            yield n
            continue
        yield from range(wanted, n)
        wanted = n + 1
    yield from range(wanted, last + 1)


_NAMED = 10
"""So many numbers are named; who has lost more restores the backup anyway."""


def _about(line: Line) -> str:
    return f"（登记号 {line.document}）" if line.document else ""


# --- documents ------------------------------------------------------------------------------------------


def _check_document(document: int, changes: Rows, rows: Rows, files: Rows) -> Iterator[Fault]:
    row = dict(rows[0]._mapping) if rows else {}
    try:
        wanted = _made_of(changes)
    except (ValueError, TypeError, AttributeError):
        yield broken(Trouble.ROW, f"登记号 {document} 的流水读不懂，不能核对。")
        return
    called = f"登记号 {document}"
    if number := row.get("number") or wanted.get("number"):
        called += f"（{number}）"
    if not wanted:
        yield broken(Trouble.ROW, f"{called}在流水里没有，不是本程序登记的。")
        return
    if not row:
        yield broken(Trouble.ROW, f"{called}的登记被删去了。")
        return
    row["files"] = [dict(file._mapping) for file in files]
    wanted["files"] = sorted(
        ({**_BEFORE, **file} for file in wanted.get("files", [])), key=itemgetter("format")
    )
    if names := [zh for name, zh in COLUMNS.items() if row.get(name) != wanted.get(name)]:
        yield broken(Trouble.ROW, f"{called}的登记被改动过，与流水不一致：{'、'.join(names)}。")


def _made_of(changes: Rows) -> Facts:
    """What the lines of a document make of it."""
    facts: Facts = {}
    for change in changes:
        facts.update(json.loads(change.payload))
    return facts


def _check_runs_and_series(connection: Connection, changes: Rows) -> Iterator[Fault]:
    runs: dict[str, Facts] = {}
    first: dict[tuple[str, int], int] = {}
    for change in changes:
        try:
            facts = json.loads(change.payload)
            if change.action == Action.SERIES:
                first[facts["form"], facts["year"]] = facts["first"]
            elif change.action == Action.RUN:
                runs[facts["id"]] = {**facts, "seq": change.seq}
            else:
                runs[facts["id"]] |= facts
        except (ValueError, TypeError, KeyError):
            yield broken(Trouble.ROW, f"流水第 {change.seq} 行读不懂，不能核对。")
    for row in _streamed(connection, select(RUNS)):
        wanted = runs.pop(row.id, None)
        if wanted != dict(row._mapping):
            yield broken(Trouble.ROW, f"运行 {row.id} 的登记与流水不一致。")
    for run in runs:
        yield broken(Trouble.ROW, f"运行 {run} 的登记被删去了。")
    known = {(form, year): start for form, year, start, _ in connection.execute(select(SERIES))}
    for form, year in first.keys() | known.keys():
        if first.get((form, year)) != known.get((form, year)):
            name = series_name(form, year)
            yield broken(Trouble.ROW, f"{name} 这一序列的起号与流水不一致。")


# --- streams --------------------------------------------------------------------------------------------

Rows = list[Row[Any]]
Groups = Iterator[tuple[int, Rows]]


def _side_by_side(*streams: Groups) -> Iterator[tuple[int, list[Rows]]]:
    """The groups of several streams that have the same key; each stream is in order of its keys."""
    heads = [next(stream, None) for stream in streams]
    while any(heads):
        key = min(head[0] for head in heads if head)
        yield key, [head[1] if head and head[0] == key else [] for head in heads]
        heads = [
            next(stream, None) if head and head[0] == key else head
            for head, stream in zip(heads, streams, strict=True)
        ]


def _grouped(connection: Connection, question: Select[Any]) -> Groups:
    """Rows by their first column, in whose order they come."""
    for key, rows in groupby(_streamed(connection, question), itemgetter(0)):
        yield key, list(rows)


def _streamed(connection: Connection, question: Select[Any]) -> Iterator[Row[Any]]:
    """Rows as they come, never all of them at once."""
    yield from connection.execute(question.execution_options(yield_per=PAGE))
