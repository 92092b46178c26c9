"""Excel workbooks as sheets of text: bounded, without formulas, and with the name of every cell."""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, NoReturn

from hakari.errors import InputError, PackError
from hakari.messages import Message, say, unprintable
from hakari.packs._nodes import LONGEST_SCALAR
from hakari.packs.authoring._containers import check_archive, need, office_errors

__all__ = [
    "MOST_CELLS",
    "MOST_COLUMNS",
    "MOST_ROWS",
    "Cell",
    "Dropdown",
    "Row",
    "Sheet",
    "Written",
    "read_grid",
    "write_grid",
]

MOST_ROWS = 5_000
"""Rows with content in one sheet."""
MOST_COLUMNS = 120
"""Columns in one sheet."""
MOST_CELLS = 100_000
"""Cells with content in the whole workbook."""
_MOST_SHEETS = 60
_MOST_LETTERS = 20 * 2**20
_LAST_ROW = 2**20
"""Rows in a sheet of Excel; a file may name one beyond, which nobody can see."""
_LONGEST_CELL = 32_767
"""Characters in a cell of Excel."""
_WIDTHS = ((12, 14.0), (40, 24.0), (120, 44.0))


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in one cell, as text."""

    text: str
    place: str
    """`Requirements!D14`."""


@dataclass(slots=True)
class Row:
    """One row of a table: its cells by heading; empty ones are there as well, so that a fault in them has a place."""

    place: str
    """Its first cell."""
    cells: dict[str, Cell]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: rows of cells by column letter; empty cells are absent, empty rows as well."""

    name: str
    rows: Mapping[int, Mapping[str, Cell]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Dropdown:
    """Values that Excel offers in a column; our own words only, or the cells of another sheet."""

    column: int
    values: tuple[str, ...] = ()
    cells: str = ""
    """A range such as `Principles!$A$2:$A$200`, in place of values."""


@dataclass(frozen=True, slots=True)
class Written:
    """A sheet to write: its first row is the heading."""

    name: str
    rows: Sequence[Sequence[str | float | None]]
    dropdowns: tuple[Dropdown, ...] = ()
    heading: bool = True


def read_grid(path: Path, *, shown: str) -> dict[str, Sheet]:
    """Return the sheets of an Excel workbook in their order; `shown` is how messages call the file.

    Raises:
        InputError: no such file, not a workbook, too large.
        PackError: a cell that holds a formula, an error or more text than is read; names the cell.
    """
    check_archive(path, shown)
    openpyxl = need("openpyxl", "openpyxl")
    found: dict[str, Sheet] = {}
    cells = letters = 0
    # Excel's own extensions, such as its newer drop-down lists, are no concern of a reader of texts.
    with office_errors(shown), warnings.catch_warnings(), path.open("rb") as file:
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(file, read_only=True, data_only=False, keep_links=False)
        if len(book.worksheets) > _MOST_SHEETS:
            raise InputError(say("authoring.file.sheets", file=shown, count=len(book.worksheets), limit=_MOST_SHEETS))
        for each in book.worksheets:
            sheet = _sheet(each)
            cells += sum(map(len, sheet.rows.values()))
            letters += sum(len(cell.text) for row in sheet.rows.values() for cell in row.values())
            if cells > MOST_CELLS or letters > _MOST_LETTERS:
                raise InputError(say("authoring.file.cells", file=shown, limit=MOST_CELLS))
            found[sheet.name] = sheet
        book.close()
    return found


def _sheet(each: Any) -> Sheet:
    # What the file says about its own extent may be wrong, and rows outside of it would silently not count.
    each.reset_dimensions()
    rows: dict[int, dict[str, Cell]] = {}
    for number, row in enumerate(each.iter_rows(max_row=_LAST_ROW), start=1):
        own = {}
        for index, cell in enumerate(row, start=1):
            if cell.value is None or cell.value == "":
                continue
            letter = _letter(index)
            place = f"{each.title}!{letter}{number}"
            if index > MOST_COLUMNS:
                _refuse(place, say("authoring.cell.column", limit=MOST_COLUMNS))
            text = _text(cell, place)
            if text.strip():
                own[letter] = Cell(text, place)
        if own:
            rows[number] = own
        if len(rows) > MOST_ROWS:
            _refuse(f"{each.title}!A{number}", say("authoring.cell.row", limit=MOST_ROWS))
    return Sheet(each.title, rows)


def _text(cell: Any, place: str) -> str:
    value = cell.value
    if cell.data_type == "f":
        _refuse(place, say("authoring.cell.formula", text=str(getattr(value, "text", value))[:60]))
    if cell.data_type == "e":
        _refuse(place, say("authoring.cell.error", text=str(value)[:60]))
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return _number(value, place)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ")
    if isinstance(value, (date, time)):
        return value.isoformat()
    text = str(value).replace("\r\n", "\n").replace("\r", "\n")
    if len(text) > LONGEST_SCALAR:
        _refuse(place, say("packs.yaml.too_long", length=len(text), limit=LONGEST_SCALAR))
    for sign in text if not text.isprintable() else "":
        if unprintable(sign) and sign not in "\n\t":
            _refuse(place, say("packs.yaml.control", text=text[:60], code=f"U+{ord(sign):04X}"))
    return text


def _number(value: float, place: str) -> str:
    if isinstance(value, int):
        # A number of a thousand digits is no number that anybody wrote.
        return str(value) if abs(value) < 10**15 else _refuse(place, say("authoring.cell.number"))
    if not math.isfinite(value):
        _refuse(place, say("authoring.cell.number"))
    return str(int(value)) if value.is_integer() and abs(value) < 10**15 else repr(value)


def _letter(index: int) -> str:
    letters = ""
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _refuse(place: str, problem: Message) -> NoReturn:
    raise PackError(say("packs.at", place=place, problem=problem))


def write_grid(path: Path, sheets: Iterable[Written]) -> None:
    """Write a workbook. Every text is written as text: what begins with = + - @ never becomes a formula.

    Raises:
        InputError: a text is longer than a cell can hold, or the file cannot be written.
    """
    openpyxl = need("openpyxl", "openpyxl")
    styles = need("openpyxl.styles", "openpyxl")
    book = openpyxl.Workbook()
    book.remove(book.active)
    plain = styles.Alignment(wrap_text=True, vertical="top")
    for sheet in sheets:
        page = book.create_sheet(sheet.name)
        for number, row in enumerate(sheet.rows, start=1):
            for index, value in enumerate(row, start=1):
                if value is not None and value != "":
                    _put(page.cell(number, index), value, plain)
        _furnish(page, sheet, styles)
    try:
        book.save(path)
    except OSError as error:
        raise InputError(say("authoring.file.unwritable", file=path.name, problem=error.strerror or "")) from None


def _put(cell: Any, value: str | float, alignment: Any) -> None:
    # A number of 17 digits would be rounded to 16 on its way to disk.
    if isinstance(value, float) and float(f"{value:.16g}") != value:
        value = repr(value)
    if isinstance(value, str) and len(value) > _LONGEST_CELL:
        raise InputError(say("authoring.cell.long", length=len(value), limit=_LONGEST_CELL, text=value[:60]))
    cell.value = value
    cell.alignment = alignment
    if isinstance(value, str):
        # The library reads “=…” as a formula and “#N/A” as an error; Excel does the same once somebody edits the cell.
        cell.data_type = "s"
        cell.number_format = "@"
        cell.quotePrefix = value[:1] in ("=", "+", "-", "@", "#", "'")


def _furnish(page: Any, sheet: Written, styles: Any) -> None:
    """Give a sheet widths, a heading that stays in view, and drop-down lists."""
    columns = max(map(len, sheet.rows), default=0)
    for index in range(1, columns + 1):
        lengths = [len(str(row[index - 1])) for row in sheet.rows[1:] if index <= len(row) and row[index - 1]]
        longest = max(lengths, default=0)
        letter = _letter(index)
        page.column_dimensions[letter].width = next((wide for most, wide in _WIDTHS if longest <= most), 60.0)
        # New cells are text as well: Excel would otherwise turn 2018-09 into a day and “=…” into a formula.
        page.column_dimensions[letter].number_format = "@"
    if sheet.heading and sheet.rows:
        page.freeze_panes = "A2"
        for cell in page[1]:
            cell.font = styles.Font(bold=True)
            cell.fill = styles.PatternFill("solid", fgColor="FFE8EEF4")
    if not sheet.dropdowns:
        return
    validation = need("openpyxl.worksheet.datavalidation", "openpyxl").DataValidation
    for dropdown in sheet.dropdowns:
        formula = f'"{",".join(dropdown.values)}"' if dropdown.values else dropdown.cells
        # Nothing typed is refused by Excel: the reader of the workbook says it better, with the nearest value.
        rule = validation(type="list", formula1=formula, allow_blank=True, showErrorMessage=False)
        letter = _letter(dropdown.column)
        rule.add(f"{letter}2:{letter}{MOST_ROWS}")
        page.add_data_validation(rule)
