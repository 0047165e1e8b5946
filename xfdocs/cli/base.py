"""What the commands share: Chinese help, the common options, and how results are printed."""

from __future__ import annotations

import datetime as dt
import errno
import json
import re
import signal
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

import click
from rich.console import Console
from rich.table import Table

from xfdocs.errors import DiskFull, FileTrouble, OfficeNotFound, XfdocsError
from xfdocs.office import Office
from xfdocs.pdf_by import PdfBy

F = TypeVar("F", bound=Callable[..., Any])

_LABELS = {"Usage: ": "用法：", "Options": "选项", "Commands": "命令"}


class _ChineseFormatter(click.HelpFormatter):
    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:  # noqa: ARG002 - click's signature
        super().write_usage(
            prog, args.replace("[OPTIONS]", "[选项]").replace("COMMAND [ARGS]...", "命令 …"), "用法："
        )

    def write_heading(self, heading: str) -> None:
        self.write(f"{'':>{self.current_indent}}{_LABELS.get(heading, heading)}：\n")

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        super().write_dl(
            [(term, text.replace("  [required]", "（必填）")) for term, text in rows], col_max, col_spacing
        )


class _ChineseContext(click.Context):
    formatter_class = _ChineseFormatter


class _ChineseHelp(click.Command):
    context_class = _ChineseContext

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """The help option, explained in Chinese."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = "显示这一说明并退出。"
        return option


class ChineseCommand(_ChineseHelp):
    """A command whose help is Chinese throughout."""


class ChineseGroup(_ChineseHelp, click.Group):
    """A group whose help is Chinese throughout."""

    command_class = ChineseCommand


def usage_message(error: click.UsageError) -> str:
    """Why a command line was not understood, in one Chinese sentence and where to look."""
    if type(error).__name__ == "NoArgsIsHelpError":  # since click 8.2; its message is the whole help
        return error.format_message()
    where = error.ctx.command_path if error.ctx else "xfdocs"
    name = _called(error.param) if isinstance(error, click.BadParameter) and error.param else ""
    if isinstance(error, click.MissingParameter):
        what = f"缺少{name}。"
    elif isinstance(error, click.NoSuchOption):
        near = f"是不是 {'、'.join(error.possibilities)}？" if error.possibilities else ""
        what = f"没有 {error.option_name} 这个选项。{near}"
    elif isinstance(error, click.BadOptionUsage):
        what = f"选项 {error.option_name} 后面缺少要填的内容。"
    elif isinstance(error, click.BadParameter):
        what = f"{name} 不对：{_allowed(error.param) or error.message}"
    elif error.message.startswith("No such command"):
        what = f"没有这个命令：{error.message.split(chr(39))[1]}。"
    elif match := re.match(r"Got unexpected extra arguments? \((.+)\)", error.message):
        what = f"多出了 {match[1]}。"
    elif error.message == "Missing command.":
        what = "没有写命令。"
    else:
        what = error.message
    return f"{what}请看 `{where} --help`。"


def _allowed(param: click.Parameter | None) -> str:
    """What a parameter with a list of values may be."""
    choice = param.type if param is not None else None
    return f"应为 {'、'.join(choice.choices)} 之一。" if isinstance(choice, click.Choice) else ""


def _called(param: click.Parameter) -> str:
    """A parameter as people read it in the help."""
    if isinstance(param, click.Option):
        return f"选项 {'、'.join(param.opts)}"
    return f"参数 {(param.metavar or param.name or '').strip('[]…')}"


_TROUBLES = {
    errno.ENOENT: "没有这个文件夹",
    errno.ENOTDIR: "路径中有一段是文件，不是文件夹",
    errno.EISDIR: "它是文件夹，不是文件",
    errno.EEXIST: "同名的文件已经存在",
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.EROFS: "磁盘是只读的",
    errno.ENOSPC: "磁盘已满",
    errno.ENAMETOOLONG: "名称太长",
}


def why_not(error: OSError) -> str:
    """What the system says, in Chinese where it is one of the usual troubles."""
    return _TROUBLES.get(error.errno or 0) or error.strerror or str(error)


def trouble_of(error: OSError) -> XfdocsError:
    """Trouble with a file that the system names, as ours: a full disk is no fault of the command line."""
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return DiskFull(where=error.filename)
    return FileTrouble(where=error.filename, why=why_not(error))


@contextmanager
def interrupted_once() -> Iterator[None]:
    """Hear the first Ctrl-C only, from then on to the end of the process.

    Somebody impatient keeps the keys down; what follows would break off what the first one makes end well.
    """

    def hear(_number: int, _frame: object) -> None:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        raise KeyboardInterrupt

    before = signal.getsignal(signal.SIGINT)
    elsewhere = threading.current_thread() is not threading.main_thread()
    if elsewhere or before is not signal.default_int_handler:  # a program with ways of its own calls us
        yield
        return
    signal.signal(signal.SIGINT, hear)
    try:
        yield
    finally:
        if signal.getsignal(signal.SIGINT) is hear:
            signal.signal(signal.SIGINT, before)


# --- options -----------------------------------------------------------------------------------------

PATHS = click.Path(path_type=Path)


_PDF_BY = "xfdocs.pdf_by"
"""Where a command keeps what its ``--pdf-engine`` says; it is read before the office is opened."""


def _open_office(_ctx: click.Context, _param: click.Parameter, value: Path | None) -> Office:
    return as_asked(Office.open(value) if value is not None else Office.nearest(Path.cwd()))


def as_asked(office: Office) -> Office:
    """The office, printing with what the ``--pdf-engine`` of this command says."""
    context = click.get_current_context(silent=True)
    by = context.meta.get(_PDF_BY) if context is not None else None
    return office if by is None else office.printing_with(PdfBy(by))


def _keep_pdf_by(context: click.Context, _param: click.Parameter, value: str | None) -> None:
    context.meta[_PDF_BY] = value


def today() -> dt.date:
    """The day at the clerk's own desk."""
    return dt.date.today()  # noqa: DTZ011 - the clerk's own day


def now() -> dt.datetime:
    """The time at the clerk's own desk, with its zone."""
    return dt.datetime.now().astimezone()


def _day(_ctx: click.Context, _param: click.Parameter, value: str | None) -> Any:
    if value is None:
        return today()
    try:
        return dt.date.fromisoformat(value)
    except ValueError as error:
        raise click.BadParameter(f"{value} 不是日期，应如 2026-10-08。") from error


def office_option(command: F) -> F:
    """``--office DIR``; without it the nearest folder with `xfdocs.toml`."""
    return click.option(
        "--office",
        type=PATHS,
        callback=_open_office,
        metavar="DIR",
        help="单位文件夹；不写时用最近的含 xfdocs.toml 的文件夹。",
    )(command)


def paths_office_option(command: F) -> F:
    """``--office DIR``; without it the office of the first path, else of the working folder."""
    return click.option(
        "--office", "office_dir", type=PATHS, metavar="DIR", help="单位文件夹；不写时由路径向上找。"
    )(command)


def office_for(office_dir: Path | None, paths: Sequence[Path]) -> Office:
    """The office that was named, or the nearest above the first path, or above the working folder."""
    if office_dir is not None:
        return as_asked(Office.open(office_dir))
    for path in paths[:1]:
        with suppress(OfficeNotFound):
            return as_asked(Office.nearest(path if path.is_dir() else path.resolve().parent))
    return as_asked(Office.nearest(Path.cwd()))


def pdf_engine_option(command: F) -> F:
    """``--pdf-engine``: the office of this command prints with it, whatever its settings say."""
    return click.option(
        "--pdf-engine",
        type=click.Choice([by.value for by in PdfBy]),
        metavar="程序",
        is_eager=True,
        expose_value=False,
        callback=_keep_pdf_by,
        help=f"这一次用哪个程序制作 PDF：{' 或者 '.join(PdfBy)}；不写时照单位配置。",
    )(command)


def json_option(command: F) -> F:
    """``--json``: machine-readable output on standard output."""
    return click.option(
        "--json", "as_json", is_flag=True, help="在标准输出给出 JSON；给人看的文字改走标准错误。"
    )(command)


def quiet_option(command: F) -> F:
    """``-q``: only results and errors."""
    return click.option("-q", "--quiet", is_flag=True, help="只给出结果和错误。")(command)


def verbose_option(command: F) -> F:
    """``-v``: say what went well, too."""
    return click.option("-v", "--verbose", is_flag=True, help="也逐件列出没有问题的。")(command)


def on_option(command: F) -> F:
    """``--on DATE``: the day to look from."""
    return click.option(
        "--on", metavar="日期", callback=_day, help="以这一天为准，如 2026-10-08；不写时是今天。"
    )(command)


# --- printing ----------------------------------------------------------------------------------------


def print_json(value: object) -> None:
    """One JSON value on standard output, Chinese as Chinese."""
    click.echo(json.dumps(value, ensure_ascii=False))


def say(text: str, *, as_json: bool = False) -> None:
    """A line for people: standard output, or standard error when JSON has the former."""
    click.echo(text, err=as_json)


def print_table(
    title: str, columns: Sequence[str], rows: Iterable[Sequence[object]], *, as_json: bool = False
) -> None:
    """A table for people, as wide as the terminal; plain where nobody watches."""
    table = Table(title=title, title_justify="left", header_style="bold")
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(str(cell) for cell in row))
    console = Console(stderr=as_json)
    if not console.is_terminal:
        console = Console(stderr=as_json, width=160)
    console.print(table)


def is_narrow(columns: int) -> bool:
    """Whether somebody watches on a terminal with fewer columns; a file or a pipe is as wide as needed."""
    console = Console()
    return console.is_terminal and console.width < columns
