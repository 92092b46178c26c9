"""Workbooks as a person would change them: by sheet, heading and row."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl

from hakari.packs import read_pack
from hakari.packs.authoring import export_workbook
from tests.unit.packs.example import PACK, REQUIREMENTS

Change = Callable[[Any], None]


def small_book(path: Path) -> Path:
    """Write the small example pack as a workbook."""
    files = {"pack.yaml": PACK.encode(), "requirements/all.yaml": REQUIREMENTS.encode()}
    export_workbook(read_pack(files, name="small"), path)
    return path


def column(page: Any, heading: str) -> int:
    """Return the number of the column with this heading."""
    return int(next(cell.column for cell in page[1] if str(cell.value).split("\n")[0] == heading))


def put(path: Path, sheet: str, heading: str, row: int, value: object) -> str:
    """Write one cell and return its name, `Sheet!A1`."""
    book = openpyxl.load_workbook(path)
    cell = book[sheet].cell(row, column(book[sheet], heading))
    cell.value = value
    book.save(path)
    return f"{sheet}!{cell.coordinate}"


def change(path: Path, how: Change) -> None:
    """Change a workbook in place."""
    book = openpyxl.load_workbook(path)
    how(book)
    book.save(path)


def add_row(page: Any, **values: object) -> None:
    """Write a row below the last; blanks in a heading's name are written as `__`, as in `title__en`."""
    row = page.max_row + 1
    for name, value in values.items():
        heading = name.replace("__", " [") + "]" if "__" in name else name
        cell = page.cell(row, column(page, heading))
        cell.value = value
        if isinstance(value, str):
            cell.data_type = "s"
