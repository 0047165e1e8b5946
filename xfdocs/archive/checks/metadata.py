"""真实性 of the metadata: lengths, types, values, dates, characters, numbers, repetition (DA/T 70-2018 1-2 and following).

What stands in the file is looked at, not what a reader made of it.  No detail quotes a value: a title may name a person.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator

from xfdocs.archive.checks.described import Value
from xfdocs.archive.checks.evidence import Answer, Checks, NotGiven, judged
from xfdocs.archive.checks.numbers import UNIQUE, shared_numbers
from xfdocs.archive.checks.subject import Subject
from xfdocs.archive.model import Volume

CHECKS = Checks()

_PACKED_LATE = dt.timedelta(hours=24)
"""Clocks of two machines, and their time zones, may differ by so much."""


@CHECKS.item("ZS-04")
def lengths(subject: Subject) -> Answer:
    """No value is longer than its limit."""
    limits = subject.listed.lengths
    found = subject.values
    long = (
        f"{one.place} 有 {len(one.text)} 字，最多 {limits[one.name]} 字"
        for one in found
        if len(one.text) > limits.get(one.name, len(one.text))
    )
    looked = sum(one.name in limits for one in found)
    return judged(long, f"{looked} 个元数据项，长度都在限度以内")


# --- types ----------------------------------------------------------------------------------------------

_DIGEST = re.compile(r"[0-9a-f]{64}")
_WHOLE = re.compile(r"0|[1-9][0-9]*")
_COUNT = re.compile(r"[1-9][0-9]*")
_YEAR = re.compile(r"[0-9]{4}")
_PUID = re.compile(r"(?:x-)?fmt/[1-9][0-9]*")
_MEDIA = re.compile(r"[a-z]+/[A-Za-z0-9][A-Za-z0-9.+-]*")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _is_day(text: str) -> bool:
    try:
        return bool(_DAY.fullmatch(text)) and bool(dt.date.fromisoformat(text))
    except ValueError:
        return False


def _is_moment(text: str) -> bool:
    try:
        return dt.datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False


_TYPES: dict[str, tuple[str, Callable[[str], object]]] = {
    **dict.fromkeys(("起始日期", "截止日期", "日期"), ("公历日期（2026-01-31）", _is_day)),
    **dict.fromkeys(("归档时间", "行为时间"), ("带时区的时间", _is_moment)),
    **dict.fromkeys(("件数", "页数", "计算机文件大小"), ("整数", _WHOLE.fullmatch)),
    **dict.fromkeys(("页号", "序号", "卷次", "版本"), ("从 1 起的整数", _COUNT.fullmatch)),
    "年度": ("四位数字", _YEAR.fullmatch),
    "摘要": ("六十四位十六进制数（小写）", _DIGEST.fullmatch),
    "前一版本": ("六十四位十六进制数（小写）", _DIGEST.fullmatch),
    "格式标识": ("PRONOM 标识（fmt/…）", _PUID.fullmatch),
    "媒体类型": ("媒体类型（type/subtype）", _MEDIA.fullmatch),
}
"""What the text of an element must be, in words and as a question."""


@CHECKS.item("ZS-05")
def types(subject: Subject) -> Answer:
    """Dates are dates, numbers are numbers."""
    found = [one for one in subject.values if one.name in _TYPES and one.text]
    wrong = [f"{one.place} 不是{_TYPES[one.name][0]}" for one in found if not _TYPES[one.name][1](one.text)]
    if not _is_day(subject.info("Bagging-Date") or ""):
        wrong.append("bag-info.txt 的 Bagging-Date 不是公历日期（2026-01-31）")
    return judged(wrong, f"{len(found) + 1} 个日期、数字、摘要等，类型和格式都对")


@CHECKS.item("ZS-06")
def domains(subject: Subject) -> Answer:
    """What may only be one of some values is."""
    wanted = subject.listed.domains
    asked = [
        (one, wanted[name])
        for one in subject.values
        for name in (f"{one.above}/{one.name}", one.name)
        if one.text and name in wanted
    ]
    wrong = (
        f"{one.place} 不是规定的值（{'、'.join(sorted(values))}）"
        for one, values in asked
        if one.text not in values
    )
    return judged(wrong, f"{len(asked)} 个元数据项，都是规定的值")


# --- dates ----------------------------------------------------------------------------------------------


@CHECKS.item("ZS-07")
def plausible(subject: Subject) -> Answer:
    """Dates are in order, and none is later than the packing."""
    package = subject.package
    days = sum(2 + sum(one.date is not None for one in volume.materials) for volume in package.volumes)
    return judged(_implausible(subject), f"{days} 个日期，先后都合理；打包于 {package.made:%Y-%m-%d}")


def _implausible(subject: Subject) -> Iterator[str]:
    package = subject.package
    packed = package.made.date()
    first = min(volume.first for volume in package.volumes)
    late = (
        f"第 {at} 个归档事件的时间 {action.at.isoformat()} 晚于打包时间"
        for at, action in enumerate(package.actions, 1)
        if action.at > package.made + _PACKED_LATE
    )
    if package.made > subject.on + _PACKED_LATE:
        yield f"打包时间 {package.made.isoformat()} 晚于检测时间"
    if package.year > packed.year:
        yield f"归档年度 {package.year} 晚于打包时间"
    if (
        package.year < first.year
    ):  # later papers are no fault: a year is that of the end, and 反馈 may follow it
        yield f"归档年度 {package.year} 早于所含文件的起始日期 {first}"
    for volume in package.volumes:
        yield from _out_of_order(volume, packed)
    yield from late


def _out_of_order(volume: Volume, packed: dt.date) -> Iterator[str]:
    where = f"第 {volume.seq} 卷"
    if volume.first > volume.last:
        yield f"{where}的起始日期 {volume.first} 晚于终止日期 {volume.last}"
    if volume.last > packed:
        yield f"{where}的终止日期 {volume.last} 晚于打包时间 {packed}"
    for one in volume.materials:
        if one.date is not None and one.date > packed:
            yield f"{where}第 {one.seq} 件的日期 {one.date} 晚于打包时间 {packed}"
        elif one.date is not None and not volume.first <= one.date <= volume.last:
            yield f"{where}第 {one.seq} 件的日期 {one.date} 不在卷的起止日期之内"


# --- characters -----------------------------------------------------------------------------------------

_AS_RECEIVED = {"原文件名"}
"""Names as somebody sent them: kept to the letter."""


@CHECKS.item("ZS-08")
def characters(subject: Subject) -> Answer:
    """Every value can be printed and searched for elsewhere."""
    found = [one for one in subject.values if one.name not in _AS_RECEIVED]
    return judged(
        (trouble for one in found for trouble in _strange(one)), f"{len(found)} 个元数据项，没有特殊字符"
    )


def _strange(one: Value) -> Iterator[str]:
    if one.text.isascii() and one.text.isprintable() and one.text == one.text.strip():
        return
    for position, c in enumerate(one.text, 1):
        what = _STRANGE.get(unicodedata.category(c)) or ("替换字符" if c == "\ufffd" else "")
        if what:
            yield f"{one.place} 第 {position} 个字是{what}（U+{ord(c):04X}）"
    if one.text != one.text.strip():
        yield f"{one.place} 首尾有空白"
    if not unicodedata.is_normalized("NFC", one.text):
        yield f"{one.place} 不是 Unicode NFC 形式"


_STRANGE = {
    "Cc": "控制字符",
    "Cf": "不可见字符",
    "Co": "私用区字符",
    "Cs": "残缺字符",
    "Cn": "没有定义的字符",
    "Zl": "分行符",
    "Zp": "分段符",
}


# --- 档号 and repetition ----------------------------------------------------------------------------------


@CHECKS.item("ZS-09")
def numbers(subject: Subject) -> Answer:
    """Every 档号 has the form it should have and says what the metadata say."""
    package = subject.package
    own = subject.terms.number
    forms = (re.compile(own),) if own else subject.listed.numbers
    wrong = []
    for volume in package.volumes:
        match = next((found for form in forms if (found := form.fullmatch(volume.number))), None)
        if match is None:
            wrong.append(f"第 {volume.seq} 卷的档号 {volume.number} 不符合{'单位设置的' if own else ''}格式")
            continue
        said = match.groupdict()
        for name, zh, value in (
            ("fonds", "全宗号", package.fonds),
            ("year", "年度", f"{package.year:04}"),
            ("retention", "保管期限", package.retention),
        ):
            if said.get(name) not in {None, value}:
                wrong.append(f"第 {volume.seq} 卷的档号 {volume.number} 里的{zh}与元数据（{value}）不同")
    whose = "单位设置的格式" if own else "DA/T 22-2015 或者专业档案的格式"
    return judged(wrong, f"{len(package.volumes)} 个档号，符合{whose}")


@CHECKS.item("ZS-10")
def numbers_once(subject: Subject) -> Answer:
    """No 档号 inside stands for two things."""
    found = Counter(
        text
        for thing in subject.things
        if thing.kind in {"volume", "material"} and (text := thing.text("档号/完整档号"))
    )
    twice = (f"档号 {number} 用了 {count} 次" for number, count in found.items() if count > 1)
    return judged(twice, f"{len(found)} 个档号（卷和卷内文件），互不相同")


@CHECKS.item(UNIQUE)
def numbers_alone(subject: Subject) -> Answer:
    """No other case bears them."""
    others = subject.known.numbers
    if others is None:
        raise NotGiven("没有给出其他案卷的档号，没有对照")
    return shared_numbers(subject.numbers, subject.case_named, dict(others))


@CHECKS.item("ZS-12")
def repeated(subject: Subject) -> Answer:
    """No material is there twice."""
    named: dict[tuple[object, ...], str] = {}
    held: dict[str, str] = {}
    found = []
    count = 0
    for volume in subject.package.volumes:
        for one in volume.materials:
            count += 1
            here = f"第 {volume.seq} 卷第 {one.seq} 件"
            key = (one.title, one.number, one.date)
            if (one.number or one.date) and named.setdefault(key, here) != here:
                found.append(f"{here}与{named[key]}的题名、文号、日期全同")
            main = one.parts[0].sha256 if one.parts else ""
            if main and held.setdefault(main, here) != here:
                found.append(f"{here}与{held[main]}的内容全同")
    return judged(found, f"{count} 份卷内文件，没有重复")
