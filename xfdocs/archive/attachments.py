"""What there is to say of an attachment before it goes into a package; it goes in as it was received, whatever is said."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path, PurePath

from xfdocs.archive.damage import damage
from xfdocs.archive.formats import Formats, Identified, Nature, Rule, Trait
from xfdocs.archive.identify import examine, is_program
from xfdocs.archive.model import Format
from xfdocs.archive.pages import look_at_pdf, page_count
from xfdocs.record.findings import Severity

EXTENSION, EMPTY, UNKNOWN, UNACCEPTED, PASSWORD, RESTRICTED, MACROS, DAMAGED, INSIDE, PROGRAM, ENCODING = (
    f"F{number:02}" for number in range(1, 12)
)

FINDINGS: dict[str, tuple[Severity, str]] = {
    EXTENSION: (Severity.WARNING, "扩展名不符：文件名{extension}，内容是{format}。原样归档；请核对是不是这份材料。"),
    EMPTY: (Severity.ERROR, "文件是空的，没有内容。请找到原来的文件，换上以后再归档。"),
    UNKNOWN: (Severity.WARNING, "不能识别这是什么格式{hint}，将来可能打不开。请找原来的文件，或者转成可以归档的格式一并归档。"),
    UNACCEPTED: (Severity.WARNING, "{format}不在可以归档的格式中（依据：{basis}）。原样归档；请另转一份可以归档的格式，作为附件一并归档。"),
    PASSWORD: (Severity.ERROR, "{format}有密码，不知道密码就打不开。请去掉密码以后再归档。"),
    RESTRICTED: (Severity.WARNING, "{format}加了密（不用密码也能看，但限制打印、复制）。长期保存的文件不应加密，请换成没有加密的。"),
    MACROS: (Severity.WARNING, "{format}里有宏（会自动运行的程序）。原样归档，从不运行；请核对来源，最好另存一份没有宏的。"),
    DAMAGED: (Severity.ERROR, "文件已损坏：{what}。请找到完好的文件，换上以后再归档。"),
    INSIDE: (Severity.WARNING, "{format}里面的文件没有检查。请解开以后逐个作为附件归档。"),
    PROGRAM: (Severity.ERROR, "{format}，打开就会运行，不能作为材料归档；本程序从不打开它。请核对来源。"),
    ENCODING: (Severity.WARNING, "文字用的是什么编码不能确定，将来可能成为乱码。请用 UTF-8 另存一份，一并归档。"),
}  # fmt: skip
"""Every finding there is: how grave, and what is said."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to know about a file."""

    code: str
    """A key of `FINDINGS`."""
    severity: Severity
    message: str


@dataclass(frozen=True, slots=True)
class Looked:
    """A file that was looked at."""

    format: Format
    rule: Rule
    findings: tuple[Finding, ...]
    pages: int | None
    """None if nobody can count them."""
    identified: Identified

    @property
    def note(self) -> str:
        """What is to be known, in one text (`Part.note`); empty if nothing is."""
        return "".join(finding.message for finding in self.findings)


def look_at(file: Path | bytes, name: str, formats: Formats) -> Looked:
    """Look at an attachment that was received as *name*. Nothing in it is run, and no archive is unpacked.

    Raises:
        FileTrouble: it cannot be read.
    """
    found = examine(file, formats)
    findings = [_finding(code, **facts) for code, facts in _seen(file, name, found, formats)]
    return Looked(found.format, found.rule, tuple(findings), page_count(file, found), found)


def _finding(code: str, **facts: str) -> Finding:
    severity, message = FINDINGS[code]
    return Finding(code, severity, message.format_map(facts))


def _seen(
    file: Path | bytes, name: str, found: Identified, formats: Formats
) -> list[tuple[str, dict[str, str]]]:
    """The codes of what is to be said, with the facts of the messages."""
    rule = found.rule
    said = {"format": found.format.name, "basis": rule.basis}
    extension = PurePath(name).suffix
    if rule.key == "empty":
        return [(EMPTY, said)]
    if rule.key == "unknown":
        usual = formats.named(extension.lower().removeprefix("."))
        hint = f"（文件名说是{usual[0].name}，可能已经损坏）" if usual else ""
        return [(UNKNOWN, {"hint": hint})]
    seen: list[tuple[str, dict[str, str]]] = []
    if is_program(name, found, formats):
        return [
            (
                PROGRAM,
                said | {"format": f"这是{rule.name}" if rule.nature is Nature.PROGRAM else "这是脚本程序"},
            )
        ]
    if extension.lower().removeprefix(".") not in rule.extensions:
        seen.append((EXTENSION, said | {"extension": f"是“{extension}”" if extension else "没有扩展名"}))
    seen += _about_content(file, found, said)
    if rule.nature is Nature.ARCHIVE:
        seen.append((INSIDE, said))
    if not rule.accepted and PASSWORD not in {code for code, _ in seen}:
        seen.append((UNACCEPTED, said))
    return seen


def _about_content(
    file: Path | bytes, found: Identified, said: dict[str, str]
) -> list[tuple[str, dict[str, str]]]:
    seen: list[tuple[str, dict[str, str]]] = []
    if Trait.ENCRYPTED in found.traits:
        opens = found.rule.key == "pdf" and look_at_pdf(file).pages is not None
        seen.append((RESTRICTED if opens else PASSWORD, said))
    if Trait.MACROS in found.traits:
        seen.append((MACROS, said))
    if Trait.VAGUE in found.traits:
        seen.append((ENCODING, said))
    if what := damage(file, found):
        seen.append((DAMAGED, {"what": what}))
    return seen
