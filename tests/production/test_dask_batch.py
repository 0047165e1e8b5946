"""A batch over a Dask cluster and the same batch on processes: not one byte differs."""

from __future__ import annotations

import shutil
from pathlib import Path

from bench.records import generate
from tests.production.clusters import over_tcp
from tests.production.desks import SAMPLES, TODAY, state
from xfdocs.office import Office
from xfdocs.production.issuing import issue

RECORDS = 2000


def batch(folder: Path, records: Path) -> Office:
    folder.mkdir()
    shutil.copy(SAMPLES / "xfdocs.toml", folder)
    shutil.copytree(records, folder / "cases")
    return Office.open(folder)


def test_two_workers_over_tcp_make_the_same_2000_records_documents_as_processes(tmp_path):
    generate(RECORDS, 3, tmp_path / "records")
    here = batch(tmp_path / "here", tmp_path / "records")
    there = batch(tmp_path / "there", tmp_path / "records")
    made = sum(
        outcome.state == "issued"
        for outcome in issue(None, [here.folder / "cases"], here, on=TODAY, formats=("docx",), jobs=2)
    )
    with over_tcp(tmp_path, 2, "--nthreads", 1) as cluster:
        outcomes = issue(
            None,
            [there.folder / "cases"],
            there,
            on=TODAY,
            formats=("docx",),
            jobs=None,
            dask=cluster.address,
        )
        assert sum(outcome.state == "issued" for outcome in outcomes) == made
    assert made > 3 * RECORDS
    assert state(here) == state(there)
