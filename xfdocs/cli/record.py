"""`record add` and `record show`: a further event into a record, and the record as a person reads it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

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
from xfdocs.errors import EventInvalid, ExitCode
from xfdocs.record.adding import Added, add_to_record
from xfdocs.record.aloud import aloud
from xfdocs.record.clocks import running_clocks
from xfdocs.record.events import EVENT_KINDS
from xfdocs.record.items import items_of
from xfdocs.record.validation import read_case
from xfdocs.record.writer import EVENT_NAMES


@click.group("record", cls=ChineseGroup)
def record_group() -> None:
    """登记一次办理事件，或者把一件记录读出来看。"""


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


COMMANDS = (record_group,)
