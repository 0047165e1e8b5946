"""What the wordings of the archive's kinds may name: a package, one of its volumes, and whoever signs.

`NAMES` tells authors all of them, and `docs/模板作者.md` repeats it; a test holds the three together.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import SimpleNamespace
from typing import Any, Final

from xfdocs.archive.entries import Entry, entry_of, retention_text, running_number, totals_of
from xfdocs.archive.model import Material, Model, Package, Role, Volume
from xfdocs.office import Office

FACTS: Final[Mapping[str, Any]] = {
    "盒号": "",
    "盒脊宽": 30,
    "起止号": "",
    "机构简称": "",
    "说明": (),
    "整理人": "",
    "整理日期": "",
    "检查人": "",
    "检查日期": "",
    "移交单位": "",
    "接收单位": "",
    "移交人": "",
    "接收人": "",
    "移交日期": "",
    "移交依据": "",
    "归档方式": "",
    "检验": {},
}
"""What only the caller knows, and what stands there if the caller does not: mostly a place to write by hand."""

NAMES: Final[Mapping[str, str]] = {
    "全宗号": "全宗号",
    "全宗名称": "立档单位名称",
    "门类": "档案门类代码",
    "年度": "归档年度",
    "保管期限": "永久、30年、10年",
    "保管期限代码": "Y、D30、D10",
    "保管期限依据": "保管期限表里的哪一行",
    "机构": "归档单位",
    "信访件编号": "信访件编号",
    "案件题名": "整件的题名",
    "密级": "里面最高的密级；没有的是空的",
    "归档日期": "归档的那一天",
    "第几版": "归档后重新办理的，从第 2 版起",
    "按件": "整件作为一件归档的为真，组成案卷的为假",
    "档号": "这一卷（件）的档号",
    "题名": "这一卷（件）的题名",
    "卷号": "第几卷，从 1 起",
    "卷数": "共几卷",
    "顺序号": "档号的最后一节：案卷号或者件号",
    "起始日期": "里面最早的日期",
    "截止日期": "里面最晚的日期",
    "件数": "这一卷里有几份文件",
    "页数": "这一卷的页数；有一份数不清的是空的",
    "已计页数": "数得清的那些共几页",
    "文件": "卷内文件，各有序号、档号、文号、责任者、题名、日期、密级、页数、首页、末页、备注、原件、只有纸质",
    "情况": "程序写的情况说明，一句一项",
    "清单": "各案，各有档号、文号、题名、责任者、起始日期、截止日期、密级、页数、年度、保管期限、期满年度、卷数、件数、文件数、字节数、摘要、备注",
    "合计": "清单的合计：案数、卷数、件数、页数、未计页数（几案的页数数不清）、文件数、字节数",
    "单位": "本单位的名称",
    "文种": "这种表的名称",
    "盒号": "档案盒号；空的留给手写",
    "盒脊宽": "20、30、40、50，毫米",
    "起止号": "盒内起止件号或者案卷号",
    "机构简称": "归档章上的机构（问题）；不给的用归档单位全称",
    "说明": "办理归档的人补充的情况说明，一句一项",
    "整理人": "整理人",
    "整理日期": "整理日期",
    "检查人": "检查人",
    "检查日期": "检查日期",
    "移交单位": "移交单位；不给的用本单位",
    "接收单位": "接收单位",
    "移交人": "移交人",
    "接收人": "接收人",
    "移交日期": "移交日期",
    "移交依据": "移交依据",
    "归档方式": "在线、离线",
    "检验": "各项检验的结果，如 检验.真实性；没有做的写未检验",
}
"""Every name a wording of the archive may use, and what it holds."""

CHECKS: Final = ("载体外观", "病毒", "真实性", "可靠性", "完整性", "可用性", "技术资料")
"""What a 电子文件归档登记表 asks for (GB/T 18894, form rebuilt from memory)."""
UNCHECKED: Final = "未检验"
PAPER: Final = "只有纸质"


def names_of_volume(package: Package, volume: Volume, office: Office, **facts: Any) -> dict[str, Any]:
    """The names for one volume of a package. Raises `TypeError` for a fact nobody has asked for."""
    several = len(package.volumes)
    given = _facts(package.organ, office, facts)
    given["起止号"] = given["起止号"] or running_number(volume.number)
    return {
        "全宗号": package.fonds,
        "全宗名称": package.fonds_name,
        "门类": package.category,
        "年度": package.year,
        "保管期限": retention_text(package.retention),
        "保管期限代码": package.retention,
        "保管期限依据": package.retention_ground,
        "机构": package.organ,
        "信访件编号": package.case,
        "案件题名": package.title,
        "密级": package.secrecy,
        "归档日期": package.made.date(),
        "第几版": package.version,
        "按件": package.model is Model.ITEM,
        "档号": volume.number,
        "题名": volume.title,
        "卷号": volume.seq,
        "卷数": several,
        "顺序号": running_number(volume.number),
        "起始日期": volume.first,
        "截止日期": volume.last,
        "件数": len(volume.materials),
        "页数": _or_nothing(volume.pages),
        "已计页数": sum(one.pages or 0 for one in volume.materials),
        "文件": tuple(_material(volume, one) for one in volume.materials),
        "情况": (*state_of(package, volume), *given["说明"]),
        **names_of_list([entry_of(package)], office),
        **given,
    }


def names_of_list(entries: Sequence[Entry], office: Office, **facts: Any) -> dict[str, Any]:
    """The names for a list of packages."""
    totals = totals_of(entries)
    return {
        **_facts(office.organ.name, office, facts),
        "单位": SimpleNamespace(名称=office.organ.name),
        "清单": tuple(_entry(one) for one in entries),
        "合计": SimpleNamespace(
            案数=totals.entries,
            卷数=totals.volumes,
            件数=totals.items,
            页数=totals.pages,
            未计页数=totals.uncounted,
            文件数=totals.files,
            字节数=totals.size,
        ),
    }


def _facts(organ: str, office: Office, facts: Mapping[str, Any]) -> dict[str, Any]:
    if unknown := sorted(set(facts) - set(FACTS)):
        raise TypeError(f"no such facts: {'、'.join(unknown)}")
    given = {**FACTS, **{name: "" if value is None else value for name, value in facts.items()}}
    given["机构简称"] = given["机构简称"] or organ
    given["移交单位"] = given["移交单位"] or office.organ.name
    given["检验"] = SimpleNamespace(**{**dict.fromkeys(CHECKS, UNCHECKED), **given["检验"]})
    return given


def _material(volume: Volume, one: Material) -> SimpleNamespace:
    begins, pages = one.first_page, one.pages
    paper = not one.parts
    remarks = [one.remark]
    if one.original not in {"", "原件"}:
        remarks.insert(0, one.original)
    if paper and "纸质" not in one.remark:
        remarks.append(PAPER)
    return SimpleNamespace(
        序号=one.seq,
        档号=volume.named(one),
        文号=one.number,
        责任者=one.responsible,
        题名=one.title,
        日期=one.date or "",
        密级=one.secrecy,
        页数=_or_nothing(pages),
        首页=_or_nothing(begins),
        末页=_or_nothing(begins + pages - 1 if begins is not None and pages else None),
        备注="；".join(filter(None, remarks)),
        原件=one.original,
        只有纸质=paper,
    )


def _entry(one: Entry) -> SimpleNamespace:
    return SimpleNamespace(
        档号=one.number,
        文号=one.document,
        题名=one.title,
        责任者=one.responsible,
        起始日期=one.first,
        截止日期=one.last,
        密级=one.secrecy,
        页数=_or_nothing(one.pages),
        年度=one.year,
        保管期限=one.span,
        期满年度=_or_nothing(one.expires),
        卷数=one.volumes,
        件数=one.items,
        文件数=one.files,
        字节数=one.size,
        摘要=one.digest,
        备注=one.remark,
    )


def _or_nothing(number: int | None) -> int | str:
    """A number as a wording prints it: an empty text where nobody knows it."""
    return "" if number is None else number


def state_of(package: Package, volume: Volume) -> Iterator[str]:
    """情况说明 of a 备考表 (DA/T 22-2015 6.4.2): what there is, what lacks, what was found; a sentence each."""
    item = package.model is Model.ITEM
    word = "本件" if item else "本卷"
    unknown = [one for one in volume.materials if one.pages is None]
    counted = sum(one.pages or 0 for one in volume.materials)
    total = f"共{len(volume.materials)}份文件，" + (
        f"其中{len(unknown)}份页数不清，其余{counted}页" if unknown else f"{counted}页"
    )
    # Neither cover, catalogue nor this sheet is counted or bears a page number: they are made when all others have
    # theirs.  So GB/T 11822 has it for 案卷 (from memory, not verified); DA/T 22 asks for the pages of the documents.
    yield f"{word}{total}；封面、目录、备考表不编页号，不计入页数。"
    if len(package.volumes) > 1:
        yield f"本案共{len(package.volumes)}卷，此为第{volume.seq}卷。"
    if package.version > 1:
        yield f"本案归档后又有办理，此为第{package.version}版，前一版的校验值（SHA-256）为{package.predecessor or '（没有记载）'}。"
    if unknown:
        yield f"{_called(unknown)}的页数程序数不清，请人工清点后填写。"
    if paper := [one for one in volume.materials if not one.parts]:
        yield f"{_called(paper)}{PAPER}，没有电子文件。"
    yield from _noted(volume)
    copies = sum(part.role is Role.ACCESS for one in volume.materials for part in one.parts)
    if copies:
        yield f"另有阅读用的副本{copies}个，不计入页数；以收到时的原文件为准。"
    for action in package.actions:
        if action.outcome != "success":
            result = "未完成" if action.outcome == "failure" else "有需要留意的情况"
            yield f"归档处理{result}：{action.detail.rstrip('。')}。"


def _noted(volume: Volume) -> Iterator[str]:
    """What was found in files: an extension that lies, macros, a password."""
    for one in volume.materials:
        for part in one.parts:
            if part.note:
                yield f"{_called([one])}的电子文件“{part.name or part.path.name}”：{part.note.rstrip('。')}。"


def _called(ones: Sequence[Material]) -> str:
    """第3份“现场图”; of several, their numbers alone: the catalogue has the titles."""
    if len(ones) == 1:
        return f"第{ones[0].seq}份“{ones[0].title}”"
    return f"第{'、'.join(_ranges([one.seq for one in ones]))}份"


def _ranges(numbers: Sequence[int]) -> Iterator[str]:
    """3、5—9: numbers in order, those that follow one another as a range."""
    first = last = numbers[0]
    for number in (*numbers[1:], -1):
        if number == last + 1:
            last = number
            continue
        yield str(first) if first == last else f"{first}—{last}"
        first = last = number
