"""Reading TOML that people write by hand: every key is asked for by name, and one nobody asked for is an error."""

from __future__ import annotations

import re
import tomllib
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Self, TypeVar

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from enum import StrEnum
    from pathlib import Path

    from xfdocs.errors import XfdocsError

T = TypeVar("T")
E = TypeVar("E", bound="StrEnum")

_MUST = object()
_SPOKEN = {
    str: "文字",
    int: "整数",
    bool: " true 或者 false",
    date: "日期（如 2026-01-31）",
    list: "列表",
    dict: "表",
}
_BARE = re.compile(r"^[ \t]*([^\x00-\x7f][^\s=\"']*)[ \t]*=", re.MULTILINE)
"""A Chinese key without the quotation marks that TOML wants around it."""
_TEXTS = '文字的列表（如 ["甲", "乙"]）'


class Table:
    """One TOML table on its way into the model.

    Take out what is known, then `close`: a key that is left over is a typing error, and a typing
    error in a setting must not pass for a setting that is not there.
    """

    def __init__(self, data: dict[str, Any], file: Path, fault: type[XfdocsError], where: str = "") -> None:
        self._left = dict(data)
        self._asked: set[str] = set()
        self.file = file
        self.fault = fault
        """The error to raise; its facts are ``file`` and ``what``."""
        self.where = where

    @classmethod
    def read(cls, file: Path, fault: type[XfdocsError]) -> Self:
        """The whole file, with or without the mark that Notepad writes. Raises *fault* if it is not TOML in UTF-8."""
        text = ""
        try:
            text = file.read_text(encoding="utf-8-sig")
            return cls(tomllib.loads(text), file, fault)
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            bare = _BARE.search(text)
            hint = f'“{bare[1]}”要加引号，写作 "{bare[1]}" = …。' if bare else ""
            raise fault(file=file, what=f"不是 UTF-8 编码的 TOML（{error}）。{hint}") from error

    def wrong(self, what: str) -> XfdocsError:
        """The error to raise about this table; *what* is one sentence."""
        place = f"[{self.where}] " if self.where else ""
        return self.fault(file=self.file, what=f"{place}{what.removesuffix('。')}。")

    def __contains__(self, key: str) -> bool:
        self._asked.add(key)
        return key in self._left

    def take(self, key: str, kind: type[T], default: Any = _MUST, spoken: str = "") -> T:
        """The value under *key*, which must be a *kind*; *default* if the key is absent and a default is given."""
        if key not in self:
            if default is _MUST:
                raise self.wrong(f"缺少 {key}")
            fallback: T = default
            return fallback
        value = self._left.pop(key)
        right = isinstance(value, kind)
        if kind is int:
            right = right and not isinstance(value, bool)
        if kind is date:
            right = right and not isinstance(value, datetime)
        if not right:
            raise self.wrong(f"{key} 应为{spoken or _SPOKEN[kind]}，现为 {value!r}")
        taken: T = value
        return taken

    def texts(self, key: str, default: Any = _MUST) -> tuple[str, ...]:
        """A list of strings, none of them empty."""
        values = self.take(key, list, default, _TEXTS)
        if not all(isinstance(value, str) and value for value in values):
            raise self.wrong(f"{key} 应为{_TEXTS}，现为 {values!r}")
        return tuple(values)

    def numbers(self, key: str) -> tuple[int, ...]:
        """A list of whole numbers, none negative."""
        values = self.take(key, list)
        if not all(type(value) is int and value >= 0 for value in values):
            raise self.wrong(f"{key} 应为整数的列表，现为 {values!r}")
        return tuple(values)

    def one_of(self, key: str, choices: Collection[str], default: Any = _MUST) -> str:
        """A text that is one of *choices*, or the default."""
        value: str = self.take(key, str, default)
        if value not in choices and value != default:
            raise self.wrong(f"{key} 应为{_either(choices)}之一，现为“{value}”")
        return value

    def choice(self, key: str, choices: type[E], default: Any = _MUST) -> E:
        """A text that is the value of a member, as that member."""
        return choices(self.one_of(key, tuple(choices), default))

    def some_of(self, key: str, choices: Collection[str], default: Any = _MUST) -> tuple[str, ...]:
        """A list of strings, each of them one of *choices*."""
        values = self.texts(key, default)
        if unknown := [value for value in values if value not in choices]:
            raise self.wrong(f"{key} 应取自{_either(choices)}，没有“{'”“'.join(unknown)}”")
        return values

    def entries(self, kind: type[T]) -> dict[str, T]:
        """All that is left, where the keys are the author's own; each value must be a *kind*."""
        return {key: self.take(key, kind) for key in tuple(self._left)}

    def names(self) -> tuple[str, ...]:
        """The keys that are left, where they are the author's own."""
        return tuple(self._left)

    def section(self, key: str) -> Table:
        """The one table under *key*; an empty one if the key is absent."""
        return Table(self.take(key, dict, {}), self.file, self.fault, self._inside(key))

    def rows(self, key: str) -> Iterator[Table]:
        """The tables of a list of tables; none if the key is absent."""
        for position, value in enumerate(self.take(key, list, []), start=1):
            if not isinstance(value, dict):
                raise self.wrong(f"{key} 第{position}项应为表，现为 {value!r}")
            yield Table(value, self.file, self.fault, self._inside(f"{key} 第{position}项"))

    def tables(self, key: str) -> Iterator[tuple[str, Table]]:
        """The named tables under *key*; none if the key is absent."""
        for name, value in self.take(key, dict, {}).items():
            if not isinstance(value, dict):
                raise self.wrong(f"{key}.{name} 应为表，现为 {value!r}")
            yield name, Table(value, self.file, self.fault, self._inside(f"{key}.{name}"))

    def _inside(self, key: str) -> str:
        return f"{self.where}.{key}" if self.where else key

    def close(self) -> None:
        """Refuse what nobody asked for, and say what could have been asked."""
        if self._left:
            usable = "、".join(sorted(self._asked))
            raise self.wrong(f"有不认识的项目：{'、'.join(self._left)}。可用：{usable}")


def _either(choices: Iterable[str]) -> str:
    return f"“{'”“'.join(choices)}”"
