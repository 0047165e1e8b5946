"""`report`: what an office tells of its work, and the books it keeps."""

from __future__ import annotations

import datetime as dt
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import click

from xfdocs.cli import statistics
from xfdocs.cli.base import (
    PATHS,
    ChineseCommand,
    ChineseGroup,
    json_option,
    office_option,
    on_option,
    pdf_engine_option,
    print_json,
    print_table,
    quiet_option,
    say,
)
from xfdocs.errors import ExitCode, PeriodAhead
from xfdocs.office import Office
from xfdocs.progress import terminal_progress
from xfdocs.rules.period import Period


@click.group("report", cls=ChineseGroup)
def report_group() -> None:
    """统计和台账：由案件记录和登记库生成统计报表、通报、年度报告和登记簿。"""


def _period(_ctx: click.Context, _param: click.Parameter, value: str) -> Any:
    return Period.parse(value)


@report_group.command("books", cls=ChineseCommand)
@office_option
@json_option
def books_command(office: Office, as_json: bool) -> None:
    """列出全部登记簿（台账），本单位自己的也在内。"""
    from xfdocs.reports.books import books_of, columns_told

    for book in books_of(office).values():
        if as_json:
            told = {"slug": book.slug, "title": book.title, "about": book.about, "unit": book.unit}
            print_json({**told, "columns": list(columns_told(book)), "file": str(book.file)})
    if not as_json:
        rows = [(book.title, book.slug, book.about) for book in books_of(office).values()]
        print_table("登记簿", ("名称", "代号", "登记什么"), rows)
    raise SystemExit(ExitCode.DONE)


@report_group.command("book", cls=ChineseCommand)
@click.argument("name", metavar="名称")
@click.argument("period", metavar="时间", callback=_period)
@click.option(
    "-o",
    "--output",
    type=PATHS,
    metavar="DIR",
    help="写到这个文件夹；不写时是单位文件夹的 reports 里以这段时间命名的文件夹。",
)
@click.option(
    "--format",
    "formats",
    type=click.Choice(("xlsx", "pdf")),
    multiple=True,
    help="要哪种格式；可以写两次，不写时两种都要。",
)
@click.option(
    "--full", is_flag=True, help="检举控告事项也写明信访人、被反映人；只供有权查看的人员，专人保管。"
)
@pdf_engine_option
@on_option
@office_option
@json_option
@quiet_option
def book_command(
    name: str,
    period: Period,
    output: Path | None,
    formats: tuple[str, ...],
    full: bool,
    on: dt.date,
    office: Office,
    as_json: bool,
    quiet: bool,
) -> None:
    """写出一段时间的登记簿（台账）：xlsx 供筛选、补记，PDF 供打印、签字、装订。

    名称是登记簿的名称或者代号，见 report books；时间写作 2026、2026Q3、2026-09 或者 2026-09-01..2026-09-15。

    检举控告事项中信访人、被反映人的姓名和联系方式写作“（保密）”。以前写出的、没有人改过的同名文件会被换成新的；有人改过的不覆盖。
    有记录通不过校验的，登记簿里没有它，会逐件说明，退出码是 1。
    """
    from xfdocs.record.files import record_files
    from xfdocs.reports.book_files import FORMATS, write_book, write_correspondence
    from xfdocs.reports.book_rows import count_rows
    from xfdocs.reports.books import book_called
    from xfdocs.reports.reporting import index_of

    book = book_called(name, office)
    if period.first > on:
        raise PeriodAhead(period=period.name)
    folder = output or office.folder / "reports" / period.code
    cases = len(record_files([office.folder / office.cases]))
    with ExitStack() as stack:
        with terminal_progress("读取案件记录", cases, quiet=quiet) as reading:
            index = index_of(office, on=on, progress=reading)
            connection, left_out = stack.enter_context(index)
        rows = 0 if book.correspondence else count_rows(book, period, on, connection)
        with terminal_progress("写登记簿", rows, quiet=quiet) as progress:
            common: dict[str, Any] = {"formats": formats or FORMATS, "progress": progress}
            if book.correspondence:
                written = write_correspondence(book, period, folder, office, **common)
            else:
                written = write_book(book, period, folder, office, connection, on=on, full=full, **common)
    missing = [*left_out, *written.left_out]
    for what in missing:
        say(f"登记簿里没有这一件：{what}", as_json=True)
    if as_json:
        print_json(
            {
                "book": book.slug,
                "title": book.title,
                "period": {"name": period.name, "first": f"{period.first}", "last": f"{period.last}"},
                "rows": written.rows,
                "sums": written.sums,
                "files": [str(file) for file in written.files],
                "left_out": missing,
            }
        )
    sums = "".join(f"，{head}合计 {total}" for head, total in written.sums.items())
    told = f"{written.rows} {book.unit}{sums}" if written.rows else "没有应当登记的，写明“无”"
    say(f"{book.title}，{period.name}：{told}。", as_json=as_json)
    for file in written.files:
        say(f"写入 {file}", as_json=as_json)
    raise SystemExit(ExitCode.REFUSED if missing else ExitCode.DONE)


for _command in statistics.COMMANDS:
    report_group.add_command(_command)

COMMANDS = (report_group,)
