"""What an office and year have been filed by: model, order and form of the 档号 stay the same for a year (R39)."""

from __future__ import annotations

import tomllib
from pathlib import Path

from xfdocs.archive.orders import order_of
from xfdocs.errors import OrderDiffers
from xfdocs.files import sweep, write_whole
from xfdocs.office import Office

NAME = "整理规则.toml"


def rules_path(office: Office, year: int) -> Path:
    """Where the rules of a year lie."""
    return office.folder / "archive" / str(year) / NAME


def keep_to_the_year(office: Office, year: int) -> None:
    """Note down how a year is filed when its first case is, and hold every further one to it.

    Raises `OrderDiffers` if the office's settings have changed since.
    """
    setting = office.archive
    now = {
        "model": setting.model,
        "order": setting.order,
        "number": setting.form,
        "unit": setting.unit,
        "fonds": setting.fonds,
    }
    path = rules_path(office, year)
    try:
        before = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        order = order_of(office)
        lines = [
            f"# {year} 年度归档按此整理（{order.title}），本年度内不改。程序写入，请不要改动。",
            *(f'{key} = "{value}"' for key, value in now.items()),
        ]
        path.parent.mkdir(parents=True, exist_ok=True)
        sweep(path.parent, path.name)
        write_whole(path, "\n".join([*lines, ""]).encode())
        return
    for key, value in now.items():
        if before.get(key) != value:
            raise OrderDiffers(year=year, before=str(before.get(key)), now=value)
