"""Docx files of the examples, made once, and what their XML says."""

from __future__ import annotations

import io
import zipfile
from functools import cache
from typing import TYPE_CHECKING

from lxml import etree

from tests.render.examples import EXAMPLES
from xfdocs.render.docx import DocxEngine
from xfdocs.render.ooxml import W

if TYPE_CHECKING:
    from pathlib import Path


@cache
def engine() -> DocxEngine:
    return DocxEngine()


@cache
def docx(name: str) -> bytes:
    return engine().render(EXAMPLES[name])


def w(tag: str) -> str:
    return f"{{{W}}}{tag}"


def value(element: etree._Element | None, attribute: str = "val") -> str | None:
    return None if element is None else element.get(w(attribute))


def parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        return {name: file.read(name) for name in file.namelist()}


def tree(content: bytes, part: str = "word/document.xml") -> etree._Element:
    return etree.fromstring(parts(content)[part])


def text(element: etree._Element) -> str:
    """The characters of an element in reading order, white space removed."""
    return "".join("".join(node.text or "" for node in element.iter(w("t"))).split())


def body_text(content: bytes) -> str:
    return text(tree(content).find(w("body")))


def changed(source: bytes, target: Path, **replacements: tuple[str, str]) -> Path:
    """A copy of a docx as an author might have saved it: in each part, one string replaced by another."""
    target.parent.mkdir(parents=True, exist_ok=True)
    members = parts(source)
    for name, (old, new) in replacements.items():
        part = name.replace("__", "/") + ".xml"
        xml = members[part].decode()
        assert old in xml, f"{old} not in {part}"
        members[part] = xml.replace(old, new, 1).encode()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in members.items():
            file.writestr(name, data)
    return target
