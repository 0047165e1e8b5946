"""Tests that hold for every engine that makes PDF: `pytestmark = pytest.mark.usefixtures("each_engine")`."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.render import pdfs
from xfdocs.render.pdf import PdfBy


@pytest.fixture(scope="module", params=list(PdfBy), ids=str)
def each_engine(request: pytest.FixtureRequest) -> Iterator[PdfBy]:
    """`tests.render.pdfs` makes its examples with one engine after the other."""
    with pdfs.made_by(request.param):
        yield request.param
