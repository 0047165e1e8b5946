"""The references in ``docs/`` that are written by the program itself, so that they cannot disagree with it.

    python -m xfdocs.authoring.reference          writes docs/记录.md and docs/命令.md anew

The record's reference is `schemas/case.xsd` as tables: every element, attribute, type and code list with
its own documentation.  The commands' reference is the ``--help`` of every command.  `tests/test_docs.py`
writes both again and compares.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Final

import click

from xfdocs.errors import ExitCode
from xfdocs.record.structure import Member, Shape, shapes
from xfdocs.rules import load_law

RECORD, COMMANDS = "记录.md", "命令.md"
"""The files written, in the order of `main`."""
_ROOT: Final = "信访事项"
_EVENTS: Final = "办理"
_EVENT: Final = "事件"
_WIDTH: Final = 90
"""Of the help texts, in columns."""
_WRITTEN: Final = (
    "<!-- 本页由程序写出（python -m xfdocs.authoring.reference），不要直接修改；要改说明，请改 {source}。 -->"
)


_ABOUT: Final = """\
一件信访事项一个 XML 文件，命名空间是 `urn:xfdocs:case:1`，根元素是 `信访事项`。下级项目要按表中的次序写；
“属性”写在开始标签里，如 `<诉求 序号="1">`。“第××条”没有注明的，指《信访工作条例》（2022 年 5 月 1 日起施行）；
R 开头的是规则编号，见 [规则](rules.md)。"""


def record_reference() -> str:
    """``docs/记录.md``: what a record may hold, from the schema."""
    known = shapes()
    parts = [name for name in _reading_order(_ROOT) if known[name].complex]
    events = [member.name for member in known[_EVENTS].elements]
    used = dict.fromkeys(
        member.type for name in parts for member in (*known[name].elements, *known[name].attributes)
    )
    simple = [shape for name, shape in known.items() if name in used and not shape.complex]
    lines = [
        "# 案件记录参考",
        "",
        _WRITTEN.format(source="schemas/case.xsd"),
        "",
        _ABOUT,
        "",
        "怎样从头写一份记录，见 [办案人员手册](办案人员.md)。",
        "",
        "## 目录",
        "",
        f"- 记录：{_links(name for name in parts if name not in {*events, *_only_in(events)})}",
        f"- 办理事件：{_links(events)}",
        f"- 事件的组成部分：{_links(_only_in(events))}",
        f"- 代码表：{_links(shape.name for shape in simple if shape.values)}",
        f"- 文字、日期和数字：{_links(shape.name for shape in simple if not shape.values)}",
        "- 规定里的代码：[不予受理、不再受理的理由](#不予受理不再受理的理由)、[督办情形](#督办情形)",
        "",
    ]
    for name in parts:
        lines += _part(known[name], event=name in events)
    for shape in simple:
        lines += _values(shape)
    lines += _grounds()
    return "\n".join(lines).rstrip() + "\n"


def _reading_order(name: str, seen: dict[str, None] | None = None) -> dict[str, None]:
    """Types in the order in which a reader of a record meets them, each once."""
    seen = {} if seen is None else seen
    if name not in seen:
        seen[name] = None
        for member in shapes()[name].elements:
            _reading_order(member.type, seen)
    return seen


def _only_in(events: list[str]) -> list[str]:
    """Parts that occur in events and nowhere else."""
    known = shapes()
    inside = {m.type for name in events for m in known[name].elements if known[m.type].complex}
    inside |= {m.type for name in inside for m in known[name].elements if known[m.type].complex}
    return [name for name in _reading_order(_ROOT) if name in inside]


def _links(names: Iterator[str] | list[str]) -> str:
    return "、".join(f"[{name}](#{name})" for name in names)


def _part(shape: Shape, *, event: bool) -> Iterator[str]:
    yield f"## {shape.name}"
    yield ""
    yield shape.doc
    if shape.any_order:
        yield "各种事件可以出现任意多次，按发生的先后排列。"
    if event:
        yield f"办理事件之一，共同的属性是{'、'.join(f'`{m.name}`' for m in shapes()[_EVENT].attributes)}。"
    yield ""
    yield "| 名称 | 写在 | 必填 | 次数 | 内容 | 说明 |"
    yield "|---|---|---|---|---|---|"
    for member in shape.attributes:
        yield _row(member, "属性")
    for member in shape.elements:
        yield _row(member, "下级项目")
    yield ""


def _row(member: Member, place: str) -> str:
    doc = "" if member.doc.strip("。") == member.name else member.doc
    cells = (
        f"`{member.name}`",
        place,
        "是" if member.required else "",
        _TIMES[member.required, member.many],
        f"[{member.type}](#{member.type})",
        _cell(doc),
    )
    return f"| {' | '.join(cells)} |"


_TIMES: Final = {
    (True, False): "一次",
    (False, False): "至多一次",
    (True, True): "一次或者多次",
    (False, True): "不限",
}
"""(required, many) → how often."""


def _values(shape: Shape) -> Iterator[str]:
    yield f"## {shape.name}"
    yield ""
    yield shape.doc
    yield ""
    if shape.values == shape.value_docs:
        yield "、".join(f"`{value}`" for value in shape.values)
        yield ""
    elif shape.values:
        yield "| 值 | 含义 |"
        yield "|---|---|"
        for value, doc in zip(shape.values, shape.value_docs, strict=True):
            yield f"| `{value}` | {_cell('' if doc == value else doc)} |"
        yield ""


_FILLED_IN: Final = {"non-acceptance-notice": "不予受理", "no-further-acceptance-notice": "不再受理"}
"""Kinds whose ground the record names → the element that names it."""


def _grounds() -> Iterator[str]:
    """The codes that the regulations bring, national and local."""
    law = load_law()
    rules = [*law.regulations, *law.profiles.values()]
    yield "## 不予受理、不再受理的理由"
    yield ""
    yield "填在 [不予受理](#不予受理)、[不再受理](#不再受理) 的“理由”里，按告知的日期适用。地方规定的理由，单位配置选用了那一规定才能用。"
    yield ""
    yield "| 规定 | 填在 | 代码 | 理由 | 依据 |"
    yield "|---|---|---|---|---|"
    for regulation in rules:
        for ground in regulation.grounds.values():
            if ground.kind in _FILLED_IN:
                basis = "；".join(citation.text for citation in ground.basis)
                cells = (regulation.title, _FILLED_IN[ground.kind], f"`{ground.code}`", ground.title, basis)
                yield f"| {' | '.join(map(_cell, cells))} |"
    yield ""
    yield "## 督办情形"
    yield ""
    yield "填在 [督办](#督办) 的“情形”里。"
    yield ""
    yield "| 规定 | 代码 | 情形 | 依据 |"
    yield "|---|---|---|---|"
    for regulation in rules:
        for found in regulation.supervision.values():
            basis = found.basis.text if found.basis else ""
            yield f"| {regulation.title} | `{found.code}` | {_cell(found.title)} | {basis} |"
    yield ""


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def command_reference(group: click.Group) -> str:
    """``docs/命令.md``: the help of a command group and of each of its commands, and the exit codes."""
    lines = [
        "# 命令参考",
        "",
        _WRITTEN.format(source="xfdocs/cli 里的命令说明"),
        "",
        "下面是每个命令的 `--help`。退出码的含义见 [管理员手册](管理员.md#退出码)。",
        "",
    ]
    for name, command in _commands(group, "xfdocs"):
        lines += [f"## {name}", "", "```text", _help(command, name), "```", ""]
    return "\n".join(lines).rstrip() + "\n"


def _commands(command: click.Command, name: str) -> Iterator[tuple[str, click.Command]]:
    """A command and those below it, each with the words that call it."""
    yield name, command
    if isinstance(command, click.Group):
        for word, below in sorted(command.commands.items()):
            yield from _commands(below, f"{name} {word}")


def _help(command: click.Command, name: str) -> str:
    context = command.make_context(
        name,
        [],
        resilient_parsing=True,
        terminal_width=_WIDTH,
        max_content_width=_WIDTH,
        help_option_names=["-h", "--help"],
    )
    return "\n".join(line.rstrip() for line in command.get_help(context).splitlines())


def references() -> dict[str, str]:
    """Every reference by the name of its file."""
    # The help belongs to the command line, which stands above this room; it is asked for, not imported from.
    group = import_module("xfdocs.cli").cli
    return {RECORD: record_reference(), COMMANDS: command_reference(group)}


def main() -> int:
    """Write the references into a folder, by default ``docs`` here."""
    parser = argparse.ArgumentParser(description="写出 docs/记录.md 和 docs/命令.md")
    parser.add_argument("folder", nargs="?", type=Path, default=Path("docs"))
    folder = parser.parse_args().folder
    for name, text in references().items():
        (folder / name).write_text(text, encoding="utf-8")
    return ExitCode.DONE


if __name__ == "__main__":
    raise SystemExit(main())
