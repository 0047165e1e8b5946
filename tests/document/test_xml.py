"""A Document survives its XML exactly, and its XML is what the schema says."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from tests.render.examples import EXAMPLES
from xfdocs.document.model import (
    Align,
    Cell,
    Colophon,
    Document,
    Emphasis,
    Figure,
    Heading,
    Paragraph,
    Row,
    Run,
    Table,
    TearLine,
)
from xfdocs.document.xml import document_xml, read_document_xml
from xfdocs.errors import DocumentXmlInvalid
from xfdocs.resources import shipped

SCHEMA = etree.XMLSchema(etree.parse(str(shipped("schemas", "document.xsd"))))

# What XML 1.0 can carry at all; a document cannot hold anything else, its record is XML too.
text = st.text(
    st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters="\ufffe\uffff"), max_size=12
)
words = text | st.sampled_from(("", " ", "甲 乙 ", "]]>", "<b>&amp;</b>", "\n", "\t甲", "\r", "{{ x }}"))
lengths = st.floats(0, 300, allow_nan=False)
runs = st.tuples() | st.lists(st.builds(Run, words, st.sampled_from(Emphasis)), max_size=3).map(tuple)
paragraphs = st.builds(Paragraph, runs, st.sampled_from(Align))
cells = st.builds(
    Cell,
    st.lists(paragraphs, max_size=2).map(tuple),
    st.booleans(),
    st.integers(1, 6),
    st.integers(1, 6),
    st.booleans(),
    st.booleans(),
)
rows = st.builds(Row, st.lists(cells, max_size=3).map(tuple), lengths, st.booleans())
blocks = st.one_of(
    paragraphs,
    st.builds(Heading, st.integers(1, 4), words, runs),
    st.builds(
        Table,
        st.lists(rows, max_size=2).map(tuple),
        st.lists(lengths, max_size=3).map(tuple),
        words,
        words,
        st.booleans(),
    ),
    st.builds(TearLine, words),
    st.deferred(lambda: figures),
)
figures = st.builds(
    Figure,
    st.binary(max_size=3),
    st.binary(max_size=3),
    lengths,
    lengths,
    words.filter(str.strip),
    words,
    words,
)
names = st.lists(words, max_size=3).map(tuple)
dates = st.dates(date(1900, 1, 1), date(2999, 1, 1)) | st.none()
documents = st.builds(
    Document,
    **dict.fromkeys(("kind", "kind_title", "layout", "case", "issuer", "title", "number", "head"), words),
    **dict.fromkeys(("copy_number", "secrecy", "urgency", "signer", "signatory", "note", "language"), words),
    addressees=names,
    body=st.lists(blocks, max_size=3).map(tuple),
    attachments=names,
    date=dates,
    colophon=st.builds(Colophon, names, words, dates),
    draft=st.booleans(),
)


@given(documents)
@settings(max_examples=150, deadline=None)
def test_a_document_read_back_from_its_xml_is_the_same_document(document):
    content = document_xml(document)
    assert read_document_xml(content) == document
    assert content == document_xml(document) == document_xml(read_document_xml(content))
    SCHEMA.assertValid(etree.fromstring(content))


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_example_is_valid_by_the_schema_and_survives(name):
    content = document_xml(EXAMPLES[name])
    SCHEMA.assertValid(etree.fromstring(content))
    assert read_document_xml(content) == EXAMPLES[name]


def test_every_element_and_attribute_of_the_schema_is_written_by_some_example():
    tree = etree.parse(str(shipped("schemas", "document.xsd")))
    declared = {
        node.get("name") for node in tree.iter("{*}element", "{*}attribute") if node.get("name") is not None
    }
    written: set[str] = set()
    full = Document(
        **dict.fromkeys(("kind", "kind_title", "layout", "case", "issuer", "title", "number", "head"), "甲"),
        **dict.fromkeys(("copy_number", "secrecy", "urgency", "signer", "signatory", "note"), "甲"),
        addressees=("甲",),
        attachments=("甲",),
        date=date(2026, 1, 1),
        colophon=Colophon(("甲",), "乙", date(2026, 1, 2)),
        draft=True,
        body=(
            Paragraph((Run("甲", Emphasis.KAI),), Align.CENTER),
            Heading(1, "一、", ()),
            Table(
                (Row((Cell((), True, 2, 2, True, middle=False, large=True),), 3.0, head=True),),
                (1.5,),
                "题",
                "单位：件",
                small=True,
                exact=True,
            ),
            TearLine("甲"),
            Figure(b"<svg/>", b"png", 1.5, 2, "甲", "题", "图1"),
        ),
    )
    for node in etree.fromstring(document_xml(full)).iter():
        written.add(etree.QName(node).localname)
        written.update(node.attrib)
    assert written == declared


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<a/>",
        "<文书 xmlns='urn:xfdocs:document:1'/>".encode(),
        "<文书 xmlns='urn:other'/>".encode(),
        document_xml(EXAMPLES["notice"]).replace("<段".encode(), "<块".encode(), 1),
        document_xml(EXAMPLES["notice"]).replace(b"2026-10-15", b"2026-13-15"),
    ],
)
def test_anything_else_is_refused_as_not_ours(content):
    with pytest.raises(DocumentXmlInvalid):
        read_document_xml(content)


def test_entities_are_not_expanded():
    bomb = (
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
        + document_xml(EXAMPLES["notice"]).split(b"?>\n")[1]
    )
    with_entity = bomb.replace("特此告知。".encode(), b"&x;")
    try:
        assert "特此" not in str(read_document_xml(with_entity).body[-1])
        assert read_document_xml(with_entity).body[-1] == Paragraph((Run(""),))
    except DocumentXmlInvalid:
        pass


def test_of_a_picture_it_holds_the_words_and_the_digest_and_not_the_picture():
    figure = Figure(b"<svg/>", b"png", 120, 60, "来信3件", "走势", "图1")
    document = replace(EXAMPLES["notice"], body=(figure,))
    content = document_xml(document)
    assert figure.digest.encode() in content
    assert b"svg" not in content
    (again,) = read_document_xml(content).body
    assert again == figure
    assert (again.svg, again.png) == (b"", b"")


def test_another_picture_is_another_figure():
    one = Figure(b"<svg/>", b"png", 120, 60, "来信3件", "走势")
    assert one == replace(one, svg=b"<svg/>")
    assert one != replace(one, svg=b"<svg />")
    assert one != replace(one, png=b"PNG")
