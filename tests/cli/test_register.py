"""`register`: what was issued is listed, told, declared void, proved and put into a book."""

from __future__ import annotations

import re
import shutil
import time
import tracemalloc
from importlib.metadata import version
from pathlib import Path

import openpyxl
import pytest

from tests.cli.runs import Run, tree, xfdocs
from tests.production.desks import SAMPLES, office_in
from tests.register.offices import make_office, wanted
from xfdocs.cli import issue, register
from xfdocs.document.catalogue import catalogue_of
from xfdocs.office import Office
from xfdocs.production import voiding
from xfdocs.register import mark
from xfdocs.register.register import Register

SERVED = "YZ-20260706-0012"
NUMBER = "云水信受字〔2026〕1号"
PDF_MAKER = f"weasyprint {version('weasyprint')}"


@pytest.fixture(scope="module")
def issued(tmp_path_factory: pytest.TempPathFactory) -> tuple[Office, Run]:
    """An office in which four records were issued once, in both formats, and what was said of it."""
    office = office_in(tmp_path_factory.mktemp("issued") / "单位")
    return office, xfdocs("issue", "all", "cases", "--json", cwd=office.folder)


@pytest.fixture
def office(issued: tuple[Office, Run], tmp_path: Path) -> Path:
    """A copy of it that may be spoilt."""
    shutil.copytree(issued[0].folder, tmp_path / "单位")
    return tmp_path / "单位"


@pytest.fixture
def new(tmp_path: Path) -> Path:
    """An office that has issued nothing."""
    return office_in(tmp_path / "新").folder


# --- twice, and proved ------------------------------------------------------------------------------------


def test_all_samples_are_issued_once_however_often_one_asks(tmp_path):
    office = tmp_path / "office"
    shutil.copytree(SAMPLES, office)
    words = ("issue", "all", "cases", "--format", "docx", "--jobs", 1)
    first = xfdocs(*words, cwd=office)
    assert first.code == 0, first.err
    count = int(re.search(r"新制发 (\d+) 份", first.out)[1])
    assert count > 250
    before = tree(office)
    second = xfdocs(*words, cwd=office)
    assert second.code == 0
    assert "没有需要新制发的文书" in second.out
    after = tree(office)
    assert {k: v for k, v in after.items() if not k.startswith("register/")} == {
        k: v for k, v in before.items() if not k.startswith("register/")
    }
    proof = xfdocs("register", "verify", cwd=office)
    assert (proof.code, proof.err) == (0, "")
    assert f"核对了 {count} 份文书：没有发现问题。" in proof.out


@pytest.mark.parametrize("where", [0, 0.5, 1])
def test_one_byte_of_an_issued_file_changed_is_found_and_the_file_named(where, office):
    assert xfdocs("register", "verify", cwd=office).code == 0
    file = office / "issued" / SERVED / "02-受理告知书.pdf"
    data = bytearray(file.read_bytes())
    data[int(where * (len(data) - 1))] ^= 1
    file.write_bytes(data)
    run = xfdocs("register", "verify", cwd=office)
    assert run.code == 4
    told = [line for line in run.out.splitlines() if line.startswith("不一致")]
    assert len(told) == 1
    assert f"issued/{SERVED}/02-受理告知书.pdf" in told[0]
    assert NUMBER in told[0]
    same = xfdocs("register", "verify", "--json", "--quiet", cwd=office)
    assert same.code == 4
    assert same.json["verdict"] == "broken"
    assert [fault["code"] for fault in same.json["faults"]] == ["file"]


def test_what_is_unfinished_is_no_break_and_no_pass(office, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(voiding, "tell_record", lambda *_: None)
        assert xfdocs("register", "void", NUMBER, "--why", "印错了", cwd=office).code == 0
    run = xfdocs("register", "verify", cwd=office)
    assert run.code == 1
    assert f"未做完 {NUMBER} 已经作废" in run.out
    assert xfdocs("register", "verify", "--json", cwd=office).json["verdict"] == "unfinished"


def test_a_file_that_is_not_ours_is_told_and_nothing_is_wrong(office):
    (office / "issued" / SERVED / "便条.txt").write_text("不要动我", "utf-8")
    run = xfdocs("register", "verify", cwd=office)
    assert run.code == 0
    assert "留意" in run.out
    assert "便条.txt" in run.out
    assert "便条.txt" not in xfdocs("register", "verify", "-q", cwd=office).out


def test_the_end_of_the_journal_is_told_and_can_be_held_against_it_later(office):
    head = re.search(r"流水末端 (\d+:[0-9a-f]{64})", xfdocs("register", "verify", cwd=office).out)[1]
    line, digest = head.split(":")
    assert xfdocs("register", "verify", "--json", cwd=office).json["head"] == {
        "line": int(line), "hash": digest
    }  # fmt: skip
    xfdocs("register", "void", NUMBER, "--why", "印错了", cwd=office)
    assert xfdocs("register", "verify", "--head", head, cwd=office).code == 0
    assert xfdocs("register", "verify", "--head", f"{line}:{digest[:8]}", cwd=office).code == 0
    other = "0" if digest[0] != "0" else "1"
    for wrong, said in ((f"{line}:{other}{digest[1:]}", "与记下的不同"), (f"9{line}:{digest}", "没有记下的")):
        run = xfdocs("register", "verify", "--head", wrong, cwd=office)
        assert run.code == 4
        assert said in run.out


@pytest.mark.parametrize("head", ["12", "12:zz", "12:abc", ":abcdef01", "abcdef01"])
def test_a_head_that_is_none_is_a_slip(head, office):
    run = xfdocs("register", "verify", "--head", head, cwd=office)
    assert run.code == 2
    assert "行:摘要" in run.err


# --- list -----------------------------------------------------------------------------------------------


def test_the_list_for_programs_says_what_issue_said(issued):
    office, run = issued
    said = xfdocs("register", "list", "--json", cwd=office.folder)
    assert said.code == 0
    assert len(said.lines) == len(run.lines) > 8
    for outcome, entry in zip(run.lines, said.lines, strict=True):
        assert outcome.items() <= entry.items()
        assert entry.keys() - outcome.keys() == {"id", "event", "why"}
    assert f"共 {len(run.lines)} 份：已制发 {len(run.lines)}。" in said.err


def listed(office: Path, *words: str) -> list[tuple[str, str]]:
    run = xfdocs("register", "list", "--json", *words, cwd=office)
    assert run.code == 0, run.err
    return [(line["case"], line["kind"]) for line in run.lines]


def test_the_list_can_be_narrowed(issued):
    folder = issued[0].folder
    everything = listed(folder)
    of_case = listed(folder, "--case", SERVED)
    assert of_case == [one for one in everything if one[0] == SERVED]
    assert 0 < len(of_case) < len(everything)
    notices = [one for one in everything if one[1] == "acceptance-notice"]
    assert listed(folder, "--kind", "受理告知书") == listed(folder, "--kind", "acceptance-notice") == notices
    assert listed(folder, "--kind", "受理告知书", "--case", SERVED) == [(SERVED, "acceptance-notice")]
    assert listed(folder, "--period", "2026") == everything
    assert listed(folder, "--period", "2025") == listed(folder, "--case", "YZ-0") == []
    assert listed(folder, "--state", "已作废") == []
    assert listed(folder, "--state", "已制发") == everything


def test_a_period_is_that_of_the_dates_of_the_documents(issued):
    folder = issued[0].folder
    dates = [line["date"] for line in xfdocs("register", "list", "--json", cwd=folder).lines]
    for period, first, last in (("2026-07", "2026-07-01", "2026-07-31"), ("2026Q3", "2026-07-01", "2026-09-30"),
                                ("2026-07-15..2026-07-15", "2026-07-15", "2026-07-15")):  # fmt: skip
        run = xfdocs("register", "list", "--json", "--period", period, cwd=folder)
        assert [line["date"] for line in run.lines] == [d for d in dates if first <= d <= last]
        assert run.lines


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("list", "--period", "2026Q5"), "2026-10-01..2026-10-31"),
        (("export", "-o", "a.xlsx", "--period", "去年"), "2026Q3"),
        (("list", "--kind", "受理通知"), "受理告知书"),
        (("list", "--state", "坏了"), "已制发"),
        (("export", "-o", "a.ods"), ".xlsx"),
        (("export",), "-o"),
        (("void", NUMBER), "--why"),
        (("void", NUMBER, "--why", "  "), "理由"),
        (("void", NUMBER, "--why", "长" * 501), "500"),
        (("show",), "名称"),
        (("lst",), "没有这个命令"),
    ],
)
def test_a_slip_is_told_in_one_sentence_and_changes_nothing(words, said, office):
    before = tree(office / "cases")
    run = xfdocs("register", *words, cwd=office)
    assert run.code == 2
    assert said in run.err
    assert len(run.err.splitlines()) == 1
    assert tree(office / "cases") == before
    assert not list(office.glob("a.*"))
    assert listed(office, "--state", "已作废") == []


def test_people_get_a_table_and_on_a_narrow_terminal_two_lines_for_each(issued, monkeypatch):
    folder = issued[0].folder
    wide = xfdocs("register", "list", "--case", SERVED, cwd=folder).out
    assert re.search(rf"│ \d+ +│ {NUMBER} │ 受理告知书 +│ 2026-07-15 │ {SERVED} │", wide)
    monkeypatch.setattr(register, "is_narrow", lambda columns: columns > 80)
    narrow = xfdocs("register", "list", "--case", SERVED, cwd=folder).out
    assert "│" not in narrow
    assert re.search(
        rf"^\d+  {NUMBER}  已制发\n    受理告知书；2026-07-15 成文；{SERVED}$", narrow, re.MULTILINE
    )
    assert max(map(len, narrow.splitlines())) < 60


@pytest.mark.parametrize("words", [("list",), ("show", "1"), ("void", "1", "--why", "错"), ("verify",)])
def test_an_office_that_has_issued_nothing_is_told_so_and_gets_no_register(words, new):
    run = xfdocs("register", *words, cwd=new)
    assert run.code == 1
    assert "还没有登记库" in run.err
    assert not (new / "register").exists()


def test_a_long_list_is_not_kept_in_memory(tmp_path, monkeypatch):
    office = make_office(tmp_path / "大")
    with Register.open(office) as opened, opened.begin_run({}) as run:
        for start in range(1, 8001, 2000):
            opened.reserve(run, [wanted(f"YZ-{n:08d}") for n in range(start, start + 2000)])
    seen: list[int] = []
    monkeypatch.setattr(register, "print_json", lambda value: seen.append(len(value)))

    def peak(*words: str) -> int:
        tracemalloc.start()
        assert xfdocs("register", "list", "--json", *words, cwd=office.folder).code == 0
        _, highest = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return highest

    peak("--case", "YZ-00000001")  # what is loaded once
    one = peak("--kind", "处理意见书")
    seen.clear()
    everything = peak()
    assert len(seen) == 8000
    assert everything - one < 6_000_000, "a page of five hundred, not eight thousand"


# --- show -----------------------------------------------------------------------------------------------


def test_a_document_is_told_in_plain_words_with_its_history(office, monkeypatch):
    monkeypatch.setenv("TZ", "Asia/Shanghai")
    time.tzset()
    xfdocs("register", "void", NUMBER, "--why", "印错了编号", cwd=office)
    run = xfdocs("register", "show", NUMBER, cwd=office)
    assert run.code == 0
    lines = run.out.splitlines()
    assert lines[0] == f"{NUMBER}  受理告知书  已作废"
    for said in ("作废理由：印错了编号", "标题：云州市水务局信访事项受理告知书", "由来：第 2 号事件",
                 "成文日期：2026-07-15", f"信访件编号：{SERVED}（cases/{SERVED}.xml）", "案件记录：已写明"):  # fmt: skip
        assert f"  {said}" in lines
    assert any(re.match(rf"  文件：issued/{SERVED}/02-受理告知书\.pdf（\d+ 字节）", line) for line in lines)
    assert f"    制作程序 {PDF_MAKER}" in lines
    assert f"    制作程序 docxtpl {version('docxtpl')}" in lines
    history = [line.split("  ")[-1] for line in lines[lines.index("  经过：") + 1 :]]
    assert history == ["取号", "制发：文件写好，登记摘要", "写进案件记录", "作废：印错了编号", "写进案件记录"]
    told = xfdocs("register", "show", NUMBER, "--json", cwd=office).json
    assert told["makers"] == {"docx": f"docxtpl {version('docxtpl')}", "pdf": PDF_MAKER}
    at = told["journal"][0]["at"]
    hour = (int(at[11:13]) + 8) % 24
    assert f" {hour:02d}{at[13:19]}  取号" in run.out, "local time"


@pytest.fixture(autouse=True)
def own_time(monkeypatch):
    yield
    monkeypatch.undo()
    time.tzset()


def test_it_is_found_by_whatever_it_is_called(issued):
    folder = issued[0].folder
    by_number = xfdocs("register", "show", NUMBER, cwd=folder).out
    one = xfdocs("register", "show", NUMBER, "--json", cwd=folder).json["id"]
    for name in (str(one), f"登记号 {one}", "云水信受字[2026]1号", "云水信受字〔２０２６〕1"):
        assert xfdocs("register", "show", name, cwd=folder).out == by_number
    case = xfdocs("register", "show", SERVED, cwd=folder).out
    assert by_number.strip() in case
    assert case.count("经过：") == len(listed(folder, "--case", SERVED))


def test_what_is_not_there_is_told_with_what_looks_like_it(issued):
    run = xfdocs("register", "show", "云水信受字〔2026〕11号", cwd=issued[0].folder)
    assert run.code == 1
    assert "是不是" in run.err
    assert NUMBER in run.err


# --- void -----------------------------------------------------------------------------------------------


def documents(office: Path) -> dict[str, bytes]:
    """The issued files, without the mark that tells how far the journal has come."""
    return {name: data for name, data in tree(office / "issued").items() if name != mark.NAME}


def test_what_is_void_says_so_everywhere_and_the_next_is_made_with_a_new_number(office):
    before = documents(office)
    run = xfdocs("register", "void", NUMBER, "--why", "印错了编号", cwd=office)
    assert (run.code, run.err) == (0, "")
    assert f"已作废：{NUMBER} 受理告知书" in run.out
    assert "现在没有有效的受理告知书" in run.out
    assert "新号" in run.out
    assert documents(office) == before, "the files stay"
    record = (office / "cases" / f"{SERVED}.xml").read_text("utf-8")
    assert "印错了编号" in record
    assert listed(office, "--state", "已作废") == [(SERVED, "acceptance-notice")]
    again = xfdocs("issue", "all", f"cases/{SERVED}.xml", "--format", "docx", "--json", cwd=office)
    assert again.code == 0
    (new,) = [line for line in again.lines if line["state"] == "issued"]
    assert new["kind"] == "acceptance-notice"
    assert new["number"] not in {NUMBER, ""}
    assert f"同一事件的另一份：{new['number']}，已制发" in xfdocs("register", "show", NUMBER, cwd=office).out
    assert xfdocs("register", "verify", cwd=office).code == 0


def test_a_name_that_several_have_voids_none_of_them(office):
    run = xfdocs("register", "void", SERVED, "--why", "印错了", cwd=office)
    assert run.code == 2
    ids = re.findall(r"登记号 (\d+)", run.err)
    assert len(ids) == len(listed(office, "--case", SERVED))
    assert NUMBER in run.err
    assert listed(office, "--state", "已作废") == []
    assert xfdocs("register", "void", ids[0], "--why", "印错了", cwd=office).code == 0


def test_what_was_broken_off_between_register_and_record_is_finished_by_the_same_command(office, monkeypatch):
    words = ("register", "void", NUMBER, "--why", "印错了编号", "--json")
    record = office / "cases" / f"{SERVED}.xml"
    before = record.read_bytes()

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(voiding, "tell_record", killed)
        assert xfdocs(*words, cwd=office).code == 130
    assert record.read_bytes() == before
    assert xfdocs(*words, cwd=office).code == 0
    assert "印错了编号" in record.read_text("utf-8")
    third = xfdocs(*words, cwd=office)
    assert third.code == 1
    assert "已经作废" in third.err


def test_a_record_that_cannot_be_told_is_named_and_told_by_the_next_try(office):
    record = office / "cases" / f"{SERVED}.xml"
    record.rename(office / "别处.xml")
    words = ("register", "void", NUMBER, "--why", "印错了编号")
    run = xfdocs(*words, cwd=office)
    assert run.code == 1
    assert f"{SERVED}.xml" in run.out
    assert "还没有写明" in run.out
    (office / "别处.xml").rename(record)
    assert xfdocs(*words, cwd=office).code == 0
    assert "印错了编号" in record.read_text("utf-8")


# --- export ---------------------------------------------------------------------------------------------


def test_the_book_has_what_the_register_and_the_records_have(office):
    letter = SAMPLES / "cases" / "YZ-20261009-0014.xml"
    shutil.copy(letter, office / "cases")
    run = xfdocs("register", "export", "-o", "簿.xlsx", "--json", cwd=office)
    assert run.code == 0, run.err
    everything = listed(office)
    assert run.json == {"file": "簿.xlsx", "outgoing": len(everything), "incoming": 1, "left_out": 0}
    book = openpyxl.load_workbook(office / "簿.xlsx")
    head, *rows = book["发文登记簿"].iter_rows(values_only=True)
    assert [row[head.index("信访件编号")] for row in rows] == [case for case, _ in everything]
    head, row = book["收文登记簿"].iter_rows(values_only=True)
    assert row[head.index("来文机关")] == "江北省信访局"
    assert row[head.index("收到日期")].date().isoformat() == "2026-10-09"


def test_a_book_of_a_period_has_that_period_only(office):
    shutil.copy(SAMPLES / "cases" / "YZ-20261009-0014.xml", office / "cases")
    run = xfdocs("register", "export", "-o", "簿.xlsx", "--period", "2026Q3", "--json", cwd=office)
    assert run.json["incoming"] == 0
    assert run.json["outgoing"] == len(listed(office, "--period", "2026Q3")) < len(listed(office))
    assert (
        xfdocs("register", "export", "-o", "月.xlsx", "--period", "2026-10", "--json", cwd=office).json[
            "incoming"
        ]
        == 1
    )


def test_a_record_that_cannot_be_read_is_named_and_the_book_is_made_without_it(office):
    (office / "cases" / "坏.xml").write_text("不是记录", "utf-8")
    run = xfdocs("register", "export", "-o", "簿.xlsx", cwd=office)
    assert run.code == 1
    assert "坏.xml" in run.err
    assert (office / "簿.xlsx").is_file()


def test_a_record_with_the_number_of_another_is_named_and_not_in_the_book_twice(office):
    letter = SAMPLES / "cases" / "YZ-20261009-0014.xml"
    shutil.copy(letter, office / "cases")
    shutil.copy(letter, office / "cases" / "副本.xml")
    run = xfdocs("register", "export", "-o", "簿.xlsx", "--json", cwd=office)
    assert run.code == 1
    assert "副本.xml 的编号与" in run.err
    assert (run.json["incoming"], run.json["left_out"]) == (1, 1)


def test_the_summary_of_a_run_has_the_kinds_in_the_order_of_the_catalogue(office, monkeypatch):
    monkeypatch.setattr(issue, "_FEW", 0)
    said = xfdocs("issue", "all", "cases", "--format", "docx", cwd=office).out
    order = [kind.title for kind in catalogue_of(Office.open(office)).kinds.values()]
    titles = [title for title in re.findall(r"^│ (\S+)", said, re.MULTILINE) if title in order]
    assert len(titles) > 3
    assert titles == sorted(titles, key=order.index)


def test_a_void_document_without_a_number_is_not_said_to_get_a_new_one(office):
    entries = xfdocs("register", "list", "--json", "--case", SERVED, cwd=office).lines
    which = next(entry["id"] for entry in entries if not entry["number"])
    voided = xfdocs("register", "void", f"登记号{which}", "--why", "印错", cwd=office)
    assert voided.code == 0
    assert "重新制发" in voided.out
    assert "新号" not in voided.out


def test_the_notes_in_a_book_are_not_lost(office):
    assert xfdocs("register", "export", "-o", "簿.xlsx", cwd=office).code == 0
    book = openpyxl.load_workbook(office / "簿.xlsx")
    book["发文登记簿"]["P2"] = "已归卷"
    book.save(office / "簿.xlsx")
    run = xfdocs("register", "export", "-o", "簿.xlsx", cwd=office)
    assert run.code == 1
    assert "没有覆盖" in run.err
    assert openpyxl.load_workbook(office / "簿.xlsx")["发文登记簿"]["P2"].value == "已归卷"
