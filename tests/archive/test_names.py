"""Names of files: every system takes ours, and a name from outside is seen for what it is."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xfdocs.archive import names
from xfdocs.archive.names import LONGEST, Names, PathFlaw, collisions, path_flaws, safe_name, same_key, shown

ODD = st.sampled_from(
    list(' ./\\:%*?|<>"~con.prn1auxCOM¹\u0338e\u0301\u200b\u202e\x00\ud800\ufffe\ue000长信访𪚥')
)
NAMES = st.text(st.one_of(ODD, st.characters()), max_size=250)


@given(NAMES)
def test_every_name_becomes_one_that_every_system_takes(name):
    safe = safe_name(name)
    assert safe
    assert path_flaws(safe) == ()
    assert not {"/", "\\", "%"} & set(safe)
    assert not safe.startswith(".")
    assert len(safe.encode()) <= LONGEST


@given(NAMES)
def test_a_safe_name_stays_as_it_is(name):
    assert safe_name(safe_name(name)) == safe_name(name)


@given(
    st.lists(
        st.one_of(st.sampled_from(["a.pdf", "A.PDF", "a-2.pdf", "é.txt", "e\u0301.TXT", "ß", "SS"]), NAMES),
        max_size=12,
    )
)
def test_in_one_folder_no_system_takes_two_names_for_one(wanted):
    taken, again = Names(), Names()
    ours = [taken.take(name) for name in wanted]
    assert collisions(ours) == []
    assert len(set(ours)) == len(wanted)
    assert all(path_flaws(one) == () and len(one.encode()) <= LONGEST for one in ours)
    assert ours == [again.take(name) for name in wanted]


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("信封 .JPG", "信封.JPG"),
        ("关于供暖的答复.docx", "关于供暖的答复.docx"),
        ("cafe\u0301.txt", "café.txt"),
        ("CON", "_CON"),
        ("con.tar.gz", "_con.tar.gz"),
        ("LPT¹.txt", "_LPT¹.txt"),
        ("console.txt", "console.txt"),
        ("几点:几分?.doc", "几点：几分？.doc"),
        ("满意率95%.xlsx", "满意率95％.xlsx"),
        ("../../etc/passwd", "_._.._etc_passwd"),
        ("C:\\信访\\来信.pdf", "C：_信访_来信.pdf"),
        ("发票\u202efdp.exe", "发票fdp.exe"),
        ("结尾有点...", "结尾有点"),
        ("   ", "未命名"),
        ("\u3000来信\u3000.txt\u00a0", "来信.txt"),
        ("..", "未命名"),
        (".pdf", "未命名.pdf"),
        ("a\x00b\n.txt", "ab.txt"),
        ("生僻字𪚥.txt", "生僻字𪚥.txt"),
    ],
)
def test_a_name_as_people_send_it(name, safe):
    assert safe_name(name) == safe


def test_a_name_too_long_keeps_its_extension_and_whole_characters():
    safe = safe_name("长" * 200 + ".pdf")
    assert safe == "长" * 58 + ".pdf"
    assert len(safe.encode()) <= LONGEST
    assert safe_name("x" * 300) == "x" * LONGEST


def test_the_second_file_of_a_name_is_numbered_before_its_extension():
    names = Names(["已有.pdf"])
    assert [names.take(name) for name in ("a.pdf", "A.PDF", "a.pdf", "a-2.pdf", "已有.pdf")] == [
        "a.pdf", "A-2.PDF", "a-3.pdf", "a-2-2.pdf", "已有-2.pdf",
    ]  # fmt: skip
    long = "长" * 80 + ".pdf"
    assert names.take(long) != (second := names.take(long))
    assert second.endswith("-2.pdf")
    assert len(second.encode()) <= LONGEST


def test_ten_thousand_files_of_one_name_are_numbered_through():
    names = Names()
    ours = [names.take("照片.jpg") for _ in range(10_000)]
    assert ours[0] == "照片.jpg"
    assert ours[-1] == "照片-10000.jpg"


@pytest.mark.parametrize(
    ("path", "flaw"),
    [
        ("/etc/passwd", PathFlaw.ABSOLUTE),
        ("\\\\server\\share", PathFlaw.ABSOLUTE),
        ("C:/Windows", PathFlaw.DRIVE),
        ("c:x", PathFlaw.DRIVE),
        ("data/../../x", PathFlaw.PARENT),
        ("data\\..\\x", PathFlaw.PARENT),
        ("data\\x", PathFlaw.BACKSLASH),
        ("data//x", PathFlaw.EMPTY),
        ("data/./x", PathFlaw.EMPTY),
        ("", PathFlaw.EMPTY),
        ("data/", PathFlaw.EMPTY),
        ("data/a\nb", PathFlaw.CONTROL),
        ("data/\u202efdp.exe", PathFlaw.CONTROL),
        ("data/\udcff", PathFlaw.CONTROL),
        ("data/nul", PathFlaw.RESERVED),
        ("data/Com7.tar.gz/x", PathFlaw.RESERVED),
        ("data/aux .txt", PathFlaw.RESERVED),
        ("data/a?b", PathFlaw.FORBIDDEN),
        ("data/a ", PathFlaw.ENDING),
        ("data/a\u3000", PathFlaw.ENDING),
        ("data/a./b", PathFlaw.ENDING),
        ("data/e\u0301", PathFlaw.NOT_NFC),
        ("data/" + "长" * 90, PathFlaw.LONG),
    ],
)
def test_a_path_that_will_not_do_is_seen(path, flaw):
    assert flaw in path_flaws(path)


def test_what_leads_out_of_a_package_is_told_apart_from_what_is_only_awkward():
    assert {flaw for flaw in PathFlaw if not flaw.unsafe} == {
        PathFlaw.RESERVED, PathFlaw.FORBIDDEN, PathFlaw.ENDING, PathFlaw.NOT_NFC, PathFlaw.LONG,
    }  # fmt: skip


@pytest.mark.parametrize(
    "path", ["data/representations/original/data/文书/01-云建信答字〔2026〕3号.pdf", "bagit.txt", "data/..a"]
)
def test_an_ordinary_path_is_fine(path):
    assert path_flaws(path) == ()


@given(st.lists(NAMES, min_size=1, max_size=3).map("/".join))
def test_the_quick_look_at_a_path_sees_what_the_long_one_sees(path):
    assert path_flaws(path) == names._looked_at(path)


@pytest.mark.parametrize(
    "path", ["x/con/y", "NUL", "a/com1 .x", "a.", "./a", "a/..", "", "/", "a//b", "a:b", "长" * 86, "..."]
)
def test_the_quick_look_misses_nothing_rare(path):
    assert path_flaws(path) == names._looked_at(path) != ()


@pytest.mark.parametrize(
    ("paths", "groups"),
    [
        (["data/A.txt", "data/a.txt", "data/b.txt"], [("data/A.txt", "data/a.txt")]),
        (["data/é", "data/e\u0301"], [("data/e\u0301", "data/é")]),
        (["data/X/1", "data/x/2"], [("data/X", "data/x")]),
        (["data/x", "data/X/1"], [("data/X/1", "data/x")]),
        (["data/x", "data/x"], []),
        (["a/x", "b/x"], []),
    ],
    ids=["capitals", "normal forms", "folders", "file and folder", "the same", "elsewhere"],
)
def test_names_that_some_system_takes_for_one(paths, groups):
    assert collisions(paths) == groups


@given(st.text(max_size=20))
def test_one_name_in_any_spelling_has_one_key(name):
    forms = {same_key(unicodedata.normalize(form, name)) for form in ("NFC", "NFD")}
    assert len(forms) == 1
    assert same_key(same_key(name)) == same_key(name)
    assert same_key("信ABé") == same_key("信abE\u0301")


def test_a_name_one_cannot_see_is_shown_escaped():
    assert shown("data/a\u202eb\udcff\n信") == "data/a\\u202eb\\udcff\\n信"
