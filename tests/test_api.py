"""The names that `import xfdocs` offers, used as the README uses them."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from io import BytesIO

import pytest

import xfdocs
from tests.production.desks import office_in
from tests.samples.corpus import FOLDER, SAMPLES
from xfdocs.errors import KindUnknown, NothingThere, RecordRejected, RecordUnreadable
from xfdocs.resources import shipped

RECORD = FOLDER / "YZ-20180502-0003.xml"


def test_from_a_record_to_a_file_in_five_lines():
    office = xfdocs.Office.open(SAMPLES / "office")
    assert xfdocs.validate(RECORD, office).accepted
    case = xfdocs.read_case(RECORD)
    document = xfdocs.compose("不再受理告知书", case, office)
    assert zipfile.is_zipfile(BytesIO(xfdocs.render(document, "docx", office)))
    assert xfdocs.render(document, "pdf", office).startswith(b"%PDF-1.7")


@pytest.mark.parametrize(
    "first", ["", "import xfdocs.render.fonts; ", "import xfdocs.api; ", "from xfdocs import render; "]
)
def test_render_is_a_function_whatever_was_imported_before(first):
    """`xfdocs.render` is the public function and also the name of a room."""
    code = (
        f"import sys; sys.path.insert(0, sys.argv[1]); {first}import xfdocs\n"
        "office = xfdocs.Office.open(sys.argv[2])\n"
        "document = xfdocs.compose('不再受理告知书', xfdocs.read_case(sys.argv[3]), office)\n"
        "one, two = (xfdocs.render(document, 'docx', office) for _ in range(2))\n"
        "print(one == two)"
    )
    root = str(shipped("templates").parent)
    done = subprocess.run(
        [sys.executable, "-c", code, root, str(SAMPLES / "office"), str(RECORD)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stdout.strip() == "True", done.stderr


def test_a_program_issues_what_is_called_for_once(tmp_path):
    office = office_in(tmp_path / "o")
    told: list[str] = []
    first = list(xfdocs.issue([office.folder / "cases"], office, formats=("docx",), tell=told.append))
    assert {outcome.state for outcome in first} == {"issued"}
    assert all(path.is_file() for outcome in first for path in outcome.files.values())
    again = list(
        xfdocs.issue([str(office.folder / "cases")], office, kinds=["受理告知书", "C1"], formats=("docx",))
    )
    assert {(o.kind, o.state) for o in again} == {
        ("acceptance-notice", "existing"),
        ("transfer-letter", "existing"),
    }
    assert told == []


def test_what_nobody_can_issue_is_raised_before_anything_is_done(tmp_path):
    office = office_in(tmp_path / "o")
    cases = [office.folder / "cases"]
    (tmp_path / "空").mkdir()
    with pytest.raises(ValueError, match="odt"):
        list(xfdocs.issue(cases, office, formats=("odt",)))
    with pytest.raises(KindUnknown):
        list(xfdocs.issue(cases, office, kinds=["表扬信"]))
    with pytest.raises(NothingThere):
        list(xfdocs.issue([tmp_path / "空"], office))
    assert not (office.folder / "register").exists()


@pytest.mark.parametrize("words", ["import xfdocs.api", "import xfdocs.cli"])
def test_who_does_not_issue_loads_no_database_and_no_cluster(words):
    code = f"import sys; sys.path.insert(0, sys.argv[1]); {words}; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code, str(shipped("templates").parent)],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert {"sqlalchemy", "alembic", "distributed", "xlsxwriter", "weasyprint"} & {
        *done.stdout.split()
    } == set()


def test_what_is_not_offered_is_not_there():
    assert sorted(xfdocs.__all__) == ["Office", "compose", "issue", "read_case", "render", "validate"]
    with pytest.raises(AttributeError, match="nonsense"):
        _ = xfdocs.nonsense


def test_a_format_nobody_makes_is_refused():
    office = xfdocs.Office.open(SAMPLES / "office")
    document = xfdocs.compose("不再受理告知书", xfdocs.read_case(RECORD), office)
    with pytest.raises(ValueError, match="odt"):
        xfdocs.render(document, "odt", office)


def test_errors_say_what_to_do(tmp_path):
    office = xfdocs.Office.open(SAMPLES / "office")
    with pytest.raises(KindUnknown, match="xfdocs kinds"):
        xfdocs.compose("表扬信", xfdocs.read_case(RECORD), office)
    path = tmp_path / "a.xml"
    path.write_text("不是 XML", "utf-8")
    with pytest.raises(RecordUnreadable):
        xfdocs.read_case(path)
    path.write_text(
        RECORD.read_text("utf-8").replace("<登记人>", "<记录人>").replace("</登记人>", "</记录人>"), "utf-8"
    )
    with pytest.raises(RecordRejected):
        xfdocs.read_case(path)
