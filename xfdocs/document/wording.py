"""A kind's wording, compiled once: ``wording.md`` → the elements of a document and its body.

The file opens with the elements, one a line (``标题：…``, ``主送：…``, ``附件：…``, ``抄送：…``, ``附注：…``), closed by a line
``---``; the rest is the body.  All of it is one Jinja2 template, so an element may stand in an ``{% if %}`` and be repeated
in a ``{% for %}``.
"""

from __future__ import annotations

import re
import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Template, TemplateSyntaxError, UndefinedError
from jinja2.exceptions import SecurityError, TemplateError

from xfdocs.document.blocks import WordingFault, parse_blocks
from xfdocs.document.forms import FormFault
from xfdocs.document.language import VALUES, PrintedAbsent, PrintedStructure, make_environment
from xfdocs.document.model import Block
from xfdocs.document.sayings import plain
from xfdocs.document.tokens import BlockAmidText, Values, has_token, lines
from xfdocs.errors import FieldMissing, WordingInvalid

ELEMENTS = ("标题", "主送", "附件", "附注", "抄送", "署名", "发文机关标志", "印发机关", "签发人")
_ELEMENT = re.compile(r"^\s*([^:：\s]+)\s*[:：]\s*(.*?)\s*$")
_OWN_LINE = re.compile(r"^[ \t]*((?:\{%(?:(?!%\}).)*%\}[ \t]*)+)\n", re.MULTILINE)
_ENVIRONMENT = make_environment()


@dataclass(frozen=True, slots=True)
class Text:
    """What a wording says about one case: elements by name, and the body."""

    elements: Mapping[str, tuple[str, ...]]
    body: tuple[Block, ...]

    def one(self, name: str) -> str:
        """The only value of an element; empty if it has none."""
        return "".join(self.elements.get(name, ())[:1])

    def all(self, name: str) -> tuple[str, ...]:
        """All values of an element, in order."""
        return self.elements.get(name, ())


class Wording:
    """One wording.md, ready for any number of cases."""

    def __init__(self, path: Path, kind_title: str) -> None:
        self.path = path
        self.kind_title = kind_title
        try:  # utf-8-sig: Windows' Notepad marks its UTF-8
            source = path.read_text(encoding="utf-8-sig").replace("\r\n", "\n")
        except UnicodeDecodeError as error:
            raise self._fault(0, "不是 UTF-8 编码。请用 UTF-8 编码另存。") from error
        if has_token(source):
            raise self._fault(1, "含有程序保留的字符（私用区 U+F0000 起）。")
        try:
            self._template: Template = _ENVIRONMENT.from_string(_OWN_LINE.sub(_without_line_end, source))
        except TemplateSyntaxError as error:
            raise self._fault(error.lineno, f"模板语法不对：{plain(error)}。") from error
        except TemplateError as error:
            raise self._fault(1, str(error)) from error

    def say(self, context: Mapping[str, Any], case: str) -> Text:
        """The text for one case.

        Raises:
            FieldMissing: it prints a field that the record does not have.
            WordingInvalid: it uses an unknown name, or a form of text that no official document has.
        """
        values = Values()
        try:
            rendered = self._template.render({**context, VALUES: values})
            return self._read(rendered, values)
        except PrintedAbsent as error:
            raise FieldMissing(
                case=case, kind=self.kind_title, field=str(error), hint="请补充后再生成。"
            ) from error
        except PrintedStructure as error:
            raise self._fault(
                _line_in_template(error), f"打印了不是文字、日期、数字的内容（{error}）。"
            ) from error
        except UndefinedError as error:
            raise self._fault(_line_in_template(error), _unknown(str(error.message), context)) from error
        except SecurityError as error:
            raise self._fault(_line_in_template(error), f"模板不允许这样做（{error.message}）。") from error
        except BlockAmidText as error:
            raise self._fault(error.line or _line_in_template(error), str(error)) from error
        except (WordingFault, FormFault) as error:
            raise self._fault(0, str(error)) from error
        except (TypeError, ValueError, AttributeError, OverflowError) as error:
            raise self._fault(_line_in_template(error), f"模板运行出错（{error}）。") from error

    def _read(self, rendered: str, values: Values) -> Text:
        head, separator, body = rendered.partition("\n---\n")
        if not separator:
            raise WordingFault("缺少分开要素与正文的一行“---”。")
        elements: dict[str, list[str]] = {}
        for line in head.splitlines():
            if not line.strip():
                continue
            match = _ELEMENT.match(line)
            if match is None or match[1] not in ELEMENTS:
                raise WordingFault(
                    f"“---”之前只能写要素：{'、'.join(ELEMENTS)}，每行一个；不认识“{values.restore(line)[:20]}”。"
                )
            if value := "".join(lines(values.restore(match[2]))).strip():
                elements.setdefault(match[1], []).append(value)
        return Text({name: tuple(texts) for name, texts in elements.items()}, parse_blocks(body, values))

    def _fault(self, line: int, what: str) -> WordingInvalid:
        place = f" 第 {line} 行" if line else ""
        return WordingInvalid(kind=self.kind_title, file=self.path, line=line, place=place, what=what)


def _unknown(said: str, context: Mapping[str, Any]) -> str:
    """What is wrong with a name; for one that stands alone, with the nearest that there is."""
    if match := re.fullmatch("没有“(.+)”这个名称", said):
        near = get_close_matches(match[1], context, n=1, cutoff=0.3)
        return f"{said}。" + (f"是不是“{near[0]}”？" if near else "")
    return said if said.endswith(("。", "？")) else f"{said}。"


def _without_line_end(match: re.Match[str]) -> str:
    """A line of tags alone leaves no line behind; its line end moves into the last tag, so lines keep their numbers."""
    return match[1].rstrip().removesuffix("%}") + "\n%}"


@lru_cache(maxsize=256)
def _compiled(path: Path, title: str, changed: int, size: int) -> Wording:  # noqa: ARG001 - a changed file is another key
    return Wording(path, title)


def wording_of(path: Path, kind_title: str) -> Wording:
    """The compiled wording of a file; compiled again when the file changes."""
    stat = path.stat()
    return _compiled(path, kind_title, stat.st_mtime_ns, stat.st_size)


def _line_in_template(error: BaseException) -> int:
    """The line of the wording in which rendering failed, 0 if it cannot be told."""
    lines = [
        frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == "<template>"
    ]
    return int(lines[-1] or 0) if lines else 0
