"""A pack as an Excel workbook: one sheet for each kind of record."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from hakari.errors import InputError, PackError
from hakari.messages import Language, render, say
from hakari.packs.authoring._plain import plain_record
from hakari.packs.authoring.grid import Dropdown, Written, write_grid
from hakari.packs.authoring.importing import import_workbook
from hakari.packs.authoring.layout import READ_ME, SENTENCE, SHEETS, TRIAGE, Column, Table, headings_of, headings_told
from hakari.packs.authoring.sentence import check_sentence
from hakari.packs.model import Pack, Requirement

__all__ = ["export_workbook", "workbook_sheets"]

_README = ("what", "pack", "requirements", "checks", "questions", "shelf", "notes", "import")


def export_workbook(
    pack: Pack,
    path: Path,
    *,
    triage: bytes | None = None,
    shelf: Iterable[Written] = (),
    language: Language = "en",
) -> None:
    """Write `pack` as a workbook and read it again: what would be lost is refused instead.

    Raises:
        InputError: something in the pack does not survive Excel, or the file cannot be written.
    """
    write_grid(path, [*workbook_sheets(pack, triage, language), *shelf])
    try:
        back = import_workbook(path, shown=path.name, shelf=False)
    except PackError as error:
        path.unlink()
        raise InputError(say("authoring.export.loss", problem=error.message)) from None
    kept = replace(back.pack, digest=pack.digest)
    if kept != pack or (triage is not None and _lines(triage) != _lines(back.files["triage.yaml"])):
        path.unlink()
        raise InputError(
            say("authoring.export.loss", problem=say("authoring.export.differs", fields=_differing(pack, kept)))
        )


def _differing(first: Pack, second: Pack) -> list[str]:
    one, other = plain_record(first), plain_record(second)
    return [key for key in one if one[key] != other.get(key)] or ["triage.yaml"]


def workbook_sheets(pack: Pack, triage: bytes | None, language: Language) -> Iterator[Written]:
    """Yield the sheets of a pack."""
    yield Written(
        READ_ME,
        [[render(say(f"authoring.readme.{line}"), each) for each in ("en", "ja")] for line in _README],
        heading=False,
    )
    for table in SHEETS:
        yield _vertical(pack, table, language) if table.record is Pack else _sheet(pack, table, language)
    if triage is not None:
        heading = f"triage.yaml\n{render(say('authoring.column.line'), language)}"
        yield Written(TRIAGE, [[heading], *([line] for line in _lines(triage))])


def _vertical(pack: Pack, table: Table, language: Language) -> Written:
    """Return the sheet of the pack itself: one field on each row."""
    rows: list[Sequence[str | float | None]] = [headings_told(("key", "value"), language)]
    values = dict(_values(pack, table, pack.languages))
    rows += [[heading, values.get(heading)] for heading in headings_of(table, pack.languages)]
    return Written(table.sheet, rows)


def _sheet(pack: Pack, table: Table, language: Language) -> Written:
    names = headings_of(table, pack.languages)
    rows: list[Sequence[str | float | None]] = [headings_told(names, language)]
    for links, record in _records(pack, table):
        values = {**dict(zip(table.links, links, strict=True)), **dict(_values(record, table, pack.languages))}
        rows.append([values.get(name) for name in names])
    return Written(table.sheet, rows, tuple(_dropdowns(table, names)))


def _dropdowns(table: Table, names: list[str]) -> Iterator[Dropdown]:
    for column in table.columns:
        if column.kind == "word" and column.choices:
            yield Dropdown(names.index(column.key) + 1, column.choices)
        elif table.record is Requirement and column.key == "group":
            yield Dropdown(names.index("group") + 1, cells="Principles!$A$2:$A$200")


def _records(pack: Pack, table: Table) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Yield every record of a table with the names of what it hangs on."""
    if table.parent in ("", "Pack"):
        yield from (((), record) for record in getattr(pack, table.field))
        return
    above = next(item for item in SHEETS if item.sheet == table.parent)
    for links, parent in _records(pack, above):
        name = parent.slug if isinstance(parent, Requirement) else parent.id
        yield from (((*links, name), record) for record in getattr(parent, table.field))


def _values(record: Any, table: Table, languages: tuple[str, ...]) -> Iterator[tuple[str, str | float]]:
    """Yield (heading, value) for what a record holds."""
    if table.record is None:
        yield from ((f"text [{language}]", record[language]) for language in languages)
        return
    for column in table.columns:
        if column.key == SENTENCE:
            yield from ((f"{SENTENCE} [{language}]", check_sentence(record, language)) for language in languages)
            continue
        value = _reached(record, column.path)
        if value is None or value in ("", (), {}):
            continue
        if column.kind == "text":
            yield from ((f"{column.key} [{language}]", value[language]) for language in languages)
        else:
            yield column.key, _cell_value(value, column)


def _reached(record: Any, path: tuple[str, ...]) -> Any:
    for name in path:
        if record is None:
            return None
        record = record.get(name) if isinstance(record, Mapping) else getattr(record, name)
    return record


def _cell_value(value: Any, column: Column) -> str | float:
    if isinstance(value, bool):
        return "true" if value else "false"
    if column.kind == "json":
        return json.dumps(value, ensure_ascii=False)
    if column.kind == "list":
        simple = all(item == item.strip() and not set(item) & set(",、\n[") for item in value)
        return ", ".join(value) if simple else json.dumps(value, ensure_ascii=False)
    return value if isinstance(value, (str, int, float)) else str(value)


def _lines(content: bytes) -> list[str]:
    return content.decode("utf-8-sig").replace("\r\n", "\n").rstrip("\n").split("\n")
