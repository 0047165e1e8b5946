"""The same notices by every way to a PDF/A: ours with Typst and WeasyPrint, both called bare, and docxtpl with LibreOffice.

    python -m bench.pdf_engines [documents]

Every document is another case of generated records, so that nothing is remembered from one to the next.  Each way is a process
of its own, held to one core, and they take turns document by document; its own greatest resident size is told.  Bare means what a
manual shows: WeasyPrint by `bench.pdf_render`; Typst a source with the text of the notice in it, the same page, sizes, faces, tags
and attachment, fonts loaded once.  LibreOffice converts a tenth of them in one call, as docx that docxtpl filled.
"""

from __future__ import annotations

import multiprocessing
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from bench.pdf_render import stock_html, stock_style
from bench.records import generate
from xfdocs.document.catalogue import catalogue_of
from xfdocs.document.compose import compose
from xfdocs.document.model import Document
from xfdocs.document.words import block_texts
from xfdocs.document.xml import document_xml
from xfdocs.office import Office
from xfdocs.pdf_by import PdfBy
from xfdocs.production.engines import pdf_engine_of
from xfdocs.record.files import record_files
from xfdocs.record.validation import read_case
from xfdocs.render.fonts import FontBook, Role
from xfdocs.resources import shipped

Make = Callable[[Document], bytes]


def notices(count: int, folder: Path) -> list[Document]:
    """Notices to petitioners, each of another case."""
    office = Office.open(shipped("samples", "office"))
    generate(count * 3, 11, folder)
    found: list[Document] = []
    for path in record_files([folder]):
        case = read_case(path)
        for kind, event in catalogue_of(office).called_for(case, office):
            if kind.layout == "notice" and kind.slug != "handling-opinion":
                found.append(replace(compose(kind, case, office, event=event), draft=False))
                break
        if len(found) == count:
            return found
    raise SystemExit(f"only {len(found)} notices")


# --- ways -------------------------------------------------------------------------------------------------


def ours(by: PdfBy) -> Make:
    """Our engine."""
    return pdf_engine_of(Office.open(shipped("samples", "office")), by).render


def weasyprint_bare() -> Make:
    """WeasyPrint as its manual shows it."""
    from weasyprint import CSS, HTML, Attachment
    from weasyprint.text.fonts import FontConfiguration

    style = stock_style(FontBook.find())

    def make(document: Document) -> bytes:
        source = document_xml(document).decode()
        config = FontConfiguration()
        pdf: bytes = HTML(string=stock_html(document)).write_pdf(
            stylesheets=[CSS(string=style, font_config=config)],
            font_config=config,
            pdf_variant="pdf/a-3a",
            pdf_identifier=b"0123456789abcdef",
            attachments=[Attachment(string=source, name="document.xml", relationship="Source")],
        )
        return pdf

    return make


_BARE = """
#set document(title: "{title}", author: "{author}", date: datetime(year: 2026, month: 1, day: 2))
#set page(margin: (top: 34.6mm, right: 26mm, bottom: 32.55mm, left: 28mm), footer: context align(
  if calc.odd(counter(page).get().first()) {{ right }} else {{ left }},
  text(font: {song}, size: 14pt)[— #counter(page).get().first() —],
))
#set text(lang: "zh", region: "CN", font: {fang}, size: 16pt, fallback: false, hyphenate: false, tracking: -0.208pt,
  cjk-latin-spacing: none, top-edge: 0.296em + 5.223mm, bottom-edge: 0.296em - 5.223mm, costs: (widow: 0%, orphan: 0%))
#set par(justify: true, leading: 0pt, spacing: 0pt, linebreaks: "simple", first-line-indent: (amount: 31.584pt, all: true))
#set block(spacing: 0pt)
#show heading: set block(spacing: 0pt)
#pdf.attach("/document.xml", bytes({source}), relationship: "source", mime-type: "application/xml", description: "document.xml")
#align(center, heading(text(font: {xbs}, size: 22pt, weight: "regular", tracking: 0pt)[{title}]))
#v(2.6mm)
#align(right, par(first-line-indent: 0pt)[{number}])
#v(7.8455mm)
#par(first-line-indent: 0pt)[{addressees}：]

{body}

#block(breakable: false)[
  #v(20.891mm)
  #pad(right: 40pt, align(right, par(justify: false, first-line-indent: 0pt)[{signatory}]))
  #pad(right: 63.17pt, align(right, par(justify: false, first-line-indent: 0pt)[2026年1月2日]))
]
（{note}）
"""


def typst_bare() -> Make:
    """Typst with the words of a notice in its source."""
    import typst

    book = FontBook.find()
    folder = book.chain(Role.FANG)[0].file.parent
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(folder)])
    compiler = typst.Compiler(root=tempfile.mkdtemp(), font_paths=fonts, ignore_system_fonts=True)
    faces = {
        name: _list(book, role)
        for name, role in (("fang", Role.FANG), ("xbs", Role.XBS), ("song", Role.SONG))
    }

    def make(document: Document) -> bytes:
        body = "\n\n".join(_escaped(text) for block in document.body for text in block_texts(block))
        source = '"' + document_xml(document).decode().replace("\\", "\\\\").replace('"', '\\"') + '"'
        text = _BARE.format(
            title=_escaped(document.title), author=document.signatory, number=_escaped(document.number), note=_escaped(document.note), addressees=_escaped("、".join(document.addressees)),
            body=body, signatory=document.signatory, source=source, **faces,
        )  # fmt: skip
        made = compiler.compile(input=text.encode(), format="pdf", pdf_standards=["a-3a"], timestamp=0)
        return bytes(made)  # type: ignore[arg-type]

    return make


def _list(book: FontBook, role: Role) -> str:
    return "(" + ", ".join(f'"{face.name}"' for face in book.chain(role)) + ")"


def _escaped(text: str) -> str:
    for char in "\\#*_`$<>@=-+/[]~":
        text = text.replace(char, "\\" + char)
    return text


WAYS: dict[str, Callable[[], Make]] = {
    "WeasyPrint, bare": weasyprint_bare,
    "WeasyPrint, ours": lambda: ours(PdfBy.WEASYPRINT),
    "Typst, bare": typst_bare,
    "Typst, ours": lambda: ours(PdfBy.TYPST),
}


# --- taking turns -----------------------------------------------------------------------------------------


def work(name: str, documents: list[Document], connection: Connection) -> None:
    """Make documents as they are asked for, by their number; None: tell the greatest resident size and end."""
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    make = WAYS[name]()
    make(documents[-1])  # fonts and layouts are prepared once in a process
    connection.send(True)
    while (number := connection.recv()) is not None:
        start = time.perf_counter()
        made = make(documents[number])
        connection.send((time.perf_counter() - start, len(made)))
    connection.send(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def by_turns(documents: list[Document]) -> dict[str, tuple[list[float], list[int], float]]:
    """Of each way: seconds and bytes of each document, greatest resident size in MB."""
    spawn = multiprocessing.get_context("spawn")
    lines: dict[str, Any] = {}
    for name in WAYS:
        here, there = spawn.Pipe()
        spawn.Process(target=work, args=(name, documents, there), daemon=True).start()
        there.close()  # so that the end of the process is heard
        here.recv()
        lines[name] = here
    taken: dict[str, list[float]] = {name: [] for name in WAYS}
    sizes: dict[str, list[int]] = {name: [] for name in WAYS}
    for number in range(len(documents) - 1):
        for name, line in lines.items():
            line.send(number)
            seconds, size = line.recv()
            taken[name].append(seconds)
            sizes[name].append(size)
    found = {}
    for name, line in lines.items():
        line.send(None)
        found[name] = (taken[name], sizes[name], line.recv())
    return found


def libreoffice(documents: list[Document], folder: Path) -> tuple[float, float, float]:
    """Seconds and KB a document, and MB, of docxtpl and LibreOffice."""
    from xfdocs.render.docx import DocxEngine

    engine = DocxEngine((), FontBook.find())
    start = time.perf_counter()
    files = [folder / f"{number}.docx" for number in range(len(documents))]
    for document, file in zip(documents, files, strict=True):
        file.write_bytes(engine.render(document))
    subprocess.run(
        ["soffice", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--convert-to",
         'pdf:writer_pdf_Export:{"SelectPdfVersion":{"type":"long","value":"3"}}', "--outdir", folder, *files],
        check=True, capture_output=True,
    )  # fmt: skip
    seconds = (time.perf_counter() - start) / len(documents)
    size = statistics.median(file.with_suffix(".pdf").stat().st_size for file in files) / 1024
    return seconds, size, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def main() -> None:
    """Time all ways and print medians, sizes, memory and ratios."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    with tempfile.TemporaryDirectory() as place:
        documents = notices(count + 1, Path(place) / "cases")
        found = by_turns(documents)
        for name, (taken, sizes, peak) in found.items():
            middle, size = statistics.median(taken) * 1000, statistics.median(sizes) / 1024
            print(f"{name:22} {middle:8.1f} ms  {size:6.1f} KB  {peak:6.0f} MB  (median of {len(taken)})")
        if shutil.which("soffice"):
            some = documents[: max(count // 10, 1)]
            seconds, size, peak = libreoffice(some, Path(place))
            print(
                f"{'docx and LibreOffice':22} {seconds * 1000:8.1f} ms  {size:6.1f} KB  {peak:6.0f} MB  ({len(some)} in one call)"
            )
        best = found["Typst, ours"][0]
        for other in ("WeasyPrint, bare", "WeasyPrint, ours", "Typst, bare"):
            ratios = [a / b for a, b in zip(found[other][0], best, strict=True)]
            print(f"{other} / Typst, ours: {statistics.median(ratios):.2f} (median of pairs)")


if __name__ == "__main__":
    main()
