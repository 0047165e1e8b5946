"""Reading data that people write by hand: every key is asked for by name, and one nobody asked for is an error."""

from __future__ import annotations

import tomllib
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Self, TypeVar

from xfdocs.errors import LawDataInvalid

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

T = TypeVar("T")

_MUST = object()
_SPOKEN = {
    str: "文字",
    int: "整数",
    bool: "true 或 false",
    date: "日期（如 2026-01-31）",
    list: "列表",
    dict: "表",
}


class Table:
    """One TOML table on its way into the model.

    Take out what is known, then `close`: a key that is left over is a typing error, and a typing
    error in a rule must not pass for a rule that is not there.
    """

    def __init__(self, data: dict[str, Any], file: Path, where: str = "") -> None:
        self._left = dict(data)
        self.file = file
        self.where = where

    @classmethod
    def read(cls, file: Path) -> Self:
        """The whole file. Raises `LawDataInvalid` if it is not TOML in UTF-8."""
        try:
            return cls(tomllib.loads(file.read_text(encoding="utf-8-sig")), file)
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise LawDataInvalid(file=file, what=f"不是 UTF-8 编码的 TOML：{error}") from error

    def wrong(self, what: str) -> LawDataInvalid:
        """The error to raise about this table."""
        return LawDataInvalid(file=self.file, what=f"[{self.where}] {what}" if self.where else what)

    def __contains__(self, key: str) -> bool:
        return key in self._left

    def take(self, key: str, kind: type[T], default: Any = _MUST) -> T:
        """The value under *key*, which must be a *kind*; *default* if the key is absent and a default is given."""
        if key not in self._left:
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
            raise self.wrong(f"{key} 应为{_SPOKEN[kind]}，现为 {value!r}")
        taken: T = value
        return taken

    def texts(self, key: str, default: Any = _MUST) -> tuple[str, ...]:
        """A list of strings, none of them empty."""
        values = self.take(key, list, default)
        if not all(isinstance(value, str) and value for value in values):
            raise self.wrong(f"{key} 应为文字的列表，现为 {values!r}")
        return tuple(values)

    def numbers(self, key: str) -> tuple[int, ...]:
        """A list of whole numbers, none negative."""
        values = self.take(key, list)
        if not all(type(value) is int and value >= 0 for value in values):
            raise self.wrong(f"{key} 应为整数的列表，现为 {values!r}")
        return tuple(values)

    def rows(self, key: str) -> Iterator[Table]:
        """The tables of a list of tables; none if the key is absent."""
        for position, value in enumerate(self.take(key, list, []), start=1):
            where = f"{self.where}.{key} 第{position}项".lstrip(".")
            if not isinstance(value, dict):
                raise self.wrong(f"{key} 第{position}项应为表，现为 {value!r}")
            yield Table(value, self.file, where)

    def tables(self, key: str) -> Iterator[tuple[str, Table]]:
        """The named tables under *key*; none if the key is absent."""
        for name, value in self.take(key, dict, {}).items():
            where = f"{self.where}.{key}.{name}".lstrip(".")
            if not isinstance(value, dict):
                raise self.wrong(f"{key}.{name} 应为表，现为 {value!r}")
            yield name, Table(value, self.file, where)

    def close(self) -> None:
        """Refuse what nobody asked for."""
        if self._left:
            raise self.wrong("有不认识的项：" + "、".join(self._left))
