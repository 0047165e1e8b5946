"""What every test run needs, wherever it was started."""

from __future__ import annotations

import signal


def pytest_configure() -> None:
    """A shell that starts a job in the background has it ignore Ctrl-C, and its children with it; some tests press it."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
