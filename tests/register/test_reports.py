"""The same reports from both databases: what SQLite counts, PostgreSQL counts."""

from __future__ import annotations

import datetime as dt
import shutil

import pytest

from xfdocs.office import CONFIG, Office
from xfdocs.reports.reporting import desk_of, report_of
from xfdocs.resources import shipped
from xfdocs.rules.period import Period

TODAY = dt.date(2026, 11, 23)
ASKED = (
    ("monthly-statistics", "2026-09"),
    ("circular", "2026Q3"),
    ("annual-report", "2026"),
    ("special-report", "2026H1"),
)


@pytest.fixture(scope="module")
def offices(cluster, tmp_path_factory):
    """The sample office twice, once on each database."""
    found = {}
    for name, url in (("sqlite", ""), ("postgresql", cluster.office())):
        folder = tmp_path_factory.mktemp(name)
        shutil.copytree(shipped("samples", "office"), folder, dirs_exist_ok=True)
        if url:
            config = folder / CONFIG
            config.write_text(f'{config.read_text("utf-8")}\n[register]\nurl = "{url}"\n', "utf-8")
        found[name] = Office.open(folder)
    return found


def test_both_databases_count_the_same_and_name_the_same_cases(offices):
    told = {}
    for name, office in offices.items():
        with desk_of(office, on=TODAY) as desk:
            reports = [report_of(desk, slug, Period.parse(period)) for slug, period in ASKED]
            cases = [
                [
                    *desk.counter.cases(
                        desk.counter.measures[m], desk.windows(Period.parse("2026Q3")).window("本期")
                    )
                ]
                for m in ("收件", "I03", "I05", "I24", "答复未送达")
            ]
            told[name] = ([(r.tables, r.notes) for r in reports], cases)
    assert told["sqlite"] == told["postgresql"]
    assert any(told["sqlite"][1])
