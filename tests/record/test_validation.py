"""Steps, verdicts and reports as others rely on them (DESIGN §4, §6)."""

from __future__ import annotations

import json
import pickle
from collections.abc import Iterator
from dataclasses import replace
from itertools import cycle
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.record.breaks import REJECTED
from tests.record.cases import ON, chain, old, until
from tests.record.hands import Hand, hands
from tests.record.test_rules import office, report_on
from xfdocs.errors import NothingThere, RecordRejected, RecordUnreadable
from xfdocs.office import Office
from xfdocs.record import steps
from xfdocs.record.findings import Finding, Report, Severity, State, Step, Verdict
from xfdocs.record.reader import UNREADABLE
from xfdocs.record.rules.page import rules_page
from xfdocs.record.validation import Validator, read_case, validate, validate_paths
from xfdocs.record.writer import write_case
from xfdocs.resources import shipped

HERE = Path("记录.xml")


@pytest.mark.parametrize(
    ("states", "verdict"),
    [
        ((State.PASSED, State.PASSED), Verdict.ACCEPTED),
        ((State.PASSED, State.FAILED), Verdict.REJECTED),
        ((State.FAILED, State.SKIPPED), Verdict.REJECTED),
        ((State.PASSED, State.COULD_NOT_RUN), Verdict.UNDETERMINED),
        ((State.COULD_NOT_RUN, State.FAILED), Verdict.REJECTED),
        ((State.PASSED, State.SKIPPED), Verdict.UNDETERMINED),
        ((), Verdict.UNDETERMINED),
    ],
)
def test_only_a_record_all_of_whose_steps_passed_is_accepted(states, verdict: Verdict) -> None:
    steps = tuple(Step(str(n), state) for n, state in enumerate(states))
    assert Report(HERE, "", (), steps).verdict is verdict


def test_the_report_is_the_object_that_others_parse(tmp_path: Path) -> None:
    report = validate(REJECTED / "R25-处理意见没有签发人.xml", office(), on=ON)
    told = json.loads(json.dumps(report.as_json(), ensure_ascii=False))
    assert set(told) == {"path", "case", "verdict", "findings"}
    assert told["case"].startswith("YZ-20260302-0001-")
    assert told["verdict"] == "rejected"
    [finding] = told["findings"]
    assert set(finding) == {"code", "severity", "line", "path", "message", "basis"}
    assert finding["code"] == "R25"
    assert finding["severity"] == "error"
    assert finding["path"] == "/信访事项/办理/答复"


def test_a_report_survives_a_process_pool() -> None:
    report = validate(REJECTED / "R25-处理意见没有签发人.xml", office(), on=ON)
    assert pickle.loads(pickle.dumps(report)) == report


def test_steps_are_told_by_name_and_in_order(tmp_path: Path) -> None:
    report = report_on(chain(), tmp_path)
    assert [step.name for step in report.steps] == ["读取", "结构", "交叉规则", "办理规则", "附件"]


def test_findings_stand_in_the_order_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "x.xml").write_bytes(
        write_case(chain())
        .replace("<登记日期>2026-03-02</登记日期>".encode(), b"")
        .replace("      <签发人>陆行舟</签发人>\n".encode(), b"")
    )
    report = validate(tmp_path / "x.xml", office(), on=ON)
    assert [f.code for f in report.findings] == ["R01", "R25"]
    assert report.findings[0].line < report.findings[1].line


def test_warnings_do_not_reject(tmp_path: Path) -> None:
    late = report_on(until(chain(), 2), tmp_path)
    assert {f.severity for f in late.findings} == {Severity.WARNING}
    assert late.accepted


def test_severities_verdicts_and_states_have_chinese_names() -> None:
    assert [s.zh for s in Severity] == ["错误", "提示", "说明"]
    assert [v.zh for v in Verdict] == ["通过", "不通过", "不能确定"]
    assert all(s.zh for s in State)


# --- files and folders -----------------------------------------------------------------------------------


def test_a_folder_without_records_is_said_before_anything_is_read(tmp_path: Path) -> None:
    (tmp_path / "空").mkdir()
    (tmp_path / "空" / "说明.txt").touch()
    with pytest.raises(NothingThere, match="没有案件记录"):
        validate_paths([REJECTED, tmp_path / "空"], office())


def test_records_are_told_of_in_the_order_of_their_paths(tmp_path: Path) -> None:
    for name in ("乙/2.xml", "甲/1.xml", "甲/深/0.xml"):
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(write_case(old()))
    reports = list(validate_paths([tmp_path / "甲", tmp_path / "乙" / "2.xml"], office(), on=ON))
    assert [r.file.name for r in reports] == ["1.xml", "0.xml", "2.xml"]


def test_xml_that_is_no_record_gets_one_finding_and_the_rest_goes_on(tmp_path: Path) -> None:
    (tmp_path / "1.xml").write_text("<project/>", encoding="utf-8")
    (tmp_path / "2.xml").write_bytes(write_case(old()))
    first, second = validate_paths([tmp_path], office(), on=ON)
    assert [f.code for f in first.findings] == ["X07"]
    assert second.verdict is Verdict.ACCEPTED


@pytest.mark.parametrize("of", [REJECTED, shipped("samples", "office")], ids=lambda folder: folder.name)
def test_every_file_in_samples_rejected_is_rejected_with_the_code_of_its_name(of: Path) -> None:
    """By the folder's own settings, as `xfdocs validate samples/rejected` finds them, and by the sample office's."""
    reports = list(validate_paths([REJECTED], Office.open(of), on=ON))
    assert len(reports) > 90
    for report in reports:
        code = report.file.name.partition("-")[0]
        assert report.verdict is Verdict.REJECTED, report.file.name
        assert {f.code for f in report.errors} == {code}, report.file.name


def test_every_sample_of_the_office_is_accepted() -> None:
    for report in validate_paths([shipped("samples", "office")], office(), on=ON):
        assert report.accepted, report.findings


# --- reading a case without the rules -----------------------------------------------------------------------


def test_a_case_is_read_if_the_schema_accepts_it(tmp_path: Path) -> None:
    file = tmp_path / "x.xml"
    file.write_bytes(write_case(chain()))
    assert read_case(file) == chain()


def test_reading_refuses_what_is_no_record_and_what_breaks_the_schema() -> None:
    with pytest.raises(RecordUnreadable):
        read_case(REJECTED / "X07-没有命名空间.xml")
    with pytest.raises(RecordRejected, match="没有“备注”这一项"):
        read_case(REJECTED / "S01-不认识的项目.xml")


def test_the_case_comes_with_the_report_wherever_the_structure_holds() -> None:
    validator = Validator(office(), on=ON)
    report, case = validator.examine(REJECTED / "R25-处理意见没有签发人.xml")
    assert case is not None
    assert case.id == report.case
    assert validator.examine(REJECTED / "S01-不认识的项目.xml")[1] is None


@pytest.mark.parametrize(("together", "long"), [(64, 1_000_000), (3, 1_000_000), (64, 5_000), (1, 1)])
def test_records_looked_at_together_are_told_as_each_alone_and_in_order(
    together: int, long: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(steps, "_TOGETHER", together)
    monkeypatch.setattr(steps, "_LONG", long)
    samples = shipped("samples", "office", "cases")
    files = [
        file
        for pair in zip(sorted(REJECTED.glob("*.xml")), cycle(sorted(samples.rglob("*.xml"))), strict=False)
        for file in pair
    ]
    (tmp_path / "empty.xml").touch()
    files[5:5] = [tmp_path / "empty.xml", tmp_path / "nowhere.xml", tmp_path]
    validator = Validator(office(), on=ON)
    alone = [validator.examine(file) for file in files]
    assert list(validator.examine_all(files)) == alone
    assert {report.verdict for report, _ in alone} >= {Verdict.ACCEPTED, Verdict.REJECTED}


def test_no_more_records_are_held_than_are_looked_at_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steps, "_TOGETHER", 3)
    data = write_case(chain())
    taken: list[int] = []

    def coming() -> Iterator[tuple[bytes, Path]]:
        for number in range(8):
            taken.append(number)
            yield data, HERE

    told = Validator(office(), on=ON).look_at(coming())
    assert taken == []
    for _ in range(3):
        next(told)
        assert taken == [0, 1, 2]
    next(told)
    assert taken == [0, 1, 2, 3, 4, 5]
    assert len(list(told)) == 4


# --- the page -----------------------------------------------------------------------------------------------


def test_the_page_of_rules_is_in_step_with_the_rules() -> None:
    page = shipped("docs", "rules.md").read_text(encoding="utf-8")
    assert page == rules_page(), "Run `python -m tests.record.pages`."


def test_the_page_names_every_code_that_a_finding_can_have() -> None:
    from xfdocs.record.rules import RULES
    from xfdocs.record.schema_messages import CODES
    from xfdocs.record.schematron import assertions

    page = rules_page()
    for code in {*UNREADABLE, *CODES, "R30", *(r.code for r in RULES), *(a.code for a in assertions())}:
        assert f"| {code} |" in page


def test_findings_are_compared_by_what_they_say() -> None:
    one = Finding("R01", Severity.ERROR, HERE, 1, "/信访事项", "没有登记日期。")
    assert one == Finding("R01", Severity.ERROR, HERE, 1, "/信访事项", "没有登记日期。")


def test_of_two_records_of_one_number_the_second_is_rejected(tmp_path: Path) -> None:
    for name in ("甲", "乙", "丙"):
        (tmp_path / f"{name}.xml").write_bytes(write_case(until(chain(), 1)))
    reports = list(validate_paths([tmp_path], office(), on=ON))
    assert [r.verdict for r in reports] == [Verdict.ACCEPTED, Verdict.REJECTED, Verdict.REJECTED]
    assert [[f.code for f in r.findings if f.severity is Severity.ERROR] for r in reports] == [
        [],
        ["C18"],
        ["C18"],
    ]
    assert str(reports[0].file) in reports[1].errors[0].message


@given(hands(), st.sampled_from(["\u200b", "\ue000", "\U000f0001", "\ufffd", "\u2028"]))
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_sign_that_cannot_be_seen_is_found_whoever_wrote_the_record(
    tmp_path: Path, hand: Hand, sign: str
) -> None:
    """As itself, as a reference, in any encoding; and none is found where there is none but the mark at the beginning."""
    case = chain()
    first, *others = case.claims
    wrong = replace(case, claims=(replace(first, facts=f"顶楼{sign}停水三个月。"), *others))
    file = tmp_path / "记录.xml"
    for one, codes in ((case, []), (wrong, ["R32"])):
        file.write_bytes(hand.write(write_case(one)))
        assert [finding.code for finding in validate(file, office(), on=ON).findings] == codes


@pytest.mark.parametrize("address", ["http://www.w3.org", "http:&#x2f;/www.w3.org", "http://www&#46;w3.org"])
def test_where_else_to_look_for_a_schema_may_not_be_said_however_it_is_written(
    tmp_path: Path, address: str
) -> None:
    file = tmp_path / "记录.xml"
    to = f'xmlns:甲="{address}/2001/XMLSchema-instance" 甲:schemaLocation="urn:xfdocs:case:1 about:blank" xmlns='
    file.write_bytes(write_case(chain()).replace(b"xmlns=", to.encode(), 1))
    [finding] = validate(file, office(), on=ON).findings
    assert (finding.code, "schemaLocation" in finding.message) == ("S01", True)
