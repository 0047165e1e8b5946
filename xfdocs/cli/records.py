"""`validate` and `due`: what is wrong with records, and what must be done by when."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import click

from xfdocs.cli.base import (
    PATHS,
    ChineseCommand,
    is_narrow,
    json_option,
    office_for,
    office_option,
    on_option,
    paths_office_option,
    print_json,
    print_table,
    quiet_option,
    say,
    verbose_option,
)
from xfdocs.errors import ExitCode
from xfdocs.office import Office
from xfdocs.progress import terminal_progress
from xfdocs.record.clocks import Running, State, running_clocks
from xfdocs.record.files import record_files
from xfdocs.record.findings import Report, Severity
from xfdocs.record.findings import State as StepState
from xfdocs.record.validation import validate_paths
from xfdocs.register.watch import watch


@click.command("validate", cls=ChineseCommand)
@click.argument("paths", nargs=-1, required=True, type=PATHS, metavar="路径…")
@paths_office_option
@json_option
@quiet_option
@verbose_option
def validate_command(
    paths: tuple[Path, ...], office_dir: Path | None, as_json: bool, quiet: bool, verbose: bool
) -> None:
    """检查案件记录：文件、结构、规则和附件。

    路径可以是记录文件，也可以是文件夹。全部通过时退出码是 0，有不通过的是 1。
    """
    office = office_for(office_dir, paths)
    files = record_files(paths)
    with terminal_progress("校验", len(files), quiet=quiet) as progress:
        reports = []
        for report in validate_paths(files, office):
            reports.append(report)
            progress.advance(note=report.file.stem)
    if as_json:
        print_json({"files": [report.as_json() for report in reports]})
    else:
        _show_reports(reports, quiet=quiet, verbose=verbose)
    refused = sum(not report.accepted for report in reports)
    say(
        f"共 {len(reports)} 件：通过 {len(reports) - refused} 件，不通过或者不能确定 {refused} 件。",
        as_json=as_json,
    )
    raise SystemExit(ExitCode.REFUSED if refused else ExitCode.DONE)


def _show_reports(reports: Iterable[Report], *, quiet: bool, verbose: bool) -> None:
    for report in reports:
        shown = [f for f in report.findings if f.severity is Severity.ERROR or not quiet]
        if report.accepted and not shown and not verbose:
            continue
        click.echo(f"{report.file}  {report.verdict.zh}")
        for finding in shown:
            place = f"第 {finding.line} 行 {finding.path}" if finding.line else finding.path
            basis = f"（{finding.basis}）" if finding.basis else ""
            click.echo(f"  {finding.severity.zh} {finding.code} {place}\n    {finding.message}{basis}")
        if verbose:
            click.echo("  " + "，".join(f"{step.name}{step.state.zh}" for step in report.steps))
        for step in report.steps:
            if step.why and step.state is StepState.COULD_NOT_RUN:
                click.echo(f"  {step.name}：{step.state.zh}。{step.why}")


@click.command("due", cls=ChineseCommand)
@click.argument("paths", nargs=-1, type=PATHS, metavar="[路径…]")
@office_option
@on_option
@json_option
@quiet_option
@verbose_option
def due_command(
    paths: tuple[Path, ...], office: Office, on: dt.date, as_json: bool, quiet: bool, verbose: bool
) -> None:
    """列出每一个正在走的期限：从哪天起、到哪天止、依据、还剩几天、该谁办。

    办理机关按“到期日”安排；到期日是休息日的，另列顺延后的日期。有记录没有通过校验，或者有期限因为
    工作日安排没有公布而不能推算的，退出码是 1。
    """
    places = paths or (office.folder / office.cases,)
    files = record_files(places)
    rows: list[Running] = []
    refused = 0

    def tell(text: str) -> None:
        if verbose:
            say(text, as_json=True)

    with terminal_progress("推算期限", len(files), quiet=quiet) as progress:
        for one in watch(places, files, office, on, progress, tell=tell):
            if one.refused:
                refused += 1
                say(f"{one.file} 没有通过校验，没有推算；请运行 `xfdocs validate {one.file}`。", as_json=True)
                continue
            found = running_clocks(one.case, office, on) if one.case is not None else []
            rows += found
            if not found:
                tell(f"{one.case_id} 没有正在走的期限。")
    rows.sort(key=lambda row: (row.due or dt.date.max, row.case))
    if as_json:
        print_json([row.as_json() for row in rows])
    else:
        _show_clocks(rows, on)
    # A clock with a start and no end waits for a calendar that is not loaded: not everything was told.
    uncounted = any(row.state is State.UNKNOWN and row.start for row in rows)
    raise SystemExit(ExitCode.REFUSED if refused or uncounted else ExitCode.DONE)


_TABLE_WIDTH = 120
"""Columns that the table of clocks needs; a narrower terminal gets a paragraph for each clock."""


def _show_clocks(rows: list[Running], on: dt.date) -> None:
    if is_narrow(_TABLE_WIDTH):
        click.echo(f"{on.isoformat()} 正在走的期限")
        for row in rows:
            first, second = clock_lines(row)
            click.echo(f"{row.case}  {first}\n{second}")
    else:
        _show_clock_table(rows, on)
    states = Counter(row.state for row in rows)
    say(
        f"共 {len(rows)} 个：已超期 {states[State.OVERDUE]}，未到期 {states[State.RUNNING]}，不能推算 {states[State.UNKNOWN]}。"
    )


def clock_lines(row: Running) -> tuple[str, str]:
    """A clock in two lines: what ends when, and who must act on which ground."""
    rolled = f"（顺延至 {row.rolled}）" if row.rolled and row.rolled != row.due else ""
    note = f"；{row.note}" if row.note else ""
    return (
        f"{row.limit}：{_left(row)}，到期日 {row.due or '未知'}{rolled}",
        f"    {row.actor}；{row.start or '—'} 起算；{row.basis}{note}",
    )


def _show_clock_table(rows: list[Running], on: dt.date) -> None:
    print_table(
        f"{on.isoformat()} 正在走的期限",
        ("信访件编号", "期限", "起算", "到期日", "顺延至", "剩余", "该谁办", "依据", "说明"),
        [
            (
                row.case,
                row.limit,
                row.start or "—",
                row.due or "未知",
                row.rolled if row.rolled and row.rolled != row.due else "",
                _left(row),
                row.actor,
                row.basis,
                row.note,
            )
            for row in rows
        ],
    )


def _left(row: Running) -> str:
    if row.days_left is None:
        return "未知"
    return f"超 {-row.days_left} 日" if row.days_left < 0 else f"{row.days_left} 日"


COMMANDS = (validate_command, due_command)
