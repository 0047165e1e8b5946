"""Ours against stock docxtpl on the same layout and the same values: milliseconds a document.

    python -m bench.docx_render [ROUNDS]

Stock is what docxtpl's own pages show: ``DocxTemplate(path)``, ``render(values, autoescape=True)``,
``save``.  It is handed the values ready made; ours begins with the Document and makes them itself
("whole"), so the comparison is to our disadvantage.  "fill" is the part that stock does too.  Both
run in turns in one process, the median of the rounds counts, and the text of both files is compared
before anything is measured.
"""

from __future__ import annotations

import io
import platform
import statistics
import sys
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from docxtpl import DocxTemplate

from tests.render.docxs import body_text
from tests.render.examples import EXAMPLES
from xfdocs.render.docx import DocxEngine, core_xml
from xfdocs.render.docx_context import context

NAMES = ("notice", "letter", "redhead", "form-plain", "form", "notice-five-pages")
REPEAT = 40
"""Renders of ours within one round; one render of stock."""


def stock(path: Path, values: dict[str, object]) -> bytes:
    """A docx as docxtpl's own pages show it."""
    template = DocxTemplate(path)
    template.render(values, autoescape=True)
    target = io.BytesIO()
    template.save(target)
    return target.getvalue()


def milliseconds(times: int, work: Callable[..., object], *facts: object) -> float:
    """How long one call takes, on average of so many."""
    start = time.perf_counter()
    for _ in range(times):
        work(*facts)
    return (time.perf_counter() - start) / times * 1000


def main(rounds: int) -> None:
    """Print one line of a table for each document."""
    print(
        f"docxtpl {version('docxtpl')}, Python {platform.python_version()}, {rounds} rounds in turns, medians\n"
    )
    print("| document | stock ms | ours whole ms | times | ours fill ms | times | bytes stock → ours |")
    print("|---|---|---|---|---|---|---|")
    engine = DocxEngine()
    for name in NAMES:
        document = EXAMPLES[name]
        layout = engine.layout(document.kind, document.layout)
        values, core = context(document, layout.styles), core_xml(document)
        theirs, ours = stock(layout.path, values), engine.render(document)
        if body_text(theirs) != body_text(ours):
            raise SystemExit(f"{name}: the texts differ")
        times = [
            (
                milliseconds(1, stock, layout.path, values),
                milliseconds(REPEAT, engine.render, document),
                milliseconds(REPEAT, layout.fill, values, core),
            )
            for _ in range(rounds)
        ]
        slow, whole, fill = (statistics.median(column) for column in zip(*times, strict=True))
        print(
            f"| {name} | {slow:.1f} | {whole:.3f} | {slow / whole:.0f} | {fill:.3f} | {slow / fill:.0f} "
            f"| {len(theirs)} → {len(ours)} |"
        )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 25)
