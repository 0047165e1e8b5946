"""What every test run needs, wherever it was started."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest

from xfdocs.render.pdf import PdfBy


def pytest_configure() -> None:
    """A shell that starts a job in the background has it ignore Ctrl-C, and its children with it; some tests press it."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="module", params=list(PdfBy), ids=str)
def each_engine(request: pytest.FixtureRequest) -> Iterator[PdfBy]:
    """For tests that hold for every engine that makes PDF: `pytestmark = pytest.mark.usefixtures("each_engine")`.

    `tests.render.pdfs` makes its examples, and `tests.reports.shelf` its books, with one engine after the other.
    """
    from tests.render import pdfs

    with pdfs.made_by(request.param):
        yield request.param
