"""`init` and `doctor`: a new office folder, and what this machine has and lacks."""

from __future__ import annotations

import re
from pathlib import Path

import click

from xfdocs.cli.base import (
    PATHS,
    ChineseCommand,
    json_option,
    paths_office_option,
    print_json,
    print_table,
    say,
)
from xfdocs.doctor import Check, examine
from xfdocs.errors import ExitCode, FolderInTheWay, OfficeNotFound
from xfdocs.files import write_whole
from xfdocs.office import CONFIG, Office
from xfdocs.resources import shipped


def _not_blank(_ctx: click.Context, _param: click.Parameter, value: str) -> str:
    if not _quoted(value):
        raise click.BadParameter("是空的。")
    return value


@click.command("init", cls=ChineseCommand)
@click.argument("folder", type=PATHS, metavar="DIR")
@click.option(
    "--name", prompt="单位全称", callback=_not_blank, metavar="全称", help="单位全称，如“云州市信访局”。"
)
@click.option("--code", default="", metavar="代字", help="机关代字，文号的开头，如“云信”；不写则不编文号。")
def init_command(folder: Path, name: str, code: str) -> None:
    """新建一个单位文件夹：配置文件和空的案件文件夹。"""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FolderInTheWay(where=folder)
    template = shipped("templates", "_office", CONFIG).read_text(encoding="utf-8")
    values = {"单位全称": _quoted(name), "机关代字": _quoted(code)}
    text = re.sub(r"\{\{(\w+)\}\}", lambda blank: values[blank[1]], template)
    (folder / "cases").mkdir(parents=True, exist_ok=True)
    write_whole(folder / CONFIG, text.encode())
    Office.open(folder)
    say(f"已建好 {folder}。请打开其中的 {CONFIG} 补全联系方式，再把案件记录放进 cases 文件夹。")


def _quoted(text: str) -> str:
    """A text that stands safely between the quotes of a TOML string."""
    return "".join(c for c in text.strip() if c.isprintable()).replace("\\", "\\\\").replace('"', '\\"')


@click.command("doctor", cls=ChineseCommand)
@paths_office_option
@json_option
def doctor_command(office_dir: Path | None, as_json: bool) -> None:
    """检查这台机器：程序库、各类字体、可选工具；缺什么、怎样补。

    在单位文件夹里运行，或者用 --office 指明，连同单位自己的字体一起检查。必需的都有时退出码是 0，缺少的是 3。
    """
    checks = examine(_office_if_any(office_dir))
    if as_json:
        print_json([check.as_json() for check in checks])
    else:
        print_table("检查结果", ("项目", "状态", "情况"), [(c.subject, c.state, c.detail) for c in checks])
    for check in checks:
        if check.mend:
            say(f"{check.subject}：{check.mend}", as_json=as_json)
    raise SystemExit(ExitCode.LACKING if any(_missing(check) for check in checks) else ExitCode.DONE)


def _office_if_any(office_dir: Path | None) -> Office | None:
    """The office that was named, or the one we stand in; a machine can be examined without any."""
    if office_dir is not None:
        return Office.open(office_dir)
    try:
        return Office.nearest(Path.cwd())
    except OfficeNotFound:
        return None


def _missing(check: Check) -> bool:
    return check.needed and not check.good


COMMANDS = (init_command, doctor_command)
