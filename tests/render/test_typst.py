"""What Typst alone promises: layouts of its own that an office may change, and that reach nothing but their folder."""

from __future__ import annotations

import gc
import re
from dataclasses import replace
from pathlib import Path

import pytest

from tests.render.examples import NOTICE, paragraph
from tests.render.pdfs import fonts, made_by, pdf
from xfdocs.errors import LayoutInvalid
from xfdocs.pdf_by import PdfBy
from xfdocs.render.geometry import LEFT, measure, printed_text
from xfdocs.render.text import document_text
from xfdocs.render.typst_engine import TypstEngine

HEAD = (
    '#import "/_layouts/_shared/data.typ": data\n'
    '#import "/_layouts/_shared/gb9704.typ": *\n'
    "#show: document-page\n"
)


def office(folder: Path, name: str, text: str) -> TypstEngine:
    """An engine for an office that has a file of its own among its templates."""
    file = folder / "templates" / name
    file.parent.mkdir(parents=True)
    file.write_text(text, "utf-8")
    return TypstEngine(fonts(), (folder / "templates",))


def test_an_office_may_lay_out_a_kind_itself(tmp_path):
    own = office(
        tmp_path,
        "acceptance-notice/layout.typ",
        HEAD + "#title()\n#align(right, data.d.number)\n#addressees()\n#body()\n#note()\n#copies()\n",
    )
    with made_by(PdfBy.TYPST):
        assert own.render(NOTICE) != pdf("notice")
    assert printed_text(own.render(NOTICE)) == document_text(NOTICE)


def test_an_office_may_change_what_all_layouts_share(tmp_path):
    library = (Path(__file__).parents[2] / "templates/_layouts/_shared/gb9704.typ").read_text("utf-8")
    own = office(tmp_path, "_layouts/_shared/gb9704.typ", library.replace("left: 28mm)", "left: 38mm)"))
    page, *_ = measure(own.render(NOTICE))
    assert min(line.left for line in page.lines) == pytest.approx(LEFT + 10, abs=0.5)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("#let x = ", "expected expression"),
        (HEAD + "#data.nonsense", "nonsense"),
        (HEAD + "#nobody", "nobody"),
        (HEAD + '#include "missing.typ"', "missing.typ"),
        (HEAD + '#data.d.at("title").nowhere', "cannot access fields on type string"),
    ],
)
def test_a_broken_layout_is_named_with_its_fault_and_its_place(tmp_path, text, what):
    own = office(tmp_path, "acceptance-notice/layout.typ", text)
    with pytest.raises(LayoutInvalid, match=re.escape(what)) as caught:
        own.render(NOTICE)
    assert "acceptance-notice/layout.typ" in str(caught.value)
    assert "xfdocs-typst-" not in str(caught.value), "the folder Typst works in is nobody's business"


@pytest.mark.parametrize(
    "code",
    [
        '#read("/etc/hostname")',
        '#read("../../../../../../etc/hostname")',
        '#read("../../../pyproject.toml")',
        '#image("/etc/hostname.png")',
        '#image("http://127.0.0.1:9/x.png")',
        '#include "../../../../README.typ"',
    ],
)
def test_a_layout_reaches_no_file_outside_its_folder(tmp_path, code):
    own = office(tmp_path, "acceptance-notice/layout.typ", HEAD + code)
    with pytest.raises(LayoutInvalid):
        own.render(NOTICE)


@pytest.mark.parametrize(
    "code",
    [
        '#import "@preview/cetz:0.4.0"',
        '#import "@local/mine:0.1.0": *',
        '#import ("@pre" + "view/cetz:0.4.0")',
        '#let name = "@preview/cetz:0.4.0"\n#import name',
        '#import "\\u{40}preview/cetz:0.4.0"',
        '#include "@preview/cetz:0.4.0"',
        '#eval("import \\"@preview/cetz:0.4.0\\"")',
        '#dictionary(std).at("ev" + "al")("1")',
        '#plugin("x.wasm")',
        '#"//" #import "@preview/cetz:0.4.0"',
    ],
)
def test_a_layout_that_loads_packages_or_runs_text_is_refused_before_it_runs(tmp_path, code, monkeypatch):
    own = office(tmp_path, "acceptance-notice/layout.typ", HEAD + code)
    monkeypatch.setattr(TypstEngine, "_compiler", None)
    with pytest.raises(LayoutInvalid, match=r"第 \d+ 行：版式里不能用"):
        own.render(NOTICE)


def test_words_that_name_what_is_refused_may_be_printed(tmp_path):
    document = replace(NOTICE, body=(paragraph('#import "@preview/x" #eval("1") //'),))
    with made_by(PdfBy.TYPST):
        assert printed_text(TypstEngine(fonts()).render(document)) == document_text(document)


@pytest.mark.parametrize(
    "name", ["acceptance-notice/layout.css", "_layouts/notice/layout.html", "_layouts/_shared/shared.css"]
)
def test_a_layout_that_was_changed_for_the_other_engine_only_is_not_passed_over(tmp_path, name):
    with pytest.raises(LayoutInvalid, match="用 Typst 印不出改动") as caught:
        office(tmp_path, name, "p { color: red }").render(NOTICE)
    assert name in str(caught.value)


def test_an_unknown_layout_is_an_error_that_names_it():
    with pytest.raises(LayoutInvalid, match=re.escape("_layouts/minute/layout.typ")):
        TypstEngine(fonts()).render(replace(NOTICE, layout="minute"))


def test_the_folder_typst_works_in_goes_with_its_engine():
    engine = TypstEngine(fonts())
    engine.render(NOTICE)
    root = engine._project.root
    assert root.is_dir()
    del engine
    gc.collect()
    assert not root.exists()


LONG = (
    "https://www.example.gov.cn/" + "letters-and-visits/" * 12,
    "A" * 200,
    "1" * 120,
    "a.)!" * 50,
    "!" * 200,
)


@pytest.mark.parametrize("word", LONG)
def test_a_word_longer_than_a_line_is_broken(word):
    document = replace(NOTICE, body=(paragraph(word),))
    pages = measure(TypstEngine(fonts()).render(document))
    assert all(page.ink[2] < 210 - 26 + 1 for page in pages)
    assert "".join("".join(line.text for line in page.lines) for page in pages).count(word) == 1


def test_a_short_number_keeps_its_unit_and_no_character_stands_alone():
    for filler in range(20, 60):
        (page, *_) = measure(
            TypstEngine(fonts()).render(
                replace(NOTICE, body=(paragraph("甲" * filler + "应当自收到之日起15日内办结。"),))
            )
        )
        text = [line.text for line in page.lines]
        assert not any(line.startswith("日内") for line in text), text
        assert not any(line in {"结。", "。"} for line in text), text
        assert "".join(text).count("甲" * filler + "应当自收到之日起15日内办结。") == 1, "nothing is lost"
