"""The template language of the wording: Jinja2 in its sandbox, with Chinese filters.

Undefined names are errors, values become tokens (`tokens.Values`), and nothing reaches files or the
network.  Filters that would turn a value into markup do not exist here.
"""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Callable, Iterable
from difflib import get_close_matches
from enum import StrEnum
from functools import wraps
from types import FrameType
from typing import Any

from jinja2 import FunctionLoader, StrictUndefined, Template, nodes, pass_context
from jinja2.compiler import CodeGenerator, Frame
from jinja2.exceptions import SecurityError
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import missing
from markupsafe import Markup

from xfdocs.document.fields import Absent, Events, Many, View, names_in
from xfdocs.document.model import Figure, Heading, Paragraph, Table, TearLine
from xfdocs.document.tokens import BlockAmidText, Values, lines
from xfdocs.document.words import date_text
from xfdocs.rules.citation import numeral

VALUES = "<values>"
"""Where a template's context keeps its `Values`: under a name that no template can write."""

_KEPT_FILTERS = (
    "first",
    "last",
    "length",
    "list",
    "reverse",
    "sort",
    "unique",
    "default",
    "d",
    "count",
    "batch",
    "sum",
)


class PrintedAbsent(Exception):
    """A wording printed a field that this record does not have; carries the field's name."""


class PrintedStructure(Exception):
    """A wording printed something that is not a text, a date or a number."""


class Unknown(StrictUndefined):
    """A name that neither the schema nor the program knows: using it says so, with the nearest name there is."""

    __slots__ = ()

    @property
    def _undefined_message(self) -> str:
        name = str(self._undefined_name)
        if self._undefined_obj is missing:
            return f"没有“{name}”这个名称"
        where, names = names_in(self._undefined_obj)
        near = get_close_matches(name, names, n=1, cutoff=0.3)
        hint = f"是不是“{near[0]}”？" if near else f"可用的有：{'、'.join(names)}" if names else ""
        return (f"“{where}”里没有“{name}”这一项。" if where else f"没有“{name}”这一项。") + hint


def chinese_date(day: dt.date) -> str:
    """2026年3月5日, see `date_text`; anything but a date is an error that says so."""
    day = _present(day)
    if not isinstance(day, dt.date):
        raise TypeError(f"“{day}”不是日期，不能用过滤器“日期”")
    return date_text(day)


def figures(day: dt.date) -> str:
    """20260305: a date in eight figures, as catalogues of an archive have it."""
    day = _present(day)
    if not isinstance(day, dt.date):
        raise TypeError(f"“{day}”不是日期，不能用过滤器“数字日期”")
    return f"{day:%Y%m%d}"


def enumeration(items: Iterable[Any]) -> str:
    """甲、乙、丙."""
    return "、".join(str(_present(item)) for item in _present(items))


def sentence(text: str) -> str:
    """The text, ending in a full stop of its own or a new one."""
    text = str(_present(text)).rstrip()
    return (
        text
        if text.endswith(("。", "！", "？", "……", "；”", "。”", "！”", "？”", "。）"))
        else text.rstrip("；;，,、.") + "。"
    )


def phrase(text: str) -> str:
    """The text without its final full stop, to go on with the sentence."""
    return str(_present(text)).strip().rstrip("。；;，,、.")


def book_title(text: str) -> str:
    """《name》, unless it is in such brackets already (GB/T 15834)."""
    text = str(_present(text))
    return text if text.startswith("《") else f"《{text}》"


def one_line(text: str) -> str:
    """The text on one line: its paragraphs follow one another."""
    return "".join(part.strip() for part in lines(str(_present(text))))


FILTERS: dict[str, Callable[..., Any]] = {
    "日期": chinese_date,
    "数字日期": figures,
    "中文数字": numeral,
    "顿号": enumeration,
    "句": sentence,
    "短语": phrase,
    "书名号": book_title,
    "一行": one_line,
}


_BLOCKS = (Paragraph, Heading, Table, TearLine, Figure)


def _is_block(value: Any) -> bool:
    """Whether a value is what the program made to stand by itself: a table, a figure, or several blocks."""
    if type(value) is tuple:  # a list of the record is a tuple of a kind of its own
        return all(isinstance(part, _BLOCKS) for part in value)
    return isinstance(value, _BLOCKS)


def _present(value: Any) -> Any:
    if isinstance(value, Absent):
        raise PrintedAbsent(value.path_)
    if _is_block(value) and value != ():
        raise BlockAmidText(_line())
    return value


def _line() -> int:
    """The line of the wording that is being said; 0 if none is."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        template: Template | None = frame.f_globals.get("__jinja_template__")
        if template is not None:
            return template.get_corresponding_lineno(frame.f_lineno)
        frame = frame.f_back
    return 0


def _text(value: Any) -> str:
    """What a value says where it is printed or joined to another text."""
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, dt.date):
        return date_text(value)
    if isinstance(value, Absent):
        raise PrintedAbsent(value.path_)
    if isinstance(value, StrictUndefined):
        return str(value)  # raises, naming what is undefined
    if _is_block(value):
        raise BlockAmidText(_line())
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise PrintedStructure(type(value).__name__ if not isinstance(value, View) else "整个元素")
    return str(value)


@pass_context
def _finalize(context: Context, value: Any) -> Any:
    """What ``{{ … }}`` puts into the wording: the token of its text, or of its blocks."""
    if isinstance(value, Markup):  # wording with tokens already in it: what a macro or a set block gave
        return value
    if _for_list(context):
        value = _listed(value)
    values: Values = context[VALUES]
    if not isinstance(value, str) and _is_block(value):
        return values.take_blocks(value if isinstance(value, tuple) else (value,), _line())
    return values.take(_text(value))


def _for_list(context: Context) -> bool:
    environment = context.environment
    return isinstance(environment, _Environment) and environment.listing


def _listed(value: Any) -> Any:
    """What a value is in a list: what is not there leaves its place empty, and a day is short."""
    if isinstance(value, Absent):
        return ""
    return value.isoformat() if isinstance(value, dt.date) else value


def _on_text(function: Callable[..., Any]) -> Callable[..., Any]:
    """A filter that is given text even where its input is wording, and then gives a token of its own."""

    @pass_context
    @wraps(function)
    def filtered(context: Context, value: Any = "", *rest: Any, **named: Any) -> Any:
        if isinstance(value, Absent) and _for_list(context):
            return value
        if not isinstance(value, Markup):
            return function(value, *rest, **named)
        values: Values = context[VALUES]
        result = function(values.restore(str(value)), *rest, **named)
        return Markup(values.take(result)) if isinstance(result, str) else result  # noqa: S704 - one opaque token

    return filtered


_RECORD = frozenset({View, Many, Events, Absent})
"""The views of a record."""


class _Generator(CodeGenerator):
    """Compiles ``~`` so that what it joins stays text."""

    def visit_Concat(self, node: nodes.Concat, frame: Frame) -> None:
        self.write("environment.join(context, (")
        for part in node.nodes:
            self.visit(part, frame)
            self.write(", ")
        self.write("))")


class _Environment(ImmutableSandboxedEnvironment):
    """The sandbox, in which wording and text never mix but by tokens."""

    code_generator_class = _Generator
    intercepted_binops = frozenset({"+", "%", "*"})
    listing = False
    """Whether it is for lists: there what a record does not have leaves a gap, in a letter it is an error."""

    def join(self, context: Context, parts: Iterable[Any]) -> str:
        """``a ~ b``: texts make a text; with wording among them, the texts go in as tokens."""
        parts = tuple(map(_listed, parts) if self.listing else parts)
        if not any(isinstance(part, Markup) for part in parts):
            return "".join(map(_text, parts))
        return Markup("").join(Markup(_finalize(context, part)) for part in parts)  # noqa: S704 - tokens

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Arithmetic on numbers only: texts are joined by ``~``."""
        if isinstance(left, str) or isinstance(right, str):
            raise TypeError("文字要用 ~ 连接")
        return super().call_binop(context, operator, left, right)

    def getattr(self, obj: Any, attribute: str) -> Any:
        """What a dot leads to. The record's own names lead to values only, so they need not be asked about one by one."""
        if type(obj) not in _RECORD or attribute.startswith("_"):
            return super().getattr(obj, attribute)
        try:
            return getattr(obj, attribute)
        except AttributeError:  # in a list names are checked beforehand: another kind of event has this one
            return Absent(attribute) if self.listing else self.undefined(obj=obj, name=attribute)

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Nothing beginning with _, and no method that would take wording apart."""
        return not isinstance(obj, Markup) and super().is_safe_attribute(obj, attr, value)


def _nothing(_name: str) -> None:
    raise SecurityError("文稿里不能引用别的文件")


def make_environment(*, listing: bool = False) -> ImmutableSandboxedEnvironment:
    """The environment every wording is compiled in, or (*listing*) every cell of a list."""
    environment = _Environment(
        undefined=Unknown,
        autoescape=True,
        finalize=_finalize,
        keep_trailing_newline=True,
        loader=FunctionLoader(_nothing),
    )
    environment.listing = listing
    ours = {name: _on_text(function) for name, function in FILTERS.items()}
    environment.filters = {name: environment.filters[name] for name in _KEPT_FILTERS} | ours
    environment.globals = {
        "range": environment.globals["range"],
        "namespace": environment.globals["namespace"],
    }
    return environment
