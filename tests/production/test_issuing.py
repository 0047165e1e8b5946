"""Issuing: numbers in the order of the records, each document once, the record told of it."""

from __future__ import annotations

import re
import shutil
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.production.desks import CASES, SAMPLES, TODAY, entries, issued, office_in, state
from xfdocs.document.catalogue import catalogue_of
from xfdocs.errors import ClusterUnreachable, EntryVoid, RegisterBroken, UsageFault
from xfdocs.office import Office
from xfdocs.pdf_by import PdfBy
from xfdocs.production import issuing
from xfdocs.production.chunk import chunk_size
from xfdocs.production.desk import Order
from xfdocs.production.issuing import issue
from xfdocs.production.outcome import Outcome
from xfdocs.production.voiding import naming, void
from xfdocs.record.model import Case
from xfdocs.record.validation import read_case, validate
from xfdocs.register.register import Register
from xfdocs.register.verify import verify

SERVED = "YZ-20260706-0012"
"""Registered, transferred, accepted, answered, served."""


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return office_in(tmp_path / "office")


def record(office: Office, case: str = SERVED) -> Path:
    return office.folder / "cases" / f"{case}.xml"


def case_of(office: Office, case: str = SERVED) -> Case:
    return read_case(record(office, case))


def words(path: Path) -> str:
    with zipfile.ZipFile(path) as package:
        return re.sub("<[^>]+>", "", package.read("word/document.xml").decode())


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def again(office: Office) -> Office:
    """The same office as another process would open it."""
    return Office.open(office.folder)


# --- numbers ---------------------------------------------------------------------------------------------


def test_numbers_follow_the_records_and_begin_at_one_in_every_series_and_year(office):
    outcomes = issued(office)
    assert {outcome.state for outcome in outcomes} == {"issued"}
    assert [o.case for o in outcomes] == sorted(o.case for o in outcomes)
    by_series: dict[str, list[int]] = {}
    for outcome in filter(lambda o: o.number, outcomes):
        match = re.fullmatch(r"(.+〔(\d{4})〕)([1-9]\d*)号", outcome.number)
        assert match, outcome.number
        assert match[2] == outcome.date[:4]
        by_series.setdefault(match[1], []).append(int(match[3]))
    assert by_series
    for series, numbers in by_series.items():
        assert numbers == [*range(1, len(numbers) + 1)], series


def test_a_series_goes_on_after_what_was_used_before_the_program(tmp_path):
    office = office_in(tmp_path / "o", used={"云信转字〔2026〕": 57})
    numbers = [o.number for o in issued(office) if o.number.startswith("云信转字〔2026〕")]
    assert numbers == ["云信转字〔2026〕58号"]


def test_the_form_of_a_number_is_the_offices_own(tmp_path):
    office = office_in(tmp_path / "o", forms={"转": "云信转送〔{year}〕{n}号"})
    numbers = {outcome.number for outcome in issued(office) if outcome.kind == "transfer-letter"}
    assert "云信转送〔2026〕1号" in numbers


def test_a_signer_no_record_could_name_stops_everything_before_a_number_is_taken(office):
    for signer in ("卓\x01清扬", "卓" * 101):
        with pytest.raises(UsageFault, match="签发人应为姓名"):
            issued(office, signer=signer)
    assert entries(office) == []
    assert {outcome.why for outcome in issued(office, signer=" 卓清扬\n")} == {""}
    assert {document.signer for document in case_of(office).issued} == {"卓清扬"}


def test_a_record_with_the_longest_name_is_told_what_was_issued(office):
    path = record(office).rename(record(office).with_name("甲" * 83 + ".xml"))
    assert {outcome.why for outcome in issued(office)} == {""}
    assert read_case(path).issued


# --- once ------------------------------------------------------------------------------------------------


def test_a_record_named_in_several_ways_is_one_record(office, monkeypatch):
    monkeypatch.chdir(office.folder)
    path = record(office)
    ways = [path, path.relative_to(office.folder), path.parent, Path("cases/../cases") / path.name]
    outcomes = list(issue(None, ways, office, on=TODAY, formats=("docx",)))
    assert {outcome.state for outcome in outcomes} == {"issued"}


def test_a_second_link_to_a_record_is_told_as_such_and_not_as_another_case(office):
    for make, link in ((Path.symlink_to, record(office, "zz")), (Path.hardlink_to, record(office, "zzz"))):
        make(link, record(office))
    told = [outcome.why for outcome in issued(office) if outcome.state == "refused"]
    assert len(told) == 2
    assert all("是同一个文件" in why and "请去掉多余的链接" in why for why in told)


def test_the_second_run_issues_nothing_and_changes_no_byte(office):
    first = issued(office)
    before = state(office)
    second = issued(again(office))
    assert {o.state for o in second} == {"existing"}
    assert [(o.number, o.sha256) for o in second] == [(o.number, o.sha256) for o in first]
    assert state(office) == before


def test_kind_by_kind_gives_each_document_once(office):
    catalogue = catalogue_of(office)
    paths = [office.folder / "cases"]
    one = list(issue([catalogue.kind("受理告知书")], paths, office, on=TODAY, formats=("docx",)))
    assert {o.kind for o in one} == {"acceptance-notice"}
    rest = issued(again(office))
    assert {o.kind for o in rest if o.state == "existing"} == {"acceptance-notice"}
    assert len({(o.case, o.kind, o.number) for o in rest}) == len(rest)


def test_the_record_says_what_was_issued_and_is_still_accepted(office):
    outcomes = [o for o in issued(office, signer="卓清扬") if o.case == SERVED]
    case = case_of(office)
    assert [(i.kind, i.number or "", i.date.isoformat()) for i in case.issued] == [
        (o.kind_title, o.number, o.date) for o in outcomes
    ]
    assert {i.signer for i in case.issued} == {"卓清扬"}
    for told, outcome in zip(case.issued, outcomes, strict=True):
        (file,) = told.files
        assert file.sha256 == outcome.sha256["docx"]
        assert outcome.files["docx"].name == file.name
    assert validate(record(office), office).accepted


def test_a_proof_of_service_names_the_number_of_what_it_serves(office):
    outcomes = {o.kind: o for o in issued(office) if o.case == SERVED}
    opinion, receipt = outcomes["handling-opinion"], outcomes["service-receipt"]
    assert opinion.number
    assert opinion.number in words(receipt.files["docx"])


def test_a_proof_of_service_waits_for_what_it_serves(office):
    kinds = [catalogue_of(office).kind("送达回证")]
    (outcome,) = issue(kinds, [record(office)], office, on=TODAY, formats=("docx",))
    assert outcome.state == "refused"
    assert "处理意见书还没有制发" in outcome.why
    assert entries(office) == []


# --- refused before a number -----------------------------------------------------------------------------


def refused_alone(office: Office, case: str) -> str:
    """Why the documents of one record are refused; everybody else's are issued."""
    outcomes = issued(again(office))
    mine = [o for o in outcomes if o.case == case]
    assert {o.state for o in mine} == {"refused"}
    assert {o.state for o in outcomes if o.case != case} == {"issued"}
    assert not [e for e in entries(office) if e["case"] == case]
    assert not (office.folder / "issued" / case).exists()
    return mine[0].why or mine[0].findings[0].message


def test_a_record_that_validation_rejects_takes_no_number(office):
    edit(record(office, CASES[1]), "<收到日期>2026-09-14", "<收到日期>2027-09-14")
    refused_alone(office, CASES[1])


def test_a_character_no_font_has_takes_no_number(office):
    path = record(office, CASES[3])
    name = re.search("<姓名>(.+?)</姓名>", path.read_text("utf-8"))
    assert name
    edit(path, name[0], f"<姓名>{name[1]}\U0003ffff</姓名>".replace("\U0003ffff", "\ue000"))
    outcomes = [o for o in issued(again(office)) if o.case == CASES[3]]
    assert any("没有字体能印出" in o.why and "U+E000" in o.why for o in outcomes if o.state == "refused")


def test_two_files_with_one_number_are_told_apart_before_anything_is_made(office):
    twin = office.folder / "cases" / "zz.xml"
    twin.write_bytes(record(office, CASES[1]).read_bytes())
    outcomes = issued(office)
    (mine,) = [o for o in outcomes if o.state == "refused"]
    assert mine.findings[0].code == "C18"
    assert mine.findings[0].file == twin


def test_a_later_file_with_the_number_of_an_issued_case_gets_no_documents_of_that_case(office):
    issued(office)
    twin = office.folder / "later" / "other.xml"
    twin.parent.mkdir()
    data = (office_in(office.folder / "fresh", [CASES[1]]).folder / "cases" / f"{CASES[1]}.xml").read_bytes()
    twin.write_bytes(data)
    (outcome,) = issue(None, [twin], again(office), on=TODAY, formats=("docx",))
    assert outcome.state == "refused"
    assert outcome.findings[0].code == "C18"
    assert twin.read_bytes() == data


def test_a_record_that_was_moved_keeps_its_documents(office):
    issued(office)
    new = office.folder / "cases" / "2026" / f"{CASES[1]}.xml"
    new.parent.mkdir()
    record(office, CASES[1]).rename(new)
    assert {o.state for o in issued(again(office)) if o.case == CASES[1]} == {"existing"}


def test_a_number_typed_by_hand_that_the_register_never_gave_stops_its_record(office):
    path = record(office, CASES[1])
    hand = "<文书><种类>函</种类><文号>云信转字〔2026〕9号</文号><日期>2026-09-20</日期></文书>"
    edit(path, "</办理>", f"</办理>{hand}")
    assert "云信转字〔2026〕9号" in refused_alone(office, CASES[1])


def test_a_format_that_is_asked_for_later_is_made_under_the_same_number(office):
    paths = [record(office)]

    def run(*formats: str) -> list[Outcome]:
        return list(issue(None, paths, again(office), on=TODAY, formats=formats))

    first = run("docx")
    both = run("docx", "pdf")
    assert {(o.state, o.added) for o in both} == {("existing", ("pdf",))}
    assert [(o.number, o.sha256["docx"]) for o in both] == [(o.number, o.sha256["docx"]) for o in first]
    assert all(o.files["pdf"].read_bytes().startswith(b"%PDF") for o in both)
    assert [[f.format for f in told.files] for told in case_of(office).issued] == [["docx", "pdf"]] * len(
        both
    )
    before = state(office)
    assert not any(o.why for o in run("pdf"))
    assert state(office) == before
    with Register.open(office) as register:
        assert list(verify(register, office)) == []


def test_a_further_format_is_not_made_of_a_record_that_would_say_something_else(office):
    paths = [record(office)]
    list(issue(None, paths, office, on=TODAY, formats=("docx",)))
    path = record(office)
    path.write_text(re.sub("<姓名>(.)", "<姓名>苏\\1", path.read_text("utf-8"), count=1), "utf-8")
    outcomes = {o.kind: o for o in issue(None, paths, again(office), on=TODAY, formats=("docx", "pdf"))}
    notice = outcomes["acceptance-notice"]
    assert "没有补制" in notice.why
    assert set(notice.files) == {"docx"}


def test_a_number_typed_by_hand_is_told_also_where_nothing_is_to_be_issued(office):
    issued(office)
    path = record(office, CASES[1])
    hand = "<文书><种类>函</种类><文号>云信转字〔2026〕4000号</文号><日期>2026-09-20</日期></文书>"
    edit(path, "</办理>", f"</办理>{hand}")
    mine = [o for o in issued(again(office)) if o.case == CASES[1]]
    assert {o.state for o in mine} == {"existing", "refused"}
    assert any("云信转字〔2026〕4000号" in o.why for o in mine)


# --- what people do in between ---------------------------------------------------------------------------


def test_a_record_restored_from_a_backup_is_told_again(office):
    before = record(office).read_bytes()
    issued(office)
    after = record(office).read_bytes()
    record(office).write_bytes(before)
    outcomes = [o for o in issued(again(office)) if o.case == SERVED]
    assert {o.state for o in outcomes} == {"existing"}
    assert record(office).read_bytes() == after


def test_what_was_issued_from_other_facts_is_not_written_into_the_record(office):
    before = record(office).read_text("utf-8")
    issued(office)
    changed = re.sub("<姓名>(.)", "<姓名>苏\\1", before, count=1)
    record(office).write_text(changed, "utf-8")
    outcomes = [o for o in issued(again(office)) if o.case == SERVED]
    assert {o.state for o in outcomes} == {"existing"}
    assert any("不一致" in o.why for o in outcomes)
    told = {i.kind for i in case_of(office).issued}
    assert "受理告知书" not in told  # it names the petitioner
    assert record(office).read_text("utf-8").replace("\r", "").startswith(changed[: changed.index("</办理>")])


def test_a_comment_of_a_person_survives_and_hinders_nothing(office):
    before = record(office).read_text("utf-8")
    issued(office)
    record(office).write_text(before.replace("<登记>", "<!-- 已核对 --><登记>", 1), "utf-8")
    outcomes = [o for o in issued(again(office)) if o.case == SERVED]
    assert not any(o.why for o in outcomes)
    assert "<!-- 已核对 -->" in record(office).read_text("utf-8")
    assert len(case_of(office).issued) == len(outcomes)


def test_a_register_older_than_the_documents_gives_no_number(office):
    first, *_ = CASES
    list(issue(None, [record(office, first)], office, on=TODAY, formats=("docx",)))
    shutil.copytree(office.folder / "register", office.folder / "backup")
    issued(again(office))
    shutil.rmtree(office.folder / "register")
    (office.folder / "backup").rename(office.folder / "register")
    with pytest.raises(RegisterBroken, match="恢复了旧的备份"):
        issued(again(office))


def test_documents_and_register_restored_together_are_one_again(office):
    first, *_ = CASES
    list(issue(None, [record(office, first)], office, on=TODAY, formats=("docx",)))
    backup = office.folder.parent / "backup"
    shutil.copytree(office.folder, backup)
    issued(again(office))
    shutil.rmtree(office.folder)
    backup.rename(office.folder)
    assert {o.state for o in issued(again(office))} == {"existing", "issued"}


# --- void ------------------------------------------------------------------------------------------------


def test_a_void_number_stays_used_and_the_next_run_makes_the_document_anew(office):
    first = {o.kind: o for o in issued(office) if o.case == SERVED}["acceptance-notice"]
    with Register.open(office) as register:
        (entry,) = register.find(first.number)
        assert void(register, office, entry, "姓名有误") is None
    (told,) = [i for i in case_of(office).issued if i.number == first.number]
    assert told.void == "姓名有误"
    old = first.files["docx"].read_bytes()
    second = {o.kind: o for o in issued(again(office)) if o.case == SERVED}["acceptance-notice"]
    assert second.state == "issued"
    assert second.number != first.number
    assert second.files["docx"] != first.files["docx"]
    assert first.files["docx"].read_bytes() == old
    assert validate(record(office), office).accepted
    assert {o.state for o in issued(again(office))} == {"existing"}


def test_a_document_without_a_number_is_made_anew_once_and_then_there_is_nothing_more_to_say(office):
    form = next(o for o in issued(office) if o.case == SERVED and not o.number)
    with Register.open(office) as register:
        (entry,) = [e for e in register.find(SERVED) if (e.kind, e.event) == (form.kind, 0)]
        assert void(register, office, entry, "印错") is None
    (anew,) = [o for o in issued(again(office)) if o.state == "issued"]
    assert anew.kind == form.kind
    third = issued(again(office))
    assert {(o.state, o.why) for o in third} == {("existing", "")}
    (now,) = [o for o in third if o.case == SERVED and o.kind == form.kind]
    assert now.files == anew.files


def test_voiding_needs_a_reason_and_happens_once(office):
    number = next(o.number for o in issued(office) if o.number)
    with Register.open(office) as register:
        (entry,) = register.find(number)
        with pytest.raises(UsageFault):
            void(register, office, entry, "  ")
        void(register, office, entry, "重复")
        (entry,) = register.find(number)
        with pytest.raises(EntryVoid):
            void(register, office, entry, "再次")


# --- wherever the work is done ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    office = office_in(tmp_path_factory.mktemp("undisturbed") / "office")
    issued(office)
    return state(office)


@pytest.mark.parametrize("size", [1, 3])
def test_the_size_of_chunks_changes_nothing(office, undisturbed, monkeypatch, size):
    monkeypatch.setattr(issuing, "chunk_size", lambda _: size)
    issued(office)
    assert state(office) == undisturbed


def test_a_chunk_is_as_much_work_whatever_is_made():
    def size(formats: tuple[str, ...], by: PdfBy) -> int:
        return chunk_size(Order(Path(), "", TODAY, None, formats, by))

    assert size(("docx",), PdfBy.WEASYPRINT) == size(("docx",), PdfBy.TYPST) == 50
    assert size(("docx", "pdf"), PdfBy.WEASYPRINT) == size(("pdf",), PdfBy.WEASYPRINT) == 4
    assert size(("docx", "pdf"), PdfBy.TYPST) == size(("pdf",), PdfBy.TYPST) == 12


def test_processes_make_the_same_bytes(office, undisturbed, monkeypatch):
    monkeypatch.setattr(issuing, "chunk_size", lambda _: 1)
    issued(office, jobs=2)
    assert state(office) == undisturbed


def test_any_executor_will_do(office, undisturbed, monkeypatch):
    monkeypatch.setattr(issuing, "chunk_size", lambda _: 1)
    with ThreadPoolExecutor(1) as executor:
        issued(office, executor=executor)
    assert state(office) == undisturbed


def test_progress_counts_records_and_outcomes_come_as_they_are_made(office, monkeypatch):
    monkeypatch.setattr(issuing, "chunk_size", lambda _: 1)
    seen: list[str] = []

    class Watch:
        def advance(self, steps: int = 1, note: str = "") -> None:
            seen.append(note)

    outcomes = issue(None, [office.folder / "cases"], office, on=TODAY, formats=("docx",), progress=Watch())
    next(outcomes)
    assert len(entries(office)) < 15
    outcomes.close()
    rest = issued(again(office))
    assert {o.state for o in rest} == {"existing", "issued"}
    assert seen[:1] == []


def told_of(run: Callable[..., object], office: Office) -> list[str]:
    said: list[str] = []
    run(office, tell=said.append)
    return said


def test_numbers_that_a_broken_run_left_without_a_document_are_counted(office, monkeypatch):
    def broken(_task: object) -> None:
        raise MemoryError

    with monkeypatch.context() as patch:
        patch.setattr(issuing, "make", broken)
        with pytest.raises(MemoryError):
            issued(office)
    left = len(entries(office))
    assert left > 0
    (said,) = told_of(issued, again(office))
    assert f"有 {left} 份取了号" in said


def test_templates_that_changed_since_a_broken_run_are_named(office, monkeypatch):
    monkeypatch.setattr(issuing, "chunk_size", lambda _: 1)
    broken = issue(None, [office.folder / "cases"], office, on=TODAY, formats=("docx",))
    next(broken)
    broken.close()
    own = office.folder / "templates" / "acceptance-notice"
    own.mkdir(parents=True)
    shipped = catalogue_of(office).kind("受理告知书").wording.read_text("utf-8")
    (own / "wording.md").write_text(shipped + "\n特此告知。\n", "utf-8")
    said = told_of(issued, again(office))
    assert any("没有做完" in line for line in said)
    assert any("受理告知书" in line and "有改动" in line for line in said)
    assert told_of(issued, again(office)) == []


def test_a_cluster_that_is_not_there_leaves_no_broken_run_behind(office):
    with pytest.raises(ClusterUnreachable):
        issued(office, jobs=None, dask="tcp://127.0.0.1:9")
    assert told_of(issued, again(office)) == []


def test_whoever_voids_a_served_letter_is_told_of_the_proof_that_names_it(office):
    outcomes = {o.kind: o for o in issued(office) if o.case == SERVED}
    with Register.open(office) as register:
        (opinion,) = register.find(outcomes["handling-opinion"].number)
        (notice,) = register.find(outcomes["acceptance-notice"].number)
        assert [entry.kind for entry in naming(register, office, opinion)] == ["service-receipt"]
        assert naming(register, office, notice) == []


def test_an_office_emptied_on_purpose_begins_anew(office):
    issued(office)
    shutil.rmtree(office.folder / "register")
    for folder in (office.folder / "issued").glob("*"):
        if folder.is_dir():
            shutil.rmtree(folder)
    for case in CASES:
        record(office, case).write_bytes((SAMPLES / "cases" / f"{case}.xml").read_bytes())
    broken = issue(None, [office.folder / "cases"], again(office), on=TODAY, formats=("docx",))
    next(broken)
    broken.close()
    assert {o.state for o in issued(again(office))} == {"existing"}
