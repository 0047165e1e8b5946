"""收发文登记簿: the register and the letters received as a workbook, for people who keep it or print it.

The same register gives the same bytes on any day.  Rows are written as they come, so memory stays flat.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from xfdocs.register.entry import Entry
from xfdocs.register.incoming import Incoming
from xfdocs.sheets import Column, writing

MARK = "由 xfdocs register export 写出"
"""Tells a workbook of ours from another."""

OUTGOING: tuple[Column[Entry], ...] = (
    Column("文号", 25, lambda entry: entry.number),
    Column("文种", 14, lambda entry: entry.kind_title),
    Column("标题", 34, lambda entry: entry.title),
    Column("成文日期", 11, lambda entry: entry.date),
    Column("发文机关", 18, lambda entry: entry.issuer),
    Column("主送、抄送", 20, lambda entry: "、".join(entry.recipients)),
    Column("份数", 6, lambda entry: entry.copies),
    Column("签发人", 9, lambda entry: entry.signer),
    Column("信访件编号", 18, lambda entry: entry.case),
    Column("状态", 8, lambda entry: entry.state.zh),
    Column("作废理由", 15, lambda entry: entry.why),
    Column("登记号", 8, lambda entry: entry.id),
)
"""发文登记簿, as it is printed too."""
_MAKERS: Column[Entry] = Column(
    "制作程序", 17, lambda entry: "、".join(file.maker for file in entry.files if file.maker)
)
"""What made the files; for whoever looks after the machine, not for paper."""

INCOMING: tuple[Column[Incoming], ...] = (
    Column("收到日期", 11, lambda letter: letter.received),
    Column("来文机关", 30, lambda letter: letter.sender),
    Column("类别", 8, lambda letter: letter.kind),
    Column("文号", 28, lambda letter: letter.number),
    Column("来文日期", 11, lambda letter: letter.date),
    Column("反馈期限", 11, lambda letter: letter.feedback_due),
    Column("信访件编号", 18, lambda letter: letter.case),
    Column("收文机关", 26, lambda letter: letter.organ),
    Column("首办责任人", 11, lambda letter: letter.handler),
    Column("办理情况", 13, lambda letter: letter.status.zh),
)
"""收文登记簿."""


@dataclass(frozen=True, slots=True)
class Written:
    """How many rows the book has."""

    outgoing: int
    incoming: int


def write_book(
    path: Path, outgoing: Iterable[Entry], incoming: Iterable[Incoming], *, organ: str, period: str = ""
) -> Written:
    """Write the book of an *organ* to *path*; *period* is told in the printed header.

    Raises:
        BookTouched: there is a file already that is no book of ours, or that somebody has worked on.
    """
    with writing(path, title=f"{organ}收发文登记簿", mark=MARK) as book:
        out = book.sheets("发文登记簿", (*OUTGOING, _MAKERS), title=f"{organ}发文登记簿", period=period)
        for entry in outgoing:
            out.add(entry)
        out.close()
        into = book.sheets("收文登记簿", INCOMING, title=f"{organ}收文登记簿", period=period)
        for letter in incoming:
            into.add(letter)
    return Written(out.count, into.count)
