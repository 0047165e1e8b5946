"""A wording said in one line, without a case."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import pytest

from xfdocs.document.model import Block
from xfdocs.document.wording import Text, Wording
from xfdocs.errors import WordingInvalid

HEAD = "标题：甲\n---\n"


def say(body: str, *, head: str = HEAD, **names: Any) -> Text:
    """What a wording with this body says, *names* being what it may use."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "wording.md"
        path.write_text(head + body, "utf-8", newline="")
        return Wording(path, "试拟文书").say(names, "YZ-1")


def blocks(body: str, **names: Any) -> tuple[Block, ...]:
    return say(body, **names).body


def texts(body: str, **names: Any) -> list[str]:
    return [block.text for block in blocks(body, **names)]


def fault(body: str, *, head: str = HEAD, **names: Any) -> WordingInvalid:
    """The fault of a wording that cannot be said; it names the kind and the file."""
    with pytest.raises(WordingInvalid) as caught:
        say(body, head=head, **names)
    assert "文书种类“试拟文书”" in str(caught.value)
    assert "wording.md" in str(caught.value)
    return caught.value
