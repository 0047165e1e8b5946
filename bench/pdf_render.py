"""PDF/A notices: our engine against WeasyPrint called stock, one after the other in one run.

    python -m bench.pdf_render [documents]

Stock means what its manual shows: for each document ``HTML(string=…).write_pdf(pdf_variant="pdf/a-3a", …)`` with a style
sheet that asks for the same source fonts by ``@font-face`` on the uncut files, default FontConfiguration.
Both print the same notices of the sample office: the same page, type sizes, lines and attachment.
The documents alternate, so that a drift of the machine strikes both alike; medians are compared.
"""

from __future__ import annotations

import html
import io
import statistics
import sys
import time
from pathlib import Path

import pypdfium2
from weasyprint import CSS, HTML, Attachment
from weasyprint.text.fonts import FontConfiguration

from xfdocs.document.catalogue import catalogue_of
from xfdocs.document.compose import compose
from xfdocs.document.model import Document
from xfdocs.document.words import block_texts
from xfdocs.document.xml import document_xml
from xfdocs.office import Office
from xfdocs.production.engines import engine_of
from xfdocs.record.files import record_files
from xfdocs.record.validation import read_case
from xfdocs.render.fonts import FontBook, Role
from xfdocs.resources import shipped

STYLE = """
{faces}
@page {{ size: A4; margin: 34.58mm 26mm 32.58mm 28mm; @bottom-right {{ content: "— " counter(page) " —"; font: 14pt song }} }}
body {{ font: 16pt/10.446mm fang; text-align: justify; margin: 0 }}
h1 {{ font: 22pt/10.446mm xbs; text-align: center; margin: 0 }} h2 {{ font: 16pt/10.446mm hei; margin: 0; text-indent: 2em }}
p {{ margin: 0; text-indent: 2em }} .flush {{ text-indent: 0 }} .right {{ text-align: right }}
"""
NAMES = {Role.XBS: "xbs", Role.FANG: "fang", Role.HEI: "hei", Role.KAI: "kai", Role.SONG: "song"}


def notices(limit: int) -> list[Document]:
    """Letters to petitioners that the sample office writes, as many as asked for."""
    office = Office.open(shipped("samples", "office"))
    found: list[Document] = []
    for path in record_files([office.folder / office.cases]):
        case = read_case(path)
        for kind, event in catalogue_of(office).called_for(case, office):
            if kind.layout == "notice" and kind.slug != "handling-opinion":
                found.append(compose(kind, case, office, event=event))
    return (found * (limit // len(found) + 1))[:limit]


def stock_html(document: Document) -> str:
    """The same letter as plain HTML."""
    body = "".join(f"<p>{html.escape(text)}</p>" for block in document.body for text in block_texts(block))
    day = f"{document.date:%Y}年{document.date.month}月{document.date.day}日" if document.date else ""
    return (
        f'<html lang="zh-CN"><head><title>{html.escape(document.title)}</title></head><body><h1>{html.escape(document.title)}</h1>'
        f'<p class="right">{document.number}</p><p class="flush">{"、".join(document.addressees)}：</p>{body}'
        f'<p class="right">{document.signatory}</p><p class="right">{day}</p><p>（{html.escape(document.note)}）</p></body></html>'
    )


def stock_style(fonts: FontBook) -> str:
    """A style sheet on the source fonts, whole."""
    faces = "".join(
        f'@font-face {{ font-family: {name}; src: url("{fonts.chain(role)[0].source.as_uri()}") }}'
        for role, name in NAMES.items()
    )
    return STYLE.format(faces=faces)


def main() -> None:
    """Time both and print medians, sizes and the ratio."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    office = Office.open(shipped("samples", "office"))
    engine, style = engine_of(office, "pdf"), stock_style(FontBook.find())
    times: dict[str, list[float]] = {"ours": [], "stock": []}
    sizes: dict[str, list[int]] = {"ours": [], "stock": []}
    documents = notices(count)
    engine.render(documents[0])  # prepared once in a process; a stock call prepares each time
    for document in documents:
        start = time.perf_counter()
        ours = engine.render(document)
        middle = time.perf_counter()
        attachment = Attachment(
            string=document_xml(document).decode(), name="document.xml", relationship="Source"
        )
        config = FontConfiguration()
        stock = HTML(string=stock_html(document)).write_pdf(
            stylesheets=[CSS(string=style, font_config=config)],
            font_config=config,
            pdf_variant="pdf/a-3a",
            pdf_identifier=b"0123456789abcdef",
            attachments=[attachment],
        )
        end = time.perf_counter()
        times["ours"].append(middle - start)
        times["stock"].append(end - middle)
        sizes["ours"].append(len(ours))
        sizes["stock"].append(len(stock))
        printed = pypdfium2.PdfDocument(io.BytesIO(stock))[0].get_textpage().get_text_range()
        if document.title not in "".join(printed.split()):
            raise SystemExit("the stock PDF does not carry the text")
    for name, taken in times.items():
        milliseconds, kilobytes = statistics.median(taken) * 1000, statistics.median(sizes[name]) / 1024
        print(f"{name:6} {milliseconds:7.1f} ms  {kilobytes:6.1f} KB  (median of {count})")
    ratios = [s / o for s, o in zip(times["stock"], times["ours"], strict=True)]
    print(f"ratio  {statistics.median(ratios):.2f} (median of pairs; {Path(sys.argv[0]).name} {count})")


if __name__ == "__main__":
    main()
