"""`register`: what was issued, declaring something void, the proof that nothing was changed, and the book."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from xfdocs.cli.base import (
    PATHS,
    ChineseCommand,
    ChineseGroup,
    is_narrow,
    json_option,
    office_option,
    print_json,
    print_table,
    quiet_option,
    say,
)
from xfdocs.document.catalogue import catalogue_of
from xfdocs.errors import ExitCode
from xfdocs.office import Office
from xfdocs.production.outcome import outcome_of
from xfdocs.progress import terminal_progress
from xfdocs.register.entry import Entry, EntryState
from xfdocs.rules.period import Period

if TYPE_CHECKING:
    from xfdocs.register.register import Register

_TABLE_WIDTH = 110
"""Columns that the table needs; a narrower terminal gets two lines for each document."""
_LEAST_DIGEST = 8
"""Characters of a hash that must be given to compare it."""


@click.group("register", cls=ChineseGroup)
def register_group() -> None:
    """登记库：查看、作废、核对、导出已经制发的文书。"""


@contextmanager
def _opened(office: Office, *, create: bool = False) -> Iterator[Register]:
    from xfdocs.register.register import Register

    with Register.open(office, create=create) as register:
        yield register


def _period(_ctx: click.Context, _param: click.Parameter, value: str | None) -> Any:
    return None if value is None else Period.parse(value)


def _period_option(help_text: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    return click.option("--period", metavar="时间", callback=_period, help=help_text)


# --- list -----------------------------------------------------------------------------------------------

_STATES = {state.zh: state for state in EntryState}


@register_group.command("list", cls=ChineseCommand)
@click.option("--kind", metavar="文种", help="只列这一种文书，写名称或者代号。")
@_period_option("只列成文日期在这段时间里的，如 2026、2026Q3、2026-10、2026-10-01..2026-10-31。")
@click.option("--case", metavar="编号", help="只列这一件信访事项的。")
@click.option("--state", type=click.Choice(tuple(_STATES)), help="只列这一种状态的。")
@office_option
@json_option
def list_command(
    kind: str | None,
    period: Period | None,
    case: str | None,
    state: str | None,
    office: Office,
    as_json: bool,
) -> None:
    """列出登记库里的文书，按取号的先后；每五百份一张表。

    有 --json 时一行一个，与 issue --json 的写法相同，另有登记号（id）、事件的序号（event）和作废理由（why）。
    """
    from xfdocs.register.rows import pieces

    slug = catalogue_of(office).kind(kind).slug if kind is not None else None
    counts: Counter[EntryState] = Counter()
    with _opened(office) as register:
        entries = register.entries(
            kind=slug,
            first=period.first if period else None,
            last=period.last if period else None,
            case=case,
            state=_STATES[state] if state else None,
        )
        for page in pieces(entries):
            counts.update(entry.state for entry in page)
            if as_json:
                for entry in page:
                    print_json(_as_json(entry, office))
            else:
                _show_page(page)
    states = "，".join(f"{state.zh} {counts[state]}" for state in EntryState if counts[state])
    say(f"共 {counts.total()} 份{f'：{states}' if states else ''}。", as_json=as_json)
    raise SystemExit(ExitCode.DONE)


def _as_json(entry: Entry, office: Office) -> dict[str, object]:
    outcome = outcome_of(entry, office, entry.state.value)
    return {**outcome.as_json(), "id": entry.id, "event": entry.event, "why": entry.why}


def _show_page(page: list[Entry]) -> None:
    if is_narrow(_TABLE_WIDTH):
        for entry in page:
            click.echo(f"{entry.id}  {entry.number or '（没有文号）'}  {entry.state.zh}")
            click.echo(f"    {entry.kind_title}；{entry.date} 成文；{entry.case}")
        return
    print_table(
        "已登记的文书",
        ("登记号", "文号", "文种", "成文日期", "信访件编号", "发文机关", "状态"),
        [(e.id, e.number or "—", e.kind_title, e.date, e.case, e.issuer, e.state.zh) for e in page],
    )


# --- show -----------------------------------------------------------------------------------------------


_MORE = ("record", "title", "issuer", "signer", "recipients", "copies", "recorded")
"""What `show --json` tells of an entry beyond `list --json`."""


@register_group.command("show", cls=ChineseCommand)
@click.argument("name", metavar="名称")
@office_option
@json_option
def show_command(name: str, office: Office, as_json: bool) -> None:
    """说明一份文书的全部登记内容和经过。

    名称可以是文号、登记号或者信访件编号；写信访件编号的，说明这一件的全部文书。
    """
    from xfdocs.register.aloud import aloud

    with _opened(office) as register:
        for number, entry in enumerate(register.find(name)):
            lines = register.history(entry.id)
            if as_json:
                journal = [{"line": line.seq, "at": line.at, "action": line.action} for line in lines]
                more = {name: getattr(entry, name) for name in _MORE}
                more["makers"] = {file.format: file.maker for file in entry.files}
                print_json({**_as_json(entry, office), **more, "journal": journal})
                continue
            if number:
                click.echo()
            for line in aloud(entry, lines, _others(register, entry)):
                click.echo(line)
    raise SystemExit(ExitCode.DONE)


def _others(register: Register, entry: Entry) -> list[Entry]:
    """The other documents of the same kind for the same event."""
    return [
        other
        for other in register.entries_of([entry.case])[entry.case]
        if (other.kind, other.event) == (entry.kind, entry.event) and other.id != entry.id
    ]


# --- void -----------------------------------------------------------------------------------------------


@register_group.command("void", cls=ChineseCommand)
@click.argument("name", metavar="名称")
@click.option("--why", required=True, metavar="理由", help="为什么作废，一行文字；写进登记库和案件记录。")
@office_option
@json_option
def void_command(name: str, why: str, office: Office, as_json: bool) -> None:
    """作废一份已经制发的文书，写明理由；号不再用，文件保留。

    名称可以是文号、登记号，或者只有一份文书的信访件编号。作废以后，案件记录不改正的，下一次 issue 会用新号重新制发。

    中途断开的，再运行同一条命令，就把案件记录写完。
    """
    from xfdocs.production.voiding import naming, void

    with _opened(office) as register:
        entry = register.find_one(name)
        trouble = void(register, office, entry, why)
        entry = register.find_one(f"登记号{entry.id}")
        others = naming(register, office, entry)
    if as_json:
        print_json(_as_json(entry, office))
    _tell_void(entry, as_json=as_json)
    for other in others:
        say(f"{other.kind_title}（登记号 {other.id}）上印着这个文号，请看是否一并作废。", as_json=as_json)
    if trouble is not None:
        say(
            f"登记库里已经作废，但案件记录还没有写明：{trouble}再运行同一条命令，就把它写完。",
            as_json=as_json,
        )
    raise SystemExit(ExitCode.DONE if trouble is None else ExitCode.REFUSED)


def _tell_void(entry: Entry, *, as_json: bool) -> None:
    from xfdocs.register.recorded import of_report

    number = f"{entry.number} " if entry.number else ""
    what = f"{entry.case} 第 {entry.event} 号事件" if entry.event else f"{entry.case} 的登记"
    say(f"已作废：{number}{entry.kind_title}（登记号 {entry.id}）。理由：{entry.why}", as_json=as_json)
    anew = "用新号重新制发" if entry.number else "重新制发"
    if of_report(entry):
        say(f"再运行一次原来的 report 命令，会按那时的案件记录{anew}。", as_json=as_json)
        return
    say(
        f"{what}现在没有有效的{entry.kind_title}。案件记录不改正的，下一次 issue 会{anew}。",
        as_json=as_json,
    )


# --- verify ---------------------------------------------------------------------------------------------


def _noted(_ctx: click.Context, _param: click.Parameter, value: str | None) -> tuple[int, str] | None:
    if value is None:
        return None
    match = re.fullmatch(r"([0-9]{1,15}):([0-9a-f]{8,64})", value.strip().lower().replace("：", ":"))
    if match is None:
        raise click.BadParameter(f"应写作 行:摘要，如 1153:3f0c9a27，摘要至少 {_LEAST_DIGEST} 位。")
    return int(match[1]), match[2]


@register_group.command("verify", cls=ChineseCommand)
@click.option(
    "--head", metavar="行:摘要", callback=_noted, help="以前核对时记下的流水末端，看它还在不在、变没变。"
)
@office_option
@json_option
@quiet_option
def verify_command(head: tuple[int, str] | None, office: Office, as_json: bool, quiet: bool) -> None:
    """核对登记库、文件和案件记录：流水是否连贯，有没有缺号、重号，文件和记录是否与制发时相同。

    全部相同时退出码是 0；有没做完的是 1，再运行一次 issue 即可；有不一致的是 4。最后给出流水末端，请另外记下，以后用
    --head 核对：连登记库整个被改写也看得出来。
    """
    from xfdocs.register.faults import Gravity
    from xfdocs.register.verify import check_noted, verify

    faults: list[dict[str, str]] = []
    gravities: Counter[Gravity] = Counter()
    with _opened(office) as register:
        count, (line, digest) = register.count(), register.head()
        with terminal_progress("核对", count, quiet=quiet) as progress:
            noted = check_noted(register, *head) if head is not None else iter(())
            for fault in chain(noted, verify(register, office, progress=progress)):
                gravities[fault.gravity] += 1
                if as_json:
                    faults.append(fault.as_json())
                elif fault.gravity is not Gravity.NOTICE or not quiet:
                    click.echo(f"{fault.gravity.zh} {fault.what}")
    verdict = next((g for g in (Gravity.BROKEN, Gravity.UNFINISHED) if gravities[g]), None)
    if as_json:
        print_json(
            {
                "documents": count,
                "head": {"line": line, "hash": digest},
                "verdict": verdict.value if verdict else "clean",
                "faults": faults,
            }
        )
    found = "，".join(f"{gravity.zh} {gravities[gravity]}" for gravity in Gravity if gravities[gravity])
    say(f"核对了 {count} 份文书：{found or '没有发现问题'}。", as_json=as_json)
    say(f"流水末端 {line}:{digest}", as_json=as_json)
    codes = {Gravity.BROKEN: ExitCode.BROKEN, Gravity.UNFINISHED: ExitCode.REFUSED, None: ExitCode.DONE}
    raise SystemExit(codes[verdict])


# --- export ---------------------------------------------------------------------------------------------


def _workbook(_ctx: click.Context, _param: click.Parameter, value: Path) -> Path:
    if value.suffix.lower() != ".xlsx":
        raise click.BadParameter(f"{value} 应以 .xlsx 结尾。")
    return value


@register_group.command("export", cls=ChineseCommand)
@click.option(
    "-o",
    "--output",
    required=True,
    type=PATHS,
    callback=_workbook,
    metavar="FILE.xlsx",
    help="写到这个文件。",
)
@_period_option(
    "只要这段时间的：发文按成文日期，收文按收到日期；写法如 2026、2026Q3、2026-10、2026-10-01..2026-10-31。"
)
@office_option
@json_option
@quiet_option
def export_command(output: Path, period: Period | None, office: Office, as_json: bool, quiet: bool) -> None:
    """导出收发文登记簿（xlsx）：发文取自登记库，收文取自案件记录的来源。

    有记录读不出来的，或者编号与另一件相同的，收文登记簿里没有它，会逐件说明，退出码是 1。以前导出的、没有人改过的同名文件会被换成新的。
    """
    from xfdocs.record.files import record_files
    from xfdocs.register.book import write_book
    from xfdocs.register.incoming import incoming_letters
    from xfdocs.register.index import CaseIndex

    cases = office.folder / office.cases
    files = record_files([cases])
    with _opened(office, create=True) as register:
        index = CaseIndex(register.database, office)
        with terminal_progress("读取案件记录", len(files), quiet=quiet) as progress:
            left_out = [
                f"{seen.path} 读不成案件记录（请运行 `xfdocs validate {seen.path}`）"
                for seen in index.refresh([cases], files=files, progress=progress)
                if seen.report is not None and seen.case is None
            ]
        left_out += [f"{twin.file} 的{twin.message.removesuffix('。')}" for twin in index.twins()]
        for what in left_out:
            say(f"收文登记簿里没有这一件：{what}。", as_json=True)
        written = write_book(
            output,
            register.entries(first=period.first if period else None, last=period.last if period else None),
            incoming_letters(register.database, period),
            organ=office.organ.name,
            period=period.name if period else "",
        )
    if as_json:
        print_json(
            {
                "file": str(output),
                "outgoing": written.outgoing,
                "incoming": written.incoming,
                "left_out": len(left_out),
            }
        )
    say(f"发文 {written.outgoing} 份，收文 {written.incoming} 份，写入 {output}。", as_json=as_json)
    raise SystemExit(ExitCode.REFUSED if left_out else ExitCode.DONE)


COMMANDS = (register_group,)
