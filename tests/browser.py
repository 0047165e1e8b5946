"""Chromium as a reader of our pages, told over a pipe what to do (Chrome DevTools Protocol).

No port, no driver, no profile that stays; no network either: whatever a page asks for is written down.
Chinese is shown in the fonts our PDFs are printed with.
"""

from __future__ import annotations

import base64
import contextlib
import itertools
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.libreoffice import font_settings
from tests.tools import needs
from xfdocs.render.fonts import FontBook

_FLAGS = (
    "--headless",
    "--no-sandbox",  # CI runs as root
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--remote-debugging-pipe",
)
_START = """
import fcntl, os, sys
orders, answers = (fcntl.fcntl(int(n), fcntl.F_DUPFD, 10) for n in sys.argv[1:3])
os.dup2(orders, 3), os.dup2(answers, 4)
os.execvp(sys.argv[3], sys.argv[3:])
"""
"""A browser reads orders from its descriptor 3 and answers on 4."""
_NAMES = ("chromium", "chromium-browser", "google-chrome")


class Tab:
    """One page in a browser, and what it asked for and complained of."""

    def __init__(self, orders: int, answers: int) -> None:
        self._orders = orders
        self._answers = os.fdopen(answers, "rb")
        self._numbers = itertools.count(1)
        self._waiting: list[dict[str, Any]] = []
        self._session = ""
        self.requests: list[str] = []
        """Every address that was asked for."""
        self.complaints: list[str] = []
        """What stands in the console: errors, warnings, refusals of the security policy."""

    def open(self) -> None:
        """Begin."""
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Network", "Runtime", "Log", "DOM"):
            self.ask(f"{domain}.enable")

    def ask(self, method: str, **params: Any) -> dict[str, Any]:
        """The answer to a command of the protocol. Raises `RuntimeError` if it is refused."""
        number = next(self._numbers)
        order: dict[str, Any] = {"id": number, "method": method, "params": params}
        if self._session:
            order["sessionId"] = self._session
        data = json.dumps(order).encode() + b"\0"
        while data:
            data = data[os.write(self._orders, data) :]
        while (said := self._next()).get("id") != number:
            self._note(said)
        if "error" in said:
            raise RuntimeError(f"{method}: {said['error']['message']}")
        return dict(said["result"])

    def wait_for(self, event: str) -> None:
        """Until the page tells *event*; what it told before counts once."""
        while True:
            if any(said["method"] == event for said in self._waiting):
                self._waiting.clear()
                return
            self._note(self._next())

    def go(self, address: str) -> None:
        """Open an address and wait until all of it is there."""
        self._waiting.clear()
        failed = self.ask("Page.navigate", url=address).get("errorText")
        if failed:
            raise RuntimeError(f"{address}: {failed}")
        self.wait_for("Page.loadEventFired")

    def value(self, expression: str) -> Any:
        """What a JavaScript expression gives; ours run even where a page may run none."""
        result = self.ask(
            "Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True, userGesture=True
        )
        if "exceptionDetails" in result:
            raise RuntimeError(f"{expression}: {result['exceptionDetails']}")
        return result["result"].get("value")

    def width(self, pixels: int, height: int = 800) -> None:
        """Be a screen of that size."""
        self.ask(
            "Emulation.setDeviceMetricsOverride",
            width=pixels, height=height, deviceScaleFactor=1, mobile=pixels < 600,
        )  # fmt: skip

    def screenshot(self) -> bytes:
        """The whole page as PNG."""
        shot = self.ask("Page.captureScreenshot", format="png", captureBeyondViewport=True)
        return base64.b64decode(shot["data"])

    def pdf(self) -> bytes:
        """The page on paper."""
        printed = self.ask("Page.printToPDF", preferCSSPageSize=True, printBackground=True)
        return base64.b64decode(printed["data"])

    def _next(self) -> dict[str, Any]:
        said = bytearray()
        while (byte := self._answers.peek(1)) and b"\0" not in byte:  # type: ignore[attr-defined]
            said += self._answers.read(len(byte))
        end = byte.find(b"\0")
        if end < 0:
            raise RuntimeError("the browser has died")
        said += self._answers.read(end)
        self._answers.read(1)
        return dict(json.loads(said))

    def _note(self, said: dict[str, Any]) -> None:
        method, params = said.get("method", ""), said.get("params", {})
        if method == "Network.requestWillBeSent":
            self.requests.append(params["request"]["url"])
        elif method == "Runtime.consoleAPICalled":
            self.complaints.append(str([arg.get("value") for arg in params["args"]]))
        elif method == "Runtime.exceptionThrown":
            self.complaints.append(str(params["exceptionDetails"].get("text")))
        elif method == "Log.entryAdded":
            self.complaints.append(str(params["entry"]["text"]))
        if method:
            self._waiting.append(said)


@contextlib.contextmanager
def chromium() -> Iterator[Tab]:
    """A browser with one empty page; it is gone afterwards, with everything it kept.

    Skips the test (or fails it, where every tool must be there) if there is none.
    """
    found = next((tool for tool in _NAMES if shutil.which(tool)), None)
    needs("chromium", found=found is not None, why="Install chromium.")
    with tempfile.TemporaryDirectory(prefix="browser-", ignore_cleanup_errors=True) as name:
        home = Path(name)
        fonts = home / "fonts.conf"
        fonts.write_text(font_settings(FontBook.find(), home / "cache"), "utf-8")
        order_end, orders = os.pipe()
        answers, answer_end = os.pipe()
        browser = subprocess.Popen(
            [sys.executable, "-c", _START, str(order_end), str(answer_end), str(found), *_FLAGS, f"--user-data-dir={home / 'profile'}"],
            pass_fds=(order_end, answer_end),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "FONTCONFIG_FILE": str(fonts), "HOME": str(home)},
        )  # fmt: skip
        os.close(order_end)
        os.close(answer_end)
        tab = Tab(orders, answers)
        try:
            tab.open()
            yield tab
        finally:
            with contextlib.suppress(RuntimeError, OSError):
                tab._session = ""
                tab.ask("Browser.close")
            os.close(orders)
            try:
                browser.wait(timeout=20)
            except subprocess.TimeoutExpired:
                browser.kill()
                browser.wait()
            tab._answers.close()
