"""What WeasyPrint alone promises: layouts of HTML and CSS that an office may change, and nobody else's WeasyPrint touched."""

from __future__ import annotations

import logging
import re
from dataclasses import replace

import pytest

from tests.render.examples import NOTICE
from tests.render.pdfs import engine, fonts, pdf
from xfdocs.errors import LayoutInvalid, RenderWarned
from xfdocs.render.geometry import printed_text
from xfdocs.render.text import document_text
from xfdocs.render.weasyprint_engine import WeasyPrintEngine


def office(tmp_path, name: str, text: str):
    file = tmp_path / "templates" / "acceptance-notice" / name
    file.parent.mkdir(parents=True)
    file.write_text(text, "utf-8")
    return WeasyPrintEngine(fonts(), (tmp_path / "templates",))


def test_an_office_may_lay_out_a_kind_itself(tmp_path):
    own = office(
        tmp_path, "layout.css", '@import "../_layouts/notice/layout.css"; .to { text-align: right; }'
    )
    assert own.render(NOTICE) != pdf("notice")
    assert printed_text(own.render(NOTICE)) == document_text(NOTICE)


@pytest.mark.parametrize(
    ("name", "text", "what"),
    [
        ("layout.html", "{% block", "第 1 行"),
        ("layout.html", "<html><p>{{ d.title }}</html>", "XHTML"),
        ("layout.html", "<html>{{ d.nonsense }}</html>", "nonsense"),
        ("layout.html", "<html>{{ nobody }}</html>", "nobody"),
        ("layout.html", "{% include 'missing.html' %}", "missing.html"),
        ("layout.css", "p { colour: red; }", "colour"),
        ("layout.css", '@import "nowhere.css";', "nowhere.css"),
    ],
)
def test_a_broken_layout_is_named_with_its_fault(tmp_path, name, text, what):
    with pytest.raises(LayoutInvalid, match=re.escape(what)):
        office(tmp_path, name, text).render(NOTICE)


@pytest.mark.parametrize(
    "address",
    ["file:///etc/hostname", "http://127.0.0.1:9/x.svg", "../../../pyproject.toml", "data:image/svg+xml,x"],
)
def test_a_layout_reaches_nothing_outside_its_folder(tmp_path, address, caplog):
    own = office(tmp_path, "layout.css", f"body {{ background: url('{address}') }}")
    with pytest.raises(RenderWarned, match="outside the layouts"):
        own.render(NOTICE)
    assert not caplog.records


def test_an_unknown_layout_is_an_error_that_names_it():
    with pytest.raises(LayoutInvalid, match=re.escape("_layouts/minute/layout.html")):
        engine().render(replace(NOTICE, layout="minute"))


def test_other_users_of_weasyprint_see_no_change():
    from weasyprint import HTML

    plain = HTML(string="<p style='text-align: justify; width: 5em'>aa bb cc dd ee").render()
    before = [box.width for box in plain.pages[0]._page_box.descendants() if type(box).__name__ == "TextBox"]
    engine().render(NOTICE)
    again = HTML(string="<p style='text-align: justify; width: 5em'>aa bb cc dd ee").render()
    assert before == [
        box.width for box in again.pages[0]._page_box.descendants() if type(box).__name__ == "TextBox"
    ]
    logger = logging.getLogger("weasyprint")
    assert logger.propagate
