"""Bad input: one clear finding each, nothing half-read, nothing fetched, nothing expanded."""

from __future__ import annotations

import contextlib
import http.server
import os
import threading
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from tests.record.cases import chain
from tests.record.test_rules import office
from xfdocs.errors import RecordUnreadable
from xfdocs.record import reader
from xfdocs.record.findings import Verdict
from xfdocs.record.reader import MAX_BYTES, build_case, expect_to_read, parse_tree, read_bytes, read_tree
from xfdocs.record.validation import validate
from xfdocs.record.writer import write_case

GOOD = write_case(chain()).decode()


def code_of(data: bytes) -> str:
    with pytest.raises(RecordUnreadable) as caught:
        parse_tree(data, Path("记录.xml"))
    return str(caught.value.facts["finding"])


def test_a_file_of_one_gigabyte_is_refused_without_being_read(tmp_path: Path) -> None:
    huge = tmp_path / "巨大.xml"
    with huge.open("wb") as file:
        file.write(GOOD.encode())
        file.truncate(1 << 30)
    start = time.perf_counter()
    report = validate(huge, office())
    assert time.perf_counter() - start < 1
    assert [f.code for f in report.findings] == ["X02"]
    assert report.verdict is Verdict.REJECTED


def test_a_record_just_below_the_bound_is_read(tmp_path: Path) -> None:
    file = tmp_path / "大.xml"
    data = GOOD.encode()
    file.write_bytes(data + b" " * (MAX_BYTES - len(data)))
    assert read_tree(file) is not None


def test_a_file_that_grows_while_it_is_opened_is_read_to_its_end(tmp_path: Path, monkeypatch) -> None:
    file = tmp_path / "还在写.xml"
    file.write_bytes(GOOD.encode())
    sizes = SimpleNamespace(st_size=100)
    monkeypatch.setattr(reader.os, "fstat", lambda _: sizes)
    assert read_bytes(file) == GOOD.encode()
    file.write_bytes(GOOD.encode() + b" " * MAX_BYTES)
    with pytest.raises(RecordUnreadable) as caught:
        read_bytes(file)
    assert caught.value.facts["finding"] == "X02"


def test_a_file_that_is_not_there_says_so(tmp_path: Path) -> None:
    [finding] = validate(tmp_path / "没有.xml", office()).findings
    assert (finding.code, finding.message) == ("X01", "文件不存在。请检查路径。")


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    pipe = tmp_path / "管道.xml"
    os.mkfifo(pipe)
    [finding] = validate(pipe, office()).findings
    assert finding.code == "X01"


def test_what_cannot_be_read_ahead_is_left_to_whoever_reads_it(tmp_path: Path) -> None:
    pipe, file = tmp_path / "管道.xml", tmp_path / "x.xml"
    os.mkfifo(pipe)
    file.write_bytes(GOOD.encode())
    before = set(Path("/proc/self/fd").iterdir())
    expect_to_read([tmp_path / "没有.xml", tmp_path, pipe, file])
    assert set(Path("/proc/self/fd").iterdir()) == before, "nothing stays open"


BOMB = "<!DOCTYPE 信访事项 [<!ENTITY a0 'x'>{}]>".format(
    "".join(f"<!ENTITY a{i} '{f'&a{i - 1};' * 10}'>" for i in range(1, 12))
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_an_entity_bomb_is_refused_at_once_in_any_encoding(encoding: str) -> None:
    body = GOOD.replace("<信访事项", f"{BOMB}<信访事项", 1).replace("小区供水", "&a11;", 1)
    declared = {"utf-8-sig": "UTF-8", "utf-16-le": "UTF-16LE", "utf-16-be": "UTF-16BE"}.get(
        encoding, encoding
    )
    body = body.replace("UTF-8", declared.upper(), 1)
    start = time.perf_counter()
    assert code_of(body.encode(encoding)) == "X06"
    assert time.perf_counter() - start < 1


def test_an_entity_bomb_in_an_attribute_is_refused() -> None:
    body = GOOD.replace("<信访事项", f"{BOMB}<信访事项", 1).replace("YZ-20260302-0001", "&a11;", 1)
    assert code_of(body.encode()) == "X06"


@pytest.mark.parametrize(
    "prolog",
    [
        "<!DOCTYPE 信访事项>",
        "<!-- 说明 --><!DOCTYPE 信访事项>",
        "<?a b?>\n<!-- <!DOCTYPE x> -->\n\n<!DOCTYPE 信访事项 SYSTEM 'file:///etc/hostname'>",
    ],
)
def test_a_dtd_is_found_behind_comments_and_instructions(prolog: str) -> None:
    assert code_of(GOOD.replace("<信访事项", prolog + "<信访事项", 1).encode()) == "X06"


def test_the_word_doctype_in_a_comment_or_a_value_is_no_dtd() -> None:
    text = GOOD.replace("<信访事项", "<!-- <!DOCTYPE x> -->\n<信访事项", 1)
    text = text.replace("小区供水水压不足问题", "<![CDATA[<!DOCTYPE html> 打不开]]>", 1)
    case = build_case(parse_tree(text.encode(), Path("x.xml"))).case
    assert case.registration.subject == "<!DOCTYPE html> 打不开"


def test_a_long_prolog_of_spaces_costs_no_time() -> None:
    start = time.perf_counter()
    parse_tree(GOOD.replace("<信访事项", "\n" * 200_000 + "<信访事项", 1).encode(), Path("x"))
    assert time.perf_counter() - start < 2


def test_no_external_entity_or_schema_is_fetched(tmp_path: Path) -> None:
    asked: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        address = f"http://127.0.0.1:{server.server_port}"
        texts = (
            GOOD.replace("<信访事项", f"<!DOCTYPE 信访事项 SYSTEM '{address}/a.dtd'><信访事项", 1),
            GOOD.replace(
                "<信访事项 ",
                '<信访事项 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
                f'xsi:schemaLocation="urn:xfdocs:case:1 {address}/a.xsd" ',
                1,
            ),
            GOOD.replace("<信访事项", f"<?xml-stylesheet href='{address}/a.xsl'?><信访事项", 1),
        )
        for number, text in enumerate(texts):
            file = tmp_path / f"{number}.xml"
            file.write_text(text, encoding="utf-8")
            validate(file, office())
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
    assert asked == []


def test_a_local_file_named_by_an_entity_does_not_come_in(tmp_path: Path) -> None:
    secret = tmp_path / "秘密.txt"
    secret.write_text("不应读取", encoding="utf-8")
    text = GOOD.replace(
        "<信访事项", f"<!DOCTYPE 信访事项 [<!ENTITY x SYSTEM '{secret.as_uri()}'>]><信访事项", 1
    )
    file = tmp_path / "x.xml"
    file.write_text(text.replace("小区供水", "&x;", 1), encoding="utf-8")
    [finding] = validate(file, office()).findings
    assert finding.code == "X06"
    assert "不应读取" not in finding.message


@pytest.mark.parametrize("encoding", ["UTF-16", "GB18030", "UTF-8"])
def test_a_declared_encoding_is_read_as_declared(encoding: str) -> None:
    text = GOOD.replace("UTF-8", encoding, 1).replace("李清和", "𠮷㐂䶮", 1)
    case = build_case(parse_tree(text.encode(encoding), Path("x.xml"))).case
    assert case.petitioners[0].name == "𠮷㐂䶮"


def test_an_unknown_encoding_says_so() -> None:
    assert code_of(GOOD.replace("UTF-8", "KLINGON", 1).encode()) == "X05"


@pytest.mark.parametrize("sign", ["\x00", "\x08", "\x1f", "\ufffe"])
def test_control_characters_are_refused(sign: str) -> None:
    assert code_of(GOOD.replace("小区供水", f"小区{sign}供水", 1).encode()) == "X08"


@given(st.binary(max_size=200))
def test_no_bytes_whatever_raise_anything_but_unreadable(data: bytes) -> None:
    with contextlib.suppress(RecordUnreadable):
        parse_tree(data, Path("x.xml"))


@given(st.integers(0, len(GOOD) - 1), st.text(max_size=3))
def test_a_record_with_any_one_place_spoiled_is_read_or_refused_but_never_crashes(at: int, what: str) -> None:
    data = (GOOD[:at] + what + GOOD[at + 1 :]).encode("utf-8", "surrogatepass")
    try:
        root = parse_tree(data, Path("x.xml"))
    except RecordUnreadable:
        return
    assert isinstance(root, etree._Element)


def test_a_comment_inside_a_value_does_not_cut_it() -> None:
    text = GOOD.replace("小区供水水压不足问题", "小区<!-- 注 -->供水<?p q?>水压不足问题", 1)
    case = build_case(parse_tree(text.encode(), Path("x.xml"))).case
    assert case.registration.subject == "小区供水水压不足问题"
