"""What this machine has for making documents, what it lacks, and how to mend it."""

from __future__ import annotations

import platform
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from itertools import groupby
from pathlib import Path

from xfdocs.archive.libreoffice import PROGRAM as SOFFICE
from xfdocs.errors import LibraryMissing, MachineLacks, RegisterAbsent, XfdocsError
from xfdocs.office import Office
from xfdocs.pdf_by import PdfBy
from xfdocs.render.fonts import Face, FontBook, Role
from xfdocs.render.pdf import NO_PANGO, importing_weasyprint

_WEASYPRINT_ONLY = "只有 WeasyPrint 引擎要用"
_INSTALL = "在 Debian、Ubuntu 上运行：sudo apt-get install {package}"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at."""

    subject: str
    good: bool
    needed: bool
    """Whether documents cannot be made without it."""
    detail: str
    mend: str = ""

    @property
    def state(self) -> str:
        """As people read it."""
        return "正常" if self.good else ("缺少" if self.needed else "未安装（可选）")

    def as_json(self) -> dict[str, object]:
        """The object of ``xfdocs doctor --json``."""
        return {
            "subject": self.subject,
            "good": self.good,
            "needed": self.needed,
            "detail": self.detail,
            "mend": self.mend,
        }


def examine(office: Office | None = None) -> list[Check]:
    """Every check, in the order in which things are needed."""
    extra: tuple[Path, ...] = office.fonts if office is not None else ()
    by = office.pdf_by if office is not None else PdfBy.WEASYPRINT
    return [
        *_python(by),
        *_libraries(by),
        *_fonts(extra),
        *_register(office),
        *_extras(office, by),
        *_tools(),
    ]


def _python(by: PdfBy) -> Iterator[Check]:
    yield Check("Python", sys.version_info >= (3, 11), True, platform.python_version(), "")
    for package in (
        "lxml",
        "docxtpl",
        "python-docx",
        "jinja2",
        "markdown-it-py",
        "click",
        "rich",
        "weasyprint",
        "sqlalchemy",
        "alembic",
        "xlsxwriter",
    ):
        needed = package != PdfBy.WEASYPRINT or by is PdfBy.WEASYPRINT
        try:
            yield Check(package, True, needed, version(package))
        except PackageNotFoundError:
            yield Check(package, False, needed, "没有安装", "请重新安装 xfdocs：pip install xfdocs")


def _libraries(by: PdfBy) -> Iterator[Check]:
    """Pango, which WeasyPrint cannot do without, and HarfBuzz-subset, without which it is slow; Typst needs neither."""
    needed = by is PdfBy.WEASYPRINT
    try:
        with importing_weasyprint():
            from weasyprint.text.ffi import harfbuzz_subset, pango
    except (LibraryMissing, ImportError) as error:
        mend = _INSTALL.format(package="libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0")
        if needed:
            yield Check("Pango", False, True, f"找不到（{error.__cause__ or error}），不能生成 PDF", NO_PANGO)
        else:
            for name in ("Pango", "HarfBuzz-subset"):
                yield Check(name, False, False, _WEASYPRINT_ONLY, f"需要时{mend}")
        return
    number = pango.pango_version()
    yield Check("Pango", True, needed, f"{number // 10000}.{number // 100 % 100}.{number % 100}")
    mend = "" if harfbuzz_subset else _INSTALL.format(package="libharfbuzz-subset0")
    detail = (
        "可用" if harfbuzz_subset else "找不到，生成 PDF 会慢，文件也会不同" if needed else _WEASYPRINT_ONLY
    )
    yield Check("HarfBuzz-subset", bool(harfbuzz_subset), needed, detail, mend)


def _fonts(extra: tuple[Path, ...]) -> Iterator[Check]:
    try:
        book = FontBook.find(extra)
    except MachineLacks as error:
        yield Check("字体", False, True, "没有准备好", str(error))
        return
    for role in Role:
        try:
            chain = book.chain(role)
        except MachineLacks as error:
            yield Check(f"字体 {role}", False, True, "没有", str(error))
            continue
        yield from (_font(role, cuts) for cuts in _by_source(face for face in chain if face.role is role))
    for problem in book.problems():
        yield Check("字体", False, False, problem)


def _by_source(faces: Iterable[Face]) -> Iterator[list[Face]]:
    """The small fonts that were cut from one font, together."""
    for _, cuts in groupby(faces, key=lambda face: (face.family, face.source)):
        yield list(cuts)


def _font(role: Role, cuts: list[Face]) -> Check:
    face = cuts[0]
    kind = "正式字体" if face.official else "开源替代字体"
    count = sum(last - first + 1 for cut in cuts for first, last in cut.ranges)
    return Check(f"字体 {role}", True, True, f"{face.family}（{kind}）{count} 个字 {face.source}")


def _register(office: Office | None) -> Iterator[Check]:
    """The register of an office, if there is one to look at; nothing is made or changed in it."""
    if office is None:
        return
    from xfdocs.register.register import Register

    try:
        with Register.open(office, create=False, patience=5) as register:
            detail = f"{register.database.where}，{register.count()} 份文书"
            yield Check("登记库", True, True, detail)
    except RegisterAbsent:
        yield Check("登记库", True, True, "还没有，第一次制发时建立")
    except XfdocsError as error:
        yield Check("登记库", False, True, "用不了", str(error))


def _extras(office: Office | None, by: PdfBy) -> Iterator[Check]:
    """Libraries that only some offices need: for a register on a server, for PDF by Typst, for a cluster."""
    server = office is not None and office.register.startswith("postgres")
    for package, extra, what, needed in (
        ("psycopg", "postgresql", "登记库放在 PostgreSQL 时才要", server),
        ("typst", "typst", "单位配置选用 Typst 制作 PDF 时才要", by is PdfBy.TYPST),
        ("distributed", "dask", "交给 Dask 集群制作时才要", False),
    ):
        try:
            yield Check(package, True, needed, version(package))
        except PackageNotFoundError:
            yield Check(package, False, needed, what, f"需要时运行：pip install 'xfdocs[{extra}]'")


def _tools() -> Iterator[Check]:
    tools: tuple[tuple[str, str, str, str, Callable[[str], str]], ...] = (
        (
            "LibreOffice",
            SOFFICE,
            "libreoffice-writer-nogui libreoffice-calc-nogui libreoffice-impress-nogui",
            "用来给归档的 Office 附件另做 PDF/A 阅读副本、核对版面，不影响生成文书",
            lambda path: _first_line(path, "--version"),
        ),
        (
            "pdftoppm",
            "pdftoppm",
            "poppler-utils",
            "只用来核对版面，不影响生成文书",
            lambda path: _first_line(path, "-v"),
        ),
    )
    for name, program, package, what, ask in tools:
        path = shutil.which(program)
        if path:
            yield Check(name, True, False, ask(path))
        else:
            yield Check(name, False, False, what, _INSTALL.format(package=package))


def _first_line(path: str, *arguments: str) -> str:
    """What a tool says of itself; its path if it says nothing in time."""
    try:
        done = subprocess.run([path, *arguments], capture_output=True, text=True, timeout=20, check=False)  # noqa: S603 - a path found by `which`
    except (OSError, subprocess.TimeoutExpired):
        return path
    return next(iter((done.stdout or done.stderr).splitlines()), path)
