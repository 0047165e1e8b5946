"""An entry of the register as a person reads it: plain lines in Chinese."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence

from xfdocs.register.entry import Entry, EntryState
from xfdocs.register.journal import Action, Line, local
from xfdocs.register.recorded import has_data
from xfdocs.register.rows import called

_ACTIONS = {
    Action.RESERVE: "取号",
    Action.TAKE_OVER: "中断以后接着制发，或者按改动后的记录制发",
    Action.ISSUE: "制发：文件写好，登记摘要",
    Action.ADD: "补制一种格式的文件",
    Action.CONFIRM: "写进案件记录",
    Action.RESTORE: "从归档信息包恢复",
    Action.VOID: "作废",
}


def aloud(entry: Entry, lines: Iterable[Line], others: Sequence[Entry] = ()) -> Iterator[str]:
    """What the register knows of a document, and what its journal tells of it.

    *others* are the documents made before or after it for the same event, because one of them is void.
    """
    yield "  ".join(filter(None, (entry.number, entry.kind_title, entry.state.zh)))
    told = {
        "作废理由": entry.why,
        "登记号": str(entry.id),
        "标题": entry.title,
        **_origin(entry),
        "成文日期": entry.date.isoformat(),
        "发文机关": entry.issuer,
        "主送、抄送": "、".join(entry.recipients),
        "份数": str(entry.copies),
        "签发人": entry.signer,
        "案件记录": "" if has_data(entry) else recorded_zh(entry),
    }
    for name, text in told.items():
        if text:
            yield f"  {name}：{text}"
    for file in entry.files:
        yield f"  文件：{file.path}（{file.size} 字节）"
        yield f"    sha256 {file.sha256}"
        if file.maker:
            yield f"    制作程序 {file.maker}"
    for other in others:
        yield f"  同一事件的另一份：{called(other)}，{other.state.zh}"
    yield "  经过："
    for line in lines:
        yield f"    {clock_zh(line.at)}  {_what(line, entry)}"


def _origin(entry: Entry) -> dict[str, str]:
    """What a document comes from."""
    if has_data(entry):
        return {"由来": entry.case, "依据": entry.record}
    event = f"第 {entry.event} 号事件" if entry.event else "登记"
    return {"信访件编号": f"{entry.case}（{entry.record}）", "由来": event}


def clock_zh(at: str) -> str:
    """A time of day of the journal, here; as it stands if it is none."""
    try:
        return f"{local(at):%Y-%m-%d %H:%M:%S}"
    except ValueError:
        return at


def recorded_zh(entry: Entry) -> str:
    """Whether the record says what the register says."""
    if entry.recorded:
        return "已写明" if entry.files else "不必写明"
    return "制发以后写明" if entry.state is EntryState.RESERVED else "还没有写明，再运行一次 issue 即可"


def _what(line: Line, entry: Entry) -> str:
    if has_data(entry) and line.action == Action.CONFIRM:
        return "与依据核对"
    try:
        said = _ACTIONS[Action(line.action)]
        why = json.loads(line.payload).get("why") if line.action == Action.VOID else None
    except (ValueError, KeyError, AttributeError):
        return f"读不懂的一行（流水第 {line.seq} 行），请运行 `xfdocs register verify` 查明"
    return f"{said}：{why}" if why else said
