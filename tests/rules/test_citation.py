"""Articles are named as the regulations name them, and read back the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xfdocs.rules import Citation, citations_in, in_order, together
from xfdocs.rules.citation import number, numeral, place

TENS = ["", "十", "二十", "三十", "四十", "五十", "六十", "七十", "八十", "九十"]
ONES = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九"]

CITATIONS = st.builds(
    Citation,
    st.sampled_from(["信访工作条例", "信访条例", "民法典"]),
    st.integers(1, 1260),
    st.none() | st.integers(1, 9),
    st.none() | st.integers(1, 20),
)


@pytest.mark.parametrize("n", range(1, 100))
def test_the_numerals_to_ninety_nine(n):
    assert numeral(n) == TENS[n // 10] + ONES[n % 10]
    assert number(numeral(n)) == n


@pytest.mark.parametrize(
    ("n", "text"),
    [
        (100, "一百"),
        (105, "一百零五"),
        (110, "一百一十"),
        (203, "二百零三"),
        (1005, "一千零五"),
        (1260, "一千二百六十"),
    ],
)
def test_longer_laws_are_counted_too(n, text):
    assert numeral(n) == text
    assert number(text) == n


@given(st.integers(1, 9999))
def test_every_numeral_reads_back(n):
    assert number(numeral(n)) == n


@pytest.mark.parametrize(
    "text", ["", "零", "一十", "一十一", "二百五", "十百", "三一", "31", "二百三", "零五"]
)
def test_what_is_no_numeral_is_refused(text):
    with pytest.raises(ValueError, match="not a number"):
        number(text)


@pytest.mark.parametrize("n", [0, -1, 10000])
def test_no_article_has_such_a_number(n):
    with pytest.raises(ValueError, match="no article"):
        numeral(n)


def test_a_citation_is_printed_with_title_article_paragraph_and_item():
    assert Citation("信访工作条例", 31, item=6).text == "《信访工作条例》第三十一条第六项"
    assert str(Citation("信访工作条例", 22, 1, 3)) == "《信访工作条例》第二十二条第一款第三项"
    assert Citation("信访条例", 21, 2).place == "第二十一条第二款"


@pytest.mark.parametrize(
    "text", ["第三十一条第6项", "三十一条", "第三十一条之一", "第一款", "第三十一条第六项第一款", ""]
)
def test_what_is_no_place_is_refused(text):
    with pytest.raises(ValueError, match="not a"):
        place(text)


@given(CITATIONS)
def test_a_printed_place_reads_back(citation):
    assert place(citation.place) == (citation.article, citation.paragraph, citation.item)
    assert citations_in(f"依据{citation.text}规定") == (citation,)


@given(st.lists(CITATIONS, min_size=1, max_size=8, unique=True))
def test_citations_printed_together_read_back_one_by_one(citations):
    assert citations_in(f"根据{together(citations)}的规定，") == tuple(citations)


def test_nothing_is_said_twice_when_citations_stand_together():
    listed = [
        Citation("信访条例", 22, 1),
        Citation("信访条例", 22, 2),
        Citation("信访条例", 36, 1, 1),
        Citation("信访条例", 36, 1, 4),
        Citation("信访条例", 36, 2),
        Citation("浙江省信访条例", 20, 1),
    ]
    assert together(listed) == (
        "《信访条例》第二十二条第一款、第二款、第三十六条第一款第一项、第四项、第二款，《浙江省信访条例》第二十条第一款"
    )


def test_citations_are_ordered_by_article_and_a_paragraph_gives_way_to_its_item():
    a, b, c = (
        Citation("信访工作条例", 32, 1),
        Citation("信访工作条例", 32, 1, 3),
        Citation("信访工作条例", 31, item=6),
    )
    assert in_order([a, b, c, b]) == (c, b)
    assert in_order([Citation("信访工作条例", 31), c]) == (c,)
    assert in_order([a]) == (a,)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("《信访工作条例》第三十六条第一款和第三款", [(36, 1, None), (36, 3, None)]),
        ("《信访工作条例》第三十一条第一项至第五项", [(31, None, 1), (31, None, 5)]),
        ("依《信访工作条例》第三十四条、第三十五条办理", [(34, None, None), (35, None, None)]),
        ("《信访工作条例》第二百五条", []),
        ("《关于答复的函》收悉，本条例第三条", []),
    ],
)
def test_citations_are_found_in_running_text(text, found):
    assert [(c.article, c.paragraph, c.item) for c in citations_in(text)] == found
