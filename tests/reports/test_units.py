"""What each unit is told: its own numbers, its own matters, and nothing that would betray who reported it."""

from __future__ import annotations

import datetime as dt
import shutil
from dataclasses import replace

import pytest

from tests.production.desks import office_in
from xfdocs.errors import DefinitionInvalid
from xfdocs.office import Office
from xfdocs.record.validation import read_case
from xfdocs.register import index_tables as t
from xfdocs.register.database import Database
from xfdocs.reports.asking import Window
from xfdocs.reports.composing import document_of
from xfdocs.reports.counting import Counter
from xfdocs.reports.definitions import measures_of
from xfdocs.reports.forms import forms_of
from xfdocs.reports.lists import LEFT_OUT, limit_name, overdue, undelivered
from xfdocs.reports.model import Place
from xfdocs.reports.reporting import desk_of, report_of
from xfdocs.reports.units import KIND, OWN, sheets_of
from xfdocs.resources import shipped
from xfdocs.rules.period import Period

TODAY = dt.date(2026, 11, 23)
QUARTER = Period.parse("2026Q3")
WINDOW = Window(QUARTER.first, QUARTER.last, QUARTER.last)
DISTRICT = "云州市青溪区人民政府"
LATE = "YZ-20260622-0017"
"""Due on 6 September (handling) and on 24 September (feedback), neither done by the end of the quarter."""


@pytest.fixture(scope="module")
def samples(tmp_path_factory):
    folder = tmp_path_factory.mktemp("office")
    shutil.copytree(shipped("samples", "office"), folder, dirs_exist_ok=True)
    return Office.open(folder)


@pytest.fixture(scope="module")
def made(samples):
    with desk_of(samples, on=TODAY) as desk:
        return sheets_of(desk, QUARTER), report_of(desk, "circular", QUARTER)


@pytest.fixture
def late(tmp_path):
    """An office with the one matter that is overdue, indexed."""
    office = office_in(tmp_path / "office", [LATE])
    with desk_of(office, on=TODAY):
        pass
    return office


def listed(office, window=WINDOW):
    with Database.open(office) as database, database.reading() as connection:
        return list(overdue(Counter(connection, measures_of(office)), window, office))


def changed(office, table, **values):
    with Database.open(office) as database, database.writing() as connection:
        connection.execute(table.update().values(**values))


def test_a_unit_is_told_the_numbers_that_the_circular_says_of_it(made):
    found, circular = made
    compared = 0
    for sheet in found.sheets:
        for table in sheet.report.tables:
            for column in table.columns:
                own = table.number(Place(OWN, column.key))
                assert own == circular.table(table.id).number(Place(sheet.unit, column.key))
                whole = table.number(Place("合计", column.key))
                assert whole == circular.table(table.id).number(Place("合计", column.key))
                compared += own.value != whole.value
    assert compared > 50


def test_the_tables_of_both_are_defined_alike(samples):
    both = forms_of(samples, "circular"), forms_of(samples, KIND)
    assert set(both[1]) <= set(both[0])
    for name, form in both[1].items():
        assert (form.by, form.counted, form.values) == (both[0][name].by, both[0][name].counted, both[0][name].values)  # fmt: skip


def test_every_unit_with_a_number_has_one_sheet_in_the_order_of_the_office(made, samples):
    found, circular = made
    tables = [circular.table(name) for name in forms_of(samples, KIND)]
    named = {line.key for one in tables for line in one.lines if any(n.value for n in line.numbers)}
    units = [sheet.unit for sheet in found.sheets]
    independent = {"中共云州市纪律检查委员会", "云州市青溪区纪律检查委员会", "云州市中级人民法院"}
    assert set(units) == named - {"合计", "未登记", samples.organ.name} - independent
    assert independent <= set(found.above)
    own = list(samples.organs)
    listed_units = [own.index(unit) for unit in units if unit in own]
    assert listed_units == sorted(listed_units)
    assert units[: len(listed_units)] == [own[at] for at in listed_units]


def test_what_a_unit_let_pass_is_listed_with_its_days(made):
    found, _ = made
    sheet = next(one for one in found.sheets if one.unit == DISTRICT)
    assert [(one.case, one.limit, one.due, one.met, one.days) for one in sheet.late] == [
        (LATE, "办理期限", dt.date(2026, 9, 6), None, 24),
        (LATE, "交办事项反馈办理结果", dt.date(2026, 9, 24), None, 6),
    ]
    assert [one.unit for one in found.sheets if one.late] == [DISTRICT]


def test_what_is_still_open_is_listed_in_the_next_period_apart(late):
    quarter = Period.parse("2026Q4")
    window = Window(quarter.first, quarter.last, dt.date(2026, 10, 1))
    (found, *others) = [(inside, one.case, one.limit) for inside, one in listed(late, window)]
    assert found == (False, LATE, "办理期限")
    assert [inside for inside, *_ in others] == [False]


def test_what_was_met_late_says_when(late):
    changed(late, t.LIMITS, met=dt.date(2026, 9, 28))
    days = {one.limit: (one.met, one.days) for _, one in listed(late)}
    assert days["办理期限"] == (dt.date(2026, 9, 28), 22)


@pytest.mark.parametrize(
    ("table", "values"),
    [
        (t.RECORDS, {"protected": True}),
        (t.RECORDS, {"purpose": "检举控告"}),
        (t.RECORDS, {"secrecy": "秘密"}),
        (t.CLAIMS, {"purpose": "检举控告"}),
    ],
)
def test_a_matter_that_must_be_kept_from_units_is_in_no_list(late, table, values):
    """条例22 30·3: the unit may be the one that is reported."""
    assert len(listed(late)) == 2
    changed(late, table, **values)
    assert listed(late) == []


def test_one_accusation_among_several_claims_keeps_the_whole_matter_out_of_the_list(late):
    with Database.open(late) as database, database.writing() as connection:
        record = connection.execute(t.RECORDS.select()).one().id
        connection.execute(t.CLAIMS.insert().values(record=record, seq=9, purpose="检举控告"))
    assert listed(late) == []


def test_an_undelivered_answer_is_listed_unless_it_must_be_kept(late):
    changed(late, t.RECORDS, replied=dt.date(2026, 9, 10), served=None)
    with Database.open(late) as database, database.reading() as connection:
        (one,) = undelivered(Counter(connection, measures_of(late)), WINDOW)
    assert (one.unit, one.case, one.replied) == (DISTRICT, LATE, dt.date(2026, 9, 10))
    changed(late, t.RECORDS, protected=True)
    with Database.open(late) as database, database.reading() as connection:
        assert list(undelivered(Counter(connection, measures_of(late)), WINDOW)) == []


def test_every_sheet_says_the_same_of_what_is_not_listed(made, samples):
    """So that what it says tells nobody whether there is such a matter."""
    found, _ = made
    for sheet in found.sheets:
        text = text_of(sheet, samples)
        assert text.count("检举") == text.count(LEFT_OUT) == 1


def test_no_sheet_names_a_person(made, samples):
    found, _ = made
    names = {
        person.name
        for path in (samples.folder / "cases").glob("*.xml")
        for person in read_case(path).petitioners
        if person.name and len(person.name) > 1
    }
    assert len(names) > 30
    for sheet in found.sheets:
        text = text_of(sheet, samples)
        assert not {name for name in names if name in text}


def text_of(sheet, office):
    return repr(document_of(sheet.report, office, names=sheet.names, number="云信单通字〔2026〕1号"))


def test_nobody_sends_a_circular_to_itself_or_upwards(made, samples):
    found, _ = made
    assert samples.organ.name not in {sheet.unit for sheet in found.sheets}
    over = replace(samples, organ=replace(samples.organ, superior=DISTRICT))
    with desk_of(over, on=TODAY) as desk:
        again = sheets_of(desk, QUARTER)
    assert set(again.above) - set(found.above) == {DISTRICT}
    assert {sheet.unit for sheet in found.sheets} - {sheet.unit for sheet in again.sheets} == {DISTRICT}


def test_a_table_without_a_line_for_each_unit_cannot_be_cut_into_sheets(tmp_path):
    office = office_in(tmp_path / "office", [LATE])
    tables = office.folder / "report-tables"
    tables.mkdir()
    (tables / f"{KIND}.toml").write_text(
        '["指标"]\ntitle = "指标"\nhead = "指标"\nshape = "指标"\nrates = ["I01"]\n'
    )
    with desk_of(office, on=TODAY) as desk, pytest.raises(DefinitionInvalid, match="应当每个单位一行"):
        sheets_of(desk, QUARTER)


def test_a_local_limit_says_that_it_is_local(samples):
    day = dt.date(2026, 7, 1)
    assert limit_name(samples, "handling", day, national=True) == "办理期限"
    assert limit_name(samples, "handling", day, national=False).endswith("（地方规定）")
    assert limit_name(samples, "supervision-feedback", day, national=True) == "督办反馈"
