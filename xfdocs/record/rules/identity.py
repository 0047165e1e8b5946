"""证件号码、姓名和文字 (R31, R32)."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterator

from xfdocs.record.codes import Gender, IdentType
from xfdocs.record.model import Petitioner
from xfdocs.record.rules.matter import Matter
from xfdocs.record.rules.rule import WARNING, Hit, rule
from xfdocs.record.search import texts

_WEIGHTS_ID = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # GB 11643-1999 附录
_CHECKS_ID = "10X98765432"
_ID = re.compile(r"[1-9][0-9]{16}[0-9X]")
_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # GB 32100-2015: no I O Z S V
_WEIGHTS_USCC = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_USCC = re.compile(rf"[{_ALPHABET}]{{2}}[0-9]{{6}}[{_ALPHABET}]{{10}}")
_PHONE = re.compile(
    r"(\+?86[- ]?)?(1[0-9]{10}|0[0-9]{2,3}[- ]?[0-9]{7,8}([-转][0-9]{1,6})?|[0-9]{7,8}|[0-9]{5,6}|400[- ]?[0-9]{3}[- ]?[0-9]{4})"
)
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_DOTS = frozenset("・･．•‧∙⋅●․")
"""Signs written for the separator of a minority name, which is · U+00B7."""
_LATIN_DOT = re.compile(r"[\u3400-\u9fff]\.[\u3400-\u9fff]")
"""Another one, where it stands between Chinese characters."""
_UNSEEN = re.compile(
    "[\u0080-\u009f\u00ad\u061c\u200b-\u200f\u2028\u2029\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffd"
    "\ue000-\uf8ff\ufdd0-\ufdef\U000e0000-\U000e007f\U000f0000-\U0010ffff]"
)
"""Controls, bidirectional and zero-width signs, replacement and private-use characters, noncharacters."""


def id_fault(number: str, on: dt.date) -> str:
    """What is wrong with a 公民身份号码 (GB 11643), as the end of a sentence; empty if nothing is."""
    if _ID.fullmatch(number) is None:
        return "应为 18 位，前 17 位是数字，末位是数字或者大写 X"
    try:
        born = dt.date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return f"中的出生日期 {number[6:14]} 不存在"
    if not dt.date(1900, 1, 1) <= born <= on:
        return f"中的出生日期 {born} 不合常理"
    total = sum(int(digit) * weight for digit, weight in zip(number, _WEIGHTS_ID, strict=False))
    return "" if _CHECKS_ID[total % 11] == number[17] else "的校验码不对"


def uscc_fault(number: str) -> str:
    """What is wrong with a 统一社会信用代码 (GB 32100), as the end of a sentence; empty if nothing is."""
    if _USCC.fullmatch(number) is None:
        return "应为 18 位数字和大写字母（不用 I、O、Z、S、V），第 3 至 8 位是数字"
    total = sum(_ALPHABET.index(sign) * weight for sign, weight in zip(number, _WEIGHTS_USCC, strict=False))
    return "" if _ALPHABET[(31 - total % 31) % 31] == number[17] else "的校验码不对"


def all_seen(text: str) -> bool:
    """Whether a text has none of those; lines may end in it.

    ``str.isprintable`` knows them all but two, which count as symbols, in a third of the time of the search.  It
    also takes spaces that are wider than usual for unseen: then the search decides.
    """
    if text.replace("\n", "").isprintable() and "\ufffc" not in text and "\ufffd" not in text:
        return True
    return _UNSEEN.search(text) is None


@rule("R31", "居民身份证号码、统一社会信用代码校验正确", WARNING, "GB 11643-1999；GB 32100-2015")
def ident_numbers_check(m: Matter) -> Iterator[Hit]:
    """A slip of the pen is found before the number is printed."""
    for person in m.case.petitioners:
        ident = person.ident
        if ident is None:
            continue
        if ident.type is IdentType.RESIDENT:
            fault = id_fault(ident.number, m.on)
            if fault:
                yield Hit(ident, "号码", f"居民身份证号码{fault}，请核对。")
            elif person.gender and (int(ident.number[16]) % 2 == 1) != (person.gender is Gender.MALE):
                yield Hit(person, "性别", f"性别填的是“{person.gender}”，与身份证号码第 17 位不符，请核对。")
        elif ident.type is IdentType.USCC and (fault := uscc_fault(ident.number)):
            yield Hit(ident, "号码", f"统一社会信用代码{fault}，请核对。")


def _is_phone(number: str) -> bool:
    """Whether it looks like a telephone number; nearly all are of mobile telephones, and need no closer look."""
    mobile = len(number) == 11 and number[0] == "1" and number.isascii() and number.isdigit()
    return mobile or _PHONE.fullmatch(number) is not None


@rule("R31", "电话、电子邮箱写法正确", WARNING)
def contacts_look_right(m: Matter) -> Iterator[Hit]:
    """Format only; nobody is called."""
    for person in m.case.petitioners:
        for phone in person.phones:
            if not _is_phone(phone):
                yield Hit(person, "联系电话", "有一个联系电话不像电话号码，请核对。")
        if person.email and _EMAIL.fullmatch(person.email) is None:
            yield Hit(person, "电子邮箱", "电子邮箱写法不对，请核对。")


@rule("R32", "姓名用规范的编码和间隔号“·”", WARNING, "GB 18030-2022")
def names_well_written(m: Matter) -> Iterator[Hit]:
    """NFC, and U+00B7 between the parts of a minority name."""
    for part, at, name in _names(m):
        if not _DOTS.isdisjoint(name) or ("." in name and _LATIN_DOT.search(name)):
            yield Hit(part, at, f"“{at}”中的间隔号请改为“·”（U+00B7）。")
        if not unicodedata.is_normalized("NFC", name):
            yield Hit(
                part,
                at,
                f"“{at}”含有兼容字或者组合字符，请改为对应的标准字符；确是本人用字的，请核对原件。",
            )


def _names(m: Matter) -> Iterator[tuple[object, str, str]]:
    for person in m.case.petitioners:
        yield from _of_person(person)
    for claim in m.case.claims:
        for respondent in claim.respondents:
            yield respondent, "名称", respondent.name


def _of_person(person: Petitioner) -> Iterator[tuple[object, str, str]]:
    if person.name:
        yield person, "姓名", person.name
    if person.legal_representative:
        yield person, "法定代表人", person.legal_representative
    if person.proxy is not None:
        yield person.proxy, "姓名", person.proxy.name


@rule("R32", "文字中没有看不见的、私用的字符", WARNING, "GB 18030-2022")
def nothing_unseen(m: Matter) -> Iterator[Hit]:
    """What cannot be seen cannot be checked, and private-use characters print as something else elsewhere."""
    if all_seen(m.text):
        return
    for one in texts(m.case):
        found = _UNSEEN.search(one.text)
        if found is not None:
            sign = found.group()
            what = f"“{one.at}”第 {found.start() + 1} 个字是看不见的或者私用的字符（U+{ord(sign):04X}），请删去或者改为规范的字。"
            yield Hit(one.part, one.at, what)
