"""`record add`, `show` and `repeats`: an event into a record, a record read out, records that may be repeats."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from xfdocs.cli.base import (
    PATHS,
    ChineseCommand,
    ChineseGroup,
    json_option,
    office_for,
    on_option,
    paths_office_option,
    print_json,
    quiet_option,
    say,
    today,
)
from xfdocs.cli.records import clock_lines
from xfdocs.errors import EventInvalid, ExitCode, RecordRejected, RecordUnreadable
from xfdocs.progress import terminal_progress
from xfdocs.record.adding import Added, add_to_record
from xfdocs.record.aloud import aloud
from xfdocs.record.clocks import running_clocks
from xfdocs.record.events import EVENT_KINDS
from xfdocs.record.files import record_files
from xfdocs.record.items import items_of
from xfdocs.record.validation import read_case
from xfdocs.record.writer import EVENT_NAMES

if TYPE_CHECKING:
    from xfdocs.reports.repeats import Suggestion


@click.group("record", cls=ChineseGroup)
def record_group() -> None:
    """登记一次办理事件，把一件记录读出来看，或者找出疑似重复的信访件。"""


@record_group.command("add", cls=ChineseCommand)
@click.argument("file", type=PATHS, metavar="记录")
@click.argument("event", metavar="事件")
@click.argument("items", nargs=-1, metavar="[项目=值…]")
@paths_office_option
@json_option
@quiet_option
def add_command(
    file: Path, event: str, items: tuple[str, ...], office_dir: Path | None, as_json: bool, quiet: bool
) -> None:
    """在记录的“办理”最后登记一个事件，如“送达”；其余的内容一个字也不动。

    项目的名称和记录里的一样，如“收到日期=2026-10-08”。可以有几个的，重复写：“送达人=甲 送达人=乙”；下级项目
    用点连接，如“拒收.事由=…”；下级项目有几组的，用数字说明第几组，如“意见.1.结论=支持”。“事件=”写所指事件的
    序号，或者它的文书的文号。日期不写就是今天。一个项目也不写，就列出这个事件有哪些项目，不登记。

    登记以后不合规则的，不登记，退出码是 1；写错了项目的，退出码是 2。记录都不会改动。
    """
    office = office_for(office_dir, [file])
    try:
        added = add_to_record(file, event, items, office, today())
    except EventInvalid:
        if event in EVENT_KINDS and not quiet:
            _list_items(event)
        raise
    if as_json:
        print_json(_as_json(file, added))
    if not (as_json and quiet):
        _tell(added, as_json=as_json, quiet=quiet)
    raise SystemExit(ExitCode.DONE)


def _list_items(event: str) -> None:
    """What may be told of an event, on standard error."""
    click.echo(f"“{event}”的项目（标 * 的必填）：", err=True)
    for item in items_of(event):
        star = "*" if item.required else " "
        told = "；".join(filter(None, (item.doc, "、".join(item.values))))
        click.echo(f"  {star} {item.name}{'：' if told else ''}{told}", err=True)


def _tell(added: Added, *, as_json: bool, quiet: bool) -> None:
    event = added.event
    say(
        f"已登记 {added.case.id} 第 {event.seq} 号事件：{event.date} {EVENT_NAMES[type(event)]}。",
        as_json=as_json,
    )
    if quiet:
        return
    for row in added.clocks:
        first, second = clock_lines(row)
        say(f"  期限 {first}\n{second}", as_json=as_json)
    for finding in added.findings:
        say(f"  {finding.severity.zh} {finding.code} {finding.message}", as_json=as_json)


def _as_json(file: Path, added: Added) -> dict[str, object]:
    event = added.event
    return {
        "case": added.case.id,
        "path": str(file),
        "seq": event.seq,
        "event": EVENT_NAMES[type(event)],
        "date": event.date.isoformat(),
        "findings": [finding.as_json() for finding in added.findings],
        "clocks": [row.as_json() for row in added.clocks],
    }


@record_group.command("show", cls=ChineseCommand)
@click.argument("file", type=PATHS, metavar="记录")
@paths_office_option
@on_option
def show_command(file: Path, office_dir: Path | None, on: dt.date) -> None:
    """把一件记录读出来看：登记、诉求、办理经过、已制发的文书，和正在走的期限。"""
    office = office_for(office_dir, [file])
    case = read_case(file)
    for line in aloud(case):
        click.echo(line)
    rows = running_clocks(case, office, on)
    click.echo(f"\n【{on} 正在走的期限】")
    for row in rows:
        first, second = clock_lines(row)
        click.echo(f"  {first}\n  {second}")
    if not rows:
        click.echo("  没有。")


@record_group.command("repeats", cls=ChineseCommand)
@click.argument("paths", nargs=-1, required=True, type=PATHS, metavar="路径…")
@paths_office_option
@click.option("--linked", is_flag=True, help="已经用“关联编号”互相关联的也列出。")
@quiet_option
def repeats_command(paths: tuple[Path, ...], office_dir: Path | None, linked: bool, quiet: bool) -> None:
    """提示哪两件可能是同一个人、同一件事，供承办人核对。

    同人：证件号码相同，或者姓名相同并且电话或者住址相同；只有姓名相同的不算。都是匿名检举控告的，看被反映人是否相同。
    同事：内容分类、属地没有不同，事由和请求的文字相近。只比同一登记机关的。已经用“关联编号”互相关联的不列出。

    只列编号和理由，不印姓名，不写进记录，不按人汇总，也不能导出。是否重复由承办人认定。有记录不能读取的，退出码是 1。
    """
    from xfdocs.reports.repeats import Comparison, standard_of

    office = office_for(office_dir, paths)
    comparison = Comparison(standard_of(office))
    files = record_files(paths)
    refused = 0
    known: dict[str, Path] = {}
    with terminal_progress("读取", len(files), quiet=quiet) as progress:
        for file in files:
            try:
                case = read_case(file)
            except (RecordRejected, RecordUnreadable) as error:
                refused += 1
                say(f"没有比对 {file}：{error}", as_json=True)
                continue
            finally:
                progress.advance(note=file.stem)
            if known.setdefault(case.id, file) != file:
                refused += 1
                say(f"没有比对 {file}：编号与 {known[case.id]} 相同。", as_json=True)
                continue
            comparison.add(case)
    _tell_repeats(comparison.suggestions(), linked=linked)
    raise SystemExit(ExitCode.REFUSED if refused else ExitCode.DONE)


def _tell_repeats(suggestions: Sequence[Suggestion], *, linked: bool) -> None:
    shown = [one for one in suggestions if linked or not one.linked]
    for one in shown:
        secret = "（检举控告，注意保密）" if one.protected else ""
        click.echo(f"{one.earlier} 与 {one.later}：{one.reasons}{secret}。")
    if shown:
        click.echo(
            "以上只是提示，请人工核对；是否重复由承办人认定。认定重复的，请在后一件的记录中填写“关联编号”。"
        )
    else:
        click.echo("没有发现疑似重复、又没有互相关联的信访件。")


COMMANDS = (record_group,)
