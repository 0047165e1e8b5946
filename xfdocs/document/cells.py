"""One cell of a book: an expression in the template language, compiled once and filled from one record after another.

``{{ 登记.收到日期 }}`` alone stays the date it is, so that a sheet can be sorted by it; whatever else is a text.  What a
record does not have leaves its place empty.  A name that no record can have is an error before anything is read.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any

from jinja2 import Environment, TemplateSyntaxError, UndefinedError, nodes, pass_environment
from jinja2.environment import TemplateExpression
from jinja2.exceptions import TemplateError
from jinja2.runtime import Undefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from xfdocs.document.fields import Absent
from xfdocs.document.language import VALUES, PrintedStructure, make_environment
from xfdocs.document.names import NameFault, Shape, check_names
from xfdocs.document.sayings import plain
from xfdocs.document.tokens import Values, has_token

Value = str | int | dt.date | None
_Say = Callable[[Mapping[str, Any]], Any]


def _environment() -> ImmutableSandboxedEnvironment:
    """The environment of cells: here the first of what is not there is not there either."""
    environment = make_environment(listing=True)

    def lenient(known: Callable[..., Any]) -> Callable[..., Any]:
        @pass_environment
        def filtered(environment: Environment, given: Any) -> Any:
            return given if isinstance(given, Absent) else known(environment, given)

        return filtered

    environment.filters |= {name: lenient(environment.filters[name]) for name in ("first", "last")}
    return environment


_ENVIRONMENT = _environment()


class CellFault(Exception):
    """What is wrong with a cell's expression, as a Chinese sentence."""


class Cell:
    """One expression, ready for any number of records.

    *known* are the names it may use, each with what may be asked of it.  Raises `CellFault` for bad syntax or a name
    that is not known.
    """

    def __init__(self, source: str, known: Mapping[str, Shape]) -> None:
        if has_token(source):
            raise CellFault("含有程序保留的字符（私用区 U+F0000 起）。")
        try:
            tree = _ENVIRONMENT.parse(source.strip())
            check_names(tree, known)
            self._say = _native(tree) or _texts(tree)
        except TemplateSyntaxError as error:
            raise CellFault(f"模板语法不对：{plain(error)}。") from error
        except TemplateError as error:
            raise CellFault(f"{plain(error)}。") from error
        except NameFault as error:
            raise CellFault(str(error)) from error

    def value(self, context: Mapping[str, Any]) -> Value:
        """What stands in the cell for one record. Raises `CellFault` if the expression cannot be worked out for it."""
        try:
            return _fit(self._say(context))
        except UndefinedError as error:
            raise CellFault(f"{str(error.message).rstrip('。')}。没有的要先用 {{% if %}} 判断。") from error
        except PrintedStructure as error:
            raise CellFault(f"写出的不是文字、日期、数字（{error}）。") from error
        except (TypeError, ValueError, AttributeError, ArithmeticError, TemplateError) as error:
            raise CellFault(f"算不出来（{plain(error)}）。") from error


def _native(tree: nodes.Template) -> _Say | None:
    """The value itself, where the cell is one expression and nothing else."""
    match tree.body:
        case [nodes.Output(nodes=[one])] if not isinstance(one, nodes.TemplateData):
            # What Environment.compile_expression makes of a text, made of what is parsed already.
            body: list[nodes.Node] = [nodes.Assign(nodes.Name("result", "store"), one, lineno=1)]
            template = _ENVIRONMENT.from_string(nodes.Template(body, lineno=1))
            expression = TemplateExpression(template, undefined_to_none=False)

            def say(context: Mapping[str, Any]) -> Any:
                values = Values()
                found = expression({**context, VALUES: values})
                return values.restore(found) if isinstance(found, Markup) else found

            return say
    return None


def _texts(tree: nodes.Template) -> _Say:
    template = _ENVIRONMENT.from_string(tree)

    def say(context: Mapping[str, Any]) -> str:
        values = Values()
        return values.restore(template.render({**context, VALUES: values}))

    return say


def _fit(value: Any) -> Value:
    """A value as a cell can hold it."""
    if isinstance(value, Undefined):
        str(value)  # raises, naming what is undefined
    if value is None or isinstance(value, Absent):
        return None
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, dt.date | int):
        return value
    if not isinstance(value, str):
        raise PrintedStructure("整个元素")
    values = Values()
    return values.restore(values.take(str(value))).strip() or None
