"""`report monthly|quarterly|…`: the statistical reports, their definitions, and where each number comes from."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, TypeVar

import click

from xfdocs.cli.base import (
    PATHS,
    ChineseCommand,
    json_option,
    office_option,
    on_option,
    pdf_engine_option,
    print_json,
    print_table,
    quiet_option,
    say,
)
from xfdocs.cli.numbered import issue_options, issue_papers, papers_of, wants_numbers
from xfdocs.errors import ExitCode, MeasureUnknown, PeriodInvalid, UsageFault
from xfdocs.office import Office
from xfdocs.progress import terminal_progress
from xfdocs.record.files import record_files
from xfdocs.rules.period import Period

if TYPE_CHECKING:
    from xfdocs.reports.model import Report
    from xfdocs.reports.reporting import Desk

F = TypeVar("F", bound=Callable[..., Any])
FORMATS = ("docx", "pdf", "xlsx")
_MOST_NAMED = 10
"""Records left out that are named one by one."""


def _period_of(months: int, spoken: str) -> Callable[[click.Context, click.Parameter, str], Period]:
    def read(_ctx: click.Context, _param: click.Parameter, value: str) -> Period:
        period = Period.parse(value)
        if months and period.months != months:
            raise PeriodInvalid(text=value, why=f"这里要写{spoken}。")
        return period

    return read


def _report_options(months: int, spoken: str) -> Callable[[F], F]:
    """What every report is asked for with."""

    def bind(command: F) -> F:
        options = (
            click.argument("period", metavar="时间", callback=_period_of(months, spoken)),
            click.option(
                "-o",
                "--output",
                type=PATHS,
                metavar="DIR",
                help="写到这个文件夹；不写时是单位文件夹的 reports/时间。",
            ),
            click.option(
                "--format",
                "formats",
                multiple=True,
                type=click.Choice(FORMATS),
                help="只写这一种格式，可以写几次；不写时三种都写。",
            ),
            click.option("--public", is_flag=True, help="公开版：不印较少的数字，也不印能推算出它们的数字。"),
            click.option(
                "--explain",
                metavar="项目",
                help="不写文件，说明一个统计项目（如 I03）的算法、数字和数到的信访件。",
            ),
            pdf_engine_option,
            office_option,
            on_option,
            json_option,
            quiet_option,
        )
        for option in reversed(options):
            command = option(command)
        return command

    return bind


def _asked(slug: str, **asked: Any) -> None:
    """Make a report, or explain one of its numbers."""
    from xfdocs.reports.as_json import as_json
    from xfdocs.reports.public import public_version
    from xfdocs.reports.reporting import desk_of, report_of

    office: Office = asked["office"]
    on: dt.date = asked["on"]
    numbered = wants_numbers(asked)
    if asked["public"] and asked["explain"]:
        raise UsageFault(message="--explain 列出内部的数字和编号，不能与 --public 一起用。")
    papers = []
    files = record_files([office.folder / office.cases])
    with (
        terminal_progress("读取案件记录", len(files), quiet=asked["quiet"] or asked["as_json"]) as progress,
        desk_of(office, on=on, progress=progress) as desk,
    ):
        if asked["explain"]:
            _explain(desk, asked["period"], asked["explain"], as_json=asked["as_json"])
            _name_left_out(desk.left_out)
            raise SystemExit(ExitCode.REFUSED if desk.left_out else ExitCode.DONE)
        report = report_of(desk, slug, asked["period"])
        if asked["public"]:
            report = public_version(report, office)
        if numbered:  # JSON has a line for each document then
            papers = papers_of(report, desk, asked)
        elif asked["as_json"]:
            told = as_json(report, desk.counter)
            if report.public:
                _check_text(told, report, office)
            print_json(told)
        if not asked["as_json"] or asked["output"]:
            _write(report, desk, asked)
        _tell(report, desk.left_out, as_json=asked["as_json"])
    code = issue_papers(papers, asked) if numbered else ExitCode.DONE
    raise SystemExit(ExitCode.REFUSED if desk.left_out else code)


def _write(report: Report, desk: Desk, asked: dict[str, Any]) -> None:
    from xfdocs.reports.figures import drawn
    from xfdocs.reports.publishing import publish
    from xfdocs.reports.reporting import names_for

    folder: Path = asked["output"] or desk.office.folder / "reports" / report.code
    formats = asked["formats"] or FORMATS
    if asked.get("issue"):  # the others become documents with a number
        formats = tuple(fmt for fmt in formats if fmt == "xlsx")
    figures = drawn(report, desk) if {"docx", "pdf"} & set(formats) else {}
    names = names_for(report, desk.office)
    written = publish(
        report,
        desk.office,
        folder,
        formats=formats,
        figures=figures,
        names=names,
        day=asked["on"],
        check=(lambda made: _check_files(made, report, desk.office)) if report.public else lambda _: None,
    )
    for path in written:
        say(f"已写出 {path}", as_json=asked["as_json"])


def _check_files(files: Sequence[Path], report: Report, office: Office) -> None:
    """Nothing personal of any case of the office stands in a public version's files (DESIGN §9)."""
    from xfdocs.reports.public import cases_of, check_files

    check_files(files, report, office, cases_of(office))


def _check_text(told: object, report: Report, office: Office) -> None:
    """The same for what is given as JSON."""
    with TemporaryDirectory(prefix="xfdocs-") as place:
        file = Path(place) / "report.json"
        file.write_text(json.dumps(told, ensure_ascii=False), "utf-8")
        _check_files([file], report, office)


def _tell(report: Report, left_out: Sequence[str], *, as_json: bool) -> None:
    """What a statistician must know before the report goes out."""
    if not report.over:
        say(f"{report.period}还没有结束，数字截至 {report.as_of}，未到期的没有计入。", as_json=as_json)
    _name_left_out(left_out)


def _name_left_out(left_out: Sequence[str]) -> None:
    if left_out:
        click.echo(f"有 {len(left_out)} 份案件记录没有计入：", err=True)
        for one in left_out[:_MOST_NAMED]:
            click.echo(f"  {one}", err=True)
        if len(left_out) > _MOST_NAMED:
            click.echo(f"  ……用 `xfdocs validate` 查看其余 {len(left_out) - _MOST_NAMED} 份。", err=True)


def _explain(desk: Desk, period: Period, name: str, *, as_json: bool) -> None:
    from xfdocs.reports.explaining import explanation_of

    told = explanation_of(desk, period, name)
    if as_json:
        print_json(told.as_json())
        return
    for line in told.lines():
        click.echo(line)


@click.command("monthly", cls=ChineseCommand)
@_report_options(1, "一个月，如 2026-09")
def monthly_command(**asked: Any) -> None:
    """信访统计月报：总量、目的、分类、属地、责任单位、办理、期限、指标、评价、三项建议。"""
    _asked("monthly-statistics", **asked)


@click.command("bulletin", cls=ChineseCommand)
@_report_options(1, "一个月，如 2026-09")
@issue_options(units=True)
def bulletin_command(**asked: Any) -> None:
    """月度通报：写法与季度通报相同，通报一个月的情况。"""
    _asked("circular", **asked)


@click.command("quarterly", cls=ChineseCommand)
@_report_options(3, "一个季度，如 2026Q3")
@issue_options(units=True)
def quarterly_command(**asked: Any) -> None:
    """季度通报：登记规范、网上办理、办理及报结、送达、重复、交办件完成情况，通报各单位。"""
    _asked("circular", **asked)


@click.command("annual", cls=ChineseCommand)
@_report_options(12, "一年，如 2026")
@issue_options(units=False)
def annual_command(**asked: Any) -> None:
    """信访情况年度报告（《信访工作条例》第四十一条）。"""
    _asked("annual-report", **asked)


@click.command("special", cls=ChineseCommand)
@_report_options(0, "")
def special_command(**asked: Any) -> None:
    """专项统计：半年（2026H1）、季度或者任意一段时间（2026-03-01..2026-04-15）。"""
    _asked("special-report", **asked)


@click.command("return", cls=ChineseCommand)
@click.argument("period", metavar="月份", callback=_period_of(1, "一个月，如 2026-09"))
@click.option(
    "-o",
    "--output",
    type=PATHS,
    metavar="DIR",
    help="写到这个文件夹；不写时是单位文件夹的 reports/月份。",
)
@click.option(
    "--format",
    "formats",
    multiple=True,
    type=click.Choice(FORMATS),
    help="只写这一种格式，可以写几次；不写时三种都写。",
)
@click.option("--zero", is_flag=True, help="声明这个月没有信访事项：登记系统里没有这个月的资料时用。")
@pdf_engine_option
@office_option
@on_option
@json_option
@quiet_option
def return_command(period: Period, *, zero: bool, **asked: Any) -> None:
    """信访工作月报告登记表：逐件列出一个月登记的信访事项，没有的报零报告。

    没有结束的月份、没有资料的月份不是零报告，不制作；确实没有信访事项而登记系统里没有资料的，用 --zero 声明。
    """
    from xfdocs.reports.publishing import publish
    from xfdocs.reports.reporting import desk_of
    from xfdocs.reports.returns import return_of

    office, as_json = asked["office"], asked["as_json"]
    files = record_files([office.folder / office.cases])
    with (
        terminal_progress("读取案件记录", len(files), quiet=asked["quiet"] or as_json) as progress,
        desk_of(office, on=asked["on"], progress=progress) as desk,
    ):
        made = return_of(desk, period, zero=zero)
        if as_json:
            print_json(made.as_json())
        if not as_json or asked["output"]:
            written = publish(
                made.report,
                office,
                asked["output"] or office.folder / "reports" / period.code,
                formats=asked["formats"] or FORMATS,
                names=made.names,
                workbook=made.write_workbook,
            )
            for path in written:
                say(f"已写出 {path}", as_json=as_json)
        if made.zero:
            say(
                f"{period.name}为零报告{'（经声明）' if made.declared else ''}，请签字报送。", as_json=as_json
            )
        say("表的栏目是复原的，与上级现行表式不同的，以上级的为准。", as_json=as_json)
        _tell(made.report, desk.left_out, as_json=as_json)
    raise SystemExit(ExitCode.REFUSED if desk.left_out else ExitCode.DONE)


@click.command("indicators", cls=ChineseCommand)
@click.argument("name", metavar="项目", required=False)
@office_option
@json_option
def indicators_command(name: str | None, office: Office, as_json: bool) -> None:
    """列出全部统计项目；写明一项的，说明它的算法和出处。"""
    from xfdocs.reports.definitions import measures_of

    measures = measures_of(office)
    if name is not None and name not in measures:
        raise MeasureUnknown(name=name, hint="")
    chosen = [measures[name]] if name is not None else list(measures.values())
    for one in chosen if as_json else ():
        print_json(
            {
                "id": one.id,
                "name": one.name,
                "version": one.version,
                "definition": one.words,
                "source": one.source,
                "verified": one.verified,
            }
        )
    if not as_json and name is not None:
        (one,) = chosen
        click.echo(f"{one.id}　{one.words}（第 {one.version} 版）")
        click.echo(f"出处：{one.source}。{'' if one.verified else '没有核实到权威出处。'}")
    elif not as_json:
        rows = [(one.id, one.name, one.how.value, "" if one.verified else "未核实") for one in chosen]
        print_table("统计项目", ("编号", "名称", "算法", "出处"), rows)
    raise SystemExit(ExitCode.DONE)


COMMANDS = (
    monthly_command,
    bulletin_command,
    quarterly_command,
    annual_command,
    special_command,
    return_command,
    indicators_command,
)
"""Commands of the group `report`."""
