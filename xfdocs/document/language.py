"""The template language of the wording: Jinja2 in its sandbox, with Chinese filters.

Undefined names are errors, values become tokens (`tokens.Values`), and nothing reaches files or the
network.  Filters that would turn a value into markup do not exist here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from difflib import get_close_matches
from enum import StrEnum
from typing import Any

from jinja2 import StrictUndefined, pass_context
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import missing
from markupsafe import Markup

from xfdocs.document.fields import Absent, View, names_in
from xfdocs.document.tokens import Values
from xfdocs.rules.citation import numeral

VALUES = "_values"
"""Where a template's context keeps its `Values`."""

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
    """2026年3月5日: Arabic, no leading zeros (GB/T 9704 7.3.5.4)."""
    day = _present(day)
    if not isinstance(day, dt.date):
        raise TypeError(f"“{day}”不是日期，不能用过滤器“日期”")
    return f"{day.year}年{day.month}月{day.day}日"


def enumeration(items: Iterable[Any]) -> str:
    """甲、乙、丙."""
    return "、".join(str(item) for item in _present(items))


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
    return "".join(part.strip() for part in str(_present(text)).splitlines())


FILTERS: dict[str, Callable[..., Any]] = {
    "日期": chinese_date,
    "中文数字": numeral,
    "顿号": enumeration,
    "句": sentence,
    "短语": phrase,
    "书名号": book_title,
    "一行": one_line,
}


def _present(value: Any) -> Any:
    if isinstance(value, Absent):
        raise PrintedAbsent(value.path_)
    return value


@pass_context
def _finalize(context: Context, value: Any) -> Any:
    """What ``{{ … }}`` puts into the wording: the token of its text."""
    if isinstance(value, Markup):  # a macro or a set block: wording with tokens already in it
        return value
    if isinstance(value, StrEnum):
        value = value.value
    if isinstance(value, dt.date):
        value = chinese_date(value)
    if isinstance(value, Absent):
        raise PrintedAbsent(value.path_)
    if isinstance(value, StrictUndefined):
        return str(value)  # raises, naming what is undefined
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise PrintedStructure(type(value).__name__ if not isinstance(value, View) else "整个元素")
    values: Values = context[VALUES]
    return values.take(str(value))


def make_environment() -> ImmutableSandboxedEnvironment:
    """The environment every wording is compiled in."""
    environment = ImmutableSandboxedEnvironment(
        undefined=Unknown,
        autoescape=True,
        finalize=_finalize,
        keep_trailing_newline=True,
        loader=None,
    )
    environment.filters = {name: environment.filters[name] for name in _KEPT_FILTERS} | FILTERS
    environment.globals = {
        "range": environment.globals["range"],
        "namespace": environment.globals["namespace"],
    }
    return environment
