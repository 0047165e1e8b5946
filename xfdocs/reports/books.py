"""The books (台账) an office keeps, as data: ``schemas/books/<slug>.toml``, the office's own in ``books/`` of its folder.

A book says what its rows are (one of the populations that reports count, `xfdocs.reports.populations`, with the same
conditions), which day puts a row into a period, and what stands in each column: an expression in the template
language with the record's own names.  So a new book is one text file, and it cannot disagree with the reports.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from xfdocs.document.cells import Cell, CellFault
from xfdocs.document.context import known_names
from xfdocs.document.names import ANY, EVERY, PLAIN, Shape, shape_of
from xfdocs.errors import BookInvalid, BookUnknown
from xfdocs.office import Office
from xfdocs.record.events import EVENT_KINDS
from xfdocs.record.model import Claim, Issued, Source
from xfdocs.reports.definitions import Conditions, conditions, field_named
from xfdocs.reports.populations import Population, Sort, populations
from xfdocs.resources import shipped
from xfdocs.sheets import BARRED, LONGEST_NAME
from xfdocs.tables import Table

CORRESPONDENCE = "收发文"
"""Rows of a book that the register has of itself: what `register export` writes, in its own columns."""
PARTS = {"信访件": "", "诉求": "本项诉求", "办理事项": "事件", "来文": "来文", "文书": "本份文书"}
"""What a row can be: population → the name by which columns ask for that part of the record."""
OWN_NAMES = ("人次", "办理情况", "事件名称", EVERY)
"""What columns have beyond a wording: how many persons, how far the case has come, 转送 or 交办, the events of a kind."""
_KINDS = {"诉求": Claim, "来文": Source, "文书": Issued}
_MOST = LONGEST_NAME - len("（99）")
"""Characters a title can have, which is also the name of a sheet."""
_WIDTHS = range(4, 81)


@dataclass(frozen=True, slots=True)
class BookColumn:
    """One column."""

    head: str
    width: int
    """In characters half as wide as a 汉字."""
    cell: Cell
    sum: bool = False
    """Whether its numbers are added up, on every page and at the end."""
    unit: str = ""
    """Of what is added up: 人次."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Book:
    """One book."""

    slug: str
    title: str
    about: str
    unit: str
    """What one row is counted in: 件, 批, 次, 份."""
    of: str
    """Its population, or 收发文."""
    window: str = ""
    """The day that puts a row into a period."""
    where: Conditions = ()
    order: tuple[str, ...] = ()
    """Fields by which rows are ordered; then by 编号, then as they stand in the record."""
    columns: tuple[BookColumn, ...] = ()
    file: Path
    """Where it is written down."""

    @property
    def correspondence(self) -> bool:
        """Whether it is the 收发文登记簿, which the register keeps."""
        return self.of == CORRESPONDENCE


@lru_cache(maxsize=16)
def books_of(office: Office) -> Mapping[str, Book]:
    """Every book of an office by slug, the office's own in place of the shipped ones.

    Raises `BookInvalid` for whatever could not be written: an unknown population, field, word or name.
    """
    files: dict[str, Path] = {}
    for folder in (shipped("schemas", "books"), office.folder / "books"):
        files |= {file.stem: file for file in sorted(folder.glob("*.toml"))}
    books = {slug: _read(slug, files[slug]) for slug in sorted(files)}
    titles: dict[str, Book] = {}
    for book in books.values():
        if book.title in titles:
            other = titles[book.title].file.name
            raise BookInvalid(file=book.file, what=f"名称“{book.title}”在 {other} 里已经有了。")
        titles[book.title] = book
    return MappingProxyType(books)


def book_called(name: str, office: Office) -> Book:
    """The book of that slug or title, or the only one whose title has the word. Raises `BookUnknown` with the nearest names."""
    books = books_of(office)
    named = {**{book.title: book for book in books.values()}, **books}
    having = [book for book in books.values() if name in book.title]
    found = named.get(name) or (having[0] if len(having) == 1 else None)
    if found is None:
        near = difflib.get_close_matches(name, named, n=3, cutoff=0.4)
        raise BookUnknown(name=name, hint=f"是不是：{'、'.join(near)}？" if near else "")
    return found


def _read(slug: str, file: Path) -> Book:
    table = Table.read(file, BookInvalid)
    title = _title(table)
    about = table.take("about", str, "")
    unit = table.take("unit", str, "件")
    of = table.one_of("of", (*PARTS, CORRESPONDENCE))
    if of == CORRESPONDENCE:
        table.close()
        return Book(slug=slug, title=title, about=about, unit=unit, of=of, file=file)
    population = populations()[of]
    window = field_named(table, population, table.take("window", str), Sort.DAY)
    where = conditions(table.section("where"), population)
    order = tuple(field_named(table, population, name) for name in table.texts("order", []))
    known = _known(population, where)
    columns = tuple(_column(row, known) for row in table.rows("column"))
    table.close()
    if not columns:
        raise table.wrong("没有写栏目，至少要有一个 [[column]]")
    heads = [column.head for column in columns]
    if twice := next((head for head in heads if heads.count(head) > 1), ""):
        raise table.wrong(f"栏目“{twice}”写了两次")
    return Book(
        slug=slug,
        title=title,
        about=about,
        unit=unit,
        of=of,
        window=window,
        where=where,
        order=order or (window,),
        columns=columns,
        file=file,
    )


def _title(table: Table) -> str:
    """The title, which also names files and sheets."""
    title = table.take("title", str)
    bad = [char for char in title if char in BARRED or not char.isprintable()]
    if not title.strip() or title != title.strip() or title.startswith(".") or bad or len(title) > _MOST:
        raise table.wrong(
            f"title 也是文件和工作表的名称，应为 1 至 {_MOST} 字，首尾没有空格，不含 {' '.join(BARRED)}，现为“{title}”"
        )
    return title


def _known(population: Population, where: Conditions) -> dict[str, Shape]:
    """The names its columns may use."""
    part = PARTS[population.name]
    if population.name == "办理事项":
        words = next((one.values for one in where if one.field == "事项"), tuple(EVENT_KINDS))
        own = {part: Shape(tuple(EVENT_KINDS[word] for word in words if word))}
    else:
        own = {part: shape_of(_KINDS[population.name])} if part else {}
    return {**known_names(), **own, **dict.fromkeys(OWN_NAMES, PLAIN), EVERY: ANY}


def _column(row: Table, known: Mapping[str, Shape]) -> BookColumn:
    head = row.take("head", str)
    width = row.take("width", int)
    if width not in _WIDTHS:
        raise row.wrong(f"width 是栏宽，一个汉字算 2，应为 {_WIDTHS[0]} 至 {_WIDTHS[-1]}，现为 {width}")
    source = row.take("value", str)
    added = row.take("sum", bool, False)
    unit = row.take("unit", str, "")
    row.close()
    try:
        cell = Cell(source, known)
    except CellFault as fault:
        raise row.wrong(f"栏目“{head}”：{fault}") from fault
    return BookColumn(head, width, cell, added, unit)


def columns_told(book: Book) -> Iterator[str]:
    """The heads of a book's columns."""
    if book.correspondence:
        from xfdocs.register.book import INCOMING, OUTGOING

        yield from dict.fromkeys([column.head for column in OUTGOING] + [column.head for column in INCOMING])
    yield from (column.head for column in book.columns)
