"""The LibreOffice helper: many files in one run, each in the faces a docx names."""

from __future__ import annotations

import docx
import pikepdf
import pypdfium2
import pytest
from docx.oxml.ns import qn

from tests.libreoffice import convert
from xfdocs.render.fonts import FontBook, Role

TEXT = "云州市信访局"


def test_each_file_comes_out_in_the_faces_its_docx_names(tmp_path):
    files = []
    for number, role in enumerate((Role.FANG, Role.XBS)):
        document = docx.Document()
        run = document.add_paragraph().add_run(TEXT + "甲乙"[number])
        run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), FontBook.office_faces(role))
        files.append(tmp_path / f"{role.name}.docx")
        document.save(files[-1])
    made = convert(files, tmp_path / "pdf")
    assert [pdf.stem for pdf in made] == ["FANG", "XBS"]
    for number, (pdf, role) in enumerate(zip(made, (Role.FANG, Role.XBS), strict=True)):
        assert TEXT + "甲乙"[number] in pypdfium2.PdfDocument(pdf)[0].get_textpage().get_text_range()
        with pikepdf.open(pdf) as opened:
            named = [
                str(o["/BaseFont"])
                for o in opened.objects
                if isinstance(o, pikepdf.Dictionary) and "/BaseFont" in o
            ]
        face = FontBook.find().chain(role)[0]
        assert any(face.source.stem in name for name in named), named


def test_a_file_that_is_no_docx_is_an_error_and_not_a_missing_page(tmp_path):
    broken = tmp_path / "broken.docx"
    broken.write_bytes(b"PK\x03\x04 no package")
    with pytest.raises(RuntimeError, match=r"broken\.docx"):
        convert([broken], tmp_path / "pdf")
