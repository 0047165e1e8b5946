"""`archive`: closed cases into packages, and packages that can still be trusted."""

from __future__ import annotations

import datetime as dt
import os
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import click

from xfdocs.cli.base import (
    PATHS,
    ChineseCommand,
    ChineseGroup,
    json_option,
    now,
    office_for,
    office_option,
    on_option,
    paths_office_option,
    pdf_engine_option,
    print_json,
    print_table,
    quiet_option,
    say,
)
from xfdocs.cli.issue import count_option
from xfdocs.errors import ExitCode
from xfdocs.office import Office
from xfdocs.progress import terminal_progress
from xfdocs.record.files import record_files
from xfdocs.rules.period import Period

_FEW = 10
"""Packages up to which each is named without being asked for."""
_FORMS = {
    "移交清单": "transfer-list",
    "电子文件归档登记表": "electronic-registration",
    "到期鉴定清单": "appraisal-list",
    "销毁清册": "destruction-list",
}
_JOBS = click.option(
    "--jobs", callback=count_option, metavar="N", help="同时用几个进程；不写时按处理器的个数。"
)


@click.group("archive", cls=ChineseGroup)
def archive_group() -> None:
    """归档：一案一卷，做成能长期保存、能核对的归档信息包；检测、目录、恢复。"""


@archive_group.command("pack", cls=ChineseCommand)
@click.argument("paths", nargs=-1, required=True, type=PATHS, metavar="路径…")
@_JOBS
@pdf_engine_option
@on_option
@paths_office_option
@json_option
@quiet_option
def pack_command(
    paths: tuple[Path, ...],
    jobs: int | None,
    on: dt.date,
    office_dir: Path | None,
    as_json: bool,
    quiet: bool,
) -> None:
    """把已经办结的信访事项归档：编档号，做成归档信息包，登记，写回案件记录。

    还没有办结、还有期限在计算的先不归档（一次不超过十件的，逐件说明）；有问题不能归档的，逐件说明原因。已经归档、没有变化的不重复做；归档后重新办理又办结的，
    另做一个新的版本，原来的不动。
    """
    from xfdocs.archive.packing import Outcome, Packing, pack

    office = office_for(office_dir, paths)
    count = len(record_files(paths))
    states: Counter[Packing] = Counter()
    told: list[Outcome] = []
    try:
        with terminal_progress("归档", count, quiet=quiet) as progress:
            for one in pack(
                paths, office, on=on, jobs=jobs, progress=progress, tell=lambda said: say(said, as_json=True)
            ):
                states[one.state] += 1
                if one.why and (one.state is not Packing.WAITING or count <= _FEW):
                    told.append(one)
                if as_json:
                    print_json(one.as_json())
                elif one.state is Packing.PACKED and not quiet:
                    again = f"（第 {one.version} 版）" if one.version > 1 else ""
                    click.echo(f"{'、'.join(one.numbers)}{again}　{one.case}　{one.package}")
    except KeyboardInterrupt:
        say(
            f"已中断：这一次归档了 {states[Packing.PACKED]} 件。再运行同一条命令，就从断开的地方接着做。",
            as_json=True,
        )
        raise SystemExit(ExitCode.INTERRUPTED) from None
    untold = 0
    for one in told:
        packed = one.state in {Packing.PACKED, Packing.EXISTING}
        untold += packed
        word = "已归档，没有写回案件记录" if packed else "未归档"
        say(f"{word} {one.case or one.path}：{one.why.removesuffix('。')}。", as_json=as_json)
    done, there, waiting, refused = (states[state] for state in Packing)
    say(
        f"新归档 {done} 件，已有 {there} 件，还不到归档的时候 {waiting} 件，未归档 {refused} 件。",
        as_json=as_json,
    )
    raise SystemExit(ExitCode.REFUSED if refused or untold else ExitCode.DONE)


@archive_group.command("verify", cls=ChineseCommand)
@click.argument("paths", nargs=-1, type=PATHS, metavar="信息包…")
@_JOBS
@click.option("--state", type=PATHS, metavar="FILE", help="把结果记在这个文件里，下一次接着做。")
@click.option(
    "--age",
    type=click.IntRange(0, 36500),
    default=30,
    metavar="天数",
    help="与 --state 同用：这些天内检测过、合格而且没有变化的不再检测；不写是 30 天。",
)
@click.option(
    "--report", "report_dir", type=PATHS, metavar="DIR", help="把四性检测报告（docx、PDF）写到这个文件夹。"
)
@pdf_engine_option
@office_option
@json_option
@quiet_option
def verify_command(
    paths: tuple[Path, ...],
    jobs: int | None,
    state: Path | None,
    age: int,
    report_dir: Path | None,
    office: Office,
    as_json: bool,
    quiet: bool,
) -> None:
    """四性检测：真实性、完整性、可用性、安全性，凡是程序能检测的逐项检测（DA/T 70-2018）。

    不写路径时检测本单位的全部信息包。病毒、载体、签名是否可信，程序不能检测，一律写“未检测”。有一个信息包不合格，退出码是 4。
    """
    from xfdocs.archive.checks.many import verify_many
    from xfdocs.archive.checks.model import Result, Terms, Verdict, worst
    from xfdocs.archive.shelf import FOLDER, known_of, packages_at

    places = packages_at(paths or (office.folder / FOLDER,))
    known = known_of(office)
    numbers = next((one.numbers for one in known.values() if one.numbers), None)
    found = []
    with terminal_progress("检测", len(places), quiet=quiet) as progress:
        for one in verify_many(
            places,
            on=now(),
            known=lambda path: known.get(path.resolve()),
            numbers=numbers,
            terms=Terms(office=office.folder),
            jobs=jobs,
            state=state,
            age=dt.timedelta(days=age),
            progress=progress,
        ):
            found.append(one)
            if as_json:
                print_json(one.as_json())
            elif not quiet:
                _tell(one, whole=len(places) == 1)
    verdicts = Counter(one.verdict for one in found)
    if report_dir is not None:
        for path in _reported(found, report_dir, office):
            say(f"检测报告：{path}", as_json=as_json)
    unchecked = sorted({check.title for one in found for check in one.of(Result.NOT_CHECKED)})
    if unchecked:
        say(
            f"有 {len(unchecked)} 项程序没有检测：{'、'.join(unchecked[:8])}{'等' if len(unchecked) > 8 else ''}。",
            as_json=as_json,
        )
    say(
        f"检测 {len(found)} 个信息包：合格 {verdicts[Verdict.INTACT]} 个，不合格 {verdicts[Verdict.BROKEN]} 个，"
        f"不能确定 {verdicts[Verdict.UNDETERMINED]} 个。",
        as_json=as_json,
    )
    raise SystemExit(worst(verdicts).exit_code)


def _tell(one: Any, *, whole: bool) -> None:
    from xfdocs.archive.checks.model import Result, Verdict
    from xfdocs.record.findings import Severity

    if one.verdict is Verdict.INTACT and not whole:
        return
    click.echo(f"{one.verdict.zh}　{one.package}")
    for check in one.of(Result.FAIL):
        mild = "" if check.severity is Severity.ERROR else "（提醒）"
        click.echo(f"  {check.nature.value}　{check.title}{mild}：{check.detail}")
    if whole:
        tally = one.tally()
        rows = [(nature.value, *(tally[nature][result] for result in Result)) for nature in tally]
        print_table("四性检测", ("性质", "合格", "不合格", "未检测"), rows)


def _reported(found: list[Any], folder: Path, office: Office) -> list[Path]:
    from xfdocs.archive.checks.reporting import report_of
    from xfdocs.files import write_whole
    from xfdocs.production.engines import engine_of

    document = report_of(found, office, on=found[0].on)
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"四性检测报告.{fmt}" for fmt in ("docx", "pdf")]
    for path in paths:
        write_whole(path, engine_of(office, path.suffix[1:]).render(document))
    return paths


@archive_group.command("catalogue", cls=ChineseCommand)
@click.argument("year", metavar="年度", callback=lambda _c, _p, value: Period.parse(value))
@click.option("--transfer", is_flag=True, help="写归档文件移交清单；不写时是归档文件目录。")
@click.option(
    "-o", "--output", type=PATHS, metavar="DIR", help="写到这个文件夹；不写时是 archive 里这一年度的文件夹。"
)
@click.option(
    "--format", "formats", type=click.Choice(("xlsx", "pdf")), multiple=True, help="不写时两种都要。"
)
@pdf_engine_option
@office_option
@json_option
@quiet_option
def catalogue_command(
    year: Period,
    transfer: bool,
    output: Path | None,
    formats: tuple[str, ...],
    office: Office,
    as_json: bool,
    quiet: bool,
) -> None:
    """写一个年度的归档文件目录或者移交清单（xlsx 和 PDF）。年度是归档年度，如 2026。"""
    from xfdocs.archive.lists import CATALOGUE, TRANSFER, write_list
    from xfdocs.archive.shelf import FOLDER, line_at, packages_at

    folder = office.folder / FOLDER / str(year.first.year)
    entries = sorted(map(line_at, packages_at([folder])), key=lambda one: one.number)
    with terminal_progress("写目录", len(entries), quiet=quiet) as progress:
        written = write_list(
            TRANSFER if transfer else CATALOGUE,
            entries,
            year,
            output or folder,
            office,
            formats=formats or ("xlsx", "pdf"),
            progress=progress,
        )
    for path in written.files:
        click.echo(str(path)) if not as_json else print_json({"file": str(path), "rows": len(entries)})
    raise SystemExit(ExitCode.DONE)


@archive_group.command("form", cls=ChineseCommand)
@click.argument("kind", metavar="表", type=click.Choice(tuple(_FORMS)))
@click.argument("paths", nargs=-1, type=PATHS, metavar="信息包…")
@click.option(
    "-o", "--output", type=PATHS, metavar="DIR", help="写到这个文件夹；不写时是单位文件夹的 archive。"
)
@pdf_engine_option
@on_option
@office_option
@quiet_option
def form_command(
    kind: str, paths: tuple[Path, ...], output: Path | None, on: dt.date, office: Office, quiet: bool
) -> None:
    """填好一张档案表格（docx 和 PDF）：移交清单、电子文件归档登记表、到期鉴定清单、销毁清册。

    到期鉴定清单不写信息包时，列出保管期限已满的全部案卷；其余的表要写明信息包。销毁清册只是一张表，要有批准人和两名
    监销人签名；程序从不删除信息包。
    """
    from xfdocs.archive.labels import list_document
    from xfdocs.archive.shelf import FOLDER, line_at, packages_at
    from xfdocs.files import write_whole
    from xfdocs.production.engines import engine_of

    appraisal = kind == "到期鉴定清单"
    if not paths and not appraisal:
        raise click.UsageError(f"请写明{kind}包括哪些信息包。")
    lines = [line_at(path) for path in packages_at(paths or (office.folder / FOLDER,))]
    if appraisal and not paths:
        lines = [one for one in lines if one.expires is not None and one.expires < on.year]
    if not lines:
        say("没有保管期限已满的案卷。", as_json=False)
        raise SystemExit(ExitCode.DONE)
    lines.sort(key=lambda one: one.number)
    document = list_document(_FORMS[kind], lines, office, about=f"{on:%Y%m%d}", day=on)
    folder = output or office.folder / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    for fmt in ("docx", "pdf"):
        path = folder / f"{kind}-{on:%Y%m%d}.{fmt}"
        write_whole(path, engine_of(office, fmt).render(document))
        if not quiet:
            click.echo(str(path))
    say(f"{kind}：{len(lines)} 案。", as_json=False)
    raise SystemExit(ExitCode.DONE)


@archive_group.command("restore", cls=ChineseCommand)
@click.argument("paths", nargs=-1, required=True, type=PATHS, metavar="信息包…")
@office_option
@json_option
@quiet_option
def restore_command(paths: tuple[Path, ...], office: Office, as_json: bool, quiet: bool) -> None:
    """从归档信息包恢复：案件记录、文书、附件、登记库里的登记。已有的不改，不同的不恢复。

    先检测信息包，不完好的不恢复。
    """
    from xfdocs.archive.restoring import newest_first, restore
    from xfdocs.archive.shelf import packages_at

    places = newest_first(packages_at(paths))
    with terminal_progress("恢复", len(places), quiet=quiet) as progress:
        for path in places:
            back = restore(path, office)
            progress.advance(note=back.case)
            if as_json:
                print_json({"case": back.case, "numbers": list(back.numbers), "record": str(back.record), "files": back.files, "entries": back.entries})  # fmt: skip
            elif not quiet:
                click.echo(
                    f"{back.case}　{'、'.join(back.numbers)}　文件 {back.files} 个，登记 {back.entries} 条　{back.record}"
                )
    say(f"从 {len(places)} 个信息包恢复。请运行 `xfdocs register verify` 核对。", as_json=as_json)
    raise SystemExit(ExitCode.DONE)


@archive_group.command("sign", cls=ChineseCommand)
@click.argument("paths", nargs=-1, required=True, type=PATHS, metavar="信息包…")
@office_option
@quiet_option
def sign_command(paths: tuple[Path, ...], office: Office, quiet: bool) -> None:
    """用单位的证书给归档信息包签名（[archive.signing]；需要 `pip install 'xfdocs[sign]'`）。

    签的是信息包的 tagmanifest-sha256.txt，签名放在它旁边，信息包的标识不变。已经签过的不再签；zip、tar 形式的请先签名再打包。
    """
    from xfdocs.archive.bag import SIGNATURE, check_bag
    from xfdocs.archive.bag import Bag as _Bag
    from xfdocs.archive.credentials import SigningSetting, open_signer
    from xfdocs.archive.shelf import packages_at
    from xfdocs.archive.signing import sign_manifest
    from xfdocs.errors import NotSignable, OfficeInvalid, PackageUnsafe, SigningUnset
    from xfdocs.files import write_whole
    from xfdocs.office import CONFIG
    from xfdocs.tables import Table

    table = Table(dict(office.archive.signing), office.folder / CONFIG, OfficeInvalid, "archive.signing")
    setting = SigningSetting.read(table)
    places = packages_at(paths)
    if zipped := next((path for path in places if not path.is_dir()), None):
        raise NotSignable(why=f"{zipped} 是打成一个文件的信息包，签名要在打包以前做")
    if not setting.can_sign:  # before anybody is asked for a password
        raise SigningUnset
    password = setting.password(os.environ, _asked if sys.stdin.isatty() else None)
    signed = 0
    with open_signer(setting, office.folder, password) as signer:
        for path in places:
            if (path / SIGNATURE).exists():
                continue
            if found := check_bag(_Bag.open(path)):
                raise PackageUnsafe(package=path, what="；".join(str(one) for one in found[:3]))
            data = (path / "tagmanifest-sha256.txt").read_bytes()
            write_whole(path / SIGNATURE, sign_manifest(data, signer, at=now()))
            signed += 1
            if not quiet:
                click.echo(f"已签名　{path}")
    say(f"签名 {signed} 个信息包，已有签名的 {len(places) - signed} 个没有动。", as_json=False)
    raise SystemExit(ExitCode.DONE)


def _asked() -> str:
    return str(click.prompt("证书密码", hide_input=True, err=True))


@archive_group.command("retention", cls=ChineseCommand)
def retention_command() -> None:
    """打印一份保管期限表的样子，供单位编制自己的表（放在单位文件夹的 retention.toml）。"""
    from xfdocs.archive.retention import sample_text

    click.echo(sample_text(), nl=False)
    raise SystemExit(ExitCode.DONE)


@archive_group.command("eep", cls=ChineseCommand)
@click.argument("package", type=PATHS, metavar="信息包")
@click.option("-o", "--output", type=PATHS, required=True, metavar="FILE", help="写到这个文件。")
def eep_command(package: Path, output: Path) -> None:
    """把一个归档信息包另写成 DA/T 48-2009 电子文件封装包（XML）。结构据标准正文整理，未经与原标准核对。"""
    from xfdocs.archive.bag import Bag
    from xfdocs.archive.eep import write_eep
    from xfdocs.archive.inventory import inventory_of
    from xfdocs.archive.shelf import payload

    bag = Bag.open(package)
    inventory = inventory_of(lambda name: payload(bag, name))
    temporary = output.with_name(f".{output.name}.part")
    try:
        with temporary.open("wb") as out:
            write_eep(inventory, lambda path: bag.read(f"data/{path}"), out)
        temporary.rename(output)
    finally:
        temporary.unlink(missing_ok=True)
    say(f"已写 {output}。", as_json=False)
    raise SystemExit(ExitCode.DONE)


COMMANDS = (archive_group,)
